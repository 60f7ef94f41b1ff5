"""Batches for a training step, independent of the origin of the labels, and their conversion from numpy to torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deepsoil.contract.errors import DeepSoilError
from deepsoil.soil.retention import VanGenuchten
from deepsoil.soil.rosetta import parameters
from deepsoil.training.losses import SoilParameters

Array = NDArray[np.float32]


class Labelled(Protocol):
    """A batch of B patches of P x P pixels: input x (B, C, P, P), labels theta (B, P, P) m3/m3 with NaN where there
    are none, the soil (B, P, P) for the suction terms of the loss, the labels' weight (B, P, P), the w of Eq. 2 (None
    where all count alike), and the theta (B, P, P) whose suction the prediction shall have (None: that of the labels).
    """

    @property
    def x(self) -> Array: ...
    @property
    def theta(self) -> Array: ...
    @property
    def soil(self) -> VanGenuchten: ...
    @property
    def weight(self) -> Array | None: ...
    @property
    def suction_theta(self) -> Array | None: ...


@dataclass(frozen=True)
class Batch:
    """The simplest ``Labelled``."""

    x: Array
    theta: Array
    soil: VanGenuchten
    weight: Array | None = None
    suction_theta: Array | None = None


class Tensors(NamedTuple):
    """A batch on a device; theta, mask, soil, weight and suction_theta (or None) have a channel axis."""

    x: Tensor
    theta: Tensor
    mask: Tensor
    soil: SoilParameters
    weight: Tensor | None
    suction_theta: Tensor | None


class Source(Protocol):
    """Draws batches that depend on the key only."""

    def draw(self, key: Sequence[int], batch: int, size: int) -> Labelled: ...


class DailySource(Source, Protocol):
    """A source of days that can also show months."""

    def months(self, least_days: int) -> Source:
        """The same ground as means over the valid days of a month, of which there are ``least_days`` at least.
        DeepSoilError ``no_whole_month``."""
        ...


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
    weight, suction = (None if values is None else on_device(values)
                       for values in (patches.weight, patches.suction_theta))
    return Tensors(x, theta, ~torch.isnan(theta), parameters_of_soil, weight, suction)


def months_of(days: NDArray[np.datetime64], least_days: int) -> list[NDArray[np.datetime64]]:
    """Ascending days (T,) by calendar month of a year, of the months with ``least_days`` of them."""
    month = days.astype("datetime64[M]")
    return [found for one in np.unique(month) if len(found := days[month == one]) >= least_days]


def mean_of(values: Sequence[Array]) -> Array:
    """The mean of arrays over those with a value, NaN where none has one; of a single one itself."""
    if len(values) == 1:
        return values[0]
    stacked = np.stack(values)
    known = np.isfinite(stacked)
    count = known.sum(axis=0)
    total = np.where(known, stacked, 0.0).sum(axis=0, dtype=np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan).astype(np.float32)


def no_whole_month(what: str, least_days: int) -> DeepSoilError:
    """The error of a source that has no month with enough days."""
    return DeepSoilError("no_whole_month", "No month of the {what} has {least_days} days to average.",
                         "Lower schedule.monthly.least_days, or leave the monthly phase out.",
                         "schedule.monthly.least_days", what=what, least_days=least_days)
