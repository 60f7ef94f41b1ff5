"""Sources of data by numbers: gaps, spreading, cells, thresholds, and what a recipe's limits let through."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import PIXEL_M, Window
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.sources import constant, daily_fields, geotiff, netcdf, point_series, point_tables, recipe_area
from deepsoil.sources.legend import Legend
from deepsoil.sources.recipe_parts import Period
from deepsoil.sources.reference_et import penman_monteith, wind_at_2_m
from deepsoil.sources.value_range import check_range
from deepsoil.store.series import CoarseSeries, Stations
from deepsoil.store.store import observations
from pydantic import ValidationError
from rasterio.enums import Resampling
from sources_tools import FIELD, refused

DAYS = pd.date_range("2023-05-01", periods=10)


def series(values: Any, first: str = "2023-05-01", lon: Any = (0.0,), lat: Any = (0.0,)) -> CoarseSeries:
    fields = np.asarray(values, np.float32).reshape(-1, len(lat), len(lon))
    days = np.arange(np.datetime64(first), np.datetime64(first) + len(fields))
    return CoarseSeries(days, np.array(lon), np.array(lat), fields)


@pytest.mark.parametrize(("days", "wanted"), [
    (0, "1..4.6"), (1, "1..456"), (2, "123456"), (3, "123456")])
def test_gaps_are_bridged_up_to_their_length_and_only_between_known_days(days: int, wanted: str) -> None:
    """Dots are missing."""
    nan = np.nan
    column = np.array([1, nan, nan, 4, nan, 6], np.float32)
    found = daily_fields.bridge(column[:, None, None], days).ravel()
    expected = [nan if word == "." else float(word) for word in wanted]
    np.testing.assert_array_equal(found, np.array(expected, np.float32))
    ends = daily_fields.bridge(np.array([nan, 2, nan], np.float32)[:, None, None], days).ravel()
    np.testing.assert_array_equal(ends, np.array([nan, 2, nan], np.float32))
    two = np.stack([column, np.full(6, 7, np.float32)], axis=1)[:, None, :]
    np.testing.assert_array_equal(daily_fields.bridge(two, days)[:, 0, 1], 7)


def test_a_recipe_s_days_include_both_ends() -> None:
    fields = series(np.arange(10.0))
    kept = daily_fields.within(Period(start=date(2023, 5, 3), end=date(2023, 5, 6)), "pet", fields)
    assert kept.values.ravel().tolist() == [2, 3, 4, 5] and str(kept.dates[0]) == "2023-05-03"
    assert len(daily_fields.within(None, "pet", fields).dates) == 10
    refused("source_invalid", daily_fields.within, Period(start=date(2024, 1, 1), end=date(2024, 1, 2)), "pet", fields)


def test_points_weigh_by_the_square_of_their_distance_or_the_nearest_counts() -> None:
    points = [pd.Series([1.0, np.nan], DAYS[:2]), pd.Series([5.0, 2.0], DAYS[:2])]
    lon, lat = np.array([0.0, 3.0]), np.array([0.0, 0.0])
    cells = np.array([0.0, 1.0, 2.0]), np.array([0.0, -4.0])
    _, _, _, fields = point_tables.spread(points, lon, lat, "inverse_distance", cells)
    for row, latitude in enumerate(cells[1]):
        for column, longitude in enumerate(cells[0]):
            # on the equator a degree is as long either way
            one, two = (max(math.hypot(longitude - x, latitude), 1e-4) ** -2 for x in lon)
            assert fields[0, row, column] == pytest.approx((one * 1 + two * 5) / (one + two), rel=5e-3)
    assert (fields[1] == 2.0).all(), "the only point of the day"
    nearest = point_tables.spread(points, lon, lat, "nearest", cells)[3]
    np.testing.assert_array_equal(nearest[0], [[1, 1, 5], [1, 1, 5]])
    days, one_lon, one_lat, mean = point_tables.spread(points, lon, np.array([0.0, 1.0]), "mean", None)
    assert (one_lon.tolist(), one_lat.tolist(), mean.ravel().tolist()) == ([1.5], [0.5], [3.0, 2.0])
    apart = [pd.Series([1.0], DAYS[:1]), pd.Series([4.0], DAYS[3:4])]
    days, _, _, gap = point_tables.spread(apart, lon, lat, "median", None)
    assert len(days) == 4 and np.isnan(gap.ravel()[1:3]).all()


def test_missing_days_come_from_another_series_and_known_ones_stay() -> None:
    first = series([1, np.nan, 3], "2023-05-03")
    second = series([10, 20, 30, 40, 50, 60], "2023-05-02")
    found = point_series._fill_gaps(first, second, FIELD)
    assert found.values.ravel().tolist() == [10, 1, 30, 3, 50, 60] and str(found.dates[0]) == "2023-05-02"
    early = point_series._fill_gaps(second, series([7, 8, 9], "2023-05-06"), FIELD)
    assert early.values.ravel().tolist() == [10, 20, 30, 40, 50, 60, 9]
    wide = series([[1, np.nan]], lon=(0.0, 1.0))
    assert point_series._fill_gaps(wide, series([5.0]), FIELD).values.ravel().tolist() == [1, 5]
    refused("recipe_invalid", point_series._fill_gaps, series([5.0]), wide, FIELD)


def test_cells_cover_the_area_from_north_west() -> None:
    source = SimpleNamespace(grid=SimpleNamespace(step_degrees=0.25))
    area = SimpleNamespace(bounds=(-97.0, 39.0, -96.5, 39.4))
    lon, lat = point_series.SeriesSource._cells(source, area)  # type: ignore[arg-type,misc]
    np.testing.assert_allclose(lon, [-97.0, -96.75, -96.5], atol=1e-9)
    np.testing.assert_allclose(lat, [39.4, 39.15, 38.9], atol=1e-9)
    assert point_series.SeriesSource._cells(SimpleNamespace(grid=None), area) is None  # type: ignore[arg-type]


def test_a_variable_is_read_with_a_cell_to_spare_and_not_more() -> None:
    centres = np.arange(0.0, 10.0, 1.0)
    assert netcdf.near(centres, 4.2, 5.1).tolist() == [3, 4, 5, 6]
    assert netcdf.near(centres[::-1], 4.2, 5.1).tolist() == [3, 4, 5, 6]
    assert netcdf.near(centres, 9.4, 12.0).tolist() == [8, 9] and netcdf.near(centres, 9.6, 12.0).size == 0
    assert netcdf.near(centres, -3.0, -0.4).tolist() == [0, 1] and netcdf.near(centres, -3.0, -0.6).size == 0
    assert netcdf.near(np.array([5.0]), 5.4, 6.0).tolist() == [0] and netcdf.near(np.array([5.0]), 5.6, 6.0).size == 0


def test_repeated_days_of_several_files_count_once_and_stay_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    lon, lat = np.array([1.0]), np.array([2.0])

    def read(path: Path, *given: Any) -> Any:
        days = np.array(["2023-05-02", "2023-05-03"] if path.name == "b" else ["2023-05-01", "2023-05-02"],
                        "datetime64[D]")
        return netcdf.Fields(days, lon + (path.name == "c"), lat, np.full((2, 1, 1), ord(path.name), np.float32))

    monkeypatch.setattr(netcdf, "_read_one", read)
    found = netcdf.read_fields([Path("b"), Path("a")], "v", (0, 0, 1, 1), FIELD)
    assert [str(day) for day in found.dates] == ["2023-05-01", "2023-05-02", "2023-05-03"]
    assert found.values.ravel().tolist() == [97, 98, 98], "the first file named has the day"
    refused("source_invalid", netcdf.read_fields, [Path("a"), Path("c")], "v", (0, 0, 1, 1), FIELD)


@pytest.mark.parametrize(("share", "expected"), [(0.7, "average"), (0.8, "bilinear"), (3.0, "bilinear")])
@pytest.mark.parametrize("wide", [True, False])
def test_a_source_is_averaged_when_its_pixels_are_smaller_than_three_quarters(share: float, expected: str,
                                                                              wide: bool) -> None:
    across, down = (PIXEL_M * share, PIXEL_M * 2) if wide else (PIXEL_M * 2, PIXEL_M * share)
    transform = Affine(across, 0, 0, 0, -down, 0)
    block = Window(524_000, 524_000, 64, 64)
    found = geotiff._resampling(transform, geotiff.GRID_CRS, block, geotiff.RasterOptions())
    assert found == Resampling[expected]
    assert geotiff._resampling(transform, geotiff.GRID_CRS, block, geotiff.RasterOptions(classes=True,
                                                                                        method="average")) == 0
    assert geotiff._resampling(transform, geotiff.GRID_CRS, block, geotiff.RasterOptions(method="nearest")) == 0


def test_a_window_is_read_in_blocks_that_cover_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geotiff, "BLOCK", 100)
    window = Window(7, 9, 250, 101)
    count = np.zeros(window.shape, int)
    for block in geotiff.blocks(window):
        assert block.width <= 100 and block.height <= 100
        count[block.slices_in(window)] += 1
    assert (count == 1).all()


def test_a_crosswalk_maps_codes_drops_what_it_declares_missing_and_refuses_the_rest() -> None:
    codes = np.array([[1.0, 2.0], [3.0, np.nan]])
    found = Legend({1: 71, 2: None, 3: 0, 9: 5}, None, 0.0).translated(codes)
    np.testing.assert_array_equal(found, [[71, np.nan], [0, np.nan]])
    legend = Legend({1: 71}, None, 0.0)
    legend.translated(codes)
    assert "2, 3" in refused("source_invalid", legend.note, Path("x.tif"), FIELD).message


@pytest.mark.parametrize(("name", "values", "fits"), [
    ("sand", [50, 150, 150, 50], True), ("sand", [50, 150, 150, 150], False), ("sand", [-1, -1, 5], False),
    ("sand", [0, 100, np.nan], True), ("land_cover", [11, 95], True), ("land_cover", [11, 95, 41, 41, 10], False),
    ("land_cover", [96], False), ("ndvi", [np.nan], True)])
def test_a_map_may_have_half_of_its_values_out_of_range_and_classes_none(name: str, values: list[float],
                                                                         fits: bool) -> None:
    given = np.array(values, np.float32)
    if fits:
        assert check_range(name, given, FIELD) is given
    else:
        refused("source_invalid", check_range, name, given, FIELD)


def test_the_mean_of_rows_is_that_of_matching_rows_with_a_number(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("site,depth,sand\na,5,10\na,5,30\na,20,70\nb,5,90\na,5,none\n")
    assert constant.mean_of_rows(path, "sand", {"site": "a", "depth": 5}, FIELD) == 20.0
    assert constant.mean_of_rows(path, "sand", {}, FIELD) == 50.0
    refused("source_invalid", constant.mean_of_rows, path, "sand", {"site": "c"}, FIELD)
    refused("source_invalid", constant.mean_of_rows, path, "clay", {}, FIELD)


def test_an_area_s_buffer_is_as_wide_as_it_is_high() -> None:
    area = SimpleNamespace(box=(10.0, 59.0, 11.0, 61.0), file=None, buffer_m=11_132.0)
    west, south, east, north = recipe_area.bounds(SimpleNamespace(recipe=SimpleNamespace(area=area)))  # type: ignore[arg-type]
    assert (south, north) == pytest.approx((58.9, 61.1)) and (west, east) == pytest.approx((9.8, 11.2))


# ---- evapotranspiration

def test_vapour_pressure_and_wind_are_those_of_the_tables_of_fao_56() -> None:
    """Annex 2, table 2.3: 0.611 kPa at 0 °C, 1.228 at 10, 2.338 at 20, 4.243 at 30; table 2.9: 0.748 at 10 m."""
    assert [round(float(saturation_kpa(np.float64(t))), 3) for t in (0, 10, 20, 30)] == [0.611, 1.228, 2.338, 4.243]
    wind = pd.Series([3.0])
    assert wind_at_2_m(wind, 10.0)[0] == pytest.approx(3 * 0.748, abs=1e-3)
    assert wind_at_2_m(wind, 2.0)[0] == 3.0 and wind_at_2_m(wind, 4.0)[0] == pytest.approx(3 * 0.872, abs=2e-3)


def test_calm_air_counts_as_half_a_metre_a_second() -> None:
    def of(wind: float, latitude: float = 50.8) -> float:
        day = pd.DataFrame({"tmin": [12.3], "tmax": [21.5], "vapour_pressure": [1.409], "radiation": [22.07],
                            "wind": [wind]}, index=DAYS[:1])
        return float(penman_monteith(day, latitude, 100.0).iloc[0])

    assert of(0.0) == of(0.4) == of(0.5) < of(0.6) < of(0.8)
    assert of(0.5, -50.8) != pytest.approx(of(0.5)), "the sun stands elsewhere"


@pytest.mark.parametrize(("model", "fields", "name", "least", "most"), [
    (point_series.Grid, {}, "step_degrees", 1e-6, 2.0)])
def test_numbers_of_a_recipe_have_their_limits(model: Any, fields: dict[str, Any], name: str, least: float,
                                               most: float) -> None:
    for value in (least, most):
        model(**fields, **{name: value})
    for value in (0.0, most + 1e-6):
        with pytest.raises(ValidationError):
            model(**fields, **{name: value})


# ---- what a store makes of days

def test_an_observation_counts_for_45_days_the_latest_first() -> None:
    dates = np.array(["2023-01-01", "2023-03-01", "2023-03-10", "2023-03-20"], "datetime64[D]")
    day = date(2023, 3, 12)
    assert observations(dates, day, "carry") == [(2, 2), (1, 11)]
    assert observations(dates, day, "nearest") == [(2, 2), (3, -8), (1, 11)]
    assert observations(dates, date(2023, 2, 15), "carry") == [(0, 45)] and observations(dates, date(2023, 2, 16),
                                                                                         "carry") == []
    assert observations(dates, date(2022, 11, 17), "nearest") == [(0, -45)]
    assert observations(dates, date(2022, 11, 16), "nearest") == []
    tied = np.array(["2023-03-10", "2023-03-14"], "datetime64[D]")
    assert observations(tied, day, "nearest") == [(0, 2), (1, -2)], "of equal age the earlier"


def test_a_series_is_put_in_order_with_its_values() -> None:
    days = np.array(["2023-05-03", "2023-05-01"], "datetime64[D]")
    values = np.arange(12.0).reshape(2, 2, 3)
    made = CoarseSeries.regular(days, [3.0, 1.0, 2.0], [10.0, 20.0], values)
    assert (made.longitudes.tolist(), made.latitudes.tolist()) == ([1, 2, 3], [20, 10])
    np.testing.assert_array_equal(made.values[0], [[10, 11, 9], [7, 8, 6]])
    np.testing.assert_array_equal(made.values[2], [[4, 5, 3], [1, 2, 0]])
    assert np.isnan(made.values[1]).all()
    assert (made.index(date(2023, 4, 30)), made.index(date(2023, 5, 3))) == (-1, 2) and made.same_grid(made)
    assert not made.same_grid(series([1.0]))
    assert not made.same_grid(CoarseSeries(made.dates, made.longitudes, made.latitudes + 1, made.values))
    for bad in ((days, [1.0], [1.0], values), (days[:0], [1.0], [1.0], np.empty((0, 1, 1))),
                (np.repeat(days[:1], 2), [1, 2, 3], [1, 2], values), (days, [1, 1, 2], [1, 2], values),
                (days, [1, 2, 3], [2, 2], values)):
        with pytest.raises(ValueError, match=r"shape|at least one|repeat"):
            CoarseSeries.regular(*bad)


@pytest.mark.parametrize("change", [
    {"theta": np.zeros((2, 1, 2), np.float32)}, {"soil_temperature": np.zeros((2, 1, 2))}, {"ids": ["a", "a"]},
    {"rejected": np.zeros((1, 1, 3), np.uint8)}, {"names": ["A"]}, {"networks": []}, {"longitudes": np.zeros(3)},
    {"latitudes": np.zeros(1)}])
def test_stations_whose_arrays_do_not_fit_are_refused(change: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "ids": ["a", "b"], "names": ["A", "B"], "networks": ["N", "N"], "longitudes": np.zeros(2),
        "latitudes": np.zeros(2), "depths_cm": np.array([5.0]), "dates": np.arange(3).astype("datetime64[D]"),
        "theta": np.zeros((2, 1, 3), np.float32), "soil_temperature": np.zeros((2, 1, 3)), "rejected": None}
    Stations(**good)
    with pytest.raises(ValueError, match=r"shape|length|repeat"):
        Stations(**good | change)


def test_the_box_of_an_outline_in_any_form_of_geojson(tmp_path: Path) -> None:
    def box(document: dict[str, Any]) -> tuple[float, ...]:
        (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
        return recipe_area._bounds_of_geojson(tmp_path / "a.json")

    def square(left: float, low: float) -> dict[str, Any]:
        ring = [[left, low], [left + 1, low], [left + 1, low + 2], [left, low + 2], [left, low]]
        return {"type": "Polygon", "coordinates": [ring]}

    feature = {"type": "Feature", "properties": {}, "geometry": square(5, 40)}
    several = {"type": "FeatureCollection", "features": [feature, {**feature, "geometry": square(8, 37)}]}
    assert box(square(5, 40)) == box(feature) == pytest.approx((5, 40, 6, 42))
    assert box(several) == pytest.approx((5, 37, 9, 42))
    metres = {"type": "name", "properties": {"name": "EPSG:3857"}}
    assert box({**square(111319.49079327358, 0), "crs": metres}) == pytest.approx((1, 0, 1, 0), abs=3e-5)
    for wrong in ({"type": "FeatureCollection", "features": []}, {"type": "FeatureCollection"}, {"type": "x"},
                  {**square(1, 1), "crs": {"properties": {"name": "none"}}}):
        with pytest.raises(DeepSoilError) as error:
            box(wrong)
        assert (error.value.code, error.value.field) == ("source_invalid", "area.file")
