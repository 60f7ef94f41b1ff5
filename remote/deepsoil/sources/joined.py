"""One channel of a region whose recipe has parts: what each recipe gives of it, put together.

A region that was extended by a second field has a recipe for each of them, and each gives its own pixels. Maps are
pasted, and of a pixel that two have the first recipe counts. Layers of one day complete each other, wherever they lie.
Daily fields are put onto the cells that all of them have together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources.source import DatedMaps, Ingestion, Map, Source
from deepsoil.store.series import UNKNOWN_STATUS, CoarseSeries

_SAME_CELL = 0.05
"""Of a cell: rounding of the coordinates in files."""


@dataclass(frozen=True)
class Member:
    """What one recipe says of a channel.

    ingestion   with the files of that recipe, and the window and bounds of the whole region
    window      the recipe's own pixels
    """

    source: Source
    ingestion: Ingestion
    window: Window


def read(members: Sequence[Member], name: str, kind: str) -> Map | DatedMaps | CoarseSeries:
    """The channel ``name`` of a ``kind`` (static, dated, coarse) over the whole region.

    Raises
    ------
    DeepSoilError
        As the sources say; ``source_invalid`` where daily fields lie on grids that do not fit together.
    """
    first = members[0]
    alone = len(members) == 1
    if alone or (first.source.needs and all(_plain(one.source) == _plain(first.source) for one in members)):
        return first.source.read(first.ingestion, name)
    if kind == "static":
        return _static(members, name)
    made = [one.source.read(one.ingestion, name) for one in members]
    if kind == "dated":
        return _dated([one for one in made if isinstance(one, DatedMaps)])
    return _coarse([one for one in made if isinstance(one, CoarseSeries)], name)


def _plain(source: Source) -> Source:
    """A source without its note, which says what people read and nothing of the values."""
    return source.model_copy(update={"note": ""})


def _static(members: Sequence[Member], name: str) -> Map:
    whole = members[0].ingestion.window
    result = np.full(whole.shape, np.nan, np.float32)
    for one in members:
        own = one.window.intersect(whole)
        if own is None:
            continue
        if one.source.needs:  # computed from maps of the whole region
            values = np.asarray(one.source.read(one.ingestion, name))[own.slices_in(whole)]
        else:
            values = np.asarray(one.source.read(replace(one.ingestion, window=own), name))
        target = result[own.slices_in(whole)]
        np.copyto(target, values, where=np.isnan(target))
    return result


def _dated(parts: Sequence[DatedMaps]) -> DatedMaps:
    days = sorted({day for part in parts for day in part.days})

    def layers() -> Iterator[Map]:
        for day in days:
            found = [next(part.layers) for part in parts if day in part.days]
            result = found[0]
            for other in found[1:]:
                result = np.where(np.isnan(result), other, result)
            yield result

    return DatedMaps(days, layers())


def _coarse(parts: Sequence[CoarseSeries], name: str) -> CoarseSeries:
    longitudes = _axis([part.longitudes for part in parts], name)
    latitudes = _axis([part.latitudes for part in parts], name)[::-1]
    if len({part.day_ends_utc for part in parts}) > 1:
        raise DeepSoilError("source_invalid", "The recipes of the region have days of {channel} that end at different "
                            "hours.", "Give files of one data set to one channel.", f"channels.{name}", channel=name)
    first, last = min(part.dates[0] for part in parts), max(part.dates[-1] for part in parts)
    dates = np.arange(first, last + 1)
    values = np.full((dates.size, latitudes.size, longitudes.size), np.nan, np.float32)
    known, status = np.zeros(dates.size, bool), np.full(dates.size, UNKNOWN_STATUS, np.uint8)
    for part in parts:
        days = (part.dates - first).astype(int)
        place = np.ix_(days, _places(latitudes, part.latitudes), _places(longitudes, part.longitudes))
        there = values[place]
        values[place] = np.where(np.isnan(there), part.values, there)
        real = np.isfinite(part.values).any(axis=(1, 2))
        _settle(status, known, days[real], None if part.status is None else part.status[real])
    settled = None if all(part.status is None for part in parts) else status
    return CoarseSeries(dates, longitudes, latitudes, values, parts[0].day_ends_utc, settled)


def _settle(status: NDArray[np.uint8], known: NDArray[np.bool_], days: NDArray[np.intp],
            fresh: NDArray[np.uint8] | None) -> None:
    """Note how settled some days are; a day is as settled as the less settled of its parts."""
    ours = np.full(days.size, UNKNOWN_STATUS, np.uint8) if fresh is None else fresh
    theirs = status[days]
    both = np.where((ours == UNKNOWN_STATUS) | (theirs == UNKNOWN_STATUS), UNKNOWN_STATUS, np.maximum(ours, theirs))
    status[days] = np.where(known[days], both, ours)
    known[days] = True


def _axis(axes: Sequence[NDArray[np.float64]], name: str) -> NDArray[np.float64]:
    """(n,) ascending centres of all cells, evenly spaced, as the parts write them where they have them.

    Raises ``source_invalid`` where the cells of one part lie between those of another.
    """
    centres = np.unique(np.concatenate(axes))
    kept = centres[np.concatenate([[True], np.diff(centres) > 1e-6])]
    if kept.size == 1:
        return kept
    steps = [float(np.median(np.abs(np.diff(axis)))) for axis in axes if axis.size > 1]
    step = min(steps) if steps else float(np.diff(kept).min())
    places = (kept - kept[0]) / step
    whole = np.round(places)
    if np.abs(places - whole).max() > _SAME_CELL:
        raise DeepSoilError("source_invalid", "The recipes of the region have daily fields of {channel} on grids that "
                            "do not fit together.", "Give files of one data set to one channel.", f"channels.{name}",
                            channel=name)
    result = kept[0] + step * np.arange(int(whole[-1]) + 1)
    result[whole.astype(int)] = kept
    return np.asarray(result)


def _places(axis: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.intp]:
    """Positions of centres on an axis that has them."""
    return np.asarray(np.abs(axis[None, :] - wanted[:, None]).argmin(axis=1))
