"""The solver's parts, one by one, against their formulas: fluxes, their slopes, and the balance of a layered column.

The whole solver corrects many of its own mistakes: a wrong slope only costs iterations, and a wrong distance between
layers is not seen where layers are alike. So the columns here have layers of unequal thickness, nodes out of their
middle, and three soils.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from deepsoil.soil import fluxes, retention, solver
from deepsoil.soil.hydraulic_tables import (
    MAXIMUM_SUCTION_CM,
    S0_CM,
    VanGenuchtenHydraulics,
    build_tables,
    to_u,
)
from deepsoil.soil.profile import Profile
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.work_arrays import (
    BASE,
    BOTTOM_KIND,
    BOUNDARY_VALUES,
    CLOSED,
    DIAG,
    DRY_SURFACE,
    EXTRA_ROWS,
    FIXED_BASE,
    FREE_DRAINAGE,
    LOW,
    POTENTIAL,
    RHS,
    ROOTS,
    SUPPLY,
    TOP,
    TRANSPIRATION,
    UP,
    WET_SURFACE,
    WORK_COLUMNS,
)
from numpy.typing import NDArray
from scipy.integrate import quad

Array = NDArray[np.float64]

ROWS = np.array([(0.08, 0.43, 0.04, 1.6, 50.0), (0.1, 0.4, 0.01, 1.35, 10.0), (0.05, 0.41, 0.1, 2.4, 300.0)])
TABLES = build_tables(VanGenuchtenHydraulics(VanGenuchten(*ROWS.T)))
# Thick beside thin, nodes anywhere in their layers.
PROFILE = Profile(np.array([0.0, 2.0, 3.0, 9.0, 10.5, 20.0, 45.0]), np.array([0.3, 2.9, 4.0, 10.2, 12.0, 40.0]))
LAYERS = np.array([0, 0, 1, 1, 2, 2])
GRID = PROFILE.grid()
WET, DRY, FIXED = 5.0, 15_000.0, 120.0


@pytest.fixture(autouse=True)
def not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels as Python: compiling them takes longer than all these tests."""
    for module in (fluxes, solver):
        for name, kernel in list(vars(module).items()):
            if hasattr(kernel, "py_func"):
                monkeypatch.setattr(module, name, kernel.py_func)


def soil(number: int) -> VanGenuchten:
    return VanGenuchten(*ROWS[number])


def mean_k(number: int, from_cm: float, to_cm: float) -> float:
    """K averaged over the suctions between two nodes; that of 1 cm and less is smoothed, so stay above."""
    if from_cm == to_cm:
        return float(retention.conductivity(from_cm, soil(number)))
    points = np.geomspace(min(from_cm, to_cm), max(from_cm, to_cm), 12)
    parts = [quad(lambda s: float(retention.conductivity(s, soil(number))), low, high, epsrel=1e-10)[0]
             for low, high in itertools.pairwise(points)]
    return float(sum(parts) / abs(to_cm - from_cm))


def work_of(suctions: Array, layers: Array) -> Array:
    """The work array of nodes with these suctions, with the surface at its wettest and driest, and the base."""
    nodes = len(suctions)
    work = np.zeros((nodes + EXTRA_ROWS, WORK_COLUMNS))
    for row, (number, value) in enumerate(zip(layers, suctions, strict=True)):
        fluxes.evaluate(TABLES, number, float(to_u(value)), work, row)
    for row, number, value in ((WET_SURFACE, layers[0], WET), (DRY_SURFACE, layers[0], DRY),
                               (FIXED_BASE, layers[-1], FIXED)):
        fluxes.evaluate(TABLES, number, float(to_u(value)), work, nodes + row)
    return work


@pytest.mark.parametrize("number", range(3))
def test_the_tables_hold_the_functions_and_their_slopes(number: int) -> None:
    work = np.zeros((1, WORK_COLUMNS))
    for suction in (1.5, 12.0, 155.0, 3300.0, 90_000.0):
        u, step = float(to_u(suction)), 1e-5
        fluxes.evaluate(TABLES, number, u, work, 0)
        values = work[0, :8].copy()
        exact = (retention.theta(suction, soil(number)), retention.conductivity(suction, soil(number)), None, suction)
        for found, wanted in zip(values[:4], exact, strict=True):
            assert wanted is None or found == pytest.approx(float(wanted), rel=3e-5, abs=1e-12)
        fluxes.evaluate(TABLES, number, u + step, work, 0)
        above = work[0, :4].copy()
        fluxes.evaluate(TABLES, number, u - step, work, 0)
        np.testing.assert_allclose(values[4:], (above - work[0, :4]) / (2 * step), rtol=1e-3, atol=1e-9)
    # the flux potential is K summed over all suctions above this one
    fluxes.evaluate(TABLES, number, float(to_u(40.0)), work, 0)
    assert work[0, 2] == pytest.approx(mean_k(number, 40.0, MAXIMUM_SUCTION_CM) * (MAXIMUM_SUCTION_CM - 40.0), rel=1e-4)


def test_near_saturation_k_leaves_ks_with_slope_nothing_and_meets_the_curve_at_a_centimetre() -> None:
    """A clay (n = 1.1) would lose half of Ks within 0.1 mm: a cubic takes its place below 1 cm."""
    clay = VanGenuchten(*np.array([(0.1, 0.4, 0.01, 1.1, 10.0)]).T)
    table, work = build_tables(VanGenuchtenHydraulics(clay)), np.zeros((1, WORK_COLUMNS))

    def k(suction: float) -> float:
        fluxes.evaluate(table, 0, float(to_u(suction)), work, 0)
        return float(work[0, 1])

    exact = [float(retention.conductivity(suction, clay)[0]) for suction in (0.999, 1.0, 1.001)]
    slope = (exact[2] - exact[0]) / 0.002
    assert k(0.0) == pytest.approx(10.0) and k(0.01) == pytest.approx(10.0, rel=2e-3)
    assert k(1.0) == pytest.approx(exact[1], rel=5e-3)
    assert k(1.5) == pytest.approx(float(retention.conductivity(1.5, clay)[0]), rel=2e-3)
    # Hermite: values Ks and K(1 cm), slopes 0 and that of the curve, at most thrice the fall
    for t in (0.25, 0.5, 0.75):
        fall = max(slope, 3.0 * (exact[1] - 10.0))
        cubic = 10.0 + (exact[1] - 10.0) * (3 * t**2 - 2 * t**3) + fall * (t**3 - t**2)
        assert k(t) == pytest.approx(cubic, rel=3e-3)
    # the water content keeps its curve
    fluxes.evaluate(table, 0, float(to_u(0.5)), work, 0)
    assert work[0, 0] == pytest.approx(float(retention.theta(0.5, clay)[0]), rel=1e-5)


def test_under_pressure_the_soil_is_full_and_lets_through_what_it_can() -> None:
    work = np.zeros((1, WORK_COLUMNS))
    fluxes.evaluate(TABLES, 1, -3.0, work, 0)
    theta, k, phi, suction, d_theta, d_k, d_phi, d_suction = work[0, :8]
    at_zero = np.zeros((1, WORK_COLUMNS))
    fluxes.evaluate(TABLES, 1, 0.0, at_zero, 0)
    assert (k, suction, d_k, d_suction) == (10.0, -1.5, 0.0, S0_CM)
    assert phi == pytest.approx(at_zero[0, 2] + 10.0 * 1.5) and d_phi == -10.0 * S0_CM
    assert theta == pytest.approx(0.4 + 1e-6 * 1.5, abs=1e-12), "the grains give way by 1e-6 per cm of pressure"
    assert d_theta == pytest.approx(-1e-6 * S0_CM)


def test_suction_and_its_transform_are_inverse_and_pressure_is_linear() -> None:
    values = np.array([-5.0, -0.5, 0.0, 0.1, 1.0, 50.0, 1e5])
    u = to_u(values)
    np.testing.assert_allclose(np.where(u > 0, S0_CM * np.sinh(u), S0_CM * u), values, rtol=1e-12)


@pytest.mark.parametrize(("above", "below"), [(30.0, 30.0), (30.0, 31.0), (30.0, 36.0), (40.0, 30.0), (300.0, 20.0),
                                              (20.0, 900.0)])
@pytest.mark.parametrize("share", [0.0, 0.4])
def test_the_flux_between_two_nodes_of_a_soil_is_its_formula(above: float, below: float, share: float) -> None:
    """q = M G + β (K above - M) min(G, 1): M the mean of K between the nodes, G = 1 + drop of suction / distance."""
    work, distance = work_of(np.array([above, below]), np.array([0, 0])), 8.0
    flux, by_a, by_b = fluxes.face_flux(work, 0, 1, distance, share)
    gradient, mean = 1.0 + (below - above) / distance, mean_k(0, above, below)
    k_above = float(retention.conductivity(above, soil(0)))
    wanted = mean * gradient + (share * (k_above - mean) * min(gradient, 1.0) if gradient > 0 else 0.0)
    assert flux == pytest.approx(wanted, rel=1e-4, abs=1e-9)

    def moved(node: int, step: float) -> float:
        suctions = np.array([above, below])
        suctions[node] = S0_CM * np.sinh(to_u(suctions[node]) + step)
        return float(fluxes.face_flux(work_of(suctions, np.array([0, 0])), 0, 1, distance, share)[0])

    for node, slope in ((0, by_a), (1, by_b)):
        step = 2e-4
        assert slope == pytest.approx((moved(node, step) - moved(node, -step)) / (2 * step), rel=0.02, abs=1e-4)


def test_the_share_of_the_upper_node_is_coth_x_minus_1_over_x() -> None:
    """β keeps fronts free of oscillation: ``coth x - 1/x``, x half the distance times the relative slope of K."""
    for above, below in ((10.0, 400.0), (30.0, 60.0), (30.0, 31.0)):
        work = work_of(np.array([above, below]), np.array([0, 0]))
        k_a, k_b = (float(retention.conductivity(s, soil(0))) for s in (above, below))
        x = 0.5 * 8.0 * (k_a - k_b) / (mean_k(0, above, below) * (below - above))
        assert fluxes.upstream_share(work, 0, 1, 8.0) == pytest.approx(1 / np.tanh(x) - 1 / x, abs=0.012)
    flat = work_of(np.array([50.0, 50.0]), np.array([0, 0]))
    assert fluxes.upstream_share(flat, 0, 1, 8.0) == 0.0


@pytest.mark.parametrize(("above", "below"), [(30.0, 30.0), (30.0, 50.0), (200.0, 60.0)])
def test_two_soils_resist_in_series_each_over_its_own_half(above: float, below: float) -> None:
    half_a, half_b = 1.5, 11.0
    work = work_of(np.array([above, below]), np.array([0, 1]))
    given = (TABLES, 0, 1, float(to_u(above)), float(to_u(below)), work, 0, 1, half_a, half_b, 2 + 3)
    flux, by_a, by_b = fluxes.layered_flux(*given)
    resistance = half_a / mean_k(0, above, below) + half_b / mean_k(1, above, below)
    assert flux == pytest.approx((half_a + half_b + below - above) / resistance, rel=1e-4)

    def moved(node: int, step: float) -> float:
        suctions = np.array([above, below])
        suctions[node] = S0_CM * np.sinh(to_u(suctions[node]) + step)
        u = to_u(suctions)
        again = work_of(suctions, np.array([0, 1]))
        return float(fluxes.layered_flux(TABLES, 0, 1, u[0], u[1], again, 0, 1, half_a, half_b, 5)[0])

    for node, slope in ((0, by_a), (1, by_b)):
        assert slope == pytest.approx((moved(node, 2e-4) - moved(node, -2e-4)) / 4e-4, rel=0.02)


@pytest.mark.parametrize(("supply", "wanted"), [
    (0.5, 0.5),                        # light rain enters
    (1e6, None),                       # a storm: as much as the wettest surface lets in
    (-0.001, -0.001),                  # light demand is met
    (-1e6, None),                      # a heavy one: what the driest surface delivers
])
def test_the_surface_takes_and_gives_what_it_can(supply: float, wanted: float | None) -> None:
    half = 1.3
    work = work_of(np.array([60.0, 60.0]), np.array([0, 0]))
    flux, slope = fluxes.top_flux(work, 2, half, supply)
    if wanted is not None:
        assert (flux, slope) == (wanted, 0.0)
        return
    limit = WET if supply > 0 else DRY
    mean, gradient = mean_k(0, limit, 60.0), 1.0 + (60.0 - limit) / half
    extra = 0.0
    if gradient > 0:
        k_limit = float(retention.conductivity(limit, soil(0)))
        x = 0.5 * half * (k_limit - float(retention.conductivity(60.0, soil(0)))) / (mean * (60.0 - limit))
        extra = (1 / np.tanh(x) - 1 / x) * (k_limit - mean)
    assert flux == pytest.approx(mean * gradient + extra, rel=0.01)
    nearer = work_of(np.array([S0_CM * np.sinh(to_u(60.0) + 1e-4), 60.0]), np.array([0, 0]))
    assert slope == pytest.approx((fluxes.top_flux(nearer, 2, half, supply)[0] - flux) / 1e-4, rel=0.05)


def test_a_full_surface_takes_no_more_than_its_pressure_allows_and_a_wet_one_gives_nothing_down() -> None:
    full = work_of(np.array([-2.0, 10.0]), np.array([0, 0]))
    flux, _ = fluxes.top_flux(full, 2, 4.0, 1e6)
    assert flux < 0.0, "it wells up"
    assert fluxes.top_flux(full, 2, 4.0, 0.01)[0] == pytest.approx(min(0.01, flux))
    # below a surface wetter than the driest, demand never pushes water down
    wet = work_of(np.array([14_999.0, 15_000.0]), np.array([0, 0]))
    assert fluxes.top_flux(wet, 2, 1e6, -1.0)[0] == 0.0


@pytest.mark.parametrize("suction", [80.0, 0.0, -2.0])
def test_the_base_drains_freely_is_held_or_is_closed(suction: float) -> None:
    work = work_of(np.array([100.0, suction]), np.array([0, 0]))
    boundary = np.zeros(BOUNDARY_VALUES)
    boundary[BOTTOM_KIND] = FREE_DRAINAGE
    flux, slope = fluxes.bottom_flux(work, 2, 3.0, boundary)
    assert flux == pytest.approx(float(retention.conductivity(max(suction, 0.0), soil(0))), rel=3e-5) and slope < 0
    boundary[BOTTOM_KIND] = CLOSED
    assert fluxes.bottom_flux(work, 2, 3.0, boundary) == (0.0, 0.0)
    boundary[BOTTOM_KIND] = POTENTIAL
    flux, slope = fluxes.bottom_flux(work, 2, 3.0, boundary)
    moved = work_of(np.array([100.0, suction]), np.array([0, 0]))
    fluxes.evaluate(TABLES, 0, float(to_u(suction)) + 1e-4, moved, 1)
    assert flux > 0 and slope == pytest.approx((fluxes.bottom_flux(moved, 2, 3.0, boundary)[0] - flux) / 1e-4, rel=0.05)
    if suction > 0:
        assert flux == pytest.approx(mean_k(0, suction, FIXED) * (1 + (FIXED - suction) / 3.0), rel=0.12)


def assembled(u: Array, shares: Array, boundary: Array, *, step: float = 0.01) -> tuple[Array, Array, tuple]:
    """The system of a column, the boundary rates, and their slopes; shares stand."""
    nodes, work = len(u), np.zeros((len(u) + EXTRA_ROWS, WORK_COLUMNS))
    for row, number, value in ((WET_SURFACE, LAYERS[0], WET), (DRY_SURFACE, LAYERS[0], DRY),
                               (FIXED_BASE, LAYERS[-1], FIXED)):
        fluxes.evaluate(TABLES, number, float(to_u(value)), work, nodes + row)
    rates, roots = np.zeros(3), np.array([0.3, 0.1, 0.25, 0.05, 0.2, 0.1])
    slopes = solver._assemble(TABLES, LAYERS, GRID, u, np.full(nodes, 0.2), step, boundary, roots, work, shares,
                                      False, rates, np.nan)
    return work[:nodes], rates, slopes


@pytest.mark.parametrize(("bottom", "supply"), [(FREE_DRAINAGE, 1e6), (POTENTIAL, -1e6), (CLOSED, 0.3)])
def test_the_system_is_the_balance_of_each_layer_and_its_slopes(bottom: int, supply: float) -> None:
    suctions = np.array([60.0, 90.0, 4000.0, 2500.0, 180.0, 100.0])
    u, shares = to_u(suctions), np.array([0.3, 0.0, 0.5, 0.0, 0.2])
    boundary = np.zeros(BOUNDARY_VALUES)
    boundary[SUPPLY], boundary[TRANSPIRATION], boundary[BOTTOM_KIND] = supply, 0.6, bottom
    work, rates, _ = assembled(u, shares, boundary)

    distances = np.diff(PROFILE.nodes_cm)
    inner = []
    for i in range(5):
        a, b = suctions[i], suctions[i + 1]
        gradient = 1.0 + (b - a) / distances[i]
        if LAYERS[i] == LAYERS[i + 1]:
            mean = mean_k(LAYERS[i], a, b)
            excess = shares[i] * (float(retention.conductivity(a, soil(LAYERS[i]))) - mean)
            inner.append(mean * gradient + (min(gradient, 1.0) * excess if gradient > 0 else 0.0))
        else:
            halves = PROFILE.edges_cm[i + 1] - PROFILE.nodes_cm[i], PROFILE.nodes_cm[i + 1] - PROFILE.edges_cm[i + 1]
            resistance = sum(half / mean_k(LAYERS[i + k], a, b) for k, half in enumerate(halves))
            inner.append(distances[i] * gradient / resistance)
    through = np.array([rates[TOP], *inner, rates[BASE]])
    stress = np.clip((15_000.0 - suctions) / 14_000.0, 0.0, 1.0)
    uptake = 0.6 * np.array([0.3, 0.1, 0.25, 0.05, 0.2, 0.1]) * stress
    assert rates[ROOTS] == pytest.approx(uptake.sum())
    theta = np.array([float(retention.theta(s, soil(n))) for s, n in zip(suctions, LAYERS, strict=True)])
    wanted = PROFILE.thickness_cm * (0.2 - theta) + 0.01 * (through[:-1] - through[1:] - uptake)
    np.testing.assert_allclose(work[:, RHS], wanted, rtol=2e-4, atol=2e-6)

    matrix = np.diag(work[:, DIAG]) + np.diag(work[:-1, UP], 1) + np.diag(work[1:, LOW], -1)
    for node in range(6):
        ends = []
        for step in (2e-4, -2e-4):
            moved = u.copy()
            moved[node] += step
            ends.append(assembled(moved, shares, boundary)[0][:, RHS])
        np.testing.assert_allclose(matrix[:, node], -(ends[0] - ends[1]) / 4e-4, rtol=0.02, atol=3e-5)


def test_roots_drink_freely_to_10_m_of_suction_and_not_at_all_beyond_150_m() -> None:
    boundary = np.zeros(BOUNDARY_VALUES)
    boundary[BOTTOM_KIND], boundary[TRANSPIRATION] = CLOSED, 1.0
    taken = [assembled(to_u(np.full(6, suction)), np.zeros(5), boundary)[1][ROOTS]
             for suction in (10.0, 990.0, 1700.0, 8000.0, 14_300.0, 15_001.0)]
    np.testing.assert_allclose(taken, [1.0, 1.0, 0.95, 0.5, 0.05, 0.0], atol=1e-6)


def test_the_tridiagonal_system_is_solved() -> None:
    rng = np.random.default_rng(2)
    work = rng.uniform(0.5, 1.5, (7, WORK_COLUMNS))
    work[:, DIAG] += 3.0
    matrix = np.diag(work[:, DIAG]) + np.diag(work[:-1, UP], 1) + np.diag(work[1:, LOW], -1)
    right = work[:, RHS].copy()
    assert solver._thomas(work, 7)
    np.testing.assert_allclose(work[:, RHS], np.linalg.solve(matrix, right), rtol=1e-10)
    work[:, DIAG] = 0.0
    assert not solver._thomas(work, 7)


@pytest.mark.parametrize("theta", [0.42, 0.3, 0.15, 0.085])
def test_the_suction_of_a_water_content_is_found_in_the_table(theta: float) -> None:
    u = solver._u_of_water(TABLES, 0, theta)
    assert S0_CM * np.sinh(u) == pytest.approx(float(retention.suction(theta, soil(0), 1e-3, 1e7)), rel=0.03)
