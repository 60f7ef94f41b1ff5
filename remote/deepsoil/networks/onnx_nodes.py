"""Common queries on the nodes of an ONNX graph."""

from __future__ import annotations

import onnx


def attribute(node: onnx.NodeProto, name: str) -> list[int]:
    """The integers of an attribute; empty if the node does not have it."""
    return next((list(one.ints) for one in node.attribute if one.name == name), [])


def is_doubling(node: onnx.NodeProto) -> bool:
    """Whether a transposed convolution turns every pixel into 2 x 2 pixels."""
    return node.op_type == "ConvTranspose" and attribute(node, "kernel_shape") == [2, 2] \
        and attribute(node, "strides") == [2, 2] and not any(attribute(node, "pads"))


def resolution_levels(graph: onnx.GraphProto) -> dict[str, int]:
    """How often each tensor has been halved; upsampling reverses it.

    Every stride counts as a halving and every upsampling as a doubling.
    """
    levels: dict[str, int] = {}
    for node in graph.node:
        level = max((levels.get(name, 0) for name in node.input), default=0)
        levels.update(dict.fromkeys(node.output, level + _change(node)))
    return levels


def _change(node: onnx.NodeProto) -> int:
    if node.op_type == "Resize":
        return -1
    if (attribute(node, "strides") or [1])[0] == 1:
        return 0
    return -1 if node.op_type == "ConvTranspose" else 1
