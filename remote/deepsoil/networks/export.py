"""Exports a network with its contract as one model file; measures the error of 8-bit weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import nn

from deepsoil.contract.model import (
    INPUT,
    METADATA_KEY,
    OUTPUT,
    ClusterPart,
    ContractChannel,
    Metric,
    ModelContract,
    Network,
)
from deepsoil.depths import DEPTHS
from deepsoil.io import atomic
from deepsoil.networks.margin import add_margin
from deepsoil.networks.moisture_network import MoistureNetwork
from deepsoil.networks.onnx_model import exported
from deepsoil.networks.onnx_weights import store_in_8_bits
from deepsoil.networks.registry import find_network, name_of
from deepsoil.networks.session import open_session

Weights = Literal["int8", "float32"]

LICENCE = "CC-BY-4.0"


def make_contract(network: MoistureNetwork, *, name: str, title: str, version: str, depth_cm: int,
                  channels: Sequence[str], fills: Sequence[float], bounding: Literal["sigmoid", "relu", "soil"],
                  weights: Weights, training: dict[str, Any], metrics: Sequence[Metric], code_version: str,
                  quantisation_error: float | None = None, cluster: ClusterPart | None = None) -> ModelContract:
    """The contract of a network; ``fills`` are normalised training means in the order of ``channels``; ``cluster``:
    the one that it was trained for."""
    return ModelContract(
        schema=1, name=name, title=title, version=version, depth_cm=depth_cm,
        channels=[ContractChannel.of(channel, round(float(fill), 4))
                  for channel, fill in zip(channels, fills, strict=True)],
        multiple=int(network.multiple), halo=int(network.halo), bounding=bounding,
        network=Network(kind=name_of(network), parameters=sum(p.numel() for p in network.parameters()),
                        weights=weights, quantisation_error=quantisation_error),
        training=training, metrics=list(metrics), cluster=cluster, code_version=code_version, licence=LICENCE)


def write_model(network: MoistureNetwork, contract: ModelContract, path: Path) -> None:
    """Write the ONNX file with its contract; the file is written atomically."""
    model = exported(network, len(contract.channels), network.multiple)
    if contract.network.weights == "int8":
        store_in_8_bits(model)
    add_margin(model)
    onnx.helper.set_model_props(model, {METADATA_KEY: contract.to_json()})
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_bytes(path, model.SerializeToString())


def predict_file(path: Path, x: NDArray[np.float32], threads: int = 0) -> NDArray[np.float32]:
    """theta (N, 1, H, W) of a model file for normalised input (N, C, H, W)."""
    return np.asarray(open_session(path, threads).run([OUTPUT], {INPUT: x})[0])


def difference(network: nn.Module, path: Path, x: NDArray[np.float32]) -> float:
    """Largest |theta| difference between a model file and the network in full precision."""
    with torch.inference_mode():
        exact = network.eval()(torch.from_numpy(x)).numpy()
    return float(np.abs(predict_file(path, x) - exact).max())


def export_random(path: str | Path, depth_cm: int = 20, seed: int = 0, *, width: int = 8,
                  weights: Weights = "int8", kind: str | None = None) -> Path:
    """A small untrained model with a valid contract, for tests: ``width`` 8 instead of 64 channels. ``kind``: of the
    network, by default that of the depth.

    Its theta varies with the input and stays within soil-like values (about 0.1 to 0.5).
    """
    path = Path(path)
    depth = DEPTHS[depth_cm]
    channels = depth.channels
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = find_network(kind or depth.network).load().create(channels, width=width, bounding="sigmoid",
                                                                    dropout=0.1)
        x = torch.rand(8, len(channels), 16, 16)
        network.train()
        for _ in range(30):  # adapt the running statistics of the batch normalisation
            network(x)
    contract = make_contract(
        network.eval(), name=f"random-{depth_cm}cm", title=f"Random network, {depth_cm} cm (for tests)", version="0",
        depth_cm=depth_cm, channels=channels, fills=[0.5] * len(channels), bounding="sigmoid", weights=weights,
        training={"labels": "none: random weights", "seed": seed}, metrics=[], code_version="0")
    write_model(network, contract, path)
    return path
