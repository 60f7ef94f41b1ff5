"""Gives a U-Net's ONNX graph the optional input ``margin``, so that a halo is not computed where it has no effect.

A caller that passes a window with a halo of ``margin`` pixels on every side discards the halo of the result.
The encoder needs the halo, the decoder hardly: of its inputs at each resolution only the pixels that its convolutions
still use are kept. The result is bit-identical to that of the whole network without its outermost ``margin`` pixels,
and most of the cost of the halo is saved. By default ``margin`` is 0 and nothing is cropped.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from deepsoil.contract.model import INPUT, MARGIN, OUTPUT
from deepsoil.networks.onnx_nodes import attribute, is_doubling, resolution_levels

_OF_ONE_PIXEL = frozenset({
    "Add", "BatchNormalization", "Clip", "Concat", "Div", "Elu", "Exp", "HardSigmoid", "Identity", "LeakyRelu", "Max",
    "Min", "Mul", "PRelu", "Relu", "Selu", "Sigmoid", "Softplus", "Sqrt", "Sub", "Tanh",
})
"""Operations whose result at a pixel depends only on that pixel of their inputs."""


@dataclass
class _Step:
    """A step of the decoder: a Concat along the channels whose first input has just been upsampled to its resolution.

    ``reach``: of the convolutions up to the next step, in pixels. ``late``: nodes up to there, each with an input that
    has not come through the decoder.
    """

    concat: onnx.NodeProto
    reach: int = 0
    late: list[tuple[onnx.NodeProto, int]] = field(default_factory=list)


def add_margin(model: onnx.ModelProto) -> bool:
    """Add the optional input ``margin`` (int64, one value, a multiple of the network's ``multiple``).

    False for a graph with an unsupported decoder; it is unchanged, and its whole halo is computed.
    """
    steps = _decoder(model.graph)
    if not steps:
        return False
    cutter = _Cutter(model.graph)
    scale = 2 ** (len(steps) - 1)
    above = ""
    for step, pixels in zip(steps, _kept_pixels([step.reach for step in steps]), strict=True):
        cut = cutter.amount(scale, pixels)
        up, *skips = step.concat.input
        # Input from the lower level is already cropped, by twice as many pixels of this resolution as of the lower one.
        rest = cutter.subtract(cut, cutter.twice(above)) if above else cut
        step.concat.input[:] = [cutter.cut(up, rest, step.concat),
                                *(cutter.cut(skip, cut, step.concat) for skip in skips)]
        for node, number in step.late:
            node.input[number] = cutter.cut(node.input[number], cut, node)
        above, scale = cut, scale // 2
    last = next(node for node in model.graph.node if OUTPUT in node.output)
    last.input[0] = cutter.cut(last.input[0], cutter.subtract(MARGIN, above), last)
    cutter.finish()
    onnx.checker.check_model(model, full_check=True)
    return True


def _decoder(graph: onnx.GraphProto) -> list[_Step]:
    """The steps from coarse to fine, one per resolution, the last at full resolution; empty if unsupported."""
    steps: list[_Step] = []
    number_of: dict[str, int] = {}  # tensor → the last step that it has passed
    varying, doubled = {INPUT}, set[str]()
    for node in graph.node:
        inputs = [name for name in node.input if name in varying]
        varying.update(node.output if inputs else ())
        numbers = {number_of[name] for name in inputs if name in number_of}
        if node.op_type == "Concat" and node.input[0] in doubled:
            if numbers != ({len(steps) - 1} if steps else set()) or any(name in number_of for name in inputs[1:]):
                return []
            steps.append(_Step(node))
            number = len(steps) - 1
        elif numbers:
            number = max(numbers)
            if len(numbers) > 1 or doubled.intersection(inputs) or not _is_local(node):
                return []
            steps[number].reach += _reach(node)
            steps[number].late += [(node, place) for place, name in enumerate(node.input)
                                   if name in varying and name not in number_of]
        else:
            doubled.update(node.output if is_doubling(node) else ())
            continue
        doubled.update(node.output if is_doubling(node) else ())
        number_of.update(dict.fromkeys(node.output, number))
    levels = resolution_levels(graph)
    one_a_level = [levels[step.concat.output[0]] for step in steps] == list(range(len(steps)))[::-1]
    return steps if one_a_level and number_of.get(OUTPUT) == len(steps) - 1 else []


def _is_local(node: onnx.NodeProto) -> bool:
    """Whether a pixel of the result depends only on the pixels within `_reach` on every side."""
    if node.op_type == "Conv":
        kernel, pads = attribute(node, "kernel_shape"), attribute(node, "pads")
        return attribute(node, "strides") in ([], [1, 1]) and pads[:2] == pads[2:] and 2 * _reach(node) == 2 * pads[0] \
            and kernel[0] == kernel[1] and kernel[0] % 2 == 1
    return is_doubling(node) or node.op_type in _OF_ONE_PIXEL


def _reach(node: onnx.NodeProto) -> int:
    """Pixels to each side that a convolution uses; 0 for every other node."""
    if node.op_type != "Conv":
        return 0
    return attribute(node, "kernel_shape")[0] // 2 * (attribute(node, "dilations") or [1])[0]


def _kept_pixels(reaches: list[int]) -> list[int]:
    """Pixels of halo that each step, coarse to fine, still needs: its own reach and that of the finer ones."""
    kept: list[int] = []
    finer = 0
    for reach in reversed(reaches):
        finer = -(-finer // 2) + reach
        kept.append(finer)
    return kept[::-1]


class _Cutter:
    """Adds the nodes that crop; integer arithmetic on one-element tensors."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._graph = graph
        self._first: list[onnx.NodeProto] = []
        self._before: dict[str, list[onnx.NodeProto]] = {}
        graph.input.append(helper.make_tensor_value_info(MARGIN, TensorProto.INT64, [1]))
        self._constants: set[str] = set()
        self._constant(MARGIN, [0])
        self._axes = self._constant("margin.axes", [2, 3])

    def _constant(self, name: str, values: list[int]) -> str:
        if name not in self._constants:
            self._constants.add(name)
            self._graph.initializer.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def _number(self, value: int) -> str:
        return self._constant(f"margin.{value}", [value])

    def _calculate(self, operator: str, *inputs: str) -> str:
        name = f"margin.{operator.lower()}{len(self._first)}"
        self._first.append(helper.make_node(operator, list(inputs), [name], name=name))
        return name

    def amount(self, scale: int, keep: int) -> str:
        """max(margin / scale - keep, 0)"""
        there = self._calculate("Div", MARGIN, self._number(scale))
        return self._calculate("Max", self._calculate("Sub", there, self._number(keep)), self._number(0))

    def twice(self, amount: str) -> str:
        return self._calculate("Mul", amount, self._number(2))

    def subtract(self, amount: str, other: str) -> str:
        return self._calculate("Sub", amount, other)

    def cut(self, source: str, amount: str, user: onnx.NodeProto) -> str:
        """``source`` without ``amount`` pixels on every side, computed just before the node ``user``."""
        name = f"{source}.inner{len(self._before)}.{len(self._before.get(user.output[0], ()))}"
        nodes = [helper.make_node("Concat", [amount, amount], [f"{name}.start"], axis=0),
                 helper.make_node("Shape", [source], [f"{name}.size"], start=2, end=4),
                 helper.make_node("Sub", [f"{name}.size", f"{name}.start"], [f"{name}.end"]),
                 helper.make_node("Slice", [source, f"{name}.start", f"{name}.end", self._axes], [name])]
        for node in nodes:
            node.name = node.output[0]
        self._before.setdefault(user.output[0], []).extend(nodes)
        return name

    def finish(self) -> None:
        """Insert the nodes in topological order."""
        ordered = list(self._first)
        for node in self._graph.node:
            ordered += [*self._before.get(node.output[0], ()), node]
        del self._graph.node[:]
        self._graph.node.extend(ordered)
