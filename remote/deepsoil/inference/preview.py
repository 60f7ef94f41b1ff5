"""The maps of a field for one day after the other, as soon as they can be had: what follows a hand on a date slider.

Covariates and networks stay in memory, the depths are computed side by side, and with no more halo than counts: it is
found on the first day, as the smallest one that changes no pixel by more than ``TOLERANCE``. The values are those of
the product, on its grid and in its steps (`product.quantise`), at most one step away.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inference.plan import Layer, PredictionPlan
from deepsoil.inference.predict import Map, compute
from deepsoil.inference.product import NODATA, Mosaic, quantise, resample
from deepsoil.inference.target import Target
from deepsoil.inputs.stack import Stack

Steps = NDArray[np.uint16]

TOLERANCE = 1e-5
"""Of θ, m³/m³: a tenth of a product's step."""

MOST_PIXELS = 1 << 18
"""Of the windows of a depth, with their halo: more takes longer than anybody keeps a slider still."""


@dataclass
class _DepthPreview:
    """The windows of one depth, and how much halo each is known to need (None: not known yet)."""

    layer: Layer
    stack: Stack
    halos: list[int | None]

    def theta(self, number: int, day: date, threads: int) -> Map:
        """θ (H, W) of a window; NaN where required input is missing. Raises ``no_weather``."""
        known = self.halos[number]
        if known is not None:
            return self._with_halo(number, day, known, threads)
        most, step = self.layer.model.contract.halo, self.layer.model.contract.multiple
        whole = self._with_halo(number, day, most, threads)
        self.halos[number] = next((halo for halo in range(step, most, step)
                                   if _differ(self._with_halo(number, day, halo, threads), whole) <= TOLERANCE), most)
        return whole

    def _with_halo(self, number: int, day: date, halo: int, threads: int) -> Map:
        model, window = self.layer.model, self.layer.windows[number]
        inner = window.align(model.contract.multiple)
        outer = inner.pad(halo)
        x, valid = self.stack.read(day, outer)
        theta = compute(model, inner, x[None], threads, halo)[0]
        return np.where(valid[window.slices_in(outer)], theta[window.slices_in(inner)], np.float32(np.nan))


class FieldPreview:
    """The fields of one request, kept ready; its own lock lets one day be computed at a time."""

    def __init__(self, plan: PredictionPlan) -> None:
        """DeepSoilError ``area_too_large``."""
        pixels = max(sum(_haloed_pixels(layer, window) for window in layer.windows) for layer in plan.layers.values())
        if pixels > MOST_PIXELS:
            raise DeepSoilError("area_too_large", "The area is too large for a preview ({pixels:,} pixels with their "
                                "surroundings; at most {most:,}).", "Make its map, or choose a smaller area.", "area",
                                pixels=pixels, most=MOST_PIXELS)
        self._plan = plan
        self._lock = threading.Lock()
        self._threads = max(1, plan.threads // len(plan.layers))
        self._depths = {depth: _DepthPreview(layer, Stack(
            plan.store, layer.model.contract.channel_uses(), layer.stack.mode, kept_windows=4 * len(layer.windows),
            watered=plan.watering.areas), [None] * len(layer.windows)) for depth, layer in plan.layers.items()}

    def names(self) -> list[str | None]:
        """Of the fields, in the order of `targets`."""
        return [field.name for field in self._plan.fields.inside]

    @property
    def targets(self) -> list[Target]:
        """The grid of each field."""
        return self._plan.targets

    def maps(self, day: date) -> list[dict[int, Steps]]:
        """Of each field by depth in cm the steps (H, W) of its product. Raises ``no_weather``, as the stack does."""
        with self._lock, ThreadPoolExecutor(len(self._depths)) as pool:
            found = dict(zip(self._depths, pool.map(lambda depth: self._of_depth(depth, day), self._depths),
                             strict=True))
        return [{depth: steps[position] for depth, steps in found.items()} for position in range(len(self.targets))]

    def _of_depth(self, depth_cm: int, day: date) -> dict[int, Steps]:
        """By the number of a field its steps."""
        depth, steps = self._depths[depth_cm], {}
        for block, members in enumerate(self._plan.blocks):
            whole = depth.layer.blocks[block]
            theta = np.full(whole.shape, np.nan, np.float32)
            for number in depth.layer.of_block(block):
                theta[depth.layer.windows[number].slices_in(whole)] = depth.theta(number, day, self._threads)
            for position in members:
                steps[position] = self._steps(position, Mosaic(whole, theta))
        return steps

    def _steps(self, position: int, mosaic: Mosaic) -> Steps:
        target = self.targets[position]
        found = np.full((target.height, target.width), NODATA, np.uint16)
        for block in target.blocks():
            rows, columns = block.toslices()
            found[rows, columns] = quantise(next(resample(mosaic, target, block)))
        return found


def _haloed_pixels(layer: Layer, window: Window) -> int:
    outer = window.align(layer.model.contract.multiple).pad(layer.model.contract.halo)
    return outer.width * outer.height


def _differ(a: Map, b: Map) -> float:
    """The largest difference where both have a value."""
    return float(np.nanmax(np.abs(a - b), initial=0.0)) if np.isfinite(a).any() else 0.0
