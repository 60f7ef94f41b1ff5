"""Executes a recipe: reads every source onto the grid, into a new store that replaces an old one only when complete."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from deepsoil.channels import CHANNELS, WEATHER
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.inputs import coverage
from deepsoil.io import atomic
from deepsoil.sources import joined, recipe_area, recipe_checks, station_ingest
from deepsoil.sources.joined import Member
from deepsoil.sources.outlook import Outlook
from deepsoil.sources.recipe import LoadedRecipe, load
from deepsoil.sources.source import DatedMaps, Ingestion, Map, Source
from deepsoil.store import beside
from deepsoil.store.series import CoarseSeries
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter

Progress = Callable[[int, int, str], None]
"""(steps done, total steps, next step)"""


def ingest(recipe: str | Path, store: str | Path, root: str | Path | None = None, *,
           on_progress: Progress | None = None, cancelled: Callable[[], bool] | None = None) -> Store:
    """Build the store of a recipe and open it. ``root`` replaces the recipe's root folder.

    An existing store is replaced only when the new one is complete; on an error or on ``cancelled`` (checked between
    channels; DeepSoilError ``cancelled``) it is unchanged. Raises ``recipe_missing``, ``recipe_invalid``,
    ``unit_wrong``, ``source_missing``, ``source_invalid``, ``source_outside``, ``store_exists``, ``disk_full``.
    """
    loaded, target = load(recipe, root), Path(store).absolute()
    for one in loaded.all:
        recipe_checks.check(one)
    if target.exists() and not (target / "zarr.json").is_file() and (not target.is_dir() or any(target.iterdir())):
        raise DeepSoilError("store_exists", "{target} already exists and is not a store.", "Choose another folder.",
                            "options.store",
                            target=target)
    draft = beside.draft_of(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _build(loaded, draft, on_progress or (lambda done, total, message: None), cancelled or (lambda: False))
        _replace(draft, target)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DeepSoilError("disk_full", "The disk of {parent} is full; the store was not written.",
                            "Free some space, or choose a folder on another disk, and ingest again.",
                            "options.store",
                            parent=target.parent) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Store.open(target)


def _build(loaded: LoadedRecipe, path: Path, on_progress: Progress, cancelled: Callable[[], bool]) -> None:
    recipe = loaded.recipe
    store = StoreWriter.create(path, name=recipe.name, title=recipe.title, window=recipe_area.whole(loaded),
                               synthetic=recipe.synthetic, attribution=_attribution(loaded))
    read = _reader(loaded, store)
    outlook = None if recipe.outlook is None else Outlook.of(recipe.outlook, loaded)
    order = sorted(_sources(loaded).items(), key=lambda item: bool(item[1][0].needs))
    total = len(order) + _has_stations(loaded) + 1
    for done, (name, sources) in enumerate(order):
        _stop_if(cancelled)
        on_progress(done, total, CHANNELS[name].title)
        notes: list[str] = []
        made = read(name, partial(_on_day, on_progress, done, total, name), notes.append)
        foreseen = None
        if outlook is not None and isinstance(made, CoarseSeries) and name in WEATHER:
            foreseen = outlook.forecasts(name, made)
            made, note = outlook.continued(name, made)
            notes.append(note)
        text = "; ".join(dict.fromkeys(source.note or source.description() for source in sources))
        _write(store, name, made, text, [note for note in dict.fromkeys(notes) if note])
        if foreseen is not None:
            store.write_forecasts(name, foreseen)
    _stop_if(cancelled)
    if _has_stations(loaded):
        on_progress(total - 2, total, "Stations")
        rain = store.coarse("precipitation") if "precipitation" in store.channels() else None
        store.write_stations(station_ingest.of_region(loaded, rain.day_ends_utc if rain else 0))
    on_progress(total - 1, total, "Footprint and dates")
    coverage.finish(store)
    on_progress(total, total, "Done")


_Data = Map | DatedMaps | CoarseSeries
_Read = Callable[[str, Callable[[date], None], Callable[[str], None]], _Data]
"""Of a channel's name, what is called before each day, and what is told of notes."""


def _reader(loaded: LoadedRecipe, store: StoreWriter) -> _Read:
    """Reads a channel of a recipe and its parts over the window of the store."""
    bounds = recipe_area.bounds(loaded) if not loaded.parts else recipe_area.whole(loaded).bounds_lonlat
    of_recipes = [(one, recipe_area.window(one), Ingestion(
        one, store.window, bounds, one.recipe.dates, lambda name: store.read_static(name, store.window),
        lambda day: None, daily=store.coarse)) for one in loaded.all]

    def read(name: str, on_day: Callable[[date], None], on_note: Callable[[str], None]) -> _Data:
        members = [Member(one.recipe.channels[name], replace(ingestion, on_day=on_day, on_note=on_note), window)
                   for one, window, ingestion in of_recipes if name in one.recipe.channels]
        if not loaded.parts:
            return members[0].source.read(members[0].ingestion, name)
        return joined.read(members, name, CHANNELS[name].kind)

    return read


def _sources(loaded: LoadedRecipe) -> dict[str, list[Source]]:
    """Channel → its sources in the recipe and its parts."""
    found: dict[str, list[Source]] = {}
    for one in loaded.all:
        for name, source in one.recipe.channels.items():
            found.setdefault(name, []).append(source)
    return found


def _has_stations(loaded: LoadedRecipe) -> bool:
    return any(one.recipe.stations is not None for one in loaded.all)


def _attribution(loaded: LoadedRecipe) -> str:
    """Whom the recipe and its parts name, each text once."""
    return " ".join(dict.fromkeys(one.recipe.attribution for one in loaded.all if one.recipe.attribution))


def _on_day(on_progress: Progress, done: int, total: int, name: str, day: date) -> None:
    on_progress(done, total, Text("{channel} of {day}", channel=CHANNELS[name].title, day=day))


def _write(store: StoreWriter, name: str, made: _Data, text: str, notes: list[str]) -> None:
    """``notes`` of a source that reads one day after another are complete only when the last was written."""
    if isinstance(made, CoarseSeries):
        store.write_coarse(name, made.dates, made.longitudes, made.latitudes, made.values, text,
                           made.day_ends_utc, made.status)
    elif isinstance(made, DatedMaps):
        store.write_dated(name, made.days, made.layers, text)
    else:
        store.write_static(name, made, text)
    if notes:
        store.add_note(name, "; ".join(notes))


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise DeepSoilError("cancelled", "The ingest was cancelled; nothing was changed.",
                            "You can start it again at any time.")


def _replace(fresh: Path, target: Path) -> None:
    """Replace a store by a finished one; the old one is moved aside first and restored on failure."""
    aside = beside.aside_of(target)
    if not target.exists():
        atomic.move(fresh, target)
        return
    target.rename(aside)
    try:
        atomic.move(fresh, target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
