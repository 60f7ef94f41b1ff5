"""Asks for the folder of a region: chosen on this computer, typed for another one, whose folders cannot be seen."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFileDialog, QInputDialog, QWidget

from ..text.translate import tr

_Chosen = Callable[[str], None]


def ask_for_folder(window: QWidget, chosen: _Chosen) -> None:
    dialog = QFileDialog(window, tr("Choose the folder of a DeepSoil region"))
    dialog.setObjectName("deepsoilAddRegion")
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(chosen)
    dialog.open()


def ask_for_path(window: QWidget, chosen: _Chosen) -> None:
    dialog = QInputDialog(window)
    dialog.setObjectName("deepsoilAddRegionThere")
    dialog.setWindowTitle("DeepSoil")
    dialog.setLabelText(tr("Full path of the region's folder on that computer"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.textValueSelected.connect(lambda path: chosen(path.strip()) if path.strip() else None)
    dialog.open()
