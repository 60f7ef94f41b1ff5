"""Scores of the 5 cm experiment: where a prediction is compared with what, and by which numbers. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation import metrics
from deepsoil.evaluation.paired import Difference, compare
from deepsoil.evaluation.table_files import Spread
from deepsoil.experiments.regions_data import Scored
from deepsoil.experiments.regions_plan import RegionsPlan
from deepsoil.experiments.regions_rivals import OWN_RECORD

Array = NDArray[np.float32]
Seeds = list[Array]

FAR_KM = 10.0
SYNTHETIC = "SYNTHETIC regions, known truth"
PARTIAL = (*OWN_RECORD, "SMAP, 36 km")
"""Rows that have a value at some places or on some days only; they are scored on those of the common pairs."""


@dataclass(frozen=True)
class Group:
    """Station days or place days of one column of Table 3: what is compared with, (P, D), NaN where it does not count.
    """

    name: str
    values: Array


def groups_of(scored: Scored) -> list[Group]:
    """Held-out stations of regions that are learnt from; stations of the others; the truth far from known stations."""
    def only(values: Array, places: NDArray[np.bool_]) -> Array:
        return np.where(places[:, None], values, np.float32(np.nan))

    held_out = scored.station & ~scored.seen
    return [Group("held-out stations", only(scored.observed, held_out & ~scored.unseen_region)),
            Group("stations of unseen regions", only(scored.observed, held_out & scored.unseen_region)),
            Group(f"truth ≥ {FAR_KM:g} km from known stations", only(scored.truth, scored.km >= FAR_KM)),
            Group("truth in unseen regions", only(scored.truth, scored.unseen_region))]


def common(group: Group, rows: Mapping[str, Seeds]) -> Array:
    """The group's values on the pairs on which every row has a value; rows with gaps of their own do not count."""
    known = np.isfinite(group.values)
    for name, seeds in rows.items():
        if name not in PARTIAL:
            known &= np.isfinite(np.stack(seeds)).all(axis=0)
    return np.where(known, group.values, np.float32(np.nan))


def mae(known: Array, predicted: Array) -> float:
    error = np.abs(predicted.astype(np.float64) - known)
    return float(np.nanmean(error)) if np.isfinite(error).any() else float("nan")


def median_r(known: Array, predicted: Array) -> float:
    r = metrics.scores(known, predicted)["r"]
    return float(np.nanmedian(r)) if np.isfinite(r).any() else float("nan")


def daily(scored: Scored, values: Array) -> Array:
    """Values (P, D) as (P, consecutive days)."""
    numbers = (scored.days - scored.days[0]).astype(int)
    found = np.full((len(values), numbers[-1] + 1), np.nan, np.float32)
    found[:, numbers] = values
    return found


def spread(values: Sequence[float]) -> Spread | float:
    """Mean and deviation over seeds; the value itself of a single one."""
    known = np.array(values, np.float64)
    return float(known[0]) if known.size == 1 else Spread(float(known.mean()), float(known.std(ddof=1)), known.size)


def paired_errors(scored: Scored, first: Sequence[Array], second: Sequence[Array]) -> Difference:
    """Are the errors (P, D) of the first lower than those of the second? Each is the mean over its seeds."""
    errors = [daily(scored, np.mean(np.stack(one), axis=0)) for one in (first, second)]
    return compare(np.zeros_like(errors[0]), *errors)


def how_trained(plan: RegionsPlan, seeds: range) -> str:
    """The note of every table with networks."""
    network = plan.network
    return (f"Networks: {network.kind}, width {network.width}, {plan.steps} steps of {plan.batch} windows; seeds "
            f"{seeds.start} to {seeds.stop - 1}, ± standard deviation over them. Regions that no training has seen: "
            f"{', '.join(plan.held_out)}.")
