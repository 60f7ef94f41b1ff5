"""Hints and placeholders can be read in the light and the dark theme and in Night Mapping: at least 4.5:1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import QLineEdit
from test_dock import open_dock  # noqa: F401
from test_looks import LEAST_CONTRAST, contrast_in, look, pixels_of  # noqa: F401

from deepsoil_plugin.hosts.edit_dialog import HostDialog


def dark_palette() -> QPalette:
    """Of a dark desktop, as Breeze Dark has it."""
    dark, roles = QPalette(), QPalette.ColorRole
    for role, colour in ((roles.Window, "#31363b"), (roles.WindowText, "#eff0f1"), (roles.Base, "#232629"),
                         (roles.Text, "#eff0f1"), (roles.Button, "#31363b"), (roles.ButtonText, "#eff0f1"),
                         (roles.Highlight, "#3daee9")):
        dark.setColor(role, QColor(colour))
    dark.setColor(roles.PlaceholderText, QColor(239, 240, 241, 128))
    return dark


@pytest.fixture(params=["light", "dark", "Night Mapping"])
def theme(request: pytest.FixtureRequest, qgis_app: Any) -> Iterator[str]:
    before = QgsApplication.palette(), qgis_app.styleSheet()
    if request.param == "dark":
        QgsApplication.setPalette(dark_palette())
    elif request.param != "light":
        if request.param not in QgsApplication.uiThemes():
            pytest.skip("QGIS has no such theme here")
        QgsApplication.setUITheme(request.param)
    yield request.param
    QgsApplication.setUITheme("default")
    qgis_app.setStyleSheet(before[1])
    QgsApplication.setPalette(before[0])


def faint_hints(window: Any) -> list[str]:
    """The empty lines whose hint cannot be read."""
    for _ in range(5):
        QCoreApplication.processEvents()
    wrong = []
    for line in window.findChildren(QLineEdit):
        if line.isVisible() and line.isEnabled() and not line.text() and line.placeholderText() and not line.hasFocus():
            found = contrast_in(pixels_of(line)[4:-4, 4:-4])
            if found < LEAST_CONTRAST:
                wrong.append(f"{line.objectName()} {line.placeholderText()!r} has contrast {found:.1f}")
    return wrong


def test_hints_in_the_dialog_of_a_host(theme: str, open_dock: Any) -> None:  # noqa: F811
    made = open_dock()
    dialog = HostDialog(made.hosts, None, made.dock)
    dialog.show()
    dialog.setFocus()
    assert len([line for line in dialog.findChildren(QLineEdit) if line.placeholderText()]) >= 3
    wrong = faint_hints(dialog)
    dialog.close()
    assert not wrong, "\n".join(wrong)


def test_hints_of_the_dock_and_its_empty_list(theme: str, open_dock: Any) -> None:  # noqa: F811
    made = open_dock()
    made.dock.resize(380, 720)
    made.dock.setFocus()
    wrong = faint_hints(made.dock)
    assert not wrong, "\n".join(wrong)
    view = made.dock.jobs._view
    assert view.model().rowCount() == 0
    assert contrast_in(pixels_of(view.viewport())) >= LEAST_CONTRAST, "what the empty list says"
