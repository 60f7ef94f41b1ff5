"""Every depth for which maps are made: which sensors stand for it, what its network sees, how it is shown.

A depth is data. Adding 40 cm is one entry here and a model file for 40 cm. Another package adds a depth with
``register_depth`` or with an entry point of the group ``deepsoil.depths``; docs/extending.md has an example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deepsoil import extensions
from deepsoil.channels import CHANNELS, COVER_CLASSES, MEMORY

DEEPEST_CM = 100
"""Deeper than this the soil columns of the labels no longer describe the soil."""


@dataclass(frozen=True)
class Depth:
    """One depth.

    tolerance_cm     a sensor stands for this depth if it lies at most so far above or below it
    channels         the input of the networks that are trained here, in order
    paper_channels   the input as the paper has it
    network          kind of network that is trained unless a configuration says otherwise
    model            id of the default model; where it is not installed, the first model of this depth is the default
    title            one or two words for people, such as "Surface"
    description      one sentence for a tooltip
    colour           of curves and points, #rrggbb
    symbol           of points in plots: "circle", "square", "triangle" or "diamond"
    """

    depth_cm: int
    tolerance_cm: float
    channels: tuple[str, ...]
    paper_channels: tuple[str, ...]
    network: str
    model: str
    title: str
    description: str
    colour: str
    symbol: str

    def document(self) -> dict[str, Any]:
        """What a client needs to know to offer and to draw this depth."""
        return {"depth_cm": self.depth_cm, "title": self.title, "description": self.description,
                "model": self.model, "tolerance_cm": self.tolerance_cm, "colour": self.colour, "symbol": self.symbol}


# Paper §3.6.2: 8 static and 12 dynamic channels.
_ROOT_ZONE_PAPER: tuple[str, ...] = (
    "sand", "silt", "clay", "elevation", "slope", "aspect", "land_cover", "koppen",
    "precipitation", "temperature", "vpd", "pet",
    "precipitation_7d", "precipitation_30d", "pet_7d", "pet_30d", "water_balance_7d", "water_balance_30d",
    "season_sin", "season_cos",
)

# The paper names the data sets of the 5 cm network but not its channels (reference §5 item 19).
_SURFACE_PAPER: tuple[str, ...] = (
    "sand", "clay", "bulk_density", "theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks",
    "organic_matter", "available_water_storage", "elevation", "slope", "northness", "koppen",
    "land_cover", "red", "green", "blue", "ndvi", "lai", "smap",
    "precipitation", "temperature", "vpd", "pet",
    "precipitation_3d", "precipitation_7d", "precipitation_30d", "pet_7d", "pet_30d",
    "season_sin", "season_cos",
)

# What is added to the paper's channels: the memory of the weather, and land cover as classes.
_ADDED: tuple[str, ...] = (*MEMORY, *COVER_CLASSES)

_DEPTHS = (
    Depth(5, tolerance_cm=2.5, channels=(*_SURFACE_PAPER, *_ADDED), paper_channels=_SURFACE_PAPER,
          network="surface_unet", model="deepsoil-5cm", title="Surface",
          description="The surface: what satellites see", colour="#0b6fb8", symbol="circle"),
    Depth(20, tolerance_cm=5.0, channels=(*_ROOT_ZONE_PAPER, *_ADDED), paper_channels=_ROOT_ZONE_PAPER,
          network="light_unet", model="deepsoil-20cm", title="Root zone",
          description="The root zone: what to irrigate by", colour="#3d7a34", symbol="square"),
)

DEPTHS: dict[int, Depth] = {depth.depth_cm: depth for depth in _DEPTHS}
"""By depth in cm, from the top down."""


def register_depth(depth: Depth) -> None:
    """Add a depth of another package, before the first job, store or model is opened.

    ValueError where the depth is taken or out of range, where it shares sensors with another, or where a channel is
    not registered.
    """
    if DEPTHS.get(depth.depth_cm) == depth:
        return
    if depth.depth_cm in DEPTHS:
        raise ValueError(f"the depth of {depth.depth_cm} cm is registered already")
    if not 1 <= depth.depth_cm <= DEEPEST_CM:
        raise ValueError(f"a depth lies between 1 and {DEEPEST_CM} cm, not at {depth.depth_cm}")
    for other in DEPTHS.values():
        if abs(other.depth_cm - depth.depth_cm) <= other.tolerance_cm + depth.tolerance_cm:
            raise ValueError(f"{depth.depth_cm} cm and {other.depth_cm} cm would share sensors: make tolerance_cm "
                             "smaller")
    unknown = [name for name in (*depth.channels, *depth.paper_channels) if name not in CHANNELS]
    if unknown:
        raise ValueError(f"{depth.depth_cm} cm takes the channel {unknown[0]!r}, which is not registered")
    entries = sorted([*DEPTHS.values(), depth], key=lambda entry: entry.depth_cm)
    DEPTHS.clear()
    DEPTHS.update({entry.depth_cm: entry for entry in entries})


def simulated_depths_cm() -> tuple[float, ...]:
    """The depths (D,) that soil columns are simulated at, in cm from the top down."""
    return tuple(float(depth) for depth in DEPTHS)


extensions.load("deepsoil.depths", register_depth)
