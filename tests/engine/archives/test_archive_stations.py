"""Stations near a field come from their archives with the right depth, unit and hour, and nothing is made up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deepsoil.archives import near_stations
from deepsoil.archives.awdb import AWDB
from deepsoil.archives.probing import probe
from deepsoil.archives.uscrn import USCRN
from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.station_choice import choose_stations
from gathering import ASK, BOUNDS, days, fetched, ingested, network, point_at
from servers.awdb import MadeStation, awdb
from servers.uscrn import MadeCrn, uscrn

HOURS = pd.date_range("2022-12-30", "2023-01-05 23:00", freq="h")
ASKED = days("2022-12-30", "2023-01-05")


def made(triplet: str, longitude: float, latitude: float, zone: float | None = -6.0, **more: object) -> MadeStation:
    wave = np.linspace(0.10, 0.40, HOURS.size)
    return MadeStation(triplet, f"Station {triplet}", longitude, latitude, zone, HOURS,
                       {2: wave, 8: wave / 2, 6: wave * 0 + 0.9}, {2: np.full(HOURS.size, 10.0)}, **more)


def made_crn(name: str = "Manhattan", wban: str = "53974", longitude: float = -96.61) -> MadeCrn:
    ends = HOURS + pd.Timedelta(hours=1)
    theta = np.linspace(0.2, 0.3, HOURS.size)[:, None] + np.arange(5) * 0.02
    theta[30:60, 0] = np.nan
    return MadeCrn(wban, "KS", name, "6 SSW", longitude, 39.1, ends, theta, np.full((HOURS.size, 5), 8.0))


def test_readings_of_scan_reach_the_store_by_utc_day_at_the_depths_in_cm(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    near = made("2094:KS:SCAN", -96.62, 39.2, suspect=tuple(range(24, 48)))
    theta = near.theta[2].copy()
    theta[72:96] = np.nan  # a day without values: keys are absent, or −99.9
    near.theta[2] = theta
    with awdb([near, made("100:CO:SNTL", -96.9, 39.1, zone=-8.0), made("7:KS:SCAN", -96.6, 39.3, zone=None),
               made("8:KS:SCAN", -95.0, 39.1)]) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        got, entries = fetched(AWDB, ASKED, tmp_path)
        store = ingested(tmp_path, [entries], ASKED)
    stations = store.stations()
    assert stations.ids == ["SCAN_2094", "SNOTEL_100"] and stations.depths_cm.tolist() == [5, 20]
    by_day = theta.reshape(-1, 24).mean(1)
    expected = np.where(np.arange(7) == 1, np.nan, by_day)  # the second day is suspect
    np.testing.assert_allclose(stations.theta[0, 0], expected, atol=2e-5)
    whole = np.linspace(0.10, 0.40, HOURS.size).reshape(-1, 24).mean(1)
    np.testing.assert_allclose(stations.theta[1], [whole, whole / 2], atol=2e-5)
    assert stations.soil_temperature is not None and stations.soil_temperature[1, 0, 3] == pytest.approx(10, abs=0.01)
    said = " ".join(entries.notes)
    assert "7:KS:SCAN is left out" in said and "time zone" in said and "48 readings of 2022" in said
    assert "2023" not in said
    assert sum(one.size for one in got) > 1000
    assert [piece.name for piece in AWDB.plan(ASKED)] == ["awdb/stations.csv", "awdb/2022.json", "awdb/2023.json"]


def test_a_station_in_another_unit_is_left_out_alone_and_said(tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    odd = made("7:KS:SCAN", -96.6, 39.2, unit="centibar")
    with awdb([odd, made("2094:KS:SCAN", -96.62, 39.3), made("1:CO:SNTL", -110, 39)]) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        entries = fetched(AWDB, ASKED, tmp_path)[1]
        assert entries.stations["only"] == ["SCAN_2094"] and "centibar" in " ".join(entries.notes)
    with awdb([odd, made("1:CO:SNTL", -110, 39)]) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        (tmp_path / "awdb" / "all_SCAN.json").unlink()
        with pytest.raises(DeepSoilError) as caught:
            fetched(AWDB, ASKED, tmp_path)
    assert caught.value.code == "archive_implausible" and "centibar" in caught.value.message


@pytest.mark.parametrize("colons", ["plain", "encoded"])
def test_both_ways_of_writing_a_triplet_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colons) -> None:
    with awdb([made("2094:KS:SCAN", -96.62, 39.2)], colons) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        with pytest.raises(DeepSoilError) as caught:  # no station of the other network: the list is not believed
            fetched(AWDB, ASKED, tmp_path)
        assert caught.value.code == "archive_implausible" and "SNTL" in caught.value.message
    with awdb([made("2094:KS:SCAN", -96.62, 39.2), made("1:CO:SNTL", -110, 39)], colons) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        assert fetched(AWDB, ASKED, tmp_path)[1].stations["only"] == ["SCAN_2094"]


def test_the_list_of_all_stations_is_kept_for_a_week_and_a_year_is_asked_in_parts(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.archives.awdb.MOST_VALUES", 24 * 3 * 2)
    with awdb([made("2094:KS:SCAN", -96.62, 39.2), made("1:CO:SNTL", -110, 39)]) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        first = fetched(AWDB, ASKED, tmp_path)[1]
        assert len(server.paths("2094:KS:SCAN&elements")) == 2 + 4  # two days at once, each year with a day around it
        assert fetched(AWDB, ASKED, tmp_path)[1] == first and len(server.paths("*:*:SCAN")) == 1
        old = tmp_path / "awdb" / "all_SCAN.json"
        old.write_text(old.read_text().replace('"at": "20', '"at": "19'))
        fetched(AWDB, ASKED, tmp_path)
        assert len(server.paths("*:*:SCAN")) == 2


def test_a_second_field_near_by_takes_the_readings_from_the_cache(tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    with awdb([made("2094:KS:SCAN", -96.62, 39.2), made("1:CO:SNTL", -110, 39)]) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        read = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            with network(cache=tmp_path / "cache") as session:
                got = [AWDB.fetch(piece, session, tmp_path / name) for piece in AWDB.plan(ASKED)]
            read.append({file: (tmp_path / name / file).read_bytes() for one in got for file in one.files
                         if file.endswith(".csv.gz")})
            if name == "first":
                asked = len(server.paths("2094:KS:SCAN&elements"))
                assert asked and sum(one.size for one in got) > 1000
        assert len(server.paths("2094:KS:SCAN&elements")) == asked and read[0] == read[1] and read[0]


def test_an_error_with_status_200_is_not_kept_as_readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with awdb([made("2094:KS:SCAN", -96.62, 39.2), made("1:CO:SNTL", -110, 39)], wrong=2) as server, \
            network(cache=tmp_path / "cache") as session:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        pieces = AWDB.plan(ASKED)
        AWDB.fetch(pieces[0], session, tmp_path)
        with pytest.raises(DeepSoilError) as caught:
            AWDB.fetch(pieces[1], session, tmp_path)
        assert caught.value.code == "archive_implausible"
        assert AWDB.fetch(pieces[1], session, tmp_path).size > 1000


def test_a_field_without_a_station_has_none_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with awdb([made("1:KS:SCAN", -90, 39), made("1:CO:SNTL", -110, 39)]) as server, \
            uscrn([made_crn(longitude=-90)]) as crn:
        point_at(monkeypatch, tmp_path, awdb=server.url, uscrn=crn.url)
        for archive in (AWDB, USCRN):
            entries = fetched(archive, ASKED, tmp_path)[1]
            assert entries.stations is None and "within 50 km" in entries.notes[-1]


def test_uscrn_reaches_the_store_beside_scan_and_an_hour_belongs_to_the_day_before_its_stamp(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    crn = made_crn()
    with awdb([made("2094:KS:SCAN", -96.62, 39.45), made("1:CO:SNTL", -110, 39)]) as server, \
            uscrn([crn, made_crn("Far", "11111", -90)]) as folder:
        point_at(monkeypatch, tmp_path, awdb=server.url, uscrn=folder.url)
        entries = fetched(USCRN, ASKED, tmp_path)[1]
        both = [fetched(AWDB, ASKED, tmp_path)[1], entries]
    store = ingested(tmp_path, both, ASKED)
    stations = store.stations()
    assert stations.ids == ["SCAN_2094", "USCRN_53974"] and stations.networks == ["SCAN", "USCRN"]
    assert stations.depths_cm.tolist() == [5, 10, 20, 50, 100]
    np.testing.assert_allclose(stations.theta[1, 1], crn.theta[:, 1].reshape(-1, 24).mean(1), atol=6e-4)
    assert np.isnan(stations.theta[1, 0, 1:3]).all() and np.isfinite(stations.theta[1, 0, 3:]).all()
    assert np.isnan(stations.theta[0, 1]).all()  # SCAN here has no sensor at 10 cm
    counts = json.loads((tmp_path / "uscrn" / "2022.json").read_text())["stations"][0]["readings"]
    assert counts == {"5": 30, "10": 47, "20": 47, "50": 47, "100": 47}  # missing ones are no readings
    assert choose_stations(stations, None, store) == [1]  # the other lies outside of the maps
    assert not [path for path in (tmp_path / "uscrn").iterdir() if path.suffix == ".txt"]
    assert "Far" not in " ".join(folder.paths("hourly02/2023/CRN"))


def test_damaged_files_of_uscrn_are_refused_and_years_without_a_file_are_said(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with uscrn([made_crn()], cut=["Manhattan"]) as folder:
        point_at(monkeypatch, tmp_path, uscrn=folder.url)
        with pytest.raises(DeepSoilError) as caught:
            fetched(USCRN, ASKED, tmp_path)
        assert caught.value.code == "archive_implausible" and "columns instead of 38" in caught.value.message
        assert not list((tmp_path / "uscrn").glob("*.csv.gz"))
    with uscrn([made_crn()]) as folder, network() as session:
        point_at(monkeypatch, tmp_path, uscrn=folder.url)
        piece = USCRN.plan(replace(ASKED, start=ASK.start.replace(year=2021), end=ASK.start.replace(year=2021)))[1]
        assert "no file of 2021" in " ".join(USCRN.fetch(piece, session, tmp_path).notes)


def test_a_damaged_file_of_uscrn_leaves_its_station_out_and_one_that_does_not_come_ends_the_fetch(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both = [made_crn("Wamego", "22222", -96.6), made_crn()]
    with uscrn(both, cut=["Wamego"]) as folder:
        point_at(monkeypatch, tmp_path, uscrn=folder.url)
        entries = fetched(USCRN, ASKED, tmp_path / "one")[1]
        assert entries.stations["only"] == ["USCRN_53974"]
        assert "Wamego" in " ".join(entries.notes) and "left out of 2022" in " ".join(entries.notes)
    with uscrn(both, gone=["Wamego"]) as folder:
        point_at(monkeypatch, tmp_path, uscrn=folder.url)
        with pytest.raises(DeepSoilError) as caught:
            fetched(USCRN, ASKED, tmp_path / "two")
        assert caught.value.code != "archive_implausible"


def test_two_networks_with_one_id_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with uscrn([made_crn()]) as folder:
        point_at(monkeypatch, tmp_path, uscrn=folder.url)
        entries = fetched(USCRN, ASKED, tmp_path)[1]
        with pytest.raises(DeepSoilError) as caught:
            ingested(tmp_path, [entries, entries], ASKED)
    assert caught.value.code == "source_invalid" and "USCRN_53974" in caught.value.message


def test_days_that_are_not_over_are_not_planned() -> None:
    with pytest.raises(DeepSoilError) as caught:
        AWDB.plan(replace(ASKED, today=ASKED.start.replace(year=2020)))
    assert caught.value.code == "archive_no_days"
    asked = replace(ASKED, end=date(2023, 2, 10), today=date(2023, 2, 10))  # a Friday
    planned = [piece.name for piece in AWDB.plan(asked)]
    assert planned[1:] == ["awdb/2022.json", "awdb/2023-01.json", "awdb/2023-02.json"]
    assert [piece.details["end"] for piece in USCRN.plan(asked)[1:]] == ["2022-12-31", "2023-02-05"]
    assert near_stations.away_km(BOUNDS, -96.6, 39.09) == 0
    assert near_stations.away_km(BOUNDS, -96.6, 40.12) == pytest.approx(111.2, abs=0.2)


def test_a_live_check_looks_for_a_known_station_and_at_its_readings(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    today = date(2023, 4, 10)
    hours = pd.date_range("2022-11-15", "2023-01-05", freq="h")
    theta = np.full((hours.size, 5), 0.3)
    crn = MadeCrn("53974", "KS", "Manhattan", "6 SSW", -96.61, 39.1, hours, theta, theta * 0 + 9)
    farm = MadeStation("2001:NE:SCAN", "Rogers Farm #1", -96.47, 40.85, -6.0, hours, {2: theta[:, 0]})
    other = replace(farm, triplet="9:CO:SNTL", latitude=45.0)

    def problems(archive, *crns: MadeCrn, scan: MadeStation = farm) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        with uscrn(crns or [crn]) as files, awdb([scan, other]) as service, network() as session:
            point_at(monkeypatch, tmp_path, uscrn=files.url, awdb=service.url)
            return " ".join(probe(archive, session, folder, today))

    assert problems(USCRN) == "" and problems(AWDB) == ""
    assert "USCRN_53974 is not among" in problems(USCRN, replace(crn, wban="11111"))
    assert "Rogers Farm is not there" in problems(AWDB, scan=replace(farm, latitude=42.0))
    assert "0.001 m³/m³ on average" in problems(USCRN, replace(crn, theta=theta / 300))
