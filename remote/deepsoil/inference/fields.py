"""The fields of a prediction: what the region covers of each, which ones share windows, and what to tell of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

from deepsoil.areas import outside
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import named_outlines
from deepsoil.contract.text import Text
from deepsoil.inference.area import Coverage, cover

_NAMES_SAID = 5
_WIDEST_BLOCK_PIXELS = 1024


@dataclass(frozen=True)
class Field:
    """A field that gets maps. ``number``, from 1, and ``name`` are None where the area is one outline."""

    number: int | None
    name: str | None
    coverage: Coverage


@dataclass(frozen=True)
class Fields:
    """All fields of a request: those that the region has data for, and the names of those that lie outside it."""

    inside: list[Field]
    left_out: list[str]

    def warnings(self, region: str) -> list[DeepSoilError]:
        """What to tell the user about fields, or parts of them, that stay empty. ``region``: its title."""
        partial = [field for field in self.inside if field.coverage.is_partial]
        found = []
        if self.left_out:
            found.append(DeepSoilError(
                "fields_outside", "{count} of {total} fields lie outside the region '{region}' and get no map: "
                "{names}.", "Leave them out, or add a region that covers them.", "area", count=len(self.left_out),
                total=len(self.inside) + len(self.left_out), region=region, names=_listed(self.left_out)))
        if partial and partial[0].number is None:
            found.append(DeepSoilError(
                "area_partly_outside", "{percent} % of the area lies outside the region '{region}'. The map has no "
                "values there.", "Move the area if that part matters, or add a region that covers it.", "area",
                percent=_percent(partial[0]), region=region))
        elif partial:
            names = [f"{field.name} ({_percent(field)} %)" for field in partial]
            found.append(DeepSoilError(
                "area_partly_outside", "{count} of {total} fields lie partly outside the region '{region}'. Their maps "
                "have no values there: {names}.", "Move these fields if that part matters, or add a region that "
                "covers them.", "area",
                count=len(partial), total=len(self.inside) + len(self.left_out), region=region, names=_listed(names)))
        return found


def cover_fields(area: dict[str, Any], footprint: dict[str, Any], region: str) -> Fields:
    """What a region covers of an area (GeoJSON). DeepSoilError ``area_outside`` where that is nothing of any field."""
    covered = shape(footprint)
    inside, left_out = [], []
    for number, (name, geometry) in enumerate(named_outlines(area), 1):
        coverage = cover(shapely.force_2d(shape(geometry)), covered)
        if coverage is not None:
            inside.append(Field(None if name is None else number, name, coverage))
        elif name is not None:
            left_out.append(name)
    if not inside:
        raise outside(area, {region: footprint})
    return Fields(inside, left_out)


def blocks(outlines: Sequence[shapely.Geometry], halo: int) -> list[list[int]]:
    """Fields that are computed together, as positions in ``outlines`` (global pixels). Every field is in one block.

    Neighbours share windows where that is no more work than windows of their own with a halo of ``halo`` pixels;
    fields far apart never do, so that what is kept in memory for a block is bounded.
    """
    found: list[tuple[list[int], tuple[float, ...]]] = []
    for position in _along_a_curve(outlines):
        box = outlines[position].bounds
        if found:
            members, known = found[-1]
            both = (min(known[0], box[0]), min(known[1], box[1]), max(known[2], box[2]), max(known[3], box[3]))
            narrow = max(both[2] - both[0], both[3] - both[1]) <= _WIDEST_BLOCK_PIXELS
            if narrow and _work(both, halo) <= _work(known, halo) + _work(box, halo):
                found[-1] = ([*members, position], both)
                continue
        found.append(([position], box))
    return [sorted(members) for members, _ in found]


def _along_a_curve(outlines: Sequence[shapely.Geometry]) -> list[int]:
    """Positions in the order of their Morton codes: neighbours follow each other."""
    corners = np.array([outline.bounds[:2] for outline in outlines]).astype(np.int64)
    codes = [sum(((column >> bit & 1) << 2 * bit) | ((row >> bit & 1) << 2 * bit + 1) for bit in range(24))
             for column, row in corners.tolist()]
    return sorted(range(len(outlines)), key=codes.__getitem__)


def _work(box: tuple[float, ...], halo: int) -> float:
    return (box[2] - box[0] + 2 * halo) * (box[3] - box[1] + 2 * halo)


def _percent(field: Field) -> int:
    return max(1, round(100 * field.coverage.outside_share))


def _listed(names: Sequence[str]) -> str:
    """The first names, and how many there are beside."""
    said = ", ".join(names[:_NAMES_SAID])
    more = len(names) - _NAMES_SAID
    return Text("{names} and {more} more", names=said, more=more) if more > 0 else said
