"""Asks for a file to open, or a folder, without stopping the window."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFileDialog, QWidget


def ask_for_file(window: QWidget, title: str, kinds: str, name: str, chosen: Callable[[str], None]) -> None:
    """``chosen`` gets the path. ``kinds``: Qt's name filter. ``name``: of the dialog, by which tests find it."""
    dialog = QFileDialog(window, title)
    dialog.setObjectName(name)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(chosen)
    dialog.open()


def ask_for_folder(window: QWidget, title: str, name: str, chosen: Callable[[str], None]) -> None:
    """``chosen`` gets the path of a folder. ``name``: of the dialog, by which tests find it."""
    dialog = QFileDialog(window, title)
    dialog.setObjectName(name)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(chosen)
    dialog.open()
