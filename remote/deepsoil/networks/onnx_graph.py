"""Writes a trained U-Net as an ONNX graph: batch normalisation folded, weights optionally in 8 bits.

The graph is written from the traced modules, so that nothing but convolutions, poolings and
concatenations is in it, with free batch, height and width. Weights in 8 bits are symmetric per output
channel; they are unfolded to float by DequantizeLinear, and the convolutions run in float.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import fx, nn

from deepsoil.contract.model import INPUT, OUTPUT
from deepsoil.networks.bounding import Relu, Sigmoid, Soil

OPSET = 18
IR_VERSION = 10  # read by every ONNX Runtime since 1.18

Array = NDArray[Any]


class _Tracer(fx.Tracer):
    """Bounding layers stay whole: each has its own translation."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return isinstance(m, (Sigmoid, Relu, Soil)) or super().is_leaf_module(m, module_qualified_name)


def quantise(weight: Array, axis: int) -> tuple[Array, Array]:
    """(int8 weights, float32 scale along ``axis``): symmetric, zero stays zero, largest value at 127."""
    others = tuple(i for i in range(weight.ndim) if i != axis)
    scale = np.maximum(np.abs(weight).max(axis=others), 1e-12) / 127.0
    shape = [1] * weight.ndim
    shape[axis] = -1
    return np.round(weight / scale.reshape(shape)).astype(np.int8), scale.astype(np.float32)


class GraphWriter:
    """Collects nodes and weights of one network; ``int8`` except for the layers in ``keep_float``."""

    def __init__(self, int8: bool, keep_float: Collection[str] = ()) -> None:
        self.int8 = int8
        self.keep_float = frozenset(keep_float)
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, name: str, value: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def weight(self, layer: str, value: Array, axis: int) -> str:
        """A convolution's weight, as float or as int8 with its scale; ``axis`` counts the output channels."""
        name = f"{layer}.weight"
        if not self.int8 or layer in self.keep_float:
            return self.constant(name, value)
        codes, scale = quantise(value, axis)
        return self.add("DequantizeLinear", [self.constant(f"{name}_int8", codes),
                                             self.constant(f"{name}_scale", scale)], name, axis=axis)

    def convolution(self, layer: str, module: nn.Module, norm: nn.BatchNorm2d | None, source: str, output: str) -> str:
        """3x3, 1x1 or transposed convolution, with the batch normalisation that follows folded in."""
        transposed = isinstance(module, nn.ConvTranspose2d)
        axis = 1 if transposed else 0
        weight, bias = _folded(module, norm, axis)
        inputs = [source, self.weight(layer, weight, axis), self.constant(f"{layer}.bias", bias)]
        if transposed:
            return self.add("ConvTranspose", inputs, output, kernel_shape=[2, 2], strides=[2, 2])
        kernel, pad = list(module.kernel_size), list(module.padding)
        return self.add("Conv", inputs, output, kernel_shape=kernel, pads=pad * 2, strides=[1, 1])

    def bounding(self, layer: str, module: nn.Module, raw: str, x: str, output: str) -> str:
        if isinstance(module, Sigmoid):
            return self.add("Sigmoid", [raw], output)
        if isinstance(module, Relu):
            return self.add("Relu", [raw], output)
        assert isinstance(module, Soil)
        limits = self.add("Gather", [x, self.constant(f"{layer}.index", module.index.numpy())], f"{layer}.scaled",
                          axis=1)
        span = self.constant(f"{layer}.span", module.span.numpy())
        minimum = self.constant(f"{layer}.minimum", module.minimum.numpy())
        limits = self.add("Add", [self.add("Mul", [limits, span], f"{layer}.m"), minimum], f"{layer}.limits")
        axis = self.constant(f"{layer}.axis", np.array([1], np.int64))
        edges = [self.constant(f"{layer}.{i}", np.array([i], np.int64)) for i in range(3)]
        low = self.add("Slice", [limits, edges[0], edges[1], axis], f"{layer}.low")
        high = self.add("Slice", [limits, edges[1], edges[2], axis], f"{layer}.high")
        width = self.add("Relu", [self.add("Sub", [high, low], f"{layer}.difference")], f"{layer}.width")
        share = self.add("Mul", [width, self.add("Sigmoid", [raw], f"{layer}.share")], f"{layer}.above")
        return self.add("Add", [low, share], output)


def _folded(module: nn.Module, norm: nn.BatchNorm2d | None, axis: int) -> tuple[Array, Array]:
    """(weight, bias) in float32 of a convolution with the statistics of its batch normalisation inside."""
    weight = module.weight.detach().double()
    bias = torch.zeros(weight.shape[axis]).double() if module.bias is None else module.bias.detach().double()
    if norm is not None:
        factor = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
        shape = [1] * weight.ndim
        shape[axis] = -1
        weight = weight * factor.view(shape)
        bias = (bias - norm.running_mean.double()) * factor + norm.bias.detach().double()
    return weight.float().numpy(), bias.float().numpy()


def build(network: nn.Module, channels: int, int8: bool, keep_float: Collection[str] = ()) -> onnx.ModelProto:
    """The ONNX model of a network in evaluation mode, without metadata.

    Raises NotImplementedError for a layer that has no translation here.
    """
    network = network.eval().cpu()
    modules = dict(network.named_modules())
    writer = GraphWriter(int8, keep_float)
    names: dict[fx.Node, str] = {}
    folded: set[fx.Node] = set()
    graph = _Tracer().trace(network)
    for node in graph.nodes:
        if node in folded:
            names[node] = names[node.args[0]]
        elif node.op == "placeholder":
            names[node] = INPUT
        elif node.op == "call_module":
            following = next(iter(node.users), None)
            norm = modules.get(str(following.target)) if following is not None and len(node.users) == 1 else None
            if not isinstance(norm, nn.BatchNorm2d):
                norm = None
            elif following is not None:
                folded.add(following)
            names[node] = _module(writer, node, modules[str(node.target)], norm, names)
        elif node.op == "call_function":
            names[node] = _function(writer, node, names, network)
        elif node.op == "output":
            writer.add("Identity", [names[node.args[0]]], OUTPUT)
    return _model(writer, channels)


def _module(writer: GraphWriter, node: fx.Node, module: nn.Module, norm: nn.BatchNorm2d | None,
            names: dict[fx.Node, str]) -> str:
    source, layer = names[node.args[0]], str(node.target)
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        return writer.convolution(layer, module, norm, source, node.name)
    if isinstance(module, nn.LeakyReLU):
        return writer.add("LeakyRelu", [source], node.name, alpha=float(module.negative_slope))
    if isinstance(module, nn.ReLU):
        return writer.add("Relu", [source], node.name)
    if isinstance(module, nn.MaxPool2d):
        return writer.add("MaxPool", [source], node.name, kernel_shape=[2, 2], strides=[2, 2])
    if isinstance(module, nn.Dropout2d):
        return source
    if isinstance(module, (Sigmoid, Relu, Soil)):
        return writer.bounding(layer, module, source, names[node.args[1]], node.name)
    raise NotImplementedError(f"no ONNX translation for {type(module).__name__} ({layer})")


def _function(writer: GraphWriter, node: fx.Node, names: dict[fx.Node, str], network: nn.Module) -> str:
    if node.target is torch.cat:
        return writer.add("Concat", [names[part] for part in node.args[0]], node.name, axis=1)
    if node.target is torch.index_select:
        index = network.get_buffer(str(node.args[2].target)).numpy()
        constant = writer.constant(f"{node.name}.index", index)
        return writer.add("Gather", [names[node.args[0]], constant], node.name, axis=1)
    raise NotImplementedError(f"no ONNX translation for {node.target}")


def _model(writer: GraphWriter, channels: int) -> onnx.ModelProto:
    size: list[str | int | None] = ["batch", channels, "height", "width"]
    x = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, size)
    theta = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", 1, "height", "width"])
    graph = helper.make_graph(writer.nodes, "deepsoil", [x], [theta], writer.weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="deepsoil",
                              ir_version=IR_VERSION)
    onnx.checker.check_model(model, full_check=True)
    return model
