"""Published files are read as their archives document them, and what is not as documented is refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from affine import Affine
from deepsoil.channels import CHANNELS
from deepsoil.ease_grid import M09, M36, EaseGrid
from deepsoil.grid import Window
from deepsoil.sources import hydroblocks, polaris, smap_l3, soil_survey
from deepsoil.sources.gnatsgo import GnatsgoSource
from deepsoil.sources.ingest import ingest
from deepsoil.sources.recipe_parts import Period
from hypothesis import given, settings
from hypothesis import strategies as st
from published_layouts import LAI_TILE, geotiff, gnatsgo, lai_arrays, lai_hdf5
from published_layouts import hydroblocks as hydroblocks_file
from published_layouts import landsat as landsat_files
from published_layouts import polaris as polaris_tile
from published_layouts import smap as smap_file
from published_tools import BOUNDS, centres, ingestion, leaves
from pyproj import Transformer
from sources_tools import FIELD, refused

DAY = date(2023, 7, 1)


# ---- SMAP


@given(cell=st.sampled_from([M36, M09]), row=st.integers(0, 405), column=st.integers(0, 963))
def test_cells_of_the_ease_grid_lie_where_the_projection_says(cell: EaseGrid, row: int, column: int) -> None:
    x, y = Transformer.from_crs(4326, 6933, always_xy=True).transform(cell.longitudes[column], cell.latitudes[row])
    assert x == pytest.approx(-17367530.4451615 + (column + 0.5) * cell.cell_m, abs=1)
    assert y == pytest.approx(7314540.8306386 - (row + 0.5) * cell.cell_m, abs=1)


@pytest.mark.parametrize("grid", [M36, M09])
def test_a_day_of_smap_is_the_mean_of_morning_and_evening_at_its_cells(tmp_path: Path, grid: EaseGrid) -> None:
    files = [smap_file(tmp_path, DAY, grid, 0.2, 0.3), smap_file(tmp_path, date(2023, 7, 3), grid, 0.25)]
    series = smap_l3.read_days(files, BOUNDS, FIELD)
    assert series.dates.tolist() == [DAY, date(2023, 7, 2), date(2023, 7, 3)]
    np.testing.assert_allclose(series.values[0], 0.25, atol=1e-6)
    assert np.isnan(series.values[1]).all()
    np.testing.assert_allclose(series.values[2], 0.25, atol=1e-6)
    assert series.longitudes.min() < BOUNDS[0] and series.longitudes.max() > BOUNDS[2]
    assert set(series.longitudes) <= set(grid.longitudes) and set(series.latitudes) <= set(grid.latitudes)
    np.testing.assert_allclose(smap_l3.read_days(files, BOUNDS, FIELD, passes="pm").values[0], 0.3, atol=1e-6)


@pytest.mark.parametrize(("flag", "recommended", "successful"), [(0, True, True), (1, False, True), (8, True, True),
                                                                 (5, False, False), (7, False, False)])
def test_flagged_retrievals_are_left_out_unless_they_are_asked_for(tmp_path: Path, flag: int, recommended: bool,
                                                                   successful: bool) -> None:
    files = [smap_file(tmp_path, DAY, M36, 0.2, flag=flag)]
    flagged = successful and not recommended
    for flags, used in (("recommended", recommended), ("successful", successful), ("flagged", flagged), ("all", True)):
        values = smap_l3.read_days(files, BOUNDS, FIELD, flags=flags).values  # type: ignore[arg-type]
        assert np.isfinite(values).all() == used and np.isfinite(values).any() == used


def test_the_newest_release_of_a_day_counts(tmp_path: Path) -> None:
    files = [smap_file(tmp_path, DAY, M36, value, release=release)
             for value, release in ((0.3, "R19240_002"), (0.1, "R18290_001"), (0.2, "R19240_001"))]
    np.testing.assert_allclose(smap_l3.read_days(files, BOUNDS, FIELD).values, 0.3, atol=1e-6)


def test_what_is_not_smap_as_documented_is_refused(tmp_path: Path) -> None:
    whole = smap_file(tmp_path, DAY, M36, 0.2)
    read = smap_l3.read_days
    (tmp_path / "cut").mkdir()
    cut = tmp_path / "cut" / whole.name
    cut.write_bytes(whole.read_bytes()[:20_000])
    assert cut.name in str(refused("source_invalid", read, [cut], BOUNDS, FIELD))
    strange = whole.with_name("smap.h5")
    strange.write_bytes(whole.read_bytes())
    assert "its day is not known" in str(refused("source_invalid", read, [strange], BOUNDS, FIELD))
    refused("source_invalid", read, [smap_file(tmp_path, DAY, M36, 0.2, shift=0.4)], BOUNDS, FIELD)
    refused("source_invalid", read, [smap_file(tmp_path, DAY, M36, 0.2, fill=-1.0)], BOUNDS, FIELD)
    refused("source_invalid", read, [smap_file(tmp_path, DAY, EaseGrid("half", 482, 203), 0.2)], BOUNDS, FIELD)
    refused("source_invalid", read, [smap_file(tmp_path, DAY, M36, 0.2),
                                     smap_file(tmp_path, date(2023, 7, 2), M09, 0.2)], BOUNDS, FIELD)
    refused("source_outside", read, [smap_file(tmp_path, DAY, M36, 0.2)], (10.0, 86.0, 11.0, 87.0), FIELD)


# ---- POLARIS, gNATSGO


@pytest.mark.parametrize(("channel", "variable", "stored", "expected"), [
    ("sand", "sand", 43.0, 43.0), ("log10_vg_alpha", "alpha", -0.9, -0.9 - np.log10(10.19716)),
    ("log10_ks", "ksat", 0.2, 0.2 + np.log10(24)), ("organic_matter", "om", 0.3, 10**0.3), ("vg_n", "n", 1.4, 1.4),
    ("theta_r", "theta_r", 0.05, 0.05)])
def test_polaris_has_the_units_of_its_channels(tmp_path: Path, channel: str, variable: str, stored: float,
                                               expected: float) -> None:
    def values(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.where(lon > -96.56, -9999.0, stored)

    polaris_tile(tmp_path, variable, values)
    found = polaris.PolarisSource(kind="polaris", folder=".").read(ingestion(tmp_path), channel)
    lon = np.broadcast_to(centres()[0], found.shape)
    np.testing.assert_allclose(found[lon < -96.563], expected, rtol=1e-5)
    assert np.isnan(found[lon > -96.557]).all()


def test_polaris_alpha_in_other_units_and_missing_tiles_are_refused(tmp_path: Path) -> None:
    source = polaris.PolarisSource(kind="polaris", folder=".")
    polaris_tile(tmp_path, "alpha", lambda lon, lat: np.full(lon.shape, 0.1))  # 1.3 1/kPa, never a soil's median
    refused("source_invalid", source.read, ingestion(tmp_path), "log10_vg_alpha")
    assert "clay/mean/0_5/lat3940_lon-97-96.tif" in str(refused("source_missing", source.read, ingestion(tmp_path),
                                                                "clay"))
    assert sorted(polaris.tile_names((-97.1, 38.9, -96.9, 39.1))) == [
        "lat3839_lon-97-96", "lat3839_lon-98-97", "lat3940_lon-97-96", "lat3940_lon-98-97"]


@pytest.mark.parametrize(("dtype", "nodata"), [("int32", 2147483647), ("uint32", 4294967295), ("int32", -2147483648)])
def test_map_units_get_the_means_of_their_components_and_horizons(tmp_path: Path, dtype: str, nodata: float) -> None:
    gnatsgo(tmp_path, dtype=dtype, nodata=nodata)
    source = GnatsgoSource(kind="gnatsgo", keys="mukey.tif", tables=".")
    shared = ingestion(tmp_path)
    # component 1: (3 cm × 30 + 2 cm × 20) / 5 cm = 26 %, component 2: 10 %, shares 60 and 30
    expected = {"survey_field_capacity": ((0.26 * 60 + 0.10 * 30) / 90, np.nan), "available_water_storage": (9.5, 4.0),
                "soil_thickness": (150.0, 60.0), "available_water_content": ((0.16 * 60 + 0.1 * 30) / 90, 0.15),
                "porosity": (0.46, 0.40)}
    for name, (west, east) in expected.items():
        found = source.read(shared, name)
        lon, lat = centres()
        inner = np.broadcast_to((lat > 39.05) & (lat < 39.12), found.shape)
        np.testing.assert_allclose(found[inner & (lon < -96.588)], west, rtol=1e-5, err_msg=name)
        np.testing.assert_allclose(found[inner & (lon > -96.582)], east, rtol=1e-5, err_msg=name)


def test_keys_and_tables_of_two_releases_are_refused(tmp_path: Path) -> None:
    gnatsgo(tmp_path)
    (tmp_path / "valu1.csv").write_text("mukey,aws0_5\n1483100,9.5\n")
    source = GnatsgoSource(kind="gnatsgo", keys="mukey.tif", tables=".")
    assert "1483200" in str(refused("source_invalid", source.read, ingestion(tmp_path), "available_water_storage"))
    (tmp_path / "chorizon.csv").unlink()
    refused("source_missing", source.read, ingestion(tmp_path), "porosity")
    (tmp_path / "valu1.csv").write_text("mukey,aws\n1483100,9.5\n")
    refused("source_invalid", source.read, ingestion(tmp_path), "available_water_storage")


def test_without_valu1_storage_and_thickness_come_from_the_horizons(tmp_path: Path) -> None:
    gnatsgo(tmp_path)
    (tmp_path / "valu1.csv").unlink()
    source = GnatsgoSource(kind="gnatsgo", keys="mukey.tif", tables=".")
    storage = source.read(ingestion(tmp_path), "available_water_storage")
    # 60 parts with 3 cm of 0.2 and 2 cm of 0.1, 30 parts with 5 cm of 0.1; then 5 cm of 0.15
    assert {round(float(value), 3) for value in np.unique(storage[np.isfinite(storage)])} == {7.0, 7.5}
    thickness = source.read(ingestion(tmp_path), "soil_thickness")
    assert set(np.unique(thickness[np.isfinite(thickness)])) == {50.0, 150.0}


def test_a_horizon_whose_texture_does_not_add_up_takes_no_part(tmp_path: Path) -> None:
    gnatsgo(tmp_path)
    horizons = pd.read_csv(tmp_path / "chorizon.csv").assign(
        sandtotal_r=[20.0, 90.0, 60.0, 10.0], silttotal_r=[50.0, 90.0, 30.0, None],
        claytotal_r=[30.0, 5.0, 10.0, 20.0])
    horizons.to_csv(tmp_path / "chorizon.csv", index=False)
    source = GnatsgoSource(kind="gnatsgo", keys="mukey.tif", tables=".", zone="0-30")
    sand, silt, clay = (source.read(ingestion(tmp_path), name) for name in ("sand", "silt", "clay"))
    known = np.isfinite(sand)
    assert known.any() and not known.all() and (known == np.isfinite(clay)).all(), "the second unit has no silt"
    assert np.allclose((sand + silt + clay)[known], 100.0)
    assert sand[known][0] == pytest.approx((60 * 20 + 30 * 60) / 90)


@settings(deadline=None)
@given(values=st.lists(st.floats(1, 60), min_size=2, max_size=6), shares=st.lists(st.integers(1, 50), min_size=6,
                                                                                max_size=6))
def test_the_mean_of_a_map_unit_lies_between_its_components(values: list[float], shares: list[int]) -> None:
    import pandas as pd

    components = pd.DataFrame({"mukey": 7, "cokey": range(len(values)), "comppct_r": shares[:len(values)]})
    horizons = pd.DataFrame({"cokey": range(len(values)), "hzdept_r": 0, "hzdepb_r": 10, "awc_r": values})
    found = soil_survey.by_map_unit(components, horizons, "awc_r", 0, 5)
    expected = np.average(values, weights=shares[:len(values)])
    assert found.index.tolist() == [7] and found.iloc[0] == pytest.approx(expected)


# ---- HydroBlocks


@pytest.mark.parametrize("north_first", [True, False])
def test_hydroblocks_gives_the_daily_mean_of_the_overpasses_at_their_place(tmp_path: Path, north_first: bool) -> None:
    rows, columns = np.mgrid[0:252, 0:324]
    steps = np.full((8, 252, 324), np.nan, np.float32)
    pattern = 0.1 + 0.001 * rows + 0.0005 * columns
    steps[1], steps[2] = pattern, pattern + 0.02
    hydroblocks_file(tmp_path / "SMAPHB_sample.nc", "2016-06-01", steps, north_first=north_first)
    made = hydroblocks.HydroblocksSource(kind="hydroblocks", files=["*.nc"]).read(ingestion(tmp_path), "hydroblocks")
    assert made.days == [date(2016, 6, 1)], "a day without an overpass is no day"
    lon, lat = centres()
    expected = 0.11 + 0.001 * ((39.12 - lat) * 3600 - 0.5) + 0.0005 * ((lon + 96.63) * 3600 - 0.5)
    np.testing.assert_allclose(next(made.layers), expected, atol=0.002)


def test_hydroblocks_with_other_units_variables_and_years_is_refused(tmp_path: Path) -> None:
    steps = np.full((4, 252, 324), 0.2, np.float32)
    path = hydroblocks_file(tmp_path / "a.nc", "2016-06-01", steps, units="%")
    refused("unit_wrong", hydroblocks.days_of, [path], None, BOUNDS, FIELD)
    path = hydroblocks_file(tmp_path / "a.nc", "2016-06-01", steps)
    assert "SMAPHB" in str(refused("source_invalid", hydroblocks.days_of, [path], "theta", BOUNDS, FIELD))
    refused("source_outside", hydroblocks.days_of, [path], None, (-90.0, 30.0, -89.0, 31.0), FIELD)
    source = hydroblocks.HydroblocksSource(kind="hydroblocks", files=["a.nc"])
    later = Period(start=date(2019, 1, 1), end=date(2019, 12, 31))
    refused("source_invalid", source.read, ingestion(tmp_path, later), "hydroblocks")
    path.write_bytes(path.read_bytes()[:3000])
    refused("source_invalid", hydroblocks.days_of, [path], None, BOUNDS, FIELD)
    assert CHANNELS["hydroblocks"].unit == "m3/m3"


# ---- all of them in one recipe

RECIPE = """
schema: 1
name: published
title: Published files
area: {box: [-96.62, 39.06, -96.55, 39.11]}
dates: {start: 2023-06-01, end: 2023-07-31}
channels:
  sand: {kind: polaris, folder: polaris}
  log10_vg_alpha: {kind: polaris, folder: polaris}
  available_water_storage: {kind: gnatsgo, keys: mukey.tif, tables: .}
  porosity: {kind: gnatsgo, keys: mukey.tif, tables: ., zone: 0-30}
  land_cover: {kind: raster, file: nlcd.tif, unit: NLCD class, nodata: [250, 0]}
  red: {kind: landsat, files: ["landsat/*.TIF"]}
  ndvi: {kind: landsat, files: ["landsat/*.TIF"]}
  lai: {kind: satellite_lai, files: ["VNP15A2H*.h5"]}
  smap: {kind: smap_l3, files: ["SMAP_L3*.h5"], flags: successful}
  hydroblocks: {kind: hydroblocks, files: ["SMAPHB*.nc"]}
"""


def test_a_recipe_of_published_files_becomes_a_store(tmp_path: Path) -> None:
    polaris_tile(tmp_path / "polaris", "sand", lambda lon, lat: np.full(lon.shape, 40.0))
    polaris_tile(tmp_path / "polaris", "alpha", lambda lon, lat: np.full(lon.shape, -0.9))
    gnatsgo(tmp_path)
    degrees = 0.0003 * np.mgrid[0:400, 0:500][1]
    geotiff(tmp_path / "nlcd.tif", np.where(degrees < 0.06, 250, np.where(degrees < 0.07, 0, 82)).astype(np.uint8),
            Affine(0.0003, 0, -96.65, 0, -0.0003, 39.15), "EPSG:4326")
    landsat_files(tmp_path / "landsat", DAY, lambda lon, lat: np.full(lon.shape, 0.1),
                  lambda lon, lat: np.full(lon.shape, 0.3))
    lai_hdf5(tmp_path / f"VNP15A2H.A2023177.{LAI_TILE}.002.2023186034211.h5", *lai_arrays(leaves))
    smap_file(tmp_path, DAY, M09, 0.2, flag=1)
    hydroblocks_file(tmp_path / "SMAPHB.nc", "2023-07-01", np.full((4, 252, 324), 0.3, np.float32))
    (tmp_path / "recipe.yaml").write_text(RECIPE)
    store = ingest(tmp_path / "recipe.yaml", tmp_path / "store")
    assert set(store.channels()) == set(yaml.safe_load(RECIPE)["channels"])
    inner = Window.around(-96.57, 39.07, -96.56, 39.10)
    cover = store.read_static("land_cover", Window.around(-96.60, 39.07, -96.56, 39.10))
    assert set(np.unique(np.nan_to_num(cover))) == {0.0, 82.0}
    for channel, value in (("sand", 40.0), ("available_water_storage", 4.0), ("red", 0.1)):
        np.testing.assert_allclose(store.read_static(channel, inner), value, rtol=1e-3)
    for channel, value in (("ndvi", 0.5), ("hydroblocks", 0.3)):
        np.testing.assert_allclose(store.read_layer(channel, 0, inner), value, rtol=1e-3)
    np.testing.assert_allclose(store.coarse("smap").values, 0.2, rtol=1e-3)
