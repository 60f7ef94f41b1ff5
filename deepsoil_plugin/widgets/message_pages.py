"""The body of a panel: lines of words round a picture or table, or a sentence in its place."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from .basic import GRID, PlainLabel

LEAST_PX = 170
_USUAL_PX = 220


class MessagePages(QStackedWidget):
    """As high as it must be: the map above it matters more. ``name``: of the label with the sentence."""

    def __init__(self, name: str, least_px: int = LEAST_PX) -> None:
        super().__init__()
        self._message = PlainLabel(name=name)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self.addWidget(self._message)
        self.setMinimumHeight(least_px)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), _USUAL_PX)

    def say(self, text: str) -> None:
        """A sentence in the place of what was shown."""
        self._message.setText(text)
        self.setCurrentWidget(self._message)


def panel_body(*parts: QWidget) -> QWidget:
    """The parts below each other; the pages among them take the room that is left, labels keep off the edges."""
    body = QWidget()
    lines = QVBoxLayout(body)
    lines.setContentsMargins(0, 0, 0, GRID)
    lines.setSpacing(GRID)
    for part in parts:
        if isinstance(part, PlainLabel):
            part.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        lines.addWidget(part, int(isinstance(part, MessagePages)))
    return body
