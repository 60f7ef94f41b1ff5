"""What the pixel panel draws, as arrays, and one day of it in words. Pure.

θ in m³/m³, water in mm, rain and irrigation in mm/day, days as ``datetime64[D]`` (UTC); NaN is a gap.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..depths import depths_cm
from ..text import units
from ..text.dates import day_text
from ..text.quantities import MM, Shown
from ..text.translate import tr
from .forecast_days import foreseen_days

_DRY_MM = 0.05  # less water than this is none


@dataclass(frozen=True)
class Band:
    """Each (T,): mean, and the ends of the 90 % interval."""

    mean: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @classmethod
    def of(cls, document: Mapping[str, Any] | None, days: int) -> Band:
        """From the engine's lists; without one, gaps."""
        return cls(*(_numbers((document or {}).get(name), days) for name in ("mean", "lower", "upper")))


@dataclass(frozen=True)
class PixelSeries:
    """A place over a period. theta: by depth in cm, from the surface down; forecast_from: the first day whose weather
    is a forecast.
    """

    days: np.ndarray
    rain_mm: np.ndarray
    irrigation_mm: np.ndarray
    theta: Mapping[int, Band]
    available_mm: Band
    depletion_mm: Band
    forecast_from: dt.date | None = None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> PixelSeries:
        """The engine's answer to ``series``."""
        days = np.asarray(answer["dates"], dtype="datetime64[D]")
        water = {name: Band.of(answer.get(name), len(days)) for name in ("available_mm", "depletion_mm")}
        theta = {round(float(depth)): Band.of(band, len(days)) for depth, band in answer["depths"].items()}
        foreseen = answer.get("forecast_from")
        return cls(days, _numbers(answer["precipitation_mm"], len(days)),
                   Band.of(answer.get("irrigation_mm"), len(days)).mean, dict(sorted(theta.items())), **water,
                   forecast_from=dt.date.fromisoformat(foreseen) if foreseen else None)

    @property
    def foreseen(self) -> np.ndarray:
        """Mask of the days whose weather is a forecast."""
        return foreseen_days(self.days, self.forecast_from)

    @property
    def irrigated(self) -> bool:
        """Whether any water was given."""
        return bool((np.nan_to_num(self.irrigation_mm) > _DRY_MM).any())

    @property
    def has_interval(self) -> bool:
        return any(np.isfinite(band.lower).any() for band in self.theta.values())

    def rows(self) -> list[tuple[int, ...]]:
        """The depths of each plot: those that are mapped alone, deeper ones together."""
        mapped = [depth for depth in self.theta if depth in depths_cm()]
        others = tuple(depth for depth in self.theta if depth not in mapped)
        return [*((depth,) for depth in mapped), *([others] if others else [])]

    def index_of(self, day: dt.date | None) -> int:
        """-1 for a day that it does not have."""
        if day is None:
            return -1
        index = int((np.datetime64(day, "D") - self.days[0]).astype(int))
        return index if 0 <= index < len(self.days) else -1


def description(series: PixelSeries, index: int) -> str:
    """One day in one line."""
    parts = [day_text(series.days[index].astype(object))]
    if series.foreseen[index]:
        parts.append(tr("forecast"))
    rain, given = series.rain_mm[index], series.irrigation_mm[index]
    if np.isfinite(rain):
        parts.append(tr("rain {0}").format(units.water_text(rain, 1)) if rain >= _DRY_MM else tr("no rain"))
    if np.isfinite(given) and given >= _DRY_MM:
        parts.append(tr("irrigation {0}").format(units.water_text(given, 1)))
    parts += [tr("{0} cm: {1}").format(depth, _value(band, index, 3, units.chosen(), depth in depths_cm()))
              for depth, band in series.theta.items()]
    text = " · ".join(parts) + f" {units.theta_unit()}"
    if np.isfinite(series.available_mm.mean[index]):
        water = units.chosen(MM)
        text += " · " + tr("available to plants: {0} {1}").format(
            _value(series.available_mm, index, 0, water), water.unit)
    return text


def _value(band: Band, index: int, decimals: int, shown: Shown, interval: bool = True) -> str:
    if not np.isfinite(band.mean[index]):
        return tr("no data")
    text = units.value_text(band.mean[index], decimals, shown)
    lower, upper = band.lower[index], band.upper[index]
    if interval and np.isfinite(lower) and np.isfinite(upper):
        text += tr(" ({0} to {1})").format(units.value_text(lower, decimals, shown),
                                           units.value_text(upper, decimals, shown))
    return text


def _numbers(values: Sequence[float | None] | None, count: int) -> np.ndarray:
    if values is None:
        return np.full(count, np.nan)
    return np.array([np.nan if value is None else float(value) for value in values])
