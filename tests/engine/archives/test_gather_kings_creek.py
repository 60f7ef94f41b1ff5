"""Kings Creek from all local servers together, and from its recipe: equal stores within rounding, equal maps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import shapely.geometry
from deepsoil.archives.ndvi import DAYS_BEFORE_MAPS
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.ease_grid import M09
from deepsoil.grid import Window
from deepsoil.inference.predict import predict_window
from deepsoil.inputs.stack import Stack
from deepsoil.kinds import gather_planning, gather_request, gather_work
from deepsoil.kinds.open_context import open_context
from deepsoil.sources.ingest import ingest
from deepsoil.store.store import Store
from kings_creek_servers import THETA, kings_creek
from published_layouts import smap as smap_file
from servers.earthdata import TOKEN, earthdata

REPOSITORY = Path(__file__).resolve().parents[3]
REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
pytestmark = pytest.mark.skipif(not (REAL / "kings_creek").is_dir(), reason=f"no real data at {REAL}")
FIELD = shapely.geometry.box(-96.60, 39.085, -96.585, 39.10)
TODAY = date(2024, 6, 1)
PASSES = [date(2023, 11, 10 + number) for number in range(0, 20, 2)]


@dataclass
class Both:
    recipe: Store
    gathered: Store
    folder: Path
    logged: list[str]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("kings-creek")
    recipe = ingest(REPOSITORY / "resources" / "recipes" / "kings_creek.yaml", folder / "recipe-store", REAL)
    patch = pytest.MonkeyPatch()
    logged: list[str] = []
    (folder / "tiles").mkdir()
    (folder / "smap").mkdir()
    retrievals = {day: [smap_file(folder / "smap", day, M09, 0.2 + 0.005 * number)] for number, day in
                  enumerate(PASSES)}
    with kings_creek(recipe, (-96.66, 39.04, -96.53, 39.14), folder / "tiles") as held, earthdata(retrievals) as nasa:
        addresses = folder / "addresses.json"
        dead = dict.fromkeys(("uscrn", "nws", "polaris", "soilgrids", "nlcd_images", "cropscape", "sentinel2",
                              "open_meteo"), "http://127.0.0.1:9")
        addresses.write_text(json.dumps({**dead, **held.addresses, "cmr": nasa.search, "smap_l3": nasa.files}))
        patch.setenv("DEEPSOIL_ARCHIVES", str(addresses))
        patch.setenv("DEEPSOIL_PROXIES", "{}")
        patch.setenv("DEEPSOIL_ACCOUNTS", json.dumps({"earthdata": TOKEN}))
        patch.setattr(gather_planning, "today", lambda: TODAY)
        context = open_context(folder / "home")
        (folder / "home").mkdir()
        specification = parse_specification(
            {"schema": SCHEMA, "id": "0" * 32, "kind": "gather", "name": "Kings Creek",
             "area": json.loads(shapely.to_geojson(FIELD)), "dates": {"start": "2022-07-01", "end": "2023-12-31"},
             "options": {"folder": str(folder / "out"), "off": ["uscrn"]}})
        work = gather_request.gathering_of(specification, context)
        assert work.problems() == []
        around = gather_work.Surroundings(context.home, lambda done, total, message: None,
                                             lambda text, level: logged.append(f"{level}: {text}"), lambda: False)
        path = gather_work.gather(work.plan, gather_work.record_of(work), work.folder, around)
        region = gather_work.ingest(path, FIELD, context, around)
        yield Both(recipe, Store.open(region["path"]), folder / "out", logged)
    patch.undo()


def test_every_need_was_served_by_its_preferred_archive(both: Both) -> None:
    record = json.loads((both.folder / "gathered.json").read_text())
    assert record["served"] == {
        "soil": ["soil_survey"], "land_cover": ["nlcd"], "koppen": ["koppen"], "crops": ["cdl"], "elevation": ["3dep"],
        "weather": ["gridmet"], "stations": ["awdb"], "ndvi": ["hls"], "lai": ["viirs_lai"],
        "smap": ["smap_l3", "crop_casma"],
    }, (record["failed"], both.logged)
    assert not [one for one in record["failed"] if one["need"] != "outlook"]
    for name in ("gridMET", "Geological Survey", "NLCD", "Soil Survey", "Beck"):
        assert name in both.gathered.attribution, both.gathered.attribution


def test_the_stores_are_equal_within_rounding(both: Both) -> None:
    window = Window.around(*FIELD.bounds)
    for name in ("sand", "silt", "clay", "bulk_density", "organic_matter", "theta_s", "log10_ks", "koppen"):
        known, found = (store.read_static(name, window) for store in (both.recipe, both.gathered))
        np.testing.assert_allclose(found, known, rtol=2e-3, err_msg=name)
    known, found = (store.read_static("elevation", window) for store in (both.recipe, both.gathered))
    assert np.abs(found - known).mean() < 0.4, "pixels of 10 m in the place of 30 m, on slopes of 10 %"
    assert np.percentile(np.abs(found - known), 99) < 1.5
    for name in ("land_cover", "crop"):
        known, found = (store.read_static(name, window) for store in (both.recipe, both.gathered))
        assert (known == found).mean() > 0.95, f"{name}: {(known == found).mean()}"
    rounding = {"precipitation": 0.06, "temperature": 0.06, "vpd": 0.006, "pet": 0.06}
    for name, most in rounding.items():
        known, found = both.recipe.coarse(name), both.gathered.coarse(name)
        days, here, there = np.intersect1d(known.dates, found.dates, return_indices=True)
        assert days.size == 914 and str(days[0]) == "2021-07-01" and str(days[-1]) == "2023-12-31"
        of_day = known.values[here].mean(axis=(1, 2))
        there_now = found.values[there]
        filled = np.isfinite(of_day)
        assert np.abs(there_now[filled] - of_day[filled, None, None]).max() < most, name
    seen = both.gathered.dates_of("ndvi")
    before_maps = np.datetime64("2022-07-01") - DAYS_BEFORE_MAPS
    assert list(seen) == [day for day in both.recipe.dates_of("ndvi") if day >= before_maps] and seen.size >= 5
    for number, day in enumerate(seen):
        known = both.recipe.read_layer("ndvi", list(both.recipe.dates_of("ndvi")).index(day), window)
        found = both.gathered.read_layer("ndvi", number, window)
        there = np.isfinite(known) & np.isfinite(found)
        assert there.mean() > 0.95 * np.isfinite(known).mean()
        assert np.abs(found - known)[there].mean() < 0.03
    stations = both.gathered.stations()
    assert stations.ids == ["SCAN_2093"] and np.nanmin(stations.theta[0, 0]) == pytest.approx(THETA, abs=1e-3)


@pytest.mark.parametrize("day", ["2022-08-15", "2023-04-10", "2023-07-20", "2023-12-30"])
def test_the_maps_are_equal(day: str, both: Both, tmp_path: Path) -> None:
    model = open_context(tmp_path).library.find("deepsoil-20cm")
    window = Window.around(*FIELD.bounds)
    known, found = (predict_window(model, Stack(store, model.contract.channel_uses()), date.fromisoformat(day), window)
                    for store in (both.recipe, both.gathered))
    difference = np.abs(found - known)
    assert np.isfinite(difference).all()
    assert np.nanmean(difference) < 0.002 and np.nanpercentile(difference, 99) < 0.01


def test_maps_of_the_gathered_region_are_compared_with_its_smap(both: Both, tmp_path: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    """With the cell that has most of it, since the region is smaller than one."""
    from deepsoil.cli import main

    assert main(["evaluate", str(both.gathered.path), "--start", "2023-11-08", "--end", "2023-11-30", "--reference",
                 "smap", "--output", str(tmp_path)]) == 0
    assert "stands for all" in capsys.readouterr().out
    (row,) = json.loads((tmp_path / "smap_metrics.json").read_text())["rows"]
    assert row["retrievals"] == "recommended" and row["cell days"] == len(PASSES) * row["cells"]
    lines = (tmp_path / "smap_comparison.csv").read_text().splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == {str(day) for day in PASSES}
    assert all(float(line.split(",")[5]) > 0 for line in lines), "the map has a value there"


def test_a_check_notices_rasters_of_another_form(both: Both, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    from deepsoil.archives import checked, raster_forms
    from deepsoil.cli import main

    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path))
    assert main(["archives", "check", "3dep", "nlcd", "soil_survey", "koppen"]) == 0, capsys.readouterr().out
    assert set(checked.last(tmp_path)) == {"3dep", "nlcd", "soil_survey", "koppen"}
    monkeypatch.setitem(raster_forms.ASSUMED, "3dep", raster_forms.Form(4326, ("float64",), (-9999.0,)))
    assert main(["archives", "check", "3dep"]) == 1
    said = capsys.readouterr().out
    assert all(word in said for word in ("EPSG:4269", "float32", "-999999"))
    assert set(checked.last(tmp_path)) == {"nlcd", "soil_survey", "koppen"}
