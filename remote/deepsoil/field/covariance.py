"""How the errors of a background map go together in space, in time and with depth. Pure.

The error is the sum of parts, each a Gaussian process of its own: what the whole neighbourhood has in common (rain
and evaporation that were wrong), what places of one kind have in common (a soil map or a plant that is wrong in the
same way), what belongs to a place and lasts, and what belongs to a place and passes. Correlations are exponential in
distance and in time; those of a place or a kind are also less between unlike soils, covers and waters (irrigated or
rainfed). The figures and the command that estimates them: RESULTS.md, "Readings".
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """P places: x, y in km on a local plane; sand and clay in % (NaN unknown); cover: the number of its group (-1
    unknown); irrigated."""

    x_km: Array
    y_km: Array
    sand: Array
    clay: Array
    cover: NDArray[np.integer]
    irrigated: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.x_km)

    def select(self, some: NDArray[np.integer]) -> Places:
        """Some of the places."""
        return Places(*(getattr(self, one.name)[some] for one in fields(self)))

    def distances_km(self, other: Places) -> Array:
        """(P, Q) to other places."""
        return np.hypot(self.x_km[:, None] - other.x_km, self.y_km[:, None] - other.y_km)


@dataclass(frozen=True)
class Part:
    """One part of the error: standard deviation m³/m³, correlation length km, correlation time in days.

    ``local``: it belongs to a place, so that likeness of soil, cover and water matters. ``irrigated``: only irrigated
    places have it, for when and how much water they got is never quite known.
    """

    sd: float
    length_km: float
    days: float
    local: bool = True
    irrigated: bool = False


@dataclass(frozen=True)
class ErrorCovariance:
    """The parts, and the likeness of places: e-folding difference of texture in %, share of a local error that is
    common to places of unlike cover, and of unlike water."""

    parts: tuple[Part, ...]
    texture_percent: float = 15.0
    other_cover: float = 0.3
    other_water: float = 0.1

    def likeness(self, places: Places, other: Places) -> Array:
        """(P, Q) between 0 and 1."""
        known = [np.isfinite(some.sand) & np.isfinite(some.clay) for some in (places, other)]
        texture = np.hypot(places.sand[:, None] - other.sand, places.clay[:, None] - other.clay)
        texture = np.where(known[0][:, None] & known[1], texture, 0.0)
        cover = (places.cover[:, None] == other.cover) | (places.cover[:, None] < 0) | (other.cover < 0)
        water = places.irrigated[:, None] == other.irrigated
        return np.asarray(np.exp(-texture / self.texture_percent) * np.where(cover, 1.0, self.other_cover)
                          * np.where(water, 1.0, self.other_water))

    def in_space(self, places: Places, other: Places) -> list[Array]:
        """Of every part the covariance (P, Q) of errors on the same day and at the same depth."""
        distance, alike = places.distances_km(other), self.likeness(places, other)
        both = np.logical_and.outer(places.irrigated, other.irrigated)
        return [part.sd ** 2 * np.exp(-distance / part.length_km) * (alike if part.local else 1.0)
                * (both if part.irrigated else 1.0) for part in self.parts]

    def in_time(self, days: NDArray[np.integer], other: NDArray[np.integer]) -> list[Array]:
        """Of every part the correlation (n, m) between days."""
        apart = np.abs(np.subtract.outer(days, other)).astype(np.float64)
        return [np.exp(-apart / part.days) for part in self.parts]

    def variances(self, places: Places) -> Array:
        """(P,) of the whole error."""
        return np.asarray(sum(np.where(places.irrigated, 1.0, not part.irrigated) * part.sd ** 2
                              for part in self.parts), np.float64)
