"""Intervals hold at stations that they were not made from, stand in the model file, and fill a band of the maps."""

from __future__ import annotations

import csv
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import Intervals
from deepsoil.evaluation.conformal import half_width, left_out
from deepsoil.evaluation.residuals import read_residuals
from deepsoil.grid import pixel_to_lonlat
from deepsoil.inference import windows
from deepsoil.inference.product import NODATA
from deepsoil.kinds.registry import find_kind
from deepsoil.networks.export import predict_file
from deepsoil.networks.model_file import read_contract
from deepsoil.networks.rewrite import rewrite_contract
from inference_tools import DAY, HERE, built, document, make_context, new_job
from tasks_tools import planned
from test_tasks_predict import compute, content, put_together

CALIBRATED = Intervals(coverage=0.9, half_width=0.0613, guaranteed_half_width=0.11, groups=10, days=3650,
                       period="2023-01-01 to 2023-12-31", reference="ten stations", source="held out", covered=0.89,
                       worst=0.7)


def station(rng: np.random.Generator) -> np.ndarray:
    """Errors of a made-up station: its own bias and spread, and a number of days of its own."""
    return rng.normal(rng.normal(0, 0.7), np.exp(rng.normal(0, 0.4)), rng.integers(20, 200))


def covered(stations: int, guaranteed: bool) -> float:
    """The share of days inside at a new station, over 400 draws of all stations."""
    rng, shares = np.random.default_rng(5), []
    for _ in range(400):
        *known, new = (station(rng) for _ in range(stations + 1))
        shares.append(float((np.abs(new) <= half_width(known, guaranteed=guaranteed)).mean()))
    return float(np.mean(shares))


@pytest.mark.parametrize("stations", [9, 10, 25])
def test_a_new_station_is_covered_at_least_as_promised(stations: int) -> None:
    assert covered(stations, guaranteed=True) >= 0.9


@pytest.mark.parametrize(("stations", "least", "most"), [(10, 0.86, 0.92), (80, 0.88, 0.92)])
def test_the_pooled_width_is_neither_too_narrow_nor_too_wide(stations: int, least: float, most: float) -> None:
    assert least <= covered(stations, guaranteed=False) <= most


def test_every_station_counts_the_same_however_many_days_it_has() -> None:
    many, few = np.linspace(0, 1, 1001), np.array([5.0, np.nan])
    assert half_width([many]) == 0.9
    assert half_width([many, few]) == 5.0, "a tenth of the weight lies in a twentieth"
    assert half_width([many] * 19 + [few]) == pytest.approx(18 / 19, abs=2e-3)
    assert half_width([-many]) == 0.9, "errors have no sign"
    assert half_width([many] * 9, guaranteed=True) == 1.0 and half_width([many] * 8, guaranteed=True) == math.inf


def test_a_station_is_judged_by_the_others_alone() -> None:
    errors = {f"s{n}": np.full(10, 0.01 * (n + 1)) for n in range(5)} | {"none": np.array([np.nan])}
    judged = {one.group: (one.half_width, one.covered) for one in left_out(errors)}
    assert judged == {"s4": (0.04, 0.0), **{f"s{n}": (0.05, 1.0) for n in range(4)}}


def write_table(path: Path, stations: int, days: int = 40, **changes: Any) -> Path:
    rng = np.random.default_rng(1)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["station", "depth_cm", "date", "observed", "predicted"])
        writer.writeheader()
        for number in range(stations):
            for day in np.datetime64("2023-01-01") + np.arange(days):
                row = {"station": f"s{number}", "depth_cm": 20, "date": day, "observed": 0.2,
                       "predicted": round(0.2 + rng.normal(0, 0.03), 4)}
                writer.writerow(row | changes)
    return path


def test_a_calibration_stands_in_the_model_and_changes_nothing_else(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    model = Path(shutil.copy(built(tmp_path_factory) / "models" / "random-20cm.onnx", tmp_path))
    table = write_table(tmp_path / "held_out.csv", 10)
    x = np.random.default_rng(0).random((1, len(read_contract(model).channels), 32, 32), np.float32)
    before, theta = read_contract(model), predict_file(model, x)
    told = ["calibrate", str(model), str(table), "--reference", "made-up stations", "--source", "noise"]
    assert main([*told, "--only-print", "--check", str(table)]) == 0
    assert read_contract(model) == before
    assert main(told) == 0
    contract = read_contract(model)
    assert contract.intervals is not None and contract.model_copy(update={"intervals": None}) == before
    assert np.array_equal(predict_file(model, x), theta)
    found = contract.intervals
    assert (found.groups, found.days, found.period) == (10, 400, "2023-01-01 to 2023-02-09")
    assert 0.045 < found.half_width < 0.054 < found.guaranteed_half_width and 0.85 < found.covered < 0.95
    said = capsys.readouterr().out
    assert "Worst: s" in said and "JFM" not in said and "DJF" in said and "took no part" in said


@pytest.mark.parametrize(("change", "code", "word"), [
    ({"stations": 8}, "too_few_stations", "8 stations"), ({"station": "a"}, "residuals_invalid", "twice"),
    ({"predicted": "x"}, "residuals_invalid", "could not convert"), ({"date": "12.7.2023"}, "residuals_invalid", "iso"),
    ({"depth_cm": 5}, "no_observations", "20 cm"), ({"observed": ""}, "no_observations", "20 cm")])
def test_a_table_that_cannot_calibrate_is_refused(tmp_path: Path, change: dict[str, Any], code: str, word: str) -> None:
    from deepsoil.evaluation.calibration import intervals_of

    stations = change.pop("stations", 10)
    with pytest.raises(DeepSoilError, match=word) as caught:
        intervals_of(read_residuals([write_table(tmp_path / "a.csv", stations, **change)], 20), "r", "s")
    assert caught.value.code == code


def test_a_measured_score_takes_the_place_of_the_earlier_one(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    model = Path(shutil.copy(built(tmp_path_factory) / "models" / "random-20cm.onnx", tmp_path))
    table = tmp_path / "held_out.csv"
    rows = [f"s{number},20,{day},{0.1 + 0.01 * n:.4f},{0.1 + 0.01 * n + 0.01 * (number + 1):.4f}"
            for number in range(3) for n, day in enumerate(np.datetime64("2023-03-01") + np.arange(20))]
    table.write_text("station,depth_cm,date,observed,predicted\n" + "\n".join(rows) + "\n")
    told = ["record", str(model), str(table), "--reference", "made-up stations", "--split", "all days"]
    assert main(told) == 0 and main([*told, "--station", "s2", "--group", "wet", "--synthetic"]) == 0
    assert main(told) == 0
    first, second = read_contract(model).metrics
    assert (first.value, first.baseline_value, first.n, first.days, first.measured, first.group) == (
        0.02, 0.07, 3, 13, True, None)
    assert (second.value, second.n, second.measured, second.group) == (0.03, 1, False, "wet")
    assert first.period == "2023-03-01 to 2023-03-20" and "MAE 0.0200" in capsys.readouterr().out
    assert main([*told, "--station", "s9"]) == 2
    assert "s0, s1, s2" in capsys.readouterr().err


@pytest.fixture
def calibrated(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up ground with its two models, of which only that of 20 cm is calibrated."""
    folder = tmp_path / "calibrated"
    (folder / "models").mkdir(parents=True)
    (folder / "store").symlink_to(built(tmp_path_factory) / "store")
    for depth in (5, 20):
        shutil.copy(built(tmp_path_factory) / "models" / f"random-{depth}cm.onnx", folder / "models")
    rewrite_contract(folder / "models" / "random-20cm.onnx",
                     lambda contract: contract.model_copy(update={"intervals": CALIBRATED}))
    return folder


def test_maps_of_a_calibrated_model_have_a_second_band(calibrated: Path, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    context = make_context(calibrated, tmp_path / "home")
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 32)
    whole = new_job(context)
    find_kind("predict").run(whole.specification(), whole, context)
    plain, with_band = (whole.outputs_path / record["name"] for record in whole.output_records())
    with rasterio.open(plain) as raster:
        assert raster.count == 1 and not any("INTERVAL" in tag for tag in raster.tags())
    with rasterio.open(with_band) as raster:
        theta, half = raster.read()
        assert raster.tags()["DEEPSOIL_INTERVAL_METHOD"] == "conformal, 10 groups"
    assert (half[theta != NODATA] == 613).all() and (half[theta == NODATA] == NODATA).all()
    said = whole.log_path.read_text() if hasattr(whole, "log_path") else (whole.path / "log.jsonl").read_text()
    assert "random-5cm was never calibrated" in said and "random-20cm was never" not in said

    job = planned(context, document(region="made-up", resources={"scheduler": "slurm", "tasks": 2}))[0]
    assert [compute(job, context, index) for index in range(2)] == ["succeeded"] * 2
    assert put_together(job, context) == ("succeeded", [])
    for name in (plain.name, with_band.name):
        assert content(job.outputs_path / name) == content(whole.outputs_path / name)


def test_a_reading_narrows_the_band_of_a_networks_map_around_it(calibrated: Path, tmp_path: Path) -> None:
    context = make_context(calibrated, tmp_path / "home")
    lon, lat = pixel_to_lonlat(HERE.column + 150.5, HERE.row + 150.5)
    reading = {"longitude": float(lon), "latitude": float(lat), "depth_cm": 20.0, "date": str(DAY), "theta": 0.3}
    halves = []
    for readings in ([], [reading], [reading, {**reading, "sensor": "another"}]):
        job = new_job(context, **({"options": {"readings": {"values": readings}}} if readings else {}))
        find_kind("predict").run(job.specification(), job, context)
        with rasterio.open(job.outputs_path / f"soil_moisture_20cm_{DAY}.tif") as raster:
            halves.append(raster.read(2, masked=True).astype(float) * 1e-4)
            assert raster.tags()["DEEPSOIL_INTERVAL_METHOD"] == "conformal, 10 groups" + (
                ", readings" if readings else "")
    none, one, two = halves
    assert (none == 0.0613).all() and (one.mask == none.mask).all() and (one <= none).all()
    assert one.min() < 0.9 * 0.0613 and two.min() < one.min() and one.min() < one.max()


@pytest.mark.parametrize(("irrigation", "warned"), [
    ({"type": "irrigated"}, True), ({"type": "habit"}, True), ({"type": "log", "applications": []}, True),
    ({"type": "rainfed"}, False), (None, False)])
def test_intervals_are_not_promised_on_irrigated_fields(calibrated: Path, tmp_path: Path,
                                                        irrigation: dict[str, Any] | None, warned: bool) -> None:
    context = make_context(calibrated, tmp_path / "home")
    entry = {"irrigation": irrigation} if irrigation else {}
    job = new_job(context, options={"management": [entry]})
    codes = [warning.code for warning in find_kind("predict").plan(job.specification(), context).warnings()]
    assert ("intervals_irrigated" in codes) is warned
    if irrigation in (None, {"type": "irrigated"}):
        find_kind("predict").run(job.specification(), job, context)
        for name, limited in ((f"soil_moisture_20cm_{DAY}.tif", warned), (f"soil_moisture_05cm_{DAY}.tif", False)):
            with rasterio.open(job.outputs_path / name) as raster:
                assert (raster.tags().get("DEEPSOIL_INTERVAL_LIMIT") == "irrigated") is limited
