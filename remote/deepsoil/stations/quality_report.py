"""What the quality control of station data rejected: a reason for every value, and the counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deepsoil.store.series import Days

Mask = NDArray[np.bool_]

REASONS = ("kept", "missing", "flagged", "unphysical", "frozen", "stuck", "spike", "break")
"""Index = code in ``QualityReport.reasons`` and in stores (``Stations.rejected``): append new reasons at the end."""


@dataclass(frozen=True)
class Break:
    """A lasting, unexplained step of ``step`` m3/m3 of a sensor from the day before to ``day``."""

    station: str
    depth_cm: float
    day: np.datetime64
    step: float


@dataclass(frozen=True)
class QualityReport:
    """Reasons for S stations, D depths and T days.

    reasons     (S, D, T) uint8, indices into ``REASONS``
    unchecked   (S, D, T) kept days without soil temperature, on which frozen soil cannot be detected
    """

    ids: tuple[str, ...]
    depths_cm: NDArray[np.float64]
    dates: Days
    reasons: NDArray[np.uint8]
    unchecked: Mask
    breaks: tuple[Break, ...] = ()

    def counts(self) -> dict[str, NDArray[np.int64]]:
        """Reason → days (S, D)."""
        return {name: (self.reasons == code).sum(axis=2) for code, name in enumerate(REASONS)}

    def select(self, stations: ArrayLike, depths: ArrayLike, days: Mask) -> QualityReport:
        """The part of some stations and depths (indices) and days (a mask)."""
        s, d = np.asarray(stations, np.intp), np.asarray(depths, np.intp)

        def part(values: NDArray[Any]) -> NDArray[Any]:
            return values[s][:, d][..., days]

        ids, levels, dates = tuple(self.ids[i] for i in s), self.depths_cm[d], self.dates[days]
        breaks = tuple(one for one in self.breaks
                       if one.station in ids and one.depth_cm in levels and one.day in dates)
        return replace(self, ids=ids, depths_cm=levels, dates=dates, reasons=part(self.reasons),
                       unchecked=part(self.unchecked), breaks=breaks)

    def to_dict(self) -> dict[str, Any]:
        """For JSON: by depth, the counts in total and by station, and the breaks."""
        counts = self.counts()
        return {f"{depth:g}": {
            **{name: int(values[:, d].sum()) for name, values in counts.items()},
            "without_soil_temperature": int(self.unchecked[:, d].sum()),
            "stations": {one: {name: int(values[s, d]) for name, values in counts.items() if values[s, d]}
                         for s, one in enumerate(self.ids)},
            "breaks": [{"station": one.station, "day": str(one.day), "step": round(one.step, 4)}
                       for one in self.breaks if one.depth_cm == depth],
        } for d, depth in enumerate(self.depths_cm)}

    def text(self) -> str:
        """One line per depth, and one per station with rejected values."""
        return "\n".join(line for d in range(len(self.depths_cm)) for line in self._depth(d))

    def _depth(self, d: int) -> list[str]:
        counts = {name: values[:, d] for name, values in self.counts().items()}
        measured = self.reasons[:, d].size - int(counts["missing"].sum())
        rejected = {name: values for name, values in counts.items() if name not in ("kept", "missing")}
        total = sum(int(values.sum()) for values in rejected.values())
        line = (f"{self.depths_cm[d]:g} cm: {total} of {measured} station-days rejected"
                f"{_list({name: int(values.sum()) for name, values in rejected.items()})}")
        line += f"; {int(counts['missing'].sum())} missing"
        if unchecked := int(self.unchecked[:, d].sum()):
            line += f"; {unchecked} without soil temperature, not checked for frost"
        of_station = [f"  {one}{_list({name: int(values[s]) for name, values in rejected.items()})}"
                      for s, one in enumerate(self.ids) if any(values[s] for values in rejected.values())]
        steps = [f"  {one.station}: level changes by {one.step:+.3f} m3/m3 on {one.day}; check it"
                 for one in self.breaks if one.depth_cm == self.depths_cm[d]]
        return [line, *of_station, *steps]


def _list(counts: dict[str, int]) -> str:
    named = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    return f": {named}" if named else ""
