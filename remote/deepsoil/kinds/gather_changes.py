"""What a refresh changed: the days of a region whose inputs are others now, and the finished maps that rest on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.field.weather import HISTORY_DAYS
from deepsoil.grid import Window
from deepsoil.inputs.water_memory import SPINUP_DAYS
from deepsoil.io.hashing import sha256_of
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders
from deepsoil.store.series import CoarseSeries
from deepsoil.store.store import MAX_AGE_DAYS, Store

_RESTS_ON_DAYS = max(HISTORY_DAYS, SPINUP_DAYS)
"""Of weather before a map, by which it is made: the columns' history and the networks' memory of water."""
_LEAST_CHANGE = 1e-3
"""In the unit of the channel: less is rounding."""


@dataclass(frozen=True)
class Inputs:
    """What maps of a region are made from, as it was at a moment.

    weather   coarse channel → its series
    observed  dated channel → its days
    ground    static channel → digest of its map: some 40 maps of a large region do not fit into memory twice
    window    the pixels of these maps; None: there is no store
    """

    weather: Mapping[str, CoarseSeries] = field(default_factory=dict)
    observed: Mapping[str, NDArray[np.datetime64]] = field(default_factory=dict)
    ground: Mapping[str, str] = field(default_factory=dict)
    window: Window | None = None


@dataclass(frozen=True)
class Changes:
    """Days on which a value that was known is another one now, is gone, or came in between; ascending.

    weather   of daily weather
    observed  of maps such as NDVI
    ground    names of static channels with other values
    """

    weather: tuple[date, ...] = ()
    observed: tuple[date, ...] = ()
    ground: tuple[str, ...] = ()

    def concern(self, day: date) -> bool:
        """Whether a map of a day would be another one now."""
        oldest = day - timedelta(days=_RESTS_ON_DAYS)
        return bool(self.ground) or any(oldest <= one <= day for one in self.weather) or any(
            abs((one - day).days) <= MAX_AGE_DAYS for one in self.observed)


@dataclass(frozen=True)
class ChangedMap:
    """A finished map that would be another one now."""

    job: str
    job_name: str
    name: str
    day: date


def inputs_of(path: Path, window: Window | None = None) -> Inputs:
    """What is in a store, of its maps in a window if one is given; nothing where there is none that can be read."""
    try:
        store = Store.open(path)
        pixels = window or store.window
        kinds: dict[str, list[str]] = {"coarse": [], "dated": [], "static": []}
        for name in store.channels():
            kinds[store.kind(name)].append(name)
        return Inputs({name: store.coarse(name) for name in kinds["coarse"]},
                      {name: store.dates_of(name) for name in kinds["dated"]},
                      {name: _digest(store.read_static(name, pixels)) for name in kinds["static"]}, pixels)
    except DeepSoilError:
        return Inputs()


def _digest(values: NDArray[np.float32]) -> str:
    """Of a map, whichever NaN stands for what is missing."""
    return sha256_of(np.where(np.isnan(values), np.float32(np.nan), values).tobytes())


def changes(before: Inputs, after: Inputs) -> Changes:
    """What is other in ``after`` than it was in ``before``."""
    weather: set[date] = set()
    for name, old in before.weather.items():
        weather |= set(_changed_days(old, after.weather.get(name)))
    observed: set[date] = set()
    for name, days in before.observed.items():
        now = after.observed.get(name, np.empty(0, "datetime64[D]"))
        observed |= set(np.setxor1d(days, now).astype("datetime64[D]").tolist())
    ground = [name for name, old in before.ground.items() if after.ground.get(name) != old]
    return Changes(tuple(sorted(weather)), tuple(sorted(observed)), tuple(ground))


def _changed_days(old: CoarseSeries, new: CoarseSeries | None) -> Iterator[date]:
    """Days of ``old`` with a value that is another one in ``new``, or is gone."""
    fields = None if new is None else _on_cells(new, old)
    if new is None or fields is None:
        yield from old.dates.tolist()
        return
    place = (old.dates - new.dates[0]).astype(int)
    inside = (place >= 0) & (place < new.dates.size)
    now = np.full_like(old.values, np.nan)
    now[inside] = fields[place[inside]]
    known = np.isfinite(old.values)
    other = known & ~(np.abs(now - old.values) <= _LEAST_CHANGE)
    yield from old.dates[other.any(axis=(1, 2))].tolist()


def _on_cells(new: CoarseSeries, old: CoarseSeries) -> NDArray[np.float32] | None:
    """(T, ny, nx) of ``new`` on the cells of ``old``; None where it lacks some, or its days end at another hour."""
    if new.day_ends_utc != old.day_ends_utc:
        return None
    rows, columns = (np.abs(theirs[None, :] - ours[:, None]).argmin(axis=1) for ours, theirs in (
        (old.latitudes, new.latitudes), (old.longitudes, new.longitudes)))
    if not (np.allclose(new.latitudes[rows], old.latitudes, atol=1e-6)
            and np.allclose(new.longitudes[columns], old.longitudes, atol=1e-6)):
        return None
    found: NDArray[np.float32] = new.values[:, rows][:, :, columns]
    return found


def changed_maps(jobs: Path, region: str, found: Changes) -> list[ChangedMap]:
    """The maps of finished jobs of a region that rest on what changed."""
    maps = []
    for folder in job_folders(jobs):
        for record, name in _maps_of(folder, region):
            day = date.fromisoformat(record["date"])
            if found.concern(day):
                maps.append(ChangedMap(folder.id, name, record["name"], day))
    return maps


def _maps_of(folder: JobFolder, region: str) -> Iterator[tuple[dict[str, Any], str]]:
    try:
        document = folder.document()
        if document.get("kind") != "predict" or document.get("region") != region:
            return
        records = folder.output_records()
    except (DeepSoilError, OSError):
        return  # a damaged job is told of by the list of jobs
    for record in records:
        if record.get("kind") == "map" and record.get("date"):
            yield record, str(document.get("name") or folder.id)
