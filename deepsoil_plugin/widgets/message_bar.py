"""DeepSoil's lines in QGIS's message bar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import Qgis
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import QPushButton

from ..text.plain import defused
from ..text.translate import tr

_FINISHED_S = 30
_TITLE = "DeepSoil"


class Messages:
    """Short, in the user's words, with at most one button."""

    def __init__(self, iface: Any) -> None:
        self._bar = iface.messageBar()

    def show(self, text: str, level: Qgis.MessageLevel = Qgis.MessageLevel.Info, button: str = "",
             action: Callable[[], None] | None = None, seconds: int = _FINISHED_S) -> None:
        item = self._bar.createMessage(_TITLE, defused(text))
        if action is not None:
            push = QPushButton(button)
            push.setObjectName("deepsoilMessageButton")
            push.clicked.connect(lambda: (self._bar.popWidget(item), action()))
            item.layout().addWidget(push)
        self._bar.pushWidget(item, level, seconds)

    def files(self, text: str, folder: Path, level: Qgis.MessageLevel = Qgis.MessageLevel.Success) -> None:
        """Files have been written; the button opens their folder."""
        self.show(text, level, tr("Open folder"), lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))

    def success(self, text: str, button: str, action: Callable[[], None]) -> None:
        self.show(text, Qgis.MessageLevel.Success, button, action)

    def warning(self, text: str, button: str = "", action: Callable[[], None] | None = None) -> None:
        self.show(text, Qgis.MessageLevel.Warning, button, action)
