"""A comparison with SMAP as JSON: cells with their figures, days, and what SMAP and the map say of each. Pure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation import metrics
from deepsoil.evaluation.cell_comparison import DEPTH_CM, FEWEST_CELLS, FEWEST_DAYS, LEAST_COVERED, CellComparison
from deepsoil.evaluation.coarse_cells import Array, edges, grid_name

_DIGITS = 4


def answer(found: CellComparison, has_flags: bool) -> dict[str, Any]:
    """The members of the method ``compare_smap`` that follow from a comparison; only cells that the map touches.

    ``found.predicted`` has a mean of every cell that is touched; those that are covered too little have no part in the
    scores.
    """
    touched = found.covered > 0
    least = min(LEAST_COVERED, float(found.covered.max(initial=0.0)))
    scored = touched & (found.covered >= least)
    counted = CellComparison(found.region, found.days, found.longitudes, found.latitudes, found.retrieved,
                             found.flagged, np.where(scored, found.predicted, np.nan), found.covered)
    return {"title": found.region, "depth_cm": DEPTH_CM, "grid": grid_name(found.longitudes, found.latitudes),
            "has_flags": has_flags, "part_of_a_cell": 0 < least < LEAST_COVERED,
            "fewest_days": FEWEST_DAYS, "fewest_cells": FEWEST_CELLS,
            "days": [day.isoformat() for day in found.days],
            "cells": [_cell(found, int(row), int(column), bool(scored[row, column]))
                      for row, column in np.argwhere(touched)],
            **{name: [_row(values) for values in one[:, touched]] for name, one in (
                ("recommended", found.retrieved), ("flagged", found.flagged), ("map", found.predicted))},
            "scores": {kind: _plain(scores) for kind, scores in counted.scores().items()}}


def _cell(found: CellComparison, row: int, column: int, scored: bool) -> dict[str, Any]:
    west_east, north_south = edges(found.longitudes, found.latitudes)
    return {"west": round(float(west_east[column]), 6), "south": round(float(north_south[row + 1]), 6),
            "east": round(float(west_east[column + 1]), 6), "north": round(float(north_south[row]), 6),
            "share": round(float(found.covered[row, column]), 5), "scored": scored,
            "figures": {kind: figures for kind, observed in found.kinds()
                        if (figures := _figures(observed[:, row, column], found.predicted[:, row, column]))}}


def _figures(observed: Array, predicted: Array) -> dict[str, float | int | None]:
    """Of one cell over the days with both (T,): n, means of smap and map, bias and MAE; ubRMSD and r with enough days.
    Empty without a day."""
    both = np.isfinite(observed) & np.isfinite(predicted)
    if not both.any():
        return {}
    scores = metrics.scores(observed, predicted)
    difference = (predicted - observed)[both]
    return _plain({"n": int(both.sum()), "smap": float(observed[both].mean()), "map": float(predicted[both].mean()),
                   "bias": float(difference.mean()), "mae": float(np.abs(difference).mean()),
                   "ubrmsd": float(scores["ubrmsd"]), "r": float(scores["r"])})


def _plain(figures: dict[str, float]) -> dict[str, float | int | None]:
    return {name: value if isinstance(value, int) else round(value, _DIGITS) if np.isfinite(value) else None
            for name, value in figures.items()}


def _row(values: NDArray[np.floating]) -> list[float | None]:
    return [round(float(value), _DIGITS) if np.isfinite(value) else None for value in values]
