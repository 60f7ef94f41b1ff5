"""The composite losses of the paper (Eqs. 1-4 and 14-19), named terms that are logged one by one.

Choices where the paper is ambiguous (``paper`` keeps the printed form if it differs):

* Eqs. 2 and 15 are normalised by the valid weight, sum(w m e^2) / sum(w m): a tile with few labels counts
  as much per label as a full one.
* Eq. 4 has no absolute value and so no minimum; the form of Eq. 17 is used for both depths.
* Suction is computed in log space and clipped to [1, 15 000] cm. ``pf`` compares log10 suction, scaled by
  log10(15 000); ``paper`` compares suction over 15 000 cm.
* theta errors are in units of ``theta_scale`` (0.05 m3/m3; 1 reproduces the printed equations):
  squared errors in m3/m3 are a hundred times smaller than suction errors, and the data term would vanish.
* The data weight falls linearly over the epochs from ``first_data_weight`` to ``last_data_weight`` (0.1 in place of the
  paper's 0, at which labels would no longer count), or by a factor every so many epochs (``weight_decay``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from deepsoil.soil.retention import MAXIMUM_SUCTION_CM
from deepsoil.training import suction
from deepsoil.training.configuration import LossChoice


@dataclass(frozen=True)
class SoilParameters:
    """van Genuchten parameters as tensors that broadcast with theta."""

    theta_r: Tensor
    theta_s: Tensor
    vg_alpha_per_cm: Tensor
    vg_n: Tensor


def squared_error(predicted: Tensor, target: Tensor, mask: Tensor, weight: Tensor | None = None) -> Tensor:
    """sum(w m e^2) / sum(w m) in (m3/m3)^2, Eqs. 2 and 15; 0 without labels.

    All tensors have one shape; ``mask`` is bool, ``weight`` the w of Eq. 2 (1 if omitted). Target
    values outside the mask may be NaN.
    """
    valid = mask.to(predicted.dtype) if weight is None else mask * weight
    error = torch.where(mask, predicted - torch.where(mask, target, predicted.detach()), 0.0)
    return (valid * error.square()).sum() / valid.sum().clamp(min=1e-12)


def bound_penalty(predicted: Tensor, soil: SoilParameters) -> Tensor:
    """Mean distance outside [theta_r, theta_s] in m3/m3 over all pixels, Eq. 16."""
    return (torch.relu(soil.theta_r - predicted) + torch.relu(predicted - soil.theta_s)).mean()


def suction_error(predicted: Tensor, target: Tensor, mask: Tensor, soil: SoilParameters,
                  form: str = "pf") -> Tensor:
    """Mean difference in suction at labelled pixels, Eqs. 4 and 17, scaled to 0-1."""
    here = torch.where(mask, target, predicted.detach())
    first, second = (log10_suction(value, soil) for value in (predicted, here))
    difference = (first - second).abs() / math.log10(MAXIMUM_SUCTION_CM) if form == "pf" \
        else (10.0**first - 10.0**second).abs() / MAXIMUM_SUCTION_CM
    valid = mask.to(predicted.dtype)
    return (valid * difference).sum() / valid.sum().clamp(min=1e-12)


def log10_suction(theta: Tensor, soil: SoilParameters) -> Tensor:
    """log10 of the suction in cm (Eqs. 3 and 18), within [0, log10(15 000)]; see `training.suction`."""
    return suction.pf(theta, soil.theta_r, soil.theta_s, soil.vg_alpha_per_cm, soil.vg_n)


def data_weight(epoch: int, epochs: int, choice: LossChoice) -> float:
    """Weight of the data term in an epoch counted from 0 (the alpha of Eqs. 1 and 14): linear, or in steps (§4.1)."""
    if choice.weight_decay is not None:
        return max(choice.last_data_weight, choice.first_data_weight * choice.weight_decay.share(epoch))
    progress = epoch / max(1, epochs - 1)
    return choice.first_data_weight + (choice.last_data_weight - choice.first_data_weight) * progress


def composite(predicted: Tensor, target: Tensor, mask: Tensor, soil: SoilParameters, weight_of_data: float,
              choice: LossChoice, weight: Tensor | None = None, suction_target: Tensor | None = None,
              ) -> dict[str, Tensor]:
    """Terms ``data``, ``bound``, ``suction`` and their sum ``total`` (Eqs. 1, 14 and 19).

    ``suction_target``: the theta, NaN where there is none, whose suction the prediction shall have, if it is not that
    of ``target``.
    """
    data = squared_error(predicted, target, mask, weight) / choice.theta_scale**2
    bound = bound_penalty(predicted, soil)
    compared = (target, mask) if suction_target is None else (suction_target, ~torch.isnan(suction_target))
    suction = suction_error(predicted, *compared, soil, choice.form)
    physics = choice.bound_weight * bound + choice.suction_weight * suction
    total = weight_of_data * data + (1 - weight_of_data) * physics
    return {"data": data, "bound": bound, "suction": suction, "total": total}
