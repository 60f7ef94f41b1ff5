"""The U-Net of the 5 cm depth (paper §3.3): 12.9 million parameters.

Four encoder blocks (64, 128, 256, 512 channels; convolution, batch normalisation, LeakyReLU) down to a
latent of 4 x 4 x 512 for a 64 x 64 tile, four decoder blocks with transposed convolutions, skip
connections and dropout. The last block gets NDVI, land cover and the Landsat bands again (late fusion).
Input (batch, channels, height, width) scaled to 0-1, height and width multiples of 16; output
(batch, 1, height, width) theta.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import torch
from torch import Tensor, nn

from deepsoil.depths import DEPTHS
from deepsoil.networks.bounding import START, Bounding, make_bounding
from deepsoil.networks.moisture_network import UNet

SLOPE = 0.2  # of LeakyReLU; the paper gives none (science reference §5 item 16)
LATE_FUSION: tuple[str, ...] = ("ndvi", "land_cover", "red", "green", "blue")
"""Channels that are fused again before the last convolution (paper §3.3)."""


def block(inputs: int, outputs: int, convolutions: int, dropout: float = 0.0, *, kernel: int = 3) -> nn.Sequential:
    """``convolutions`` times convolution of ``kernel`` x ``kernel`` pixels, batch normalisation, LeakyReLU; then
    dropout of whole channels."""
    layers: list[nn.Module] = []
    for number in range(convolutions):
        layers += [nn.Conv2d(inputs if number == 0 else outputs, outputs, kernel, padding=kernel // 2,
                             bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(SLOPE)]
    if dropout > 0:
        layers.append(nn.Dropout2d(dropout))
    return nn.Sequential(*layers)


class SurfaceUNet(UNet):
    """U-Net for theta at 5 cm. ``width`` is the number of channels of the first block (64 in the paper)."""

    multiple = 16
    halo = 64  # an output pixel depends on inputs up to 62 pixels away, the next multiple of 16 is exact

    def __init__(self, channels: Sequence[str] = DEPTHS[5].channels, width: int = 64, bounding: Bounding = "sigmoid",
                 dropout: float = 0.1, fused: Sequence[str] = LATE_FUSION) -> None:
        super().__init__()
        w1, w2, w3, w4 = width, 2 * width, 4 * width, 8 * width
        fused = [name for name in fused if name in channels]
        self.register_buffer("fused", torch.tensor([channels.index(name) for name in fused]))
        self.encoder1 = block(len(channels), w1, 2)
        self.encoder2 = block(w1, w2, 2)
        self.encoder3 = block(w2, w3, 2)
        self.encoder4 = block(w3, w4, 2, dropout)
        self.pool = nn.MaxPool2d(2)
        self.up4 = nn.ConvTranspose2d(w4, w4, 2, stride=2)
        self.decoder4 = block(2 * w4, w4, 1, dropout)
        self.up3 = nn.ConvTranspose2d(w4, w3, 2, stride=2)
        self.decoder3 = block(2 * w3, w3, 1, dropout)
        self.up2 = nn.ConvTranspose2d(w3, w2, 2, stride=2)
        self.decoder2 = block(2 * w2, w2, 2)
        self.up1 = nn.ConvTranspose2d(w2, w1, 2, stride=2)
        self.decoder1 = block(2 * w1 + len(fused), w1, 2)
        self.head = nn.Conv2d(w1, 1, 1)
        nn.init.constant_(self.head.bias, START[bounding])
        self.bounding = make_bounding(bounding, channels)

    @classmethod
    def create(cls, channels: Sequence[str], *, width: int, bounding: Bounding, dropout: float) -> Self:
        return cls(channels, width, bounding, dropout)

    def late_inputs(self, x: Tensor) -> list[Tensor]:
        return [torch.index_select(x, 1, self.fused)]

    def forward(self, x: Tensor) -> Tensor:
        skip1 = self.encoder1(x)
        skip2 = self.encoder2(self.pool(skip1))
        skip3 = self.encoder3(self.pool(skip2))
        skip4 = self.encoder4(self.pool(skip3))
        y = self.pool(skip4)
        y = self.decoder4(torch.cat([self.up4(y), skip4], 1))
        y = self.decoder3(torch.cat([self.up3(y), skip3], 1))
        y = self.decoder2(torch.cat([self.up2(y), skip2], 1))
        y = torch.cat([self.up1(y), skip1, *self.late_inputs(x)], 1)
        return self.bounding(self.head(self.decoder1(y)), x)
