"""Leaf area and Landsat are read as their archives document them; what is not as documented is refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.sources import lai, lai_files, landsat
from hypothesis import given, settings
from hypothesis import strategies as st
from published_layouts import LAI_TILE, lai_arrays, lai_geotiffs, lai_hdf4, lai_hdf5
from published_layouts import landsat as landsat_files
from published_tools import centres, ingestion, leaves
from sources_tools import FIELD, refused

DAY = date(2023, 7, 1)


# ---- leaf area


@pytest.mark.parametrize("kind", ["hdf5", "hdf4", "geotiff"])
def test_leaf_area_lies_at_its_place_in_every_format(tmp_path: Path, kind: str) -> None:
    arrays = lai_arrays(leaves)
    if kind == "hdf4":
        pytest.importorskip("pyhdf")
    path = {"hdf5": lambda: lai_hdf5(tmp_path / f"VNP15A2H.A2023177.{LAI_TILE}.002.2023186034211.h5", *arrays),
            "hdf4": lambda: lai_hdf4(tmp_path / f"MCD15A3H.A2023181.{LAI_TILE}.061.2023186034211.hdf", *arrays),
            "geotiff": lambda: lai_geotiffs(tmp_path, "MCD15A3H.061_Lai_500m_doy2023181_aid0001.tif", *arrays)}[kind]()
    made = lai.LaiSource(kind="satellite_lai", files=["*_Lai_*.tif" if kind == "geotiff" else path.name]).read(
        ingestion(tmp_path), "lai")
    # MCD15A3H of day 181 is of 30 June to 3 July, VNP15A2H of day 177 of 26 June to 3 July: known when it ends
    assert made.days == [date(2023, 7, 3)]
    np.testing.assert_allclose(next(made.layers), leaves(*centres()), atol=0.12)


@settings(deadline=None)
@given(stored=st.integers(0, 255), flags=st.integers(0, 255), product=st.sampled_from(["MCD15A3H", "VNP15A2H"]),
       quality=st.sampled_from(["main", "all"]))
def test_fill_and_poor_retrievals_are_no_leaf_area(stored: int, flags: int, product: str, quality: str) -> None:
    value = lai_files.decoded(np.array([[stored]], np.uint8), np.array([[flags]], np.uint8), product,
                              quality)[0, 0]  # type: ignore[arg-type]
    algorithm = flags % 8 if product == "VNP15A2H" else flags // 32
    cloudy = product != "VNP15A2H" and flags // 8 % 4 == 1
    used = stored <= 100 and (algorithm <= 1 and not cloudy if quality == "main" else algorithm <= 3)
    assert value == pytest.approx(stored / 10) if used else np.isnan(value)


def test_composites_end_with_the_year_and_do_not_mix() -> None:
    assert lai.last_day(date(2023, 12, 27), 8) == date(2023, 12, 31)
    names = [Path(f"MCD15A3H.A2023181.{LAI_TILE}.061.2023186034211.hdf"),
             Path(f"VNP15A2H.A2023177.{LAI_TILE}.002.2023186034211.h5")]
    assert "MCD15A3H, VNP15A2H" in str(refused("source_invalid", lai.composites, names, FIELD))


def test_what_is_not_leaf_area_as_documented_is_refused(tmp_path: Path) -> None:
    arrays = lai_arrays(leaves)
    read = lai_files.read_tile
    path = lai_hdf5(tmp_path / "a.h5", *arrays, scale=0.01)
    assert "scale_factor" in str(refused("source_invalid", read, path, "VNP15A2H", LAI_TILE, "main", FIELD))
    path = lai_hdf5(tmp_path / "b.h5", arrays[0][:1200], arrays[1][:1200])
    refused("source_invalid", read, path, "VNP15A2H", LAI_TILE, "main", FIELD)
    path.write_bytes(lai_hdf5(tmp_path / "c.h5", *arrays).read_bytes()[:9000])
    refused("source_invalid", read, path, "VNP15A2H", LAI_TILE, "main", FIELD)
    path = lai_geotiffs(tmp_path, "MCD15A3H.061_Lai_500m_doy2023181_aid0001.tif", *arrays)
    path.with_name(path.name.replace("_Lai_500m_", "_FparLai_QC_")).unlink()
    refused("source_missing", read, path, "MCD15A3H", "", "main", FIELD)
    hdf = tmp_path / "d.hdf"
    pytest.importorskip("pyhdf")
    refused("source_invalid", read, lai_hdf4(hdf, *arrays, scale=0.01), "MCD15A3H", LAI_TILE, "main", FIELD)
    hdf.write_bytes(hdf.read_bytes()[:3000])
    refused("source_invalid", read, hdf, "MCD15A3H", LAI_TILE, "main", FIELD)


# ---- Landsat


def test_ndvi_of_a_scene_leaves_out_cloud_shadow_and_fill(tmp_path: Path) -> None:
    def red(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return 0.05 + 0.2 * (lon + 96.62)

    def nir(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return 0.30 + 0.5 * (lat - 39.06)

    def qa(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.where(lon < -96.60, 22280, np.where(lat > 39.10, 23888, 21824))  # cloud, shadow, clear

    landsat_files(tmp_path, DAY, red, nir, qa)
    source = landsat.LandsatSource(kind="landsat", files=["*_SR_B*.TIF", "*_QA_PIXEL.TIF"])
    made = source.read(ingestion(tmp_path), "ndvi")
    assert made.days == [DAY]
    found, (lon, lat) = next(made.layers), centres()
    clear = (lon > -96.5995) & (lat < 39.0995)
    expected = (nir(lon, lat) - red(lon, lat)) / (nir(lon, lat) + red(lon, lat))
    np.testing.assert_allclose(found[clear], expected[clear], atol=0.004)
    assert np.isnan(found[(lon < -96.6005) & (lat < 40)]).all() and np.isnan(found[(lat > 39.1005) & (lon < 0)]).all()


def test_a_band_is_the_median_of_the_clear_scenes_of_its_months(tmp_path: Path) -> None:
    for month, level, cloud in ((6, 0.1, False), (7, 0.2, False), (8, 0.6, False), (9, 0.9, True), (1, 0.9, False)):
        landsat_files(tmp_path, date(2023, month, 5), lambda lon, lat, v=level: np.full(lon.shape, v),
                      lambda lon, lat: np.full(lon.shape, 0.4),
                      (lambda lon, lat: np.full(lon.shape, 22280)) if cloud else None,
                      sensor="LE07" if month == 7 else "LC09")
    source = landsat.LandsatSource(kind="landsat", files=["*_SR_B*.TIF", "*_QA_PIXEL.TIF"])
    np.testing.assert_allclose(source.read(ingestion(tmp_path), "red"), 0.2, atol=1e-4)
    np.testing.assert_allclose(source.read(ingestion(tmp_path), "nir"), 0.4, atol=1e-4)
    refused("source_missing", source.read, ingestion(tmp_path), "blue")


def test_other_collections_grids_and_names_of_landsat_are_refused(tmp_path: Path) -> None:
    def level(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        return np.full(lon.shape, 0.3)

    old = landsat_files(tmp_path / "old", DAY, level, level, collection="01")
    assert "collection 01" in str(refused("source_invalid", landsat.scenes, old, FIELD))
    top = landsat_files(tmp_path / "toa", DAY, level, level, level="L1TP")
    refused("source_invalid", landsat.scenes, top, FIELD)
    refused("source_invalid", landsat.scenes, [tmp_path / "B4.TIF"], FIELD)
    files = landsat_files(tmp_path / "cut", DAY, level, level)
    files[0].write_bytes(files[0].read_bytes()[:5000])
    source = landsat.LandsatSource(kind="landsat", files=["cut/*.TIF"])
    refused("source_invalid", lambda: next(source.read(ingestion(tmp_path), "ndvi").layers))
    files = landsat_files(tmp_path / "cut", DAY, level, level)
    files[2].unlink()
    assert "QA_PIXEL" in str(refused("source_missing", lambda: next(source.read(ingestion(tmp_path), "ndvi").layers)))
