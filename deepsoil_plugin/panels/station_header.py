"""The station panel's first line: which station, what the colours mean, how far the comparison is, which period.

In a narrow window it is two lines.
"""

from __future__ import annotations

from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QFont, QResizeEvent
from qgis.PyQt.QtWidgets import (
    QGridLayout,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, PlainLabel, row, subdue
from ..widgets.plot_colours import PlotColours
from .colour_key import ColourKey
from .period_buttons import PeriodButtons

_LEAST_TITLE_PX = 280  # the network is cut before the name is
_LEAST_NETWORK_PX = 30
_WORDS_PX = 160  # for what is being done, in one line with all else


class StationHeader(QWidget):
    """``cancelAsked``, ``compareAsked``: the two buttons. ``periodChosen``: another number of days."""

    cancelAsked = pyqtSignal()
    compareAsked = pyqtSignal()
    periodChosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.title = _Title("stationTitle", _LEAST_TITLE_PX, bold=True)
        self.network = _Title("stationNetwork", _LEAST_NETWORK_PX)
        subdue(self.network)
        self.key = ColourKey()
        self.key.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
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
        self.periods = PeriodButtons("stationPeriod", self)
        self._names = _part(self.title, self.network)
        self._names.layout().addStretch(1)
        self._middle = _part(self.key, self.state, self.progress, self.cancel, self.again)
        self._middle.layout().setStretchFactor(self.state, 1)
        self._days = _part(*self.periods.buttons())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(0)
        self._in_one_line: bool | None = None
        self._arrange()
        self.periods.buttonClicked.connect(lambda _button: self.periodChosen.emit())
        self.idle()

    def minimumSizeHint(self) -> QSize:
        """Of two lines: where there is less room than that of one line, the second one is used."""
        margin = 2 * self._grid.contentsMargins().left()
        names, days = self._names.minimumSizeHint().width(), self._days.minimumSizeHint().width()
        width = margin + max(names + self._grid.horizontalSpacing() + days, self._middle.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """All in one line if the names are whole in it, else the key or the progress below the names."""
        parts = (self._names, self._middle, self._days)
        need = sum(part.sizeHint().width() + self._grid.horizontalSpacing() for part in parts) + _WORDS_PX
        in_one_line = self.width() >= need
        if in_one_line == self._in_one_line:
            return
        self._in_one_line = in_one_line
        for part in parts:
            self._grid.removeWidget(part)
        self._grid.addWidget(self._names, 0, 0)
        self._grid.addWidget(self._days, 0, 2)
        if in_one_line:
            self._grid.addWidget(self._middle, 0, 1)
        else:
            self._grid.addWidget(self._middle, 1, 0, 1, 3)
        self._grid.setColumnStretch(0, 0 if in_one_line else 1)
        self._grid.setColumnStretch(1, 1 if in_one_line else 0)

    @property
    def period_days(self) -> int:
        return self.periods.days

    def name(self, station: str, network: str) -> None:
        self.title.put(station)
        self.network.put(network)
        self.network.setVisible(bool(network))
        self._arrange()

    def idle(self, offer: bool = False) -> None:
        """Nothing is computed; ``offer``: the user can ask for it."""
        self.progress.hide()
        self.cancel.hide()
        self.state.clear()
        self.again.setVisible(offer)
        self.key.show()
        self._arrange()

    def waiting(self, fraction: float, words: str) -> None:
        """The comparison is being computed."""
        self.progress.setValue(round(100 * fraction))
        self.state.setText(words)
        self.key.hide()  # nothing is predicted yet; and both side by side would push the legend of the map away
        self.progress.show()
        self.cancel.show()
        self.again.hide()
        self._arrange()

    def explain(self, colours: PlotColours, interval: bool = False) -> None:
        """What the colours of the picture mean. ``interval``: whether predictions have one."""
        band = [(colours.band, "▮", tr("90 % interval"))] if interval else []
        self.key.put([(colours.text, "━", tr("observed")), (colours.accent, "━", tr("predicted")), *band,
                      (colours.rain, "▮", tr("rain"))])
        self._arrange()


class _Title(PlainLabel):
    """As wide as its text where there is room; where there is not, it is cut, and the panel stays narrow."""

    def __init__(self, name: str, least_px: int, bold: bool = False) -> None:
        super().__init__(name=name)
        self._least_px = least_px
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
        width = self.fontMetrics().horizontalAdvance(self.whole) + self._padding() + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._least_px, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight,
                                                     self.width() - self._padding()))

    def _padding(self) -> int:
        """What a theme leaves free beside the text."""
        return int(super().sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text()))


def _part(*widgets: QWidget) -> QWidget:
    """Widgets that stay side by side."""
    part = QWidget()
    part.setLayout(row(*widgets, spacing=2 * GRID))
    return part


def _button(name: str, text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setAutoRaise(True)
    button.setToolTip(tip_text(tip))
    return button
