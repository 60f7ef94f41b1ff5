"""The climate class: from the packaged map, from one member of a remote ZIP file by ranges, or from the weather."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from deepsoil.archives.koppen import KOPPEN_OF_WEATHER, Koppen, Packaged
from deepsoil.contract.errors import DeepSoilError
from land_tools import addresses, ask, gather, ingested, inside
from servers.figshare import figshare
from servers.rasters import geotiff

from tools.koppen_crop import crop

__all__ = ["addresses"]
STEP = 1 / 120


def world(**profile: object) -> bytes:
    """A part of the world's map in its resolution: Dfa in the north, Cfa in the south, sea in the far east."""
    lat = 50 - STEP * (np.arange(3120) + 0.5)
    classes = np.broadcast_to(np.where(lat > 39.09, 25, 14)[:, None], (3120, 7200)).astype(np.uint8).copy()
    classes[::7, ::5] = 26  # not everything is the same, so that strips have a size
    classes[:, 6000:] = 0
    classes[1300:1320] = classes[1300]
    return geotiff(classes, Affine(STEP, 0, -126, 0, -STEP, 50), crs="EPSG:4326", nodata=0, **profile)


@pytest.fixture(scope="module")
def tif() -> bytes:
    return world(compress="lzw")


def expected() -> np.ndarray:
    with rasterio.MemoryFile(world()) as file, file.open() as source:
        values = source.read(1)
    _, lon, lat = inside()
    return values[((50 - lat) / STEP).astype(int), ((lon + 126) / STEP).astype(int)]


def far_from_edges() -> np.ndarray:
    _, lon, lat = inside()
    return ((np.abs((lon * 120) % 1 - 0.5) < 0.48) & (np.abs((lat * 120) % 1 - 0.5) < 0.48))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_window_of_one_member_is_read_by_ranges(tmp_path: Path, addresses: Callable[..., None], tif: bytes,
                                                    method: int) -> None:
    with figshare(tif, method=method) as server:
        addresses(figshare=server.base)
        got, entries = gather(Koppen(Packaged(tmp_path / "none.npz")), ask(), tmp_path)
        assert "secret" not in got[0].address
        assert 0 < got[0].size < (2_500_000 if method == zipfile.ZIP_STORED else 2_300_000 + len(tif))
        assert all("range" in request.headers for request in server.asked)
    found = ingested(entries, ask(), tmp_path).read_static("koppen", inside()[0])
    assert (found == expected())[far_from_edges()].all()


def test_a_packaged_map_needs_no_network(tmp_path: Path, addresses: Callable[..., None], tif: bytes) -> None:
    (tmp_path / "world.tif").write_bytes(tif)
    rows, columns = crop(tmp_path / "world.tif", tmp_path / "conus.npz")
    assert (rows, columns) == (3066, 7026)
    addresses(figshare="http://127.0.0.1:9")
    got, entries = gather(Koppen(Packaged(tmp_path / "conus.npz")), ask(), tmp_path)
    assert got[0].size == 0 and got[0].piece.size == 0
    found = ingested(entries, ask(), tmp_path).read_static("koppen", inside()[0])
    assert (found == expected())[far_from_edges()].all()


def test_what_is_not_the_map_is_refused(tmp_path: Path, addresses: Callable[..., None], tif: bytes) -> None:
    archive = Koppen(Packaged(tmp_path / "none.npz"))

    def refused(code: str, **wanted: object) -> str:
        with pytest.raises(DeepSoilError) as caught:
            gather(archive, ask(**wanted), tmp_path / "refused")
        assert caught.value.code == code and caught.value.hint, caught.value
        assert not list((tmp_path / "refused").rglob("*.tif"))
        return str(caught.value)

    with figshare(tif, member="1991_2020/koppen_geiger_0p1.tif") as server:
        addresses(figshare=server.base)
        assert "0p00833333" in refused("archive_failed")
    with figshare(tif, damage=-22) as server:
        addresses(figshare=server.base)
        refused("archive_failed")
    with figshare(b"this is no map" * 1000) as server:
        addresses(figshare=server.base)
        refused("archive_failed")
    with figshare(tif) as server:
        addresses(figshare=server.base)
        refused("archive_outside", field=(-74.0, 38.0, -73.9, 38.1), bounds=(-74.1, 37.9, -73.8, 38.2))
        refused("archive_outside", field=(2.0, 48.0, 2.1, 48.1), bounds=(1.9, 47.9, 2.2, 48.2))


def test_without_a_map_the_class_comes_from_the_weather(tmp_path: Path) -> None:
    got, entries = gather(KOPPEN_OF_WEATHER, ask(), tmp_path)
    assert got[0].size == 0
    days = np.arange(np.datetime64("2023-01-01"), np.datetime64("2026-01-01"))
    season = np.cos(2 * np.pi * ((days - days[0]).astype(int) - 200) / 365.25)
    tables = {}
    for name, unit, values in (("temperature", "degC", 12 + 15 * season),
                               ("precipitation", "mm", 2.5 + 1.5 * season)):
        file = tmp_path / f"{name}.csv"
        file.write_text("day,value\n" + "".join(f"{day},{value:.3f}\n" for day, value in zip(days, values,
                                                                                             strict=True)))
        tables[name] = {"kind": "series", "unit": unit, "column": "value", "time": {"column": "day"},
                        "statistic": "sum" if name == "precipitation" else "mean",
                        "points": [{"file": file.name, "longitude": -96.6, "latitude": 39.1}]}
    store = ingested(entries, ask(), tmp_path, more=tables)
    found = store.read_static("koppen", inside()[0])
    assert set(np.unique(found)) == {25.0}, "Dfa: -3 to 27 degC, 900 mm"
