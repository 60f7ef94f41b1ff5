"""Rasters, terrain, soil and tables arrive on the grid as they are meant: place, classes, missing values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from deepsoil.grid import Window, ground_m, lonlat_to_pixel
from deepsoil.inputs.slope import northness, slope_aspect
from deepsoil.sources import constant, geotiff, soil_hydraulics
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_tools import FIELD, WINDOW, refused


def raster(path: Path, values: np.ndarray, west: float, north: float, step: float, crs: str = "EPSG:4326",
           nodata: float | None = None, step_y: float | None = None) -> Path:
    with rasterio.open(path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, crs=crs,
                       dtype=values.dtype, nodata=nodata, transform=Affine(step, 0, west, 0, -(step_y or step), north),
                       ) as out:
        out.write(values, 1)
    return path


def degrees_raster(path: Path, step: float, make, dtype: str = "float32", **more: float) -> Path:
    """A raster that covers WINDOW, of values ``make(lon, lat)``."""
    lon = -96.65 + step * (np.arange(round(0.13 / step)) + 0.5)
    lat = 39.14 - step * (np.arange(round(0.11 / step)) + 0.5)
    return raster(path, make(lon[None, :], lat[:, None]).astype(dtype), -96.65, 39.14, step, **more)


# ---- rasters


def plane(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    return 300 + 1000 * (lon + 96.6) - 2000 * (lat - 39.1)


@pytest.mark.parametrize("step", [0.00008, 0.00035, 0.002])
def test_a_plane_stays_a_plane_at_its_place_whatever_the_pixel_size(tmp_path: Path, step: float) -> None:
    path = degrees_raster(tmp_path / "z.tif", step, plane)
    values = geotiff.read_map(path, WINDOW, geotiff.RasterOptions(), FIELD)
    lon, lat = WINDOW.lonlat_centres()
    assert values.shape == WINDOW.shape
    np.testing.assert_allclose(values, plane(lon[None, :], lat[:, None]), atol=0.15)


def test_a_finer_raster_is_averaged_and_a_coarser_one_interpolated(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    fine = degrees_raster(tmp_path / "f.tif", 0.00008, lambda lon, lat: rng.normal(0, 1, (lat.size, lon.size)))
    values = geotiff.read_map(fine, WINDOW, geotiff.RasterOptions(), FIELD)
    assert values.std() < 0.4, "16 pixels of noise average to a quarter of it"
    assert geotiff.read_map(fine, WINDOW, geotiff.RasterOptions(method="nearest"), FIELD).std() > 0.9


@settings(max_examples=15, deadline=None)
@given(nodata=st.sampled_from([0.0, -9999.0, -3.4e38]), share=st.floats(0.05, 0.6), seed=st.integers(0, 99))
def test_missing_pixels_never_bleed_into_the_map(tmp_path_factory: pytest.TempPathFactory, nodata: float, share: float,
                                                 seed: int) -> None:
    rng = np.random.default_rng(seed)

    def holes(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.where(rng.random((lat.size, lon.size)) < share, nodata, 350.0)

    path = degrees_raster(tmp_path_factory.mktemp("m") / "z.tif", 0.0005, holes, nodata=nodata)
    values = geotiff.read_map(path, WINDOW, geotiff.RasterOptions(), FIELD)
    np.testing.assert_allclose(values[np.isfinite(values)], 350.0, rtol=1e-6)
    assert np.isfinite(values).mean() > 0.3


def test_nodata_of_the_recipe_adds_to_that_of_the_file_and_scale_comes_after(tmp_path: Path) -> None:
    path = degrees_raster(tmp_path / "n.tif", 0.0005, lambda lon, lat: np.where(lon + 0 * lat < -96.585, -28672, 5000),
                          "int16")
    values = geotiff.read_map(path, WINDOW, geotiff.RasterOptions(nodata=(-28672,), scale=1e-4), FIELD)
    assert np.isnan(values[:, :40]).all()
    np.testing.assert_allclose(values[:, -40:], 0.5)


def test_classes_are_never_mixed_and_follow_the_crosswalk(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    path = degrees_raster(tmp_path / "c.tif", 0.0001, lambda lon, lat: rng.choice([1, 176, 111], (lat.size, lon.size)),
                          "uint32", nodata=4294967295)
    options = geotiff.RasterOptions(classes=True, crosswalk={1: 82, 176: 71, 111: None})
    values = geotiff.read_map(path, WINDOW, options, FIELD)
    assert set(np.unique(values[np.isfinite(values)])) == {71.0, 82.0} and 0.2 < np.isnan(values).mean() < 0.45
    error = refused("source_invalid", geotiff.read_map, path, WINDOW,
                    geotiff.RasterOptions(classes=True, crosswalk={1: 82}), FIELD)
    assert "111, 176" in error.message and error.field == FIELD


def test_a_projected_raster_lands_where_its_coordinates_say(tmp_path: Path) -> None:
    from pyproj import Transformer

    x, y = Transformer.from_crs(4326, 26914, always_xy=True).transform(-96.585, 39.085)
    values = np.zeros((400, 400), np.float32)
    values[195:205, 195:205] = 1.0
    path = raster(tmp_path / "u.tif", values, x - 2000, y + 2000, 10.0, "EPSG:26914")
    here = geotiff.read_map(path, WINDOW, geotiff.RasterOptions(), FIELD)
    rows, columns = np.nonzero(np.nan_to_num(here) > 0.3)
    column, row = lonlat_to_pixel(-96.585, 39.085)
    assert abs(columns.mean() + 0.5 + WINDOW.column - column) < 0.6
    assert abs(rows.mean() + 0.5 + WINDOW.row - row) < 0.6


def test_a_picture_needs_its_place_told(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(
            path, "w", driver="GTiff", height=180, width=360, count=1, dtype="uint8") as out:
        out.write(np.arange(180, dtype=np.uint8)[:, None].repeat(360, axis=1), 1)
    refused("source_invalid", geotiff.read_map, path, WINDOW, geotiff.RasterOptions(), FIELD)
    options = geotiff.RasterOptions(classes=True, crs="EPSG:4326", bounds=(-180, -90, 180, 90))
    values = geotiff.read_map(path, WINDOW, options, FIELD)
    assert set(np.unique(values)) == {50.0}, "39.06 to 39.11 N is the row of 39 to 40 N"


def test_a_raster_that_is_broken_or_elsewhere_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0nonsense")
    assert "broken.tif" in refused("source_invalid", geotiff.read_map, broken, WINDOW, geotiff.RasterOptions(),
                                   FIELD).message
    there = raster(tmp_path / "there.tif", np.ones((10, 10), np.float32), 10.0, 50.0, 0.01)
    assert "there.tif" in refused("source_outside", geotiff.read_map, there, WINDOW, geotiff.RasterOptions(),
                                  FIELD).message


# ---- terrain


@settings(max_examples=40, deadline=None)
@given(east=st.floats(-1, 1), north=st.floats(-1, 1), row=st.integers(150_000, 500_000))
def test_slope_and_aspect_of_a_tilted_plane_are_exact_at_any_latitude(east: float, north: float, row: int) -> None:
    window = Window(240_000, row, 9, 7)
    metres = ground_m(window.lonlat_centres()[1])
    x = np.arange(9)[None, :] * metres[:, None]
    y = -np.arange(7)[:, None] * metres[3]
    x = x - (x - np.arange(9)[None, :] * metres[3])  # one pixel size: the plane is local
    slope, aspect = slope_aspect((500 + east * x + north * y).astype(np.float64), window.ground_m())
    assert slope == pytest.approx(np.degrees(np.arctan(np.hypot(east, north))), rel=1e-3, abs=1e-3)
    if np.hypot(east, north) > 0.01:
        expected = np.degrees(np.arctan2(-east, -north)) % 360
        assert np.cos(np.radians(aspect - expected)) == pytest.approx(1.0, abs=1e-4)
        north_ness = northness(slope, aspect)
        assert north_ness == pytest.approx(np.cos(np.radians(expected)) * np.sin(np.radians(slope)), abs=1e-3)


def test_flat_ground_has_no_aspect_and_holes_do_not_spoil_their_neighbours() -> None:
    window = Window(240_000, 400_000, 8, 8)
    slope, aspect = slope_aspect(np.full((8, 8), 100.0, np.float32), window.ground_m())
    assert (slope == 0).all() and np.isnan(aspect).all() and (northness(slope, aspect) == 0).all()
    z = (np.arange(8)[None, :] * 3.0 + np.zeros((8, 1))).astype(np.float32)
    z[3, 3] = np.nan
    slope, aspect = slope_aspect(z, window.ground_m())
    assert np.isnan(slope[3, 3]) and np.isnan(northness(slope, aspect)[3, 3])
    assert np.nanstd(slope) < 1e-2 and np.nanmean(aspect) == pytest.approx(270, abs=0.1)
    assert np.isfinite(slope).sum() == 63


# ---- soil and tables


def test_hydraulic_parameters_follow_the_texture_pixel_by_pixel() -> None:
    sand, clay = np.full((2, 3), 40.0, np.float32), np.full((2, 3), 20.0, np.float32)
    sand[0, 0], clay[0, 0] = 90.0, 5.0
    sand[1, 2] = np.nan
    maps = soil_hydraulics.from_texture(sand, 100 - sand - clay, clay)
    assert maps["theta_s"][0, 1] == pytest.approx(0.4040, abs=2e-3) and maps["log10_ks"][0, 1] == pytest.approx(
        1.0902, abs=0.01)
    assert maps["log10_ks"][0, 0] == pytest.approx(2.5048, abs=0.01)
    assert all(np.isnan(values[1, 2]) for values in maps.values())


def test_a_table_mean_takes_only_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\ufeffsite,depth,sand\nA,5,99\nA,20,10\nB,20,20\nC,20,\n", encoding="utf-8")
    assert constant.mean_of_rows(path, "sand", {"depth": 20}, FIELD) == 15.0
    assert "'silt'" in refused("source_invalid", constant.mean_of_rows, path, "silt", {"depth": 20}, FIELD).message
    assert "depth = 7" in refused("source_invalid", constant.mean_of_rows, path, "sand", {"depth": 7}, FIELD).message
