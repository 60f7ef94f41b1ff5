"""One window through one network. The result for a pixel does not depend on the window that it was computed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.model import INPUT, MARGIN, OUTPUT
from deepsoil.grid import Window
from deepsoil.inference.blended import BlendedModel, blended

if TYPE_CHECKING:
    from deepsoil.inputs.stack import Stack
    from deepsoil.models.library import Model

Map = NDArray[np.float32]

# Several days of a small window go through the network together, up to this many haloed pixels.
_BATCH_PIXELS = 1 << 17


def haloed(model: Model, window: Window) -> Window:
    """What the network must see to predict ``window`` exactly: aligned to its multiple, with its halo."""
    return window.align(model.contract.multiple).pad(model.contract.halo)


def run_network(model: Model, x: Map, threads: int = 0, halo: int | None = None) -> Map:
    """theta (N, H - 2 halo, W - 2 halo) of a normalised input (N, C, H, W) with the model's halo, or with ``halo``."""
    session, halo = model.session(threads), model.contract.halo if halo is None else halo
    if any(given.name == MARGIN for given in session.get_overridable_initializers()):
        return np.asarray(session.run([OUTPUT], {INPUT: x, MARGIN: np.array([halo], np.int64)})[0][:, 0])
    theta = session.run([OUTPUT], {INPUT: x})[0][:, 0]
    return np.asarray(theta[:, halo:theta.shape[1] - halo, halo:theta.shape[2] - halo])


def compute(model: Model, window: Window, x: Map, threads: int = 0, halo: int | None = None) -> Map:
    """As `run_network`, for the pixels of ``window``, which are those of the output: where a model was trained for one
    of several clusters, theirs blended."""
    if not isinstance(model, BlendedModel):
        return run_network(model, x, threads, halo)
    shares = model.field.shares(window)
    theta = np.where(np.isfinite(shares[0]), np.float32(0.0), np.float32(np.nan))
    for share, member in zip(shares, model.members, strict=True):
        if (share > 0).any():
            theta = theta + share * run_network(member, x, threads, halo)
    return np.broadcast_to(theta, (len(x), *window.shape))


def infer(model: Model, window: Window, x: NDArray[np.float32], valid: NDArray[np.bool_], threads: int = 0) -> Map:
    """theta (H, W) of a window from what the stack gives for ``haloed(model, window)``; NaN where not valid."""
    return _cut(model, window, compute(model, window.align(model.contract.multiple), x[None], threads)[0], valid)


def predict_window(model: Model, stack: Stack, day: date, window: Window, threads: int = 0) -> Map:
    """theta (H, W) m³/m³ of any window; NaN where required input is missing.

    Raises DeepSoilError ``area_outside`` or ``no_weather``, as the stack does.
    """
    return infer(blended(model, stack.store), window, *stack.read(day, haloed(model, window)), threads)


def predict_days(model: Model, stack: Stack, days: Sequence[date], window: Window, threads: int = 0) -> Iterator[Map]:
    """theta (H, W) of a window, day after day; small windows go through the network several days at a time."""
    model, outer = blended(model, stack.store), haloed(model, window)
    inner = window.align(model.contract.multiple)
    at_once = max(1, min(len(days), _BATCH_PIXELS // (outer.width * outer.height)))
    for first in range(0, len(days), at_once):
        inputs, masks = zip(*(stack.read(day, outer) for day in days[first:first + at_once]), strict=True)
        for theta, valid in zip(compute(model, inner, np.stack(inputs), threads), masks, strict=True):
            yield _cut(model, window, theta, valid)


def _cut(model: Model, window: Window, theta: Map, valid: NDArray[np.bool_]) -> Map:
    """``window`` from the network's output without halo and the validity with halo."""
    outer = haloed(model, window)
    inner = theta[window.slices_in(outer.pad(-model.contract.halo))]
    return np.where(valid[window.slices_in(outer)], inner, np.float32(np.nan))
