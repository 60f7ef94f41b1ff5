"""The water of the root zone of an ensemble: what plants can take, what lacks to field capacity, what drains. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.soil.profile import Profile
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, VanGenuchten, theta

Array = NDArray[np.float64]
Values = NDArray[np.float32]

DEEPEST_CM = 100.0
"""The root zone ends here, or where the roots do."""


@dataclass(frozen=True)
class RootZoneWater:
    """Of N columns in E members on T days, arrays (E, N, T): available_mm, water above the wilting point (1.5 MPa);
    depletion_mm, what lacks to field capacity (33 kPa), 0 where there is more; drainage_mm a day through the base of
    the column; irrigation_mm given that day. capacity_mm (E, N): what the root zone holds between these two."""

    available_mm: Values
    depletion_mm: Values
    drainage_mm: Values
    irrigation_mm: Values
    capacity_mm: Values

    @property
    def available_percent(self) -> Values:
        """(E, N, T) of the capacity; more than 100 after much rain."""
        return np.asarray(100.0 * self.available_mm / self.capacity_mm[..., None], np.float32)


    def until(self, day: int) -> RootZoneWater:
        """The first ``day`` days."""
        return replace(self, **{name: getattr(self, name)[..., :day] for name in _DAILY})

    def then(self, later: RootZoneWater) -> RootZoneWater:
        """With the days that follow."""
        return replace(later, **{name: np.concatenate([getattr(self, name), getattr(later, name)], axis=-1)
                                 for name in _DAILY})


_DAILY = ("available_mm", "depletion_mm", "drainage_mm", "irrigation_mm")


@dataclass(frozen=True)
class WaterOfColumns:
    """Collects the water of the members as they are simulated."""

    _parts: RootZoneWater

    @classmethod
    def empty(cls, members: int, count: int, days: int) -> WaterOfColumns:
        def daily() -> Values:
            return np.full((members, count, days), np.nan, np.float32)

        capacity = np.full((members, count), np.nan, np.float32)
        return cls(RootZoneWater(daily(), daily(), daily(), daily(), capacity))

    def add(self, some: NDArray[np.int64], at_nodes: Values, soils: VanGenuchten, roots_cm: Array, profile: Profile,
            drainage: Values, irrigation: Array) -> None:
        """θ at the nodes (e, N, nodes, T) of the members ``some``, their soils (e * N,) or (e * N, nodes), root depths
        (e * N,), drainage and irrigation (e * N, T)."""
        members, count = at_nodes.shape[:2]
        reach = np.minimum(roots_cm, DEEPEST_CM).reshape(members, count, 1)
        upper, lower = profile.edges_cm[:-1], profile.edges_cm[1:]
        thick_mm = 10.0 * np.clip(np.minimum(lower, reach) - upper, 0.0, None)
        capacity, wilting = (theta(suction, soils).reshape(members, count, -1, 1)
                             for suction in (DUL_SUCTION_CM, LL15_SUCTION_CM))
        self._parts.available_mm[some] = np.einsum("enk,enkt->ent", thick_mm, np.maximum(at_nodes - wilting, 0.0))
        lack = np.einsum("enk,enkt->ent", thick_mm, capacity - at_nodes)
        self._parts.depletion_mm[some] = np.maximum(lack, 0.0)
        held = (thick_mm * (capacity - wilting)[..., 0]).sum(axis=-1)
        self._parts.capacity_mm[some] = np.where(np.isfinite(at_nodes[..., 0, -1]), held, np.nan)
        self._parts.drainage_mm[some] = drainage.reshape(members, count, -1)
        self._parts.irrigation_mm[some] = irrigation.reshape(members, count, -1)

    def result(self) -> RootZoneWater:
        return self._parts
