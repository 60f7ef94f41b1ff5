"""QGIS's auth manager in tests: who gives the master password, what is stored, and how a question is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication, QgsCredentialsNone
from qgis.PyQt.QtWidgets import QCheckBox, QLineEdit, QPushButton


class Credentials(QgsCredentialsNone):
    """Stands for QGIS's dialog for the master password: gives ``word`` (none: declined) and counts."""

    def __init__(self) -> None:
        super().__init__()
        self.word, self.asked = "", 0
        self.meanwhile: Callable[[], None] = lambda: None

    def requestMasterPassword(self, _password: str, _stored: bool) -> tuple[bool, str]:
        self.asked += 1
        self.meanwhile()
        return bool(self.word), self.word


def stored() -> list[str]:
    """The titles of what the auth manager holds."""
    return [config.name() for config in QgsApplication.authManager().availableAuthMethodConfigs().values()]


def reply(dialog: Any, *texts: str, remember: bool = False) -> None:
    """Answer an open question."""
    for number, text in enumerate(texts):
        dialog.findChild(QLineEdit, f"deepsoilAnswer{number}").setText(text)
    dialog.findChild(QCheckBox, "deepsoilQuestionRemember").setChecked(remember)
    dialog.findChild(QPushButton, "deepsoilQuestionYes").click()
