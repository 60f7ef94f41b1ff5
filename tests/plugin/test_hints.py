"""Hints and placeholders can be read in the light and the dark theme and in Night Mapping: at least 4.5:1."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtWidgets import QLineEdit
from test_dock import open_dock  # noqa: F401
from test_looks import LEAST_CONTRAST, contrast_in, look, pixels_of  # noqa: F401

from deepsoil_plugin.hosts.edit_dialog import HostDialog


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


def test_hints_in_the_dialog_of_a_host(look: str, open_dock: Any) -> None:  # noqa: F811
    made = open_dock()
    dialog = HostDialog(made.hosts, None, made.dock)
    dialog.show()
    dialog.setFocus()
    assert len([line for line in dialog.findChildren(QLineEdit) if line.placeholderText()]) >= 3
    wrong = faint_hints(dialog)
    dialog.close()
    assert not wrong, "\n".join(wrong)


def test_hints_of_the_dock_and_its_empty_list(look: str, open_dock: Any) -> None:  # noqa: F811
    made = open_dock()
    made.dock.resize(380, 720)
    made.dock.setFocus()
    wrong = faint_hints(made.dock)
    assert not wrong, "\n".join(wrong)
    view = made.dock.jobs._view
    assert view.model().rowCount() == 0
    assert contrast_in(pixels_of(view.viewport())) >= LEAST_CONTRAST, "what the empty list says"
