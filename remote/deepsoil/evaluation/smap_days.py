"""SMAP's retrievals of a region, or of files of the user, on their cells: what maps are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.coarse_cells import Array, edges
from deepsoil.store.series import CoarseSeries, Days
from deepsoil.store.store import Store

SMAP, FLAGGED = "smap", "smap_flagged"


@dataclass(frozen=True)
class SmapDays:
    """θ of the cells on consecutive days, NaN without a retrieval.

    title                 of the region, or of the folder
    dates (T,)            datetime64[D], consecutive
    longitudes (nx,)      middles of the cells, degrees, ascending
    latitudes (ny,)       the same, descending
    recommended, flagged  (T, ny, nx) m³/m³; ``flagged``: retrievals that are not recommended
    has_flags             False: the source does not say which are recommended, and all stand as such
    """

    title: str
    dates: Days
    longitudes: Array
    latitudes: Array
    recommended: Array
    flagged: Array
    has_flags: bool = True

    @classmethod
    def of_store(cls, store: Store) -> SmapDays:
        """DeepSoilError ``no_smap`` where the region has none, or cells whose size is not known."""
        recommended, flagged = (store.coarse(name) if name in store.channels() else None for name in (SMAP, FLAGGED))
        if recommended is None and flagged is None:
            raise DeepSoilError("no_smap", "The region '{title}' has no SMAP soil moisture.",
                                "Gather the region's data again with an Earthdata account, add the channel smap to "
                                "its recipe and ingest again, or compare with SMAP files of your own.", "region",
                                title=store.title)
        return cls.of_series(store.title, recommended, flagged)

    @classmethod
    def of_series(cls, title: str, recommended: CoarseSeries | None, flagged: CoarseSeries | None,
                  has_flags: bool = True) -> SmapDays:
        """From one or both kinds. DeepSoilError ``no_smap`` for grids that differ, or of a single row or column."""
        known = [one for one in (recommended, flagged) if one is not None]
        grid = known[0]
        if not all(one.same_grid(grid) for one in known):
            raise DeepSoilError("no_smap", "The channels smap and smap_flagged of the region lie on different grids.",
                                "Ingest both from the same files.", "region")
        try:
            edges(grid.longitudes, grid.latitudes)
        except ValueError as error:
            raise DeepSoilError("no_smap", "The region '{title}' has a single row or column of SMAP's cells, which "
                                "does not say how large they are.", "Ingest SMAP with the cells around the area.",
                                "region", title=title) from error
        dates = np.arange(min(one.dates[0] for one in known), max(one.dates[-1] for one in known) + 1)
        whole = []
        for one in (recommended, flagged):
            values = np.full((dates.size, *grid.values.shape[1:]), np.nan)
            if one is not None:
                start = int((one.dates[0] - dates[0]).astype(int))
                values[start:start + one.dates.size] = one.values
            whole.append(values)
        return cls(title, dates, grid.longitudes, grid.latitudes, whole[0], whole[1], has_flags)

    def on(self, days: Sequence[date]) -> tuple[Array, Array]:
        """(recommended, flagged), each (N, ny, nx), of these days; NaN beyond those that are known."""
        index = (np.array(days, "datetime64[D]") - self.dates[0]).astype(int)
        there = (index >= 0) & (index < self.dates.size)
        found = []
        for values in (self.recommended, self.flagged):
            taken = np.full((index.size, *values.shape[1:]), np.nan)
            taken[there] = values[index[there]]
            found.append(taken)
        return found[0], found[1]

    def passes(self, cells: NDArray[np.bool_], first: date, last: date) -> list[date]:
        """The days from ``first`` to ``last`` with a retrieval in one of these cells (ny, nx)."""
        some = np.isfinite(self.recommended[:, cells]).any(1) | np.isfinite(self.flagged[:, cells]).any(1)
        return [day for day in self.dates[some].astype(object) if first <= day <= last]

    def no_retrieval(self, first: date, last: date) -> DeepSoilError:
        return DeepSoilError("no_smap", "SMAP has no retrieval over '{title}' from {start} to {end}.",
                             "Choose other days. It passes every two or three days and sees no frozen ground.", "dates",
                             title=self.title, start=first, end=last)
