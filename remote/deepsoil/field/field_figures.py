"""The water of a whole field on one day in figures: what it lacks, what to refill, and how long it lasts. Pure.

A figure of a field is the mean over its ground of every member, and then mean and interval of the members: what is not
known of a field is mostly the same all over it, and so does not average out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.field import interval
from deepsoil.field.root_zone import RootZoneWater
from deepsoil.field.what_if import Need, need_of

Array = NDArray[np.float64]

AHEAD_DAYS = 14
"""So far the day is looked for on which the plants of a field will have used what they may."""

OF_WATER = ("available_percent", "depletion_mm", "refill_mm")
FIGURES = (*(f"{name}{end}" for name in OF_WATER for end in ("", "_lower", "_upper")), "limit_mm", "below_share",
           "limit_day", "limit_earliest", "limit_latest", "days_to_limit", "days_ahead", "days_with_weather", "rain_mm")
"""The names of a field's figures as a document."""


@dataclass(frozen=True)
class Figure:
    """Mean of the members, and the bounds of the 90 % interval."""

    mean: float
    lower: float
    upper: float

    @classmethod
    def of(cls, members: Array, weights: Array) -> Figure:
        """Of members (E,) with their weights (E,)."""
        lower, upper = interval.bounds(members, weights)
        return cls(float(interval.mean(members, weights)), float(lower), float(upper))


@dataclass(frozen=True)
class FieldFigures:
    """Of one field on ``day``.

    below_share: of the ground, that has used what its plants may; need: when the field as a whole will have, from the
    day on, without irrigation; days_ahead: so far that was looked for; known_days: those of them whose weather the
    region has; rain_mm: what was left to the rain.
    """

    day: np.datetime64
    available_percent: Figure
    depletion_mm: Figure
    refill_mm: Figure
    below_share: float
    need: Need
    days_ahead: int
    known_days: int
    rain_mm: float

    def document(self) -> dict[str, Any]:
        """Flat, for JSON: numbers rounded to what is known of them, days in ISO."""
        found: dict[str, Any] = {}
        for name in OF_WATER:
            figure: Figure = getattr(self, name)
            found |= {name: round(figure.mean, 1), f"{name}_lower": round(figure.lower, 1),
                      f"{name}_upper": round(figure.upper, 1)}
        need = self.need
        days = {f"limit_{name}": None if day is None else str(day)
                for name, day in (("day", need.day), ("earliest", need.earliest), ("latest", need.latest))}
        until = None if need.day is None else int((need.day - self.day).astype(int))
        return {**found, "limit_mm": round(need.limit_mm, 1), "below_share": round(self.below_share, 3), **days,
                "days_to_limit": until, "days_ahead": self.days_ahead, "days_with_weather": self.known_days,
                "rain_mm": round(self.rain_mm, 1)}


@dataclass
class FieldTally:
    """Collects the members of a field, some of its columns at a time. ``allowed``: the share that plants may use."""

    day: np.datetime64
    allowed: float
    _sums: dict[str, Array] = field(default_factory=dict)
    _below: float = 0.0
    _ground: float = 0.0
    _rain: float = 0.0

    def add(self, water: RootZoneWater, refill: NDArray[np.float32], ahead: RootZoneWater | None, rain_mm: Array,
            shares: Array, weights: Array) -> None:
        """Columns (n,) with their ``shares`` of the field: their water and what to refill (E, n, T), of which the last
        day counts; their water on the days ``ahead``, of all parts of the field or of none; the rain (n,) that was left
        to the sky."""
        depletion = water.depletion_mm[..., -1:]
        if ahead is not None:
            depletion = np.concatenate([depletion, ahead.depletion_mm], axis=2)
        for name, members in (("available", water.available_mm[..., -1]), ("capacity", water.capacity_mm),
                              ("depletion", depletion), ("refill", refill[..., -1])):
            self._add(name, members, shares)
        below = interval.mean(depletion[..., 0], weights) >= self.allowed * interval.mean(water.capacity_mm, weights)
        self._below += float(shares @ below)
        self._rain += float(shares @ rain_mm)
        self._ground += float(shares.sum())

    def figures(self, weights: Array, known_days: int) -> FieldFigures | None:
        """None where no ground of the field was simulated."""
        if not self._ground:
            return None
        depletion, capacity = self._mean("depletion"), self._mean("capacity")
        dates = self.day + np.arange(depletion.shape[1])
        need = need_of(dates, depletion, self.allowed * capacity, weights)
        percent = 100.0 * self._mean("available") / capacity
        return FieldFigures(self.day, Figure.of(percent, weights), Figure.of(depletion[:, 0], weights),
                            Figure.of(self._mean("refill"), weights), self._below / self._ground, need,
                            dates.size - 1, known_days,
                            self._rain / self._ground)

    def _add(self, name: str, members: NDArray[np.floating], shares: Array) -> None:
        """Members (E, n, ...): those of columns that could not be simulated have no weight."""
        known = np.isfinite(members)
        values = np.where(known, members, 0.0)
        for part, array in ((name, values), (f"{name} weight", known)):
            found = np.einsum("en...,n->e...", array.astype(np.float64), shares)
            self._sums[part] = self._sums.get(part, 0.0) + found

    def _mean(self, name: str) -> Array:
        weight = self._sums[f"{name} weight"]
        return np.asarray(np.divide(self._sums[name], weight, out=np.full(weight.shape, np.nan), where=weight > 0))
