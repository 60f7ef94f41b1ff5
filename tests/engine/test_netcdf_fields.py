"""Fields of NetCDF files against the arrays they were written from: order, missing values, days, cells of a place."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import netcdf
from deepsoil.store.series import UNKNOWN_STATUS, status_code

RNG = np.random.default_rng(4)
LONGITUDES, LATITUDES = np.arange(-100.0, -90.0), np.arange(45.0, 33.0, -1.0)
BOX = (-96.4, 38.6, -95.6, 39.4)  # in the middle of one cell
VALUES = RNG.uniform(0, 9, (4, LATITUDES.size, LONGITUDES.size)).astype(np.float32)


def write(path: Path, values: np.ndarray = VALUES, *, first: int = 0, order: tuple[str, ...] = ("day", "lat", "lon"),
          longitudes: np.ndarray = LONGITUDES, latitudes: np.ndarray = LATITUDES, units: str = "mm",
          **more: Any) -> Path:
    axes = {"lon": longitudes, "lat": latitudes}
    dims: tuple[str, ...] = ("lat", "lon")
    if values.ndim == 3:
        dims = ("day", *dims)
        axes["day"] = np.arange(first, first + len(values))
    data = xr.DataArray(values, dims=dims, coords=axes, attrs={"units": units})
    dataset = xr.Dataset({"rain": data.transpose(*[name for name in order if name in dims]), **more})
    if "day" in dims:
        dataset["day"].attrs["units"] = "days since 2023-01-01"
    dataset.to_netcdf(path, engine="h5netcdf")
    return path


def read(*paths: Path, **more: Any) -> netcdf.Fields:
    return netcdf.read_fields(paths, "rain", more.pop("bounds", BOX), "channels.precipitation", **more)


@pytest.mark.parametrize(("order", "east"), [(("day", "lat", "lon"), 0), (("lon", "lat", "day"), 360)])
def test_the_cells_around_a_place_are_read_whatever_the_order_of_the_axes(tmp_path: Path, order: tuple[str, ...],
                                                                         east: int) -> None:
    found = read(write(tmp_path / "a.nc", order=order, longitudes=LONGITUDES + east))
    assert found.longitudes.tolist() == [-97.0, -96.0, -95.0] and found.latitudes.tolist() == [40.0, 39.0, 38.0]
    np.testing.assert_array_equal(found.values, VALUES[:, 5:8, 3:6])
    assert found.dates.tolist() == [date(2023, 1, day) for day in (1, 2, 3, 4)] and found.status is None
    turned = read(write(tmp_path / "b.nc", VALUES[:, ::-1], latitudes=LATITUDES[::-1]))
    assert sorted(turned.latitudes) == [38.0, 39.0, 40.0]
    np.testing.assert_array_equal(turned.values[:, ::-1], found.values)


@pytest.mark.parametrize(("low", "high", "cells"), [
    (2.0, 2.0, [1, 2, 3]), (2.5, 2.5, [1, 2, 3, 4]), (0.0, 5.0, range(6)),
    (-0.5, -0.5, [0, 1]), (-0.6, -0.51, []), (5.51, 7.0, []),
    (5.5, 9.0, [4, 5]), (1.6, 3.4, [1, 2, 3, 4])])
def test_near_cells_are_those_that_surround_and_one_more(low: float, high: float, cells: Any) -> None:
    axis = np.arange(6.0)
    found = netcdf.near(axis, low, high)
    assert found.tolist() == list(cells)
    assert (5 - netcdf.near(axis[::-1], low, high)[::-1]).tolist() == list(cells)


def test_further_missing_values_are_those_and_not_their_neighbours(tmp_path: Path) -> None:
    values = VALUES.copy()
    values[0, 6, 3:6] = -9999.0, -9999.004, -9999.05
    values[1, 6, 3] = 32767.0
    found = read(write(tmp_path / "a.nc", values), nodata=(-9999.0, 32767.0)).values
    assert np.isnan(found[0, 1]).tolist() == [True, True, False], "rounding, and another value"
    assert np.isnan(found[1, 1]).tolist() == [True, False, False] and np.isnan(found).sum() == 3
    assert not np.isnan(read(tmp_path / "a.nc").values).any()


def test_a_day_of_several_files_is_that_of_the_first_and_days_ascend(tmp_path: Path) -> None:
    later = write(tmp_path / "b.nc", VALUES + 10, first=3)
    first = write(tmp_path / "a.nc")
    found = read(first, later)
    assert [day.day for day in found.dates.tolist()] == [1, 2, 3, 4, 5, 6, 7]
    np.testing.assert_array_equal(found.values[:, 1, 1], [*VALUES[:, 6, 4], *(VALUES[1:, 6, 4] + 10)])
    turned = read(later, first)
    np.testing.assert_array_equal(turned.dates, found.dates)
    np.testing.assert_array_equal(turned.values[:, 1, 1], [*VALUES[:3, 6, 4], *(VALUES[:, 6, 4] + 10)])
    with pytest.raises(DeepSoilError, match="another grid"):
        read(first, write(tmp_path / "c.nc", longitudes=LONGITUDES + 0.25))


def test_a_file_without_days_needs_one(tmp_path: Path) -> None:
    file = write(tmp_path / "a.nc", VALUES[0])
    found = read(file, day=date(2022, 5, 6))
    assert found.dates.tolist() == [date(2022, 5, 6)] and found.values.shape == (1, 3, 3)
    with pytest.raises(DeepSoilError, match="no time axis"):
        read(file)
    with pytest.raises(DeepSoilError) as outside:
        read(file, day=date(2022, 5, 6), bounds=(10.0, 39.0, 11.0, 40.0))
    assert outside.value.code == "source_outside"
    with pytest.raises(DeepSoilError, match="has no variable 'snow'"):
        netcdf.read_fields([file], "snow", BOX, "f", day=date(2022, 5, 6))


@pytest.mark.parametrize(("given", "recipe", "good"), [
    ("mm", "mm/day", True), ("mm", "mm", True), ("", "in/day", True), ("1", "mm/day", True), ("unitless", "m", True),
    ("mm", "in/day", False), ("mm/day", "mm", False), ("K", "degC", False), ("K", None, True)])
def test_a_file_in_another_unit_than_the_recipe_s_is_refused(tmp_path: Path, given: str, recipe: str | None,
                                                             good: bool) -> None:
    file = write(tmp_path / "a.nc", units=given)
    if good:
        read(file, unit=recipe)
        return
    with pytest.raises(DeepSoilError) as refused:
        read(file, unit=recipe)
    assert refused.value.code == "unit_wrong" and given in refused.value.message


def test_days_are_as_settled_as_the_file_says_and_a_mean_as_the_less_settled_of_two(tmp_path: Path) -> None:
    flags = xr.DataArray(np.array([7, 3, 7, 3], np.uint8), dims="day",
                         attrs={"flag_values": np.array([3, 7], np.uint8), "flag_meanings": "provisional final"})
    status = read(write(tmp_path / "a.nc", settled=flags), status="settled").status
    final, provisional = status_code("final"), status_code("provisional")
    assert status is not None and status.tolist() == [final, provisional, final, provisional]
    for wrong in (flags[:2].rename(day="other"), flags.assign_attrs(flag_meanings="odd final")):
        with pytest.raises(DeepSoilError, match="how settled"):
            read(write(tmp_path / "b.nc", settled=wrong), status="settled")

    def fields(days: list[int], values: np.ndarray, *settled: int) -> netcdf.Fields:
        dates = np.array([date(2023, 1, day) for day in days], "datetime64[D]")
        return netcdf.Fields(dates, LONGITUDES[:2], LATITUDES[:2], values, np.array(settled, np.uint8))

    one = fields([1, 2, 3], VALUES[:3, :2, :2], final, final, UNKNOWN_STATUS)
    other = fields([2, 3, 4], VALUES[:3, 2:4, :2], provisional, final, final)
    mean = netcdf._mean(one, other, "f")
    assert [day.day for day in mean.dates.tolist()] == [2, 3]
    np.testing.assert_allclose(mean.values, (VALUES[1:3, :2, :2] + VALUES[:2, 2:4, :2]) / 2)
    assert mean.status is not None and mean.status.tolist() == [max(final, provisional), UNKNOWN_STATUS]
    with pytest.raises(DeepSoilError, match="no day in common"):
        netcdf._mean(one, fields([8], VALUES[:1, :2, :2], final), "f")
