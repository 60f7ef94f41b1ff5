"""Daily and antecedent fields of the coarse channels, on the coarse grid. Pure; upsampling comes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, LONGEST_WINDOW_DAYS, MEMORY
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.upsample import weights
from deepsoil.inputs.water_memory import SPINUP_DAYS, memory
from deepsoil.store.series import CoarseSeries

SMAP_CARRY_DAYS = 3
"""SMAP passes every two to three days; an older observation is not used."""

ANTECEDENT: dict[str, tuple[tuple[str, ...], int]] = {
    "precipitation_3d": (("precipitation",), 3),
    "precipitation_7d": (("precipitation",), 7),
    "precipitation_30d": (("precipitation",), 30),
    "pet_7d": (("pet",), 7),
    "pet_30d": (("pet",), 30),
    "water_balance_7d": (("precipitation", "pet"), 7),
    "water_balance_30d": (("precipitation", "pet"), 30),
}
"""Derived channel → (coarse channels: the first, minus the second if there is one; days, the day itself included)."""


def sources_of(channel: str) -> tuple[str, ...]:
    """The coarse channels that a channel is computed from; empty for static, dated and calendar channels."""
    if channel in ANTECEDENT:
        return ANTECEDENT[channel][0]
    if channel in MEMORY:
        return ("precipitation", "pet", "temperature")
    return (channel,) if CHANNELS[channel].kind == "coarse" else ()


@dataclass(frozen=True)
class Cumulative:
    """A coarse series with its sums over time, so that any window of days costs one subtraction.

    sums (T + 1, ny, nx) float64 with missing days as 0; gaps (T + 1, ny, nx) int32 counts them.
    """

    series: CoarseSeries
    sums: NDArray[np.float64]
    gaps: NDArray[np.int32]

    @classmethod
    def of(cls, series: CoarseSeries) -> Cumulative:
        missing = np.isnan(series.values)
        zero = ((1, 0), (0, 0), (0, 0))
        sums = np.pad(np.cumsum(np.where(missing, 0.0, series.values), axis=0, dtype=np.float64), zero)
        return cls(series, sums, np.pad(np.cumsum(missing, axis=0, dtype=np.int32), zero))

    def total(self, last: int, days: int) -> NDArray[np.float32]:
        """Sum (ny, nx) of ``days`` days up to and with index ``last``; NaN where one of them is missing."""
        total = self.sums[last + 1] - self.sums[last + 1 - days]
        return np.where(self.gaps[last + 1] > self.gaps[last + 1 - days], np.nan, total).astype(np.float32)


class Weather:
    """The coarse channels of a store as fields of a day; all fields of a day share nothing but the day."""

    def __init__(self, read: Callable[[str], CoarseSeries]) -> None:
        self._read = read
        self._cumulative: dict[str, Cumulative] = {}
        self._memory: dict[str, NDArray[np.float32]] = {}
        self._lock = Lock()

    def series(self, channel: str) -> CoarseSeries:
        return self._of(channel).series

    def field(self, channel: str, day: date) -> NDArray[np.float32]:
        """Field (ny, nx) of a coarse or derived channel on the grid of its first source.

        Raises ``no_weather`` naming the day and the period there is; SMAP is NaN instead.
        """
        if channel == "smap":
            return self._carried(channel, day, SMAP_CARRY_DAYS)
        if channel in MEMORY:
            return self._remembered(channel, day)
        names, days = ANTECEDENT.get(channel, ((channel,), 1))
        first = self._total(names[0], day, days)
        if len(names) == 1:
            return first
        return first - self._regrid(self._total(names[1], day, days), names[1], names[0])

    def remembers(self) -> bool:
        """Whether the weather is long enough for the channels of ``MEMORY``."""
        return self._common_days().size >= SPINUP_DAYS

    def _common_days(self) -> NDArray[np.datetime64]:
        days = [self.series(name).dates for name in sources_of(MEMORY[0])]
        return np.arange(max(d[0] for d in days), min(d[-1] for d in days) + 1)

    def _remembered(self, channel: str, day: date) -> NDArray[np.float32]:
        """The memory of the whole series is worked out once; a field outside it is NaN."""
        days = self._common_days()
        with self._lock:
            if not self._memory:
                self._memory = self._all_remembered(days)
        index = int((np.datetime64(day, "D") - days[0]).astype(int))
        fields = self._memory[channel]
        return fields[index] if 0 <= index < len(fields) else np.full(fields.shape[1:], np.nan, np.float32)

    def _all_remembered(self, days: NDArray[np.datetime64]) -> dict[str, NDArray[np.float32]]:
        """The channels of ``MEMORY``, each (T, ny, nx), on the grid of the precipitation."""
        first = sources_of(MEMORY[0])[0]
        shape = (days.size, *self.series(first).values.shape[1:])
        flat = []
        for name in sources_of(MEMORY[0]):
            series = self.series(name)
            start = int((days[0] - series.dates[0]).astype(int))
            fields = self._regrid(series.values[start:start + days.size], name, first)
            flat.append(fields.reshape(days.size, -1))
        return {name: values.reshape(shape) for name, values in memory(*flat).items()}

    def _of(self, channel: str) -> Cumulative:
        if channel not in self._cumulative:
            self._cumulative[channel] = Cumulative.of(self._read(channel))
        return self._cumulative[channel]

    def _total(self, channel: str, day: date, days: int) -> NDArray[np.float32]:
        table = self._of(channel)
        index = table.series.index(day)
        if index - days + 1 < 0 or index >= table.series.dates.size:
            raise _no_weather(table.series, channel, day, days, "lies outside")
        total = table.total(index, days)
        if np.isnan(total).all():
            for past in range(index, index - days, -1):
                if np.isnan(table.series.values[past]).all():
                    raise _no_weather(table.series, channel, day, days, "has a gap",
                                      table.series.dates[past].item())
            raise _no_weather(table.series, channel, day, days, "has gaps")
        return total

    def _carried(self, channel: str, day: date, days: int) -> NDArray[np.float32]:
        series = self.series(channel)
        index = series.index(day)
        field = np.full(series.values.shape[1:], np.nan, np.float32)
        for past in range(index, index - days - 1, -1):
            if 0 <= past < series.dates.size:
                field = np.where(np.isnan(field), series.values[past], field)
        return field

    def _regrid(self, field: NDArray[np.float32], channel: str, target: str) -> NDArray[np.float32]:
        """Fields (…, ny, nx) on the grid of another channel, bilinear; unchanged where the two share a grid."""
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
