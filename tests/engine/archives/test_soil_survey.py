"""The soil survey from local servers: keys and tables become the soil of a store, and what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deepsoil.archives import soil_data_access
from deepsoil.archives.session import open_network
from deepsoil.archives.soil_survey import KEYS, SOIL_SURVEY
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from land_tools import BOUNDS, QUICK, addresses, ask, gather, ingested, inside
from servers.rasters import Raster
from servers.soil_data_access import soil_data_access as tables_server
from servers.soilweb import soilweb

__all__ = ["addresses"]
LOAM, SAND, TOWN, WATER = 1483100, 1483200, 1483300, 2764880
MIDDLE = -96.585


def keys(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Loam in the west, sand in the east, a town and a lake at the northern edge."""
    found = np.where(lon < MIDDLE, LOAM, SAND)
    return np.where(lat > 39.12, np.where(lon < MIDDLE, TOWN, WATER), found)


def raster(**more: object) -> Raster:
    usual = {"make": keys, "dtype": "int32", "nodata": 2147483647, "offset": (5.0, 17.0)}
    return Raster.around(BOUNDS, **{**usual, **more})


def tables(**more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    units = pd.DataFrame({"mukey": [LOAM, SAND, TOWN, WATER, 99], "nationalmusym": "x",
                          "muname": ["Loam", "Sand", "Urban land", "Water", "?"]})
    components = pd.DataFrame({"mukey": [LOAM, LOAM, LOAM, SAND, TOWN, 99], "cokey": [1, 2, 3, 4, 5, 6],
                               "compname": ["A", "B", "Water", "C", "Urban land", "D"],
                               "comppct_r": [60, 30, 10, 100, 100, 100], "compkind": "Series"})
    nothing = None
    horizons = pd.DataFrame(
        [[1, 0, 10, 20, 50, 30, 1.3, 3.0, 9.0, 0.20, 32.0, 15.0, nothing],
         [1, 10, 60, 30, 45, 25, 1.4, 1.0, 9.0, 0.18, 30.0, 14.0, nothing],
         [2, 0, 30, 40, 40, 20, 1.5, 2.0, 9.0, 0.16, 25.0, 12.0, nothing],
         [2, 30, 60, 40, 40, nothing, 1.5, 0.5, 9.0, 0.16, 25.0, 12.0, nothing],
         [4, 0, 150, 90, 6, 4, 1.6, 0.5, 90.0, 0.06, 9.0, 3.0, 40.0],
         [6, 0, 30, 10, 10, 80, 1.1, 9.0, 1.0, 0.3, 40.0, 30.0, nothing]],
        columns=["cokey", "hzdept_r", "hzdepb_r", "sandtotal_r", "silttotal_r", "claytotal_r", "dbthirdbar_r", "om_r",
                 "ksat_r", "awc_r", "wthirdbar_r", "wfifteenbar_r", "wsatiated_r"])
    return {"mapunit": units, "component": components, "chorizon": horizons, **more}


LOAM_VALUES = {  # by hand: A has 60 parts (10 cm of the first horizon, 20 of the second), B 30; water takes no part
    "sand": (60 * (20 + 2 * 30) / 3 + 30 * 40) / 90, "clay": (60 * (30 + 2 * 25) / 3 + 30 * 20) / 90,
    "bulk_density": (60 * (1.3 + 2 * 1.4) / 3 + 30 * 1.5) / 90, "organic_matter": (60 * 5 / 3 + 30 * 2) / 90,
    "survey_field_capacity": (60 * (32 + 2 * 30) / 3 + 30 * 25) / 9000, "available_water_content":
    (60 * (0.2 + 2 * 0.18) / 3 + 30 * 0.16) / 90, "available_water_storage": (60 * 10.0 + 30 * 8.0) / 90,
    "soil_thickness": 60.0}


def test_keys_and_tables_become_the_soil_of_a_store(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with soilweb(raster()) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        wanted = ask()
        got, entries = gather(SOIL_SURVEY, wanted, tmp_path)
        assert set(entries.channels) == SOIL_SURVEY.provides
        assert sum("GetCoverage" in str(request.pairs) for request in web.asked) == 1
        assert all(one.size > 0 for one in got)
    store = ingested(entries, wanted, tmp_path)
    window, lon, lat = inside()
    loam, sand = (lon < MIDDLE - 5e-4) & (lat < 39.1195), (lon > MIDDLE + 5e-4) & (lat < 39.1195)
    for name, value in LOAM_VALUES.items():
        values = store.read_static(name, window)
        assert np.allclose(values[loam], value, rtol=1e-5), name
        assert np.isnan(values[lat > 39.1205]).all(), f"no {name} in town and water, not 0"
    assert np.allclose(store.read_static("sand", window)[sand], 90)
    assert np.allclose(store.read_static("porosity", window)[sand], 0.40), "measured at saturation"
    assert np.allclose(store.read_static("porosity", window)[loam], 1 - LOAM_VALUES["bulk_density"] / 2.65)
    assert np.allclose(store.read_static("available_water_storage", window)[sand], 3.0)
    ks = store.read_static("log10_ks", window)
    assert np.nanmean(ks[sand]) > np.nanmean(ks[loam]) + 0.5 and np.isnan(ks[lat > 39.1205]).all()


@pytest.mark.parametrize(("dtype", "nodata", "empty"), [
    ("uint32", 2147483647, 2147483647), ("int32", None, -2147483648), ("int32", None, 0),
    ("float32", -9999.0, -9999.0)])
def test_every_release_says_nothing_in_its_own_way(tmp_path: Path, addresses: Callable[..., None], dtype: str,
                                                   nodata: float | None, empty: float) -> None:
    """Canada, or the sea, in the north of the box: NaN, and no soil of another place."""
    part = raster(make=lambda lon, lat: np.where(lat > 39.11, empty, keys(lon, lat)), dtype=dtype, nodata=nodata)
    with soilweb(part) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        _, entries = gather(SOIL_SURVEY, ask(), tmp_path)
    store = ingested(entries, ask(), tmp_path)
    window, _, lat = inside()
    sand = store.read_static("sand", window)
    assert np.isnan(sand[lat > 39.1105]).all() and np.isfinite(sand[lat < 39.1095]).all()


def test_a_small_field_at_the_edge_of_the_map_is_no_window_of_one_pixel(tmp_path: Path,
                                                                       addresses: Callable[..., None]) -> None:
    whole = raster()
    field = (-96.6001, 39.0901, -96.6, 39.0902)
    near = replace(whole, values=whole.values[:, 150:], west=whole.west + 150 * 30)  # the map begins there
    with soilweb(near) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        _, entries = gather(SOIL_SURVEY, ask(field, field), tmp_path)
        edge = ask((-96.6, 39.08, -96.58, 39.10), (-96.63, 39.07, -96.58, 39.11))
        gather(SOIL_SURVEY, edge, tmp_path / "edge")
        clip = SOIL_SURVEY._clip.codes(tmp_path / "edge" / KEYS)
        assert clip[1].c == near.west and (clip[0] > 0).all()
        refused("archive_outside", SOIL_SURVEY, ask((-98.0, 39.0, -97.9, 39.1), (-98.1, 38.9, -97.8, 39.2)), tmp_path)
    store = ingested(entries, ask(field, field), tmp_path)
    assert np.isfinite(store.read_static("sand", Window.around(*field))).all()


def refused(code: str, archive, wanted, folder: Path) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        gather(archive, wanted, folder / "refused")
    assert caught.value.code == code and caught.value.hint, caught.value
    return caught.value


def test_places_without_a_survey_are_told(tmp_path: Path, addresses: Callable[..., None]) -> None:
    town = raster(make=lambda lon, lat: np.where(lon < 0, TOWN, 0))
    with soilweb(town) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        assert "Urban land" in str(refused("archive_outside", SOIL_SURVEY, ask(), tmp_path))
    with soilweb(raster(make=lambda lon, lat: np.full(lon.shape, 2147483647))) as web:
        addresses(soilweb=web.base)
        refused("archive_outside", SOIL_SURVEY, ask(), tmp_path)
    with pytest.raises(DeepSoilError) as caught:
        SOIL_SURVEY.plan(ask((10.0, 47.0, 10.1, 47.1), (9.9, 46.9, 10.2, 47.2)))
    assert caught.value.code == "archive_outside"
    part = raster(make=lambda lon, lat: np.where((lon > MIDDLE) & (lat > 39.09), TOWN, keys(lon, lat)))
    with soilweb(part) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        got, _ = gather(SOIL_SURVEY, ask(), tmp_path / "part")
        assert any("Urban land" in note and "%" in note for one in got for note in one.notes)


def test_keys_of_a_newer_release_than_the_tables_are_refused(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with soilweb(raster(make=lambda lon, lat: np.where(lat > 39.11, 3999999, keys(lon, lat)))) as web, \
            tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        assert "3999999" in str(refused("archive_implausible", SOIL_SURVEY, ask(), tmp_path))


def test_where_the_tables_lack_raster_surveys_the_detailed_survey_is_taken(tmp_path: Path,
                                                                            addresses: Callable[..., None]) -> None:
    """gNATSGO shows map units of raster surveys in places, which Soil Data Access does not have; gSSURGO does not."""
    shown = raster(make=lambda lon, lat: np.where(lat > 39.11, 3999999, keys(lon, lat)))
    with soilweb(shown, surveyed=raster(offset=(-5.0, 3.0))) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        got, entries = gather(SOIL_SURVEY, ask(), tmp_path)
    assert any("gSSURGO" in note for one in got for note in one.notes)
    window, lon, lat = inside()
    sand = ingested(entries, ask(), tmp_path).read_static("sand", window)
    assert np.allclose(sand[(lon > MIDDLE + 5e-4) & (lat < 39.1195)], 90)


def test_a_field_on_the_coast_is_half_sea(tmp_path: Path, addresses: Callable[..., None]) -> None:
    with soilweb(raster(make=lambda lon, lat: np.where(lat > 39.09, 0, keys(lon, lat)))) as web, \
            tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        got, entries = gather(SOIL_SURVEY, ask(), tmp_path)
        assert sum("GetCoverage" in str(one.pairs) for one in web.asked) == 2, "a hole in the field is asked for twice"
    assert any("sea" in note and "%" in note for note in got[0].notes)
    window, _, lat = inside()
    sand = ingested(entries, ask(), tmp_path).read_static("sand", window)
    assert np.isnan(sand[lat > 39.0905]).all() and np.isfinite(sand[lat < 39.0895]).all()


@pytest.mark.parametrize("served", [
    raster(offset=(20.0, 17.0)), raster(step=10.0), raster(dtype="uint8", nodata=None),
    replace(raster(), crs="EPSG:32614"),
    raster(make=lambda lon, lat: keys(lon, lat) + 2**25)], ids=["grid", "resolution", "data type", "CRS", "numbers"])
def test_a_map_that_is_not_the_described_one_is_refused(tmp_path: Path, addresses: Callable[..., None],
                                                        served: Raster) -> None:
    with soilweb(raster(), served=served) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        refused("archive_implausible", SOIL_SURVEY, ask(), tmp_path)
        assert not list((tmp_path / "refused").rglob("*.tif"))


def test_the_tables_are_asked_piece_by_piece(tmp_path: Path, addresses: Callable[..., None]) -> None:
    many = pd.DataFrame({"mukey": np.arange(1000, 1450), "muname": "x"})
    components = pd.DataFrame({"mukey": np.arange(1000, 1450), "cokey": np.arange(450), "compname": "x",
                               "comppct_r": 100})
    horizons = pd.concat([tables()["chorizon"].head(1)] * 450, ignore_index=True).assign(cokey=np.arange(450))
    with tables_server({"mapunit": many, "component": components, "chorizon": horizons}) as sda, \
            open_network(limits=QUICK) as network:
        addresses(soil_data_access=sda.base)
        found, rows, size = soil_data_access.tables(network, list(range(1000, 1450)))
        assert len(found) == len(rows) == 450 and size > 10_000 and len(sda.asked) == 6
    with tables_server(tables(), maintenance=True) as sda, open_network(limits=QUICK) as network:
        addresses(soil_data_access=sda.base)
        with pytest.raises(DeepSoilError) as caught:
            soil_data_access.tables(network, [LOAM])
        assert caught.value.code == "archive_failed" and "maintenance" in caught.value.message


def test_an_answer_with_a_row_about_its_columns_is_read(addresses: Callable[..., None],
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON+COLUMNNAME+METADATA, which other clients ask for, has a row about the columns after their names."""
    monkeypatch.setattr(soil_data_access, "FORMAT", "JSON+COLUMNNAME+METADATA")
    with tables_server(tables()) as sda, open_network(limits=QUICK) as network:
        addresses(soil_data_access=sda.base)
        components, horizons, _ = soil_data_access.tables(network, [LOAM, TOWN])
    assert sorted(components["cokey"].astype(int)) == [1, 2, 3, 5] and len(horizons) == 4


def test_an_answer_that_is_cut_at_the_limit_is_asked_in_smaller_pieces(addresses: Callable[..., None],
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soil_data_access, "MOST_ROWS", 5)
    with tables_server(tables(), most_rows=5) as sda, open_network(limits=QUICK) as network:
        addresses(soil_data_access=sda.base)
        _, horizons, _ = soil_data_access.tables(network, [LOAM, SAND, 99])
        assert len(horizons) == 6 and sorted(horizons["cokey"].astype(int)) == [1, 1, 2, 2, 4, 6]


def test_a_hole_that_only_one_answer_has_is_not_taken_for_the_map(tmp_path: Path,
                                                                  addresses: Callable[..., None]) -> None:
    with soilweb(raster(), spoilt=1) as web, tables_server(tables()) as sda:
        addresses(soilweb=web.base, soil_data_access=sda.base)
        refused("archive_implausible", SOIL_SURVEY, ask(), tmp_path)
        assert not (tmp_path / "refused" / KEYS).exists()
        got, _ = gather(SOIL_SURVEY, ask(), tmp_path / "again")
        assert not got[0].notes
