"""A sentence that changes with the pointer, whole at every width."""

from __future__ import annotations

from qgis.PyQt.QtGui import QResizeEvent

from ..widgets.basic import PlainLabel


class WordsLine(PlainLabel):
    """Wraps where it is too long. At one width it never becomes lower, so that what lies below does not move."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._grow()

    def clear(self) -> None:
        super().clear()
        self.setMinimumHeight(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setMinimumHeight(0)
            self._grow()

    def _grow(self) -> None:
        if self.text():
            self.setMinimumHeight(max(self.minimumHeight(), self.heightForWidth(self.width())))
