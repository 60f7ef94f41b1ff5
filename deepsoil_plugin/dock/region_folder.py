"""Asks for the folder of a region: chosen on this computer, typed for another one, whose folders cannot be seen."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QInputDialog, QWidget

from ..text.translate import tr
from ..widgets import open_file

_Chosen = Callable[[str], None]


def ask_for_folder(window: QWidget, chosen: _Chosen) -> None:
    open_file.ask_for_folder(window, tr("Choose the folder of a DeepSoil region"), "deepsoilAddRegion", chosen)


def ask_for_path(window: QWidget, chosen: _Chosen) -> None:
    dialog = QInputDialog(window)
    dialog.setObjectName("deepsoilAddRegionThere")
    dialog.setWindowTitle("DeepSoil")
    dialog.setLabelText(tr("Full path of the region's folder on that computer"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.textValueSelected.connect(lambda path: chosen(path.strip()) if path.strip() else None)
    dialog.open()
