"""Hydraulic functions: retention and its inverse, the pedotransfer table, water limits, the torch twin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import retention, rosetta
from deepsoil.soil.retention import VanGenuchten
from hypothesis import given, settings
from hypothesis import strategies as st

SOILS = st.builds(
    lambda r, span, log_alpha, log_n: VanGenuchten(r, r + span, 10.0**log_alpha, 10.0**log_n, 10.0),
    st.floats(0.0, 0.2),
    st.floats(0.05, 0.5),
    st.floats(-3.0, -1.0),
    st.floats(0.022, 0.7),
)


@settings(max_examples=200, deadline=None)
@given(soil=SOILS, log_suction=st.floats(0.0, np.log10(15_000.0)))
def test_suction_is_the_inverse_of_theta(soil: VanGenuchten, log_suction: float) -> None:
    suction_cm = 10.0**log_suction
    water = retention.theta(suction_cm, soil)
    again = retention.suction(water, soil)
    # what the spacing of doubles in θ allows, and no more
    slack = 1e-9 + 4e-16 / max(float(retention.capacity(suction_cm, soil)) * suction_cm, 1e-300)
    assert abs(np.log(again / suction_cm)) <= slack


def test_suction_is_clipped_at_both_ends_and_keeps_missing_values() -> None:
    soil = rosetta.parameters(100.0, 0.0, 0.0)
    water = [0.0, float(soil.theta_r), float(soil.theta_s), 0.9, np.nan]
    np.testing.assert_array_equal(retention.suction(water, soil), [15_000.0, 15_000.0, 1.0, 1.0, np.nan])


@settings(max_examples=100, deadline=None)
@given(soil=SOILS, log_suction=st.floats(-1.0, 4.0))
def test_capacity_and_conductivity_agree_with_their_definitions(soil: VanGenuchten, log_suction: float) -> None:
    s = 10.0**log_suction
    slope = -(retention.theta(s * 1.0001, soil) - retention.theta(s * 0.9999, soil)) / (2e-4 * s)
    assert retention.capacity(s, soil) == pytest.approx(slope, rel=1e-3, abs=1e-9)
    m = 1.0 - 1.0 / soil.vg_n
    se = (1.0 + (soil.vg_alpha_per_cm * s) ** soil.vg_n) ** -m
    mualem = 10.0 * np.sqrt(se) * (1.0 - (1.0 - se ** (1.0 / m)) ** m) ** 2
    assert retention.conductivity(s, soil) == pytest.approx(mualem, rel=1e-4, abs=1e-12)


def test_unsaturated_conductivity_has_its_own_matching_point_and_rises_to_ks_near_saturation() -> None:
    soil = rosetta.parameters(40.0, 40.0, 20.0)
    ks, k0 = float(soil.ks_cm_per_day), float(soil.k0_cm_per_day)
    assert (np.log10(ks), np.log10(k0), float(soil.mualem_l)) == pytest.approx((1.0902, 0.1005, -0.3316), abs=6e-5)
    s = np.array([40.0, 300.0, 3000.0])
    se = retention.saturation(s, soil)
    m = 1.0 - 1.0 / float(soil.vg_n)
    unsaturated = k0 * se**-0.3316 * (1.0 - (1.0 - se ** (1.0 / m)) ** m) ** 2
    np.testing.assert_allclose(retention.conductivity(s, soil), unsaturated, rtol=1e-4)
    assert retention.conductivity(0.0, soil) == pytest.approx(ks)
    # at 4 cm, R = 1/4 (Schaap and van Genuchten 2006)
    bare = replace(soil, ks_cm_per_day=soil.k0_cm_per_day)
    at_4 = float(retention.conductivity(4.0, bare)) ** 0.75 * ks**0.25
    assert retention.conductivity(4.0, soil) == pytest.approx(at_4, rel=1e-12)
    rising = retention.conductivity(np.geomspace(0.01, 1e5, 2000), soil)
    assert (np.diff(rising) < 0.0).all() and np.abs(np.diff(np.log(rising))).max() < 0.05
    plain = soil.without_matching_point()
    assert float(plain.k0_cm_per_day) == ks and float(plain.mualem_l) == 0.5


@pytest.mark.parametrize(
    ("texture", "expected"),
    [
        ((40, 40, 20), (0.0887, 0.4040, -2.1756, 0.1519, 1.0902)),
        ((90, 5, 5), (0.0550, 0.3674, -1.5368, 0.3622, 2.5048)),
        ((20, 20, 60), (0.1296, 0.4860, -1.9138, 0.0937, 1.2399)),
        ((100, 0, 0), (0.0488, 0.3608, -1.4430, 0.6354, 3.1902)),
    ],
)
def test_table_holds_rosetta_3(texture: tuple[float, ...], expected: tuple[float, ...]) -> None:
    p = rosetta.parameters(*texture)
    got = (p.theta_r, p.theta_s, np.log10(p.vg_alpha_per_cm), np.log10(p.vg_n), np.log10(p.ks_cm_per_day))
    np.testing.assert_allclose(got, expected, atol=6e-5)


def test_interpolation_reproduces_rosetta_between_the_lattice_points() -> None:
    package = pytest.importorskip("rosetta", reason="rosetta-soil is only needed to build the table")
    textures = np.random.default_rng(1).dirichlet([1, 1, 1], 200) * 100
    direct = package.rosetta(3, textures.tolist(), estimate_type="log")[0]
    p = rosetta.parameters(*textures.T)
    logs = (p.vg_alpha_per_cm, p.vg_n, p.ks_cm_per_day, p.k0_cm_per_day)
    ours = np.stack([p.theta_r, p.theta_s, *(np.log10(a) for a in logs), p.mualem_l], 1)
    np.testing.assert_allclose(ours[:, :5], direct[:, :5], atol=1.2e-3)
    np.testing.assert_allclose(ours[:, 5:], direct[:, 5:], atol=1.2e-2)
    np.testing.assert_allclose(ours[:, :2], direct[:, :2], atol=2e-4)


@settings(max_examples=100, deadline=None)
@given(a=st.floats(0, 1), b=st.floats(0, 1), factor=st.floats(0.96, 1.04))
def test_every_texture_of_the_triangle_has_parameters_and_closure_does_not_matter(
    a: float, b: float, factor: float
) -> None:
    sand, silt = 100.0 * min(a, b), 100.0 * abs(a - b)
    clay = max(100.0 - sand - silt, 0.0)
    p = rosetta.parameters(sand, silt, clay)
    q = rosetta.parameters(sand * factor, silt * factor, clay * factor)
    assert np.isfinite(p.stacked()).all()
    np.testing.assert_allclose(p.stacked(), q.stacked(), rtol=1e-6)


def test_textures_that_do_not_sum_to_100_are_refused_and_missing_ones_are_passed_on() -> None:
    with pytest.raises(DeepSoilError, match="2 of 3 textures") as error:
        rosetta.parameters([0.4, 40.0, 120.0], [0.4, 40.0, -40.0], [0.2, 20.0, 20.0])
    assert error.value.code == "bad_texture"
    p = rosetta.parameters([40.0, np.nan], [40.0, 40.0], [20.0, 20.0])
    assert np.isfinite(p.stacked()[0]).all() and np.isnan(p.stacked()[1]).all()


def test_water_limits_keep_their_gaps_over_the_whole_triangle() -> None:
    p = rosetta.parameters(*rosetta.lattice().T)
    limits = retention.water_limits(p)
    assert (limits.saturated - limits.drained_upper_limit).min() >= 0.02 - 1e-12
    assert (limits.drained_upper_limit - limits.lower_limit_15bar).min() >= 0.02 - 1e-12
    assert (limits.lower_limit_15bar - limits.air_dry).min() >= 0.005 - 1e-12
    assert limits.air_dry.min() >= 0.0


def test_bounds_are_filled_for_soils_that_have_hardly_any_range() -> None:
    soil = VanGenuchten(0.39, 0.4, 0.01, 1.001, 1.0).bounded()
    assert soil.theta_s - soil.theta_r >= 0.05 - 1e-12
    assert soil.vg_n == 1.05


def test_torch_twin_agrees_with_numpy_and_its_gradients_are_right_at_both_ends() -> None:
    torch = pytest.importorskip("torch")
    from deepsoil.training import suction

    soils = rosetta.parameters(*rosetta.lattice()[::61].T)
    share = np.array([1e-4, 0.01, 0.3, 0.7, 0.99, 0.9999])
    water = soils.theta_r[:, None] + (soils.theta_s - soils.theta_r)[:, None] * share
    columns = [torch.from_numpy(np.ascontiguousarray(a))[:, None] for a in soils.arrays()][:4]
    got = suction.pf(torch.from_numpy(water), *columns)
    np.testing.assert_allclose(got, retention.pf(water, soils[:, None]), atol=1e-9)

    wide = torch.from_numpy(water).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda w: suction.log_suction(w, *columns, minimum_cm=1e-12, maximum_cm=1e300),
        (wide,),
        eps=1e-9,
        atol=1e-2,
    )

    everything = torch.linspace(-0.5, 1.5, 4001, dtype=torch.float32)[None].requires_grad_()
    result = suction.pf(everything, *(c.float() for c in columns))
    result.sum().backward()
    assert torch.isfinite(result).all() and torch.isfinite(everything.grad).all()
    with pytest.raises(TypeError):
        suction.pf(everything.half(), *columns)
