"""A network of another package: trained, exported and used like the networks that come with the engine.

The example of docs/extending.md. The network has layers and operations that the U-Nets do not have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import pytest
import torch
from deepsoil.contract.errors import DeepSoilError
from deepsoil.networks import registry
from deepsoil.networks.bounding import Bounding, make_bounding
from deepsoil.networks.export import make_contract, predict_file, write_model
from deepsoil.networks.model_file import read_contract
from deepsoil.networks.moisture_network import MoistureNetwork
from deepsoil.networks.registry import NetworkEntry
from deepsoil.training.configuration import parse_configuration
from deepsoil.training.train import Training
from torch import Tensor, nn
from training_tools import settings, write_weather


class WideNet(MoistureNetwork):
    """Dilated and separable convolutions instead of levels: it sees 7 pixels in every direction."""

    multiple = 2
    halo = 12

    def __init__(self, channels: Sequence[str], width: int, bounding: Bounding, dropout: float) -> None:
        super().__init__()
        self.first = nn.Conv2d(len(channels), width, 3, padding=1)
        self.wide = nn.Conv2d(width, width, 3, padding=3, dilation=3, groups=width)
        self.norm = nn.BatchNorm2d(width)
        self.active = nn.GELU()
        self.down = nn.AvgPool2d(2)
        self.low = nn.Conv2d(width, width, 1)
        self.up = nn.Upsample(scale_factor=2, mode="bilinear")
        self.drop = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(width, 1, 1)
        self.bounding = make_bounding(bounding, channels)

    @classmethod
    def create(cls, channels: Sequence[str], *, width: int, bounding: Bounding, dropout: float) -> Self:
        return cls(channels, width, bounding, dropout)

    def forward(self, x: Tensor) -> Tensor:
        y = self.active(self.norm(self.wide(self.active(self.first(x)))))
        y = y + self.up(self.low(self.down(y)))
        return self.bounding(self.head(self.drop(y)), x)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_weather(tmp_path_factory.mktemp("wide"))


# docs: network-entry
WIDE_NET = NetworkEntry("wide_net", f"{__name__}:WideNet", multiple=2)
# docs: end


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As a package of its own does it when it is imported, and gone again after the test."""
    monkeypatch.setattr(registry, "_entries", dict(registry._entries))
    registry.register(WIDE_NET)
    yield


def test_it_is_trained_from_a_configuration_and_the_model_file_has_its_name(root: Path, tmp_path: Path) -> None:
    document = settings(root, 20) | {"name": "wide", "network": {"kind": "wide_net", "width": 4}}
    training = Training(parse_configuration(document, "test"), tmp_path / "run", say=lambda line: None, columns=root)
    contract = read_contract(training.run())
    assert contract.network.kind == "wide_net" and (contract.multiple, contract.halo) == (2, 12)
    assert contract.network.quantisation_error is not None and contract.network.quantisation_error < 0.002
    assert "Network: wide_net" in (tmp_path / "run" / "wide.md").read_text("utf-8")


@pytest.mark.parametrize(("weights", "limit"), [("float32", 1e-5), ("int8", 2e-3)])
def test_its_layers_are_exported_whatever_they_are(weights: str, limit: float, tmp_path: Path) -> None:
    torch.manual_seed(3)
    channels = ("sand", "silt", "clay", "elevation")
    network = WideNet(channels, 8, "sigmoid", 0.5)
    for _ in range(10):
        network(torch.rand(2, 4, 16, 16))
    network.eval()
    contract = make_contract(network, name="n", title="N", version="1", depth_cm=20, channels=channels,
                             fills=[0.5] * 4, bounding="sigmoid", weights=weights, training={}, metrics=[],
                             code_version="0")
    write_model(network, contract, tmp_path / "n.onnx")
    x = np.random.default_rng(0).random((3, 4, 22, 46), np.float32)
    with torch.inference_mode():
        exact = network(torch.from_numpy(x)).numpy()
    assert exact.std() > 0.002
    assert np.abs(predict_file(tmp_path / "n.onnx", x) - exact).max() < limit


@pytest.mark.parametrize(("change", "message"), [
    ({"network": {"kind": "narrow_net"}}, "there is no network 'narrow_net'; there are light_pixels, .*, wide_net"),
    ({"network": {"kind": "wide_net"}, "warm_start": {"steps": 3}}, "no block of the network wide_net"),
    ({"network": {"kind": "wide_net"}, "schedule": {"epochs": 1, "steps_per_epoch": 1, "learning_rate": 0.1,
      "stages": [{"share": 1.0, "patch": 17, "batch": 1}]}}, "no multiple of 2"),
])
def test_a_configuration_that_does_not_suit_it_is_refused(root: Path, change: dict, message: str) -> None:
    with pytest.raises(DeepSoilError, match=message) as caught:
        parse_configuration(settings(root, 20) | change, "test")
    assert caught.value.code == "configuration_invalid"


def test_a_network_without_a_name_is_not_exported() -> None:
    class Unknown(WideNet):
        pass

    with pytest.raises(DeepSoilError, match="has no name") as caught:
        registry.name_of(Unknown(("sand",), 2, "sigmoid", 0.0))
    assert caught.value.code == "network_unknown"


@pytest.mark.parametrize("name", ["light_unet", "surface_unet", "wide_net"])
def test_what_the_registry_says_of_a_network_is_true(name: str) -> None:
    entry = registry.find_network(name)
    kind = entry.load()
    assert kind.multiple == entry.multiple and kind.halo % kind.multiple == 0
    network = kind.create(("sand", "silt", "clay", "ndvi"), width=2, bounding="sigmoid", dropout=0.1)
    assert registry.name_of(network) == name
    assert hasattr(network, "decoder1") == entry.pixel_path
