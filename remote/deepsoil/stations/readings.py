"""Readings of an instrument → one value per day. No files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

Statistic = Literal["sum", "mean", "minimum", "maximum"]

MINIMUM_SHARE = 0.75
"""The share of readings that a valid day needs."""


@dataclass(frozen=True)
class Quality:
    """What makes a reading or a day missing: marker values, the range of possible readings, and the share
    of a day's readings that must be present. A day ends ``day_ends_utc`` hours after its UTC midnight."""

    nodata: Sequence[float] = ()
    lowest: float = -np.inf
    highest: float = np.inf
    minimum_share: float = MINIMUM_SHARE
    day_ends_utc: int = 0


def days_of(index: pd.DatetimeIndex, day_ends_utc: int, step: pd.Timedelta) -> pd.DatetimeIndex:
    """The day of each UTC time, as its date. Readings a day apart or more stand for the date that they have."""
    if step < pd.Timedelta(days=1):
        index = index - pd.Timedelta(hours=day_ends_utc)
    return index.floor("D")


def spacing(index: pd.DatetimeIndex) -> pd.Timedelta:
    """The usual time between two readings."""
    return pd.Timedelta(index.to_series().diff().median())


def daily(readings: pd.Series, statistic: Statistic, quality: Quality, step: pd.Timedelta | None = None) -> pd.Series:
    """Readings over UTC times as one value per day (index: consecutive days), NaN where too few are left.

    ``step`` is the time between two readings of the file, derived from the index if not given.
    """
    good = readings.mask(readings.isin(list(quality.nodata)))
    good = good.mask((good < quality.lowest) | (good > quality.highest)).dropna()
    if good.empty:
        return pd.Series(dtype=np.float64, index=pd.DatetimeIndex([], name="day"))
    step = step or (spacing(readings.index) if len(readings) > 1 else pd.Timedelta(days=1))
    expected = max(1.0, pd.Timedelta(days=1) / step)
    days = good.groupby(days_of(good.index, quality.day_ends_utc, step))
    value = {"sum": days.sum, "mean": days.mean, "minimum": days.min, "maximum": days.max}[statistic]()
    value = value.where(days.count() >= quality.minimum_share * expected - 1e-9)
    return value.reindex(pd.date_range(value.index[0], value.index[-1], freq="D"))
