"""Maps of networks that rest on readings: what changes, what may not, what is left out, and what the files say."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import Reading, Readings
from deepsoil.contract.specification import parse_specification
from deepsoil.grid import pixel_to_lonlat
from deepsoil.inference import windows
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.summary import summary
from deepsoil.kinds.preparation import Requests
from deepsoil.kinds.registry import find_kind
from deepsoil.stations.gathered import gather
from deepsoil.store.store import Stations, Store
from inference_tools import DAY, DAYS, HERE, built, document, make_context, new_job
from test_tasks_predict import compute, content, job_in_parts, put_together

NAME = f"soil_moisture_20cm_{DAY}.tif"


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture
def context(ground: Path, tmp_path: Path) -> Context:
    return make_context(ground, tmp_path / "home")


def value(theta: float = 0.4, day: date = DAY, depth_cm: float = 20.0, sensor: str = "A",
          pixel: tuple[float, float] = (150.5, 150.5)) -> dict[str, Any]:
    lon, lat = pixel_to_lonlat(HERE.column + pixel[0], HERE.row + pixel[1])
    return {"longitude": float(lon), "latitude": float(lat), "depth_cm": depth_cm, "date": str(day), "theta": theta,
            "sensor": sensor}


def made(context: Context, *values: dict[str, Any], **more: Any) -> JobFolder:
    options = {"options": {"readings": {"values": list(values), **more}}} if values else {}
    job = new_job(context, **options)
    find_kind("predict").run(job.specification(), job, context)
    return job


def theta_of(job: JobFolder, name: str = NAME) -> np.ndarray:
    with rasterio.open(job.outputs_path / name) as raster:
        return np.ma.filled(raster.read(1, masked=True).astype(float) * 1e-4, np.nan)


def tags(job: JobFolder) -> dict[str, str]:
    with rasterio.open(job.outputs_path / NAME) as raster:
        return dict(raster.tags())


def test_a_reading_moves_the_map_and_the_map_says_so(context: Context) -> None:
    plain, wet = made(context), made(context, value(0.6), value(0.6, DAY - timedelta(days=3)))
    moved = theta_of(wet) - theta_of(plain)
    # The made-up ground has another soil and cover in every pixel: a reading says little of most of them.
    assert np.nanmean(moved) * np.sign(0.6 - np.nanmean(theta_of(plain))) > 0.005
    other_depth = theta_of(wet, NAME.replace("20cm", "05cm")) - theta_of(plain, NAME.replace("20cm", "05cm"))
    assert 0 < np.abs(np.nanmean(other_depth)) < np.abs(np.nanmean(moved))
    assert tags(wet)["DEEPSOIL_READINGS"] == f"2 readings of 1 sensors, last {DAY}"
    assert "DEEPSOIL_READINGS" not in tags(plain) and "DEEPSOIL_RECONSTRUCTION" not in tags(wet)


def test_no_reading_of_a_later_day_is_used_whatever_the_request(context: Context) -> None:
    for seed in range(2):
        rng = random.Random(seed)
        before = [value(rng.uniform(0.1, 0.4), DAY - timedelta(days=rng.randrange(30)), rng.choice([5.0, 10.0, 20.0]),
                        f"S{number}", (rng.uniform(100, 200), rng.uniform(110, 200))) for number in range(3)]
        later = [value(rng.uniform(0.1, 0.6), DAY + timedelta(days=rng.randrange(1, 30)), 20.0, f"S{number}")
                 for number in range(3)]
        alone, both = made(context, *before), made(context, *before, *later)
        assert np.array_equal(theta_of(alone), theta_of(both), equal_nan=True)
        past = made(context, *before, *later, later_days=True)
        assert not np.array_equal(theta_of(alone), theta_of(past), equal_nan=True)
        assert tags(past)["DEEPSOIL_RECONSTRUCTION"] == "yes"


def test_tasks_make_the_same_maps(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 32)
    options = {"options": {"readings": {"values": [value(), value(0.35, DAY - timedelta(days=2), 5.0, "B")]}}}
    whole = new_job(context, **options)
    find_kind("predict").run(whole.specification(), whole, context)
    job = job_in_parts(context, **options)
    assert [compute(job, context, index) for index in range(5)] == ["succeeded"] * 5
    assert put_together(job, context)[0] == "succeeded"
    assert content(job.outputs_path / NAME) == content(whole.outputs_path / NAME)


def warned(context: Context, *values: dict[str, Any]) -> list[str]:
    estimate = Requests(lambda: context).estimate(document(region="made-up",
                                                           options={"readings": {"values": list(values)}}))
    return [one["code"] for one in estimate["warnings"] if one["code"].startswith("readings")]


def test_what_is_not_used_is_said_before_the_job_is_sent(context: Context) -> None:
    assert warned(context, value()) == []
    assert warned(context, value(), value(pixel=(9000, 150))) == ["readings_outside"]
    assert warned(context, value(), value(depth_cm=60.0)) == ["readings_outside"]
    assert warned(context, value(day=DAY + timedelta(days=1))) == ["readings_later", "readings_none"]
    assert warned(context, value(day=DAY - timedelta(days=900))) == ["readings_none"]


def test_a_reading_that_contradicts_the_map_is_told(context: Context) -> None:
    job = made(context, *[value(0.25, DAY - timedelta(days=n), sensor=f"S{s}", pixel=(120 + 5 * s, 150))
                          for s in range(4) for n in range(4)], value(0.79, sensor="broken"))
    log = job.path.joinpath("log.jsonl").read_text(encoding="utf-8")
    assert "broken at 20 cm" in log and "counts for less" in log
    assert int(tags(job)["DEEPSOIL_READINGS_DOUBTED"]) >= 1
    (warning,) = summary(job, "here")["warnings"]
    assert warning["code"] == "readings_contradict" and warning["values"]["sensor"] == "broken"


@pytest.mark.parametrize(("readings", "field"), [
    ({"values": [value(), value(0.3)]}, "options.readings.values.1"),
    ({"values": [value(22.0)]}, "options.readings.values.0.theta"),
    ({"values": [value(depth_cm=200.0)]}, "options.readings.values.0.depth_cm"),
    ({"values": []}, "options.readings"),
    ({"values": [value()], "left_out": ["a"]}, "options.readings.left_out"),
])
def test_readings_that_are_refused(readings: dict[str, Any], field: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification(document(region="made-up", options={"readings": readings}))
    assert caught.value.code == "specification_invalid" and caught.value.field == field


def test_stations_are_readings_without_those_left_out(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, bounds = Store.open(ground / "store"), (-98.0, 36.4, -97.9, 36.5)
    with pytest.raises(DeepSoilError) as caught:
        gather(store, Readings(stations=True, left_out=["z"]), bounds)
    assert caught.value.code == "station_unknown"
    stations = store.stations()
    theta, temperature = np.full_like(stations.theta, 0.2), np.full_like(stations.theta, 9.0)
    temperature[1, :, 5] = -1.0
    there = Stations(stations.ids, stations.names, stations.networks, stations.longitudes, stations.latitudes,
                     stations.depths_cm, stations.dates, theta, temperature)
    monkeypatch.setattr(Store, "stations", lambda self: there)
    found = gather(store, Readings(stations=True, left_out=["a"]), bounds)
    assert set(found.names) == {"station b", "station c"}
    assert len(found) == 2 * 2 * len(DAYS) - 2, "ice is not measured"


def test_a_probe_in_frozen_ground_is_left_out_and_named(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, bounds = Store.open(ground / "store"), (-98.0, 36.4, -97.9, 36.5)
    wanted = Readings(values=[Reading(longitude=-97.95, latitude=36.45, depth_cm=5.0, date=DAY, theta=0.1)])
    monkeypatch.setattr("deepsoil.stations.gathered.coarse_at", lambda *_: np.full((1, 10), -6.0))
    found = gather(store, wanted, bounds)
    assert len(found) == 0 and [one.code for one in found.warnings] == ["readings_frozen"]
    monkeypatch.setattr("deepsoil.stations.gathered.coarse_at", lambda *_: np.full((1, 10), 6.0))
    assert len(gather(store, wanted, bounds)) == 1
