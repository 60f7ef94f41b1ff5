"""Reads the metadata of a model file: ONNX Runtime only, no torch."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import INPUT, METADATA_KEY, OUTPUT, ModelContract
from deepsoil.networks.session import load_session


def read_contract(path: str | Path) -> ModelContract:
    """The contract of a model file, checked against this engine and against the graph's own input.

    Raises DeepSoilError ``model_missing``, ``model_invalid`` or ``model_mismatch``.
    """
    path = Path(path)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4  # errors are raised as DeepSoilError
    options.intra_op_num_threads = 1
    session = load_session(path, options)
    text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if text is None:
        raise DeepSoilError("model_invalid", "The model {name} has no description of its inputs (contract).",
                            "Use a model exported by `deepsoil train`.", "models",
                            name=path.name)
    contract = ModelContract.from_json(text, path.name)
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if [i.name for i in inputs] != [INPUT] or [o.name for o in outputs] != [OUTPUT] \
            or list(inputs[0].shape or ())[1:2] != [len(contract.channels)]:
        raise DeepSoilError("model_mismatch", "The graph of {name} does not take the channels of its contract.",
                            "Export the model again.", "models",
                            name=path.name)
    return contract
