"""A prediction by soil columns as a job: maps that need no model, inside the field, the same for the same request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.bench.farm import make_farm, outline
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.field import member_batch, uncertainty
from deepsoil.grid import pixel_to_lonlat
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.preparation import Requests, prepare
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.store.store import Store
from inference_tools import document
from labels_tools import DATES, HERE, WATER, make

DAYS = [day.item() for day in DATES]


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    """A GeoJSON polygon with corners in pixels (column, row) from the upper left corner of the ground."""
    columns, rows = np.array([*corners, corners[0]], float).T
    lon, lat = pixel_to_lonlat(HERE.column + columns, HERE.row + rows)
    return {"type": "Polygon", "coordinates": [np.column_stack([lon, lat]).tolist()]}


SMALL = ring((250, 100), (262, 100), (262, 110), (250, 110))
BESIDE = ring((270, 100), (280, 100), (280, 110), (270, 110))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make(tmp_path_factory.mktemp("ground") / "store")


@pytest.fixture
def context(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Without any model."""
    monkeypatch.setattr(uncertainty, "MEMBERS", 8)
    home = tmp_path / "home"
    home.mkdir()
    regions = Regions(home)
    regions.add(store.path)
    return Context(home, regions, Library.in_folder(home), find_kind)


def request(**changes: Any) -> dict[str, Any]:
    options = {"method": "column", **changes.pop("options", {})}
    return document(**{"region": "labelled", "area": SMALL, "dates": {"start": str(DAYS[40]), "end": str(DAYS[41])},
                       "options": options, **changes})


def job(context: Context, **changes: Any) -> JobFolder:
    specification = prepare(parse_specification(request(**changes)), context)
    return JobFolder.create(context.jobs, specification, claimed=True)[0]


def run(context: Context, folder: JobFolder) -> dict[str, Path]:
    find_kind("predict").run(folder.specification(), folder, context)
    return {record["name"]: folder.outputs_path / record["name"] for record in folder.output_records()}


def bands(path: Path) -> np.ndarray:
    with rasterio.open(path) as raster:
        return np.where(raster.read_masks() > 0, raster.read() * raster.scales[0], np.nan)


def test_a_field_is_simulated_without_any_model_and_says_how(context: Context) -> None:
    found = Requests(lambda: context).estimate(request())
    assert found["problems"] == [] and found["seconds"] > 0 and found["fields"] == 1
    folder, told = job(context), list[tuple[float, float, str]]()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folder, "progress", lambda done, total, message: told.append((done, total, message)))
        maps = run(context, folder)
    shares = [done / total for done, total, _ in told]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert [message for *_, message in told if "Writing" in message] == [f"Writing map {n} of 4" for n in (1, 2, 3, 4)]
    simulated = [done / total for done, total, message in told if "simulated" in message]
    assert simulated and max(simulated) < 0.95, "the columns are not the whole of the job"
    assert sorted(maps) == [f"soil_moisture_{depth}cm_{day}.tif" for depth in ("05", "20") for day in DAYS[40:42]]
    with rasterio.open(maps[f"soil_moisture_05cm_{DAYS[40]}.tif"]) as raster:
        tags = raster.tags()
        assert raster.count == 2 and tags["DEEPSOIL_METHOD"] == "column"
        assert (tags["DEEPSOIL_MEMBERS"], tags["DEEPSOIL_SEED"]) == ("8", "0") and "DEEPSOIL_MODEL" not in tags
    theta, half_width = bands(maps[f"soil_moisture_05cm_{DAYS[40]}.tif"])
    assert np.isfinite(theta).any() and (np.isfinite(theta) == np.isfinite(half_width)).all()
    assert ((theta > 0.02) & (theta < 0.7))[np.isfinite(theta)].all() and np.nanmin(half_width) > 0


def test_the_same_request_gives_the_same_map_and_neighbours_change_nothing(context: Context) -> None:
    first, again = run(context, job(context)), run(context, job(context))
    assert all((bands(first[name]) == bands(again[name]))[np.isfinite(bands(first[name]))].all() for name in first)
    both = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": area}
        for name, area in (("here", SMALL), ("there", BESIDE))]}
    of_two = run(context, job(context, area=both))
    for name in first:
        assert np.array_equal(bands(first[name]), bands(of_two[name.replace(".tif", "_field0001.tif")]), equal_nan=True)


def test_water_that_is_given_to_one_field_makes_that_field_wetter_and_no_other(context: Context) -> None:
    both = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": name}, "geometry": area}
        for name, area in (("here", SMALL), ("there", BESIDE))]}
    log = {"type": "log", "applications": [{"date": str(DAYS[40]), "mm": 60}]}
    rainfed = run(context, job(context, area=both))
    watered = run(context, job(context, area=both, options={"management": [{"field": "there", "irrigation": log}]}))
    for name in rainfed:
        here = "field0001" in name
        assert np.array_equal(bands(rainfed[name]), bands(watered[name]), equal_nan=True) is here
        if not here and "_05cm" in name:
            assert np.nanmin(bands(watered[name])[0] - bands(rainfed[name])[0]) > 0.01
    with rasterio.open(watered[f"soil_moisture_05cm_{DAYS[40]}_field0002.tif"]) as raster:
        assert (raster.tags()["DEEPSOIL_IRRIGATION"], raster.tags()["DEEPSOIL_IRRIGATION_MM"]) == ("log", "60")
    limits = []
    for number in (1, 2):
        with rasterio.open(watered[f"soil_moisture_05cm_{DAYS[40]}_field000{number}.tif"]) as raster:
            limits.append(raster.tags().get("DEEPSOIL_INTERVAL_LIMIT"))
    assert limits == [None, "irrigated"]
    told = Requests(lambda: context).estimate(request(area=both, options={"management": [
        {"field": "there", "irrigation": log}]}))["warnings"]
    assert [one["code"] for one in told] == ["intervals_irrigated"]


def test_a_stopped_job_goes_on_with_the_maps_that_it_lacks(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(context, job(context))
    folder, publish = job(context), JobFolder.add_output

    def stop_after_one(self: JobFolder, *arguments: Any, **named: Any) -> Path:
        path = publish(self, *arguments, **named)
        self.request_cancel()
        return path

    monkeypatch.setattr(JobFolder, "add_output", stop_after_one)
    with pytest.raises(JobCancelledError):
        run(context, folder)
    assert len(folder.output_records()) == 1
    monkeypatch.undo()
    monkeypatch.setattr(uncertainty, "MEMBERS", 8)
    monkeypatch.setattr(JobFolder, "cancelled", lambda self: False)
    rest = run(context, folder)
    assert sorted(rest) == sorted(whole) and len(folder.output_records()) == 4
    assert all(np.array_equal(bands(whole[name]), bands(rest[name]), equal_nan=True) for name in whole)


def test_maps_of_the_root_zones_water_agree_with_one_another_and_with_a_place(context: Context) -> None:
    products = ["available_mm", "available_percent", "depletion_mm", "drainage_mm"]
    folder = job(context, options={"products": products}, depths_cm=[20])
    files = run(context, folder)
    of_day = {name: files[f"{name}_{DAYS[41]}.tif"] for name in products}
    for name, unit in zip(products, ("mm", "%", "mm", "mm/day"), strict=True):
        with rasterio.open(of_day[name]) as raster:
            assert raster.units == (unit, unit) and raster.scales == (0.1, 0.1) and raster.nodata == 65535
            assert raster.tags()["DEEPSOIL_PRODUCT"] == name and "DEEPSOIL_DEPTH_CM" not in raster.tags()
    available, percent, lacking, drained = (bands(path)[0] for path in of_day.values())
    theta = bands(files[f"soil_moisture_20cm_{DAYS[41]}.tif"])[0]
    assert all((np.isfinite(one) == np.isfinite(theta)).all() for one in (available, percent, lacking, drained))
    capacity = 100 * available / percent
    assert np.nanmin(capacity) > 50 and np.nanmax(capacity) < 300 and np.nanmin(drained) >= 0
    # together they fill the root zone: what is wetter than field capacity or drier than the wilting point adds to it
    assert np.nanmin(available + lacking - 0.9 * capacity) > 0
    assert {record["depth_cm"] for record in folder.output_records()} == {20, None}
    with pytest.raises(DeepSoilError, match="made by soil columns"):
        parse_specification(document(options={"products": ["available_mm"]}))


def test_the_map_of_the_next_day_goes_on_from_that_of_the_day_before(tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncertainty, "MEMBERS", 4)
    farm = make_farm(tmp_path / "farm")
    west, south, east, north = outline(farm).centroid.buffer(0.0005).bounds
    field = {"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north],
                                                 [west, south]]]}
    homes = []
    for name in ("kept", "cold"):
        (tmp_path / name).mkdir()
        regions = Regions(tmp_path / name)
        regions.add(farm.path)
        homes.append(Context(tmp_path / name, regions, Library.in_folder(tmp_path / name), find_kind))

    def mapped(context: Context, day: str) -> np.ndarray:
        folder = job(context, region="farm", area=field, dates={"start": day, "end": day}, depths_cm=[20])
        (file,) = run(context, folder).values()
        return bands(file)

    days: list[int] = []
    real = member_batch.simulate_columns
    monkeypatch.setattr(member_batch, "simulate_columns", lambda soils, forcing, *given, **named: days.append(
        forcing.days) or real(soils, forcing, *given, **named))
    mapped(homes[0], "2022-07-10")
    assert min(days) > 900
    days.clear()
    kept = mapped(homes[0], "2022-07-11")
    assert max(days) < 70
    assert np.array_equal(kept, mapped(homes[1], "2022-07-11"), equal_nan=True)


def test_where_there_is_no_soil_the_map_is_empty_and_the_user_is_told(context: Context) -> None:
    half = ring((290, 302), (320, 302), (320, 318), (290, 318))  # two thirds lie in BAD_TEXTURE
    found = Requests(lambda: context).estimate(request(area=half))
    assert found["problems"] == []
    assert [(one["code"], one["message"].split(" of the area")[0][-4:]) for one in found["warnings"]] == [
        ("soil_missing", " 67%")]
    theta = bands(run(context, job(context, area=half))[f"soil_moisture_20cm_{DAYS[40]}.tif"])[0]
    assert 0.25 < np.isfinite(theta).mean() < 0.42
    rows, columns = WATER
    lake = ring((columns.start, rows.start), (columns.stop, rows.start), (columns.stop, rows.stop),
                (columns.start, rows.stop))
    found = Requests(lambda: context).estimate(request(area=lake))
    assert found["problems"][0]["code"] == "no_soil" and "100% is open water" in found["problems"][0]["message"]


def test_an_ensemble_of_which_half_fails_is_refused(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    real = member_batch.simulate_columns

    def failing(*arguments: Any, **named: Any) -> Any:
        result = real(*arguments, **named)
        result.failed[::2] = True
        result.failed[0::3] = True
        result.theta[result.failed] = np.nan
        return result

    monkeypatch.setattr(member_batch, "simulate_columns", failing)
    with pytest.raises(DeepSoilError, match="did not converge") as caught:
        run(context, job(context))
    assert caught.value.code == "ensemble_failed"


def test_stations_that_are_not_there_and_models_are_refused(context: Context) -> None:
    for changes, field in (({"options": {"readings": {"stations": True}}}, "options.readings.stations"),
                           ({"models": {"5": "deepsoil-5cm"}}, "models")):
        with pytest.raises(DeepSoilError) as caught:
            Requests(lambda: context).accept(parse_specification(request(**changes)))
        assert caught.value.field == field
