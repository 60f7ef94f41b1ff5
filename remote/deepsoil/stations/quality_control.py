"""Quality control of daily station values for comparison and training. Pure.

The rules follow Dorigo et al. (2013), Vadose Zone Journal 12(3), doi:10.2136/vzj2012.0097, transferred from hourly
readings to daily means and made conservative: a value that rain or irrigation could explain is kept. Rain shows in the
witnesses of a sensor, which are the other sensors of its station and those of stations nearby, and, if given,
in the precipitation. A day is judged by the first rule that rejects it:

frozen       soil temperature at that depth <= 1 degC: ice is not measured
(source)     removed by the source already (``Stations.rejected``), with its reason; ``flagged``: by the provider
missing      no value
unphysical   not 0 < theta <= 0.65; where saturation was measured, above 1.1 times that
stuck        the same value for 10 days and more while sensors at this depth nearby change
spike        one day far from both its neighbours, which agree, and outside the range of nearby days; no witness moves
             along
break        a lasting step; no witness moves along, and if it is a rise, a sensor above it at the same station
             shows no water from above. Only the day of the step is rejected: the values do not show which side
             is right, so the report names every break for a person to decide

Hourly readings are judged in ``stations.daily_means``; this module gets daily means of the good ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from deepsoil import grid
from deepsoil.stations.quality_report import REASONS, Break, QualityReport
from deepsoil.store.series import Stations

Theta = NDArray[np.float32]
Mask = NDArray[np.bool_]

_KEPT, _MISSING, _, _UNPHYSICAL, _FROZEN, _STUCK, _SPIKE, _BREAK = range(len(REASONS))


@dataclass(frozen=True)
class Rules:
    """Thresholds: theta in m3/m3, days, mm/day, degC, km.

    highest_theta, saturation_factor  a value above the first, or above the second times theta_s, is impossible
    frozen_c           soil at or below this counts as frozen
    stuck_*            all values of that many days within ``stuck_range``, and the median range of at least two
                       sensors nearby at the same depth over the same days at least ``others_range``
    spike_size         distance of a day from the mean of its neighbours, which differ by at most ``spike_return`` of
                       it; half of it must lie beyond all values of ``spike_days`` before and after
    break_size         step from one day to the next, and between the medians of ``break_days`` before and after it
    along              a witness moves along if it moves the same way by this share of the size, on that day, the one
                       before or the one after
    dry_mm             more rain than this on one of these days explains a rise
    witness_km         stations within this distance are witnesses
    """

    highest_theta: float = 0.65
    saturation_factor: float = 1.1
    frozen_c: float = 1.0
    stuck_days: int = 10
    stuck_range: float = 1e-4
    others_range: float = 0.02
    spike_size: float = 0.05
    spike_return: float = 0.3
    spike_days: int = 7
    break_size: float = 0.10
    break_days: int = 15
    along: float = 0.2
    dry_mm: float = 1.0
    witness_km: float = 10.0


def screen(stations: Stations, saturated: ArrayLike | None = None, *, precipitation_mm: ArrayLike | None = None,
           rules: Rules | None = None) -> tuple[Theta, QualityReport]:
    """Theta (S, D, T) with rejected values NaN, and the report.

    saturated          theta_s in m3/m3 as measured at the stations, any shape that fits (S, D) or (S,); NaN where it
                       was not. Never the estimate of a pedotransfer: soils of one texture scatter about it too much
    precipitation_mm   (S, T) mm/day at the stations; NaN where not known

    Without soil temperature at a depth, frozen soil is not detected; the report counts those days. A rise is judged
    only where its cause could have been observed. ValueError if a shape does not fit.
    """
    rules = rules or Rules()
    shape = stations.theta.shape
    theta_s, rain = _per_depth(saturated, shape), _rain(precipitation_mm, shape)
    temperature = np.full(shape, np.nan, np.float32) if stations.soil_temperature is None else stations.soil_temperature
    reasons = np.full(shape, _KEPT, np.uint8)
    theta = stations.theta.astype(np.float32, copy=True)

    def reject(mask: Mask, reason: int) -> None:
        reasons[mask & (reasons == _KEPT)] = reason
        theta[mask] = np.nan

    reject(temperature <= rules.frozen_c, _FROZEN)
    if stations.rejected is not None:
        gone = (reasons == _KEPT) & ~np.isfinite(theta)
        reasons[gone] = stations.rejected[gone]
    reject(~np.isfinite(theta), _MISSING)
    highest = np.fmin(rules.highest_theta, rules.saturation_factor * theta_s)[..., None]
    reject(~((theta > 0.0) & (theta <= highest)), _UNPHYSICAL)
    reject(_stuck(theta, near := _near(stations, rules.witness_km), rules), _STUCK)
    witnesses = _Witnesses(theta.copy(), stations.depths_cm, near, rain, rules)
    reject(_spikes(theta, witnesses, rules), _SPIKE)
    steps = _breaks(theta, witnesses, rules)
    breaks = tuple(Break(stations.ids[s], float(stations.depths_cm[d]), stations.dates[t], float(step))
                   for (s, d, t), step in steps.items())
    if steps:
        at = np.zeros(shape, bool)
        at[tuple(np.transpose(list(steps)))] = True
        reject(at, _BREAK)
    unchecked = (reasons == _KEPT) & ~np.isfinite(temperature)
    return theta, QualityReport(tuple(stations.ids), stations.depths_cm, stations.dates, reasons, unchecked, breaks)


def _per_depth(saturated: ArrayLike | None, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    values = np.asarray(np.nan if saturated is None else saturated, np.float64)
    if values.ndim == 1:
        values = values[:, None]
    try:
        return np.broadcast_to(values, shape[:2])
    except ValueError:
        raise ValueError(f"saturated has shape {values.shape}, which does not fit (stations, depths) = {shape[:2]}"
                         ) from None


def _rain(precipitation_mm: ArrayLike | None, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    if precipitation_mm is None:
        return np.full((shape[0], shape[2]), np.nan)
    rain = np.asarray(precipitation_mm, np.float64)
    if rain.shape != (shape[0], shape[2]):
        raise ValueError(f"precipitation_mm has shape {rain.shape}, expected (stations, dates) = "
                         f"{(shape[0], shape[2])}")
    return rain


def _near(stations: Stations, distance_km: float) -> Mask:
    """(S, S) True where two different stations are within the distance."""
    lon, lat = stations.longitudes, stations.latitudes
    near: Mask = grid.distance_km(lon[:, None], lat[:, None], lon, lat) <= distance_km
    np.fill_diagonal(near, False)
    return near


def _stuck(theta: Theta, near: Mask, rules: Rules) -> Mask:
    """Days of windows without change while at least two sensors nearby change."""
    stuck = np.zeros(theta.shape, bool)
    length = rules.stuck_days
    if theta.shape[2] < length:
        return stuck
    for d in range(theta.shape[1]):
        windows = sliding_window_view(theta[:, d], length, axis=1)
        ranges = windows.max(-1) - windows.min(-1)  # NaN where a day is missing
        for s, first in np.argwhere(ranges <= rules.stuck_range):
            others = ranges[near[s], first]
            others = others[np.isfinite(others)]
            if others.size >= 2 and np.median(others) >= rules.others_range:
                stuck[s, d, first:first + length] = True
    return stuck


@dataclass(frozen=True)
class _Witnesses:
    """Evidence of other sensors and of rain about a movement of one sensor."""

    theta: Theta
    depths_cm: NDArray[np.float64]
    near: Mask
    rain: NDArray[np.float64]
    rules: Rules
    change: Theta = field(init=False)

    def __post_init__(self) -> None:
        change = np.full_like(self.theta, np.nan)
        change[..., 1:] = self.theta[..., 1:] - self.theta[..., :-1]
        object.__setattr__(self, "change", change)

    def explain(self, s: int, d: int, t: int, size: float) -> bool:
        """Whether rain, or a witness that moves along, explains a movement by ``size`` from day t - 1 to day t."""
        days = slice(t - 1, t + 2)
        if size > 0 and (self.rain[s, days] > self.rules.dry_mm).any():
            return True
        own = np.delete(self.change[s, :, days], d, axis=0)
        others = np.concatenate([own.ravel(), self.change[self.near[s], :, days].ravel()]) * np.sign(size)
        return bool((others >= self.rules.along * abs(size)).any())

    def above(self, s: int, d: int, t: int) -> bool:
        """Whether a sensor above this one, at the same station, has data on that day."""
        return bool(np.isfinite(self.change[s, self.depths_cm < self.depths_cm[d], t]).any())

    def nearby(self, s: int, d: int, t: int) -> bool:
        """Whether the rain of these days is known, or a nearby sensor that is not deeper has data on that day."""
        if np.isfinite(self.rain[s, t - 1:t + 2]).all():
            return True
        return bool(np.isfinite(self.change[self.near[s]][:, self.depths_cm <= self.depths_cm[d], t]).any())


def _spikes(theta: Theta, witnesses: _Witnesses, rules: Rules) -> Mask:
    """Single days that differ from both neighbours, which agree."""
    found = np.zeros(theta.shape, bool)
    if theta.shape[2] < 3:
        return found
    before, here, after = theta[..., :-2], theta[..., 1:-1], theta[..., 2:]
    size = here - (before + after) / 2
    candidates = (np.abs(size) >= rules.spike_size) & (np.abs(after - before) <= rules.spike_return * np.abs(size))
    for s, d, first in np.argwhere(candidates):
        t, by = int(first) + 1, float(size[s, d, first])
        weeks = np.delete(theta[s, d, max(0, t - rules.spike_days):t + rules.spike_days + 1],
                          min(t, rules.spike_days))
        beyond = np.nanmin(np.sign(by) * (theta[s, d, t] - weeks))
        seen = by < 0 or witnesses.above(s, d, t) or witnesses.nearby(s, d, t)
        found[s, d, t] = beyond >= abs(by) / 2 and seen and not witnesses.explain(s, d, t, by)
    return found


def _breaks(theta: Theta, witnesses: _Witnesses, rules: Rules) -> dict[tuple[int, int, int], float]:
    """(s, d, t) → step from day t - 1 to day t, if the level remains changed.

    At the sensor nearest to the surface a rise may always be irrigation, which shows neither in rain nor at neighbours.
    """
    return {place: step for place, step in _steps(theta, rules)
            if (step < 0 or witnesses.above(*place)) and not witnesses.explain(*place, step)}


def _steps(theta: Theta, rules: Rules) -> Iterator[tuple[tuple[int, int, int], float]]:
    length = rules.break_days
    for s, d, before in np.argwhere(np.abs(np.diff(theta, axis=-1)) >= rules.break_size):
        t = int(before) + 1
        step = float(theta[s, d, t] - theta[s, d, t - 1])
        past, future = theta[s, d, max(0, t - length):t], theta[s, d, t:t + length]
        past, future = past[np.isfinite(past)], future[np.isfinite(future)]
        if min(past.size, future.size) * 2 <= length:
            continue
        if np.sign(step) * (np.median(future) - np.median(past)) >= rules.break_size:
            yield (int(s), int(d), t), step
