"""Batches for a training step, independent of the origin of the labels, and their conversion from numpy to torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters
from deepsoil.training.losses import SoilParameters

Array = NDArray[np.float32]


class Labelled(Protocol):
    """A batch of B patches of P x P pixels: input x (B, C, P, P), labels theta (B, P, P) m3/m3 with NaN where there
    are none, the soil (B, P, P) for the suction terms of the loss, and the labels' weight (B, P, P), the w of Eq. 2;
    None where all count alike."""

    @property
    def x(self) -> Array: ...
    @property
    def theta(self) -> Array: ...
    @property
    def soil(self) -> VanGenuchten: ...
    @property
    def weight(self) -> Array | None: ...


@dataclass(frozen=True)
class Batch:
    """The simplest ``Labelled``."""

    x: Array
    theta: Array
    soil: VanGenuchten
    weight: Array | None = None


class Tensors(NamedTuple):
    """A batch on a device; theta, mask, soil and weight (or None) have a channel axis."""

    x: Tensor
    theta: Tensor
    mask: Tensor
    soil: SoilParameters
    weight: Tensor | None


class Source(Protocol):
    """Draws batches that depend on the key only."""

    def draw(self, key: Sequence[int], batch: int, size: int) -> Labelled: ...


def complete(soil: VanGenuchten) -> VanGenuchten:
    """The same soils, with a loam where unknown: the loss must be finite also without labels."""
    loam = parameters(40.0, 40.0, 20.0)
    return VanGenuchten(*(np.where(np.isnan(values), filling, values)
                          for values, filling in zip(soil.arrays(), loam.arrays(), strict=True)))


def tensors(patches: Labelled, device: torch.device) -> Tensors:
    """A batch on a device."""
    def on_device(values: NDArray[np.floating]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values, np.float32)).unsqueeze(1).to(device)

    x = torch.from_numpy(patches.x).to(device, memory_format=torch.channels_last)
    soil = patches.soil
    theta = on_device(patches.theta)
    parameters_of_soil = SoilParameters(*(
        on_device(a) for a in (soil.theta_r, soil.theta_s, soil.vg_alpha_per_cm, soil.vg_n)))
    weight = None if patches.weight is None else on_device(patches.weight)
    return Tensors(x, theta, ~torch.isnan(theta), parameters_of_soil, weight)
