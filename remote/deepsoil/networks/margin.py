"""Gives a U-Net's ONNX graph the optional input ``margin``, so that a halo is not computed where it no longer matters.

A caller that hands over a window with a halo of ``margin`` pixels on every side throws the halo of the result away.
The encoder needs it, the decoder hardly: of its inputs at each resolution only the pixels that its convolutions
still reach are kept. The result is that of the whole network without its outermost ``margin`` pixels, bit for bit,
and most of the cost of the halo is gone. Left out, ``margin`` is 0 and nothing is cut.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from deepsoil.contract.model import MARGIN, OUTPUT


def add_margin(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with the optional input ``margin`` (int64, one value, a multiple of the network's ``multiple``).

    Every Concat along the channels whose first input comes from a ConvTranspose is a decoder step; they run from
    coarse to fine, the last one at full resolution.
    """
    cutter = _Cutter(model.graph)
    steps = _decoder_steps(list(model.graph.node))
    scale = 2 ** (len(steps) - 1)
    keep = _kept_pixels([reach for _, reach in steps])
    above = ""
    for (step, _), pixels in zip(steps, keep, strict=True):
        cut = cutter.amount(scale, pixels)
        up, *skips = step.input
        # What came from below has been cut already, by twice as many pixels of this resolution as of the lower one.
        rest = cutter.subtract(cut, cutter.twice(above)) if above else cut
        step.input[:] = [cutter.cut(up, rest, step), *(cutter.cut(skip, cut, step) for skip in skips)]
        above, scale = cut, scale // 2
    last = next(node for node in model.graph.node if OUTPUT in node.output)
    last.input[0] = cutter.cut(last.input[0], cutter.subtract(MARGIN, above), last)
    cutter.finish()
    onnx.checker.check_model(model, full_check=True)
    return model


def _decoder_steps(nodes: list[onnx.NodeProto]) -> list[tuple[onnx.NodeProto, int]]:
    """(Concat node, reach in pixels of its resolution of the convolutions up to the next step)."""
    upsampled = {node.output[0] for node in nodes if node.op_type == "ConvTranspose"}
    steps: list[tuple[onnx.NodeProto, int]] = []
    for node in nodes:
        if node.op_type == "Concat" and node.input[0] in upsampled:
            steps.append((node, 0))
        elif node.op_type == "Conv" and steps:
            kernel = next(attribute.ints[0] for attribute in node.attribute if attribute.name == "kernel_shape")
            steps[-1] = (steps[-1][0], steps[-1][1] + int(kernel) // 2)
    return steps


def _kept_pixels(reaches: list[int]) -> list[int]:
    """Pixels of halo that each step, coarse to fine, still needs: its own reach and that of the finer ones."""
    kept: list[int] = []
    finer = 0
    for reach in reversed(reaches):
        finer = -(-finer // 2) + reach
        kept.append(finer)
    return kept[::-1]


class _Cutter:
    """Adds the nodes that cut; integer arithmetic on one-element tensors."""

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
        name = f"{source}.inner"
        nodes = [helper.make_node("Concat", [amount, amount], [f"{name}.start"], axis=0),
                 helper.make_node("Shape", [source], [f"{name}.size"], start=2, end=4),
                 helper.make_node("Sub", [f"{name}.size", f"{name}.start"], [f"{name}.end"]),
                 helper.make_node("Slice", [source, f"{name}.start", f"{name}.end", self._axes], [name])]
        for node in nodes:
            node.name = node.output[0]
        self._before.setdefault(user.output[0], []).extend(nodes)
        return name

    def finish(self) -> None:
        """Put the nodes where they belong: graphs are sorted by need."""
        ordered = list(self._first)
        for node in self._graph.node:
            ordered += [*self._before.get(node.output[0], ()), node]
        del self._graph.node[:]
        self._graph.node.extend(ordered)
