"""Starts a U-Net from its own per-pixel path, whose training costs a fiftieth of that of the whole network.

The first and the last block at full resolution form a perceptron when only the middle taps of their 3x3
convolutions are used: five layers that see one pixel. It is trained alone on single pixels first. The U-Net
then starts as this perceptron, with the other taps of those blocks at zero, and learns what the neighbourhood adds.
The weights from the levels below start small, not at zero: from zero no gradient would reach those levels.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from deepsoil.networks.moisture_network import MoistureNetwork, UNet
from deepsoil.training.batches import Source, tensors
from deepsoil.training.configuration import Configuration
from deepsoil.training.losses import composite

PIXELS, STATISTICS = 14, 15  # first words of the random keys
PATCH = 4  # neighbouring pixels have little in common but the weather; small patches have the most variety
REPORT_STEPS = 100
STATISTICS_BATCHES, STATISTICS_BATCH, STATISTICS_PATCH = 20, 16, 32


class PixelPath(nn.Module):
    """The full-resolution blocks of a U-Net with 1x1 convolutions; normalisation and head are shared with the U-Net."""

    def __init__(self, network: UNet) -> None:
        super().__init__()
        self.network = network
        first, second = network.encoder1[0], network.encoder1[3]
        third, fourth = network.decoder1[0], network.decoder1[3]
        self.width = second.out_channels
        sizes = ((first.in_channels, self.width), (self.width, self.width),
                 (third.in_channels - self.width, self.width), (self.width, fourth.out_channels))
        self.layers = nn.ModuleList(nn.Conv2d(*size, 1, bias=False) for size in sizes)
        self.targets = (first, second, third, fourth)

    def forward(self, x: Tensor) -> Tensor:
        encoder, decoder = self.network.encoder1, self.network.decoder1
        y = encoder[2](encoder[1](self.layers[0](x)))
        y = encoder[5](encoder[4](self.layers[1](y)))
        y = torch.cat([y, *self.network.late_inputs(x)], 1)
        y = decoder[2](decoder[1](self.layers[2](y)))
        y = decoder[5](decoder[4](self.layers[3](y)))
        return self.network.bounding(self.network.head(y), x)

    def trained_parameters(self) -> list[nn.Parameter]:
        shared = (self.network.encoder1[1], self.network.encoder1[4], self.network.decoder1[1],
                  self.network.decoder1[4], self.network.head)
        return [p for module in (self.layers, *shared) for p in module.parameters()]

    @torch.no_grad()
    def transplant(self, below: float = 0.0) -> None:
        """Copy the 1x1 weights to the middle taps of the U-Net; all other taps of these blocks become zero.

        ``below``: the share of their drawn values that the weights from the lower level keep.
        """
        for layer, target in zip(self.layers, self.targets, strict=True):
            lower = target.in_channels - layer.in_channels  # its channels come first in the input of the decoder
            target.weight[:, lower:].zero_()
            target.weight[:, :lower].mul_(below)
            target.weight[:, lower:, 1, 1] = layer.weight[:, :, 0, 0]


def warm_start(network: MoistureNetwork, source: Source, configuration: Configuration, device: torch.device,
               on_step: Callable[[int, int, float], bool] = lambda done, total, loss: True) -> bool:
    """Train the per-pixel path, copy it to the network, and estimate the statistics of the deeper blocks.

    A network of single pixels is its own path.
    ``on_step(done, total, mean loss)`` is called every 100 steps. When it returns False, the training stops and the
    result is False; the network must not be used then.
    """
    choice = configuration.warm_start
    assert choice is not None
    torch.manual_seed(configuration.seed)
    path = (PixelPath(network) if isinstance(network, UNet) else network).to(device)
    learning = path.trained_parameters() if isinstance(path, PixelPath) else list(path.parameters())
    optimiser = torch.optim.AdamW(learning, lr=choice.learning_rate, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, choice.learning_rate, choice.steps, pct_start=0.1)
    path.train()
    total = 0.0
    for step in range(choice.steps):
        patches = source.draw((configuration.seed, PIXELS, step), choice.pixels // PATCH**2, PATCH)
        shown = tensors(patches, device)
        optimiser.zero_grad(set_to_none=True)
        loss = composite(path(shown.x), shown.theta, shown.mask, shown.soil, 1.0, configuration.loss,
                         shown.weight)["total"]
        loss.backward()
        nn.utils.clip_grad_norm_(learning, configuration.schedule.clip_norm)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if (step + 1) % REPORT_STEPS == 0:
            if not on_step(step + 1, choice.steps, total / REPORT_STEPS):
                return False
            total = 0.0
    if not isinstance(path, PixelPath):
        return True
    # levels that do not learn would add nothing but noise
    path.transplant(choice.below if configuration.schedule.trained == "all" else 0.0)
    _settle(network, source, configuration, device)
    return True


@torch.no_grad()
def _settle(network: UNet, source: Source, configuration: Configuration, device: torch.device) -> None:
    """Estimate the statistics of the batch normalisation below full resolution, from patches."""
    network.train()
    for block in (network.encoder1, network.decoder1):
        block.eval()
    for number in range(STATISTICS_BATCHES):
        patches = source.draw((configuration.seed, STATISTICS, number), STATISTICS_BATCH, STATISTICS_PATCH)
        network(torch.from_numpy(patches.x).to(device, memory_format=torch.channels_last))
