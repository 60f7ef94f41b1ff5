"""Layers of an APSIM soil, and the depths of SWIM3's water contents. Pure.

SWIM3 computes at nodes and reports them as if they were layers: SW(1) is the surface, the last one the base. The
position of the others changed in October 2022 (APSIM issue 7543): since then SW(i) is the middle of layer i; before, it
was the middle of layer i - 1. With layers of 50, 50, 50, 50, 100 mm, SW(4) and SW(5) are the 17.5 and 25 cm of the
paper's Eq. 13 only in newer builds; in older ones they are 12.5 and 17.5 cm.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError

Array = NDArray[np.float64]

NodeRule = Literal["since-2022-10", "before-2022-10"]

# The paper's mid-depths (17.5 and 25 cm) with the top of 10 mm and the base of 200 mm that SWIM3 requires; 150 cm.
DEFAULT_LAYERS_MM = (10.0, 40.0, 50.0, 50.0, 50.0, 100.0, 100.0, 100.0, 100.0, 150.0, 150.0, 200.0, 200.0, 200.0)
# Layers that give the paper's SW(4) and SW(5); its top layer is thicker than SWIM3 advises.
PAPER_LAYERS_MM = (50.0, 50.0, 50.0, 50.0, 100.0, 100.0, 100.0, 100.0, 150.0, 150.0, 200.0, 200.0, 200.0)
NAMED_LAYERS = {"default": DEFAULT_LAYERS_MM, "paper": PAPER_LAYERS_MM}


def parse_layers(text: str) -> tuple[float, ...]:
    """Thicknesses in mm from ``default``, ``paper`` or a list as ``10,40,50``. Raises DeepSoilError ``bad_layers``."""
    if text in NAMED_LAYERS:
        return NAMED_LAYERS[text]
    try:
        layers = tuple(float(part) for part in text.split(","))
    except ValueError:
        layers = ()
    if len(layers) < 4 or min(layers) <= 0.0:
        raise DeepSoilError(
            "bad_layers",
            "{text!r} is not a list of layers.",
            "Give at least four thicknesses in mm, from the top, as 10,40,50,50; or {named_layers}.",
            "layers",
            text=text, named_layers=' or '.join(NAMED_LAYERS))
    return layers


def node_depths_cm(layers_mm: ArrayLike, rule: NodeRule = "since-2022-10") -> Array:
    """Depths (layers,) in cm of SWIM3's SW(1), SW(2), … for layers (layers,) in mm from the top."""
    thickness = 0.1 * np.asarray(layers_mm, np.float64)
    edges = np.concatenate([[0.0], np.cumsum(thickness)])
    depths = 0.5 * (edges[1:] + edges[:-1])
    if rule == "before-2022-10":
        depths[1:] = depths[:-1].copy()
    depths[0], depths[-1] = 0.0, edges[-1]
    return depths


def at_depth(water: NDArray[np.floating], nodes_cm: Array, depth_cm: float) -> Array:
    """Water content (...,) at a depth by linear interpolation between the nodes (..., nodes) that bracket it (Eq. 13).

    Raises DeepSoilError ``bad_depth`` if the depth is below the profile.
    """
    if not nodes_cm[0] <= depth_cm <= nodes_cm[-1]:
        raise DeepSoilError(
            "bad_depth",
            "{depth_cm:g} cm is outside APSIM's profile, which ends at {nodes_cm:g} cm.",
            "Give a depth in cm within the layers.",
            "depth",
            depth_cm=depth_cm, nodes_cm=nodes_cm[-1])
    below = int(np.clip(np.searchsorted(nodes_cm, depth_cm), 1, len(nodes_cm) - 1))
    upper, lower = nodes_cm[below - 1], nodes_cm[below]
    weight = (depth_cm - upper) / (lower - upper)
    return np.asarray(water[..., below - 1] + (water[..., below] - water[..., below - 1]) * weight, np.float64)


def rule_of_version(version: str) -> NodeRule | None:
    """The rule of an APSIM version as ``2023.2.7164.0``; None if the version is ambiguous (October 2022, 0.0.0)."""
    found = re.match(r"(20\d\d)\.(\d{1,2})\b", version)
    if found is None:
        return None
    month = (int(found[1]), int(found[2]))
    if month == (2022, 10):
        return None
    return "since-2022-10" if month > (2022, 10) else "before-2022-10"


def check_rule(text: str) -> NodeRule:
    """The rule of that name. Raises DeepSoilError ``bad_option``."""
    for rule in get_args(NodeRule):
        if rule == text:
            return rule  # type: ignore[no-any-return]
    raise DeepSoilError("bad_option", "{text!r} is not a rule for SWIM3's nodes.",
                        "Give {get_args}.", "nodes",
                        text=text, get_args=' or '.join(get_args(NodeRule)))
