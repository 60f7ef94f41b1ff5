"""The weather of a store as fields of a day, on the coarse grid: daily values, sums, memory. Upsampling follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, LONGEST_WINDOW_DAYS, MEMORY_SOURCES, REQUIRED
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.features import RunningSums, difference
from deepsoil.inputs.short_gaps import fill_short_gaps
from deepsoil.inputs.upsample import weights
from deepsoil.inputs.water_memory import SPINUP_DAYS, memory
from deepsoil.store.series import CoarseSeries


class WeatherFields:
    """The coarse channels of a store, and the channels computed from them, as fields of a day."""

    def __init__(self, read: Callable[[str], CoarseSeries]) -> None:
        """``read`` gives the series of a coarse channel; it is called once for each."""
        self._read = read
        self._series: dict[str, CoarseSeries] = {}
        self._filled: dict[str, NDArray[np.datetime64]] = {}
        self._sums: dict[str, RunningSums] = {}
        self._memory: dict[str, NDArray[np.float32]] = {}
        self._lock = Lock()

    def series(self, channel: str) -> CoarseSeries:
        """The series of a coarse channel; required weather with its short gaps filled (`short_gaps`)."""
        if channel not in self._series:
            series = self._read(channel)
            if channel in REQUIRED:
                values, filled = fill_short_gaps(channel, series.values)
                if filled.any():
                    self._filled[channel] = series.dates[filled.reshape(len(filled), -1).any(axis=1)]
                    series = replace(series, values=values)
            self._series[channel] = series
        return self._series[channel]

    def filled(self, channel: str, days: Sequence[date]) -> NDArray[np.datetime64]:
        """The days of a required channel that were filled, at least in a cell, and that fields of ``days`` use."""
        self.series(channel)
        found = self._filled.get(channel, np.empty(0, "datetime64[D]"))
        age = np.subtract.outer(np.asarray(days, "datetime64[D]"), found).astype(int)
        return found[((age >= 0) & (age < LONGEST_WINDOW_DAYS)).any(axis=0)]

    def field(self, channel: str, day: date) -> NDArray[np.float32]:
        """Field (ny, nx) of a coarse, sum or memory channel on the grid of its first source.

        Raises ``no_weather``, naming the day and the available period, if required weather is missing. A channel
        that is not required is NaN instead.
        """
        known = CHANNELS[channel]
        if known.kind == "memory":
            return self._remembered(channel, day)
        if known.carry_days is not None:
            return self._carried(channel, day, known.carry_days)
        first, *others = known.read_from
        return difference([self._total(first, day, known.days),
                           *(self._regrid(self._total(name, day, known.days), name, first) for name in others)])

    def age_days(self, channel: str, day: date) -> int | None:
        """How many days older than ``day`` the newest field with values of a carried channel is; None without one."""
        series, carry_days = self.series(channel), CHANNELS[channel].carry_days or 0
        index = series.index(day)
        return next((age for age in range(carry_days + 1) if 0 <= index - age < series.dates.size
                     and np.isfinite(series.values[index - age]).any()), None)

    def remembers(self) -> bool:
        """Whether the weather is long enough for the memory channels."""
        return self._common_days().size >= SPINUP_DAYS

    def _common_days(self) -> NDArray[np.datetime64]:
        days = [self.series(name).dates for name in MEMORY_SOURCES]
        return np.arange(max(d[0] for d in days), min(d[-1] for d in days) + 1)

    def _remembered(self, channel: str, day: date) -> NDArray[np.float32]:
        """A field of a memory channel, computed once for the whole series; NaN outside it."""
        days = self._common_days()
        with self._lock:
            if not self._memory:
                self._memory = self._all_remembered(days)
        index = int((np.datetime64(day, "D") - days[0]).astype(int))
        fields = self._memory[channel]
        return fields[index] if 0 <= index < len(fields) else np.full(fields.shape[1:], np.nan, np.float32)

    def _all_remembered(self, days: NDArray[np.datetime64]) -> dict[str, NDArray[np.float32]]:
        """The memory channels, each (T, ny, nx), on the grid of the precipitation."""
        first = MEMORY_SOURCES[0]
        shape = (days.size, *self.series(first).values.shape[1:])
        flat = []
        for name in MEMORY_SOURCES:
            series = self.series(name)
            start = int((days[0] - series.dates[0]).astype(int))
            fields = self._regrid(series.values[start:start + days.size], name, first)
            flat.append(fields.reshape(days.size, -1))
        return {name: values.reshape(shape) for name, values in memory(*flat).items()}

    def _total(self, channel: str, day: date, days: int) -> NDArray[np.float32]:
        """Sum (ny, nx) of the ``days`` days up to and including ``day``."""
        series = self.series(channel)
        if channel not in self._sums:
            self._sums[channel] = RunningSums.of(series.values)
        index, nothing = series.index(day), np.full(series.values.shape[1:], np.nan, np.float32)
        if index - days + 1 < 0 or index >= series.dates.size:
            if channel not in REQUIRED:
                return nothing
            raise _no_weather(series, channel, day, days, "lies outside")
        total = self._sums[channel].total(index, days)
        if np.isnan(total).all() and channel in REQUIRED:
            for past in range(index, index - days, -1):
                if np.isnan(series.values[past]).all():
                    raise _no_weather(series, channel, day, days, "has a gap", series.dates[past].item())
            raise _no_weather(series, channel, day, days, "has gaps")
        return total

    def _carried(self, channel: str, day: date, days: int) -> NDArray[np.float32]:
        """The newest value (ny, nx) of the day and the ``days`` days before it; NaN if there is none."""
        series = self.series(channel)
        index = series.index(day)
        field = np.full(series.values.shape[1:], np.nan, np.float32)
        for past in range(index, index - days - 1, -1):
            if 0 <= past < series.dates.size:
                field = np.where(np.isnan(field), series.values[past], field)
        return field

    def _regrid(self, field: NDArray[np.float32], channel: str, target: str) -> NDArray[np.float32]:
        """Fields (…, ny, nx) on the grid of another channel, bilinear; unchanged if both have the same grid."""
        have, want = self.series(channel), self.series(target)
        if have.same_grid(want):
            return field
        rows, columns = weights(have.latitudes, want.latitudes), weights(have.longitudes, want.longitudes)
        return (rows @ field @ columns.T).astype(np.float32)


def _no_weather(series: CoarseSeries, channel: str, day: date, days: int, fault: str,
                gap: date | None = None) -> DeepSoilError:
    first, last = series.dates[0].item(), series.dates[-1].item()
    title = CHANNELS[channel].title.split(" of the day")[0].lower()
    need = f"{title} of {day}" if days == 1 else f"{title} of the {days} days up to {day}"
    if gap is not None and gap != day:
        need += f" ({gap} is missing)"
    earliest = first + timedelta(days=LONGEST_WINDOW_DAYS - 1)
    if fault == "lies outside":
        return DeepSoilError("no_weather", "There is no weather for {day}: the {need} is needed, and the region has "
                             "it from {first} to {last}.", "Choose a date from {earliest} to {last}.", "dates",
                             day=day, need=need, first=first, last=last, earliest=earliest)
    return DeepSoilError("no_weather", "There is no weather for {day}: the {need} {fault}.",
                         "Choose another date; the region has weather from {first} to {last}, with gaps.", "dates",
                         day=day, need=need, fault=fault, first=first, last=last)
