"""The data of a store besides maps: daily fields on a coarse grid, and station observations. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Days = NDArray[np.datetime64]
Status = NDArray[np.uint8]

FINAL, PROVISIONAL, EARLY, FORECAST = "final", "provisional", "early", "forecast"
STATUSES = (FINAL, PROVISIONAL, EARLY, FORECAST)
"""How settled the value of a day is, the most settled first; its code in a store is the position here plus 1."""
UNKNOWN_STATUS = 0


def status_code(status: str) -> int:
    """1 to 4 for a word of ``STATUSES``. ValueError for another."""
    return STATUSES.index(status) + 1


def to_days(dates: Sequence[date] | Days) -> Days:
    """Dates as datetime64[D] (T,)."""
    return np.asarray(dates, dtype="datetime64[D]")


@dataclass(frozen=True)
class CoarseSeries:
    """Daily fields on their own regular grid; every day between first and last is present, NaN where missing.

    dates        (T,) datetime64[D], consecutive
    longitudes   (nx,) cell centres, degrees, ascending
    latitudes    (ny,) cell centres, degrees, descending (north first, as maps are stored)
    values       (T, ny, nx) float32 in the channel's unit, NaN missing
    day_ends_utc hours from the UTC midnight at the end of a date to the end of its day (gridMET 7, PRISM -12)
    status       (T,) uint8 ``status_code`` of each day, 0 where it is not known; None: of no day
    """

    dates: Days
    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    values: NDArray[np.float32]
    day_ends_utc: int = 0
    status: Status | None = None

    @classmethod
    def regular(cls, dates: Sequence[date] | Days, longitudes: ArrayLike, latitudes: ArrayLike,
                values: ArrayLike, day_ends_utc: int = 0, status: ArrayLike | None = None) -> CoarseSeries:
        """Sort the axes and close gaps of days with NaN. ValueError if the shapes or axes are invalid."""
        days, lon, lat = to_days(dates), np.asarray(longitudes, np.float64), np.asarray(latitudes, np.float64)
        fields = np.asarray(values, np.float32)
        if fields.shape != (days.size, lat.size, lon.size):
            raise ValueError(f"values have shape {fields.shape}, but there are {days.size} dates, "
                             f"{lat.size} latitudes and {lon.size} longitudes")
        if min(days.size, lon.size, lat.size) == 0:
            raise ValueError("a coarse channel needs at least one date and one cell")
        for name, axis in (("dates", days), ("longitudes", lon), ("latitudes", lat)):
            if np.unique(axis).size != axis.size:
                raise ValueError(f"the {name} of a coarse channel must not repeat")
        columns, rows = np.argsort(lon), np.argsort(-lat)
        first, last = days.min(), days.max()
        all_days = np.arange(first, last + 1)
        whole = np.full((all_days.size, lat.size, lon.size), np.nan, np.float32)
        whole[(days - first).astype(int)] = fields[:, rows][:, :, columns]
        settled = None
        if status is not None:
            settled = np.full(all_days.size, UNKNOWN_STATUS, np.uint8)
            settled[(days - first).astype(int)] = np.asarray(status, np.uint8)
        return cls(all_days, lon[columns], lat[rows], whole, day_ends_utc, settled)

    def index(self, day: date) -> int:
        """Position of a day on the time axis; negative or beyond the end if the day is not covered."""
        return int((np.datetime64(day, "D") - self.dates[0]).astype(int))

    def days_of(self, status: str) -> Days:
        """The days with a value of this status, ascending."""
        if self.status is None:
            return np.empty(0, "datetime64[D]")
        return self.dates[(self.status == status_code(status)) & np.isfinite(self.values).any(axis=(1, 2))]

    def real(self) -> NDArray[np.bool_]:
        """(T,) whether a day has a value that is not a forecast."""
        known = np.isfinite(self.values).any(axis=(1, 2))
        foreseen = False if self.status is None else self.status == status_code(FORECAST)
        return np.asarray(known & ~np.asarray(foreseen), bool)

    def same_grid(self, other: CoarseSeries) -> bool:
        return np.array_equal(self.longitudes, other.longitudes) and np.array_equal(self.latitudes, other.latitudes)


@dataclass(frozen=True)
class Forecasts:
    """What was foreseen of a channel: issued (N,) and days (N,) datetime64[D], values (N, ny, nx) on its own grid."""

    issued: Days
    days: Days
    values: NDArray[np.float32]


@dataclass(frozen=True)
class Stations:
    """Daily observations of soil moisture stations.

    ids, names, networks   S texts each
    longitudes, latitudes  (S,) degrees, WGS 84
    depths_cm              (D,)
    dates                  (T,) datetime64[D], consecutive; their days end ``day_ends_utc`` hours after UTC midnight
    theta                  (S, D, T) float32, daily mean m3/m3, NaN missing
    soil_temperature       (S, D, T) float32, daily mean degC, or None
    rejected               (S, D, T) uint8, why the source removed a day with readings: an index into
                           ``quality_report.REASONS``, 0 if not removed; or None
    irrigated              S times whether the ground there is irrigated (None: not known); or None for all unknown
    """

    ids: list[str]
    names: list[str]
    networks: list[str]
    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    depths_cm: NDArray[np.float64]
    dates: Days
    theta: NDArray[np.float32]
    soil_temperature: NDArray[np.float32] | None = field(default=None)
    rejected: NDArray[np.uint8] | None = field(default=None)
    day_ends_utc: int = 0
    irrigated: list[bool | None] | None = field(default=None)

    def __post_init__(self) -> None:
        shape = (len(self.ids), len(self.depths_cm), len(self.dates))
        if self.theta.shape != shape:
            raise ValueError(f"theta has shape {self.theta.shape}, expected (stations, depths, dates) = {shape}")
        for name in ("soil_temperature", "rejected"):
            values = getattr(self, name)
            if values is not None and values.shape != shape:
                raise ValueError(f"{name} has shape {values.shape}, expected {shape}")
        if not len(self.ids) == len(self.names) == len(self.networks) == len(self.longitudes) == len(self.latitudes):
            raise ValueError("ids, names, networks, longitudes and latitudes of stations differ in length")
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("station ids must not repeat")
        if self.irrigated is not None and len(self.irrigated) != len(self.ids):
            raise ValueError("irrigated and ids of stations differ in length")

    @classmethod
    def empty(cls) -> Stations:
        nothing = np.empty(0, np.float64)
        return cls([], [], [], nothing, nothing, nothing, np.empty(0, "datetime64[D]"),
                   np.empty((0, 0, 0), np.float32))

    def __len__(self) -> int:
        return len(self.ids)

    def chosen(self, numbers: Sequence[int]) -> Stations:
        """Only the stations at these positions."""
        def of(values: list[Any]) -> list[Any]:
            return [values[number] for number in numbers]

        picked = list(numbers)
        return replace(self, ids=of(self.ids), names=of(self.names), networks=of(self.networks),
                       longitudes=self.longitudes[picked], latitudes=self.latitudes[picked], theta=self.theta[picked],
                       soil_temperature=None if self.soil_temperature is None else self.soil_temperature[picked],
                       rejected=None if self.rejected is None else self.rejected[picked],
                       irrigated=None if self.irrigated is None else of(self.irrigated))
