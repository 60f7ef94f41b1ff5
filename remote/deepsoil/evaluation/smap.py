"""Predictions at 5 cm as means of SMAP's cells, beside SMAP: in time at every cell, and in space on every day.

SMAP is an input of the 5 cm network, so agreement is not an independent proof; where it saw rain that the weather data
missed, or the network follows something else, the comparison shows it. Retrievals that SMAP does not recommend are
scored apart (the channel ``smap_flagged`` of a region).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.text import Text
from deepsoil.evaluation.cell_comparison import LEAST_COVERED, CellComparison
from deepsoil.evaluation.coarse_cells import CoarseCells
from deepsoil.evaluation.smap_days import SmapDays
from deepsoil.grid import Window
from deepsoil.inference.predict import predict_window
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model
from deepsoil.store.store import Store

_SIDE = 512

Step = Callable[[float, str], None]


def compare_with_smap(store: Store, model: Model, days: Sequence[date], *, threads: int = 0,
                      step: Step = lambda share, message: None) -> CellComparison:
    """The network's maps of the days on which SMAP passed, as means of its cells.

    Raises DeepSoilError ``no_smap`` where the region has no retrieval of these days, and what the stack raises.
    """
    smap = SmapDays.of_store(store)
    first, last = store.map_dates()
    possible = [day for day in days if first <= day <= last]
    fields = smap.on(possible)
    seen = [number for number in range(len(possible))
            if any(np.isfinite(field[number]).any() for field in fields)]
    if not seen:
        raise smap.no_retrieval(days[0], days[-1])
    cells = CoarseCells.of(smap.longitudes, smap.latitudes, store.window)
    stack = Stack(store, model.contract.channel_uses())
    predicted, covered = [], []
    for number, index in enumerate(seen):
        day = possible[index]
        step(number / len(seen), Text("Map of {day}, {number} of {total}", day=day, number=number + 1, total=len(seen)))
        mean, share = cells.mean(_whole_map(model, stack, day, threads))
        predicted.append(mean)
        covered.append(share)
    least = min(LEAST_COVERED, max(float(share.max()) for share in covered))
    maps = [np.where(share >= least, mean, np.nan) for mean, share in zip(predicted, covered, strict=True)]
    retrieved, flagged = (np.stack([field[index] for index in seen]) for field in fields)
    return CellComparison(store.title, [possible[index] for index in seen], smap.longitudes, smap.latitudes, retrieved,
                          flagged, np.stack(maps), np.mean(covered, axis=0))


def _whole_map(model: Model, stack: Stack, day: date, threads: int) -> NDArray[np.float32]:
    """θ (H, W) of the whole region on a day, NaN where it cannot be predicted."""
    whole = stack.store.window
    result = np.full(whole.shape, np.nan, np.float32)
    for top in range(whole.row, whole.bottom, _SIDE):
        for left in range(whole.column, whole.right, _SIDE):
            part = Window(left, top, min(_SIDE, whole.right - left), min(_SIDE, whole.bottom - top))
            result[part.slices_in(whole)] = predict_window(model, stack, day, part, threads)
    return result
