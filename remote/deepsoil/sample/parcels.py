"""Field parcels on the section grid of the plain: quarter sections, pivots, strips, roads, farmsteads. No I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from deepsoil.sample.noise import Field
from deepsoil.sample.terrain import Frame, Mask

QUARTER_M = 804.672         # half a mile: the side of a quarter section
SUB_FIELDS = 16             # field numbers kept for each quarter


class Layout(IntEnum):
    """How a quarter section is divided."""

    WHOLE = 0
    PIVOT = 1
    SPLIT_PIVOT = 2
    HALVES_ACROSS = 3
    HALVES_DOWN = 4
    QUADRANTS = 5
    THIRDS = 6
    STRIPS_ACROSS = 7
    STRIPS_DOWN = 8


CORNER = 15                 # field number of the corners outside a pivot's circle


@dataclass(frozen=True)
class Quarters:
    """The quarter of every pixel and the position in it (0-1 east, 0-1 south)."""

    number: NDArray[np.int32]
    u: Field
    v: Field
    count: int
    across: int

    @classmethod
    def of(cls, frame: Frame, rng: Generator) -> Quarters:
        offset = rng.random(2)
        east = frame.x_m / QUARTER_M + offset[0] + np.zeros(frame.shape)
        south = frame.y_m / QUARTER_M + offset[1] + np.zeros(frame.shape)
        column, row = np.floor(east), np.floor(south)
        across = int(column.max()) + 1
        number = (row * across + column).astype(np.int32)
        return cls(number, east - column, south - row, int(number.max()) + 1, across)

    def mean(self, field: Field | Mask) -> Field:
        """Mean of a field over each quarter (count,)."""
        total = np.bincount(self.number.ravel(), np.asarray(field, dtype=np.float64).ravel(), self.count)
        return total / np.maximum(np.bincount(self.number.ravel(), minlength=self.count), 1)


def field_numbers(quarters: Quarters, layout: NDArray[np.int64], rng: Generator) -> NDArray[np.int32]:
    """Number of the field of every pixel, (H, W): quarter · SUB_FIELDS + field within the quarter."""
    kind = layout[quarters.number]
    turn = rng.uniform(0, np.pi, quarters.count)[quarters.number]
    strips = rng.integers(4, 8, quarters.count)[quarters.number]
    radius = rng.uniform(0.475, 0.497, quarters.count)[quarters.number]
    u, v = quarters.u, quarters.v
    x, y = u - 0.5, v - 0.5
    inside = np.hypot(x, y) < radius
    half = (x * np.cos(turn) + y * np.sin(turn) > 0).astype(np.int32)
    sub = np.select(
        [kind == Layout.PIVOT, kind == Layout.SPLIT_PIVOT, kind == Layout.HALVES_ACROSS, kind == Layout.HALVES_DOWN,
         kind == Layout.QUADRANTS, kind == Layout.THIRDS, kind == Layout.STRIPS_ACROSS, kind == Layout.STRIPS_DOWN],
        [np.where(inside, 0, CORNER), np.where(inside, half, CORNER), (v > 0.5).astype(np.int32),
         (u > 0.5).astype(np.int32), (u > 0.5) + 2 * (v > 0.5), np.floor(3 * u).astype(np.int32),
         np.floor(strips * v).astype(np.int32), np.floor(strips * u).astype(np.int32)], default=0)
    return (quarters.number * SUB_FIELDS + sub).astype(np.int32)


def roads(quarters: Quarters, frame: Frame, rng: Generator) -> Mask:
    """County roads on the section lines: one pixel wide, some sections without."""
    step = frame.pixel_m / QUARTER_M
    column = quarters.number % quarters.across
    row = quarters.number // quarters.across
    on_column = (quarters.u < step) & (column % 2 == 0)
    on_row = (quarters.v < step) & (row % 2 == 0)
    built = rng.random((2, quarters.count)) < 0.82
    return (on_column & built[0][quarters.number]) | (on_row & built[1][quarters.number])


def farmsteads(quarters: Quarters, frame: Frame, settled: NDArray[np.bool_], rng: Generator) -> Mask:
    """Yards of about 100 m beside the road in some of the quarters where ``settled``."""
    number = quarters.number
    size = rng.uniform(70, 150, (2, quarters.count)) / QUARTER_M
    at = rng.uniform(0.05, 0.4, quarters.count)[number]
    lived_in = (settled & (rng.random(quarters.count) < 0.30))[number]
    gap = 1.5 * frame.pixel_m / QUARTER_M
    return (lived_in & (quarters.u > gap) & (quarters.u < gap + size[0][number])
            & (quarters.v > at) & (quarters.v < at + size[1][number]))
