"""``train-step``: a step of the training loop compared with the network alone: the cost of patches, losses and checks.

The labels are random, not simulated: a step costs the same.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from deepsoil.bench.measure import Row, compared, interleaved
from deepsoil.depths import DEPTHS
from deepsoil.networks.light_unet import LightUNet
from deepsoil.networks.surface_unet import SurfaceUNet
from deepsoil.soil.vegetation import GROUPS
from deepsoil.training.batches import tensors
from deepsoil.training.column_tables import ColumnTable, lattice
from deepsoil.training.configuration import LossChoice
from deepsoil.training.losses import composite
from deepsoil.training.patches import PatchMaker
from deepsoil.training.weather_runs import WeatherRun

_BATCH, _PATCH, _ROUNDS = 24, 16, 7
_LATTICE_STEP = 20
_AIM = 1.25


def run() -> list[Row]:
    rows = []
    for depth_cm, network in ((20, LightUNet()), (5, SurfaceUNet())):
        candidate, reference = _Step(depth_cm, network), _Bare(depth_cm, network)
        seconds = interleaved({"step": candidate, "bare": reference}, _ROUNDS)
        rows.append(compared(f"train-step, {depth_cm} cm, {_BATCH} patches of {_PATCH} px", seconds, "step", "bare",
                             "bare network, forward, backward, optimiser", _AIM))
    return rows


def _maker(depth_cm: int) -> PatchMaker:
    """Patches of random columns under two years of random weather."""
    rng = np.random.default_rng(0)
    dates = np.arange("2001-01-01", "2003-01-01", dtype="datetime64[D]")
    season = np.cos(2 * np.pi * np.arange(len(dates)) / 365.25).astype(np.float32)
    rain = rng.gamma(0.2, 12, len(dates)).astype(np.float32)
    weather = WeatherRun("drawn", dates, rain, 10 - 12 * season, 1 - 0.8 * season, 3 - 2 * season)
    textures = lattice(_LATTICE_STEP).astype(np.float32)
    theta = rng.uniform(0.15, 0.35, (1, len(GROUPS), len(textures), len(DEPTHS), len(dates))).astype(np.float32)
    channels = DEPTHS[depth_cm].channels
    days = np.ones((1, len(dates)), bool)
    return PatchMaker(ColumnTable([weather], textures, theta, 0), depth_cm, channels, _LATTICE_STEP, days, {})


class _Bare:
    """Forward, backward and optimiser on existing input."""

    def __init__(self, depth_cm: int, network: nn.Module) -> None:
        self.network = network.to(memory_format=torch.channels_last).train()
        self.optimiser = torch.optim.AdamW(network.parameters(), lr=1e-4, fused=True)
        channels = len(DEPTHS[depth_cm].channels)
        self.x = torch.rand(_BATCH, channels, _PATCH, _PATCH).contiguous(memory_format=torch.channels_last)

    def __call__(self) -> None:
        self.optimiser.zero_grad(set_to_none=True)
        (self.network(self.x) - 0.25).square().mean().backward()
        self.optimiser.step()


class _Step(_Bare):
    """The same with a new batch, the composite loss and clipped gradients, as in the training loop."""

    def __init__(self, depth_cm: int, network: nn.Module) -> None:
        super().__init__(depth_cm, network)
        self.maker, self.number = _maker(depth_cm), 0

    def __call__(self) -> None:
        self.number += 1
        shown = tensors(self.maker.draw((0, self.number), _BATCH, _PATCH), torch.device("cpu"))
        self.optimiser.zero_grad(set_to_none=True)
        composite(self.network(shown.x), shown.theta, shown.mask, shown.soil, 0.5, LossChoice())["total"].backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
