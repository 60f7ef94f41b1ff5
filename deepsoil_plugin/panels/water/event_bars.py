"""The bars of irrigation in the plot of water: given and planned, the selected one, and the number above each.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from qgis.PyQt.QtGui import QFont

from ...map.area import ACCENT
from ...widgets.plot_colours import PlotColours, mix
from ..plot_parts import DAY_S, pg, seconds
from .amounts import Unit, amount, shown
from .plan import Event, Plan

WIDTH_S = 0.42 * DAY_S
ASIDE_S = 0.2 * DAY_S
"""Irrigation stands right of the middle of its day, rain left of it."""


class EventBars:
    """Made once; what it shows changes. ``held``: whether a bar is being pulled."""

    def __init__(self, plot: Any) -> None:
        self._plot = plot
        self.held = False
        self._assumed = pg.BarGraphItem(x=[], height=[], width=WIDTH_S)
        self._given = pg.BarGraphItem(x=[], height=[], width=WIDTH_S)
        self._planned = pg.BarGraphItem(x=[], height=[], width=WIDTH_S)
        self._selected = pg.BarGraphItem(x=[], height=[], width=WIDTH_S)
        for bars in (self._assumed, self._given, self._planned, self._selected):
            plot.addItem(bars)
        self._numbers: list[Any] = []
        self._logged: set[int] = set()

    def wear(self, colours: PlotColours, font: QFont) -> None:
        self._text, self._font = colours.text, font
        pale = mix(ACCENT, colours.background, 0.6)
        self._assumed.setOpts(pen=pg.mkPen(colours.faint), brush=pg.mkBrush(mix(ACCENT, colours.background, 0.85)))
        self._given.setOpts(pen=pg.mkPen(None), brush=pg.mkBrush(ACCENT))
        self._planned.setOpts(pen=pg.mkPen(ACCENT, width=1.5), brush=pg.mkBrush(pale))
        self._selected.setOpts(pen=pg.mkPen(colours.text, width=1), brush=pg.mkBrush(ACCENT))
        for number in self._numbers:
            number.setColor(self._text)
            number.setFont(font)

    def show_assumed(self, times: np.ndarray, given: np.ndarray, past: int) -> None:
        """What the engine assumes of the days before, where there is no log of them: it cannot be moved."""
        which = np.arange(len(times)) < past
        which &= given > 0
        which &= ~np.isin((times / DAY_S).round().astype(int), list(self._logged))
        self._assumed.setOpts(x=times[which] + ASIDE_S, height=given[which], width=WIDTH_S)

    def draw(self, plan: Plan, day: dt.date, days: int, selected: dt.date | None, unit: Unit) -> None:
        """The events of a plan, as far as the days that are shown."""
        given = [event for event in plan.given if (event.day - day).days <= days]
        planned = [event for event in plan.ahead(day, days) if not event.logged]
        self._logged = {int(np.datetime64(event.day, "D").astype(int)) for event in given}
        for bars, events in ((self._given, given), (self._planned, planned),
                             (self._selected, [event for event in plan.events if event.day == selected])):
            bars.setOpts(x=[place(event) for event in events], height=[shown(event.mm, unit) for event in events],
                         width=WIDTH_S)
        self._write([*given[-40:], *planned], unit)

    def _write(self, events: list[Event], unit: Unit) -> None:
        while len(self._numbers) < len(events):
            number = pg.TextItem("", anchor=(0.5, 1))
            number.setColor(self._text)
            number.setFont(self._font)
            self._plot.addItem(number, ignoreBounds=True)
            self._numbers.append(number)
        for index, number in enumerate(self._numbers):
            number.setVisible(index < len(events))
            if index < len(events):
                number.setText(amount(events[index].mm, unit))
                number.setPos(place(events[index]), shown(events[index].mm, unit))


def place(event: Event) -> float:
    """Where on the time axis the middle of its bar is."""
    return float(seconds(np.datetime64(event.day, "D"))) + ASIDE_S
