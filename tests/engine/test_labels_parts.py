"""The parts of the labels: rounding of texture, weather without gaps, weights of cells, packing, settings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.inputs.upsample import Upsampler, neighbours, weights
from deepsoil.inputs.water_memory import memory
from deepsoil.labels import layout
from deepsoil.labels.column_weather import _covered, _on_grid, _without_gaps
from deepsoil.labels.distinct_columns import snap, unit_strips
from deepsoil.labels.settings import LabelSettings
from deepsoil.labels.simulate import find
from deepsoil.soil import rosetta
from deepsoil.soil.retention import DUL_SUCTION_CM, theta
from deepsoil.sources import soil_hydraulics
from deepsoil.store.series import CoarseSeries
from hypothesis import given, settings
from hypothesis import strategies as st
from labels_tools import HERE, make, maps

DAYS = np.arange("2023-05-01", "2023-05-13", dtype="datetime64[D]")


def series(values: np.ndarray, lon: tuple[float, ...] = (0.0, 1.0),
           lat: tuple[float, ...] = (1.0, 0.0)) -> CoarseSeries:
    return CoarseSeries(DAYS[:len(values)], np.array(lon), np.array(lat), values.astype(np.float32))


@settings(max_examples=150, deadline=None)
@given(sand=st.floats(0, 100), share=st.floats(0, 1), step=st.sampled_from([1, 2, 4, 5, 10, 20, 25, 50]),
       total=st.floats(96, 104))
def test_texture_is_rounded_by_largest_remainders(sand: float, share: float, step: int, total: float) -> None:
    """Whole steps first; the steps left go to the largest remainders, of equal ones to sand, then silt."""
    parts = np.array([sand, (100 - sand) * share, (100 - sand) * (1 - share)]) * total / 100
    exact = parts / parts.sum() * (100 // step)
    points = np.floor(exact).astype(int)
    remainders = exact - points
    for number in np.lexsort((np.arange(3), -remainders))[:100 // step - points.sum()]:
        points[number] += 1
    found = snap(*(np.array([part]) for part in parts), step)
    gap = np.abs(remainders[:, None] - remainders)[np.triu_indices(3, 1)].min()
    if gap > 1e-9 and (np.abs(exact - np.round(exact)) > 1e-9).all():
        assert [int(found[0][0]), int(found[1][0])] == points[:2].tolist()
    assert (abs(100 // step * parts / parts.sum() - [*map(int, (found[0][0], found[1][0])), 100 // step - int(
        found[0][0]) - int(found[1][0])]) < 1).all()


def test_pixels_with_measured_water_contents_are_units_of_their_own_and_impossible_ones_are_counted(
    tmp_path: Path,
) -> None:
    static = maps()
    shape = static["sand"].shape
    wet, dry = np.full(shape, np.nan, np.float32), np.full(shape, np.nan, np.float32)
    wet[:, 100:200], dry[:, 100:200] = 0.304, 0.121
    wet[:, 200:210], dry[:, 200:210] = 30.4, 12.1
    store = make(tmp_path / "store", static={**static, "field_capacity": wet, "wilting_point": dry})
    plain = make(tmp_path / "plain")
    options = LabelSettings()
    ground, weather = find(store, options)
    without = find(plain, options)[0]
    units = np.concatenate([strip for _, strip in unit_strips(store, options, weather, ground)])
    before = np.concatenate([strip for _, strip in unit_strips(plain, options, weather, without)])
    assert ((units >= 0) == (before >= 0)).all() and not without.units.retention.any()
    retention, here = ground.units.retention[units], units >= 0
    assert (retention[here & (np.arange(shape[1]) >= 100) & (np.arange(shape[1]) < 200)] == (30, 12)).all()
    assert (retention[here & (np.arange(shape[1]) >= 200)] == 0).all()
    np.testing.assert_array_equal(ground.units.textures[units][here], without.units.textures[before][here])
    np.testing.assert_array_equal(ground.units.covers[units][here], without.units.covers[before][here])
    assert ground.counts.bad_retention == here[:, 200:210].sum() > 0
    soils = ground.units.soil()
    known = ground.units.retention[:, 0] > 0
    met = (np.abs(theta(DUL_SUCTION_CM, soils) - 0.30) < 0.01) & (np.abs(theta(15_000.0, soils) - 0.12) < 0.01)
    assert known.any() and met[known].mean() > 0.5
    unlike = known & ~met
    np.testing.assert_array_equal(soils[unlike | ~known].stacked(), rosetta.parameters(
        *ground.units.textures[unlike | ~known].T).stacked())


def test_equal_remainders_go_to_sand_then_to_silt() -> None:
    third = np.array([100 / 3]), np.array([100 / 3]), np.array([100 / 3])
    assert [int(part[0]) for part in snap(*third, 1)] == [34, 33]
    half = np.array([49.5]), np.array([50.5]), np.array([0.0])
    assert [int(part[0]) for part in snap(*half, 1)] == [50, 50]
    assert [int(part[0]) for part in snap(np.array([0.0]), np.array([0.5]), np.array([99.5]), 1)] == [0, 1]


@pytest.mark.parametrize("name", ["precipitation", "temperature"])
def test_short_gaps_of_weather_are_filled_and_long_ones_refused(name: str) -> None:
    values = np.arange(12.0)[:, None, None] * np.ones((12, 2, 2))
    values[3:6, 0, 1] = np.nan       # three days
    values[0:2, 1, 0] = np.nan       # at the beginning
    values[:, 1, 1] = np.nan         # no weather at all
    found, count = _without_gaps(name, values.copy(), series(values), DAYS)
    assert count == 5 and np.isnan(found[:, 1, 1]).all()
    rain = name == "precipitation"
    assert found[3:6, 0, 1].tolist() == ([0, 0, 0] if rain else [3, 4, 5])
    assert found[0:2, 1, 0].tolist() == ([0, 0] if rain else [2, 2])
    np.testing.assert_array_equal(found[:, 0, 0], np.arange(12.0))
    for days in (slice(3, 7), slice(0, 4), slice(8, 12)):
        long = np.arange(12.0)[:, None, None] * np.ones((12, 2, 2))
        long[days, 1, 0] = np.nan
        with pytest.raises(DeepSoilError) as caught:
            _without_gaps(name, long, series(long), DAYS)
        error = caught.value
        assert error.code == "weather_gap" and error.values["days"] == 4 and error.values["longest_gap_days"] == 3
        assert (str(error.values["first"]), str(error.values["last"])) == (
            str(DAYS[days.start]), str(DAYS[days.stop - 1]))
        assert (error.values["longitude"], error.values["latitude"]) == (0.0, 0.0), "the cell of row 1, column 0"


def test_the_covered_days_are_the_first_and_the_last_with_any_value() -> None:
    values = np.full((12, 2, 2), np.nan)
    values[2, 0, 1], values[9, 1, 0] = 1.0, 1.0
    assert _covered(series(values)) == (DAYS[2], DAYS[9])
    first, last = _covered(series(np.full((12, 2, 2), np.nan)))
    assert first > last


def test_weather_on_another_grid_is_interpolated_over_what_is_known() -> None:
    have = series(np.array([[[0.0, 10.0], [20.0, 30.0]]]))
    want = series(np.zeros((1, 3, 3)), (0.0, 0.25, 1.0), (1.0, 0.5, 0.0))
    np.testing.assert_allclose(_on_grid(have.values.astype(float), have, want)[0],
                               [[0, 2.5, 10], [10, 12.5, 20], [20, 22.5, 30]])
    holed = have.values.astype(float)
    holed[0, 0, 1] = np.nan
    found = _on_grid(holed, have, want)[0]
    assert np.isnan(found[0, 2]) and found[0, 1] == 0.0 and found[1, 2] == 30.0
    assert found[1, 1] == pytest.approx((0.375 * 0 + 0.375 * 20 + 0.125 * 30) / 0.875)
    assert _on_grid(holed, have, have) is holed


@settings(max_examples=60, deadline=None)
@given(nx=st.integers(1, 5), ny=st.integers(1, 5), seed=st.integers(0, 99), north_first=st.booleans())
def test_the_four_cells_of_a_pixel_and_its_matrix_say_the_same(nx: int, ny: int, seed: int, north_first: bool) -> None:
    rng = np.random.default_rng(seed)
    west, south, east, north = HERE.bounds_lonlat
    lon = np.sort(rng.uniform(west - 0.05, east + 0.05, nx))
    lat = np.sort(rng.uniform(south - 0.05, north + 0.05, ny))[::-1 if north_first else 1]
    window = Window(HERE.column + 30, HERE.row + 50, 9, 7)
    field = rng.uniform(0, 1, (ny, nx)).astype(np.float32)
    cells = CellWeights.of(window, lon, lat)
    np.testing.assert_allclose(cells.weights.sum(axis=0), 1.0, rtol=1e-5)
    blended = cells.blend(np.stack([field.ravel(), 2 * field.ravel()]), np.ones(window.shape, int))
    by_matrix = np.empty((1, *window.shape), np.float32)
    Upsampler.onto(window, lon, lat)(field[None], by_matrix)
    np.testing.assert_allclose(blended, 2 * by_matrix[0], atol=2e-5)
    at_lon, at_lat = window.lonlat_centres()
    by_numpy = np.array([np.interp(at_lon, lon, row) for row in field])
    ascending = lat.argsort()
    expected = np.array([np.interp(at_lat, lat[ascending], column[ascending]) for column in by_numpy.T]).T
    np.testing.assert_allclose(by_matrix[0], expected, atol=2e-5)


def test_neighbours_lie_on_either_side_whichever_way_the_axis_runs() -> None:
    lower, share = neighbours(np.array([10.0, 8.0, 4.0]), np.array([11.0, 10.0, 9.0, 5.0, 4.0, 1.0]))
    assert lower.tolist() == [0, 0, 0, 1, 1, 1] and share.tolist() == [0, 0, 0.5, 0.75, 1, 1]
    lower, share = neighbours(np.array([4.0, 8.0]), np.array([3.0, 5.0, 9.0]))
    assert lower.tolist() == [0, 0, 0] and share.tolist() == [0, 0.25, 1]
    np.testing.assert_array_equal(weights(np.array([5.0]), np.array([1.0, 9.0])), [[1.0], [1.0]])


def test_buckets_fill_spill_and_dry_as_worked_out_by_hand() -> None:
    """30 mm of rain on the first day of a dry, warm year, 3 mm of demand a day: the bucket of 10 mm spills."""
    days = 365
    rain, pet, temperature = (np.full((days, 2), value) for value in (0.0, 3.0, 20.0))
    rain[100, 0] = 30.0
    found = memory(rain, pet, temperature)
    level = float(found["bucket_10mm"][99, 0])
    assert level < 1e-10, "a year and a quarter of drought"
    assert found["bucket_10mm"][100:103, 0].tolist() == pytest.approx([1.0, 0.7, 0.49])
    before = float(found["bucket_500mm"][99, 0])
    assert found["bucket_500mm"][100, 0] == pytest.approx(before + 30 / 500 - 3 * before / 500)
    assert (found["bucket_60mm"][:, 1] <= found["bucket_60mm"][:, 0]).all()
    winter = memory(rain, pet, np.full((days, 2), -5.0))
    assert winter["snow_water"][99, 0] == winter["snow_water"][-1, 0] - 30.0 == 30.0, "of the year before it stays too"
    assert winter["bucket_10mm"][-1, 0] == winter["bucket_10mm"][100, 0], "under snow nothing dries"
    gap = rain.copy()
    gap[200] = np.nan
    dry = memory(gap, np.where(np.isnan(gap), np.nan, pet), temperature)
    assert dry["bucket_120mm"][200, 0] == dry["bucket_120mm"][199, 0]
    with pytest.raises(ValueError, match="364 days"):
        memory(rain[:364], pet[:364], temperature[:364])


@pytest.mark.parametrize(("step", "fits"), [(1, True), (50, True), (25, True), (0, False), (51, False), (3, False),
                                            (100, False)])
def test_steps_of_texture_divide_a_hundred(step: int, fits: bool) -> None:
    if fits:
        assert LabelSettings(step).texture_step == step
        return
    with pytest.raises(DeepSoilError) as caught:
        LabelSettings(step)
    assert caught.value.field == "texture_step"


def test_the_spin_up_has_its_limits_and_settings_tell_simulations_apart() -> None:
    for days in (0, 3660):
        LabelSettings(spinup_days=days)
    for days in (-1, 3661):
        with pytest.raises(DeepSoilError):
            LabelSettings(spinup_days=days)
    documents = [LabelSettings(**change).to_dict() for change in ({}, {"fallow": True}, {"texture_step": 2},
                                                                  {"spinup_days": 364}, {"depths_cm": (5.0,)})]
    assert all(a != b for number, a in enumerate(documents) for b in documents[:number])
    assert documents[1]["vegetation"] == "none" and len(documents[0]["vegetation"]) == 12
    assert LabelSettings().kinds[:7] == ("grass", "crop", "forest", "shrub", "bare", "wetland", "corn")
    assert LabelSettings().covers[:6] == ("grass 1", "grass 2", "grass 3", "grass 4", "crop 1", "crop 2")
    assert LabelSettings().plant(5).group.name == "crop" and LabelSettings().plant(5).crop is None
    assert LabelSettings().plant(24).crop == "corn" and len(LabelSettings().covers) <= 255
    assert LabelSettings(fallow=True).covers == ("fallow",)


@settings(max_examples=40, deadline=None)
@given(theta=st.floats(0.0, 0.65))
def test_water_contents_are_packed_to_a_hundred_thousandth(theta: float) -> None:
    packed = layout.encode(np.array([theta, np.nan], np.float32))
    assert packed.dtype == np.uint16
    found = layout.decode(packed)
    assert abs(float(found[0]) - theta) <= 1.01e-5 and np.isnan(found[1])


# ---- texture to parameters

def test_textures_are_scaled_and_limits_are_five_per_cent() -> None:
    sand, silt, clay = rosetta.normalise_texture(57.0, 28.5, 9.5)
    assert (float(sand), float(silt), float(clay)) == pytest.approx((60.0, 30.0, 10.0))
    given = [(50, 30, 20), (50, 30, 25), (50, 30, 15), (50, 30, 25.1), (50, 30, 14.9), (-0.1, 60, 40), (100, 0, 0)]
    assert rosetta.texture_is_valid(*np.array(given, float).T).tolist() == [True, True, True, False, False, False, True]
    assert not rosetta.texture_is_valid(50, np.nan, 20)


def test_between_three_textures_the_logarithms_are_linear() -> None:
    nodes = rosetta.parameters([40, 41, 40, 41], [30, 30, 31, 31], [30, 29, 29, 28])
    for point, parts in (((40.2, 30.5, 29.3), (0.3, 0.2, 0.5, 0)), ((40.7, 30.6, 28.7), (0, 0.4, 0.3, 0.3))):
        found = rosetta.parameters(*point)
        logarithms = (False, False, True, True, True, True, False)
        for value, corners, log in zip(found.arrays(), nodes.arrays(), logarithms, strict=True):
            known = np.log10(corners) if log else corners
            wanted = float(known @ np.array(parts))
            assert float(value) == pytest.approx(10**wanted if log else wanted, rel=1e-6)


def test_maps_of_hydraulic_parameters_carry_each_its_own() -> None:
    sand, clay = np.array([[40.0, 90.0], [10.0, np.nan]], np.float32), np.array([[20.0, 5.0], [60.0, 5.0]], np.float32)
    maps = soil_hydraulics.from_texture(sand, 100 - sand - clay, clay)
    soil = rosetta.parameters(sand, 100 - sand - clay, clay)
    for name, wanted in (("theta_r", soil.theta_r), ("theta_s", soil.theta_s), ("vg_n", soil.vg_n),
                         ("log10_vg_alpha", np.log10(soil.vg_alpha_per_cm)),
                         ("log10_ks", np.log10(soil.ks_cm_per_day))):
        np.testing.assert_allclose(maps[name], wanted, rtol=1e-5)
        assert np.isnan(maps[name][1, 1])
