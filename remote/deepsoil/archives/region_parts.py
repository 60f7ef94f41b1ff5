"""The further fields of a gathered region: each has a folder of its own in that of the region.

    recipe.yaml, gathered.json, …   of the field that the region was made for
    parts/2/recipe.yaml, …          of the second field: what the region did not have of it; and so on

The region's recipe names those of its parts, so that ``deepsoil ingest`` makes the whole of it. A part counts when its
recipe is there, which is written when everything was fetched: one that was begun changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from deepsoil.archives import folder as gathered
from deepsoil.archives.archive import Archive, Ask, Bounds
from deepsoil.archives.choice import Plan, Wishes, choose
from deepsoil.archives.needs import OF_THE_FIELD, ONCE
from deepsoil.grid import TILE, Window, enclosing
from deepsoil.io import atomic

PARTS = "parts"
_SAME_DEGREES = 1e-7
_TINY = 1e-9
"""Degrees: rounding never adds a row of pixels."""


@dataclass(frozen=True)
class Part:
    """A field of a gathered region, with what was fetched for it.

    outline   of the field in degrees
    """

    folder: Path
    record: gathered.Record
    outline: BaseGeometry


def parts_of(folder: Path) -> list[Part]:
    """The further fields of a gathered region that are whole, in the order in which they came. DeepSoilError as `read`.
    """
    found = [_part(one) for one in _folders(folder) if (one / gathered.RECIPE).is_file()]
    return [part for part in found if part is not None]


def recipes_of(folder: Path) -> list[str]:
    """What the region's recipe names as its parts."""
    return [f"{PARTS}/{part.folder.name}/{gathered.RECIPE}" for part in parts_of(folder)]


def folder_for(region: Path, outline: BaseGeometry) -> Path:
    """Where a field's own part of a region lies: where it was begun, or a folder that nothing is in yet."""
    there = _folders(region)
    for one in (*(one for one in there if same_field(one, outline)), *filter(_is_unused, there)):
        return one
    return region / PARTS / str(max((int(one.name) for one in there), default=1) + 1)


def has_field(region: Path, outline: BaseGeometry) -> bool:
    """Whether a gathered folder is of this field, or has a part that is, also one that was only begun."""
    return any(same_field(one, outline) for one in (region, *_folders(region)))


def same_field(folder: Path, outline: BaseGeometry) -> bool:
    """Whether a folder was gathered for this field."""
    field = gathered.field_of(folder)
    return field is not None and field.equals_exact(outline, _SAME_DEGREES)


def missing(wanted: Window, there: Sequence[Window], field: Window) -> Window:
    """What a region lacks of the pixels that a field needs, in whole tiles, with those of the field itself.

    One box: several would be asked for one by one. The field is in it, so that archives are judged by it, as always.
    """
    tiles = (Window(column * TILE, row * TILE, TILE, TILE) for column, row in wanted.align(TILE).tiles())
    lacking = [tile for tile in tiles if not any(one.contains(tile) for one in there)]
    return enclosing([*lacking, field.align(TILE)])


def window_of(bounds: Bounds) -> Window:
    """The pixels of a record's or an ask's bounds, which are whole tiles."""
    west, south, east, north = bounds
    return Window.around(west + _TINY, south + _TINY, east - _TINY, north - _TINY)


def plan_of(ask: Ask, wishes: Wishes, archives: Mapping[str, Archive], needs: Mapping[str, Sequence[str]],
            known: Collection[str]) -> Plan:
    """What a part of a region needs for itself.

    ask     with the bounds of what the region lacks
    known   keys of what is planned for the rest of the region; a need of which all is there is left out
    """
    around = Window.around(*ask.outline.bounds).pad(2 * TILE).align(TILE)
    of_field = choose(replace(ask, bounds=around.bounds_lonlat), wishes, archives, _only(needs, OF_THE_FIELD))
    others = choose(ask, wishes, archives, _only(needs, frozenset(needs) - OF_THE_FIELD - ONCE))
    pieces = {**others.pieces, **of_field.pieces}
    choices = [choice for choice in (*others.choices, *of_field.choices)
               if not choice.chosen or not all(gathered.key_of(piece) in known for name in choice.chosen
                                               for piece in pieces[name])]
    return Plan(ask, tuple(choices), pieces)


def _only(needs: Mapping[str, Sequence[str]], names: Collection[str]) -> dict[str, Sequence[str]]:
    return {need: archives for need, archives in needs.items() if need in names}


def _folders(region: Path) -> list[Path]:
    """The folders of a region's parts, by number, also of those that were only begun."""
    found = [one for one in (region / PARTS).glob("*") if one.name.isdecimal() and one.is_dir()]
    return sorted(found, key=lambda one: int(one.name))


def _is_unused(folder: Path) -> bool:
    """Whether a folder has at most the drafts of a process that was killed before it wrote the field."""
    return all(path.name.startswith(atomic.PART) for path in folder.iterdir())


def _part(folder: Path) -> Part | None:
    record, outline = gathered.read(folder), gathered.field_of(folder)
    return None if record is None or outline is None else Part(folder, record, outline)
