"""The lightweight U-Net of the 20 cm depth (paper §3.6.1): 3.3 million parameters.

Three encoder blocks with 64, 128 and 256 channels, the third with a single convolution, a bottleneck of
256 channels, and a decoder with transposed convolutions and skip connections. Input (batch, channels,
height, width) scaled to 0-1, height and width multiples of 8; output (batch, 1, height, width) theta.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import torch
from torch import Tensor, nn

from deepsoil.depths import DEPTHS
from deepsoil.networks.bounding import START, Bounding, make_bounding
from deepsoil.networks.moisture_network import UNet


def block(inputs: int, outputs: int, convolutions: int, *, kernel: int = 3) -> nn.Sequential:
    """``convolutions`` times convolution of ``kernel`` x ``kernel`` pixels, batch normalisation, ReLU."""
    layers: list[nn.Module] = []
    for number in range(convolutions):
        layers += [nn.Conv2d(inputs if number == 0 else outputs, outputs, kernel, padding=kernel // 2,
                             bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers)


class LightUNet(UNet):
    """U-Net for theta at 20 cm. ``width`` is the number of channels of the first block (64 in the paper)."""

    multiple = 8
    halo = 40  # an output pixel depends on inputs up to 34 pixels away, the next multiple of 8 is exact

    def __init__(self, channels: Sequence[str] = DEPTHS[20].channels, width: int = 64,
                 bounding: Bounding = "sigmoid") -> None:
        super().__init__()
        w1, w2, w3 = width, 2 * width, 4 * width
        self.encoder1 = block(len(channels), w1, 2)
        self.encoder2 = block(w1, w2, 2)
        self.encoder3 = block(w2, w3, 1)
        self.pool = nn.MaxPool2d(2)
        self.bottleneck = block(w3, w3, 1)
        self.up3 = nn.ConvTranspose2d(w3, w3, 2, stride=2)
        self.decoder3 = block(2 * w3, w3, 1)
        self.up2 = nn.ConvTranspose2d(w3, w2, 2, stride=2)
        self.decoder2 = block(2 * w2, w2, 2)
        self.up1 = nn.ConvTranspose2d(w2, w1, 2, stride=2)
        self.decoder1 = block(2 * w1, w1, 2)
        self.head = nn.Conv2d(w1, 1, 1)
        nn.init.constant_(self.head.bias, START[bounding])
        self.bounding = make_bounding(bounding, channels)

    @classmethod
    def create(cls, channels: Sequence[str], *, width: int, bounding: Bounding, dropout: float) -> Self:
        """``dropout`` is not used: this network has none (paper §3.6.1)."""
        return cls(channels, width, bounding)

    def forward(self, x: Tensor) -> Tensor:
        skip1 = self.encoder1(x)
        skip2 = self.encoder2(self.pool(skip1))
        skip3 = self.encoder3(self.pool(skip2))
        y = self.bottleneck(self.pool(skip3))
        y = self.decoder3(torch.cat([self.up3(y), skip3], 1))
        y = self.decoder2(torch.cat([self.up2(y), skip2], 1))
        y = self.decoder1(torch.cat([self.up1(y), skip1], 1))
        return self.bounding(self.head(y), x)
