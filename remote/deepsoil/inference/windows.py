"""Which windows to predict for an outline: pure geometry on the global pixel grid."""

from __future__ import annotations

import math

import numpy as np
import shapely

from deepsoil.grid import Window

SMALLEST_SIDE, LARGEST_SIDE = 128, 1024
EDGE_PIXELS = 2
"""Kept around the outline, so that resampling onto the product's grid has neighbours."""


def side_for_memory(budget_bytes: float, bytes_per_pixel: float, halo: int, multiple: int) -> int:
    """Largest side in pixels (a multiple of ``multiple``) of a square window whose network fits into the budget."""
    side = int(math.sqrt(budget_bytes / bytes_per_pixel)) - 2 * halo
    return max(SMALLEST_SIDE, min(LARGEST_SIDE, side)) // multiple * multiple


def covering_window(outline: shapely.Geometry, multiple: int) -> Window:
    """The window, aligned to ``multiple``, with everything that the product of an outline (global pixels) needs."""
    return _around(outline).align(multiple)


def plan(outline: shapely.Geometry, multiple: int, side: int) -> list[Window]:
    """Windows without halo that together cover an outline given in global pixels, in row order.

    The covering window is cut into equal parts of at most ``side`` pixels; parts that the outline does not touch
    are left out, the others shrink to what it touches. Edges are multiples of ``multiple``; windows do not overlap.
    """
    whole = covering_window(outline, multiple)
    width, height = _equal_part(whole.width, side, multiple), _equal_part(whole.height, side, multiple)
    rows, columns = (axis.ravel() for axis in np.meshgrid(
        np.arange(whole.row, whole.bottom, height), np.arange(whole.column, whole.right, width), indexing="ij"))
    widths, heights = np.minimum(width, whole.right - columns), np.minimum(height, whole.bottom - rows)
    boxes = shapely.box(columns - EDGE_PIXELS, rows - EDGE_PIXELS, columns + widths + EDGE_PIXELS,
                        rows + heights + EDGE_PIXELS)
    shapely.prepare(outline)
    met = np.flatnonzero(shapely.intersects(outline, boxes))
    inside = shapely.covers(outline, boxes[met])
    windows = []
    for n, whole_part in zip(met.tolist(), inside.tolist(), strict=True):
        part = Window(int(columns[n]), int(rows[n]), int(widths[n]), int(heights[n]))
        touched = part if whole_part else \
            _around(outline.intersection(boxes[n])).align(multiple).intersect(part)
        if touched is not None:
            windows.append(touched)
    return windows


def _equal_part(length: int, side: int, multiple: int) -> int:
    """Length of a part when ``length`` is cut into as few parts of at most ``side`` as possible."""
    parts = -(-length // side)
    return -(-length // (parts * multiple)) * multiple


def _around(outline: shapely.Geometry) -> Window:
    left, top, right, bottom = outline.bounds
    column, row = math.floor(left), math.floor(top)
    return Window(column, row, max(1, math.ceil(right) - column), max(1, math.ceil(bottom) - row)).pad(EDGE_PIXELS)
