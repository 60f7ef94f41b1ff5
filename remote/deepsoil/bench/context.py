"""``context``: how θ of each shipped model changes when everything beyond r pixels of the middle is replaced.

A network that looks around itself changes with its surroundings; one of single pixels changes only with r = 0. The
reference of each figure is the change when the middle pixel is replaced too. Beyond the halo nothing may change: that
is the one aim.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.bench.ground import FIRST_DAY, make_store
from deepsoil.bench.measure import Row, models, row
from deepsoil.grid import Window
from deepsoil.inference.predict import Map, run_network
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model

RADII = (0, 1, 4, 16, 48)
_PLACES = 8
_EVERYTHING = -1  # a radius at which the middle pixel is replaced too
_AIM = 1e-5
_DAYS = (35, 55)


def run() -> list[Row]:
    """Per model, replacement and radius: mean and largest change over ``_PLACES`` places of the artificial store."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "store")
        return [one for model in models(Path(folder), every=True)
                for one in rows(model, windows(model, Stack(store, model.contract.channel_uses())))]


def rows(model: Model, x: Map) -> list[Row]:
    """The figures of one model on its input (N, C, H, W), see `windows`."""
    rng = np.random.default_rng(1)
    others: Mapping[str, Map] = {"noise": rng.random(x.shape, np.float32), "another place": np.roll(x, 1, axis=0)}
    middles = margin(model) + rng.integers(model.contract.multiple, size=(len(x), 2))
    found = []
    for what, other in others.items():
        changes = {radius: changed(model, x, other, middles, radius)
                   for radius in (_EVERYTHING, *sorted({*RADII, model.contract.halo}))}
        whole = changes.pop(_EVERYTHING)
        for radius, change in changes.items():
            beyond = radius >= model.contract.halo
            name = f"context {model.id}, {what} beyond r = {radius}"
            for kind, of in (("mean", np.mean), ("largest", np.max)):
                found.append(row(f"{name}, {kind}", float(of(change)), "m3/m3", reference="the pixel replaced too",
                                 reference_value=float(of(whole)), aim=f"<= {_AIM:g}" if beyond else "",
                                 holds=change.max() <= _AIM if beyond else None))
    return found


def margin(model: Model) -> int:
    """Pixels round the middle block: its halo, or more for the largest radius."""
    return max(model.contract.halo, -(-(RADII[-1] + 1) // model.contract.multiple) * model.contract.multiple)


def windows(model: Model, stack: Stack) -> Map:
    """Input (N, C, H, W) of places of the store; the margin surrounds the middle block of ``multiple`` pixels."""
    side = 2 * margin(model) + model.contract.multiple
    rng, whole = np.random.default_rng(0), stack.store.window
    return np.stack([stack.read(FIRST_DAY + timedelta(days=int(rng.integers(*_DAYS))), Window(
        whole.column + int(rng.integers(whole.width - side)), whole.row + int(rng.integers(whole.height - side)),
        side, side))[0] for _ in range(_PLACES)])


def changed(model: Model, x: Map, other: Map, middles: NDArray[np.int64], radius: int) -> NDArray[np.float64]:
    """|change of θ| (N,) at the pixels ``middles`` (N, 2) when ``x`` is ``other`` where a row or column is more than
    ``radius`` away from the middle."""
    rows, columns = np.ogrid[:x.shape[2], :x.shape[3]]
    change = np.empty(len(x))
    for number, (row_, column) in enumerate(middles):
        kept = (np.abs(rows - row_) <= radius) & (np.abs(columns - column) <= radius)
        pair = np.stack([x[number], np.where(kept, x[number], other[number])])
        theta = run_network(model, pair, halo=margin(model))[:, row_ - margin(model), column - margin(model)]
        change[number] = abs(float(theta[1]) - float(theta[0]))
    return change
