"""A method is judged at the nearest station in a small region of its own, in the weeks of the map."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely.geometry
import xarray as xr
from deepsoil.archives import registry
from deepsoil.archives.archive import Entries
from deepsoil.archives.awdb import AWDB
from deepsoil.archives.box import ask_for
from deepsoil.archives.choice import Wishes, choose
from deepsoil.archives.folder import Record
from deepsoil.archives.station_regions import readings_of, station_regions
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.evaluation.background import MadeBy, Positions
from deepsoil.evaluation.verified import verified, weeks_of
from deepsoil.grid import Window
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.warnings import read_warnings
from deepsoil.kinds import gather_planning, gather_stations, gather_work, predict_verification
from deepsoil.kinds.gather_work import Surroundings
from deepsoil.kinds.open_context import open_context
from deepsoil.kinds.preparation import prepare
from gather_tools import made_server
from gathering import FIELD, days, fetched, ingested, point_at
from inference_tools import document
from made_archives import TODAY, install
from servers.awdb import MadeStation, awdb

ASKED = days("2023-03-01", "2023-05-31")
HOURS = pd.date_range("2023-02-28", "2023-06-02", freq="h")
TRUTH = 0.25


def made(triplet: str, latitude: float, depths: tuple[int, ...] = (2, 8)) -> MadeStation:
    wave = 0.30 + 0.05 * np.sin(np.arange(HOURS.size) / 200)
    return MadeStation(triplet, f"Station {triplet}", -96.62, latitude, -6.0, HOURS, dict.fromkeys(depths, wave),
                       {2: np.full(HOURS.size, 15.0)})


class Constant:
    """A method that says the same θ everywhere."""

    depths_cm = [5, 20]

    def levels_cm(self, reading_depths_cm) -> tuple[float, ...]:
        return tuple(reading_depths_cm)

    def made_by(self, depth_cm: int) -> MadeBy:
        return MadeBy("constant", "1")

    def missing(self, depth_cm: int) -> list[str]:
        return []

    def series(self, at: Positions, days, levels_cm, step, *, before=()):
        theta = np.full((len(at), len(levels_cm), len(before) + len(days)), TRUTH, np.float32)
        return theta, np.full_like(theta, np.nan)


def weather(folder: Path) -> Entries:
    """The same weather every day, wherever the region lies."""
    times = pd.date_range("2023-03-01", "2023-05-31", freq="D")
    lat, lon = np.arange(40.0, 38.5, -0.25), np.arange(-97.5, -96.0, 0.25)
    values = np.ones((times.size, lat.size, lon.size), np.float32)
    data = xr.Dataset(dict.fromkeys(("rain", "warm", "dry", "pet"), (("time", "lat", "lon"), values)),
                      {"time": times, "lat": lat, "lon": lon})
    data.to_netcdf(folder / "weather.nc", engine="h5netcdf")
    return Entries({channel: {"kind": "netcdf", "files": ["weather.nc"], "variable": name, "unit": unit}
                    for channel, name, unit in (("precipitation", "rain", "mm/day"), ("temperature", "warm", "degC"),
                                                ("vpd", "dry", "kPa"), ("pet", "pet", "mm/day"))})


def test_the_nearest_stations_get_regions_and_say_how_a_method_did(tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    stations = [made("1:KS:SCAN", 39.091), made("2:KS:SCAN", 39.3, (2,)), made("3:KS:SCAN", 39.4),
                made("4:KS:SCAN", 39.5)]
    with awdb([*stations, made("9:CO:SNTL", 45.0)]) as server:
        point_at(monkeypatch, tmp_path, awdb=server.url)
        part = fetched(AWDB, ASKED, tmp_path)[1].stations
    assert part is not None
    regions = station_regions([part], tmp_path, ASKED, lambda window: window.pad(64))
    assert [one.station.id for one in regions] == ["SCAN_2", "SCAN_3"]  # the first lies in the field's own maps
    found = []
    for one in regions:
        one.folder.mkdir(parents=True)
        store = ingested(one.folder, [weather(one.folder), readings_of(one, tmp_path)], one.ask)
        assert store.stations().ids == [one.station.id]
        assert store.window.contains(Window.around(*one.ask.bounds)) and one.ask.bounds != ASKED.bounds
        found += verified(store, FIELD.bounds, Constant(), [date(2023, 5, 20), date(2023, 5, 31)])
    assert [(one.station, one.depth_cm) for one in found] == [("SCAN_2", 5), ("SCAN_3", 5), ("SCAN_3", 20)]
    readings = pd.Series(made("x:y:SCAN", 0).theta[2], HOURS).resample("D").mean()
    weeks = readings["2023-04-22":"2023-05-31"]  # from four weeks before the first map to the last
    assert found[0].bias == pytest.approx(TRUTH - weeks.mean(), abs=0.001) and found[0].days == len(weeks)
    assert found[0].to_dict()["km"] == pytest.approx(22.4, abs=0.5) and found[0].sensor_depth_cm == 5
    assert verified(store, FIELD.bounds, Constant(), [date(2023, 4, 15)])[0].days == 17  # weather from 30 March on
    assert not verified(store, FIELD.bounds, Constant(), [date(2023, 4, 2)])  # too few days to say anything
    assert not verified(store, FIELD.bounds, Constant(), [date(2022, 1, 1)])


def test_the_weeks_of_maps_end_with_the_weather(tmp_path: Path) -> None:
    store = ingested(tmp_path, [weather(tmp_path)], replace(ASKED, bounds=(-96.62, 39.06, -96.6, 39.08)))
    first, last = store.map_dates()
    assert weeks_of([last], store) == [last - timedelta(days=28 - number) for number in range(29)]
    assert weeks_of([first + timedelta(days=1)], store)[0] == first
    assert weeks_of([last + timedelta(days=5)], store)[-1] == last


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The made archives of ground, soil and sky, and AWDB."""
    before, needs = dict(registry.ARCHIVES), dict(registry.NEEDS)
    install(registry.ARCHIVES, registry.NEEDS)
    registry.ARCHIVES["awdb"] = AWDB
    registry.NEEDS["stations"] = ("awdb",)
    monkeypatch.setattr(gather_planning, "today", lambda: TODAY)
    yield
    for known, old in ((registry.ARCHIVES, before), (registry.NEEDS, needs)):
        known.clear()
        known.update(old)  # type: ignore[arg-type]


def test_a_gathered_field_has_a_region_at_its_station_and_its_results_say_how_they_did_there(
        registered: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = pd.date_range("2023-06-01", "2023-09-10", freq="h")
    station = MadeStation("2:KS:SCAN", "Far Meadow", -96.6, 39.22, -6.0, hours, {2: np.full(hours.size, 0.31)})
    broken = replace(station, triplet="3:KS:SCAN", name="Broken Meadow", latitude=39.235)
    asked = days("2022-09-01", "2023-09-09")
    ask = ask_for(FIELD, asked.start, asked.end, TODAY, lambda window: window.pad(8))
    context, notes = open_context(tmp_path / "home"), list[str]()
    (tmp_path / "home").mkdir()
    around = Surroundings(tmp_path / "home", lambda done, total, message: None,
                          lambda text, level="info": notes.append(text), lambda: False)
    folder = tmp_path / "field"
    others = [broken, replace(station, triplet="9:CO:SNTL", latitude=45.0)]
    with made_server() as server, awdb([station, *others]) as stations:
        point_at(monkeypatch, tmp_path, made=server.address, awdb=stations.url)
        plan = choose(ask, Wishes(), registry.ARCHIVES, {need: registry.NEEDS[need] for need in (
            "elevation", "soil", "weather", "stations")})
        record = Record("Field", ask.bounds, ask.start, ask.end, ask.start, ask.end)
        recipe = gather_work.gather(plan, record, folder, around)
        original = gather_stations.readings_of

        def fails_once(region, place):
            if region.station.name == "Broken Meadow":
                raise DeepSoilError("archive_failed", "It is gone.", "Try again.")
            return original(region, place)

        monkeypatch.setattr(gather_stations, "readings_of", fails_once)
        region = gather_work.ingest(recipe, FIELD, context, around)
    assert [path.parent.name for path in gather_stations.stores_of(folder)] == ["SCAN_2"]
    assert any("Broken Meadow" in note and "It is gone" in note for note in notes)
    assert [one["id"] for one in context.regions.list()] == [region["id"]]  # the station's is in no list

    monkeypatch.setattr("deepsoil.evaluation.columns.SoilColumns", lambda store, depths: Constant())

    def publish(first: str, last: str) -> JobFolder:
        wanted = prepare(parse_specification(document(
            region=region["id"], area=shapely.geometry.mapping(FIELD), depths_cm=[5], options={"method": "column"},
            dates={"start": first, "end": last})), context)
        job = JobFolder.create(context.jobs, wanted, claimed=True)[0]
        predict_verification.publish(job.specification(), job, context)
        return job

    job = publish("2023-08-01", "2023-08-03")
    said = json.loads((job.outputs_path / "verification.json").read_text())
    assert [(one["station"], one["depth_cm"], one["bias"]) for one in said["verified"]] == [("SCAN_2", 5, -0.06)]
    warnings = read_warnings(job.path)
    assert [one["code"] for one in warnings] == ["verified_near"]
    assert all(word in warnings[0]["message"] for word in ("Far Meadow", "13 km", "-0.060"))
    assert said["verified"][0]["km"] == pytest.approx(13.3, abs=0.3) and said["verified"][0]["days"] == 31
    job = publish("2022-12-01", "2022-12-01")
    assert json.loads((job.outputs_path / "verification.json").read_text())["verified"] == []
    assert [one["code"] for one in read_warnings(job.path)] == ["not_verified"]
