"""Soil columns under daily weather: water balance, independence, monotony, snow, roots, and failures reported."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import batch, column, rosetta
from deepsoil.soil.column import ColumnResult, simulate_columns
from deepsoil.soil.column_settings import ColumnSettings
from deepsoil.soil.forcing import Forcing, snow_store
from deepsoil.soil.profile import DEFAULT_PROFILE
from deepsoil.soil.retention import VanGenuchten, theta
from deepsoil.soil.solver import _root_stress
from hypothesis import given, settings
from hypothesis import strategies as st

CORNERS = [(100, 0, 0), (0, 100, 0), (0, 0, 100), (40, 40, 20), (90, 5, 5), (20, 20, 60)]


def weather(days: int, seed: int = 0, places: int = 2, wet_share: float = 0.25) -> Forcing:
    rng = np.random.default_rng(seed)
    season = -np.cos(2 * np.pi * np.arange(days) / 365)
    rain = np.where(rng.random((places, days)) < wet_share, rng.exponential(9.0, (places, days)), 0.0)
    pet = np.clip(3.0 + 2.5 * season + rng.normal(0, 0.7, (places, days)), 0.1, None)
    return Forcing(rain, pet, 9.0 + 14.0 * season + rng.normal(0, 3, (places, days)))


def soils(textures: list[tuple[int, int, int]]) -> VanGenuchten:
    return rosetta.parameters(*np.array(textures, float).T)


def storage_cm(result: ColumnResult, day: int) -> np.ndarray:
    """Water of the columns at the end of a day; the depths simulated must be all nodes."""
    return result.theta[:, :, day].astype(float) @ DEFAULT_PROFILE.thickness_cm


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0, 1), rain_hours=st.sampled_from([2.0, 8.0, 24.0]),
       matching_point=st.booleans(), root_stress=st.sampled_from(["linear", "logarithmic"]))
def test_no_water_is_made_or_lost(
    seed: int, share: float, rain_hours: float, matching_point: bool, root_stress: Literal["linear", "logarithmic"],
) -> None:  # fmt: skip
    rng = np.random.default_rng(seed)
    lattice = rosetta.lattice()
    params = rosetta.parameters(*lattice[rng.choice(len(lattice), 12)].T)
    forcing = weather(60, seed)
    irrigation = np.where(rng.random((12, 60)) < 0.05, 25.0, 0.0)
    index = rng.integers(0, 2, 12)
    result = simulate_columns(
        params, forcing, index, transpiration_fraction=np.full((12, 60), share), irrigation=irrigation,
        depths_cm=tuple(DEFAULT_PROFILE.nodes_cm), spinup_days=0,
        settings=ColumnSettings(theta="end", rain_hours=rain_hours, matching_point=matching_point,
                                root_stress=root_stress),
    )  # fmt: skip
    assert not result.failed.any()
    assert np.abs(result.mass_error_cm).max() < 60 * 1e-9
    # the same from the outside: what the results say of themselves
    liquid = snow_store(forcing).liquid[index] + irrigation
    out = result.drainage + result.runoff + result.evaporation + result.transpiration
    change_mm = 10.0 * (storage_cm(result, 59) - storage_cm(result, 0))
    np.testing.assert_allclose(change_mm, (liquid - out)[:, 1:].sum(axis=1), atol=2e-3)
    assert (result.runoff >= -1e-9).all() and (result.evaporation >= -1e-9).all()
    low, high = params.theta_r[:, None, None], params.theta_s[:, None, None]
    assert (result.theta > low - 1e-5).all() and (result.theta < high + 1e-4).all()


def test_a_column_does_not_depend_on_its_neighbours_their_order_or_number(monkeypatch: pytest.MonkeyPatch) -> None:
    params, forcing = soils(CORNERS * 3), weather(120)
    index = np.arange(18) % 2
    together = simulate_columns(params, forcing, index, spinup_days=30)
    order = np.random.default_rng(0).permutation(18)
    shuffled = simulate_columns(params[order], forcing, index[order], spinup_days=30)
    alone = simulate_columns(params[4:5], forcing, index[4:5], spinup_days=30)
    np.testing.assert_array_equal(shuffled.theta, together.theta[order])
    monkeypatch.setattr(column, "BLOCK_COLUMNS", 5)
    in_blocks = simulate_columns(params, forcing, index, spinup_days=30)
    np.testing.assert_array_equal(in_blocks.theta, together.theta)
    np.testing.assert_array_equal(in_blocks.drainage, together.drainage)
    np.testing.assert_array_equal(alone.theta[0], together.theta[4])


def test_large_steps_stay_close_to_steps_of_a_quarter_of_an_hour() -> None:
    rng = np.random.default_rng(3)
    lattice = rosetta.lattice()
    params = rosetta.parameters(*lattice[rng.choice(len(lattice), 24, replace=False)].T)
    forcing, index = weather(200), np.arange(24) % 2
    coarse = simulate_columns(params, forcing, index, spinup_days=0)
    fine_settings = ColumnSettings(maximum_step_hours=0.25, water_per_step_cm=0.1, newton_tolerance=1e-4)
    fine = simulate_columns(params, forcing, index, spinup_days=0, settings=fine_settings)
    error = coarse.theta.astype(float) - fine.theta
    assert np.sqrt((error[:, 1] ** 2).mean()) < 2.5e-4
    assert np.sqrt((error[:, 0] ** 2).mean()) < 5e-4


def test_more_rain_never_leaves_the_soil_drier() -> None:
    params, forcing = soils(CORNERS), weather(200)
    wetter = Forcing(forcing.precipitation * 1.3 + 0.2, forcing.pet, forcing.temperature)
    index = np.zeros(len(CORNERS), int)
    a = simulate_columns(params, forcing, index, spinup_days=0)
    b = simulate_columns(params, wetter, index, spinup_days=0)
    # slack for the two runs' different time steps
    assert (b.theta >= a.theta - 1.5e-3).all()
    assert b.theta.mean() > a.theta.mean() + 0.005


def test_roots_dry_the_root_zone_that_bare_soil_keeps_moist() -> None:
    params = soils(CORNERS[3:])
    dry = Forcing(np.zeros((1, 90)), np.full((1, 90), 6.0), np.full((1, 90), 22.0))
    index = np.zeros(3, int)
    bare = simulate_columns(params, dry, index, spinup_days=0)
    grown = simulate_columns(params, dry, index, transpiration_fraction=np.full((3, 90), 0.9), spinup_days=0)
    assert (grown.theta[:, 1, -1] < bare.theta[:, 1, -1] - 0.01).all()
    assert grown.transpiration.sum() > 0.0 and (bare.transpiration == 0.0).all()
    # wilting point: roots stop at 15,000 cm
    assert (grown.theta[:, 1, -1] >= theta(15_000.0, params) - 1e-4).all()


def test_roots_are_stressed_between_two_suctions_linearly_or_in_the_logarithm() -> None:
    at = np.array([1000.0, 4000.0, 10_000.0, 14_999.0])
    for logarithmic, share in ((False, (15_000 - at) / 14_000), (True, np.log(15_000 / at) / np.log(15))):
        got = np.array([_root_stress(s, logarithmic) for s in at])
        np.testing.assert_allclose(got[:, 0], share, rtol=1e-12)
        slope = [(_root_stress(s * 1.0001, logarithmic)[0] - _root_stress(s * 0.9999, logarithmic)[0]) / (2e-4 * s)
                 for s in at]
        np.testing.assert_allclose(got[:, 1], slope, rtol=1e-6)


def test_stress_in_the_logarithm_leaves_more_water_in_a_drying_soil() -> None:
    dry = Forcing(np.zeros((1, 120)), np.full((1, 120), 5.0), np.full((1, 120), 20.0))
    left = [simulate_columns(soils([(40, 40, 20)]), dry, np.zeros(1, int), transpiration_fraction=np.ones((1, 120)),
                             spinup_days=0, depths_cm=(20.0,), settings=ColumnSettings(root_stress=stress)).theta[0, 0]
            for stress in ("linear", "logarithmic")]
    assert (left[1][10:] >= left[0][10:]).all() and left[1][60] > left[0][60] + 0.005


def test_evaporation_follows_the_demand_when_wet_and_the_soil_when_dry() -> None:
    forcing = Forcing(np.r_[np.full(5, 20.0), np.zeros(60)][None], np.full((1, 65), 5.0), np.full((1, 65), 20.0))
    result = simulate_columns(soils([(40, 40, 20)]), forcing, np.zeros(1, int), spinup_days=0)
    np.testing.assert_allclose(result.evaporation[0, :5], 5.0, rtol=1e-5)
    assert result.evaporation[0, -1] < 1.0
    assert (np.diff(result.evaporation[0, 10:]) <= 1e-6).all()


def test_rain_beyond_the_soils_capacity_runs_off() -> None:
    forcing = Forcing(np.full((1, 5), 150.0), np.zeros((1, 5)), np.full((1, 5), 15.0))
    params = soils([(20, 20, 60), (100, 0, 0)])
    result = simulate_columns(params, forcing, np.zeros(2, int), spinup_days=0, settings=ColumnSettings(rain_hours=3.0))
    assert result.runoff[0].min() > 50.0
    assert result.runoff[1].max() < 1e-6


def test_snow_waits_on_the_ground_until_it_melts() -> None:
    temperature = np.r_[np.full(10, -5.0), np.full(10, 6.0)][None]
    forcing = Forcing(np.r_[np.full(10, 4.0), np.zeros(10)][None], np.full((1, 20), 1.0), temperature)
    snow = snow_store(forcing)
    assert (snow.liquid[0, :10] == 0.0).all()
    assert snow.store[0, 9] == 40.0
    assert snow.store[0, -1] == 0.0
    assert snow.liquid.sum() == pytest.approx(40.0)
    with_snow = simulate_columns(soils([(40, 40, 20)]), forcing, np.zeros(1, int), spinup_days=0)
    without = simulate_columns(
        soils([(40, 40, 20)]), forcing, np.zeros(1, int), spinup_days=0, settings=ColumnSettings(snow=False)
    )
    assert with_snow.theta[0, 0, 9] < without.theta[0, 0, 9] - 0.02
    assert with_snow.theta[0, 0, -1] > without.theta[0, 0, -1] + 0.01


def test_layered_columns_with_one_soil_are_uniform_columns() -> None:
    forcing, index = weather(60), np.zeros(2, int)
    params = soils([(40, 40, 20), (90, 5, 5)])
    nodes = len(DEFAULT_PROFILE.nodes_cm)
    layered = VanGenuchten(*(np.repeat(a[:, None], nodes, axis=1) for a in params.arrays()))
    np.testing.assert_array_equal(
        simulate_columns(layered, forcing, index, spinup_days=0).theta,
        simulate_columns(params, forcing, index, spinup_days=0).theta,
    )
    mixed = VanGenuchten(*(np.stack([np.where(np.arange(nodes) < 6, a[0], a[1])] * 2) for a in params.arrays()))
    result = simulate_columns(mixed, forcing, index, spinup_days=0)
    assert not result.failed.any() and np.abs(result.mass_error_cm).max() < 1e-8


def test_each_layer_of_a_layered_column_is_its_own_soil() -> None:
    """Over a water table, without weather, every layer comes to rest with its own curve at its own height."""
    dry = Forcing(np.zeros((1, 365)), np.zeros((1, 365)), np.full((1, 365), 15.0))
    three = soils([(40, 40, 20), (90, 5, 5), (20, 20, 60)])
    nodes = len(DEFAULT_PROFILE.nodes_cm)
    of_node = np.array([[0, 0, 1, 1, 1, 2, 2, 0, 0, 0, 1, 1], [1, 2, 2, 2, 2, 0, 0, 1, 1, 2, 2, 0]])
    layered = VanGenuchten(*(values[of_node] for values in three.arrays()))
    result = simulate_columns(layered, dry, np.zeros(2, int), spinup_days=3650,
                              depths_cm=tuple(DEFAULT_PROFILE.nodes_cm), settings=ColumnSettings(bottom="potential"))
    at_rest = np.broadcast_to(DEFAULT_PROFILE.edges_cm[-1] - DEFAULT_PROFILE.nodes_cm, (2, nodes))
    np.testing.assert_allclose(result.theta[:, :, -1], theta(at_rest, layered), atol=4e-3)


def test_a_column_without_soil_is_reported_and_left_empty() -> None:
    params = rosetta.parameters([40.0, np.nan], [40.0, 30.0], [20.0, 30.0])
    calls: list[tuple[int, int]] = []
    result = simulate_columns(
        params,
        weather(30),
        np.zeros(2, int),
        spinup_days=0,
        on_progress=lambda done, total: calls.append((done, total)),
    )
    assert result.failed.tolist() == [False, True]
    assert np.isfinite(result.theta[0]).all() and np.isnan(result.theta[1]).all()
    assert calls[-1] == (2, 2)


def test_parameters_that_are_no_soil_are_excluded_and_counted() -> None:
    good = (0.05, 0.4, 0.02, 1.5, 20.0)
    bad = [(0.05, 0.4, 0.02, 1.01, 20.0), (0.4, 0.3, 0.02, 1.5, 20.0), (0.05, 0.4, 0.0, 1.5, 20.0),
           (0.05, 0.4, 0.02, 1.5, np.inf), (0.05, 1.4, 0.02, 1.5, 20.0)]  # fmt: skip
    params = VanGenuchten(*np.array([good, *bad]).T)
    result = simulate_columns(params, weather(10), np.zeros(6, int), spinup_days=0)
    assert result.failed.tolist() == [False] + [True] * 5
    assert np.isnan(result.theta[1:]).all()


def test_options_and_inputs_without_sense_are_refused_by_name() -> None:
    for options, name in (({"rain_hours": 30.0}, "rain_hours"), ({"surface_dry_cm": -5.0}, "surface_dry_cm"),
                          ({"bottom": "open"}, "bottom"), ({"hydraulics": "campbell"}, "hydraulics")):  # fmt: skip
        with pytest.raises(DeepSoilError, match=name):
            ColumnSettings(**options)  # type: ignore[arg-type]
    params, forcing = soils(CORNERS[:1]), weather(10)
    for inputs, name in (({"irrigation": np.full((1, 10), -1.0)}, "irrigation"),
                         ({"transpiration_fraction": np.full((1, 10), np.nan)}, "transpiration_fraction"),
                         ({"root_depth_cm": 0.0}, "root_depth_cm"), ({"spinup_days": -3}, "spinup_days")):  # fmt: skip
        with pytest.raises(DeepSoilError) as error:
            simulate_columns(params, forcing, np.zeros(1, int), **inputs)  # type: ignore[arg-type]
        assert error.value.field == name


def test_a_water_table_below_keeps_the_base_wet_and_feeds_the_column() -> None:
    dry = Forcing(np.zeros((1, 120)), np.full((1, 120), 4.0), np.full((1, 120), 20.0))
    params, index = soils([(20, 65, 15)]), np.zeros(1, int)
    free = simulate_columns(params, dry, index, spinup_days=0, depths_cm=(140.0,))
    fed = simulate_columns(
        params, dry, index, spinup_days=0, depths_cm=(140.0,), settings=ColumnSettings(bottom="potential")
    )
    assert fed.theta[0, 0, -1] > free.theta[0, 0, -1] + 0.05
    assert fed.drainage[0].sum() < -10.0 and abs(fed.mass_error_cm[0]) < 1e-9


def test_a_column_that_does_not_converge_is_reported_and_empty_from_then_on() -> None:
    # a soil no measurement gives: all its water leaves within a millimetre of suction
    params = VanGenuchten(
        *(np.array([a, b]) for a, b in ((0.05, 0.05), (0.4, 0.4), (50.0, 0.02), (60.0, 1.5), (1e7, 20.0)))
    )
    result = simulate_columns(params, weather(60), np.zeros(2, int), spinup_days=0)
    assert not result.failed[1] and np.isfinite(result.theta[1]).all()
    if result.failed[0]:
        first = int(np.argmax(np.isnan(result.theta[0, 0])))
        assert np.isnan(result.theta[0, :, first:]).all() and np.isnan(result.mass_error_cm[0])


@pytest.mark.parametrize(
    ("change", "field"),
    [({"precipitation": np.nan}, "precipitation"), ({"pet": -1.0}, "pet"), ({"temperature": 280.0}, "temperature")],
)
def test_weather_with_gaps_or_absurd_values_is_refused(change: dict[str, float], field: str) -> None:
    good = weather(10)
    values = {name: getattr(good, name).copy() for name in ("precipitation", "pet", "temperature")}
    for name, value in change.items():
        values[name][1, 6] = value
    with pytest.raises(DeepSoilError, match="series 1 on day 7") as error:
        Forcing(**values)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("file", "day", "rain", "pet", "temperature"),
    [
        ("gridmet_johnson_county_ks_daily.csv.gz", "timestamp", "pr", "eto", ("tmmn", "tmmx")),
        ("gridmet_fort_peck_daily_1987_2024.parquet", "date", "prcp", "eto", ("tmin", "tmax")),
    ],
    ids=["kansas", "montana"],
)
def test_real_weather_fails_no_texture(file: str, day: str, rain: str, pet: str, temperature: tuple[str, str]) -> None:
    pandas = pytest.importorskip("pandas")
    root = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
    path = root / "weather" / file
    if not path.is_file():
        pytest.skip("the real weather is not there (set DEEPSOIL_REAL_DATA)")
    table = pandas.read_csv(path) if path.suffix == ".gz" else pandas.read_parquet(path)
    dates = pandas.to_datetime(table[day].astype(str))
    table = table[dates >= "2018-01-01"].iloc[:730]  # in Kansas with a day of 93 mm
    mean = (table[temperature[0]] + table[temperature[1]]) / 2
    forcing = Forcing(*(np.asarray(np.maximum(v, low), float)[None] for v, low in
                        ((table[rain], 0), (table[pet], 0), (mean, -90))))  # fmt: skip
    lattice = rosetta.lattice()
    textures = np.concatenate([lattice[::150], lattice[lattice[:, 0] >= 98]])
    params, index = rosetta.parameters(*textures.T), np.zeros(len(textures), int)
    fallow = simulate_columns(params, forcing, index)
    summer = ((np.arange(730) % 365 > 150) & (np.arange(730) % 365 < 250))[None]
    # roots that empty the root zone before storms of two hours: what sand could not bear
    grown = simulate_columns(
        params, forcing, index, transpiration_fraction=0.85 * summer, root_depth_cm=90.0,
        irrigation=np.where(np.arange(730) % 7 == 0, 25.0, 0.0) * summer, settings=ColumnSettings(rain_hours=2.0),
    )  # fmt: skip
    for result in (fallow, grown):
        assert not result.failed.any()
        assert np.abs(result.mass_error_cm).max() < 1e-9


def _harsh_weather(days: int) -> Forcing:
    """One place with a dozen storms of 80 to 250 mm, and a summer without rain."""
    rng = np.random.default_rng(1)
    season = -np.cos(2 * np.pi * np.arange(days) / 365)
    rain = np.where(rng.random((1, days)) < 0.25, rng.exponential(14.0, (1, days)), 0.0)
    rain[0, rng.choice(days, 12, replace=False)] = rng.uniform(80.0, 250.0, 12)
    rain[0, 300:420] = 0.0
    pet = np.clip(4.0 + 3.5 * season + rng.normal(0, 0.7, (1, days)), 0.1, None)
    return Forcing(rain, pet, 11.0 + 14.0 * season + rng.normal(0, 3, (1, days)))


def _assert_none_fails(params: VanGenuchten, forcing: Forcing, settings: ColumnSettings) -> None:
    summer = 0.7 * (np.sin(2 * np.pi * np.arange(forcing.days) / 365 - 1.5) > 0)[None]
    result = simulate_columns(params, forcing, np.zeros(len(params), int), transpiration_fraction=summer,
                              root_depth_cm=90.0, spinup_days=0, settings=settings)
    assert not result.failed.any(), params[result.failed].stacked()[:3]
    assert np.abs(result.mass_error_cm).max() < 1e-9
    assert (result.runoff >= -1e-9).all() and (result.evaporation >= -1e-9).all()


@pytest.mark.parametrize(("matching_point", "rain_hours", "days"), [(False, 24.0, 500), (True, 2.0, 120)])
def test_every_texture_fills_up_over_a_closed_base(matching_point: bool, rain_hours: float, days: int) -> None:
    lattice = rosetta.lattice()
    params = rosetta.parameters(*lattice[(lattice[:, :2] % 2 == 0).all(axis=1)].T)
    assert len(params) == 1326
    _assert_none_fails(params, _harsh_weather(days), ColumnSettings(
        bottom="closed", matching_point=matching_point, rain_hours=rain_hours))


@pytest.mark.parametrize("rain_hours", [2.0, 24.0])
def test_curves_as_steep_as_are_valid_converge(rain_hours: float) -> None:
    rng = np.random.default_rng(5)
    alpha, n = np.exp(rng.uniform(np.log(0.001), np.log(0.5), 100)), rng.uniform(1.05, 10.0, 100)
    params = VanGenuchten(rng.uniform(0, 0.1, 100), rng.uniform(0.3, 0.6, 100), alpha, n,
                          10 ** rng.uniform(-1, 3.3, 100))
    assert params.is_valid().all()
    _assert_none_fails(params, _harsh_weather(365), ColumnSettings(rain_hours=rain_hours))


def test_one_compilation_serves_every_kind_of_input() -> None:
    params, forcing, index = soils(CORNERS), weather(20), np.zeros(len(CORNERS), int)
    simulate_columns(params, forcing, index, spinup_days=0)
    compiled = len(batch.run_columns.signatures)  # type: ignore[attr-defined]
    share = np.full((20, len(CORNERS)), 0.5).T
    simulate_columns(params, forcing, index, transpiration_fraction=share, spinup_days=7, depths_cm=(20.0,))
    one_place = weather(20, places=1)
    simulate_columns(params[1:2], one_place, index[:1], irrigation=np.zeros((20, 1)).T, spinup_days=0)
    assert len(batch.run_columns.signatures) == compiled  # type: ignore[attr-defined]
