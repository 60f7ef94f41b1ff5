"""Splits: parts never overlap, gaps are kept, every season is in every part, near stations stay together."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.training.splits import blocked, held_out_stations, leave_station_out, paper, station_fold, station_groups
from hypothesis import given
from hypothesis import strategies as st

DATES = np.arange("2000-01-01", "2016-01-01", dtype="datetime64[D]")


@given(seed=st.integers(0, 1000), block=st.integers(5, 60), gap=st.integers(0, 60))
def test_blocks_keep_their_gap(seed: int, block: int, gap: int) -> None:
    parts = blocked(DATES, block, gap, seed)
    assert (np.sum(parts, axis=0) <= 1).all()
    for one in range(3):
        for other in range(one):
            first, second = DATES[parts[one]], DATES[parts[other]]
            near = np.searchsorted(first, second)
            distance = np.minimum(np.abs(second - first[np.clip(near, 0, len(first) - 1)]),
                                  np.abs(second - first[np.clip(near - 1, 0, len(first) - 1)])).astype(int)
            assert distance.min() > gap


def test_a_date_falls_into_the_same_part_whatever_else_is_given() -> None:
    whole, some = blocked(DATES, seed=3), blocked(DATES[1000:2000:7], seed=3)
    assert np.array_equal(whole.test[1000:2000:7], some.test)
    two_runs = blocked(np.stack([DATES[:700], DATES[700:1400]]), seed=3)
    assert np.array_equal(two_runs.train.reshape(-1), whole.train[:1400])


@pytest.mark.parametrize("split", [blocked, paper])
def test_every_part_sees_every_season(split: object) -> None:
    parts = split(DATES, seed=1)
    month = DATES.astype("datetime64[M]").astype(int) % 12
    for part in parts:
        assert len(np.unique(month[part])) == 12


def test_the_paper_split_keeps_its_fractions_in_each_season() -> None:
    parts = paper(DATES, seed=0)
    assert (np.sum(parts, axis=0) == 1).all()
    month = DATES.astype("datetime64[M]").astype(int) % 12
    for season in range(4):
        here = (month + 1) % 12 // 3 == season
        assert np.allclose([part[here].mean() for part in parts], (0.7, 0.1, 0.2), atol=0.01)


def test_stations_within_ten_kilometres_stay_together() -> None:
    # a chain of three (6 km steps), a pair across the date line, and one alone
    longitude = np.array([-100.0, -100.0, -100.0, 179.99, -179.99, 10.0])
    latitude = np.array([40.0, 40.054, 40.108, 0.0, 0.0, -20.0])
    groups = station_groups(longitude, latitude)
    assert groups[0] == groups[1] == groups[2] and groups[3] == groups[4] and len(set(groups)) == 3
    splits = leave_station_out(longitude, latitude, folds=5)
    assert len(splits) == 3
    tested = np.sum([parts.test for parts in splits], axis=0)
    assert (tested == 1).all()
    for parts in splits:
        assert (np.sum(parts, axis=0) == 1).all() and parts.train.any()
        for group in range(3):
            assert len({int(np.argmax([part[s] for part in parts])) for s in np.nonzero(groups == group)[0]}) == 1
    with pytest.raises(ValueError, match="at least 3"):
        leave_station_out(longitude[:5], latitude[:5])


@pytest.mark.parametrize(("kind", "held_out"), [
    ("leave_station_out", {"validation", "test"}), ("leave_station_and_year_out", {"test"}), ("blocked", set())])
def test_a_training_learns_nothing_of_the_stations_that_are_held_out(kind: str, held_out: set[str]) -> None:
    stations: Any = _Stations(np.arange(6.0) - 100, np.full(6, 40.0))
    for number in range(4):
        split: Any = SimpleNamespace(kind=kind, of_station_folds=kind != "blocked", folds=3, seed=1, distance_km=5.0,
                                     fold=number)
        parts = station_fold(split, stations)._asdict()
        assert all(part.sum() == 2 for part in parts.values()), "a fold beyond the last begins anew"
        wanted = np.logical_or.reduce([np.zeros(6, bool), *(parts[name] for name in held_out)])
        assert held_out_stations(split, stations).tolist() == wanted.tolist()
    near: Any = _Stations(np.full(6, -100.0), np.full(6, 40.0))
    with pytest.raises(DeepSoilError) as refused:
        station_fold(split, near)
    assert refused.value.code == "too_few_stations"


@dataclass
class _Stations:
    longitudes: np.ndarray
    latitudes: np.ndarray

    def __len__(self) -> int:
        return len(self.longitudes)
