"""How wrong past forecasts of a store's weather were, by how many days ahead they looked. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deepsoil.channels import WEATHER
from deepsoil.store.store import Store

WET_MM = 1.0
"""A day with as much rain is a wet one."""


@dataclass(frozen=True)
class LeadError:
    """Of a channel's forecasts for the day ``lead_days`` after that of their issue: ``count`` days, means of cells.

    bias, mae  forecast minus observed, in the channel's unit
    hits       of precipitation: share of days on which both agree whether it is wet; else None
    """

    channel: str
    lead_days: int
    count: int
    bias: float
    mae: float
    hits: float | None = None


def forecast_errors(store: Store) -> list[LeadError]:
    """By channel and lead; empty as long as no foreseen day has been observed."""
    found = []
    for channel in WEATHER:
        forecasts = store.forecasts(channel) if channel in store.channels() else None
        if forecasts is None:
            continue
        series = store.coarse(channel)
        at = (forecasts.days - series.dates[0]).astype(int)
        observed = np.zeros(at.size, bool)
        inside = (at >= 0) & (at < series.dates.size)
        observed[inside] = series.real()[at[inside]]
        foreseen = _mean(forecasts.values[observed])
        real = _mean(series.values[at[observed]])
        lead = (forecasts.days - forecasts.issued).astype(int)[observed]
        for days in np.unique(lead):
            one = lead == days
            error = foreseen[one] - real[one]
            wet = np.mean((foreseen[one] >= WET_MM) == (real[one] >= WET_MM)) if channel == "precipitation" else None
            found.append(LeadError(channel, int(days), int(one.sum()), float(error.mean()), float(np.abs(error).mean()),
                                   None if wet is None else float(wet)))
    return found


def _mean(fields: np.ndarray) -> np.ndarray:
    """Mean (N,) of the cells with a value of fields (N, ny, nx)."""
    known = np.isfinite(fields).sum(axis=(1, 2))
    return np.nansum(fields, axis=(1, 2), dtype=np.float64) / np.maximum(1, known)
