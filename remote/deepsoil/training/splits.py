"""Splits dates and stations into training, validation and test; parts never overlap, gaps belong to none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepsoil import grid
from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.store.series import Stations
    from deepsoil.training.configuration import Split

Dates = NDArray[np.datetime64]

# Blocks of one cycle: 8 for training, 1 for validation, 2 for test. With 30-day blocks and gaps the cycle
# takes 420 days, so that its parts shift through the seasons from year to year.
CYCLE = ((8, "train"), (1, "validation"), (2, "test"))


class Parts(NamedTuple):
    """Boolean masks over the dates (or stations) that were given."""

    train: NDArray[np.bool_]
    validation: NDArray[np.bool_]
    test: NDArray[np.bool_]


def blocked(dates: Dates, block_days: int = 30, gap_days: int = 30, seed: int = 0) -> Parts:
    """Blocks of days with a gap at every change of part.

    The gap is as long as the longest antecedent window of the inputs (30 days), so that no test day uses
    weather of a training day. Depends on the calendar and the seed only, never on which dates are given.
    """
    dates = dates.astype("datetime64[D]")
    length = sum(blocks * block_days + gap_days for blocks, _ in CYCLE)
    offset = int(np.random.default_rng(seed).integers(length))
    phase = (dates.astype(np.int64) + offset) % length
    masks: dict[str, NDArray[np.bool_]] = {}
    start = 0
    for blocks, name in CYCLE:
        masks[name] = (phase >= start) & (phase < start + blocks * block_days)
        start += blocks * block_days + gap_days
    return Parts(**masks)


def paper(dates: Dates, seed: int = 0) -> Parts:
    """The paper's split (§3.6.3): random dates, 70/10/20 within each season of each calendar year.

    Neighbouring days are in different parts, so its scores are too optimistic; kept for comparison.
    """
    days = np.unique(dates.astype("datetime64[D]"))
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    key = days.astype("datetime64[Y]").astype(np.int64) * 4 + (month + 1) % 12 // 3
    rng = np.random.default_rng(seed)
    part = np.zeros(len(days), np.int64)
    for season in np.unique(key):
        members = rng.permutation(np.nonzero(key == season)[0])
        first, second = round(0.7 * len(members)), round(0.8 * len(members))
        part[members[first:second]] = 1
        part[members[second:]] = 2
    of_date = part[np.searchsorted(days, dates.astype("datetime64[D]"))]
    return Parts(of_date == 0, of_date == 1, of_date == 2)


def split_dates(kind: Literal["blocked", "paper"], dates: Dates, block_days: int, gap_days: int, seed: int) -> Parts:
    """The split of a configuration; ``dates`` of any shape."""
    return paper(dates, seed) if kind == "paper" else blocked(dates, block_days, gap_days, seed)


def station_groups(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64], distance_km: float = 10.0,
                   ) -> NDArray[np.int64]:
    """Group number (S,) of each station: stations linked by steps shorter than ``distance_km`` stay together."""
    apart = grid.distance_km(longitudes[:, None], latitudes[:, None], longitudes, latitudes)
    near = (apart < distance_km) | np.eye(len(longitudes), dtype=bool)
    group = np.arange(len(longitudes))
    while True:
        smallest = np.where(near, group[None, :], len(group)).min(1)
        if (smallest == group).all():
            return np.unique(group, return_inverse=True)[1]
        group = smallest


def leave_station_out(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64], folds: int = 5, seed: int = 0,
                      distance_km: float = 10.0) -> list[Parts]:
    """``folds`` splits of the stations: each group of near stations is tested once and validated once.

    With fewer groups than folds there are as many folds as groups. ValueError with fewer than 3 groups:
    then no split leaves stations to train on.
    """
    group = station_groups(longitudes, latitudes, distance_km)
    count = int(group.max()) + 1
    if count < 3:
        raise ValueError(f"only {count} groups of stations lie {distance_km:g} km apart; at least 3 are needed")
    folds = min(folds, count)
    fold = np.empty(count, np.int64)
    fold[np.random.default_rng(seed).permutation(count)] = np.arange(count) % folds
    of_station = fold[group]
    return [Parts((of_station != f) & (of_station != (f + 1) % folds), of_station == (f + 1) % folds, of_station == f)
            for f in range(folds)]


def station_fold(split: Split, stations: Stations) -> Parts:
    """Stations (S,) for training, validation and test by a split in folds. DeepSoilError ``too_few_stations``."""
    try:
        folds = leave_station_out(stations.longitudes, stations.latitudes, split.folds, split.seed, split.distance_km)
    except ValueError as error:
        raise DeepSoilError("too_few_stations", "The stations cannot be held out: {error}.",
                            "Lower split.distance_km, or split by dates.", "split", error=error) from error
    return folds[split.fold % len(folds)]


def held_out_stations(split: Split, stations: Stations) -> NDArray[np.bool_]:
    """Stations (S,) of which a training may learn nothing at all; none where a split holds out days only."""
    if not split.of_station_folds:
        return np.zeros(len(stations), bool)
    fold = station_fold(split, stations)
    return fold.validation | fold.test if split.kind == "leave_station_out" else fold.test
