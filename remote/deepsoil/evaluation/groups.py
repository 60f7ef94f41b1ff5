"""Results by groups of stations: irrigated or not, and how near and how many the other stations are. Pure.

A median over stations hides a group that is wrong altogether, so groups are listed with the worst first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.paired import Difference, compare

Values = NDArray[np.floating]

DISTANCES_KM = (5, 20, 50)
_NUMBERS = ((0, 0, "no other station"), (1, 1, "1 other station"), (2, 4, "2 to 4 other stations"),
            (5, 9, "5 to 9 other stations"), (10, None, "10 or more other stations"))
_WATER = {True: "irrigated", False: "rainfed"}


@dataclass(frozen=True)
class Surroundings:
    """Of each station (S,): the distance of the nearest other station with readings in the period (km, inf: none), and
    how many of those lie within each of ``DISTANCES_KM``; ``irrigated`` is None where it is not known."""

    nearest_km: NDArray[np.float64]
    within: dict[int, NDArray[np.int64]]
    irrigated: Sequence[bool | None]

    @classmethod
    def of(cls, distance_km: NDArray[np.float64], reporting: NDArray[np.bool_],
           irrigated: Sequence[bool | None]) -> Surroundings:
        """``distance_km`` (S, S); ``reporting`` (S,): which stations have readings in the period."""
        apart = np.where(reporting[None, :], distance_km, np.inf)
        np.fill_diagonal(apart, np.inf)
        return cls(apart.min(1), {limit: (apart <= limit).sum(1) for limit in DISTANCES_KM}, list(irrigated))

    def select(self, chosen: Sequence[int]) -> Surroundings:
        """Of some of the stations."""
        index = list(chosen)
        return Surroundings(self.nearest_km[index], {limit: counts[index] for limit, counts in self.within.items()},
                            [self.irrigated[one] for one in index])

    def to_dict(self, place: int) -> dict[str, Any]:
        """Of one station, for JSON."""
        nearest = float(self.nearest_km[place])
        return {"irrigated": self.irrigated[place], "nearest_km": round(nearest, 3) if np.isfinite(nearest) else None,
                "others_within_km": {str(limit): int(counts[place]) for limit, counts in self.within.items()}}

    def members(self) -> dict[str, NDArray[np.bool_]]:
        """Title → stations (S,) of each group that has any."""
        found = {title: np.array([value is state for value in self.irrigated])
                 for state, title in _WATER.items()}
        if any(mask.any() for mask in found.values()):
            found["irrigation not known"] = np.array([value is None for value in self.irrigated])
        edges = (0, *DISTANCES_KM, np.inf)
        for low, high in pairwise(edges):
            title = (f"no other station within {low} km" if high == np.inf else
                     f"nearest other station {low} to {high} km" if low else
                     f"nearest other station within {high} km")
            found[title] = (self.nearest_km > low if low else self.nearest_km >= 0) & (self.nearest_km <= high)
        largest = DISTANCES_KM[-1]
        for least, most, title in _NUMBERS:
            count = self.within[largest]
            found[f"{title} within {largest} km"] = (count >= least) & (count <= (most if most is not None else np.inf))
        return {title: mask for title, mask in found.items() if mask.any()}


@dataclass(frozen=True)
class Group:
    """The error of the model in a group, its worst station, and the baseline that is best there.

    model_mae is the mean over ``stations``; ``against`` compares with the baseline ``best`` (None: none has a value).
    """

    title: str
    stations: list[str]
    days: int
    model_mae: float
    worst_station: str
    worst_mae: float
    best: str | None
    against: Difference | None

    def to_dict(self) -> dict[str, Any]:
        return {"title": self.title, "stations": self.stations, "days": self.days,
                "model_mae": round(self.model_mae, 6), "worst_station": self.worst_station,
                "worst_mae": round(self.worst_mae, 6), "best_baseline": self.best,
                "against_best": self.against.to_dict() if self.against else None}


def by_group(ids: Sequence[str], observed: Values, model: Values, baselines: Mapping[str, Values],
             surroundings: Surroundings) -> list[Group]:
    """Groups of stations with a score, the largest error first. θ (S, T), observed NaN off the compared days.

    Only baselines with a value at every scored station of a group compete there.
    """
    own = [compare(observed[s], model[s], model[s], repetitions=0) for s in range(len(ids))]
    scored = np.array([one.days > 0 for one in own])
    groups = []
    for title, mask in surroundings.members().items():
        members = np.flatnonzero(mask & scored)
        if not members.size:
            continue
        names = [ids[s] for s in members.tolist()]
        maes = np.array([own[s].model_mae for s in members])
        rivals = {name: compare(observed[members], model[members], values[members], repetitions=0)
                  for name, values in baselines.items()}
        complete = {name: one for name, one in rivals.items() if one.stations == members.size}
        best = min(complete, key=lambda name: complete[name].baseline_mae, default=None)
        against = compare(observed[members], model[members], baselines[best][members]) if best else None
        worst = int(maes.argmax())
        groups.append(Group(title, names, sum(own[s].days for s in members), float(maes.mean()), names[worst],
                            float(maes[worst]), best, against))
    return sorted(groups, key=lambda group: -group.model_mae)
