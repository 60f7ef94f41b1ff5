"""90 % intervals for places without a station, from errors at stations: conformal prediction with stations as groups.

The days of a station are alike, so they are not so many cases: what is exchangeable is the station. Two half-widths,
both quantiles of |error| in which every station has the same weight, shared equally by its days:

pooled      the 90 % quantile over the known stations. A day of another station of the same kind is covered by about
            90 %, on average over stations; exact for many stations, a percent or two less for ten ("pooling CDFs":
            Dunn, Wasserman and Ramdas 2022, JASA, doi:10.1080/01621459.2022.2060112).
guaranteed  the station that is not known is one more, whose error may have any size: each of K known ones has the
            weight 1/(K + 1). Covers at least 90 % whatever the stations are like; with ten stations it is nearly the
            largest error of all (hierarchical conformal prediction: Lee, Barber and Willett 2023, arXiv:2306.06342).

Errors come from networks that have not learnt from the station (cross-conformal). Pure. `mapie` and `crepes` calibrate
single cases, or groups that are known before; neither has groups that are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.contract.errors import DeepSoilError

Values = NDArray[np.float64]

COVERAGE = 0.9
FEWEST_GROUPS = math.ceil(COVERAGE / (1 - COVERAGE) - 1e-9)
"""With fewer stations no finite half-width is guaranteed: 9."""


@dataclass(frozen=True)
class LeftOut:
    """A station that took no part in the calibration: the half-width from the others, and its share of days inside."""

    group: str
    days: int
    half_width: float
    covered: float


def half_width(errors: Sequence[ArrayLike], coverage: float = COVERAGE, *, guaranteed: bool = False) -> float:
    """The half-width from the errors of each station, in their unit; infinite with too few stations."""
    sizes = [np.abs(_finite(values)) for values in errors]
    sizes = [values for values in sizes if values.size]
    if not sizes:
        return math.inf
    order = np.argsort(np.concatenate(sizes), kind="stable")
    size = np.concatenate(sizes)[order]
    share = np.concatenate([np.full(values.size, 1.0 / values.size) for values in sizes])[order]
    reached = np.cumsum(share) / (len(sizes) + guaranteed)
    place = int(np.searchsorted(reached, coverage - 1e-9))
    return float(size[place]) if place < size.size else math.inf


def left_out(errors: Mapping[str, ArrayLike], coverage: float = COVERAGE, *, guaranteed: bool = False) -> list[LeftOut]:
    """Each station judged by the half-width of all others."""
    found = []
    for name, values in errors.items():
        own = np.abs(_finite(values))
        if own.size:
            width = half_width([other for key, other in errors.items() if key != name], coverage, guaranteed=guaranteed)
            found.append(LeftOut(name, own.size, width, float((own <= width).mean())))
    return found


def check_groups(errors: Mapping[str, ArrayLike]) -> None:
    """DeepSoilError ``too_few_stations`` where intervals cannot be calibrated."""
    known = sum(bool(_finite(values).size) for values in errors.values())
    if known < FEWEST_GROUPS:
        raise DeepSoilError("too_few_stations", "{count} stations are too few for intervals of {coverage:.0%}.",
                            "Use the readings of at least {fewest} stations.", "residuals",
                            count=known, coverage=COVERAGE, fewest=FEWEST_GROUPS)


def _finite(values: ArrayLike) -> Values:
    flat = np.asarray(values, np.float64).ravel()
    return flat[np.isfinite(flat)]
