"""Writes another contract into a model file; its network stays what it is, byte for byte. Needs `onnx`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnx

from deepsoil.contract.model import METADATA_KEY, ModelContract
from deepsoil.io import atomic
from deepsoil.networks.model_file import read_contract


def rewrite_contract(path: Path, change: Callable[[ModelContract], ModelContract]) -> ModelContract:
    """Replace the contract of a model file by ``change`` of it, atomically; the new one. DeepSoilError ``model_…``."""
    contract = change(read_contract(path))
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {METADATA_KEY: contract.to_json()})
    atomic.write_bytes(path, model.SerializeToString())
    return contract
