"""Measured water contents replace the pedotransfer's: met by the curve, and better where nothing was measured too."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil import retention, rosetta
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.measured_retention import FIELD_CAPACITY_10_KPA_CM, MeasuredRetention, layered, parameters
from deepsoil.soil.profile import DEFAULT_PROFILE
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten

REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))
TEXTURES = np.array([[40, 40, 20], [85, 10, 5], [15, 65, 20], [20, 35, 45]], float)


def test_the_curve_meets_what_was_measured() -> None:
    expected = rosetta.parameters(*TEXTURES.T)
    for shift in (-0.05, -0.02, 0.03):
        dry = retention.theta(LL15_SUCTION_CM, expected) + 0.3 * shift
        wet = np.maximum(retention.theta(DUL_SUCTION_CM, expected) + shift, dry + 0.03)
        found = parameters(*TEXTURES.T, MeasuredRetention(wet, dry))
        assert found.is_valid().all()
        np.testing.assert_allclose(retention.theta(DUL_SUCTION_CM, found), wet, atol=0.005)
        np.testing.assert_allclose(retention.theta(LL15_SUCTION_CM, found), dry, atol=0.005)
    ten = parameters(40, 40, 20, MeasuredRetention(0.30, field_capacity_suction_cm=FIELD_CAPACITY_10_KPA_CM))
    assert retention.theta(102.0, ten) == pytest.approx(0.30, abs=0.005) and ten.shape == ()
    assert parameters(40, 40, 20, MeasuredRetention(theta_s=0.5)).theta_s == pytest.approx(0.5, abs=0.005)


def test_what_agrees_with_rosetta_or_is_not_there_changes_nothing() -> None:
    expected = rosetta.parameters(*TEXTURES.T)
    nothing = parameters(*TEXTURES.T, MeasuredRetention(np.full(4, np.nan)))
    same = parameters(*TEXTURES.T, MeasuredRetention(retention.theta(DUL_SUCTION_CM, expected)))
    np.testing.assert_allclose(nothing.stacked(), expected.stacked(), rtol=1e-9)
    np.testing.assert_allclose(same.stacked(), expected.stacked(), rtol=1e-6)
    assert np.isnan(parameters(np.nan, 40, 20, MeasuredRetention(0.3)).theta_s)


@pytest.mark.parametrize("values", [{"field_capacity": 30.0}, {"field_capacity": 0.1, "wilting_point": 0.2},
                                    {"field_capacity": 0.5, "theta_s": 0.4}, {"wilting_point": -0.1}])
def test_impossible_water_contents_are_refused(values: dict[str, float]) -> None:
    with pytest.raises(DeepSoilError) as caught:
        MeasuredRetention(**values)
    assert caught.value.code == "bad_input" and caught.value.hint


def test_layers_come_to_the_nodes_of_their_depth_and_hold_their_own_water() -> None:
    sandy, clay = (rosetta.parameters(*texture) for texture in ((85, 10, 5), (10, 30, 60)))
    two = VanGenuchten(*(np.array([[a, b], [a, a]]) for a, b in zip(sandy.arrays(), clay.arrays(), strict=True)))
    soils = layered(two, [30.0, 150.0], DEFAULT_PROFILE)
    upper = DEFAULT_PROFILE.nodes_cm < 30.0
    assert soils.shape == (2, upper.size) and 0 < upper.sum() < upper.size
    assert (soils.theta_s[0, upper] == sandy.theta_s).all() and (soils.theta_s[0, ~upper] == clay.theta_s).all()
    rain = np.where(np.arange(60) % 4 == 0, 20.0, 0.0)[None]
    result = simulate_columns(soils, Forcing(rain, np.full((1, 60), 2.0), np.full((1, 60), 15.0)), np.zeros(2, int),
                              depths_cm=(50.0,), spinup_days=0)
    assert not result.failed.any() and np.abs(result.mass_error_cm).max() < 1e-9
    assert result.theta[0, 0, 40:].mean() > result.theta[1, 0, 40:].mean() + 0.1, "clay below, sand below"
    for bottoms in ([30.0], [30.0, 20.0], [0.0, 20.0]):
        with pytest.raises(DeepSoilError):
            layered(two, bottoms, DEFAULT_PROFILE)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not there (set DEEPSOIL_REAL_DATA)")
def test_at_measured_soils_the_error_falls_where_it_was_measured_and_elsewhere() -> None:
    """`pytest -s` prints the errors. The curve between the points is judged at the suction that was held back."""
    table = pd.read_csv(REAL / "physics" / "mesosoil_v2_half.csv").replace(-9.9, np.nan)
    table = table.dropna(subset=["sand", "silt", "clay", "th33", "th1500"])
    table = table[rosetta.texture_is_valid(table.sand, table.silt, table.clay)]
    texture = (table.sand, table.silt, table.clay)
    wet, dry = table.th33.to_numpy(), table.th1500.to_numpy()
    cases = {"Rosetta": rosetta.parameters(*texture),
             "field capacity measured": parameters(*texture, MeasuredRetention(wet)),
             "wilting point measured": parameters(*texture, MeasuredRetention(wilting_point=dry)),
             "both measured": parameters(*texture, MeasuredRetention(wet, dry))}
    error = {}
    for name, soil in cases.items():
        error[name] = [float(np.abs(retention.theta(suction, soil) - known).mean())
                       for suction, known in ((DUL_SUCTION_CM, wet), (LL15_SUCTION_CM, dry))]
        print(f"{name}, {len(table)} soils: mean error {error[name][0]:.4f} at 33, {error[name][1]:.4f} at 1500 kPa")
    assert error["field capacity measured"][0] < error["Rosetta"][0] / 3
    assert error["field capacity measured"][1] < error["Rosetta"][1]
    assert error["wilting point measured"][0] < error["Rosetta"][0]
    assert max(error["both measured"]) < 0.01
