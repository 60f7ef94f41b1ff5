"""The table of fields and the zones of a job by soil columns: figures of each field, and each problem is its own."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from deepsoil.areas import area_m2
from deepsoil.bench.farm import make_farm, outline
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.irrigation_maps import Refill
from deepsoil.contract.specification import parse_specification
from deepsoil.field import uncertainty
from deepsoil.field.ground import ground_of, shares_of
from deepsoil.field.refill import rain_ahead, refill_mm
from deepsoil.field.root_zone import RootZoneWater
from deepsoil.field.simulation import FieldModel
from deepsoil.field.what_if import Ground
from deepsoil.field.what_if import prepare as prepare_what_if
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.warnings import read_warnings
from deepsoil.kinds.preparation import prepare
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.store.store import Store
from inference_tools import built, document, make_context, new_job, ring
from shapely.geometry import mapping, shape
from tasks_tools import planned
from test_tasks_predict import compute, put_together

DAY = "2022-07-10"
SPRING = "2022-05-28"
"""When the farm's field reaches its limit within days."""
PRODUCTS = ["available_percent", "depletion_mm", "refill_mm"]


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_farm(tmp_path_factory.mktemp("farm") / "store")


@pytest.fixture
def context(farm: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(uncertainty, "MEMBERS", 8)
    regions = Regions(tmp_path)
    regions.add(farm.path)
    return Context(tmp_path, regions, Library.in_folder(tmp_path), find_kind)


def field_at(farm: Store, east_m: float, south_m: float, side_m: float) -> dict[str, Any]:
    """A square with its upper left corner so far from that of the farm's field."""
    west, south, _, north = outline(farm).bounds
    wide, high = 1 / (111_320 * np.cos(np.radians(south))), 1 / 110_950
    left, top = west + east_m * wide, north - south_m * high
    return mapping(shapely.box(left, top - side_m * high, left + side_m * wide, top))


def farm_of(*fields: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry} for name, geometry in fields]}


def run(context: Context, area: dict[str, Any], day: str = DAY, **options: Any) -> tuple[JobFolder, dict[str, Path]]:
    wanted = {"method": "column", "products": PRODUCTS, "field_table": True, **options}
    given = document(region="farm", area=area, dates={"start": day, "end": day}, depths_cm=[20], options=wanted)
    folder, _ = JobFolder.create(context.jobs, prepare(parse_specification(given), context), claimed=True)
    find_kind("predict").run(folder.specification(), folder, context)
    return folder, {record["name"]: folder.outputs_path / record["name"] for record in folder.output_records()}


def table(files: dict[str, Path], name: str = "fields", day: str = DAY) -> list[dict[str, Any]]:
    return [one["properties"] for one in json.loads(files[f"{name}_{day}.geojson"].read_text())["features"]]


def band(path: Path, number: int = 1) -> np.ndarray:
    with rasterio.open(path) as raster:
        values: np.ndarray = raster.read(number, masked=True).compressed() * raster.scales[0]
        return values


def test_the_figures_of_a_field_are_those_of_its_maps_and_of_what_if(context: Context, farm: Store) -> None:
    area = field_at(farm, 100, 100, 80)
    _, files = run(context, area, SPRING)
    (row,) = table(files, day=SPRING)
    theta = band(files[f"soil_moisture_20cm_{SPRING}.tif"])
    assert (row["name"], row["number"], row["pixels"], row["problem"]) == ("field", 1, theta.size, None)
    assert row["area_ha"] == pytest.approx(0.64, abs=0.01)
    assert [row[f"theta_20cm{end}"] for end in ("", "_p10", "_p90")] == pytest.approx(
        [theta.mean(), *np.percentile(theta, (10, 90))], abs=1e-4)
    for name in PRODUCTS:
        assert row[name] == pytest.approx(band(files[f"{name}_{SPRING}.tif"]).mean(), rel=0.05), name
        assert row[f"{name}_lower"] < row[name] < row[f"{name}_upper"]
    ground = ground_of(farm, shape(area))
    _, asked = prepare_what_if(farm, Ground.whole(ground.columns, shares_of(ground, shape(area))),
                               dt.date.fromisoformat(SPRING), 14, z=uncertainty.draw(8)).answer(np.zeros(14))
    assert row["limit_day"] == str(asked.day) and row["days_to_limit"] > 0
    assert SPRING <= row["limit_earliest"] <= str(asked.earliest) and row["limit_latest"] is asked.latest
    assert row["limit_mm"] == pytest.approx(asked.limit_mm, abs=0.1)
    assert row["days_with_weather"] == row["days_ahead"] == 14
    assert row["need"] == pytest.approx(row["depletion_mm"] / row["limit_mm"], abs=0.01)
    _, more = run(context, area, SPRING, management=[{"allowed_depletion": 0.75}])
    assert table(more, day=SPRING)[0]["limit_mm"] == pytest.approx(1.5 * row["limit_mm"], abs=0.2)


def test_every_field_has_its_row_whatever_it_is_like(context: Context, farm: Store) -> None:
    across = shapely.union_all([shape(field_at(farm, 0, 300, 60)), shape(field_at(farm, 700, 300, 60))])
    fields = [("North", field_at(farm, 0, 0, 90)), ("North", field_at(farm, 200, 0, 90)),
              ("Garden", field_at(farm, 400, 10, 12)), ("Two parts", mapping(across)),
              ("Elsewhere", {"type": "Polygon", "coordinates": [[[10, 10], [10.01, 10], [10.01, 10.01], [10, 10]]]})]
    _, files = run(context, farm_of(*fields), zones={"minimum_ha": 0.5})
    rows = table(files)
    assert [(row["number"], row["name"], row["problem"]) for row in rows] == [
        (1, "North", None), (2, "North", None), (3, "Garden", None), (4, "Two parts", None),
        (5, "Elsewhere", "outside")]
    assert rows[2]["area_ha"] == 0.01 and rows[2]["pixels"] >= 1 and rows[2]["refill_mm"] > 0
    assert rows[4]["refill_mm"] is None is rows[4]["theta_20cm"] and list(rows[4]) == list(rows[0])
    assert (rows[0]["theta_20cm"], rows[0]["refill_mm"]) != (rows[1]["theta_20cm"], rows[1]["refill_mm"])
    zones = json.loads(files[f"zones_{DAY}.geojson"].read_text())["features"]
    for name, geometry in dict(fields[1:4]).items():
        own = [one for one in zones if one["properties"]["field"] == name]
        total = sum(one["properties"]["area_ha"] for one in own)
        wanted = area_m2(shape(geometry)) * (2 if name == "North" else 1)  # two fields have the name
        assert total == pytest.approx(wanted / 1e4, abs=0.09), name
    assert {one["properties"]["need_class"] for one in zones} <= {"low", "medium", "high"}


def test_a_field_that_cannot_be_simulated_is_told_and_the_others_go_on(
        context: Context, farm: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = farm_of(("Good", field_at(farm, 0, 0, 60)), ("Bad", field_at(farm, 300, 0, 60)),
                     ("Also good", field_at(farm, 600, 0, 60)))
    real, called = FieldModel.run_to_end, []

    def failing(self: FieldModel, z: np.ndarray) -> Any:
        called.append(1)
        if len(called) == 2:
            raise DeepSoilError("ensemble_failed", "Half did not converge.", "Try another day.")
        return real(self, z)

    monkeypatch.setattr(FieldModel, "run_to_end", failing)
    folder, files = run(context, fields)
    assert [(row["name"], row["problem"]) for row in table(files)] == [
        ("Good", None), ("Bad", "failed"), ("Also good", None)]
    assert table(files)[1]["problem_text"] == "Half did not converge. Try another day."
    assert not any("field0002" in name for name in files) and len(files) == 2 * 4 + 1
    assert [one["code"] for one in read_warnings(folder.path)] == ["field_failed"]

    def always(self: FieldModel, z: np.ndarray) -> Any:
        called[:] = [1]
        return failing(self, z)

    monkeypatch.setattr(FieldModel, "run_to_end", always)
    with pytest.raises(DeepSoilError, match="did not converge"):
        run(context, fields)


def test_weather_that_ends_early_is_told_and_only_its_rain_counts(context: Context, farm: Store) -> None:
    last = str(farm.coarse("precipitation").dates[-1])
    area = field_at(farm, 0, 0, 60)
    refill = {"rain_days": 7}
    _, at_the_end = run(context, area, last, refill=refill)
    (row,) = table(at_the_end, day=last)
    assert (row["days_with_weather"], row["rain_mm"]) == (0, 0.0) and row["refill_mm"] is not None
    day = str(np.datetime64(last) - 3)
    _, before = run(context, area, day, refill=refill)
    (row,) = table(before, day=day)
    rain = float(farm.coarse("precipitation").values[-3:].mean(axis=(1, 2)).sum())
    assert row["days_with_weather"] == 3 and row["rain_mm"] == pytest.approx(rain, abs=2 + 0.2 * rain)


def test_the_table_of_maps_by_networks_is_the_same_from_one_process_and_from_tasks_and_has_no_water(
        tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    networks = make_context(built(tmp_path_factory), tmp_path / "networks")
    area = farm_of(("A", ring((60, 60), (80, 60), (80, 75), (60, 75))), ("B", ring((200, 90), (220, 90), (210, 120))))
    wanted = {"area": area, "options": {"field_table": True}}
    alone = new_job(networks, **wanted)
    find_kind("predict").run(alone.specification(), alone, networks)
    divided, _ = planned(networks, document(region="made-up", resources={"scheduler": "slurm", "tasks": 2}, **wanted))
    assert [compute(divided, networks, index) for index in range(2)] == ["succeeded"] * 2
    assert put_together(divided, networks) == ("succeeded", [])
    tables = []
    for folder in (alone, divided):
        (name,) = [one["name"] for one in folder.output_records() if one["kind"] == "table"]
        tables.append((folder.outputs_path / name).read_text())
    assert tables[0] == tables[1]
    rows = [one["properties"] for one in json.loads(tables[0])["features"]]
    for row in rows:
        shown = band(alone.outputs_path / f"soil_moisture_20cm_{row['day']}_field000{row['number']}.tif")
        assert row["theta_20cm"] == pytest.approx(shown.mean(), abs=1e-4) and row["pixels"] == shown.size
        assert row["refill_mm"] is None is row["need"] and row["problem"] is None


def test_zones_and_refill_need_soil_columns_and_the_maps_they_are_made_from() -> None:
    for options, field in (({"zones": {}, "products": ["refill_mm"], "method": "column"}, "options.zones"),
                           ({"zones": {}}, "options.zones"), ({"refill": {}}, "options.refill")):
        with pytest.raises(DeepSoilError) as caught:
            parse_specification(document(options=options))
        assert caught.value.field == field


def water(depletion: list[float], capacity: float) -> RootZoneWater:
    """One column, members in rows."""
    lacking = np.array(depletion, np.float32).reshape(-1, 1, 1)
    return RootZoneWater(capacity - lacking, lacking, 0 * lacking, 0 * lacking,
                         np.full((len(depletion), 1), capacity, np.float32))


def test_what_is_refilled_follows_the_target_the_rain_and_the_need() -> None:
    some, even = water([10.0, 30.0, 50.0], 100.0), np.full(3, 1 / 3)

    def found(rain: float = 0.0, allowed: float = 0.5, **wanted: Any) -> list[float]:
        return refill_mm(some, Refill(**wanted), allowed, np.array([[rain]]), even).ravel().tolist()

    assert found() == [10.0, 30.0, 50.0]
    assert found(target=0.8) == pytest.approx([0.0, 10.0, 30.0])
    assert found(rain=12.0) == pytest.approx([0.0, 18.0, 38.0])
    assert found(only_where_needed=True) == [0.0, 0.0, 0.0], "the mean of 30 mm is below the limit of 50 mm"
    assert found(only_where_needed=True, allowed=0.3) == [10.0, 30.0, 50.0]
    daily = np.array([[1.0, 2.0, 4.0, 8.0]])
    assert rain_ahead(daily, 3, 2).tolist() == [[3.0, 6.0, 12.0]]
    assert rain_ahead(daily, 6, 3).tolist() == [[7.0, 14.0, 12.0, 8.0, 0.0, 0.0]]
    assert rain_ahead(daily[:, :0], 2, 5).tolist() == [[0.0, 0.0]]
    assert rain_ahead(daily, 2, 0).tolist() == [[0.0, 0.0]]


