"""The Richards solver against rest, steady flow, published solutions, an independent integrator and HYDRUS."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import retention
from deepsoil.soil.hydraulic_tables import VanGenuchtenHydraulics
from deepsoil.soil.periods import simulate_periods
from deepsoil.soil.profile import Profile
from deepsoil.soil.retention import VanGenuchten
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

Array = NDArray[np.float64]

# theta_r, theta_s, alpha 1/cm, n, Ks cm/day (Vanderborght et al. 2005; Celia et al. 1990)
SAND = (0.045, 0.43, 0.15, 3.0, 1000.0)
LOAM = (0.08, 0.43, 0.04, 1.6, 50.0)
CLAY = (0.1, 0.4, 0.01, 1.1, 10.0)
NEW_MEXICO = (0.102, 0.368, 0.0335, 2.0, 0.00922 * 86_400)


def soils(*rows: tuple[float, ...]) -> VanGenuchtenHydraulics:
    return VanGenuchtenHydraulics(VanGenuchten(*np.array(rows).T))


def uniform(depth_cm: float, dz_cm: float) -> Profile:
    return Profile(np.arange(0.0, depth_cm + dz_cm / 2, dz_cm))


def graded(depth_cm: float) -> Profile:
    edges = np.concatenate([[0.0], np.cumsum(np.minimum(0.02 * 1.1 ** np.arange(400), 0.5))])
    return Profile(np.append(edges[edges < depth_cm - 0.1], depth_cm))


class Haverkamp:
    """The sand of Haverkamp et al. 1977."""

    def theta(self, suction_cm: Array) -> Array:
        return (0.075 + 0.212 * 1.611e6 / (1.611e6 + suction_cm**3.96))[None]

    def conductivity(self, suction_cm: Array) -> Array:
        return (86_400 * 0.00944 * 1.175e6 / (1.175e6 + suction_cm**4.74))[None]


@pytest.mark.parametrize("soil", [SAND, LOAM, CLAY])
def test_water_at_hydrostatic_rest_stays_at_rest(soil: tuple[float, ...]) -> None:
    profile = Profile(np.array([0.0, 1, 3, 7, 11, 16, 24, 34, 50, 70, 95, 125, 160]))
    at_rest = 160.0 - profile.nodes_cm
    result = simulate_periods(soils(soil), profile, at_rest, [10.0], 0.0, bottom="potential", maximum_step_days=0.25)
    np.testing.assert_allclose(result.suction_cm[-1], at_rest, atol=1e-6)
    # the tables hold the suction to 1e-8 of itself, and rest to as much
    assert abs(result.drainage_cm[-1]) < 1e-8 * soil[4]


def test_layers_find_hydrostatic_rest_and_keep_it() -> None:
    profile = uniform(60, 5)
    layers = np.digitize(profile.nodes_cm, [20.0, 40.0])
    at_rest = 60.0 - profile.nodes_cm
    for start in (at_rest, np.full(12, 30.0)):
        result = simulate_periods(
            soils(LOAM, CLAY, NEW_MEXICO), profile, start, [5000.0], 0.0, layers=layers, bottom="potential",
            maximum_step_days=50.0,
        )  # fmt: skip
        np.testing.assert_allclose(result.suction_cm[-1], at_rest, atol=1e-4)
        assert abs(result.mass_error_cm) < 1e-10


@pytest.mark.parametrize("rate", [0.1, 1.0, 10.0])
def test_steady_rain_under_unit_gradient_flows_through_unchanged(rate: float) -> None:
    result = simulate_periods(soils(LOAM), uniform(100, 5), 100.0, [400.0, 1.0], rate, maximum_step_days=1.0)
    loam = VanGenuchten(*np.array(LOAM))
    np.testing.assert_allclose(retention.conductivity(result.suction_cm[-1], loam), rate, rtol=2e-5)
    assert result.drainage_cm[1] - result.drainage_cm[0] == pytest.approx(rate, rel=1e-6)


def test_celia_new_mexico_soil_converges_to_the_published_profile() -> None:
    expected_h = [-76.871, -80.280, -86.727, -100.458, -142.902]
    fronts = []
    for dz in (1.0, 0.5, 0.25):
        profile = uniform(100, dz)
        result = simulate_periods(
            soils(NEW_MEXICO), profile, 1000.0, [1e-5, 1e-4, 1e-3, 1e-2, 0.98889], np.inf, surface_wet_cm=75.0,
            bottom="potential", bottom_suction_cm=1000.0, maximum_step_days=0.002,
        )  # fmt: skip
        h = -result.suction_cm[-1]
        fronts.append(float(np.interp(500.0, -h, profile.nodes_cm)))
        assert abs(result.mass_error_cm) < 1e-12
    np.testing.assert_allclose(np.interp([10, 20, 30, 40, 50], profile.nodes_cm, h), expected_h, atol=0.08)
    assert result.infiltration_cm[-1] == pytest.approx(4.1131, abs=1e-3)
    errors = np.abs(np.array(fronts) - 56.485)
    assert errors[2] < 0.04
    assert errors[0] > 1.5 * errors[1] > 2.25 * errors[2]  # at least of first order in dz


def test_celia_haverkamp_sand_converges_to_the_published_profile() -> None:
    profile = uniform(40, 0.25)
    result = simulate_periods(
        Haverkamp(), profile, 61.5, np.array([1e-3, 1e-2, 0.1, 1.0, 10.0, 348.889]) / 86_400, np.inf,
        surface_wet_cm=20.7, bottom="potential", bottom_suction_cm=61.5, maximum_step_days=1 / 86_400,
    )  # fmt: skip
    h = np.interp([5, 10, 12, 15, 20, 25], profile.nodes_cm, -result.suction_cm[-1])
    np.testing.assert_allclose(h, [-21.943, -25.074, -27.800, -37.117, -60.791, -61.499], atol=0.05)
    assert result.infiltration_cm[-1] == pytest.approx(2.3815, abs=2e-3)
    assert result.drainage_cm[-1] == pytest.approx(0.013193, abs=1e-5)


@pytest.mark.parametrize(
    ("soil", "days", "position_cm", "slack"),
    [(SAND, 0.1, 43.0, 0.03), (LOAM, 0.2, 41.0, 0.03), (CLAY, 0.1, 24.9, 0.02)],
    ids=["sand", "loam", "clay"],
)
def test_infiltration_front_travels_as_a_wave(
    soil: tuple[float, ...], days: float, position_cm: float, slack: float
) -> None:
    profile = uniform(200, 0.5)
    result = simulate_periods(soils(soil), profile, 400.0, [1e-5, days - 1e-5, 0.1], 100.0, maximum_step_days=5e-4)
    depths = []
    for theta in result.theta[1:]:
        half = 0.5 * (theta[0] + theta[-1])
        depths.append(float(np.interp(-half, -theta, profile.nodes_cm)))
    # Published positions are read from curves (27.5 cm for clay, for which Richards' equation has 24.3 to 25.2:
    # see the next test); the speed of the wave is exact.
    assert depths[0] == pytest.approx(position_cm, rel=slack)
    vg = VanGenuchten(*np.array(soil))
    surface = result.theta[-1][0]
    k_surface = min(100.0, soil[4])
    k_initial = retention.conductivity(400.0, vg)
    speed = (k_surface - k_initial) / (surface - retention.theta(400.0, vg))
    assert (depths[1] - depths[0]) / 0.1 == pytest.approx(float(speed), rel=0.02)


def _scipy_clay_infiltration(smoothed_below_cm: float) -> float:
    """Water in cm that clay takes up in 0.1 day, by SciPy: upstream K for gravity, ln(suction), flux potential."""
    vg, dz = VanGenuchten(*np.array(CLAY)), 0.5
    log_s = np.linspace(np.log(1e-6), np.log(500.0), 20_001)
    s = np.exp(log_s)
    edge = smoothed_below_cm
    k_edge = float(retention.conductivity(edge, vg))
    t = np.minimum(s / edge, 1.0)
    # straight from Ks to K at the edge
    k = np.where(s < edge, CLAY[4] + (k_edge - CLAY[4]) * t, retention.conductivity(s, vg))
    phi = np.concatenate([[0.0], np.cumsum(0.5 * (k[1:] * s[1:] + k[:-1] * s[:-1]) * np.diff(log_s))])

    def rates(_: float, state: Array) -> Array:
        x = np.clip(state, log_s[0], log_s[-1])
        place = (x - log_s[0]) / (log_s[1] - log_s[0])
        cell = np.minimum(place.astype(int), len(log_s) - 2)
        part = place - cell
        p, kx = (f[cell] * (1.0 - part) + f[cell + 1] * part for f in (phi, k))
        flux = np.empty(len(x) + 1)
        flux[1:-1] = (p[1:] - p[:-1]) / dz + kx[:-1]
        flux[0], flux[-1] = min(100.0, p[0] / (0.5 * dz) + CLAY[4]), kx[-1]
        suction = np.exp(x)
        return np.diff(flux) / dz / np.maximum(retention.capacity(suction, vg) * suction, 1e-12)

    start = np.full(int(60 / dz), np.log(400.0))
    end = solve_ivp(rates, (0, 0.1), start, "LSODA", rtol=1e-4, atol=1e-5, lband=1, uband=1).y[:, -1]
    gained = (retention.theta(np.exp(end), vg) - retention.theta(400.0, vg)).sum() * dz
    return float(gained + 0.1 * retention.conductivity(400.0, vg))


def test_clay_takes_up_what_an_independent_integrator_says_and_the_smoothing_costs_four_per_cent() -> None:
    times = [1e-6, 1e-5, 1e-4, 1e-3, 0.1 - 1.111e-3]
    ours = simulate_periods(soils(CLAY), uniform(100, 0.25), 400.0, times, 100.0, maximum_step_days=5e-4)
    sharper, sharpest = _scipy_clay_infiltration(1.0), _scipy_clay_infiltration(0.05)
    # never below Ks·t, never above what more conductive soil takes; and 1.195 cm, the published front, is neither
    assert 1.0 < sharpest < ours.infiltration_cm[-1] < 1.06 * sharpest
    assert ours.infiltration_cm[-1] == pytest.approx(sharper, rel=0.03)


def test_steady_rain_through_layers_has_the_profile_of_its_differential_equation() -> None:
    rate, rows = 0.5, (LOAM, SAND, LOAM)
    profile = uniform(150, 0.5)
    layers = np.digitize(profile.nodes_cm, [50.0, 100.0])
    result = simulate_periods(soils(*rows), profile, 60.0, [3000.0], rate, layers=layers, maximum_step_days=10.0)
    assert result.steps < 1000  # steady flow takes the longest steps
    assert result.drainage_cm[-1] - result.infiltration_cm[-1] == pytest.approx(
        -float((result.theta[-1] - [retention.theta(60.0, VanGenuchten(*np.array(rows[i]))) for i in layers]).sum())
        * 0.5,
        rel=3e-5,  # the tables' θ falls by 1e-7 for each u
    )

    def slope(height: float, suction: Array) -> Array:
        vg = VanGenuchten(*np.array(rows[min(int((150.0 - height) // 50.0), 2)]))
        return 1.0 - rate / retention.conductivity(suction, vg)

    base = brentq(lambda s: float(retention.conductivity(s, VanGenuchten(*np.array(LOAM)))) - rate, 1.0, 1e4)
    heights = 150.0 - profile.nodes_cm[::-1]
    exact: list[float] = []
    state = np.array([base])
    for low, high in ((0.0, 50.0), (50.0, 100.0), (100.0, 150.0)):
        inside = heights[(heights > low) & (heights < high)]
        run = solve_ivp(slope, (low + 1e-9, high - 1e-9), state, "LSODA", [*inside, high - 1e-9], rtol=1e-9, atol=1e-9)
        exact += run.y[0, :-1].tolist()
        state = run.y[:, -1]
    np.testing.assert_allclose(result.suction_cm[-1], exact[::-1], rtol=0.01)


def test_steady_rain_through_unequal_layers_has_the_profile_of_its_differential_equation() -> None:
    """Three soils, the borders just below thick layers and just above thin ones."""
    rate, rows = 0.4, (LOAM, (0.1, 0.4, 0.01, 1.35, 10.0), (0.05, 0.41, 0.1, 2.4, 300.0))

    def vg(number: int) -> VanGenuchten:
        return VanGenuchten(*np.array(rows[number]))

    edges = np.concatenate([[0.0], np.cumsum([4.0, 1, 1, 6, 6, 1, 1, 4, 4, 4, 1, 1, 1, 6, 6, 6, 1, 1, 1, 4])])
    at = 0.7 * edges[:-1] + 0.3 * edges[1:]
    profile = Profile(edges, at)
    borders = (edges[5], edges[13])
    layers = np.digitize(at, borders)
    result = simulate_periods(soils(*rows), profile, 60.0, [3000.0], rate,
                              layers=layers, maximum_step_days=20.0)
    # upwards from the base, where the gradient is one: ds/dz = 1 - q/K
    state = brentq(lambda s: float(retention.conductivity(s, vg(2))) - rate, 1.0, 1e4)
    expected, bottom = [], edges[-1]
    for number, top in ((2, borders[1]), (1, borders[0]), (0, 0.0)):
        inside = bottom - at[layers == number][::-1]
        run = solve_ivp(lambda _, s, n=number: 1.0 - rate / retention.conductivity(s, vg(n)), (0.0, bottom - top),
                        [state], "LSODA", [*inside, bottom - top], rtol=1e-9, atol=1e-9)
        expected += run.y[0, :-1].tolist()
        state, bottom = run.y[0, -1], top
    np.testing.assert_allclose(result.suction_cm[-1], expected[::-1], rtol=0.03)


def _scipy_evaporation(soil: tuple[float, ...], suction_cm: float, demand: float, times: Array) -> Array:
    """Evaporation from a closed column in cm/day by SciPy's integrator: other grid, other K means, other unknown."""
    vg = VanGenuchten(*np.array(soil))
    edges = np.concatenate([[0.0], np.cumsum(np.minimum(0.02 * 1.07 ** np.arange(300), 0.5))])
    edges = np.append(edges[edges < 99.9], 100.0)
    thickness = np.diff(edges)
    distances = np.diff(0.5 * (edges[1:] + edges[:-1]))

    def surface_flux(s: Array) -> float:
        path = np.geomspace(s[0], 10_000.0, 40)
        return min(demand, float(np.trapezoid(retention.conductivity(path, vg), path)) / (0.5 * thickness[0]))

    def rates(_: float, log_s: Array) -> Array:
        s = np.exp(log_s)
        k = retention.conductivity(s, vg)
        flux = np.zeros(len(edges))
        flux[1:-1] = np.sqrt(k[1:] * k[:-1]) * ((s[1:] - s[:-1]) / distances + 1.0)
        flux[0] = -surface_flux(s)
        return np.diff(flux) / thickness / retention.capacity(s, vg) / s

    start = np.full(len(thickness), np.log(suction_cm))
    run = solve_ivp(rates, (0, times[-1]), start, "LSODA", times, rtol=1e-5, atol=1e-7, lband=1, uband=1)
    return np.array([surface_flux(np.exp(column)) for column in run.y.T])


@pytest.mark.parametrize(
    ("soil", "suction_cm", "demand", "times", "no_gravity"),
    [
        (LOAM, 200.0, 0.1, (2.0, 4.0, 6.0, 10.0), (0.0565, 0.0371, 0.0296, 0.0226)),
        (CLAY, 200.0, 0.3, (1.0, 2.0, 4.0, 6.0), (0.1919, 0.1236, 0.0839, 0.0676)),
        (SAND, 40.0, 0.1, (0.5, 1.0), (0.00614, 0.00434)),
    ],
    ids=["loam", "clay", "sand"],
)
def test_drying_soil_evaporates_as_an_independent_integrator_says(
    soil: tuple[float, ...], suction_cm: float, demand: float, times: tuple[float, ...], no_gravity: tuple[float, ...]
) -> None:
    half = 0.005
    edges = np.sort(np.concatenate([np.array(times) - half, np.array(times) + half]))
    result = simulate_periods(
        soils(soil), graded(100.0), suction_cm, np.diff(edges, prepend=0.0), -demand, surface_dry_cm=10_000.0,
        bottom="closed", maximum_step_days=0.01,
    )  # fmt: skip
    evaporation = -np.diff(result.infiltration_cm)[::2] / (2 * half)
    np.testing.assert_allclose(evaporation, _scipy_evaporation(soil, suction_cm, demand, np.array(times)), rtol=0.01)
    # Vanderborght's closed form leaves gravity out, which takes up to 15 % of the water down instead of up
    assert (evaporation < 1.005 * np.array(no_gravity)).all()
    assert (evaporation > 0.85 * np.array(no_gravity)).all()
    assert abs(result.mass_error_cm) < 1e-12


def test_layered_storm_agrees_with_hydrus() -> None:
    root = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
    folder = root / "physics" / "lgar_storm_1"
    if not folder.is_dir():
        pytest.skip("the storm with HYDRUS's answer is not there (set DEEPSOIL_REAL_DATA)")
    rain = np.genfromtxt(folder / "forcing_data_synth_1.txt", delimiter=",", skip_header=1)[:144, 1] * 2.4
    table = np.genfromtxt(folder / "HYDRUS_synth_1_T_Level.txt", skip_header=1)
    rows = [(0.078, 0.43, 0.036, 1.56, 74.88), (0.095, 0.41, 0.019, 1.31, 6.24), (0.089, 0.43, 0.010, 1.23, 1.68)]
    profile = uniform(70, 1.0)
    layers = np.digitize(profile.nodes_cm, [10.0, 40.0])
    five_minutes = np.full(144, 5 / 1440)
    result = simulate_periods(
        soils(*rows), profile, 100.0, five_minutes, rain, layers=layers, bottom="closed", maximum_step_days=5 / 1440
    )
    infiltration_mm = 10.0 * result.infiltration_cm[-1]
    runoff_mm = 10.0 * float(rain @ five_minutes) - infiltration_mm
    assert infiltration_mm == pytest.approx(table[-1, 17], rel=0.02)
    assert runoff_mm == pytest.approx(table[-1, 15], rel=0.02)
    assert abs(result.mass_error_cm) < 1e-12


def test_layers_that_do_not_increase_are_refused() -> None:
    with pytest.raises(DeepSoilError, match="increasing depths"):
        Profile(np.array([0.0, 10.0, 5.0, 20.0]))
