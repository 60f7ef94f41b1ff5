"""What of a file of readings would not be read, and why."""

from __future__ import annotations

from typing import Any

from qgis.PyQt.QtWidgets import QListWidget

from ...text.formatting import plain_error
from ...widgets.basic import GRID

_ROWS = 4


class RefusedList(QListWidget):
    """Hidden where nothing is refused."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setWordWrap(True)
        self.setFixedHeight(self.fontMetrics().height() * _ROWS + 4 * GRID)

    def show_refused(self, refused: list[dict[str, Any]], count: int = 0) -> None:
        """``refused`` of an answer of ``probe_table``, the first of ``count``."""
        self.clear()
        for one in refused:
            self.addItem(plain_error(one["error"]))
        if len(refused) < count:
            self.addItem(self.tr("… and {0} more").format(count - len(refused)))
        self.setVisible(bool(refused))
