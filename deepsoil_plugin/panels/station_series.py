"""What the station panel draws, as arrays: observed and predicted days side by side, and the numbers from them.

Pure: numpy and the standard library. θ in m³/m³, rain in mm/day, days as ``datetime64[D]`` (UTC); NaN is a gap.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..text.dates import day_text

DEPTHS_CM = (5, 20)
_FEWEST_DAYS = 10  # as in the engine: figures from fewer days say nothing
_NO_SPREAD = 1e-9
_FIGURES = ("bias", "mae", "ubrmsd", "r")


@dataclass(frozen=True)
class Numbers:
    """How predicted compares with observed over ``n`` days. θ figures in m³/m³; NaN where n is too small."""

    n: int
    bias: float
    mae: float
    ubrmsd: float
    r: float


@dataclass(frozen=True)
class Comparison:
    """One station over a period: each array has one value a day."""

    days: np.ndarray
    rain_mm: np.ndarray
    observed: Mapping[int, np.ndarray] = field(default_factory=dict)   # by depth in cm
    predicted: Mapping[int, np.ndarray] = field(default_factory=dict)

    @property
    def depths_cm(self) -> list[int]:
        return sorted({*self.observed, *self.predicted})

    @property
    def measured_cm(self) -> list[int]:
        """Depths at which anything was observed on these days."""
        return [depth for depth in sorted(self.observed) if np.isfinite(self.observed[depth]).any()]

    def with_predictions(self, predicted: Mapping[int, np.ndarray]) -> Comparison:
        return replace(self, predicted=dict(predicted))

    def numbers(self, depth_cm: int) -> Numbers:
        gap = np.full(len(self.days), np.nan)
        return compare(self.observed.get(depth_cm, gap), self.predicted.get(depth_cm, gap))


def every_day(start: dt.date, end: dt.date) -> np.ndarray:
    """All days of a period, both ends included."""
    return np.arange(np.datetime64(start, "D"), np.datetime64(end, "D") + 1)


def on_days(days: np.ndarray, given: Iterable[Any], values: Iterable[Any]) -> np.ndarray:
    """Put values of some days (ISO texts or datetime64) on ``days``; what is missing or null becomes NaN."""
    placed = np.full(len(days), np.nan)
    given_days = np.asarray(list(given), dtype="datetime64[D]")
    numbers = np.array([np.nan if value is None else float(value) for value in values])
    if len(given_days):
        index = (given_days - days[0]).astype(int)
        inside = (index >= 0) & (index < len(days))
        placed[index[inside]] = numbers[inside]
    return placed


def from_observations(document: Mapping[str, Any], start: dt.date, end: dt.date) -> Comparison:
    """The engine's answer to ``observations``, on every day of the period."""
    days = every_day(start, end)
    dates = document["dates"]
    rain = on_days(days, dates, document.get("precipitation") or [None] * len(dates))
    observed = {int(depth): on_days(days, dates, values) for depth, values in document["depths"].items()
                if int(depth) in DEPTHS_CM}
    return Comparison(days, rain, observed)


def read_predictions(lines: Iterable[str], station: str, days: np.ndarray) -> dict[int, np.ndarray]:
    """Predicted θ by depth from the lines of ``station_comparison.csv``."""
    found: dict[int, tuple[list[str], list[float | None]]] = {}
    for row in csv.DictReader(lines):
        if row["station"] == station:
            dates, values = found.setdefault(int(float(row["depth_cm"])), ([], []))
            dates.append(row["date"])
            values.append(float(row["predicted"]) if row["predicted"] else None)
    return {depth: on_days(days, dates, values) for depth, (dates, values) in sorted(found.items())}


def read_baselines(metrics: Mapping[str, Any], station: str) -> dict[int, dict[str, Numbers]]:
    """Figures of the trivial guesses by depth and name, from ``station_metrics.json``; empty where none are given."""
    return {int(depth): {name: _numbers(row[name]) for name in metrics["baselines"] if name in row}
            for depth, table in metrics["depths"].items() for row in table["stations"] if row["id"] == station}


def _numbers(figures: Mapping[str, Any]) -> Numbers:
    known = {name: np.nan if figures.get(name) is None else float(figures[name]) for name in _FIGURES}
    return Numbers(int(figures.get("n") or 0), **known)


def compare(observed: np.ndarray, predicted: np.ndarray) -> Numbers:
    """Bias, MAE, unbiased RMSD and Pearson's R over the days that have both; NaN where these are fewer than ten."""
    both = np.isfinite(observed) & np.isfinite(predicted)
    seen, said = observed[both], predicted[both]
    n = int(both.sum())
    if n < _FEWEST_DAYS:
        return Numbers(n, np.nan, np.nan, np.nan, np.nan)
    error = said - seen
    bias = float(error.mean())
    ubrmsd = float(np.sqrt(np.mean((error - bias) ** 2)))
    varies = seen.std() > _NO_SPREAD and said.std() > _NO_SPREAD
    r = float(np.corrcoef(seen, said)[0, 1]) if varies else np.nan
    return Numbers(n, bias, float(np.abs(error).mean()), ubrmsd, r)


def period_around(day: dt.date, length: int, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """``length`` days with ``day`` in the middle, moved and cut so that they lie between first and last."""
    start = day - dt.timedelta(days=length // 2)
    start = max(first, min(start, last - dt.timedelta(days=length - 1)))
    return start, min(last, start + dt.timedelta(days=length - 1))


def theta_range(comparison: Comparison) -> tuple[float, float]:
    """Limits of the θ axes: all values, on multiples of 0.05, at least 0.15 wide, so that noise does not look big."""
    parts = [theta[np.isfinite(theta)] for theta in [*comparison.observed.values(), *comparison.predicted.values()]]
    values = np.concatenate(parts) if parts else np.array([])
    if not len(values):
        return 0.05, 0.45
    low = np.floor(values.min() / 0.05) * 0.05
    high = np.ceil(values.max() / 0.05) * 0.05
    missing = max(0.0, 0.15 - (high - low))
    low = max(0.0, low - np.ceil(missing / 0.1) * 0.05)
    return float(low), float(max(high, low + 0.15))


def lone_days(theta: np.ndarray) -> np.ndarray:
    """Mask of values between two gaps: a line does not show them."""
    known = np.concatenate([[False], np.isfinite(theta), [False]])
    return known[1:-1] & ~known[:-2] & ~known[2:]


def description(comparison: Comparison, index: int) -> str:
    """One day as a sentence would say it."""
    parts = [day_text(comparison.days[index].astype(object))]
    rain = comparison.rain_mm[index]
    if np.isfinite(rain):
        parts.append(f"rain {rain:.1f} mm" if rain >= 0.05 else "no rain")
    for depth in comparison.depths_cm:
        observed = _at(comparison.observed, depth, index)
        predicted = _at(comparison.predicted, depth, index)
        if np.isfinite(observed) and np.isfinite(predicted):
            gap = round(predicted, 3) - round(observed, 3)  # as anyone subtracts the figures that are read
            verdict = "the same" if abs(gap) < 0.0005 else f"{abs(gap):.3f} too {'wet' if gap > 0 else 'dry'}"
            parts.append(f"{depth} cm: observed {observed:.3f}, predicted {predicted:.3f}, {verdict}")
        elif np.isfinite(observed):
            parts.append(f"{depth} cm: observed {observed:.3f}")
        elif np.isfinite(predicted):
            parts.append(f"{depth} cm: predicted {predicted:.3f}, nothing observed")
        else:
            parts.append(f"{depth} cm: no values")
    return " · ".join(parts) + " (m³/m³)"


def _at(series: Mapping[int, np.ndarray], depth: int, index: int) -> float:
    return float(series[depth][index]) if depth in series else np.nan
