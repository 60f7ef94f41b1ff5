"""Rosetta's uncertainty: the shipped covariance against the package, and against soils that were measured."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from deepsoil.soil import retention, rosetta
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta_spread import parameter_covariance, soil_covariance

REAL = Path(os.environ.get("DEEPSOIL_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


def draws(covariance: np.ndarray, soil: VanGenuchten, members: int) -> VanGenuchten:
    mean = soil.stacked()
    mean[..., 2:6] = np.log10(mean[..., 2:6])
    factor = np.linalg.cholesky(covariance + 1e-12 * np.eye(7))
    z = np.random.default_rng(0).standard_normal((members, *mean.shape))
    p = mean + np.einsum("...ij,e...j->e...i", factor, z)
    return VanGenuchten(np.maximum(p[..., 0], 0), p[..., 1], *(10.0 ** p[..., i] for i in range(2, 6)), p[..., 6])


def test_covariance_is_that_of_the_networks_of_rosetta() -> None:
    package = pytest.importorskip("rosetta", reason="rosetta-soil is only needed to build the table")
    textures = np.array([[40, 40, 20], [85, 10, 5], [20, 65, 15], [15, 35, 50]], float)
    _, deviations, _ = package.rosetta(3, textures.tolist(), estimate_type="log")
    ours = np.sqrt(np.diagonal(parameter_covariance(*textures.T), axis1=1, axis2=2))
    np.testing.assert_allclose(ours[:, :5], deviations[:, :5], rtol=0.01)
    retention_draws, _ = package.Rosetta(3, 2).predict(textures)
    np.testing.assert_allclose(parameter_covariance(40, 40, 20)[:4, :4], np.cov(retention_draws[:, 0].T), rtol=1e-3)


def test_covariance_is_positive_definite_at_every_texture_and_missing_where_the_texture_is() -> None:
    for covariance in (parameter_covariance(*rosetta.lattice(3).T), soil_covariance(*rosetta.lattice(3).T)):
        assert np.isfinite(covariance).all()
        assert (np.linalg.eigvalsh(covariance) > 0).all()
    assert np.isnan(soil_covariance(np.nan, 30, 40)).all()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real data is not there (set DEEPSOIL_REAL_DATA)")
def test_measured_soils_lie_within_the_scatter_of_soils_and_not_within_that_of_the_estimate() -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_csv(REAL / "physics" / "mesosoil_v2_half.csv").replace(-9.9, np.nan)
    table = table.dropna(subset=["sand", "silt", "clay", "th33", "th1500"])
    texture = (table.sand, table.silt, table.clay)
    table = table[rosetta.texture_is_valid(*texture)]
    texture = (table.sand, table.silt, table.clay)
    soil = rosetta.parameters(*texture)
    for column, suction_cm in (("th33", retention.DUL_SUCTION_CM), ("th1500", retention.LL15_SUCTION_CM)):
        shares = []
        for covariance in (parameter_covariance(*texture), soil_covariance(*texture)):
            low, high = np.quantile(retention.theta(suction_cm, draws(covariance, soil, 400)), (0.05, 0.95), axis=0)
            shares.append(float(((low <= table[column]) & (table[column] <= high)).mean()))
        print(f"{column}: {shares[0]:.2f} and {shares[1]:.2f} of {len(table)} soils in the 90 % interval")
        assert shares[0] < 0.6
        assert 0.85 <= shares[1] <= 0.99
