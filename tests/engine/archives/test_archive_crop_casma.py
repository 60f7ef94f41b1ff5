"""SMAP at 1 km comes for comparison, day by day with its holes, and never as an input of a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives.crop_casma import CROP_CASMA
from deepsoil.contract.errors import DeepSoilError
from gathering import BOUNDS, days, fetched, ingested, point_at
from servers.crop_casma import crop_casma

ASKED = days("2023-05-01", "2023-05-25")
ABSENT = frozenset({date(2023, 5, 9)})


def moisture(day: date, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Drier to the west, wetter by the day; nothing in the north, and nothing at all on some days."""
    values = 0.2 + (lon + 96.6) + 0.002 * day.day
    return np.where((lat > 39.105) | (day.day % 3 == 0), np.nan, values)


@pytest.mark.parametrize("status", [200, 404])
def test_days_reach_the_channel_for_comparison_with_their_holes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                status: int) -> None:
    with crop_casma(moisture, ABSENT, status) as server:
        point_at(monkeypatch, tmp_path, crop_casma=server.url)
        got, entries = fetched(CROP_CASMA, ASKED, tmp_path)
        assert len(server.asked) == 25 and len(got) == 3
        store = ingested(tmp_path, [entries], ASKED)
    assert "smap" not in store.channels() and "smap" not in entries.channels
    series = store.coarse("smap_1km")
    assert series.dates[0] == np.datetime64("2023-05-01") and series.dates.size == 25
    row, column = int(np.abs(series.latitudes - 39.08).argmin()), int(np.abs(series.longitudes + 96.58).argmin())
    found = series.values[:, row, column]
    expected = np.array([moisture(date(2023, 5, 1) + timedelta(days=n), np.array(-96.58), np.array(39.08))
                         for n in range(25)])
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, atol=0.013)  # the middle of a pixel of 1 km
    assert np.isnan(series.values[:, series.latitudes > 39.115]).all()
    assert "17 of 25 days" in entries.notes[0] and str(ABSENT) not in entries.notes[0]
    assert "no network was trained" in entries.channels["smap_1km"]["note"]


def test_only_the_last_weeks_are_asked_and_only_where_there_is_something() -> None:
    pieces = CROP_CASMA.plan(replace(ASKED, start=date(2020, 1, 1), end=date(2026, 11, 30)))
    assert pieces[0].details["start"] == "2026-09-18" and pieces[-1].details["end"] == "2026-11-20"
    next_day = CROP_CASMA.plan(replace(ASKED, start=date(2020, 1, 1), end=date(2026, 12, 1), today=date(2026, 12, 1)))
    assert [one.details for one in next_day][:-1] == [one.details for one in pieces][:-1]
    assert pieces[0].name == "crop_casma/2026-261.json" and len(pieces) == 7
    for asked, code in ((replace(ASKED, bounds=(-96.0, 49.9, -95.9, 50.1)), "archive_outside"),
                        (replace(ASKED, start=ASKED.today, end=ASKED.today), "archive_no_days")):
        with pytest.raises(DeepSoilError) as caught:
            CROP_CASMA.plan(asked)
        assert caught.value.code == code


def test_answers_that_cannot_be_right_are_refused_and_no_values_are_no_channel(tmp_path: Path,
                                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    for theta, more, word in ((lambda day, lon, lat: lon * 0 + 31.0, {}, "0 to 1"),
                              (moisture, {"epsg": 32614}, "5070")):
        with crop_casma(theta, **more) as server:
            point_at(monkeypatch, tmp_path, crop_casma=server.url)
            with pytest.raises(DeepSoilError) as caught:
                fetched(CROP_CASMA, ASKED, tmp_path)
        assert caught.value.code == "archive_implausible" and word in caught.value.message
    with crop_casma(lambda day, lon, lat: lon * np.nan) as server:
        point_at(monkeypatch, tmp_path, crop_casma=server.url)
        entries = fetched(CROP_CASMA, ASKED, tmp_path)[1]
    assert not entries.channels and "0 of 25 days" in entries.notes[0]
    assert BOUNDS[0] < BOUNDS[2]
