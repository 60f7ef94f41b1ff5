"""Which days of a series are foreseen, and a curve cut where they begin. Pure; days are ``datetime64[D]``."""

from __future__ import annotations

import datetime as dt

import numpy as np


def foreseen_days(days: np.ndarray, forecast_from: dt.date | None) -> np.ndarray:
    """Mask of the days whose weather is a forecast. ``forecast_from``: the first of them."""
    if forecast_from is None:
        return np.zeros(len(days), dtype=bool)
    return np.asarray(days >= np.datetime64(forecast_from, "D"))


def halves(theta: np.ndarray, foreseen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The days up to the last one before the forecast, and those from it on, so that two lines meet there."""
    begins = np.append(foreseen[1:], False)  # the day before one that is foreseen
    return np.where(foreseen, np.nan, theta), np.where(foreseen | begins, theta, np.nan)
