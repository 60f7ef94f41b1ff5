"""Readings of soil moisture sensors → daily means, and the reason if a day with readings has no value. No files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from deepsoil.contract.errors import DeepSoilError
from deepsoil.stations.quality_report import REASONS
from deepsoil.stations.readings import MINIMUM_SHARE, Quality, daily, days_of, spacing
from deepsoil.store.series import Stations

LOWEST_THETA, HIGHEST_THETA = 0.0, 0.65
"""m3/m3; a reading must be above the first and not above the second (the maximum of mineral soils)."""

_KEPT, _MISSING, _FLAGGED, _UNPHYSICAL, _FROZEN = (REASONS.index(name) for name in (
    "kept", "missing", "flagged", "unphysical", "frozen"))
_JUDGED = [_FLAGGED, _UNPHYSICAL, _FROZEN]
_SAME_HOUR = pd.Timedelta(hours=1)


@dataclass(frozen=True)
class StationQuality:
    """A reading counts where the soil is not known to be at or below ``warmer_than_c`` (frozen water is not measured)
    and the value is physical; a day counts with ``minimum_share`` of its readings. Days end ``day_ends_utc`` hours
    after UTC midnight, as those of the region's precipitation do."""

    nodata: tuple[float, ...] = ()
    minimum_share: float = MINIMUM_SHARE
    warmer_than_c: float = 1.0
    day_ends_utc: int = 0


@dataclass(frozen=True)
class Place:
    """A station: its position in degrees, and whether its ground is irrigated (None: not known)."""

    id: str
    title: str
    network: str
    longitude: float
    latitude: float
    irrigated: bool | None = None


@dataclass(frozen=True)
class SensorDays:
    """One sensor by day: theta m3/m3, soil temperature degC (empty where not measured), and for the days without
    theta that would have had enough readings, the index in ``REASONS`` of the most frequent fault of their readings."""

    theta: pd.Series
    temperature: pd.Series
    rejected: pd.Series


def sensor_days(theta: pd.Series, temperature: pd.Series | None, quality: StationQuality,
                flagged: pd.Series | None = None) -> SensorDays:
    """Daily means of readings over sorted UTC times, NaN missing: theta in m3/m3, temperature in degC (its times
    may differ), ``flagged`` True where the provider rejects a reading."""
    reason = pd.Series(_KEPT, theta.index, np.uint8)
    if flagged is not None:
        reason[flagged.to_numpy(bool)] = _FLAGGED
    reason[(reason == _KEPT) & ~((theta > LOWEST_THETA) & (theta <= HIGHEST_THETA))] = _UNPHYSICAL
    checked = Quality(minimum_share=quality.minimum_share, day_ends_utc=quality.day_ends_utc)
    warm = pd.Series(dtype=np.float64, index=pd.DatetimeIndex([]))
    if temperature is not None and len(temperature):
        soil = temperature.reindex(theta.index, method="nearest", tolerance=_SAME_HOUR)
        reason[(reason == _KEPT) & (soil <= quality.warmer_than_c)] = _FROZEN
        warm = daily(temperature, "mean", checked, _step(temperature))
    reason[theta.isna()] = _MISSING
    step = _step(theta)
    days = daily(theta.where(reason == _KEPT), "mean", checked, step)
    return SensorDays(days, warm, _rejected(reason, days, quality, step))


def assemble(places: Sequence[Place], depths_cm: Sequence[float], sensors: Mapping[tuple[int, int], SensorDays],
             where: str, day_ends_utc: int = 0) -> Stations:
    """Stations of sensors by (station, depth), over all days with data. ``source_invalid`` if there are none."""
    filled = [one.theta for one in sensors.values() if len(one.theta)]
    if not filled:
        raise DeepSoilError("source_invalid", "No station has a single day of good readings.",
                            "Check the unit, the columns, the nodata values and the flags.", where)
    days = pd.date_range(min(s.index[0] for s in filled), max(s.index[-1] for s in filled), freq="D")
    shape = (len(places), len(depths_cm), len(days))
    theta, temperature = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    rejected = np.zeros(shape, np.uint8)
    for place, one in sensors.items():
        theta[place] = one.theta.reindex(days).to_numpy(np.float32)
        temperature[place] = one.temperature.reindex(days).to_numpy(np.float32)
        rejected[place] = one.rejected.reindex(days, fill_value=0).to_numpy(np.uint8)
    return Stations([one.id for one in places], [one.title for one in places], [one.network for one in places],
                    np.array([one.longitude for one in places]), np.array([one.latitude for one in places]),
                    np.array(depths_cm, np.float64), days.to_numpy().astype("datetime64[D]"), theta,
                    None if np.isnan(temperature).all() else temperature, rejected, day_ends_utc,
                    [one.irrigated for one in places] if any(one.irrigated is not None for one in places) else None)


def _step(readings: pd.Series) -> pd.Timedelta | None:
    return spacing(readings.index) if len(readings) > 1 else None


def _rejected(reason: pd.Series, days: pd.Series, quality: StationQuality, step: pd.Timedelta | None) -> pd.Series:
    """Reason code by day, for days that lack enough readings only because of rejected ones."""
    step = step or pd.Timedelta(days=1)
    expected = max(1.0, pd.Timedelta(days=1) / step)
    counts = reason.groupby([days_of(reason.index, quality.day_ends_utc, step), reason]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=[_KEPT, *_JUDGED], fill_value=0)
    judged = counts[_JUDGED]
    gone = (days.reindex(counts.index).isna() & (judged.sum(axis=1) > 0)
            & (counts.sum(axis=1) >= quality.minimum_share * expected - 1e-9))
    return judged[gone].idxmax(axis=1).astype(np.uint8)
