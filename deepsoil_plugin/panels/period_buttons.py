"""How many days a plot shows: buttons of which one is down."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QButtonGroup, QToolButton, QWidget

from ..text.plain import tip_text
from ..text.translate import tr

PERIODS_DAYS = (30, 90, 365)
_FIRST_PERIOD_DAYS = 90


class PeriodButtons(QButtonGroup):
    """The id of a button is its number of days. ``name``: the beginning of their object names."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        for days in PERIODS_DAYS:
            self.addButton(_button(name, days, parent), days)

    @property
    def days(self) -> int:
        """The chosen number."""
        return int(self.checkedId())


def _button(name: str, days: int, parent: QWidget) -> QToolButton:
    tip = tr("%n day(s) around the date of the map", None, days)
    button = QToolButton(parent)
    button.setObjectName(f"{name}{days}")
    # The unit on the last one only: the line is short.
    button.setText(tr("%n day(s)", None, days) if days == PERIODS_DAYS[-1] else str(days))
    button.setAutoRaise(True)
    button.setToolTip(tip_text(tip))
    button.setAccessibleName(tip)
    button.setCheckable(True)
    button.setChecked(days == _FIRST_PERIOD_DAYS)
    return button
