"""A recipe becomes a store, or says which line is wrong and leaves the old store alone."""

from __future__ import annotations

import errno
import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rasterio
import yaml
from affine import Affine
from deepsoil.channels import REQUIRED, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inputs.stack import Stack
from deepsoil.sources import recipe_checks
from deepsoil.sources.command import add_arguments, run
from deepsoil.sources.ingest import ingest
from deepsoil.sources.recipe import load
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

REPOSITORY = Path(__file__).resolve().parents[2]
REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
BOX = [-96.62, 39.06, -96.55, 39.11]
FIRST, DAYS = date(2023, 5, 1), 40

STACK_20CM = DEPTHS[20].channels


def write_raster(path: Path, values: np.ndarray) -> None:
    """A raster of 100 × 100 pixels round the box."""
    with rasterio.open(path, "w", driver="GTiff", height=100, width=100, count=1, crs="EPSG:4326", dtype=values.dtype,
                       transform=Affine(0.0014, 0, -96.65, 0, -0.0011, 39.14)) as out:
        out.write(values, 1)


def write_kitchen(folder: Path) -> None:
    """Data, and a recipe that uses every kind of source but NetCDF."""
    data = folder / "data"
    data.mkdir()
    write_raster(data / "dem.tif", (300 + np.arange(100)[:, None] + np.arange(100)[None, :]).astype(np.float32))
    write_raster(data / "cover.tif", np.repeat(np.where(np.arange(100) < 50, 176, 1).astype(np.uint8)[None], 100, 0))
    for day in ("2023-05-20", "2023-06-05"):
        write_raster(data / f"ndvi_{day}.tif", np.full((100, 100), 5000 if "05-20" in day else 7000, np.int16))
    times = pd.date_range(str(FIRST), periods=24 * DAYS, freq="h")
    hour = times.hour.to_numpy()
    weather = pd.DataFrame({"time": times, "rain": np.where(hour == 3, 2.4, 0.0), "temp": 290.0 + 5 * np.sin(hour / 4),
                            "vpd": 900.0, "rh": 60.0, "sun": np.maximum(0, 600 * np.sin((hour - 12) / 4)), "wind": 2.5})
    weather.to_csv(data / "weather.csv.gz", index=False)
    pd.DataFrame({"time": times, "vwc": 0.3, "soil": 15.0}).to_csv(data / "s1.csv", index=False)
    (data / "stations.csv").write_text("id,lat,lon\ns1,39.08,-96.58\n")
    (folder / "recipe.yaml").write_text(yaml.safe_dump(recipe(), sort_keys=False))


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    write_kitchen(tmp_path)
    return tmp_path


def recipe() -> dict[str, Any]:
    point = {"file": "weather.csv.gz", "longitude": -96.6, "latitude": 39.1}
    time = {"column": "time"}

    def series(column: str, unit: str, statistic: str) -> dict[str, Any]:
        return {"kind": "series", "points": [point], "time": time, "column": column, "unit": unit,
                "statistic": statistic}

    return {
        "schema": 1, "name": "field", "title": "A field", "root": "data", "area": {"box": BOX},
        "dates": {"start": FIRST, "end": FIRST + timedelta(days=DAYS - 1)},
        "channels": {
            "elevation": {"kind": "raster", "file": "dem.tif", "unit": "m"},
            "slope": {"kind": "terrain"}, "aspect": {"kind": "terrain"},
            "land_cover": {"kind": "raster", "file": "cover.tif", "unit": "CDL", "crosswalk": {176: 71, 1: 82}},
            "ndvi": {"kind": "raster", "unit": "-", "scale": 0.0001,
                     "files": {date(2023, 5, 20): "ndvi_2023-05-20.tif", date(2023, 6, 5): "ndvi_2023-06-05.tif"}},
            "sand": {"kind": "constant", "value": 400, "unit": "g/kg"},
            "silt": {"kind": "constant", "value": 40, "unit": "%"},
            "clay": {"kind": "constant", "value": 20, "unit": "%"},
            "theta_s": {"kind": "soil_hydraulics"},
            "precipitation": series("rain", "mm", "sum"),
            "temperature": series("temp", "K", "mean"),
            "vpd": series("vpd", "Pa", "mean"),
            "pet": {"kind": "reference_et", "point": point, "elevation_m": 300, "time": time,
                    "temperature": {"column": "temp", "unit": "K"},
                    "relative_humidity": {"column": "rh", "unit": "%"},
                    "radiation": {"column": "sun", "unit": "W/m2"}, "wind": {"column": "wind", "unit": "m/s"}},
        },
        "stations": {"list": "stations.csv", "id": "id", "longitude": "lon", "latitude": "lat", "network": "N",
                     "files": "{id}.csv", "time": time, "unit": "m3/m3",
                     "depths_cm": {5: {"theta": "vwc", "temperature": "soil"}}},
    }


def change(kitchen: Path, *keys: str, to: object) -> Path:
    """Write the recipe with one value changed (or, for None, removed)."""
    document = recipe()
    place: Any = document
    for key in keys[:-1]:
        place = place[key]
    if to is None:
        del place[keys[-1]]
    else:
        place[keys[-1]] = to
    (kitchen / "recipe.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    return kitchen / "recipe.yaml"


def refused(code: str, path: Path, store: Path, **named: Any) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        ingest(path, store, **named)
    assert caught.value.code == code and caught.value.hint, str(caught.value)
    assert not [entry for entry in store.parent.iterdir() if entry.name.startswith(".")], "leftovers"
    return caught.value


def test_a_recipe_becomes_a_store_that_feeds_a_network(kitchen: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    store = ingest(kitchen / "recipe.yaml", kitchen / "store", on_progress=lambda *step: seen.append(step))
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen) and seen[-1][0] == seen[-1][1]
    assert store.map_dates() == (FIRST + timedelta(days=29), FIRST + timedelta(days=DAYS - 1))
    assert store.source("slope") and store.source("elevation") == "dem.tif"
    inside = Window.around(*BOX)
    assert np.unique(store.read_static("sand", inside)).tolist() == [40.0]
    assert set(np.unique(store.read_static("land_cover", inside))) == {71.0, 82.0}
    assert store.read_static("theta_s", inside)[0, 0] == pytest.approx(0.404, abs=2e-3)
    assert store.read_dated("ndvi", date(2023, 6, 10), inside)[0].mean() == pytest.approx(0.7, abs=1e-3)
    assert np.nanmean(store.read_static("slope", inside)) == pytest.approx(0.67, abs=0.1)
    np.testing.assert_allclose(store.coarse("precipitation").values, 2.4, rtol=1e-6)
    assert store.coarse("vpd").values.mean() == pytest.approx(0.9)
    assert 10 < store.coarse("temperature").values.mean() < 25 and 2 < store.coarse("pet").values.mean() < 8
    assert store.stations().theta.shape == (1, 1, DAYS) and store.stations().theta.min() == np.float32(0.3)
    x, valid = Stack(store, [ChannelUse(n, 0.5, n in REQUIRED) for n in STACK_20CM]).read(date(2023, 6, 9), inside)
    assert valid.all() and np.isfinite(x).all()
    assert x[STACK_20CM.index("precipitation_30d"), 0, 0] == pytest.approx(72 / 400, abs=1e-3)


def test_elevation_lies_at_its_coordinates(kitchen: Path) -> None:
    store = ingest(kitchen / "recipe.yaml", kitchen / "store")
    column, row = lonlat_to_pixel(-96.65 + 0.0014 * 40, 39.14 - 0.0011 * 40)
    value = store.read_static("elevation", Window(int(column), int(row), 1, 1))[0, 0]
    assert value == pytest.approx(379, abs=0.6)


@pytest.mark.parametrize(("keys", "to", "code", "field", "words"), [
    (("channels", "temperature", "unit"), "mm", "unit_wrong", "channels.temperature.unit", ["'mm'", "degC"]),
    (("channels", "precipitation", "unit"), "mm/day", "unit_wrong", "channels.precipitation.unit", ["mm/day/day"]),
    (("channels", "elevation", "unit"), "kPa", "unit_wrong", "channels.elevation.unit", ["elevation", "'kPa'", "'m'"]),
    (("channels", "pet", "radiation"), {"column": "sun", "unit": "lux"}, "unit_wrong", "channels.pet.radiation.unit",
     ["radiation", "lux", "MJ/m2/day"]),
    (("stations", "unit"), "degC", "unit_wrong", "stations.unit", ["degC", "m3/m3"]),
    (("channels", "elevation", "file"), "gone.tif", "source_missing", "channels.elevation.file",
     ["gone.tif", "line 1"]),
    (("channels", "precipitation", "points"), [{"file": "gone.csv", "longitude": 0, "latitude": 0}], "source_missing",
     "channels.precipitation.points.0.file", ["gone.csv", "line "]),
    (("stations", "list"), "gone.csv", "source_missing", "stations.list", ["gone.csv"]),
    (("stations", "files"), "{id}_gone.csv", "source_missing", "stations.files", ["s1_gone.csv"]),
    (("channels", "precipitation", "column"), "snow", "source_invalid", "channels.precipitation", ["'snow'"]),
    (("channels", "elevation", "nodta"), 0, "recipe_invalid", "channels.elevation.nodta", ["'nodta'", "line "]),
    (("chanels",), {}, "recipe_invalid", "chanels", ["'chanels'", "line "]),
    (("channels", "snow"), {"kind": "terrain"}, "recipe_invalid", "channels", ["'snow'"]),
    (("channels", "elevation", "kind"), "magic", "recipe_invalid", "channels.elevation", ["magic"]),
    (("channels", "elevation", "unit"), None, "recipe_invalid", "channels.elevation.unit", ["required"]),
    (("channels", "precipitation"), {"kind": "constant", "value": 1, "unit": "mm/day"}, "recipe_invalid",
     "channels.precipitation", ["constant", "coarse"]),
    (("channels", "clay"), None, "recipe_invalid", "channels.theta_s", ["sand, silt and clay"]),
    (("channels", "sand", "value"), 5000, "source_invalid", "channels.sand", ["500"]),
    (("channels", "silt", "value"), 80, "bad_texture", None, ["100"]),
    (("area", "box"), [-96.5, 39.0, -96.6, 39.1], "recipe_invalid", "area", ["west, south, east, north"]),
    (("area", "box"), [10.0, 50.0, 10.1, 50.1], "source_outside", "channels.elevation.file", ["dem.tif"]),
    (("dates", "end"), date(2022, 1, 1), "recipe_invalid", "dates", ["before"]),
    (("dates",), {"start": date(2019, 1, 1), "end": date(2019, 2, 1)}, "source_invalid", "channels.precipitation",
     ["2023-05-01 to 2023-06-09"]),
    (("schema",), 2, "recipe_invalid", "schema", ["schema"]),
])
def test_a_wrong_recipe_names_the_field_and_what_would_be_right(kitchen: Path, keys: tuple[str, ...], to: object,
                                                                code: str, field: str | None,
                                                                words: list[str]) -> None:
    error = refused(code, change(kitchen, *keys, to=to), kitchen / "store")
    assert error.field == field
    for word in words:
        assert word in str(error)
    assert not (kitchen / "store").exists()


def test_an_unknown_key_lists_those_that_are_known(kitchen: Path) -> None:
    error = refused("recipe_invalid", change(kitchen, "channels", "elevation", "nodta", to=0), kitchen / "store")
    assert "nodata" in error.hint and "resampling" in error.hint and "wind_height_m" not in error.hint


@pytest.mark.parametrize(("text", "words"), [
    ("- a\n- b\n", ["mapping"]), ("a: [1, 2\n", ["YAML"]),
    ("schema: 1\nname: a\nname: b\n", ["twice", "lines 2 and 3"])])
def test_a_file_that_is_no_recipe_is_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    (tmp_path / "r.yaml").write_text(text)
    error = refused("recipe_invalid", tmp_path / "r.yaml", tmp_path / "store")
    for word in words:
        assert word in str(error)
    assert "nowhere.yaml" in refused("recipe_missing", tmp_path / "nowhere.yaml", tmp_path / "store").message


def test_the_root_can_be_given_by_the_caller(kitchen: Path) -> None:
    (kitchen / "data").rename(kitchen / "elsewhere")
    refused("source_missing", kitchen / "recipe.yaml", kitchen / "store")
    assert ingest(kitchen / "recipe.yaml", kitchen / "store", kitchen / "elsewhere").name == "field"


def test_an_old_store_is_replaced_only_by_a_whole_one(kitchen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = kitchen / "store"
    ingest(kitchen / "recipe.yaml", target)
    refused("source_invalid", change(kitchen, "channels", "precipitation", "column", to="snow"), target)
    assert Store.open(target).title == "A field"
    asked = iter([False, False, True])
    refused("cancelled", change(kitchen, "title", to="Another"), target, cancelled=lambda: next(asked))
    assert Store.open(target).title == "A field"

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(StoreWriter, "write_stations", full)
        refused("disk_full", kitchen / "recipe.yaml", target)
    assert Store.open(target).title == "A field"
    assert ingest(kitchen / "recipe.yaml", target).title == "Another"
    assert [entry.name for entry in kitchen.iterdir() if entry.name.startswith(".")] == []


def test_a_folder_that_is_no_store_is_not_touched(kitchen: Path) -> None:
    target = kitchen / "store"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    refused("store_exists", kitchen / "recipe.yaml", target)
    assert (target / "thesis.txt").exists()


def test_a_dry_gauge_is_filled_from_the_other_source(kitchen: Path) -> None:
    table = pd.read_csv(kitchen / "data" / "weather.csv.gz")
    table.loc[24 * 5:24 * 8, "rain"] = np.nan
    table.to_csv(kitchen / "data" / "gaps.csv", index=False)
    source = recipe()["channels"]["precipitation"]
    first = {**source, "points": [{**source["points"][0], "file": "gaps.csv"}]}
    path = change(kitchen, "channels", "precipitation", to=first)
    assert np.isnan(ingest(path, kitchen / "store").coarse("precipitation").values).sum() == 3
    path = change(kitchen, "channels", "precipitation", to={**first, "otherwise": source})
    np.testing.assert_allclose(ingest(path, kitchen / "store").coarse("precipitation").values, 2.4, rtol=1e-6)


def test_the_command_prints_what_is_in_the_store(kitchen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args([str(kitchen / "recipe.yaml"), str(kitchen / "store")])) == 0
    printed = capsys.readouterr()
    assert "Elevation" in printed.err
    for word in ("land_cover", "71:", "precipitation by year: 2023: 96 mm in 40 days", "stations at 5 cm: 1",
                 "2023-05-30 to 2023-06-09"):
        assert word in printed.out


def test_the_shipped_recipes_are_valid() -> None:
    recipes = [path for path in (REPOSITORY / "resources" / "recipes").glob("*.yaml") if "_to_" not in path.name]
    assert recipes
    for path in recipes:
        assert load(path).recipe.title


def test_every_file_field_of_a_recipe_is_checked_before_work_begins(kitchen: Path) -> None:
    loaded = load(kitchen / "recipe.yaml")
    recipe_checks.check(loaded)
    named = {pattern for pattern, _ in recipe_checks.files(loaded)}
    assert named == {"dem.tif", "cover.tif", "ndvi_2023-05-20.tif", "ndvi_2023-06-05.tif", "weather.csv.gz",
                     "stations.csv"}
