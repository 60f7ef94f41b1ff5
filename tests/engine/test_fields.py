"""Several fields in one job: each has its own maps, whatever the fields are like and however the work is divided."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from deepsoil.contract.area import check_area
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.inference import fields as fields_module
from deepsoil.inference.fields import blocks
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds import predict
from deepsoil.kinds.preparation import Requests
from deepsoil.kinds.registry import find_kind
from inference_tools import DAYS, FIELD, built, document, make_context, new_job, ring
from tasks_tools import planned
from test_tasks_predict import compute, put_together

SEEDS = range(8)
NOT_FOUND = {"type": "Polygon", "coordinates": [[[10, 10], [10.01, 10], [10.01, 10.01], [10, 10]]]}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


@pytest.fixture
def context(ground: Path, tmp_path: Path) -> Context:
    return make_context(ground, tmp_path / "home")


def collection(*fields: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry} for name, geometry in fields]}


def in_degrees(geometry: shapely.Geometry) -> dict[str, Any]:
    """A geometry in pixels from the corner of the made-up ground, as GeoJSON."""
    def rings(polygon: shapely.Polygon) -> list[Any]:
        return [ring(*list(one.coords)[:-1])["coordinates"][0] for one in (polygon.exterior, *polygon.interiors)]

    if geometry.geom_type == "Polygon":
        return {"type": "Polygon", "coordinates": rings(geometry)}
    return {"type": "MultiPolygon", "coordinates": [rings(polygon) for polygon in geometry.geoms]}


def any_fields(seed: int) -> list[tuple[str, shapely.Geometry]]:
    """Fields that touch, overlap, are equal, have holes or several parts, in any order; some have equal names."""
    rng = np.random.default_rng(seed)
    column, row = rng.uniform(60, 300, 2)
    width = float(rng.uniform(4, 30))
    square = shapely.box(column, row, column + width, row + width)
    circle = shapely.Point(*rng.uniform(60, 400, 2)).buffer(float(rng.uniform(2, 15)))
    far = shapely.box(440, 430, 455, 450)
    found = [("North", square), ("North", shapely.box(column + width, row, column + 2 * width, row + width)),
             ("Overlap", shapely.affinity.translate(square, width / 2, width / 3)), ("Same", square),
             ("Pivot", circle), ("Ring", circle.difference(circle.buffer(-2))),
             ("Parts", shapely.union_all([far, shapely.affinity.translate(far, -40, 7)])),
             ("Tiny", circle.centroid.buffer(.1))]
    return [found[number] for number in rng.permutation(len(found))[:int(rng.integers(2, len(found) + 1))]]


def run(folder: JobFolder, context: Context) -> dict[str, Any]:
    find_kind("predict").run(folder.specification(), folder, context)
    return {record["name"]: record for record in folder.output_records()}


def steps(path: Path) -> tuple[Any, np.ndarray]:
    with rasterio.open(path) as raster:
        return raster.transform, raster.read(1)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_field_has_the_map_that_it_would_have_alone(context: Context, seed: int) -> None:
    fields = any_fields(seed)
    folder = new_job(context, area=collection(*((name, in_degrees(shape)) for name, shape in fields)), depths_cm=[20])
    records = run(folder, context)
    assert len(records) == len(fields)
    for number, (name, shape) in enumerate(fields, 1):
        record = next(record for key, record in records.items() if f"field{number:04d}" in key)
        assert record["field"] == name
        alone = new_job(context, area=in_degrees(shape), depths_cm=[20])
        only = run(alone, context)
        assert len(only) == 1 and "field" not in next(iter(only.values()))
        transform, together = steps(folder.outputs_path / record["name"])
        expected, single = steps(alone.outputs_path / next(iter(only)))
        assert transform == expected and together.shape == single.shape
        assert ((together == 65535) == (single == 65535)).all()
        assert np.abs(together.astype(int) - single.astype(int)).max() <= 1
        with rasterio.open(folder.outputs_path / record["name"]) as raster:
            assert raster.tags()["DEEPSOIL_FIELD"] == name


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_parts_make_the_maps_of_one_process(context: Context, seed: int) -> None:
    changes = {"area": collection(*((name, in_degrees(shape)) for name, shape in any_fields(seed))),
               "dates": {"start": str(DAYS[39]), "end": str(DAYS[40])}}
    whole = new_job(context, **changes)
    expected = run(whole, context)
    job = planned(context, document(region="made-up", resources={"scheduler": "slurm", "tasks": 3}, **changes))[0]
    assert [compute(job, context, index) for index in range(3)] == ["succeeded"] * 3
    assert put_together(job, context) == ("succeeded", [])
    found = {record["name"]: record for record in job.output_records()}
    assert {(name, record["field"]) for name, record in found.items()} == \
        {(name, record["field"]) for name, record in expected.items()}
    for name in expected:
        assert (steps(job.outputs_path / name)[1] == steps(whole.outputs_path / name)[1]).all()


def test_the_estimate_is_the_sum_and_warnings_name_the_fields(context: Context) -> None:
    estimate = Requests(lambda: context).estimate
    one = estimate(document(region="made-up"))
    half = ring((-20, 100), (20, 100), (20, 140), (-20, 140))
    several = estimate(document(region="made-up", area=collection(
        ("East", FIELD), ("West", FIELD), ("Edge", half), *((f"Far {n}", NOT_FOUND) for n in range(7)))))
    assert several["problems"] == [] and (one["fields"], several["fields"]) == (1, 3)
    assert several["area_ha"] > 2 * one["area_ha"] and several["pixels"] > 2 * one["pixels"]
    said = {warning["code"]: warning["message"] for warning in several["warnings"]}
    assert said["fields_outside"].startswith("7 of 10 fields lie outside")
    assert "Far 4 and 2 more" in said["fields_outside"]
    assert "Edge (50 %)" in said["area_partly_outside"]
    without = estimate(document(area=collection(("A", NOT_FOUND), ("B", NOT_FOUND))))
    assert without["problems"][0]["code"] == "area_outside"


def test_too_many_maps_are_refused_before_they_are_planned(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predict, "MOST_MAPS", 3)
    fields = collection(("A", FIELD), ("B", FIELD))
    found = Requests(lambda: context).estimate(document(region="made-up", area=fields))
    assert found["problems"][0]["code"] == "maps_too_many" and "2 fields, 1 days" in found["problems"][0]["message"]


def test_only_the_field_that_is_wrong_is_named() -> None:
    crossing = ring((0, 0), (10, 10), (10, 0), (0, 10))
    for position in (0, 7, 77):
        fields = [(f"Field {number}", FIELD) for number in range(78)]
        fields[position] = (f"Field {position}", crossing)
        with pytest.raises(DeepSoilError) as caught:
            parse_specification(document(area=collection(*fields)))
        assert caught.value.message.startswith(f"Field “Field {position}”: ")
        assert "crosses itself" in caught.value.message
        assert caught.value.field == f"area.features.{position}.geometry.coordinates"
    check_area(collection(*((f"Field {number}", FIELD) for number in range(78))))


@pytest.mark.parametrize(("change", "field"), [
    (lambda area: area.update(features=[]), "area.features"),
    (lambda area: area["features"][0].update(properties={}), "area.features.0.properties.name"),
    (lambda area: area["features"][0]["properties"].update(name=""), "area.features.0.properties.name"),
    (lambda area: area["features"][0]["properties"].update(crop="maize"), "area.features.0.properties.crop"),
    (lambda area: area["features"][0]["geometry"].update(type="Point"), "area.features.0.geometry.type"),
    (lambda area: area.update(features=area["features"] * 2001), "area.features"),
], ids=["none", "no name", "empty name", "other property", "point", "too many"])
def test_a_collection_that_is_wrong_is_refused(change: Callable[[dict[str, Any]], Any], field: str) -> None:
    area = json.loads(json.dumps(collection(("A", FIELD))))
    change(area)
    with pytest.raises(DeepSoilError) as caught:
        parse_specification(document(area=area))
    assert (caught.value.code, caught.value.field) == ("specification_invalid", field)


@pytest.mark.parametrize("seed", range(20))
def test_blocks_hold_every_field_once_and_are_never_more_work(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spread = float(10 ** rng.uniform(1.5, 5.5))
    corners, sizes = rng.uniform(0, spread, (int(rng.integers(1, 120)), 2)) + 3e5, rng.uniform(1, 60, 120)
    outlines = [shapely.box(*corner, *(corner + size)) for corner, size in zip(corners, sizes, strict=False)]
    found = blocks(outlines, 40)
    assert sorted(position for members in found for position in members) == list(range(len(outlines)))
    boxes = [shapely.union_all([outlines[position] for position in members]).bounds for members in found]
    assert sum(fields_module._work(box, 40) for box in boxes) <= \
        sum(fields_module._work(outline.bounds, 40) for outline in outlines) + 1e-6
    assert all(max(box[2] - box[0], box[3] - box[1]) <= 1024 for box, members in zip(boxes, found, strict=True)
               if len(members) > 1)
    assert spread > 100 or len(found) == 1


def test_the_command_line_takes_features_as_fields(context: Context, ground: Path, tmp_path: Path) -> None:
    area = collection(("Küche", FIELD), ("b", ring((300, 300), (320, 300), (320, 330))))
    area["features"][1]["properties"] = {}
    (tmp_path / "fields.geojson").write_text(json.dumps(area), encoding="utf-8")
    shutil.copytree(ground / "models", context.home / "models")
    done = subprocess.run(
        [sys.executable, "-m", "deepsoil", "predict", "--area", str(tmp_path / "fields.geojson"), "--date",
         str(DAYS[40]), "--region", "made-up", "--depth", "20", "--model", "20=random-20cm", str(tmp_path / "maps")],
        env={"DEEPSOIL_HOME": str(context.home), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = [rasterio.open(path).tags()["DEEPSOIL_FIELD"] for path in sorted((tmp_path / "maps").glob("*.tif"))]
    assert names == ["Küche", "Field 2"]
