"""``preview``: 3 × 3 tiles of one day, from the store to θ, compared with ONNX Runtime alone; then day after day, as
the slider of the dock asks for them (``preview_latency``)."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

import numpy as np

from deepsoil.bench import preview_latency
from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.bench.measure import Row, compared, interleaved, models
from deepsoil.contract.model import INPUT, OUTPUT
from deepsoil.grid import TILE, Window
from deepsoil.inference.predict import haloed, predict_window
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model
from deepsoil.store.store import Store

AIM = 1.3
_ROUNDS = 7
_DAY = FIRST_DAY + timedelta(days=40)


def run() -> list[Row]:
    """Per model: compared with the same input with halo, and with the same pixels without halo; a model that is not the
    default of its depth also with the default."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "store")
        corner = store.window
        window = Window(corner.column + 2 * TILE, corner.row + 2 * TILE, 3 * TILE, 3 * TILE)
        rows = []
        defaults = {model.contract.depth_cm: model for model in models(Path(folder))}
        for model in models(Path(folder), every=True):
            default = defaults[model.contract.depth_cm]
            is_default = model.path == default.path
            outer = haloed(model, window)
            x, _ = Stack(store, model.contract.channel_uses()).read(_DAY, outer)
            whole, bare = x[None], np.ascontiguousarray(x[(None, slice(None), *window.slices_in(outer))])
            session = model.session()
            other = {} if is_default else {"default": partial(_first_look, store, default, window)}
            seconds = interleaved({
                "preview": partial(_first_look, store, model, window),
                "haloed": partial(session.run, [OUTPUT], {INPUT: whole}),
                "bare": partial(session.run, [OUTPUT], {INPUT: bare}), **other}, _ROUNDS)
            name = f"preview {model.contract.depth_cm} cm" if is_default else f"preview {model.id}"
            # a network of single pixels takes less time than reading its input
            aim = AIM if is_default else None
            rows += [compared(name, seconds, "preview", "haloed", "bare ONNX Runtime, same haloed input", aim),
                     compared(f"{name}, halo counted", seconds, "preview", "bare",
                              "bare ONNX Runtime, same tiles without halo", None)]
            if other:
                rows.append(compared(f"{name}, against the default", seconds, "preview", "default",
                                     f"preview by {default.id}", None))
        return [*rows, *preview_latency.rows(Path(folder) / "home", store)]


def _first_look(store: Store, model: Model, window: Window) -> None:
    """With a new stack every time, so that nothing is cached."""
    predict_window(model, Stack(store, model.contract.channel_uses()), _DAY, window)
