"""The interface of networks for training and export, and the common base of the U-Nets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Self

from torch import Tensor, nn

from deepsoil.networks.bounding import Bounding


class MoistureNetwork(nn.Module):
    """Takes (batch, channels, height, width) scaled to 0-1, gives theta (batch, 1, height, width) in m3/m3.

    ``multiple``: height and width are multiples of it. ``halo``: a multiple of ``multiple``; no output pixel depends
    on input pixels further away. Both are written into the model file.
    """

    multiple: ClassVar[int]
    halo: ClassVar[int]

    @classmethod
    @abstractmethod
    def create(cls, channels: Sequence[str], *, width: int, bounding: Bounding, dropout: float) -> Self:
        """An untrained network. ``width``, ``bounding`` and ``dropout`` are those of the configuration."""


class UNet(MoistureNetwork):
    """A U-Net whose blocks at full resolution form a path of single pixels, see ``training.initial_weights``.

    ``encoder1`` and ``decoder1``: twice convolution, normalisation, activation. ``up1``: upsamples the lower level to
    full resolution; its output comes first in the input of ``decoder1``, then that of ``encoder1``, then the
    channels that ``late_inputs`` names.
    """

    encoder1: nn.Sequential
    decoder1: nn.Sequential
    up1: nn.ConvTranspose2d
    head: nn.Conv2d
    bounding: nn.Module

    def late_inputs(self, x: Tensor) -> list[Tensor]:
        """Channels of the input (batch, n, height, width) that the last block uses in addition; none by default."""
        return []
