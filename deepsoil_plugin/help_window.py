"""The help page in a window of its own: QGIS's users need no program for Markdown."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from . import paths


class HelpWindow(QDialog):
    """Reads ``resources/help/index.md``; not modal, so that it can lie beside the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilHelpWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil Help"))
        self.text = QTextBrowser()
        self.text.setObjectName("deepsoilHelpText")
        self.text.setOpenExternalLinks(True)
        self.text.setMarkdown((paths.resources() / "help" / "index.md").read_text(encoding="utf-8"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        self.resize(720, 640)
