"""A prediction as a job: what it would take, what stands in its way, and what is left when it is stopped."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import rasterio
from deepsoil.areas import area_m2, outside
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import METADATA_KEY
from deepsoil.inference import area, machine, maps, windows
from deepsoil.inference.fields import cover_fields
from deepsoil.inference.predict import predict_window
from deepsoil.inference.product import Mosaic, write_product
from deepsoil.inference.target import Target
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.preparation import Requests
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library, Model
from inference_tools import (
    DAY,
    DAYS,
    FIELD,
    HERE,
    built,
    document,
    make_context,
    new_job,
    open_model,
    ring,
    stack_for,
)
from shapely.geometry import mapping, shape

FOOTPRINT = ring((0, 0), (512, 0), (512, 512), (0, 512))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture
def context(ground: Path, tmp_path: Path) -> Context:
    return make_context(ground, tmp_path / "home")


def estimate(context: Context, **changes: Any) -> dict[str, Any]:
    return Requests(lambda: context).estimate(document(region="made-up", **changes))


def problem(context: Context, **changes: Any) -> dict[str, Any]:
    found = estimate(context, **changes)["problems"]
    assert len(found) == 1
    return dict(found[0])


def dates(start: date, end: date | None = None) -> dict[str, str]:
    return {"start": str(start), "end": str(end or start)}


# ---- what it would take


def test_an_estimate_says_what_the_job_would_take(context: Context) -> None:
    found = estimate(context)
    assert found["problems"] == []
    assert {warning["code"] for warning in found["warnings"]} == {"channel_filled"}, "two months of weather are no year"
    assert all("no data for: year of weather." in warning["message"] for warning in found["warnings"])
    assert abs(found["area_ha"] - shape(FIELD).area * 111.2**2 * 0.804 * 100) < 0.02 * found["area_ha"]
    assert found["pixels"] >= found["area_ha"] / 0.09
    assert found["windows"] == 2 and 0 < found["seconds"] < 60 and found["bytes"] > found["pixels"]
    longer = estimate(context, dates=dates(DAYS[40], DAYS[49]))
    assert longer["windows"] == 20 and longer["seconds"] > found["seconds"]
    assert longer["bytes"] == pytest.approx(10 * found["bytes"], rel=1e-3)


def test_the_speed_is_measured_once_and_then_known(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    first = estimate(context)["seconds"]
    monkeypatch.setattr(machine, "_measure", lambda *_: pytest.fail("measured again"))
    assert estimate(context)["seconds"] == first
    (context.home / "speed.json").write_text("{damaged")
    with pytest.raises(pytest.fail.Exception):
        estimate(context)


# ---- what stands in its way


def test_an_area_outside_says_how_far_away_the_region_is() -> None:
    far = ring((2000, 200), (2100, 200), (2100, 300))
    with pytest.raises(DeepSoilError) as caught:
        cover_fields(far, FOOTPRINT, "Home ground")
    assert (caught.value.code, caught.value.field) == ("area_outside", "area")
    assert "'Home ground'" in caught.value.message and "46 km to the west" in caught.value.message
    several = outside(far, {"near": FOOTPRINT, "far": ring((-900, 0), (-800, 0), (-800, 90))})
    assert several.message.startswith("There is no data for this field: the nearest region, 'near', begins ")
    assert "move" not in several.hint.lower(), "nobody moves a field over 46 km"
    near = outside(ring((520, 200), (560, 200), (560, 240)), {"Home ground": FOOTPRINT})
    assert near.message.startswith("The area lies outside the region 'Home ground', which begins ")


def test_an_area_that_only_touches_the_region_is_outside() -> None:
    with pytest.raises(DeepSoilError) as caught:
        cover_fields(ring((512, 0), (600, 0), (600, 100), (512, 100)), FOOTPRINT, "x")
    assert caught.value.code == "area_outside"


def test_the_part_outside_stays_empty_and_is_said(context: Context) -> None:
    partly = ring((-90, 100), (10, 100), (10, 200), (-90, 200))
    found = estimate(context, area=partly)
    codes = [warning["code"] for warning in found["warnings"] if warning["code"] != "channel_filled"]
    assert found["problems"] == [] and codes == ["area_partly_outside"]
    assert "90 %" in found["warnings"][0]["message"]
    folder = new_job(context, area=partly, depths_cm=[20])
    find_kind("predict").run(folder.specification(), folder, context)
    assert len(folder.output_records()) == 1
    assert "90 %" in (folder.path / "log.jsonl").read_text(encoding="utf-8")


def test_an_area_too_large_says_how_large_it_may_be(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    large = {"type": "Polygon", "coordinates": [[[-120, 25], [-80, 25], [-80, 49], [-120, 49], [-120, 25]]]}
    monkeypatch.setattr(area, "LONGEST_HOURS", 0.01)
    found = problem(context, area=large)
    assert found["code"] == "area_too_large" and "million pixels" in found["message"] and "km²" in found["hint"]
    largest_km2 = float(found["hint"].split("at most ")[1].split(" km²")[0].replace(",", ""))
    assert largest_km2 < area_m2(shape(large)) / 1e6
    assert estimate(context)["problems"] == []


@pytest.mark.parametrize("day", [date(2023, 5, 10), date(2024, 1, 1)])
def test_a_date_without_weather_is_named(context: Context, day: date) -> None:
    found = problem(context, dates=dates(day))
    assert found["code"] == "no_weather" and str(day) in found["message"] and "2023-06-29" in found["hint"]


def test_the_first_date_without_weather_ends_the_job_before_it_begins(context: Context) -> None:
    folder = new_job(context, dates=dates(DAYS[-2], date(2023, 7, 2)))
    with pytest.raises(DeepSoilError, match="2023-06-30"):
        find_kind("predict").run(folder.specification(), folder, context)
    assert not folder.output_records()


# ---- doing it


def test_what_is_finished_stays_when_the_job_is_stopped(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = new_job(context, dates=dates(DAYS[40], DAYS[45]))
    publish = JobFolder.add_output

    def stop_after_two(self: JobFolder, *arguments: Any, **named: Any) -> Path:
        path = publish(self, *arguments, **named)
        if len(self.output_records()) == 2:
            self.request_cancel()
        return path

    monkeypatch.setattr(JobFolder, "add_output", stop_after_two)
    with pytest.raises(JobCancelledError):
        find_kind("predict").run(folder.specification(), folder, context)
    names = [record["name"] for record in folder.output_records()]
    assert names == [f"soil_moisture_{depth}cm_{DAYS[40]}.tif" for depth in ("05", "20")]
    assert sorted(path.name for path in folder.outputs_path.iterdir()) == names


def test_progress_never_goes_back_and_ends_with_everything(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[float, float, str]] = []
    monkeypatch.setattr(JobFolder, "progress", lambda self, *step: seen.append(step))
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 48)
    folder = new_job(context, dates=dates(DAYS[40], DAYS[41]))
    find_kind("predict").run(folder.specification(), folder, context)
    done = [step[0] / step[1] for step in seen]
    assert len(done) > 20 and done == sorted(done) and done[0] == 0 and done[-1] == 1
    assert all(share < 1 for share in done[:-1]) and "20 cm, " + str(DAYS[41]) in {step[2] for step in seen}


def test_small_windows_leave_no_gap_in_the_product(context: Context, ground: Path, tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "side_for_memory", lambda *_: 24)
    folder = new_job(context, depths_cm=[20])
    find_kind("predict").run(folder.specification(), folder, context)
    model = open_model(ground, 20)
    wide = HERE.intersect(HERE.pad(-60))
    assert wide is not None
    mosaic = Mosaic(wide, predict_window(model, stack_for(ground, model), DAY, wide))
    write_product(tmp_path / "whole.tif", mosaic, Target.of(shape(FIELD)), title="", tags={})
    rasters = []
    for path in (tmp_path / "whole.tif", folder.outputs_path / f"soil_moisture_20cm_{DAY}.tif"):
        with rasterio.open(path) as raster:
            rasters.append(raster.read(1).astype(int))
    assert np.abs(rasters[0] - rasters[1]).max() <= 1


def test_a_large_mosaic_lies_on_the_disk(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = new_job(context, depths_cm=[20]), new_job(context, depths_cm=[20])
    find_kind("predict").run(first.specification(), first, context)
    monkeypatch.setattr(maps, "_LARGEST_MOSAIC_IN_MEMORY_BYTES", 0)
    find_kind("predict").run(second.specification(), second, context)
    name = f"soil_moisture_20cm_{DAY}.tif"
    sizes = [(folder.outputs_path / name).stat().st_size for folder in (first, second)]
    assert abs(sizes[0] - sizes[1]) < 100
    assert not [path for path in second.path.iterdir() if path.is_file() and path.suffix not in (".json", ".jsonl", "")]


# ---- models


def library(folder: Path, home: Path) -> Library:
    return Library(home, folder)


def changed(source: Path, target: Path, **changes: Any) -> Path:
    """A copy of a model file with another contract."""
    model = onnx.load(source)
    contract = json.loads(next(p.value for p in model.metadata_props if p.key == METADATA_KEY)) | changes
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(contract)})
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, target)
    return target


def test_a_broken_model_hides_no_other(ground: Path, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "models"
    folder.mkdir(parents=True)
    (folder / "broken.onnx").write_bytes(b"no model")
    channels = json.loads(Model.open(ground / "models" / "random-5cm.onnx").contract.to_json())["channels"]
    other_unit = [channel | {"unit": "kg"} if channel["name"] == "sand" else channel for channel in channels]
    changed(ground / "models" / "random-5cm.onnx", folder / "foreign.onnx", name="foreign", channels=other_unit)
    listed = {document["id"]: document for document in library(ground, tmp_path / "home").list()}
    assert {key: (value["problem"] or {}).get("code") for key, value in listed.items()} == {
        "random-5cm": None, "random-20cm": None, "broken": "model_invalid", "foreign": "model_mismatch"}
    assert "sand in kg" in listed["foreign"]["problem"]["message"]
    with pytest.raises(DeepSoilError, match="kg"):
        library(ground, tmp_path / "home").find("foreign")


def test_a_model_that_is_not_there_is_said(ground: Path, tmp_path: Path) -> None:
    with pytest.raises(DeepSoilError, match="random-20cm") as caught:
        library(ground, tmp_path).find("no-such")
    assert caught.value.code == "model_missing"
    with pytest.raises(DeepSoilError, match="5 cm") as caught:
        Library(tmp_path, tmp_path).find(5)
    assert caught.value.code == "model_missing"


def test_the_area_is_the_true_one() -> None:
    square = mapping(shape({"type": "Polygon", "coordinates": [[[10, 50], [10, 50.01], [10.01, 50.01], [10.01, 50],
                                                                [10, 50]]]}))
    assert abs(area_m2(shape(square)) - 1112.4 * 716.9) < 1000
    assert abs(area.grid_pixels(shape(square)) - 716.9 / 24.57 * 1112.4 / 24.57) < 15
