"""Mountains eroded by rivers: the steady state of the stream-power law on a grid. No I/O.

Every cell drains to its lowest neighbour; its gradient is k·A^-m (A the drained area), capped at the angle of
repose. Starting from a tree of cheapest paths and repeating the drainage a few times brings divides and valleys
into balance, as in Whipple and Tucker (1999). The computation goes level by level along the drainage tree, so it
can use numpy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from deepsoil.sample.noise import Field

Index = NDArray[np.intp]

CONCAVITY = 0.42
_CLIFF = 0.72               # steepest gradient between neighbours, m/m
_STEPS = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]


@dataclass(frozen=True)
class Relief:
    """Height over the base level (H, W) m, the cell each cell drains to (H·W; itself at an outlet), area m²."""

    height: Field
    receiver: Index
    area_m2: Field


def _neighbours(shape: tuple[int, int]) -> tuple[Index, Field]:
    """Flat index (8, H·W) of the neighbours (the cell itself beyond the edge) and their distance in cells."""
    rows, columns = np.indices(shape)
    found = []
    for down, across in _STEPS:
        row, column = rows + down, columns + across
        inside = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
        found.append(np.where(inside, row * shape[1] + column, rows * shape[1] + columns).ravel())
    return np.stack(found), np.array([np.hypot(*step) for step in _STEPS])


def _cheapest_tree(base: NDArray[np.bool_], cost: Field, entry_cost: Field, around: Index, distance: Field) -> Index:
    """Receiver of each cell on its cheapest path to the base; base cells are their own receivers."""
    count = base.size
    here = np.tile(np.arange(count), len(distance))
    there = around.ravel()
    weight = (cost.ravel()[here] + cost.ravel()[there]) / 2 * np.repeat(distance, count)
    real = here != there
    gates = np.flatnonzero(base)
    graph = sparse.csr_matrix((np.concatenate([weight[real], entry_cost.ravel()[gates] + 1e-6]),
                               (np.concatenate([there[real], np.full(gates.size, count)]),
                                np.concatenate([here[real], gates]))), shape=(count + 1, count + 1))
    before = csgraph.dijkstra(graph, indices=count, return_predecessors=True)[1][:count].astype(np.intp)
    return np.where(base.ravel(), np.arange(count), before)


def _levels(receiver: Index) -> list[Index]:
    """Cells grouped by their number of steps to an outlet, outlets first."""
    steps = (receiver != np.arange(receiver.size)).astype(np.intp)
    ahead = receiver
    while steps[ahead].any():
        steps = steps + steps[ahead]
        ahead = ahead[ahead]
    order = np.argsort(steps, kind="stable")
    return np.split(order, np.cumsum(np.bincount(steps))[:-1])


def carve_relief(base: NDArray[np.bool_], cell_m: float, uplift: Field, cost: Field, entry_cost: Field,
                 inflow_m2: Field, *, repose: float = 0.62, rounds: int = 14) -> Relief:
    """Height of fluvial mountains above the cells of ``base``.

    Parameters
    ----------
    base : (H, W) bool, the foreland, at height 0
    uplift : (H, W) channel steepness (m^(2m)): gradient = uplift · area^-0.42
    cost, entry_cost : (H, W) cost of a first course through a cell and of leaving at a base cell
    inflow_m2 : (H, W) area that drains into a cell from outside the grid
    """
    around, distance = _neighbours(base.shape)
    receiver = _cheapest_tree(base, cost, entry_cost, around, distance)
    cells = np.arange(base.size)
    height = np.zeros(base.size)
    area = np.zeros(base.size)
    for turn in range(rounds):
        if turn:
            fall = (height[None, :] - height[around]) / distance[:, None]
            lowest = around[np.argmax(fall, axis=0), cells]
            receiver = np.where(base.ravel(), cells, lowest)
        levels = _levels(receiver)
        area = cell_m**2 + inflow_m2.ravel()
        for level in reversed(levels[1:]):
            np.add.at(area, receiver[level], area[level])
        gradient = np.minimum(uplift.ravel() * area**-CONCAVITY, repose)
        step_m = cell_m * np.hypot(receiver // base.shape[1] - cells // base.shape[1],
                                   receiver % base.shape[1] - cells % base.shape[1])
        height = np.zeros(base.size)
        for level in levels[1:]:
            height[level] = height[receiver[level]] + gradient[level] * step_m[level]
    for _ in range(40):
        # Rockfall lowers divides that are too high above the next valley.
        height = np.minimum(height, (height[around] + _CLIFF * cell_m * distance[:, None]).min(axis=0))
    return Relief(height.reshape(base.shape), receiver, area.reshape(base.shape))


def course(receiver: Index, start: int) -> Index:
    """Cells from ``start`` down to the outlet."""
    cells = [start]
    while receiver[cells[-1]] != cells[-1]:
        cells.append(int(receiver[cells[-1]]))
    return np.array(cells)
