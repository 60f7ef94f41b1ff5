"""A folder of somebody's files becomes a recipe: what is written is taken, what is not is asked for, never guessed."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import xarray as xr
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources.ingest import ingest
from deepsoil.sources.recognise.answer import RECIPE, Folders
from deepsoil.sources.recognise.names import HIGHEST, LOWEST, channels_of, day_of, words_of
from rasterio.transform import from_bounds

REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
WINDOW = Window(241664, 399872, 256, 256)
WEST, SOUTH, EAST, NORTH = WINDOW.pad(20).bounds_lonlat
DAYS = np.arange("2023-01-01", "2023-03-12", dtype="datetime64[D]")


def raster(path: Path, value: float, *, nodata: float | None = -1.0, crs: str | None = "EPSG:4326", unit: str = "",
           corner: float | None = None) -> None:
    values = np.full((40, 50), value, np.float32)
    values[:, 25:] += 0.25
    if corner is not None:
        values[0, 0] = corner
    place = {"crs": crs, "transform": from_bounds(WEST, SOUTH, EAST, NORTH, 50, 40)} if crs else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver="GTiff", width=50, height=40, count=1, dtype="float32", nodata=nodata,
                       **place) as file:
        file.write(values, 1)
        if unit:
            file.units = (unit,)


def netcdf(path: Path, variable: str, unit: str, value: float, **attributes: str) -> None:
    longitudes, latitudes = np.linspace(WEST - 0.05, EAST + 0.05, 4), np.linspace(NORTH + 0.05, SOUTH - 0.05, 4)
    fields = np.full((len(DAYS), 4, 4), value, np.float32)
    array = xr.DataArray(fields, {"day": DAYS, "lat": latitudes, "lon": longitudes}, ("day", "lat", "lon"),
                         attrs={"units": unit, **attributes})
    array.to_dataset(name=variable).to_netcdf(path, encoding={variable: {"_FillValue": np.float32(-9999)}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, value in (("sand", 40.0), ("silt", 40.0), ("clay", 19.0)):
        raster(tmp_path / "soil" / f"{name}_0-30cm.tif", value, unit="%")
    raster(tmp_path / "Plains_DEM.tif", 300.0, unit="m")
    raster(tmp_path / "ndvi_2023-02-10.tif", 0.4)
    raster(tmp_path / "S2_NDVI_20230301.tif", 0.5)
    netcdf(tmp_path / "pr_2023.nc", "precipitation_amount", "mm", 2.0)
    netcdf(tmp_path / "tmmn_2023.nc", "air_temperature", "K", 280.0, long_name="Daily Minimum Temperature")
    netcdf(tmp_path / "tmmx_2023.nc", "air_temperature", "K", 290.0, long_name="Daily Maximum Temperature")
    netcdf(tmp_path / "vpd_2023.nc", "mean_vapor_pressure_deficit", "kPa", 0.7)
    netcdf(tmp_path / "pet_2023.nc", "potential_evapotranspiration", "mm", 1.0)
    (tmp_path / "readme.txt").write_text("from a colleague")
    return tmp_path


def rows(draft: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in draft["files"]}


def test_a_folder_whose_files_say_everything_becomes_a_region_without_a_question(folder: Path, tmp_path: Path,
                                                                                 capsys: pytest.CaptureFixture[str],
                                                                                 ) -> None:
    assert main(["recognise", str(folder), "--write"]) == 0
    assert "Files of other kinds, not looked at: 1" in capsys.readouterr().out
    store = ingest(folder / RECIPE, tmp_path / "store")
    assert {"sand", "silt", "clay", "elevation", "slope", "theta_s", "ndvi", "temperature"} <= set(store.channels())
    assert np.nanmedian(store.read_static("sand", store.window)) == pytest.approx(40.1, abs=0.2)
    assert store.coarse("temperature").values.mean() == pytest.approx(285.0 - 273.15, abs=0.01), "of both extremes"
    assert store.coarse("precipitation").values.mean() == pytest.approx(2.0)
    with pytest.raises(DeepSoilError) as caught:
        Folders().write(str(folder), {})
    assert caught.value.code == "recipe_exists", "a recipe that somebody may have changed is not replaced unasked"


def test_what_is_not_written_in_a_file_is_asked_for_and_taken_from_the_answer(folder: Path) -> None:
    raster(folder / "Plains_DEM.tif", 1000.0, nodata=None, crs=None, corner=-32768.0)
    raster(folder / "ndvi_2023-02-10.tif", 4000.0)
    (folder / "ndvi_2023-02-10.tif").rename(folder / "ndvi_february.tif")
    raster(folder / "band1.tif", 1.0)
    folders = Folders()
    draft = folders.draft(str(folder), {})
    asked = {key: row["asked"] for key, row in rows(draft).items() if row["asked"]}
    assert asked == {"Plains_DEM.tif": ["unit", "crs"], "ndvi_february.tif": ["unit", "day"], "band1.tif": ["channel"]}
    assert draft["recipe"] is None
    said: dict[str, Any] = {"Plains_DEM.tif": {"unit": "ft", "crs": "EPSG:4326"}, "band1.tif": {"channel": ""},
                            "ndvi_february.tif": {"channel": ""}}
    draft = folders.draft(str(folder), {"files": said})
    row = rows(draft)["Plains_DEM.tif"]
    assert row["asked"] == ["nodata"] and row["suspects"] == [-32768.0], "no land lies there"
    said["Plains_DEM.tif"]["nodata"] = row["suspects"]
    draft = folders.draft(str(folder), {"files": said, "title": "North farm", "box": [WEST, SOUTH, EAST, NORTH]})
    assert "name: north-farm" in draft["recipe"] and "nodata: -32768.0" in draft["recipe"]
    assert "unit: ft" in draft["recipe"] and "ndvi_february" not in draft["recipe"]


def test_two_files_for_one_map_half_a_mean_and_what_is_missing_are_told(folder: Path) -> None:
    raster(folder / "elevation_old.tif", 200.0, unit="m")
    (folder / "tmmx_2023.nc").unlink()
    (folder / "soil" / "clay_0-30cm.tif").write_bytes((folder / "soil" / "clay_0-30cm.tif").read_bytes()[:60])
    draft = Folders().draft(str(folder), {})
    asked = {key: row["asked"] for key, row in rows(draft).items() if row["asked"]}
    assert asked == {"Plains_DEM.tif": ["choice"], "elevation_old.tif": ["choice"],
                     "tmmn_2023.nc:air_temperature": ["choice"]}
    assert [one["path"] for one in draft["unread"]] == ["soil/clay_0-30cm.tif"]
    assert draft["lacking"] == ["clay"] and draft["recipe"] is None
    draft = Folders().draft(str(folder), {"files": {"elevation_old.tif": {"channel": ""}}})
    assert "choice" not in rows(draft)["Plains_DEM.tif"]["asked"]


def test_a_unit_that_cannot_be_converted_and_a_wrong_answer_are_refused(folder: Path) -> None:
    raster(folder / "soil" / "sand_0-30cm.tif", 40.0, unit="bushel")
    row = rows(Folders().draft(str(folder), {}))["soil/sand_0-30cm.tif"]
    assert row["asked"] == ["unit"] and row["unit_found"] == "bushel" and "g/kg" in row["units"]
    for said, part in (({"files": {"a": {"channel": "sandiness"}}}, "channel"), ({"box": [1, 2]}, "box"), (3, "said")):
        with pytest.raises(DeepSoilError, match=part) as caught:
            Folders().draft(str(folder), said)
        assert caught.value.code == "params_invalid"
    with pytest.raises(DeepSoilError) as caught:
        Folders().draft(str(folder / "nothing"), {})
    assert caught.value.code == "folder_missing"
    with pytest.raises(DeepSoilError) as caught:
        Folders().write(str(folder), {})
    assert caught.value.code == "recipe_unfinished"


def test_an_answer_looks_again_at_files_that_have_changed_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil.sources.recognise import answer

    looked = []
    look_at = answer.look_at
    monkeypatch.setattr(answer, "look_at", lambda *args: looked.append(1) or look_at(*args))
    folders = Folders()
    folders.draft(str(folder), {})
    folders.draft(str(folder), {"title": "Other"})
    assert len(looked) == 1
    raster(folder / "slope.tif", 3.0)
    assert "slope.tif" in rows(folders.draft(str(folder), {})) and len(looked) == 2


@pytest.mark.parametrize(("name", "channels"), [
    ("Annual_NLCD_LndCov_2021_CU_C1V0", ["land_cover"]), ("cropland_cdl_100m", ["crop"]), ("rmnp-dem", ["elevation"]),
    ("PRISM_tmin_30yr_normal", [LOWEST]), ("tmmx daily_maximum_temperature", [HIGHEST]), ("era5 t2m", ["temperature"]),
    ("sandy_creek_elevation", ["elevation"]), ("precipitation_amount", ["precipitation"]), ("proposal", []),
    ("sand and clay", ["clay", "sand"]), ("bdod_5-15cm_mean", ["bulk_density"]), ("demand", []),
])
def test_names_are_read_as_whole_words(name: str, channels: list[str]) -> None:
    assert channels_of(words_of(name)) == channels


@pytest.mark.parametrize(("name", "day"), [
    ("ndvi_2022-04-14.tif", date(2022, 4, 14)), ("S2A_20230701_T14SKJ.tif", date(2023, 7, 1)),
    ("MCD15A3H.A2023182.h10v05.061.tif", date(2023, 7, 1)), ("ndvi.tif", None), ("from_20230101_to_20230131.tif", None),
    ("tile_99999999.tif", None), ("ndvi_2023-02-30.tif", None),
])
def test_a_day_is_read_from_a_name_only_where_there_is_one(name: str, day: date | None) -> None:
    assert day_of(name) == day


@pytest.mark.skipif(not (REAL / "kings_creek").is_dir(), reason=f"no real data at {REAL}")
def test_real_files_are_recognised() -> None:
    maps = rows(Folders().draft(str(REAL / "kings_creek" / "maps"), {}))
    assert {key: row["channel"] for key, row in maps.items() if not key.startswith("ndvi")} == {
        "cropland_cdl_100m.tif": "crop", "kings_creek_aspect.tif": "aspect", "kings_creek_elevation.tif": "elevation",
        "kings_creek_slope.tif": "slope", "konza_dem_9.36m_epsg26914.tif": "elevation"}
    assert {row["day"] for key, row in maps.items() if key.startswith("ndvi")} >= {"2022-04-14", "2023-09-06"}
    formats = rows(Folders().draft(str(REAL / "formats"), {}))
    assert sum(row["form"] == "ismn" for row in formats.values()) == 3
    assert formats["rmnp-dem.tif"]["asked"] == ["unit"] and formats["pr_2018.nc:precipitation_amount_day=43101"][
        "unit"] == "mm/day"
    assert json.dumps(formats), "an answer is JSON"
