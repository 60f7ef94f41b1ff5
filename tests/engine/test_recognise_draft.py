"""From bands and variables to a recipe, and what is asked: without a file, by what was found and said alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from deepsoil.sources.recognise.draft import Row, draft_of
from deepsoil.sources.recognise.found import Folder, Found
from deepsoil.sources.recognise.names import day_of
from deepsoil.sources.recognise.said import FileSaid, Said

BOX = (-97.0, 39.0, -96.0, 40.0)
DAYS = (date(2022, 1, 1), date(2022, 12, 31))


def raster(name: str, unit: str, least: float, most: float, **more: Any) -> Found:
    return Found(f"{name}.tif", f"{name}.tif", "raster", words=name.replace("_", " "), unit=unit, bounds=BOX,
                 least=least, most=most, **more)


def variable(name: str, unit: str, least: float, most: float, **more: Any) -> Found:
    return Found(f"{name}.nc", f"{name}.nc", "netcdf", variable=name[:2], words=name.replace("_", " "), unit=unit,
                 bounds=BOX, least=least, most=most, days=DAYS, **more)


WHOLE = (raster("sand", "%", 5, 80), raster("silt", "%", 5, 80), raster("clay", "%", 5, 60),
         raster("elevation", "m", 300, 420), variable("precipitation", "mm/day", 0, 90),
         variable("air_temperature", "degC", -20, 35), variable("vapour_pressure_deficit", "kPa", 0, 4),
         variable("potential_evapotranspiration", "mm/day", 0, 11))


def draft(*found: Found, said: Said | None = None) -> Any:
    return draft_of(Folder(tuple(found), (), 0), said or Said(), "My Farm, 2022")


def row(found: Found, **said: Any) -> Row:
    return draft(found, said=Said(files={found.key: FileSaid(**said)})).rows[0]


def test_what_says_everything_becomes_a_recipe() -> None:
    made = draft(*WHOLE)
    assert made.lacking == () and made.asked == () and not any(one.asked for one in made.rows)
    recipe = made.recipe
    assert (recipe["title"], recipe["name"]) == ("My Farm, 2022", "my-farm-2022")
    assert recipe["area"] == {"box": list(BOX)} and recipe["dates"] == {"start": DAYS[0], "end": DAYS[1]}
    assert recipe["channels"]["sand"] == {"kind": "raster", "unit": "%", "file": "sand.tif"}
    assert recipe["channels"]["temperature"] == {"kind": "netcdf", "unit": "degC", "variable": "ai",
                                                 "files": ["air_temperature.nc"]}
    for name in ("slope", "aspect", "northness"):
        assert recipe["channels"][name] == {"kind": "terrain"}
    for name in ("theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks"):
        assert recipe["channels"][name] == {"kind": "soil_hydraulics"}


@pytest.mark.parametrize("number", range(8))
def test_each_required_channel_is_missed_by_name_and_none_other(number: int) -> None:
    made = draft(*WHOLE[:number], *WHOLE[number + 1:])
    assert made.recipe is None and len(made.lacking) == 1
    assert made.lacking[0] in ("sand", "silt", "clay", "elevation", "precipitation", "temperature", "vpd", "pet")


# ---- values that the channel cannot have

@pytest.mark.parametrize(("found", "suspects"), [
    (raster("sand", "%", 0, 100), ()), (raster("sand", "%", -5e-7, 100 + 5e-7), ()),
    (raster("sand", "%", -1e-4, 50), (-1e-4,)), (raster("sand", "%", 0, 100 + 1e-4), (100 + 1e-4,)),
    (raster("sand", "%", -9999, 255), (-9999, 255)), (raster("land_cover", "", 11, 95, whole=True), ()),
    (raster("land_cover", "", 0, 95, whole=True), (0,)), (raster("land_cover", "", 11, 127, whole=True), (127,)),
    # weather and heights have room of half their range: a record is no code for nothing
    (variable("air_temperature", "degC", -82.4, 87.4), ()), (variable("air_temperature", "degC", -82.6, 20), (-82.6,)),
    (variable("air_temperature", "K", 190.8, 360.5), ()), (variable("air_temperature", "K", 0, 300), (0,)),
    (variable("precipitation", "mm/day", -1, 149.9), ()), (variable("precipitation", "mm/day", 0, 150.1), (150.1,)),
])
def test_values_beyond_a_channel_are_asked_about_in_the_unit_of_the_file(found: Found,
                                                                         suspects: tuple[float, ...]) -> None:
    one = row(found)
    assert one.suspects == suspects and ("nodata" in one.asked) == bool(suspects)
    for answer in ([], list(suspects)):
        said = row(found, nodata=answer)
        assert "nodata" not in said.asked and said.nodata == tuple(answer)
        assert said.suspects == tuple(value for value in suspects if value not in answer)


@pytest.mark.parametrize(("least", "most", "unit"), [
    (-0.2, 1.0, "-"), (-0.2 - 5e-7, 1.0 + 5e-7, "-"), (-0.2 - 1e-5, 1.0, None), (-0.2, 1.0 + 1e-5, None),
    (-2000, 10000, None), (None, None, None)])
def test_a_number_without_a_unit_is_one_only_within_its_channel(least: float, most: float, unit: str | None) -> None:
    found = raster("ndvi", "", least, most, day=date(2022, 5, 1))
    assert row(found).unit == unit and ("unit" in row(found).asked) == (unit is None)


def test_amounts_without_a_time_are_of_a_day_and_depths_of_soil_are_none() -> None:
    for unit in ("mm", "in", "m", "cm"):
        assert row(variable("precipitation", unit, 0, 0.01)).unit == f"{unit}/day"
    assert row(variable("air_temperature", "mm", 0, 1)).unit is None
    assert row(variable("precipitation", "kg", 0, 1)).asked == ("unit",)
    assert row(variable("precipitation", "kg", 0, 1), unit="mm/day").unit == "mm/day"


# ---- what has to be said

def test_a_map_wants_its_day_its_system_and_its_channel() -> None:
    seen = raster("ndvi", "", 0, 0.9)
    assert row(seen).asked == ("day",) and row(seen, day=date(2022, 5, 1)).asked == ()
    assert row(replace(seen, day=date(2022, 5, 2))).day == date(2022, 5, 2)
    assert row(replace(seen, day=date(2022, 5, 2)), day=date(2022, 5, 1)).day == date(2022, 5, 1), "what is said counts"
    lost = replace(WHOLE[0], crs=False)
    assert row(lost).asked == ("crs",) and row(lost, crs="EPSG:32614").asked == ()
    odd = raster("picture", "", 0, 255)
    assert row(odd).asked == ("channel",) and row(odd, channel="").channel == "" and row(odd, channel="").asked == ()
    assert row(odd, channel="temperature").asked == ("channel",), "a raster is no weather"
    assert row(odd, channel="sand", unit="%").channel == "sand"


def test_of_two_files_for_one_map_one_has_to_be_chosen_and_maps_of_days_may_be_many() -> None:
    twice = replace(WHOLE[0], key="sand2.tif", path="sand2.tif")
    made = draft(*WHOLE, twice)
    assert [one.found.key for one in made.rows if "choice" in one.asked] == ["sand.tif", "sand2.tif"]
    left = draft(*WHOLE, twice, said=Said(files={"sand2.tif": FileSaid(channel="")}))
    assert left.recipe is not None and not any(one.asked for one in left.rows)
    days = [replace(raster("ndvi", "", 0, 0.9), key=f"{day}.tif", path=f"{day}.tif", day=date(2022, 5, day))
            for day in (9, 2)]
    assert draft(*WHOLE, *days).recipe["channels"]["ndvi"]["files"] == {date(2022, 5, 2): "2.tif",
                                                                      date(2022, 5, 9): "9.tif"}
    same = draft(*WHOLE, days[0], replace(days[1], day=days[0].day))
    assert [one.asked for one in same.rows[-2:]] == [("choice",)] * 2


def test_years_of_weather_are_one_source_and_two_kinds_of_it_are_a_choice() -> None:
    later = replace(WHOLE[4], key="later.nc", path="later.nc", days=(date(2023, 1, 1), date(2023, 6, 1)))
    recipe = draft(*WHOLE, later).recipe
    assert recipe["channels"]["precipitation"]["files"] == ["precipitation.nc", "later.nc"]
    assert recipe["dates"] == {"start": DAYS[0], "end": date(2023, 6, 1)}
    made = draft(*WHOLE, replace(later, variable="other"))
    assert [one.found.key for one in made.rows if "choice" in one.asked] == ["precipitation.nc", "later.nc"]


def test_the_lowest_and_the_highest_make_a_temperature_and_half_of_it_does_not() -> None:
    others = [one for one in WHOLE if one.path != "air_temperature.nc"]
    low, high = variable("tmmn", "K", 250, 300), variable("tmmx", "K", 260, 310)
    source = draft(*others, high, low).recipe["channels"]["temperature"]
    assert (source["files"], source["mean_with"]["files"]) == (["tmmn.nc"], ["tmmx.nc"]) and source["unit"] == "K"
    for half in (low, high):
        made = draft(*others, half)
        assert made.recipe is None and made.rows[-1].asked == ("choice",)


def test_the_region_is_what_all_maps_have_in_common() -> None:
    def box(*bounds: Any, said: Said | None = None) -> Any:
        made = draft(*(replace(one, bounds=other) for one, other in zip(WHOLE, bounds, strict=False)),
                     *WHOLE[len(bounds):], said=said)
        return made.recipe["area"]["box"] if made.recipe else made.asked

    assert box((-96.8, 38.0, -95.0, 39.9), (-99.0, 39.2, -96.1, 41.0)) == [-96.8, 39.2, -96.1, 39.9]
    assert box((-90.0, 39.0, -89.0, 40.0)) == ("box",) == box(None) == box((-96.0, 39.0, -95.0, 40.0))
    assert box(None, said=Said(box=(1, 2, 3, 4))) == [1, 2, 3, 4]
    weather = [replace(one, bounds=(-120.0, 30.0, -119.0, 31.0)) if one.form == "netcdf" else one for one in WHOLE]
    assert draft(*weather).recipe["area"]["box"] == list(BOX), "weather is coarse and sampled"


def test_what_stands_for_nothing_and_a_band_reach_the_recipe() -> None:
    second = replace(raster("clay", "%", -9999, 60), band=2, bands=3, key="clay.tif#2")
    said = Said(files={second.key: FileSaid(nodata=[-9999.0], crs="EPSG:32614"),
                       "sand.tif": FileSaid(nodata=[255.0, -1.0])})
    made = draft(*(one for one in WHOLE if one.path != "clay.tif"), second, said=said).recipe["channels"]
    assert made["clay"] == {"kind": "raster", "unit": "%", "file": "clay.tif", "band": 2, "nodata": -9999.0,
                            "crs": "EPSG:32614"}
    assert made["sand"]["nodata"] == [-1.0, 255.0] and "band" not in made["sand"]


@pytest.mark.parametrize(("name", "day"), [
    ("a_1980-01-01", date(1980, 1, 1)), ("a_19791231", None), ("a_21001231", date(2100, 12, 31)), ("21010101", None),
    ("A2024366", date(2024, 12, 31)), ("A2023001", date(2023, 1, 1)), ("A2023000", None), ("A2023367", None),
    ("2023-02-30", None), ("20230101_20230102", None), ("20230101_20230101", date(2023, 1, 1))])
def test_a_day_of_the_calendar_and_a_number_of_the_year(name: str, day: date | None) -> None:
    assert day_of(name) == day
