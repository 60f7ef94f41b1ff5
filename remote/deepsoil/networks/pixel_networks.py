"""Networks of single pixels: the full-resolution blocks of the two U-Nets with the middle taps only, no levels below.

What a U-Net is better than its pixel network is what its neighbourhood is worth. They are also far cheaper, and need
no halo.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from torch import Tensor, nn

from deepsoil.depths import DEPTHS
from deepsoil.networks import light_unet, surface_unet
from deepsoil.networks.bounding import START, Bounding, make_bounding
from deepsoil.networks.moisture_network import MoistureNetwork


class LightPixels(MoistureNetwork):
    """`light_unet.LightUNet` without its neighbourhood. ``width``: channels of every layer."""

    multiple = 8  # any would do; with that of the U-Net both take the same windows
    halo = 0

    def __init__(self, channels: Sequence[str] = DEPTHS[20].channels, width: int = 64,
                 bounding: Bounding = "sigmoid") -> None:
        super().__init__()
        self.layers = self.blocks(len(channels), width)
        self.head = nn.Conv2d(width, 1, 1)
        nn.init.constant_(self.head.bias, START[bounding])
        self.bounding = make_bounding(bounding, channels)

    @staticmethod
    def blocks(inputs: int, width: int) -> nn.Sequential:
        """Encoder and decoder of one level."""
        return nn.Sequential(light_unet.block(inputs, width, 2, kernel=1), light_unet.block(width, width, 2, kernel=1))

    @classmethod
    def create(cls, channels: Sequence[str], *, width: int, bounding: Bounding, dropout: float) -> Self:
        """``dropout`` is not used: at full resolution the U-Nets have none."""
        return cls(channels, width, bounding)

    def forward(self, x: Tensor) -> Tensor:
        return self.bounding(self.head(self.layers(x)), x)


class SurfacePixels(LightPixels):
    """`surface_unet.SurfaceUNet` without its neighbourhood; late fusion has no meaning where one pixel is seen."""

    multiple = 16

    @staticmethod
    def blocks(inputs: int, width: int) -> nn.Sequential:
        return nn.Sequential(surface_unet.block(inputs, width, 2, kernel=1),
                             surface_unet.block(width, width, 2, kernel=1))
