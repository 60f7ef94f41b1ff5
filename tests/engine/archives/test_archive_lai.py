"""Leaf area comes from the subset service at its place and day, and what is no leaf area stays unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives.lai import MODIS_LAI, VIIRS_LAI
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from gathering import BOUNDS, days, fetched, ingested, point_at
from servers.ornl import ornl

ASKED = days("2023-03-01", "2023-05-31")
DAYS = [date(2023, 1, 1) + timedelta(days=number) for number in range(0, 365, 8)]
MIDDLE = (BOUNDS[0] + BOUNDS[2]) / 2


def leaves(day: date, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """2.0 in the west and 4.0 in the east; one composite is a town."""
    return np.full(lon.shape, 250) if day == DAYS[12] else np.where(lon < MIDDLE, 20, 40)


def main_algorithm(day: date, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """The northern part was not retrieved by the main algorithm of VIIRS (bits 0-2)."""
    return np.where(lat > 39.10, 3, 0)


def test_leaf_area_reaches_the_store_at_its_place_on_the_last_day_of_its_composite(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [day for day in DAYS if day != DAYS[9]]
    with ornl(there, leaves, main_algorithm) as server:
        point_at(monkeypatch, tmp_path, ornl=server.url)
        got, entries = fetched(VIIRS_LAI, ASKED, tmp_path)
        assert len(server.paths("/dates")) == 1 and len(server.paths("/subset")) == 4  # two bands of two pieces
        store = ingested(tmp_path, [entries], ASKED)
    found = store.dates_of("lai").astype(object).tolist()
    ends = [day + timedelta(days=7) for day in there]
    assert found == [day for day in ends if date(2023, 3, 1) <= day <= ASKED.end]
    assert [piece.name for piece in VIIRS_LAI.plan(ASKED)] == ["viirs_lai/2023-001.json", "viirs_lai/2023-081.json"]
    south = Window.around(BOUNDS[0], BOUNDS[1], BOUNDS[2], 39.09)
    values = store.read_layer("lai", 0, south)
    assert values[5, 5] == pytest.approx(2.0) and values[5, -5] == pytest.approx(4.0)
    assert np.isnan(store.read_layer("lai", 0, Window.around(*BOUNDS))[2]).all()  # by the flags
    assert np.isnan(store.read_layer("lai", found.index(DAYS[12] + timedelta(days=7)), south)).all()
    assert "1 composites do not exist" in entries.notes[0] and str(DAYS[9]) in entries.notes[0]
    assert sum(one.size for one in got) > 1000


def test_what_there_is_is_asked_once_for_each_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ornl(DAYS, leaves, main_algorithm) as server:
        point_at(monkeypatch, tmp_path, ornl=server.url)
        for bounds in (BOUNDS, BOUNDS, (-97.625, 39.06, -97.555, 39.12)):
            fetched(VIIRS_LAI, replace(ASKED, bounds=bounds), tmp_path)
        assert len(server.paths("/dates")) == len(server.paths("/bands")) == 2


def test_an_answer_that_lacks_a_date_or_has_another_scale_is_refused(tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    for more, word in (({"drop": DAYS[11]}, "came"), ({"scale": "0.01"}, "the scale 0.01"),
                       ({"leaf_band": "Leaves"}, "no band")):
        with ornl(DAYS, leaves, main_algorithm, **more) as server:
            point_at(monkeypatch, tmp_path, ornl=server.url)
            with pytest.raises(DeepSoilError) as caught:
                fetched(VIIRS_LAI, ASKED, tmp_path)
        assert caught.value.code == "archive_implausible" and word in caught.value.message
    with ornl(DAYS, lambda day, lon, lat: np.full(lon.shape, 180), main_algorithm) as server:
        point_at(monkeypatch, tmp_path, ornl=server.url)
        with pytest.raises(DeepSoilError) as caught:
            fetched(VIIRS_LAI, ASKED, tmp_path)
    assert "a value that it cannot have" in caught.value.message


def test_modis_stands_in_before_its_end_only() -> None:
    assert len(MODIS_LAI.plan(ASKED)) == 3 and MODIS_LAI.plan(ASKED)[0].name == "modis_lai/2023-041.json"
    with pytest.raises(DeepSoilError) as caught:
        MODIS_LAI.plan(days("2025-01-01", "2026-06-01"))
    assert caught.value.code == "archive_no_days"
    assert VIIRS_LAI.plan(days("2010-01-01", "2012-03-01"))[0].details["days"][0] == "2012-01-17"
