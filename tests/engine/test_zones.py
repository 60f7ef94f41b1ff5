"""Zones of need: they fill the field, none is too small, and neighbours differ by more than the map's error."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.ndimage
import shapely
from deepsoil.areas import area_m2
from deepsoil.inference.target import Target
from deepsoil.inference.zone_ground import areas_inside, filled_to_the_edge, outlines
from deepsoil.inference.zones import Zone, zones_of
from hypothesis import given, settings
from hypothesis import strategies as st

HECTARE = 1e4


def field(seed: int) -> shapely.Geometry:
    """A field in degrees: a square, a pivot, a ring, two parts, or a strip; anywhere between the tropics and 60°."""
    rng = np.random.default_rng(seed)
    size, lon, lat = rng.uniform(0.003, 0.008), rng.uniform(-170, 170), rng.uniform(-60, 60)
    pivot = shapely.Point(0, 0).buffer(size / 2)
    shapes = [shapely.box(0, 0, size, size), pivot, pivot.difference(pivot.buffer(-size / 6)),
              shapely.union_all([shapely.box(0, 0, size, size / 2), shapely.box(0, 0.6 * size, size / 2, size)]),
              shapely.affinity.rotate(shapely.box(0, 0, size, size / 8), 30)]
    return shapely.affinity.translate(shapes[seed % len(shapes)], lon, lat)


def ground(seed: int, smooth: float, width: float) -> tuple[Target, shapely.Geometry, np.ndarray, np.ndarray]:
    """Of a random field its target, outline, and need (H, W) with half-widths, NaN outside."""
    rng = np.random.default_rng(seed)
    outline = field(seed)
    target = Target.of(outline)
    (block,) = target.blocks()
    noise = scipy.ndimage.gaussian_filter(rng.normal(size=(target.height, target.width)), smooth)
    need = np.where(target.mask(block), 0.75 + 0.5 * noise / max(noise.std(), 1e-9), np.nan)
    return target, outline, need, np.full_like(need, width)


def made(seed: int, smooth: float, width: float, minimum: float = 0.5 * HECTARE,
         ) -> tuple[list[Zone], np.ndarray, Target, shapely.Geometry]:
    target, outline, need, half_width = ground(seed, smooth, width)
    zones, numbers = zones_of(filled_to_the_edge(need, target), filled_to_the_edge(half_width, target),
                              areas_inside(target), minimum)
    return zones, numbers, target, outline


def borders(numbers: np.ndarray) -> set[tuple[int, int]]:
    found = set()
    for one, other in ((numbers[1:], numbers[:-1]), (numbers[:, 1:], numbers[:, :-1])):
        some = (one != other) & (one > 0) & (other > 0)
        found |= set(zip(one[some].tolist(), other[some].tolist(), strict=True))
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 0.8, 2.0, 5.0]), st.sampled_from([0.0, 0.1, 0.4, 3.0]))
def test_zones_fill_the_field_and_are_neither_too_small_nor_too_fine(seed: int, smooth: float, width: float) -> None:
    zones, numbers, target, outline = made(seed, smooth, width)
    shapes = outlines(numbers, target)
    assert sorted(shapes) == [zone.number for zone in zones] == list(range(1, len(zones) + 1))
    true = area_m2(outline)
    assert sum(area_m2(one) for one in shapes.values()) == pytest.approx(true, abs=target.resolution_m**2)
    scale = true / target.outline.area
    for zone in zones:
        assert area_m2(shapes[zone.number]) == pytest.approx(zone.area * scale, abs=1.0)
        assert zone.area >= 0.5 * HECTARE or len(zones) == 1
    for one, other in borders(numbers):
        first, second = zones[one - 1], zones[other - 1]
        assert first.level != second.level
        assert abs(first.need - second.need) >= max(first.half_width, second.half_width)
    assert [zone.need for zone in zones] == sorted((zone.need for zone in zones), reverse=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.0, 2.0]))
def test_a_zone_is_in_one_piece_but_for_pieces_of_the_field_that_are_too_small_alone(seed: int, smooth: float) -> None:
    zones, numbers, target, _ = made(seed, smooth, 0.1)
    areas = areas_inside(target)
    of_field, _ = scipy.ndimage.label(numbers > 0)
    for zone in zones:
        pieces, count = scipy.ndimage.label(numbers == zone.number)
        for piece in range(1, count + 1) if count > 1 else ():
            own = pieces == piece
            whole = of_field == of_field[own][0]
            assert np.array_equal(own, whole), "a second piece has no neighbours"
        assert count == 1 or sum(areas[pieces == piece].sum() >= 0.5 * HECTARE for piece in range(1, count + 1)) <= 1


def test_a_half_that_needs_water_is_a_zone_of_its_own_and_one_within_the_error_is_not() -> None:
    outline = shapely.box(-98.0, 36.5, -97.992, 36.508)
    target = Target.of(outline)
    (block,) = target.blocks()
    need = np.where(target.mask(block), 0.3, np.nan)
    need[:, target.width // 2:] += 0.9
    need[3, 3] = 1.3  # a speck, below any minimum
    for width, count in ((0.2, 2), (0.89, 2), (0.95, 1)):
        zones, numbers = zones_of(filled_to_the_edge(need, target), np.full_like(need, width), areas_inside(target),
                                  0.5 * HECTARE)
        assert len(zones) == count, width
        assert [zone.level for zone in zones] == ([2, 0] if count == 2 else [1])
        if count == 2:
            assert numbers[3, 3] == 2 == numbers[3, 4], "the speck belongs to what is round it"


def test_a_hole_without_soil_belongs_to_no_zone() -> None:
    target, _, need, half_width = ground(0, 2.0, 3.0)
    hole = np.s_[4:8, 5:9]
    need[hole] = half_width[hole] = np.nan
    zones, numbers = zones_of(filled_to_the_edge(need, target), filled_to_the_edge(half_width, target),
                              areas_inside(target), 0.5 * HECTARE)
    assert len(zones) == 1 and not numbers[hole].any()
    assert zones[0].area == pytest.approx(target.outline.area - 16 * 900, abs=1.0)
