"""The maps of one day as pixels, as the engine's ``preview`` tells them. No QGIS."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

NO_VALUE = 65535


@dataclass(frozen=True)
class FieldPixels:
    """One field on the grid of its product, north up, upper left corner in m. steps: by depth in cm (H, W) in steps of
    the frame's scale, ``NO_VALUE`` where there is none.
    """

    epsg: int
    resolution_m: float
    left_m: float
    top_m: float
    steps: Mapping[int, np.ndarray]


@dataclass(frozen=True)
class Frame:
    """All fields of a request on one day. ``scale``: m³/m³ of a step; ``forecast``: its weather is one."""

    day: dt.date
    forecast: bool
    scale: float
    fields: tuple[FieldPixels, ...]

    @property
    def depths_cm(self) -> tuple[int, ...]:
        return tuple(sorted({depth for field in self.fields for depth in field.steps}))

    @property
    def is_empty(self) -> bool:
        """Whether no pixel of any depth has a value."""
        return all((steps == NO_VALUE).all() for field in self.fields for steps in field.steps.values())

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Frame:
        """ValueError or KeyError where it is none."""
        return cls(dt.date.fromisoformat(answer["day"]), bool(answer["forecast"]), float(answer["scale"]),
                   tuple(_field(one) for one in answer["maps"]))


def _field(one: Mapping[str, Any]) -> FieldPixels:
    shape = int(one["height"]), int(one["width"])
    steps = {int(depth): np.frombuffer(base64.b64decode(pixels), "<u2").reshape(shape)
             for depth, pixels in one["depths"].items()}
    return FieldPixels(int(one["epsg"]), float(one["resolution_m"]), float(one["left_m"]), float(one["top_m"]), steps)
