"""The grid against published values, and its windows against sets of pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from deepsoil import grid
from deepsoil.areas import area_m2
from deepsoil.grid import TILE, Window, distance_km, lonlat_to_pixel, pixel_to_lonlat, quadkey, tile_of_quadkey
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box


def test_quadkeys_are_those_of_the_tile_system() -> None:
    """The example of Bing Maps: tile (3, 5) of level 3 is 213."""
    assert quadkey(3, 5, 3) == "213" and tile_of_quadkey("213") == (3, 5, 3)
    assert [quadkey(c, r, 1) for c, r in ((0, 0), (1, 0), (0, 1), (1, 1))] == ["0", "1", "2", "3"]
    assert quadkey(2**14 - 1, 0) == "1" * 14 and quadkey(0, 2**14 - 1) == "2" * 14 and len(quadkey(5, 9)) == 14
    for bad in ("4", "01a", "-1"):
        with pytest.raises(ValueError, match="quadkey"):
            tile_of_quadkey(bad)


@given(column=st.integers(0, 2**14 - 1), row=st.integers(0, 2**14 - 1))
def test_a_quadkey_leads_back_to_its_tile_and_its_first_digits_to_the_tile_around(column: int, row: int) -> None:
    key = quadkey(column, row)
    assert tile_of_quadkey(key) == (column, row, 14)
    assert tile_of_quadkey(key[:11]) == (column // 8, row // 8, 11)


@pytest.mark.parametrize(("lon", "lat", "column", "row"), [
    (-180.0, 85.0511287798066, 0.0, 0.0), (0.0, 0.0, 524_288.0, 524_288.0), (90.0, 0.0, 786_432.0, 524_288.0),
    (180.0, -85.0511287798066, 1_048_576.0, 1_048_576.0),
    # y = R ln tan(45° + 40°/2) = 4,865,942.28 m of 20,037,508.34 m
    (-100.0, 40.0, 80 / 360 * 1_048_576, (0.5 - 4_865_942.2795 / 40_075_016.6856) * 1_048_576),
    (10.0, 89.0, 190 / 360 * 1_048_576, 0.0)])
def test_positions_are_where_web_mercator_has_them(lon: float, lat: float, column: float, row: float) -> None:
    found = lonlat_to_pixel(lon, lat)
    assert (float(found[0]), float(found[1])) == pytest.approx((column, row), abs=1e-3)
    if abs(lat) < 86:
        assert [float(value) for value in pixel_to_lonlat(column, row)] == pytest.approx([lon, lat], abs=1e-6)


def test_a_pixel_has_its_size_on_the_map_and_on_the_ground() -> None:
    assert pytest.approx(38.218514, abs=1e-6) == grid.PIXEL_M
    assert grid.ground_m([0.0, 60.0, -60.0]).tolist() == pytest.approx([38.218514, 19.109257, 19.109257])
    here = Window(238592, 409600, 3, 4)
    lon, lat = here.lonlat_centres()
    np.testing.assert_allclose(here.ground_m()[:, 0], 38.218514 * np.cos(np.radians(lat)))
    west, south, east, north = here.bounds_lonlat
    assert west < lon[0] < lon[-1] < east and south < lat[-1] < lat[0] < north
    true_m2 = area_m2(box(west, south, east, north))
    assert true_m2 == pytest.approx(float((here.ground_m() ** 2).sum()) * 3, rel=0.01)
    np.testing.assert_allclose(lonlat_to_pixel(lon, lat[:3]), [[238592.5, 238593.5, 238594.5],
                                                                [409600.5, 409601.5, 409602.5]], atol=1e-5)


def test_the_affine_leads_from_pixels_to_metres_of_the_map() -> None:
    a, b, c, d, e, f = Window(524_288, 524_287, 5, 5).affine
    assert (a, b, d, e) == (grid.PIXEL_M, 0.0, 0.0, -grid.PIXEL_M)
    assert (c, f) == pytest.approx((0.0, grid.PIXEL_M), abs=1e-6)
    assert Window(0, 0, 1, 1).affine[2::3] == pytest.approx((-20_037_508.342789, 20_037_508.342789))


@pytest.mark.parametrize(("a", "b", "km"), [
    ((0.0, 0.0), (0.0, 1.0), 111.19), ((0.0, 60.0), (1.0, 60.0), 55.6), ((2.3522, 48.8566), (-0.1276, 51.5072), 343.5),
    ((179.5, 0.0), (-179.5, 0.0), 111.19), ((0.0, 90.0), (90.0, -90.0), 20_015.1), ((12.0, -7.0), (12.0, -7.0), 0.0)])
def test_distances_are_along_great_circles(a: tuple[float, float], b: tuple[float, float], km: float) -> None:
    assert float(distance_km(*a, *b)) == pytest.approx(km, rel=2e-3, abs=1e-9)
    assert float(distance_km(*b, *a)) == pytest.approx(float(distance_km(*a, *b)))


windows = st.builds(Window, st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 40), st.integers(1, 40))


def pixels(window: Window) -> set[tuple[int, int]]:
    return {(column, row) for column in range(window.column, window.column + window.width)
            for row in range(window.row, window.row + window.height)}


@given(one=windows, other=windows)
def test_windows_are_sets_of_pixels(one: Window, other: Window) -> None:
    both = one.intersect(other)
    assert (pixels(both) if both else set()) == pixels(one) & pixels(other)
    assert one.contains(other) == (pixels(other) <= pixels(one))
    assert (one.right, one.bottom, one.shape) == (one.column + one.width, one.row + one.height, (one.height, one.width))
    assert one.to_dict() == {"column": one.column, "row": one.row, "width": one.width, "height": one.height}
    if both:
        rows, columns = both.slices_in(one)
        whole = np.zeros(one.shape, int)
        whole[rows, columns] = 1
        there = {(one.column + int(c), one.row + int(r)) for r, c in np.argwhere(whole)}
        assert there == pixels(both)


@given(one=windows, multiple=st.integers(1, 16), pad=st.integers(0, 9))
def test_alignment_is_the_smallest_and_padding_goes_all_round(one: Window, multiple: int, pad: int) -> None:
    wide = one.align(multiple)
    assert wide.contains(one) and all(edge % multiple == 0 for edge in (wide.column, wide.row, wide.right, wide.bottom))
    assert one.column - wide.column < multiple and wide.right - one.right < multiple
    assert one.row - wide.row < multiple and wide.bottom - one.bottom < multiple
    assert one.pad(pad) == Window(one.column - pad, one.row - pad, one.width + 2 * pad, one.height + 2 * pad)


def test_tiles_are_all_that_a_window_touches_in_row_order() -> None:
    assert list(Window(63, 128, 3, 64).tiles()) == [(0, 2), (1, 2)]
    assert list(Window(64, 127, 64, 2).tiles()) == [(1, 1), (1, 2)]
    assert list(Window(0, 0, 129, 65).tiles()) == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]
    assert TILE == 64


def test_a_window_around_a_box_is_the_smallest_that_covers_it() -> None:
    lon, lat = pixel_to_lonlat([100.25, 103.75], [207.9, 205.1])
    assert Window.around(lon[0], lat[0], lon[1], lat[1]) == Window(100, 205, 4, 3)
    assert Window.around(lon[0], lat[0], lon[0], lat[0]) == Window(100, 207, 1, 1)


def test_true_areas_leave_holes_out_and_add_parts_up() -> None:
    degree = area_m2(box(0, 0, 1, 1))
    assert degree == pytest.approx(12_308_778_361, rel=1e-4)  # WGS 84, from 0° to 1° of latitude
    holed = box(0, 0, 1, 1) - box(0.25, 0.25, 0.75, 0.75)
    assert area_m2(holed) == pytest.approx(degree * 0.75, rel=1e-3)
    assert area_m2(box(0, 0, 1, 1) | box(5, 0, 6, 1)) == pytest.approx(2 * degree)
    assert area_m2(box(0, 60, 1, 61)) == pytest.approx(degree * math.cos(math.radians(60.5)), rel=0.015)
