"""The losses against values worked out by hand, and their gradients where the equations misbehave."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from deepsoil.soil.retention import VanGenuchten, suction
from deepsoil.soil.rosetta import lattice, parameters
from deepsoil.training.configuration import LossChoice
from deepsoil.training.losses import (
    SoilParameters,
    bound_penalty,
    composite,
    data_weight,
    log10_suction,
    squared_error,
    suction_error,
)


def tensor(*values: float) -> torch.Tensor:
    return torch.tensor(values)


def soil_of(soil: VanGenuchten) -> SoilParameters:
    return SoilParameters(*(torch.from_numpy(np.asarray(a, np.float32))
                            for a in (soil.theta_r, soil.theta_s, soil.vg_alpha_per_cm, soil.vg_n)))


LOAM = SoilParameters(tensor(0.1), tensor(0.5), tensor(0.01), tensor(2.0))


def test_squared_error_counts_labelled_pixels_only() -> None:
    predicted, target = tensor(0.2, 0.3, 0.9), tensor(0.1, 0.1, math.nan)
    mask = torch.tensor([True, True, False])
    assert squared_error(predicted, target, mask).item() == pytest.approx((0.01 + 0.04) / 2)
    weighted = squared_error(predicted, target, mask, tensor(3.0, 1.0, 5.0))
    assert weighted.item() == pytest.approx((3 * 0.01 + 0.04) / 4)
    assert squared_error(predicted, target, torch.zeros(3, dtype=torch.bool)).item() == 0


def test_bound_penalty_is_the_distance_outside() -> None:
    assert bound_penalty(tensor(0.05, 0.3, 0.6, 0.1), LOAM).item() == pytest.approx((0.05 + 0.1) / 4)


def test_suction_error_by_hand() -> None:
    # alpha 0.01, n 2: theta = 0.1 + 0.4 / sqrt(1 + (psi / 100)^2), so theta(100 cm) and theta(1000 cm) are
    theta = [0.1 + 0.4 / math.sqrt(1 + (psi / 100) ** 2) for psi in (100, 1000)]
    mask = torch.ones(1, dtype=torch.bool)
    error = suction_error(tensor(theta[0]), tensor(theta[1]), mask, LOAM)
    assert error.item() == pytest.approx(1 / math.log10(15000), rel=1e-3)
    linear = suction_error(tensor(theta[0]), tensor(theta[1]), mask, LOAM, "paper")
    assert linear.item() == pytest.approx(900 / 15000, rel=1e-3)
    # drier than 15 000 cm is as dry as 15 000 cm
    dry = suction_error(tensor(0.1001), tensor(0.1002), mask, LOAM)
    assert dry.item() == 0


def test_suction_agrees_with_the_numpy_curve_over_the_whole_triangle() -> None:
    soil = parameters(*lattice()[::37].T)
    share = np.linspace(0.002, 0.995, 50)[:, None]
    theta = soil.theta_r + share * (soil.theta_s - soil.theta_r)
    expected = np.log10(suction(theta, soil))
    found = log10_suction(torch.from_numpy(theta.astype(np.float32)), soil_of(soil)).numpy()
    assert np.abs(found - expected).max() < 2e-3


@pytest.mark.parametrize("form", ["pf", "paper"])
def test_gradients_are_finite_at_the_extremes(form: str) -> None:
    soil = parameters(*lattice().T)
    tensors = soil_of(soil)
    for value in (0.0, 1e-7, 1.0, *np.linspace(0.01, 0.6, 12)):
        theta = torch.full((len(soil),), float(value), requires_grad=True)
        for edge in (tensors.theta_r, tensors.theta_s, tensors.theta_r + 1e-4, tensors.theta_s - 1e-6):
            target = edge.clone()
            terms = composite(theta, target, torch.ones(len(soil), dtype=torch.bool), tensors, 0.5,
                              LossChoice(form=form))
            (gradient,) = torch.autograd.grad(terms["total"], theta)
            assert torch.isfinite(terms["total"]) and torch.isfinite(gradient).all()


def test_labels_that_are_missing_give_no_gradient() -> None:
    theta = tensor(0.3, 0.2).requires_grad_()
    terms = composite(theta, tensor(math.nan, 0.3), torch.tensor([False, True]), LOAM, 0.5, LossChoice())
    terms["total"].backward()
    assert theta.grad is not None and theta.grad[0] == 0 and theta.grad[1] < 0


def test_composite_weighs_the_terms_as_equations_14_and_19() -> None:
    choice = LossChoice(bound_weight=10, theta_scale=0.1)
    arguments = (tensor(0.55, 0.3), tensor(0.4, 0.2), torch.tensor([True, True]), LOAM)
    terms = composite(*arguments, 0.25, choice)
    data = (0.15**2 + 0.1**2) / 2 / 0.01
    bound = 0.05 / 2
    suction_term = suction_error(*arguments).item()
    assert terms["data"].item() == pytest.approx(data, rel=1e-5)
    assert terms["total"].item() == pytest.approx(0.25 * data + 0.75 * (10 * bound + suction_term), rel=1e-5)


def test_data_weight_falls_from_one_to_its_floor() -> None:
    weights = [data_weight(epoch, 11, LossChoice()) for epoch in range(11)]
    assert weights[0] == 1.0 and weights[-1] == pytest.approx(0.1)
    assert np.allclose(np.diff(weights), -0.09)
    assert data_weight(0, 1, LossChoice()) == 1.0


def test_suction_can_be_that_of_another_source_than_the_labels() -> None:
    theta = tensor(0.3, 0.2).requires_grad_()
    labels, other = tensor(0.3, 0.2), tensor(0.4, math.nan)
    terms = composite(theta, labels, torch.tensor([True, True]), LOAM, 0.5, LossChoice(), suction_target=other)
    assert terms["data"].item() == 0 and terms["suction"].item() == pytest.approx(
        suction_error(tensor(0.3), tensor(0.4), torch.tensor([True]), LOAM).item(), rel=1e-5)
    terms["total"].backward()
    assert theta.grad is not None and theta.grad[0] < 0 and theta.grad[1] == 0
