"""``seams``: the largest difference in θ between maps that were computed in different windows."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import shapely

from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.bench.measure import Row, models, row
from deepsoil.grid import Window
from deepsoil.inference.predict import Map, predict_window
from deepsoil.inference.windows import plan
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model

AIM = 1e-5
_SIDES = (64, 128, 256)
_DAY = FIRST_DAY + timedelta(days=40)


def run() -> list[Row]:
    """Per model: windows of 64, 128 and 256 pixels against one window of the whole area."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "store")
        corner = store.window
        area = Window(corner.column + 100, corner.row + 77, 300, 270)
        rows = []
        for model in models(Path(folder)):
            stack = Stack(store, model.contract.channel_uses())
            whole = predict_window(model, stack, _DAY, area)
            worst = max(float(np.abs(tiled(model, stack, area, side) - whole).max()) for side in _SIDES)
            rows.append(row(f"seams {model.contract.depth_cm} cm", worst, "m3/m3", reference="one window",
                            aim=f"<= {AIM:g}", holds=worst <= AIM))
        return rows


def tiled(model: Model, stack: Stack, area: Window, side: int) -> Map:
    """θ of an area, computed in windows of at most ``side`` pixels."""
    theta = np.full(area.shape, np.nan, np.float32)
    box = shapely.box(area.column, area.row, area.right, area.bottom)
    for window in plan(box, model.contract.multiple, side):
        inside = window.intersect(area)
        if inside is not None:
            part = predict_window(model, stack, _DAY, window)
            theta[inside.slices_in(area)] = part[inside.slices_in(window)]
    return theta
