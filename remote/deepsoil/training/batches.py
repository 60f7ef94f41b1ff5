"""Patches as tensors: the one place where numpy becomes torch."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepsoil.training.losses import SoilParameters
from deepsoil.training.patches import Patches


def tensors(patches: Patches, device: torch.device) -> tuple[Tensor, Tensor, Tensor, SoilParameters]:
    """(x, theta, mask, soil) of a batch; theta, mask and soil with a channel axis."""
    def on_device(values: NDArray[np.floating]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, np.float32)).unsqueeze(1).to(device)

    x = torch.from_numpy(patches.x).to(device, memory_format=torch.channels_last)
    soil = patches.soil
    theta = on_device(patches.theta)
    return x, theta, ~torch.isnan(theta), SoilParameters(*(
        on_device(a) for a in (soil.theta_r, soil.theta_s, soil.vg_alpha_per_cm, soil.vg_n)))
