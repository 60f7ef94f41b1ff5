"""Layers that keep theta within physical bounds (reference §5 item 15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from deepsoil.channels import CHANNELS

Bounding = Literal["sigmoid", "relu", "soil"]

# Bias of the last convolution before training: theta starts near 0.25, typical of soils, not at 0.5.
START = {"sigmoid": -1.1, "relu": 0.25, "soil": 0.0}


class Sigmoid(nn.Module):
    """theta between 0 and 1 (paper §3.6.1)."""

    def forward(self, raw: Tensor, x: Tensor) -> Tensor:
        return torch.sigmoid(raw)


class Relu(nn.Module):
    """theta >= 0, without an upper bound: the paper's output layer (§3.3)."""

    def forward(self, raw: Tensor, x: Tensor) -> Tensor:
        return torch.relu(raw)


class Soil(nn.Module):
    """theta_r + (theta_s - theta_r) sigmoid(raw), with both limits taken from the input channels."""

    def __init__(self, channels: Sequence[str]) -> None:
        super().__init__()
        if not {"theta_r", "theta_s"} <= set(channels):
            raise ValueError("bounding 'soil' needs the channels theta_r and theta_s in the input")
        self.register_buffer("index", torch.tensor([channels.index("theta_r"), channels.index("theta_s")]))
        limits = [CHANNELS[name] for name in ("theta_r", "theta_s")]
        self.register_buffer("minimum", torch.tensor([c.minimum for c in limits]).view(1, 2, 1, 1))
        self.register_buffer("span", torch.tensor([c.maximum - c.minimum for c in limits]).view(1, 2, 1, 1))

    def forward(self, raw: Tensor, x: Tensor) -> Tensor:
        limits = torch.index_select(x, 1, self.index) * self.span + self.minimum
        low, high = limits[:, :1], limits[:, 1:]
        return low + torch.relu(high - low) * torch.sigmoid(raw)


def make_bounding(kind: Bounding, channels: Sequence[str]) -> nn.Module:
    """The bounding layer of a name; ValueError if a channel it needs is missing."""
    if kind == "soil":
        return Soil(channels)
    return {"sigmoid": Sigmoid, "relu": Relu}[kind]()
