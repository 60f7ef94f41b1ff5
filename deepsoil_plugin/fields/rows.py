"""The fields of a table as the engine wrote them (``fields_DAY.geojson``), one row each. Pure."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LOW, MEDIUM, HIGH, UNKNOWN = "low", "medium", "high", "unknown"
LEVELS = (HIGH, MEDIUM, LOW, UNKNOWN)
"""Of need, in the order of urgency."""
EDGES = (0.5, 1.0)
"""Between low, medium and high, as the engine's zones have them."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class FieldRow:
    """number: of the field in its job; title: its name, with the number where several are called so; box: west, south,
    east, north in degrees; values: what the engine says of it."""

    number: int
    name: str
    title: str
    box: Box
    values: Mapping[str, Any]

    def figure(self, name: str) -> float | None:
        """None where it is not known."""
        value = self.values.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            return None
        return float(value)

    def word(self, name: str) -> str:
        """Empty where there is none."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    @property
    def level(self) -> str:
        """One of ``LEVELS``."""
        need = self.figure("need")
        if need is None:
            return UNKNOWN
        return HIGH if need >= EDGES[1] else MEDIUM if need >= EDGES[0] else LOW


def read_rows(text: str) -> list[FieldRow]:
    """ValueError where it is no table of fields."""
    document = json.loads(text)
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ValueError("it has no fields")
    found = []
    for place, feature in enumerate(features, 1):
        values = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(values, dict):
            raise ValueError(f"field {place} has no figures")
        number = values.get("number")
        found.append((number if isinstance(number, int) else place, str(values.get("name") or place), values,
                      _box(feature.get("geometry"))))
    names = Counter(name for _, name, _, _ in found)
    return [FieldRow(number, name, f"{name} ({number})" if names[name] > 1 else name, box, values)
            for number, name, values, box in found]


def depths_of(rows: list[FieldRow]) -> list[int]:
    """The depths in cm of which there is soil moisture."""
    names = {name for row in rows for name in row.values if name.startswith("theta_") and name.endswith("cm")}
    depths = [name.removeprefix("theta_").removesuffix("cm") for name in names]
    return sorted(int(depth) for depth in depths if depth.isdigit())


def has_water(rows: list[FieldRow]) -> bool:
    """Whether what is to be refilled is known of any field."""
    return any(row.figure("refill_mm") is not None for row in rows)


def _box(geometry: Any) -> Box:
    """Of a GeoJSON geometry; ValueError where it has no corners."""
    corners = list(_corners(geometry.get("coordinates") if isinstance(geometry, dict) else None))
    if not corners:
        raise ValueError("a field has no outline")
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)


def _corners(part: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(part, list):
        return
    if len(part) >= 2 and all(isinstance(value, int | float) for value in part):
        yield float(part[0]), float(part[1])
        return
    for inner in part:
        yield from _corners(inner)
