"""The station panel's first line: which station, what the colours mean, how far the comparison is, which period."""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainLabel, subdue
from ..widgets.plot_colours import PlotColours
from .colour_key import ColourKey

PERIODS_DAYS = (30, 90, 365)
_FIRST_PERIOD_DAYS = 90
_LEAST_TITLE_PX = 60


class StationHeader(QWidget):
    """``cancelAsked``, ``compareAsked``: the two buttons. ``periodChosen``: another number of days."""

    cancelAsked = pyqtSignal()
    compareAsked = pyqtSignal()
    periodChosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.title = _Title("stationTitle", bold=True)
        self.network = _Title("stationNetwork")
        subdue(self.network)
        self.key = ColourKey()
        self.state = PlainLabel()  # always there, as the space between left and right; cut off before it pushes
        self.state.setObjectName("stationState")
        subdue(self.state)
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.state.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.progress = QProgressBar()
        self.progress.setObjectName("stationProgress")
        self.progress.setRange(0, 100)
        self.progress.setFixedSize(90, 14)
        self.cancel = _button("stationCancel", tr("Cancel"), tr("Cancel the prediction"))
        self.cancel.clicked.connect(lambda: self.cancelAsked.emit())
        self.again = _button("stationAgain", tr("Compare"), tr("Predict soil moisture at this station and compare"))
        self.again.clicked.connect(lambda: self.compareAsked.emit())
        self.periods = QButtonGroup(self)

        line = QHBoxLayout(self)
        line.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        line.setSpacing(2 * GRID)
        line.addWidget(self.title)
        line.addWidget(self.network)
        line.addSpacing(4 * GRID)
        line.addWidget(self.key)
        line.addWidget(self.state, 1)
        for widget in (self.progress, self.cancel, self.again):
            line.addWidget(widget)
        line.addSpacing(2 * GRID)
        for days in PERIODS_DAYS:
            line.addWidget(self._period_button(days))
        self.periods.buttonClicked.connect(lambda _button: self.periodChosen.emit())
        self.idle()

    @property
    def period_days(self) -> int:
        return int(self.periods.checkedId())

    def name(self, station: str, network: str) -> None:
        self.title.put(station)
        self.network.put(network)
        self.network.setVisible(bool(network))

    def idle(self, offer: bool = False) -> None:
        """Nothing is computed; ``offer``: the user can ask for it."""
        self.progress.hide()
        self.cancel.hide()
        self.state.clear()
        self.again.setVisible(offer)
        self.key.show()

    def waiting(self, fraction: float, words: str) -> None:
        """The comparison is being computed."""
        self.progress.setValue(round(100 * fraction))
        self.state.setText(words)
        self.key.hide()  # nothing is predicted yet; and both side by side would push the legend of the map away
        self.progress.show()
        self.cancel.show()
        self.again.hide()

    def explain(self, colours: PlotColours, interval: bool = False) -> None:
        """What the colours of the picture mean. ``interval``: whether predictions have one."""
        band = [(colours.band, "▮", tr("90 % interval"))] if interval else []
        self.key.put([(colours.text, "━", tr("observed")), (colours.accent, "━", tr("predicted")), *band,
                      (colours.rain, "▮", tr("rain"))])

    def _period_button(self, days: int) -> QToolButton:
        tip = tr("%n day(s) around the date of the map", None, days)
        # The unit on the last one only: the line is short.
        text = tr("%n day(s)", None, days) if days == PERIODS_DAYS[-1] else str(days)
        button = _button(f"stationPeriod{days}", text, tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setChecked(days == _FIRST_PERIOD_DAYS)
        self.periods.addButton(button, days)
        return button


class _Title(PlainLabel):
    """As wide as its text where there is room; where there is not, it is cut, and the panel stays narrow."""

    def __init__(self, name: str, bold: bool = False) -> None:
        super().__init__(name=name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        font = QFont(self.font())
        font.setBold(bold)
        self.setFont(font)
        self.whole = ""

    def put(self, text: str) -> None:
        self.whole = text
        self.setToolTip(tip_text(text))
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.whole) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_TITLE_PX, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, self.width()))


def _button(name: str, text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setToolTip(tip_text(tip))
    return button
