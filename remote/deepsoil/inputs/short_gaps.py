"""Short gaps of daily weather are filled, the same for soil columns, networks and their evaluation. Pure."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.floating)

LONGEST_GAP_DAYS = 3
FILL_RULE = (f"gaps of up to {LONGEST_GAP_DAYS} days: temperature and reference evapotranspiration linear in time, "
             "no precipitation")


def fill_short_gaps(channel: str, values: NDArray[Value], *, edges: bool = False,
                    ) -> tuple[NDArray[Value], NDArray[np.bool_]]:
    """Daily values (T, ...) with gaps of up to LONGEST_GAP_DAYS filled, and where that was (T, ...).

    Precipitation is 0 there, all else linear between the days around. ``edges``: a gap at the beginning or end is
    filled too, with the nearest value; else only days between known ones are.
    """
    flat = values.reshape(len(values), -1).copy()
    filled = np.zeros(flat.shape, bool)
    day = np.arange(len(flat))
    missing = np.isnan(flat)
    for cell in np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0)):
        hole = missing[:, cell]
        bounds = np.flatnonzero(np.diff(np.concatenate([[False], hole, [False]]).astype(np.int8)))
        for start, end in zip(bounds[::2], bounds[1::2], strict=True):
            inside = start > 0 and end < len(flat)
            if end - start <= LONGEST_GAP_DAYS and (edges or inside):
                filled[start:end, cell] = True
        here, known = filled[:, cell], ~hole
        flat[here, cell] = 0.0 if channel == "precipitation" else np.interp(day[here], day[known], flat[known, cell])
    return flat.reshape(values.shape), filled.reshape(values.shape)
