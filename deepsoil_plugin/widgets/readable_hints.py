"""Hints that can be read in every theme: Qt's own are half as strong as text, 1.6:1 to 3.9:1."""

from __future__ import annotations

from qgis.PyQt.QtCore import QEvent, QObject
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QWidget

from .plot_colours import LEAST_TEXT_CONTRAST, contrast, faint_text, mix


class ReadableHints(QObject):
    """``part`` paints hints as faint as can be read, also after QGIS was given another theme."""

    def __init__(self, part: QWidget) -> None:
        super().__init__(part)
        self._part = part
        part.installEventFilter(self)
        self._mend()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.PaletteChange:
            self._mend()
        return False

    def _mend(self) -> None:
        worn = self._part.palette()
        hint, ground = worn.color(QPalette.ColorRole.PlaceholderText), worn.color(QPalette.ColorRole.Base)
        if contrast(mix(hint, ground, 1.0 - hint.alphaF()), ground) < LEAST_TEXT_CONTRAST:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.PlaceholderText,
                             faint_text(worn.color(QPalette.ColorRole.Text), ground))
            self._part.setPalette(palette)
