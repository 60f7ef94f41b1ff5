"""What archives change with time: the grid of a newer release, map units without horizons, a day that comes later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.archives.archive import Archive
from deepsoil.archives.cdl import CDL
from deepsoil.archives.gridmet import GRIDMET
from deepsoil.archives.gridmet_grid import Cells
from deepsoil.archives.nlcd import NLCD
from deepsoil.archives.soil_survey import SOIL_SURVEY
from land_tools import BOUNDS, addresses, gather, ingested, inside
from land_tools import ask as land_ask
from servers import image_server
from servers.gridmet import gridmet, made
from servers.image_server import image_server as images
from servers.mrlc import mrlc
from servers.rasters import Raster
from servers.soil_data_access import soil_data_access
from servers.soilweb import soilweb
from test_soil_survey import LOAM_VALUES, MIDDLE, keys, tables
from weather_tools import ask as weather_ask
from weather_tools import fetch
from weather_tools import ingested as weather_ingested

__all__ = ["addresses"]
EDGE = -96.59


def halves(lon: np.ndarray, lat: np.ndarray, left: int, right: int) -> np.ndarray:
    return np.where(lon > EDGE, right, left)


@pytest.mark.parametrize(("archive", "channel", "server", "crs", "left", "right"), [
    (NLCD, "land_cover", lambda maps: mrlc(maps), "EPSG:5070", 71, 82),
    (CDL, "crop", lambda maps: images(image_server.CDL, maps), "EPSG:3857", 1, 5)], ids=["NLCD", "CDL"])
def test_a_newer_release_on_another_grid_lies_where_it_belongs(
        tmp_path: Path, addresses: Callable[..., None], archive: Archive, channel: str, server: Callable[..., object],
        crs: str, left: int, right: int) -> None:
    """First the classes of 2024, then those of 2025, exchanged, on pixels of another size that begin elsewhere."""
    window, lon, _ = inside()
    far = np.abs(lon - EDGE) > 1e-3
    for year, more, classes in ((2024, {"offset": (15.0, 25.0)}, (left, right)),
                                (2025, {"offset": (2.0, 9.0), "step": 10.0}, (right, left))):
        maps = {year: Raster.around(BOUNDS, lambda lon, lat, c=classes: halves(lon, lat, *c), crs=crs, **more)}
        with server(maps) as running:
            addresses(mrlc=running.base, cdl=running.base)
            wanted = land_ask(end=date(year + 1, 9, 30))
            entries = gather(archive, wanted, tmp_path)[1]
        found = ingested(entries, wanted, tmp_path).read_static(channel, window)
        assert (found == np.where(lon > EDGE, classes[1], classes[0]))[far].all(), year


def test_a_map_unit_without_horizons_has_no_soil_instead_of_another_s(tmp_path: Path,
                                                                      addresses: Callable[..., None]) -> None:
    whole = tables()
    bare = {**whole, "chorizon": whole["chorizon"][whole["chorizon"].cokey != 4]}  # the sand's only component
    raster = Raster.around(BOUNDS, make=keys, dtype="int32", nodata=2147483647, offset=(5.0, 17.0))
    with soilweb(raster) as web, soil_data_access(bare) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        wanted = land_ask()
        got, entries = gather(SOIL_SURVEY, wanted, tmp_path)
    assert any("Sand" in note for one in got for note in one.notes)
    store = ingested(entries, wanted, tmp_path)
    window, lon, lat = inside()
    south = lat < 39.1195
    for name in ("sand", "clay", "available_water_storage", "soil_thickness", "log10_ks"):
        values = store.read_static(name, window)
        assert np.isnan(values[(lon > MIDDLE + 5e-4) & south]).all(), name
        if name in LOAM_VALUES:
            assert np.allclose(values[(lon < MIDDLE - 5e-4) & south], LOAM_VALUES[name], rtol=1e-5), name


def test_a_day_that_is_empty_first_is_left_out_and_fetched_when_it_is_there(tmp_path: Path,
                                                                            addresses: Callable[..., None]) -> None:
    last = date(2026, 11, 28)
    weather = made(Cells.around((-97.3, 38.6, -96.0, 39.6)), date(2026, 1, 1), last)
    there = {name: values.copy() for name, values in weather.values.items()}
    for values in weather.values.values():
        values[-1] = np.nan
    with gridmet(weather) as running:
        addresses(gridmet=f"{running.base}/thredds", gridmet_yearly=f"{running.base}/metdata")
        wanted = weather_ask(date(2026, 8, 1))
        got = fetch(GRIDMET, GRIDMET.plan(wanted), tmp_path)
        before = weather_ingested([GRIDMET.entries(got, tmp_path)], wanted, tmp_path).coarse("pet")
        assert str(before.dates[-1]) == "2026-11-27" and np.isfinite(before.values).all()
        weather.values = there
        tomorrow = weather_ask(date(2026, 8, 1), date(2026, 12, 1), today=date(2026, 12, 1))
        known = {(one.piece.name, str(one.piece.details)) for one in got}
        fresh = [piece for piece in GRIDMET.plan(tomorrow) if (piece.name, str(piece.details)) not in known]
        new = fetch(GRIDMET, fresh, tmp_path)
    after = weather_ingested([GRIDMET.entries([*got, *new], tmp_path)], tomorrow, tmp_path).coarse("pet")
    assert str(after.dates[-1]) == "2026-11-28" and np.isfinite(after.values).all()
