"""How the water to refill is counted, as the user wants it: kept with the project, part of a request. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from ..contract_check import problem

REFILL = "refill_mm"
OF_ZONES = ("available_percent", REFILL)
"""The maps that zones of need are made from."""
LEAST_PERCENT, LEAST_HA, MOST_HA = 10, 0.1, 1000.0
MOST_RAIN_DAYS = 10


@dataclass(frozen=True)
class RefillWish:
    """target: the share of the available water up to which it is filled, 1 is field capacity; rain_days: the rain of so
    many days is left to the sky; only_where_needed: 0 where the limit is not reached; zones: zones of need, too, none
    smaller than minimum_ha.
    """

    target: float = 1.0
    rain_days: int = 0
    only_where_needed: bool = False
    zones: bool = False
    minimum_ha: float = 0.5

    def products(self, others: Sequence[str]) -> list[str]:
        """The maps that are needed, after those that are wanted besides."""
        needed = OF_ZONES if self.zones else (REFILL,)
        return [*(one for one in others if one not in needed), *needed]

    def options(self) -> dict[str, Any]:
        """As ``options`` of a prediction has them."""
        refill = {"target": self.target, "rain_days": self.rain_days, "only_where_needed": self.only_where_needed}
        return {"refill": refill, **({"zones": {"minimum_ha": self.minimum_ha}} if self.zones else {})}

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, document: Any) -> RefillWish:
        """What a project keeps; what is not as the contract has it is as if it had never been chosen."""
        if not isinstance(document, Mapping) or not isinstance(document.get("zones", False), bool):
            return cls()
        wish = cls(**{one.name: document[one.name] for one in fields(cls) if one.name in document})
        zones = {"minimum_ha": wish.minimum_ha}
        right = problem(wish.options()["refill"], "Refill") is None and problem(zones, "Zones") is None
        return wish if right else cls()
