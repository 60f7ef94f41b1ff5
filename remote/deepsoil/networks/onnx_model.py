"""A trained network as an ONNX model with free batch, height and width, in full precision; works for any torch network.

Uses torch's TorchScript exporter: it folds batch normalisation and needs no other package. The newer one
(``dynamo``) needs onnxscript, and gives the same graphs for these networks.
"""

from __future__ import annotations

import io
import warnings

import onnx
import torch
from onnx import helper
from torch import nn

from deepsoil.contract.model import INPUT, OUTPUT

OPSET = 18
_FREE = {0: "batch", 2: "height", 3: "width"}


def exported(network: nn.Module, channels: int, multiple: int) -> onnx.ModelProto:
    """The model of a network in evaluation mode; ``multiple``: height and width are multiples of it.

    Raises torch.onnx.errors.OnnxExporterError for an operation that ONNX does not have.
    """
    network = network.eval().cpu()
    x = torch.zeros(2, channels, 2 * multiple, 3 * multiple)
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*legacy TorchScript-based ONNX export", category=DeprecationWarning)
        warnings.filterwarnings("ignore", message=".*feature will be removed", category=DeprecationWarning)
        torch.onnx.export(network, (x,), file, dynamo=False, opset_version=OPSET, input_names=[INPUT],
                          output_names=[OUTPUT], dynamic_axes={INPUT: _FREE, OUTPUT: _FREE})
    model = onnx.load_from_string(file.getvalue())
    model.producer_name = "deepsoil"
    _use_weights_directly(model.graph)
    _name_result(model.graph)
    onnx.checker.check_model(model, full_check=True)
    return model



def _use_weights_directly(graph: onnx.GraphProto) -> None:
    """Remove the Identity nodes through which layers share equal weights."""
    weights = {weight.name for weight in graph.initializer}
    shared = {node.output[0]: node.input[0] for node in graph.node
              if node.op_type == "Identity" and node.input[0] in weights}
    kept = [node for node in graph.node if node.output[0] not in shared]
    for node in kept:
        node.input[:] = [shared.get(name, name) for name in node.input]
    del graph.node[:]
    graph.node.extend(kept)


def _name_result(graph: onnx.GraphProto) -> None:
    """Add an Identity node for the result, so that it can be cropped whatever computes it (`margin`)."""
    last = next(node for node in graph.node if OUTPUT in node.output)
    last.output[:] = [f"{OUTPUT}.whole" if name == OUTPUT else name for name in last.output]
    graph.node.append(helper.make_node("Identity", [f"{OUTPUT}.whole"], [OUTPUT], name=OUTPUT))
