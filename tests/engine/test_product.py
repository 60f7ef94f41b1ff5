"""A product is a Cloud-Optimised GeoTIFF that says θ where the area is, nothing elsewhere, and never half a file."""

from __future__ import annotations

import resource
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from deepsoil.channels import MEMORY
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inference import product, target
from deepsoil.inference.product import NODATA, Mosaic, quantise, write_product
from deepsoil.inference.target import Target, utm_epsg
from inference_tools import DAY, FIELD, HERE, built, make_context, new_job, ring
from shapely.geometry import shape

TAGS = {"DEEPSOIL_DEPTH_CM": "5", "DEEPSOIL_DATE": "2023-06-10"}


def slope(columns: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """θ as a plane over the grid: bilinear interpolation gives it back exactly."""
    return 0.1 + 1e-3 * (columns - HERE.column) + 5e-4 * (rows - HERE.row)


def plane() -> Mosaic:
    columns, rows = HERE.column + np.arange(300) + 0.5, HERE.row + np.arange(300) + 0.5
    return Mosaic(Window(HERE.column, HERE.row, 300, 300),
                  slope(*np.meshgrid(columns, rows)).astype(np.float32))


def write(path: Path, mosaic: Mosaic, grid: Target) -> Path:
    return write_product(path, mosaic, grid, title="soil moisture", tags=TAGS)


@pytest.mark.parametrize("crs", ["utm", "EPSG:5070"])
def test_a_pixel_holds_the_theta_of_its_host(tmp_path: Path, crs: str) -> None:
    area = shape(FIELD)
    grid = Target.of(area, crs)
    with rasterio.open(write(tmp_path / "a.tif", plane(), grid)) as raster:
        steps, theta = raster.read(1), raster.read(1) * raster.scales[0] + raster.offsets[0]
        assert (raster.nodata, raster.dtypes, raster.units) == (NODATA, ("uint16",), ("m3/m3",))
        assert raster.res == (30.0, 30.0) and raster.transform.c % 30 == 0 and raster.transform.f % 30 == 0
        assert raster.tags()["DEEPSOIL_DEPTH_CM"] == "5" and raster.descriptions == ("soil moisture",)
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        rows, columns = np.indices(steps.shape)
        x, y = rasterio.transform.xy(raster.transform, rows.ravel(), columns.ravel())
        lon, lat = pyproj.Transformer.from_crs(raster.crs, "EPSG:4326", always_xy=True).transform(x, y)
    inside = shapely.contains_xy(area, lon, lat).reshape(steps.shape)
    near_edge = shapely.dwithin(area.exterior, shapely.points(lon, lat), 1e-6).reshape(steps.shape)
    assert np.array_equal((steps != NODATA) | near_edge, inside | near_edge)
    expected = slope(*lonlat_to_pixel(lon, lat)).reshape(steps.shape)
    assert np.abs(theta - expected)[inside & ~near_edge].max() < 1.5e-4


def test_missing_values_do_not_bleed_and_do_not_spread(tmp_path: Path) -> None:
    mosaic = plane()
    mosaic.theta[:] = 0.3
    mosaic.theta[150:160, 140:150] = np.nan
    mosaic.theta[130, 130] = np.nan
    grid = Target.of(shape(FIELD))
    with rasterio.open(write(tmp_path / "a.tif", mosaic, grid)) as raster:
        steps, (x, y) = raster.read(1), raster.xy(*np.indices(raster.shape).reshape(2, -1))
    assert (steps[steps != NODATA] == 3000).all()
    lon, lat = pyproj.Transformer.from_crs(grid.epsg, 4326, always_xy=True).transform(x, y)
    columns, rows = (values - origin for values, origin in zip(lonlat_to_pixel(lon, lat), (HERE.column, HERE.row),
                                                               strict=True))
    clear = np.all([np.abs(values - np.rint(values)) > 0.02 for values in (columns, rows)], axis=0)
    known = np.isfinite(mosaic.theta[np.clip(rows.astype(int), 0, 299), np.clip(columns.astype(int), 0, 299)])
    inside = np.concatenate([grid.mask(block).ravel() for block in grid.blocks()])
    assert (inside & ~known).sum() > 90
    assert np.array_equal((steps.ravel() != NODATA)[clear], (inside & known)[clear])


@pytest.mark.parametrize("corner", [(150.2, 150.3), (150.7, 150.9), (150.45, 150.98)])
def test_the_smallest_field_still_has_a_pixel(tmp_path: Path, corner: tuple[float, float]) -> None:
    x, y = corner
    area = shape(ring((x, y), (x + 0.1, y), (x + 0.1, y + 0.1), (x, y + 0.1)))
    with rasterio.open(write(tmp_path / "a.tif", plane(), Target.of(area))) as raster:
        steps = raster.read(1)
    assert 1 <= (steps != NODATA).sum() <= 4


def test_a_large_map_is_the_same_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = Target.of(shape(FIELD))
    with rasterio.open(write(tmp_path / "a.tif", plane(), grid)) as raster:
        whole = raster.read(1)
    monkeypatch.setattr(target, "BLOCK_PIXELS", 32)
    assert len(list(grid.blocks())) > 4
    with rasterio.open(write(tmp_path / "b.tif", plane(), grid)) as raster:
        difference = np.abs(raster.read(1).astype(int) - whole)
    assert difference.max() <= 1  # a step of rounding


@pytest.mark.parametrize(("resolution_m", "apart"), [(10.0, 0.012), (30.0, 0.004), (90.0, 0.002), (300.0, 0.003)])
def test_every_piece_reaches_as_far_as_its_pixels_do(resolution_m: float, apart: float,
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    """Pixels at the rim of a piece are computed from values outside it: on rough ground one that is left out shows."""
    mosaic = plane()
    mosaic.theta[:] = np.random.default_rng(3).uniform(0.1, 0.5, mosaic.theta.shape)
    grid = Target.of(shape(FIELD), resolution_m=resolution_m)
    whole = np.vstack([next(product.resample(mosaic, grid, block)) for block in grid.blocks()])
    for pixels in (4, 13):
        monkeypatch.setattr(target, "BLOCK_PIXELS", pixels)
        pieces = list(grid.blocks())
        for block in pieces[::max(1, len(pieces) // 60)]:
            rows, columns = slice(block.row_off, block.row_off + block.height), slice(
                block.col_off, block.col_off + block.width)
            np.testing.assert_allclose(next(product.resample(mosaic, grid, block)), whole[rows, columns], atol=apart)


def test_a_product_takes_its_place_on_the_disk_three_times_and_a_half() -> None:
    grid = Target.of(shape(FIELD))
    assert grid.raw_bytes == 2 * grid.width * grid.height
    assert product.needed_bytes(grid) == int(3.4 * grid.raw_bytes) + 2**20
    assert product.needed_bytes(grid, 2) == int(6.8 * grid.raw_bytes) + 2**20
    assert product.file_name(5, "2023-06-10") == "soil_moisture_05cm_2023-06-10.tif"


def test_a_second_band_holds_the_half_width_where_there_is_theta(tmp_path: Path) -> None:
    mosaic = plane()
    half_width = np.broadcast_to(np.float32(0.0613), mosaic.theta.shape).copy()
    half_width[:, :150], half_width[170:, :] = 0.02, np.nan
    mosaic.theta[100:120, 100:200] = np.nan
    grid = Target.of(shape(FIELD))
    with rasterio.open(write(tmp_path / "one.tif", mosaic, grid)) as raster:
        assert raster.count == 1 and not any("INTERVAL" in tag for tag in raster.tags())
        alone = raster.read(1)
    both = replace(mosaic, half_width=half_width, interval="conformal, 10 groups")
    with rasterio.open(write(tmp_path / "two.tif", both, grid)) as raster:
        theta, half = raster.read()
        assert raster.descriptions == ("soil moisture", "Half-width of the 90 % interval (m³/m³)")
        assert (raster.scales, raster.units, raster.nodatavals) == ((1e-4,) * 2, ("m3/m3",) * 2, (NODATA,) * 2)
        assert (raster.tags()["DEEPSOIL_INTERVAL"], raster.tags()["DEEPSOIL_INTERVAL_METHOD"]) == (
            "90%", "conformal, 10 groups")
    assert np.array_equal(theta, alone)
    assert (half[theta == NODATA] == NODATA).all() and (half[theta != NODATA] == NODATA).any()
    assert {200, 613} <= set(half[half != NODATA].tolist()) and half[half != NODATA].min() == 200


def test_a_second_band_that_is_not_what_was_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid, mosaic = Target.of(shape(FIELD)), replace(plane(), half_width=np.full((300, 300), np.float32(0.05)))
    copy = product.rasterio.shutil.copy

    def damage(source: Path, path: Path, **options: object) -> None:
        with rasterio.open(source, "r+") as raster:
            raster.write(raster.read(2) + 1, 2)
        copy(source, path, **options)

    monkeypatch.setattr(product.rasterio.shutil, "copy", damage)
    with pytest.raises(DeepSoilError, match="does not hold"):
        write(tmp_path / "a.tif", mosaic, grid)
    assert not list(tmp_path.iterdir())


def test_a_large_map_has_overviews(tmp_path: Path) -> None:
    grid = Target.of(shape(FIELD), resolution_m=3)
    with rasterio.open(write(tmp_path / "a.tif", plane(), grid)) as raster:
        assert raster.overviews(1) and raster.block_shapes == [(512, 512)]
        small = raster.read(1, out_shape=(50, 50))
    assert (small == NODATA).any() and small[small != NODATA].max() < 6000


def test_a_value_is_never_nodata_nor_zero() -> None:
    steps = quantise(np.array([np.nan, 0.0, 1e-9, 0.25, 1.0, 7.0], np.float32))
    assert steps.tolist() == [NODATA, 1, 1, 2500, 10_000, 10_000]


@pytest.mark.parametrize(("crs", "word"), [("EPSG:4326", "metres"), ("EPSG:2264", "metres"), ("EPSG:99999", "known")])
def test_a_grid_without_metres_is_refused(crs: str, word: str) -> None:
    with pytest.raises(DeepSoilError, match=word) as caught:
        Target.of(shape(FIELD), crs)
    assert (caught.value.code, caught.value.field) == ("crs_invalid", "output.crs")


@pytest.mark.parametrize(("host", "epsg"), [((-98, 36.5), 32614), ((179.99, 10), 32660), ((-180, 10), 32601),
                                             ((151.2, -33.9), 32756)])
def test_the_zone_is_that_of_the_host(host: tuple[float, float], epsg: int) -> None:
    assert utm_epsg(*host) == epsg


def test_too_little_room_is_said_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product.shutil, "disk_usage", lambda path: SimpleNamespace(free=1))
    with pytest.raises(DeepSoilError, match="MB") as caught:
        write(tmp_path / "a.tif", plane(), Target.of(shape(FIELD)))
    assert caught.value.code == "disk_full"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes on Windows")
@pytest.mark.parametrize("largest", [4_000, 30_000])
def test_a_disk_that_fills_up_leaves_no_half_file(tmp_path: Path, largest: int) -> None:
    program = textwrap.dedent("""
        import resource, sys
        from pathlib import Path
        import test_product as t
        from deepsoil.contract.errors import DeepSoilError
        grid, mosaic = t.Target.of(t.shape(t.FIELD)), t.plane()
        mosaic.theta[:] = t.np.random.default_rng(0).random(mosaic.theta.shape)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
        try:
            t.write(Path(sys.argv[1]) / "a.tif", mosaic, grid)
        except DeepSoilError as error:
            print(error.code, [path.name for path in Path(sys.argv[1]).iterdir()])
    """)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(largest)], cwd=Path(__file__).parent,
                          capture_output=True, text=True, check=False)
    assert done.stdout.strip() in ("disk_full []", "product_failed []"), done.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_the_product_of_a_job_carries_what_it_is(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    from deepsoil.kinds.registry import find_kind

    context = make_context(built(tmp_path_factory), tmp_path / "home")
    folder = new_job(context, depths_cm=[20], dates={"start": str(DAY), "end": str(DAY + timedelta(days=1))})
    find_kind("predict").run(folder.specification(), folder, context)
    records = folder.output_records()
    assert [(record["name"], record["kind"], record["depth_cm"], record["date"]) for record in records] == [
        (f"soil_moisture_20cm_{day}.tif", "map", 20, str(day)) for day in (DAY, DAY + timedelta(days=1))]
    assert sorted(path.name for path in folder.outputs_path.iterdir()) == [record["name"] for record in records]
    with rasterio.open(folder.outputs_path / records[0]["name"]) as raster:
        tags, steps = raster.tags(), raster.read(1)
    assert {key: tags[key] for key in tags if key.startswith("DEEPSOIL")} | {"DEEPSOIL_ENGINE": ""} == {
        "DEEPSOIL_DEPTH_CM": "20", "DEEPSOIL_DATE": str(DAY), "DEEPSOIL_MODEL": "random-20cm",
        "DEEPSOIL_MODEL_VERSION": "0", "DEEPSOIL_JOB": folder.id, "DEEPSOIL_REGION": "made-up",
        "DEEPSOIL_SYNTHETIC": "yes", "DEEPSOIL_ENGINE": "", "DEEPSOIL_MISSING": ",".join(MEMORY),
        "DEEPSOIL_IRRIGATION": "none"}
    there = steps[steps != NODATA]
    assert there.size > 5000 and 0 < there.min() < there.max() < 8000 and there.std() > 50
