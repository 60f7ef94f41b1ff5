"""The help page in a window of its own, in QGIS's language where there is a translation."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QVBoxLayout, QWidget

from . import paths
from .widgets.page_view import PageView


class HelpWindow(QDialog):
    """Not modal, so that it can stay open beside the map."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("deepsoilHelpWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("DeepSoil Help"))
        self.text = PageView("deepsoilHelpText", paths.resources() / "help")
        self.text.show_page(help_page(QgsApplication.locale()).read_text(encoding="utf-8"))
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        self.resize(720, 640)


def help_page(language: str) -> Path:
    """The page for a language, e.g. ``es`` or ``es_MX``; the English one where there is none."""
    folder = paths.resources() / "help"
    translated = folder / f"index_{language.split('_')[0]}.md"
    return translated if translated.is_file() else folder / "index.md"
