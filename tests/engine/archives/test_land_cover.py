"""Land cover and crops from local servers: the classes of the year, where they belong; what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives.archive import Archive, Ask
from deepsoil.archives.cdl import CDL, CROPSCAPE_CDL
from deepsoil.archives.coverage_grid import Grid
from deepsoil.archives.nlcd import NLCD, NLCD_IMAGES
from deepsoil.contract.errors import DeepSoilError
from land_tools import BOUNDS, addresses, ask, gather, ingested, inside
from servers import image_server
from servers.cropscape import cropscape
from servers.image_server import image_server as images
from servers.mrlc import mrlc
from servers.rasters import Raster

__all__ = ["addresses"]


def cover(lon: np.ndarray, lat: np.ndarray, year: int = 2025) -> np.ndarray:
    """Prairie, and in the east crops that grow by 0.01 degrees a year."""
    return np.where(lon > -96.59 - 0.01 * (year - 2025), 82, 71)


def years(*wanted: int, **more: object) -> dict[int, Raster]:
    given = {"offset": (15.0, 25.0), **more}
    make = given.pop("make", cover)
    return {year: Raster.around(BOUNDS, lambda lon, lat, y=year: make(lon, lat, y), **given) for year in wanted}


def classes(archive: Archive, channel: str, folder: Path, wanted: Ask | None = None) -> tuple[np.ndarray, ...]:
    """The classes of the store inside the box, with longitudes and latitudes, and the archive's notes."""
    got, entries = gather(archive, wanted or ask(), folder)
    window, lon, lat = inside()
    store = ingested(entries, wanted or ask(), folder)
    return store.read_static(channel, window), lon, lat, [note for one in got for note in one.notes]


def refused(code: str, archive: Archive, folder: Path, wanted: Ask | None = None) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        gather(archive, wanted or ask(), folder / "refused")
    assert caught.value.code == code and caught.value.hint and archive.title in caught.value.message, caught.value
    return caught.value


@pytest.mark.parametrize(("end", "used"), [
    (date(2026, 9, 30), 2025), (date(2024, 6, 1), 2024), (date(2023, 1, 5), 2022)])
def test_land_cover_is_that_of_the_year_or_the_newest_before(tmp_path: Path, addresses: Callable[..., None], end: date,
                                                             used: int) -> None:
    with mrlc(years(2019, 2022, 2024, 2025)) as server:
        addresses(mrlc=server.base)
        found, lon, lat, notes = classes(NLCD, "land_cover", tmp_path, ask(end=end))
    edge = -96.59 - 0.01 * (used - 2025)
    far = np.abs(lon - edge) > 4e-4
    assert (found == cover(lon, lat, used))[far].all() and str(used) in notes[0]


def test_a_coverage_that_was_renamed_is_found(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with mrlc(years(2025), name="mrlc__C1V3:Land-Cover-Native_conus_2") as server:
        addresses(mrlc=server.base)
        assert np.isfinite(classes(NLCD, "land_cover", tmp_path)[0]).all()
    with mrlc(years(2025), name="other:impervious") as server:
        addresses(mrlc=server.base)
        refused("archive_implausible", NLCD, tmp_path)


def test_nothing_stays_nothing_and_a_few_strange_classes_are_left_out(tmp_path: Path,
                                                                      addresses: Callable[..., None]) -> None:
    def seam(lon: np.ndarray, lat: np.ndarray, year: int) -> np.ndarray:
        found = cover(lon, lat, year)
        found[lat > 39.12] = 250
        found[lat < 39.06] = 0
        found.ravel()[found.size // 2:found.size // 2 + 30] = 47
        return found

    with mrlc(years(2025, make=seam)) as server:
        addresses(mrlc=server.base)
        found, _, lat, notes = classes(NLCD, "land_cover", tmp_path)
    assert np.isnan(found[lat > 39.1205]).all() and np.isnan(found[lat < 39.0595]).all()
    assert set(np.unique(found[np.isfinite(found)])) == {71, 82} and any("47" in note for note in notes)
    with mrlc(years(2025, make=lambda lon, lat, year: np.where(lat > 39.11, 47, 71))) as server:
        addresses(mrlc=server.base)
        assert "47" in str(refused("archive_implausible", NLCD, tmp_path))


def test_refusals_holes_and_other_maps_are_told(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with mrlc(years(2025), busy=True) as server:
        addresses(mrlc=server.base)
        assert "busy" in str(refused("archive_failed", NLCD, tmp_path))
    with mrlc(years(2025, make=lambda lon, lat, year: np.zeros(lon.shape))) as server:
        addresses(mrlc=server.base)
        refused("archive_outside", NLCD, tmp_path)
    with mrlc(years(2025)) as server:
        addresses(mrlc=server.base)
        refused("archive_no_days", NLCD, tmp_path, ask(end=date(2020, 1, 1)))
        refused("archive_outside", NLCD, tmp_path, ask((2.0, 48.0, 2.1, 48.1), (1.9, 47.9, 2.2, 48.2)))


@pytest.mark.parametrize("crs", ["EPSG:5070", "ESRI:102039"])
def test_the_second_service_gives_land_cover_a_year_behind(tmp_path: Path, addresses: Callable[..., None],
                                                           crs: str) -> None:
    with images(image_server.NLCD, years(2021, 2022, 2023, crs=crs)) as server:
        addresses(nlcd_images=server.base)
        found, lon, lat, notes = classes(NLCD_IMAGES, "land_cover", tmp_path)
    far = np.abs(lon + 96.57) > 4e-4
    assert (found == cover(lon, lat, 2023))[far].all() and "2023" in notes[0], "the newest that it has"
    with images(image_server.NLCD, years(2024), broken=True) as server:
        addresses(nlcd_images=server.base)
        assert "export" in str(refused("archive_failed", NLCD_IMAGES, tmp_path))


def test_a_window_is_whole_pixels_within_the_grid() -> None:
    grid = Grid("EPSG:5070", -60_015.0, 1_800_015.0, 30.0, 600, 900)
    box = grid.box(BOUNDS, "A map")
    assert (box.west - grid.west) % 30 == 0 and (grid.north - box.north) % 30 == 0
    assert box.west <= box.needed[0] - 120 and box.north >= box.needed[3] + 120
    corner = (-96.705, 39.2205, -96.7005, 39.225)  # reaches beyond the first pixel of the grid
    box = grid.box(corner, "A map")
    assert (box.west, box.north) == (grid.west, grid.north) and 2 <= box.width < 30 and 2 <= box.height < 30
    with pytest.raises(DeepSoilError) as caught:
        grid.box((-96.5, 37.0, -96.4, 37.1), "A map")
    assert caught.value.code == "archive_outside"
    with pytest.raises(DeepSoilError) as caught:
        grid.box(BOUNDS, "A map", largest=100)
    assert caught.value.code == "archive_failed"


def crops(lon: np.ndarray, lat: np.ndarray, year: int) -> np.ndarray:
    """Corn and soybeans change places every year; alfalfa in the north."""
    return np.where(lat > 39.1, 36, np.where((lon > -96.59) == (year % 2 == 0), 1, 5))


def test_crops_come_from_the_image_service_and_say_that_they_are_resampled(tmp_path: Path,
                                                                          addresses: Callable[..., None]) -> None:
    maps = years(2024, 2025, make=crops, crs="EPSG:3857", offset=(7.0, 11.0))
    with images(image_server.CDL, maps) as server:
        addresses(cdl=server.base)
        wanted = ask()
        got, entries = gather(CDL, wanted, tmp_path)
        assert "Web Mercator" in str(entries.channels["crop"]["note"]) and "2025" in got[0].notes[0]
    window, lon, lat = inside()
    found = ingested(entries, wanted, tmp_path).read_static("crop", window)
    far = (np.abs(lon + 96.59) > 4e-4) & (np.abs(lat - 39.1) > 4e-4)
    assert (found == crops(lon, lat, 2025))[far].all()


def test_crops_come_from_cropscape_where_the_image_service_is_down(tmp_path: Path,
                                                                  addresses: Callable[..., None]) -> None:
    with cropscape(years(2025, make=crops, offset=(11.0, 2.0))) as server:
        addresses(cropscape=server.base)
        found, lon, lat, _ = classes(CROPSCAPE_CDL, "crop", tmp_path)
        far = (np.abs(lon + 96.59) > 4e-4) & (np.abs(lat - 39.1) > 4e-4)
        assert (found == crops(lon, lat, 2025))[far].all()
        assert "No data" in str(refused("archive_failed", CROPSCAPE_CDL, tmp_path, ask(end=date(2024, 5, 1))))
