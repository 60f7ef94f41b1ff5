"""The maps of the day that is wanted now, and those of the days around it, asked before they are wanted."""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal

from ..engine.client import EngineClient
from .one_question import OneQuestion
from .preview_frames import Frame

_MOST_FRAMES = 60
_IDLE_MS = 150          # a hand that rests so long may go on, or look
_AHEAD, _BEHIND = 7, 3  # days that are asked before they are wanted, in the direction of the last step and against it


class Previewer(QObject):
    """``framed(Frame)``: to be shown now. ``refused(date, error)``: there is none for the wanted day."""

    framed = pyqtSignal(object)
    refused = pyqtSignal(object, dict)

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._question = OneQuestion(client, "preview", self)
        self._question.answered.connect(self._came)
        self._question.late.connect(self._came)
        self._question.refused.connect(self._not_come)
        self._frames: OrderedDict[dt.date, Frame] = OrderedDict()
        self._refused: set[dt.date] = set()
        self._document: dict[str, Any] = {}
        self._host: dict[str, str] = {}
        self._key = ""
        self._limits: tuple[dt.date, dt.date] | None = None
        self._day: dt.date | None = None
        self._shown: dt.date | None = None
        self._direction = 1
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._look_ahead)

    def want(self, document: Mapping[str, Any], host: Mapping[str, str], day: dt.date,
             limits: tuple[dt.date, dt.date] | None) -> None:
        """Show the maps of a day, of the request (a specification without its day) at a host (``{"host": id}``).

        ``limits``: the first and the last day that can be asked for.
        """
        key = json.dumps([{**document, "id": None, "name": None, "dates": None}, dict(host)], sort_keys=True)
        if key != self._key:
            self._frames.clear()
            self._refused.clear()
            self._shown = None
        if self._day is not None and day != self._day:
            self._direction = 1 if day > self._day else -1
        self._document, self._host, self._key, self._limits, self._day = dict(document), dict(host), key, limits, day
        self._idle.stop()
        if (frame := self._frames.get(day)) is not None:
            self._question.forget()
            self._show(frame)
        else:
            self._ask(day)

    def stop(self) -> None:
        """Nothing is wanted any more, and nothing is kept."""
        self._question.forget()
        self._idle.stop()
        self._frames.clear()
        self._key, self._day, self._shown = "", None, None

    def _ask(self, day: dt.date) -> None:
        dates = {"start": day.isoformat(), "end": day.isoformat()}
        self._question.ask({"specification": {**self._document, "dates": dates}, **self._host})

    def _came(self, params: Mapping[str, Any], answer: Any) -> None:
        if not self._is_current(params):
            return
        frame = Frame.of(answer)
        self._frames[frame.day] = frame
        while len(self._frames) > _MOST_FRAMES:
            self._frames.popitem(last=False)
        # While the hand moves on, what has come is shown on the way; never in the place of the wanted day.
        if frame.day == self._day or (self._shown != self._day and self._is_on_the_way(frame.day)):
            self._show(frame)
        elif not self._question.busy:
            self._idle.start()

    def _not_come(self, params: Mapping[str, Any], error: dict[str, Any]) -> None:
        if not self._is_current(params):
            return
        day = dt.date.fromisoformat(params["specification"]["dates"]["start"])
        self._refused.add(day)
        if day == self._day:
            self._shown = None
            self.refused.emit(day, error)

    def _is_current(self, params: Mapping[str, Any]) -> bool:
        """Whether an answer is about the request that is shown, and not about one before."""
        asked = {**params["specification"], "dates": None, "id": None, "name": None}
        host = {name: value for name, value in params.items() if name != "specification"}
        return json.dumps([asked, host], sort_keys=True) == self._key

    def _is_on_the_way(self, day: dt.date) -> bool:
        return self._shown is None or self._day is None or abs(day - self._day) < abs(self._shown - self._day)

    def _show(self, frame: Frame) -> None:
        self._shown = frame.day
        self.framed.emit(frame)
        if frame.day == self._day:
            self._idle.start()

    def _look_ahead(self) -> None:
        """The next day that may be wanted, if nothing else is asked."""
        if self._question.busy or self._day is None:
            return
        day = next((day for day in self._around(self._day) if day not in self._frames and day not in self._refused),
                   None)
        if day is not None:
            self._ask(day)

    def _around(self, day: dt.date) -> Iterator[dt.date]:
        first, last = self._limits or (day, day)
        for count, sign in ((_AHEAD, self._direction), (_BEHIND, -self._direction)):
            for number in range(1, count + 1):
                other = day + dt.timedelta(days=sign * number)
                if first <= other <= last:
                    yield other
