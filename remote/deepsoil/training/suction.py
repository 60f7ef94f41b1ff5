"""The inverse retention curve in torch, for the loss: the pF of a predicted water content.

The same formula as `soil.retention.suction`, with gradients that are correct at both ends and finite in float32: the
exponents of Eq. 3 overflow there for n near 1, so everything is in log space and the water content is clamped first.
Where the suction is clipped the gradient is exactly zero, not NaN.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from deepsoil.soil.retention import MAXIMUM_SUCTION_CM, MINIMUM_SUCTION_CM

# Smallest distance to theta_r and theta_s as a share of their difference; the float32 spacing of theta is 3e-8
_MARGIN = 1e-6


def log_suction(
    water_content: Tensor,
    theta_r: Tensor,
    theta_s: Tensor,
    vg_alpha_per_cm: Tensor,
    vg_n: Tensor,
    minimum_cm: float = MINIMUM_SUCTION_CM,
    maximum_cm: float = MAXIMUM_SUCTION_CM,
) -> Tensor:
    """ln(suction in cm), clipped to [minimum_cm, maximum_cm]; shapes broadcast; float32 or float64, never half.

    Raises TypeError for half precision, whose spacing near saturation is coarser than the curve.
    """
    if water_content.dtype in (torch.float16, torch.bfloat16):
        raise TypeError("log_suction needs float32 or float64; leave autocast for the loss.")
    span = theta_s - theta_r
    filled = ((water_content - theta_r) / span).clamp(_MARGIN, 1.0 - _MARGIN)
    x = -torch.log(filled) * vg_n / (vg_n - 1.0)
    # ln(e^x - 1); expm1 keeps the precision of θs - θ when wet
    value = (x + torch.log(-torch.expm1(-x))) / vg_n - torch.log(vg_alpha_per_cm)
    return value.clamp(math.log(minimum_cm), math.log(maximum_cm))


def pf(
    water_content: Tensor,
    theta_r: Tensor,
    theta_s: Tensor,
    vg_alpha_per_cm: Tensor,
    vg_n: Tensor,
    minimum_cm: float = MINIMUM_SUCTION_CM,
    maximum_cm: float = MAXIMUM_SUCTION_CM,
) -> Tensor:
    """pF = log10 of the suction in cm, clipped to [minimum_cm, maximum_cm]."""
    value = log_suction(water_content, theta_r, theta_s, vg_alpha_per_cm, vg_n, minimum_cm, maximum_cm)
    return value / math.log(10.0)
