"""Names of published files: the day and the tile that they carry, and which version of a day is the newest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError


@dataclass(frozen=True)
class Granule:
    """A file with the parts of its name; ``version`` orders files of the same day and tile, the newest last."""

    path: Path
    day: date
    tile: str = ""
    version: str = ""


def parsed(paths: Iterable[Path], pattern: re.Pattern[str], product: str, example: str, field: str) -> list[Granule]:
    """The granules of files; groups of ``pattern``: ``day`` (YYYYMMDD) or ``doy`` (YYYYDDD), ``tile``, ``version``.

    Raises ``source_invalid`` for a name that the product does not have: its day could only be guessed.
    """
    granules = []
    for path in paths:
        found = pattern.search(path.name)
        day = _day(found.groupdict()) if found else None
        if found is None or day is None:
            raise DeepSoilError("source_invalid", "{file} is not named as files of {product} are ({example}), so its "
                                "day is not known.", "Keep the published names, or take another kind of source.", field,
                                file=path.name, product=product, example=example)
        groups = found.groupdict()
        granules.append(Granule(path, day, groups.get("tile") or "", groups.get("version") or ""))
    return granules


def newest(granules: Sequence[Granule]) -> list[Granule]:
    """One granule for each day and tile, that of the highest version, by day."""
    chosen: dict[tuple[date, str], Granule] = {}
    for granule in sorted(granules, key=lambda one: (one.version, one.path.name)):
        chosen[granule.day, granule.tile] = granule
    return sorted(chosen.values(), key=lambda one: (one.day, one.tile))


def by_day(granules: Iterable[Granule], available: Callable[[date], date]) -> dict[date, list[Granule]]:
    """Granules by the day from which on they may be used, ascending; ``available`` maps the day of the name to it."""
    days: dict[date, list[Granule]] = {}
    for granule in granules:
        days.setdefault(available(granule.day), []).append(granule)
    return dict(sorted(days.items()))


def _day(groups: dict[str, str | None]) -> date | None:
    try:
        if text := groups.get("day"):
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        text = groups.get("doy") or ""
        year, number = int(text[:4]), int(text[4:7])
        day = date(year, 1, 1) + timedelta(days=number - 1)
        return day if day.year == year else None
    except ValueError:
        return None
