"""An ensemble conditioned on readings: the exact answer where there is one, and what must never get worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from deepsoil.field.ensemble import Ensemble
from deepsoil.field.ground import Columns
from deepsoil.field.simulation import FieldModel
from deepsoil.field.smoother import LEAST_SPREAD, condition
from deepsoil.field.uncertainty import draw
from deepsoil.soil.forcing import Forcing

DAYS = np.arange("2022-01-01", "2022-03-02", dtype="datetime64[D]")


@dataclass(frozen=True)
class Linear:
    """θ = 0.2 + a sum of the scores, at N columns, D = 1 depth, T days."""

    design: np.ndarray  # (N, T, P)

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(f"p{n}" for n in range(self.design.shape[2]))

    def run(self, z: np.ndarray) -> Ensemble:
        theta = 0.2 + np.einsum("ntp,ep->ent", self.design, z)[:, :, None]
        return Ensemble(theta.astype(np.float32), (5.0,), DAYS[:self.design.shape[1]], z, np.full(len(z), 1 / len(z)))


def linear(seed: int = 0, columns: int = 3, days: int = 20) -> Linear:
    return Linear(np.random.default_rng(seed).normal(0, 0.02, (columns, days, 4)))


def all_of_first(ensemble: Ensemble) -> np.ndarray:
    return ensemble.theta[:, 0, 0].astype(np.float64)


def test_it_is_the_exact_answer_for_a_linear_model_and_many_members() -> None:
    model, rng = linear(), np.random.default_rng(1)
    truth = rng.normal(size=4)
    design, error = model.design[0], 0.03 ** 2 * np.eye(20)
    theta = 0.2 + design @ truth + rng.normal(0, 0.03, 20)
    found = condition(model, rng.standard_normal((6000, 4)), all_of_first, theta, error, caution=1.0)
    precision = np.eye(4) + design.T @ np.linalg.solve(error, design)
    mean = np.linalg.solve(precision, design.T @ np.linalg.solve(error, theta - 0.2))
    assert found.z.mean(0) == pytest.approx(mean, abs=0.05)
    assert np.cov(found.z.T) == pytest.approx(np.linalg.inv(precision), abs=0.05)
    assert not found.collapsed


def test_without_readings_the_scores_stay() -> None:
    z = draw(16)
    found = condition(linear(), z, all_of_first, np.empty(0), np.empty((0, 0)))
    assert found.z is z


def test_an_ensemble_that_would_collapse_is_held_open_and_says_so() -> None:
    model = linear(days=60)
    found = condition(model, np.random.default_rng(3).standard_normal((64, 4)), all_of_first,
                      0.2 + model.design[0] @ np.ones(4), 1e-6 * np.eye(60), caution=2.0)
    assert found.collapsed and found.z.std(0).min() == pytest.approx(LEAST_SPREAD, rel=0.2)
    assert found.z.mean(0) == pytest.approx(np.ones(4), abs=0.25)


def test_members_that_failed_change_nothing_for_the_others() -> None:
    model = linear()
    z = np.random.default_rng(4).standard_normal((64, 4))

    def some_failed(ensemble: Ensemble) -> np.ndarray:
        shown = all_of_first(ensemble)
        shown[:3] = np.nan
        return shown

    found = condition(model, z, some_failed, 0.2 + model.design[0] @ np.ones(4), 0.03 ** 2 * np.eye(20), caution=1.0)
    assert np.isfinite(found.z).all() and found.z.mean() > 0.3


def test_perfect_readings_bring_every_column_nearer_and_narrow_the_intervals() -> None:
    """Synthetic: the truth is a member drawn from the same uncertainty. Three soils, one of them irrigated."""
    rng = np.random.default_rng(5)
    columns = Columns(np.array([[65.0, 20, 15], [20, 60, 20], [30, 30, 40]]), np.array([0, 1, 0]),
                      np.array([False, True, False]), np.zeros(3, int), np.array([-96.6]), np.array([39.1]))
    dates = np.arange("2022-01-01", "2022-08-01", dtype="datetime64[D]")
    rain = np.where(rng.random((1, dates.size)) < 0.25, rng.exponential(9, (1, dates.size)), 0.0)
    season = np.sin(np.arange(dates.size) / 365 * 2 * np.pi - 1.4)[None]
    model = FieldModel(columns, dates, Forcing(rain, 3 + 2.5 * season, 12 + 13 * season), (5.0, 20.0), dates[90],
                       spinup_days=90)
    truth = model.run(rng.standard_normal((1, len(model.parameters)))).theta[0]  # (N, D, T)
    z, at = draw(32), np.arange(0, 100, 7)

    def shown(ensemble: Ensemble) -> np.ndarray:
        return ensemble.theta[:, :, :, at].reshape(len(ensemble.theta), -1).astype(np.float64)

    theta = truth[:, :, at].reshape(-1).astype(np.float64)
    found = condition(model, z, shown, theta, 0.02 ** 2 * np.eye(theta.size), steps=2, caution=2.0)
    before, after = model.run(z), model.run(found.z)
    later = slice(100, None)
    error = [np.abs(one.mean()[..., later] - truth[..., later]).mean((1, 2)) for one in (before, after)]
    assert error[1].mean() < 0.7 * error[0].mean()
    assert error[1].max() <= error[0].max(), "the worst column is no worse"
    assert after.spread()[..., later].mean() < before.spread()[..., later].mean()
    inside = np.abs(after.mean() - truth)[..., later] <= 2.5 * after.spread()[..., later] + 0.01
    assert inside.mean() > 0.85
