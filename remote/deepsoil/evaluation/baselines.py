"""Baselines for a model: predictions from the stations' own records. Pure.

Observations are θ (S, T), consecutive days, NaN missing; predictions have the same shape. None of them uses the
observation that it predicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.baselines_kriging import ordinary_kriging, regression_kriging
from deepsoil.evaluation.baselines_neighbours import inverse_distance, nearest_station, week_and_change
from deepsoil.grid import distance_km

Values = NDArray[np.floating]
Days = NDArray[np.datetime64]

PERSISTENCE_DAYS = 7
HALF_WINDOW_DAYS = 15
GAP_DAYS = 30
_DAYS_A_YEAR = 366
_TARGETS_AT_ONCE = 512

DESCRIPTIONS = {
    "persistence": "the station's own value seven days before",
    "climatology": "the station's own mean at that time of the year: in other years (15 days either side); where "
                   "there is no other year, all days at least 30 days away",
    "week_and_change": "the station's own value seven days before, plus the mean change of the other stations since",
    "nearest": "the nearest other station on the same day",
    "network": "mean of the other stations of the network on the same day",
    "inverse_distance": "mean of the other stations on the same day, weighted by the inverse square of the distance",
    "kriging": "ordinary kriging of the other stations on the same day",
    "regression_kriging": "kriging of the other stations on the same day, with a trend of soil, terrain and land cover",
}


@dataclass(frozen=True)
class Places:
    """Where the S stations are and what is known there: degrees, names of networks, covariates (S, P) of the place."""

    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    networks: Sequence[str]
    covariates: NDArray[np.float64]

    def distance_km(self) -> NDArray[np.float64]:
        """(S, S)."""
        return np.asarray(distance_km(self.longitudes[:, None], self.latitudes[:, None], self.longitudes,
                                      self.latitudes))


def all_baselines(theta: Values, days: Days, places: Places) -> dict[str, Values]:
    """The predictions (S, T) of every baseline in ``DESCRIPTIONS``."""
    apart = places.distance_km()
    found = {"persistence": persistence(theta), "climatology": climatology(theta, days),
             "week_and_change": week_and_change(theta, PERSISTENCE_DAYS), "nearest": nearest_station(theta, apart),
             "network": network_mean(theta, places.networks), "inverse_distance": inverse_distance(theta, apart),
             "kriging": ordinary_kriging(theta, apart),
             "regression_kriging": regression_kriging(theta, apart, places.covariates)}
    return {name: found[name] for name in DESCRIPTIONS}


def persistence(theta: Values, lag_days: int = PERSISTENCE_DAYS) -> Values:
    """θ(t) = θ(t - lag)."""
    predicted = np.full_like(theta, np.nan)
    predicted[:, lag_days:] = theta[:, :-lag_days]
    return predicted


def network_mean(theta: Values, networks: Sequence[str]) -> Values:
    """Mean of the other stations of the same network on the same day; NaN if there are none."""
    predicted = np.full_like(theta, np.nan)
    labels = np.asarray(networks)
    for network in np.unique(labels):
        members = np.flatnonzero(labels == network)
        known = np.isfinite(theta[members])
        values = np.where(known, theta[members], 0.0)
        others = known.sum(0) - known
        sums = values.sum(0) - values
        predicted[members] = np.divide(sums, others, out=np.full(sums.shape, np.nan), where=others > 0)
    return predicted


def climatology(theta: Values, days: Days) -> Values:
    """Mean of other years within 15 days of the day of the year, else of the days at least 30 days away."""
    known = np.isfinite(theta)
    values = np.where(known, theta, 0.0)
    years = days.astype("datetime64[Y]")
    of_year = (days - years.astype("datetime64[D]")).astype(int)
    predicted = np.full_like(theta, np.nan)
    for first in range(0, days.size, _TARGETS_AT_ONCE):
        targets = slice(first, first + _TARGETS_AT_ONCE)
        # Also away from days of neighbouring years: early January is close to late December.
        far = np.abs(np.subtract.outer(days, days[targets]).astype(int)) >= GAP_DAYS
        distance = np.abs(np.subtract.outer(of_year, of_year[targets]))
        season = np.minimum(distance, _DAYS_A_YEAR - distance) <= HALF_WINDOW_DAYS
        other_years = _mean(values, known, far & season & (years[:, None] != years[None, targets]))
        predicted[:, targets] = np.where(np.isfinite(other_years), other_years, _mean(values, known, far))
    return predicted


def _mean(values: Values, known: NDArray[np.bool_], usable: NDArray[np.bool_]) -> Values:
    """Mean (S, targets) over the days that ``usable`` (T, targets) allows for each target."""
    weights = usable.astype(np.float64)
    sums, counts = values.astype(np.float64) @ weights, known.astype(np.float64) @ weights
    return np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
