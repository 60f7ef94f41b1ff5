"""The request's dates: one day, or all days from one to another."""

from __future__ import annotations

import datetime as dt

from qgis.PyQt.QtCore import QDate, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QApplication, QCheckBox, QWidget

from ..text.dates import day_text, period_text
from ..text.plain import tip_text
from ..text.translate import tr
from ..widgets.basic import GRID, LinkLabel, column, quiet_label, row, say, tool_button
from ..widgets.date_field import DateField
from ..widgets.hatching import ForecastLine

_CLICK_MS = 20  # how often it is looked whether a click is over


def date_problem(start: dt.date, end: dt.date, first: dt.date, last: dt.date) -> tuple[str, dt.date | None]:
    """What is wrong with a period where there is data from ``first`` to ``last``, and the day that would be right.

    Empty where nothing is wrong. Pure.
    """
    if end < start:
        return tr("The last day is before the first day."), None
    if start < first:
        return tr("Data is available from {0}. Choose that day or a later one.").format(day_text(first)), first
    if end > last:
        return tr("Data is available up to {0}. Choose that day or an earlier one.").format(day_text(last)), last
    return "", None


def forecast_text(start: dt.date, end: dt.date, known_until: dt.date | None) -> str:
    """What is said of days whose weather is a forecast; empty where none is. Pure apart from the translator."""
    if known_until is None or end <= known_until:
        return ""
    if start == end:
        return tr("Forecast: the weather of this day is not known yet.")
    first = max(start, known_until + dt.timedelta(days=1))
    return tr("%n day(s) of forecast, from {0}", None, (end - first).days + 1).format(day_text(first))


class DatesSection(QWidget):
    """``dateChanged`` when another period stands there."""

    dateChanged = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits: tuple[dt.date, dt.date] | None = None
        self._known_until: dt.date | None = None
        self._touched = False
        self._period: tuple[dt.date, dt.date | None] | None = None
        self._right_day: dt.date | None = None
        self._date = DateField("deepsoilDate", self.tr("Day of the map"))
        self._until = QCheckBox(self.tr("to"))
        self._until.setObjectName("deepsoilUntil")
        self._until.setToolTip(self.tr("One map for each day up to the last day"))
        self._until_date = DateField("deepsoilUntilDate", self.tr("Last day"))
        self._until_date.hide()
        earlier = tool_button("deepsoilDayBefore", "previous", self.tr("Previous day"))
        later = tool_button("deepsoilDayAfter", "next", self.tr("Next day"))
        earlier.clicked.connect(lambda: self._step(-1))
        later.clicked.connect(lambda: self._step(1))
        self._message = LinkLabel("deepsoilDateMessage")
        self._message.linkActivated.connect(self._use_right_day)
        self._said = ("", "")
        self._click_over = QTimer(self)
        self._click_over.setInterval(_CLICK_MS)
        self._click_over.timeout.connect(self._show_message)
        self._message.hide()
        for button in (earlier, later):
            button.setAutoRepeat(True)
        dates = row(earlier, self._date, later, spacing=0)
        dates.addSpacing(2 * GRID)
        dates.addWidget(self._until)
        dates.addStretch(1)
        self._count = quiet_label("deepsoilDays")
        self._count.setWordWrap(False)
        self._forecast = ForecastLine("deepsoilForecast")
        # Below the first date, so that the two can be compared.
        last = row(self._until_date, self._count, spacing=2 * GRID)
        last.insertSpacing(0, earlier.sizeHint().width())
        last.addStretch(1)
        layout = column()
        layout.addLayout(dates)
        layout.addLayout(last)
        layout.addWidget(self._forecast)
        layout.addWidget(self._message)
        self.setLayout(layout)
        for field in (self._date, self._until_date):
            field.setDate(QDate(2023, 7, 15))
            field.misread.connect(self._misread)
        self._date.dateChanged.connect(self._changed)
        self._until_date.dateChanged.connect(self._changed)
        self._until.toggled.connect(self._until_toggled)

    # --- what others ask

    @property
    def start(self) -> dt.date:
        return _python(self._date.date())

    @property
    def end(self) -> dt.date | None:
        """None where only one day is asked for."""
        return _python(self._until_date.date()) if self._until.isChecked() else None

    @property
    def problem(self) -> str:
        """What is wrong with the dates; empty where nothing is."""
        return self._problem()[0]

    @property
    def limits(self) -> tuple[dt.date, dt.date] | None:
        """First and last day for which there is data, as far as is known."""
        return self._limits

    def restore(self, start: str, end: str | None) -> None:
        """Show what a project keeps; an empty start leaves the day as it is."""
        if not start:
            return
        self._touched = True
        self._date.setDate(_qt(dt.date.fromisoformat(start)))
        self._until.setChecked(end is not None)
        if end is not None:
            self._until_date.setDate(_qt(dt.date.fromisoformat(end)))

    def set_limits(self, limits: tuple[dt.date, dt.date] | None, known_until: dt.date | None = None) -> None:
        """First and last day for which there is data; the day that nobody chose yet moves to the last one, and not
        into the forecast, which begins after ``known_until``.
        """
        if (limits, known_until) == (self._limits, self._known_until):
            return
        self._limits, self._known_until = limits, known_until
        if limits and not self._touched:
            self._date.setDate(_qt(min(limits[1], known_until or limits[1])))
            self._touched = False
        if limits:
            tip = self.tr("Data available: {0}").format(period_text(*limits))
            self._date.setToolTip(tip_text(tip))
            self._until_date.setToolTip(tip_text(tip))
        self._show_problem()

    def choose(self, day: dt.date) -> None:
        """As if the user had chosen this day."""
        self._date.setDate(_qt(day))

    def suggest(self, day: dt.date) -> None:
        """Show a day where nobody has chosen one yet."""
        if not self._touched:
            self._date.setDate(_qt(day))
            self._touched = False

    # --- inside

    def _step(self, days: int) -> None:
        self._date.setDate(self._date.date().addDays(days))

    def _until_toggled(self, on: bool) -> None:
        self._until_date.setVisible(on)
        if on and self._until_date.date() < self._date.date():
            self._until_date.setDate(self._date.date())
        self._changed()

    def _changed(self, *_: object) -> None:
        period = (self.start, self.end)
        if period == self._period:
            return  # QDateEdit also says so when only the focus goes
        self._period = period
        self._touched = True
        self._show_problem()
        self.dateChanged.emit()

    def _misread(self, text: str) -> None:
        self._say(self.tr("“{0}” is not a date. Type it as {1}.").format(text, day_text(dt.date(2023, 7, 15))))

    def _say(self, text: str, link: str = "") -> None:
        self._said = (text, link)
        self._show_message()

    def _show_message(self) -> None:
        """What is wrong with the dates, and which are a forecast.

        A click elsewhere ends the typing of a date: what is being clicked must not move away below the mouse.
        """
        forecast = forecast_text(self.start, self.end or self.start, self._known_until)
        pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if pressed and (bool(self._said[0]), bool(forecast)) != (self._message.isVisibleTo(self),
                                                                self._forecast.isVisibleTo(self)):
            self._click_over.start()
            return
        self._click_over.stop()
        self._forecast.tell(forecast)
        self._message.put(*self._said)
        self._message.setVisible(bool(self._said[0]))

    def _problem(self) -> tuple[str, dt.date | None]:
        first, last = self._limits or (dt.date.min, dt.date.max)
        return date_problem(self.start, self.end or self.start, first, last)

    def _show_problem(self) -> None:
        text, self._right_day = self._problem()
        self._say(text, self.tr("Use this day") if self._right_day is not None else "")
        days = ((self.end or self.start) - self.start).days + 1
        say(self._count, self.tr("%n day(s)", None, days) if self.end and days > 0 else "")

    def _use_right_day(self, *_: object) -> None:
        right = self._right_day
        if right is None:
            return
        if self.start < right and self.end is not None and self._limits and right == self._limits[1]:
            self._until_date.setDate(_qt(right))
            return
        self._date.setDate(_qt(right))
        if self.end is not None and self.end < right:
            self._until_date.setDate(_qt(right))


def _python(date: QDate) -> dt.date:
    return dt.date(date.year(), date.month(), date.day())


def _qt(day: dt.date) -> QDate:
    return QDate(day.year, day.month, day.day)
