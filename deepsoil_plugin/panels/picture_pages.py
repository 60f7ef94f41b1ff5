"""A panel's picture, or a sentence in its place."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtWidgets import QStackedWidget

LEAST_PICTURE_PX = 170
_PICTURE_PX = 220


class PicturePages(QStackedWidget):
    """As high as it must be: the map above it matters more."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _PICTURE_PX)
