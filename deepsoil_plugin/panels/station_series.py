"""What the station panel draws, as arrays: observed and predicted days side by side, and the engine's scores.

No files. θ in m³/m³, rain in mm/day, days as ``datetime64[D]`` (UTC); NaN is a gap.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..depths import depths_cm
from ..text import units
from ..text.dates import day_text
from ..text.table_cells import guarded
from ..text.translate import tr
from .forecast_days import foreseen_days

_FIGURES = ("bias", "mae", "ubrmsd", "r")

ByDepth = Mapping[int, np.ndarray]  # daily θ by depth in cm


@dataclass(frozen=True)
class Scores:
    """How predicted compares with observed over ``n`` days. θ scores in m³/m³; NaN where n is too small.

    ``verdict``, of a simple estimate: what the prediction is beside it, in the engine's words; empty if not told.
    """

    n: int
    bias: float
    mae: float
    ubrmsd: float
    r: float
    verdict: str = ""


@dataclass(frozen=True)
class Table:
    """What the table of a comparison has of one station, θ by depth. The interval lies between lower and upper."""

    observed: ByDepth
    predicted: ByDepth
    lower: ByDepth = field(default_factory=dict)
    upper: ByDepth = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """One station over a period: each array has one value a day."""

    days: np.ndarray
    rain_mm: np.ndarray
    observed: Mapping[int, np.ndarray] = field(default_factory=dict)   # by depth in cm
    predicted: Mapping[int, np.ndarray] = field(default_factory=dict)
    lower: Mapping[int, np.ndarray] = field(default_factory=dict)      # of the 90 % interval; no depth without one
    upper: Mapping[int, np.ndarray] = field(default_factory=dict)
    forecast_from: dt.date | None = None  # the first day whose weather is a forecast

    @property
    def foreseen(self) -> np.ndarray:
        """Mask of the days whose weather is a forecast."""
        return foreseen_days(self.days, self.forecast_from)

    @property
    def depths_cm(self) -> list[int]:
        return sorted({*self.observed, *self.predicted})

    @property
    def measured_cm(self) -> list[int]:
        """Depths at which anything was observed on these days."""
        return [depth for depth in sorted(self.observed) if np.isfinite(self.observed[depth]).any()]

    def compared(self, table: Table) -> Comparison:
        """With predictions, and with the observations that they were compared with in place of the earlier ones."""
        return replace(self, observed={**self.observed, **table.observed}, predicted=dict(table.predicted),
                       lower=dict(table.lower), upper=dict(table.upper))


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


def from_observations(document: Mapping[str, Any], start: dt.date, end: dt.date,
                      forecast_from: dt.date | None = None) -> Comparison:
    """The engine's answer to ``observations``, on every day of the period."""
    days = every_day(start, end)
    dates = document["dates"]
    rain = on_days(days, dates, document.get("precipitation") or [None] * len(dates))
    observed = {int(depth): on_days(days, dates, values) for depth, values in document["depths"].items()
                if int(depth) in depths_cm()}
    return Comparison(days, rain, observed, forecast_from=forecast_from)


def read_table(lines: Iterable[str], station: str, days: np.ndarray) -> Table:
    """One station from the lines of ``station_comparison.csv``; without an interval where the table has none.

    The observations there have passed the engine's quality control; the scores are made from the same values.
    """
    found: dict[int, list[dict[str, str]]] = {}
    for row in csv.DictReader(lines):
        if row["station"] in (station, guarded(station)):
            found.setdefault(int(float(row["depth_cm"])), []).append(row)
    observed, predicted, lower, upper = ({depth: _column(rows, name, days) for depth, rows in sorted(found.items())}
                                         for name in ("observed", "predicted", "lower", "upper"))
    known = [depth for depth in lower if np.isfinite(lower[depth]).any() and np.isfinite(upper[depth]).any()]
    return Table(observed, predicted, *({depth: edge[depth] for depth in known} for edge in (lower, upper)))


def _column(rows: Sequence[Mapping[str, str]], name: str, days: np.ndarray) -> np.ndarray:
    """A column that the table of an earlier engine lacks is empty."""
    return on_days(days, [row["date"] for row in rows], [float(row[name]) if row.get(name) else None for row in rows])


def read_scores(metrics: Mapping[str, Any], station: str) -> tuple[dict[int, Scores], dict[int, dict[str, Scores]]]:
    """The model's scores by depth, and those of simple estimates by depth and name, from ``station_metrics.json``."""
    rows = {int(depth): row for depth, table in metrics["depths"].items() for row in table["stations"]
            if row["id"] == station}
    return ({depth: _scores(row["model"]) for depth, row in rows.items() if "model" in row},
            {depth: {name: _scores(row[name], row.get("differences", {}).get(name, {}).get("verdict", ""))
                     for name in metrics["baselines"] if name in row}
             for depth, row in rows.items()})


def _scores(figures: Mapping[str, Any], verdict: str = "") -> Scores:
    known = {name: np.nan if figures.get(name) is None else float(figures[name]) for name in _FIGURES}
    return Scores(int(figures.get("n") or 0), **known, verdict=verdict)


def period_around(day: dt.date, length: int, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """``length`` days with ``day`` in the middle, moved and cut so that they lie between first and last."""
    start = day - dt.timedelta(days=length // 2)
    start = max(first, min(start, last - dt.timedelta(days=length - 1)))
    return start, min(last, start + dt.timedelta(days=length - 1))


def theta_range(comparison: Comparison) -> tuple[float, float]:
    """Limits of the θ axes of a comparison, see `theta_limits`."""
    return theta_limits([*comparison.observed.values(), *comparison.predicted.values(), *comparison.lower.values(),
                         *comparison.upper.values()])


def theta_limits(curves: Iterable[np.ndarray]) -> tuple[float, float]:
    """Limits of a θ axis: all values, on multiples of 0.05, at least 0.15 wide, so that noise does not look big."""
    parts = [theta[np.isfinite(theta)] for theta in curves]
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
    """One day in one line, in the user's units; that of soil moisture at the end."""
    parts = [day_text(comparison.days[index].astype(object))]
    if comparison.foreseen[index]:
        parts.append(tr("forecast"))
    rain = comparison.rain_mm[index]
    if np.isfinite(rain):
        parts.append(tr("rain {0}").format(units.water_text(rain, 1)) if rain >= 0.05 else tr("no rain"))
    parts += [_depth_description(depth, _at(comparison.observed, depth, index), _at(comparison.predicted, depth, index),
                                 _interval_text(comparison, depth, index)) for depth in comparison.depths_cm]
    return " · ".join(parts) + f" ({units.theta_unit()})"


def _interval_text(comparison: Comparison, depth: int, index: int) -> str:
    """The interval of a day in brackets after the prediction; empty without one."""
    lower, upper = _at(comparison.lower, depth, index), _at(comparison.upper, depth, index)
    if not np.isfinite(lower) or not np.isfinite(upper):
        return ""
    return tr(" ({0} to {1})").format(units.theta_text(lower), units.theta_text(upper))


def _depth_description(depth: int, observed: float, predicted: float, interval: str) -> str:
    if np.isfinite(observed) and np.isfinite(predicted):
        gap = round(predicted, 3) - round(observed, 3)  # as anyone subtracts the numbers that are shown
        verdict = (tr("the same") if abs(gap) < 0.0005 else tr("{0} too wet") if gap > 0 else tr("{0} too dry")).format(
            units.theta_text(abs(gap)))
        return tr("{0} cm: observed {1}, predicted {2}, {3}").format(
            depth, units.theta_text(observed), units.theta_text(predicted) + interval, verdict)
    if np.isfinite(observed):
        return tr("{0} cm: observed {1}").format(depth, units.theta_text(observed))
    if np.isfinite(predicted):
        return tr("{0} cm: predicted {1}, not observed").format(depth, units.theta_text(predicted) + interval)
    return tr("{0} cm: no data").format(depth)


def _at(series: Mapping[int, np.ndarray], depth: int, index: int) -> float:
    return float(series[depth][index]) if depth in series else np.nan
