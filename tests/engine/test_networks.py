"""The two U-Nets: size, receptive field, export, 8-bit weights, independence of the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from deepsoil.contract.model import INPUT, MARGIN, OUTPUT, ModelContract
from deepsoil.depths import DEPTHS
from deepsoil.networks.bounding import START, make_bounding
from deepsoil.networks.export import difference, export_random, make_contract, predict_file, write_model
from deepsoil.networks.light_unet import LightUNet
from deepsoil.networks.margin import add_margin
from deepsoil.networks.onnx_model import exported
from deepsoil.networks.session import open_session
from deepsoil.networks.surface_unet import LATE_FUSION, SurfaceUNet

STACK_5CM, STACK_20CM = DEPTHS[5].channels, DEPTHS[20].channels
STACK_5CM_PAPER, STACK_20CM_PAPER = DEPTHS[5].paper_channels, DEPTHS[20].paper_channels
NETWORKS = [(LightUNet, STACK_20CM), (SurfaceUNet, STACK_5CM)]


def settled(network: torch.nn.Module, channels: int) -> torch.nn.Module:
    """The network in evaluation mode with normalisation statistics of random input."""
    network.train()
    with torch.no_grad():
        for _ in range(20):
            network(torch.rand(4, channels, 32, 32))
    return network.eval()


def contract_of(network: torch.nn.Module, channels: tuple[str, ...], weights: str = "float32",
                bounding: str = "sigmoid") -> ModelContract:
    return make_contract(network, name="n", title="N", version="1", depth_cm=5 if channels == STACK_5CM else 20,
                         channels=channels, fills=[0.5] * len(channels), bounding=bounding, weights=weights,
                         training={}, metrics=[], code_version="0")


def test_the_networks_have_the_size_of_the_paper() -> None:
    papers = ((LightUNet, STACK_20CM_PAPER), (SurfaceUNet, STACK_5CM_PAPER))
    sizes = [sum(p.numel() for p in network(channels).parameters()) for network, channels in papers]
    assert sizes == [3_316_481, 12_898_113]
    latent: list[tuple[int, ...]] = []
    surface = SurfaceUNet().eval()
    surface.up4.register_forward_hook(lambda module, inputs, output: latent.append(tuple(inputs[0].shape[1:])))
    with torch.no_grad():
        surface(torch.rand(1, len(STACK_5CM), 64, 64))
    assert latent == [(512, 4, 4)]


@pytest.mark.parametrize(("network", "channels"), NETWORKS)
def test_the_halo_covers_the_receptive_field(network: type[torch.nn.Module], channels: tuple[str, ...]) -> None:
    net = network(channels, 4).eval()
    for weight in net.parameters():
        if weight.ndim == 4:  # positive weights: no unit is dead, so every path counts
            torch.nn.init.uniform_(weight, 0.0, 0.02)
    size = 4 * net.halo
    reach = 0
    # the field of a pixel depends on its place within a pooling cell: both ends of a cell are tried
    for centre in (size // 2, size // 2 + net.multiple - 1):
        x = torch.rand(1, len(channels), size, size, requires_grad=True)
        net(x)[0, 0, centre, centre].backward()
        touched = x.grad.abs().sum((0, 1)).nonzero()
        reach = max(reach, int((touched - centre).abs().max()))
    assert net.halo // 2 < reach <= net.halo and net.halo % net.multiple == 0


@pytest.mark.parametrize(("network", "channels"), NETWORKS)
def test_a_window_with_halo_gives_what_the_whole_gives(network: type[torch.nn.Module], channels: tuple[str, ...],
                                                       tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = settled(network(channels, 4), len(channels))
    write_model(net, contract_of(net, channels), tmp_path / "n.onnx")
    size, halo, cut = 5 * net.halo, net.halo, net.halo + net.multiple
    x = np.random.default_rng(0).random((1, len(channels), size, size), np.float32)
    whole = predict_file(tmp_path / "n.onnx", x)
    inner = slice(cut - halo, size - halo)
    part = predict_file(tmp_path / "n.onnx", np.ascontiguousarray(x[:, :, inner, inner]))
    keep = slice(cut, size - 2 * halo)
    assert np.abs(part[:, :, halo:-halo, halo:-halo] - whole[:, :, keep, keep]).max() < 1e-6


@pytest.mark.parametrize("bounding", ["sigmoid", "relu", "soil"])
def test_export_equals_torch(bounding: str, tmp_path: Path) -> None:
    torch.manual_seed(2)
    x = np.random.default_rng(1).random((2, len(STACK_5CM), 48, 32), np.float32)
    net = settled(SurfaceUNet(STACK_5CM, 8, bounding), len(STACK_5CM))
    for weights, limit in (("float32", 1e-5), ("int8", 2e-3)):
        write_model(net, contract_of(net, STACK_5CM, weights, bounding), tmp_path / "n.onnx")
        assert difference(net, tmp_path / "n.onnx", x) < limit
    assert predict_file(tmp_path / "n.onnx", x).std() > 1e-4


def test_soil_bounding_lies_between_residual_and_saturated_water_content() -> None:
    layer = make_bounding("soil", STACK_5CM)
    x = torch.rand(1, len(STACK_5CM), 8, 8)
    x[:, STACK_5CM.index("theta_r")], x[:, STACK_5CM.index("theta_s")] = 0.3, 0.4  # 0.09 and 0.44 m3/m3
    for raw, wanted in ((-50.0, 0.09), (-1.0, 0.09 + 0.35 * 0.268941), (0.0, 0.265), (2.0, 0.09 + 0.35 * 0.880797),
                        (50.0, 0.44)):
        assert torch.allclose(layer(torch.full((1, 1, 8, 8), raw), x), torch.tensor(wanted), atol=1e-6)
    # each pixel has its own limits; where they are the wrong way round there is no room between them
    x[:, STACK_5CM.index("theta_s"), :4] = 0.6  # 0.56
    theta = layer(torch.zeros((1, 1, 8, 8)), x)
    assert torch.allclose(theta[..., :4, :], torch.tensor(0.325)) and torch.allclose(theta[..., 4:, :],
                                                                                     torch.tensor(0.265))
    x[:, STACK_5CM.index("theta_r")], x[:, STACK_5CM.index("theta_s")] = 1.0, 0.0  # 0.3 and 0.2
    assert torch.allclose(layer(torch.tensor([[[[-3.0, 3.0]]]]), x[..., :1, :2]), torch.tensor(0.3))
    with pytest.raises(ValueError, match="needs the channels theta_r"):
        make_bounding("soil", STACK_20CM)


def test_the_other_bounds_are_a_sigmoid_and_nothing_below_zero() -> None:
    raw, x = torch.tensor([-1.1, 0.0, 2.0]).view(1, 1, 1, 3), torch.zeros(1, 1, 1, 3)
    assert torch.allclose(make_bounding("sigmoid", ()).forward(raw, x).ravel(), torch.tensor([0.249740, 0.5, 0.880797]))
    assert make_bounding("relu", ()).forward(raw, x).ravel().tolist() == [0.0, 0.0, 2.0]
    assert START == {"sigmoid": -1.1, "relu": 0.25, "soil": 0.0}


def test_late_fusion_reaches_the_output_without_the_encoder() -> None:
    net = settled(SurfaceUNet(STACK_5CM, 4), len(STACK_5CM))
    torch.nn.init.zeros_(net.encoder1[0].weight)
    x = torch.rand(1, len(STACK_5CM), 32, 32, requires_grad=True)
    net(x)[0, 0, 16, 16].backward()
    used = x.grad.abs().sum((0, 2, 3)) > 0
    assert {name for name, here in zip(STACK_5CM, used, strict=True) if here} == set(LATE_FUSION)


def test_eight_bit_weights_fit_the_package(tmp_path: Path) -> None:
    """Both full-size files together stay under 18 MB; the random ones for tests under 1 MB."""
    total = 0
    for network, channels in NETWORKS:
        net = network().eval()
        write_model(net, contract_of(net, channels, "int8"), tmp_path / "full.onnx")
        total += (tmp_path / "full.onnx").stat().st_size
    assert total < 18e6
    assert export_random(tmp_path / "small.onnx", 5).stat().st_size < 1e6


def test_random_models_are_reproducible_and_leave_the_generator_alone(tmp_path: Path) -> None:
    torch.manual_seed(3)
    first = torch.rand(1)
    torch.manual_seed(3)
    one, same, other = (export_random(tmp_path / f"{n}.onnx", 20, seed) for n, seed in enumerate((1, 1, 2)))
    assert torch.equal(torch.rand(1), first)
    x = np.random.default_rng(0).random((1, len(STACK_20CM), 16, 24), np.float32)
    a, b, c = (predict_file(path, x) for path in (one, same, other))
    assert a.shape == (1, 1, 16, 24) and np.array_equal(a, b) and not np.allclose(a, c)
    assert a.min() > 0 and a.max() < 0.7 and a.std() > 0.005


@pytest.mark.parametrize("bounding", ["sigmoid", "soil"])
@pytest.mark.parametrize("network", [LightUNet, SurfaceUNet])
def test_a_margin_cuts_the_result_and_changes_nothing_else(network: type[LightUNet | SurfaceUNet], bounding: str,
                                                           tmp_path: Path) -> None:
    torch.manual_seed(4)
    net = settled(network(STACK_5CM, 4, bounding), len(STACK_5CM))
    write_model(net, contract_of(net, STACK_5CM, bounding=bounding), tmp_path / "n.onnx")
    session = open_session(tmp_path / "n.onnx")
    x = np.random.default_rng(2).random((1, len(STACK_5CM), 2 * net.halo + 32, 2 * net.halo + 48), np.float32)
    whole = session.run([OUTPUT], {INPUT: x})[0]
    for margin in (net.multiple, net.halo):
        cut = session.run([OUTPUT], {INPUT: x, MARGIN: np.array([margin], np.int64)})[0]
        np.testing.assert_allclose(cut, whole[:, :, margin:-margin, margin:-margin], atol=1e-6)


def test_a_decoder_that_looks_at_the_whole_map_gets_no_margin() -> None:
    class Global(LightUNet):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = torch.cat([self.up1(self.encoder2(self.pool(self.encoder1(x)))), self.encoder1(x)], 1)
            y = self.decoder1(y)
            return torch.sigmoid(self.head(y - y.mean((2, 3), keepdim=True)))

    network = Global(("sand", "silt"), 4)
    network.up1 = torch.nn.ConvTranspose2d(8, 4, 2, stride=2)
    model = exported(network, 2, 8)
    before = model.SerializeToString()
    assert not add_margin(model) and model.SerializeToString() == before
