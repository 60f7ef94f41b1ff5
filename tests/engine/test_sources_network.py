"""A file of a recipe is read from the disk or refused: whatever it is called, it makes no request."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.shutil
import xarray as xr
from affine import Affine
from counting_server import CountingServer, counting_server
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import geotiff, netcdf
from sources_tools import FIELD, WINDOW, refused

ROOT = Path(__file__).parents[2]
BOUNDS = (-96.62, 39.06, -96.55, 39.11)
SIZE = 64
TRANSFORM = Affine(0.13 / SIZE, 0, -96.65, 0, -0.11 / SIZE, 39.14)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountingServer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GDAL_HTTP_TIMEOUT", "5")
        with counting_server(tmp_path_factory.mktemp("log") / "requests.txt") as made:
            yield made


def tiff(path: Path, **changes: object) -> Path:
    settings = {"driver": "GTiff", **(changes or {"crs": "EPSG:4326", "transform": TRANSFORM})}
    with rasterio.open(path, "w", width=SIZE, height=SIZE, count=1, dtype="uint8", **settings) as out:
        out.write(np.full((SIZE, SIZE), 7, np.uint8), 1)
    return path


def vrt(url: str, source: str = "/vsicurl/{}/x.tif") -> str:
    return (f'<VRTDataset rasterXSize="{SIZE}" rasterYSize="{SIZE}"><SRS>EPSG:4326</SRS><GeoTransform>'
            f'{",".join(str(value) for value in TRANSFORM.to_gdal())}</GeoTransform><VRTRasterBand dataType="Byte" '
            f'band="1"><SimpleSource><SourceFilename>{source.format(url)}</SourceFilename></SimpleSource>'
            "</VRTRasterBand></VRTDataset>")


def wms(url: str) -> str:
    return (f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>'
            "<UpperLeftX>-96.65</UpperLeftX><UpperLeftY>39.14</UpperLeftY><LowerRightX>-96.52</LowerRightX>"
            f"<LowerRightY>39.03</LowerRightY><SizeX>{SIZE}</SizeX><SizeY>{SIZE}</SizeY><TileLevel>0</TileLevel>"
            "</DataWindow><Projection>EPSG:4326</Projection><BandsCount>1</BandsCount></GDAL_WMS>")


DESCRIPTIONS = {
    "vrt": vrt,
    "vrt of http": lambda url: vrt(url, "{}/x.tif"),
    "vrt of wms": lambda url: vrt(url, wms(url).replace("<", "&lt;").replace("{", "{{").replace("}", "}}")),
    "wms": wms,
    "wmts": lambda url: f"<GDAL_WMTS><GetCapabilitiesUrl>{url}/c.xml</GetCapabilitiesUrl></GDAL_WMTS>",
    "wmts address": lambda url: f"WMTS:{url}/c.xml,layer=a",
    "wcs": lambda url: f"<WCS_GDAL><ServiceURL>{url}/wcs?</ServiceURL><CoverageName>a</CoverageName></WCS_GDAL>",
    "stac": lambda url: f'{{"stac_version": "1.0.0", "type": "FeatureCollection", "features": [{{"assets": {{"a": '
                        f'{{"href": "{url}/a.tif"}}}}}}], "links": [{{"rel": "next", "href": "{url}/next"}}]}}',
    "mrf": lambda url: f'<MRF_META><CachedSource><Source>/vsicurl/{url}/a.tif</Source></CachedSource><Raster><Size '
                       f'x="{SIZE}" y="{SIZE}"/></Raster></MRF_META>',
    "tile index": lambda url: f"<GDALTileIndexDataset><IndexDataset>/vsicurl/{url}/i.gpkg</IndexDataset>"
                              "</GDALTileIndexDataset>",
    "an address": lambda url: f"{url}/x.tif",
}


@pytest.mark.parametrize("suffix", [".tif", ".nc", ".img", ".vrt", ""])
@pytest.mark.parametrize("kind", DESCRIPTIONS)
def test_a_description_of_data_elsewhere_is_refused(server: CountingServer, tmp_path: Path, kind: str,
                                                    suffix: str) -> None:
    file = tmp_path / f"soil{suffix}"
    file.write_text(DESCRIPTIONS[kind](server.url))
    refused("source_invalid", geotiff.read_map, file, WINDOW, geotiff.RasterOptions(), FIELD)
    refused("source_invalid", netcdf.read_fields, [file], "x", BOUNDS, FIELD)
    assert server.requests() == []


@pytest.mark.parametrize("kind", DESCRIPTIONS)
@pytest.mark.parametrize("beside", [".msk", ".MSK", ".ovr", ".OVR", ".aux.xml", ".prj", ".vrt"])
def test_what_lies_beside_a_raster_makes_no_request(server: CountingServer, tmp_path: Path, kind: str, beside: str
                                                    ) -> None:
    file = tiff(tmp_path / "soil.tif")
    (tmp_path / f"soil.tif{beside}").write_text(DESCRIPTIONS[kind](server.url))
    try:
        assert np.nanmax(geotiff.read_map(file, WINDOW, geotiff.RasterOptions(), FIELD)) == 7
    except DeepSoilError as error:
        assert error.code == "source_invalid" and beside in str(error)
    assert server.requests() == []


def test_overviews_that_a_raster_names_itself_are_not_fetched(server: CountingServer, tmp_path: Path) -> None:
    file = tiff(tmp_path / "soil.tif")
    with rasterio.open(file, "r+") as raster:
        raster.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=f"/vsicurl/{server.url}/o.tif")
    (tmp_path / "soil.tif.aux.xml").write_text(
        f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">/vsicurl/{server.url}/p.tif</MDI>'
        "</Metadata></PAMDataset>")
    for method in ("auto", "nearest", "bilinear", "average"):
        values = geotiff.read_map(file, WINDOW, geotiff.RasterOptions(method=method), FIELD)  # type: ignore[arg-type]
        assert np.nanmax(values) == 7
    assert server.requests() == []


def test_a_mask_beside_a_raster_counts(tmp_path: Path) -> None:
    file = tiff(tmp_path / "soil.tif")
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK="NO"), rasterio.open(file, "r+") as raster:
        raster.write_mask(np.zeros((SIZE, SIZE), np.uint8))
    assert (tmp_path / "soil.tif.msk").is_file()
    assert np.isnan(geotiff.read_map(file, WINDOW, geotiff.RasterOptions(), FIELD)).all()


@pytest.mark.parametrize(("driver", "suffix"), [
    ("HFA", ".img"), ("EHdr", ".bil"), ("ENVI", ".flt"), ("AAIGrid", ".asc"), ("PNG", ".png"), ("JPEG", ".jpg"),
    ("JP2OpenJPEG", ".jp2")])
def test_the_published_formats_are_still_read(tmp_path: Path, driver: str, suffix: str) -> None:
    file = tmp_path / f"soil{suffix}"
    rasterio.shutil.copy(tiff(tmp_path / "a.tif"), file, driver=driver)
    options = geotiff.RasterOptions(crs="EPSG:4326", bounds=(-96.65, 39.03, -96.52, 39.14))
    assert np.nanmean(geotiff.read_map(file, WINDOW, options, FIELD)) == pytest.approx(7, abs=1)  # JPEG is not exact


def test_a_world_file_still_places_an_image(tmp_path: Path) -> None:
    file = tiff(tmp_path / "soil.tif", compress="DEFLATE")
    a, _, c, _, e, f = TRANSFORM[:6]
    (tmp_path / "soil.tfw").write_text(f"{a}\n0\n0\n{e}\n{c + a / 2}\n{f + e / 2}\n")
    assert np.nanmean(geotiff.read_map(file, WINDOW, geotiff.RasterOptions(crs="EPSG:4326"), FIELD)) == 7


@pytest.mark.parametrize("engine", ["h5netcdf", "scipy"])
def test_both_netcdf_formats_are_read(tmp_path: Path, engine: str) -> None:
    lon, lat = np.arange(-97.0, -96.0, 0.05), np.arange(38.5, 39.5, 0.05)
    data = xr.Dataset({"x": (("time", "lat", "lon"), np.ones((1, lat.size, lon.size)))},
                      {"time": np.array(["2023-07-15"], "datetime64[ns]"), "lat": lat, "lon": lon})
    data.to_netcdf(tmp_path / "a.dat", engine=engine)
    assert netcdf.read_fields([tmp_path / "a.dat"], "x", BOUNDS, FIELD).values.mean() == 1


def test_rasters_are_opened_with_named_drivers_everywhere() -> None:
    """Outside of tests and benchmarks: by `DatasetReader` with ``driver``, or ``rasterio.open`` of what we wrote."""
    found = []
    for file in (ROOT / "remote" / "deepsoil").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name in ("rasterio.open", "rasterio.DatasetReader", "xr.open_dataset", "xr.open_mfdataset",
                        "rasterio.vrt.WarpedVRT", "gdal.Open", "fiona.open"):
                assert isinstance(node, ast.Call)
                if not {"driver", "engine"} & {keyword.arg for keyword in node.keywords}:
                    found.append(f"{file.name}:{node.lineno}")
    assert found == []
