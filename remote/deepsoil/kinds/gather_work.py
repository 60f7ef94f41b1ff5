"""Gathers into a folder and makes the region: what the job and the command ``deepsoil gather`` do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
import shapely.geometry

from deepsoil.archives import cache, recipe_file, region_parts, registry
from deepsoil.archives import folder as gathered
from deepsoil.archives.choice import Plan
from deepsoil.archives.gathering import Gatherer, Served, licences
from deepsoil.archives.received import Received, Report
from deepsoil.archives.session import open_network
from deepsoil.archives.transport import Traffic
from deepsoil.areas import area_m2
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.io import disk, locks
from deepsoil.kinds import gather_folder
from deepsoil.kinds.gather_changes import ChangedMap, Inputs, changed_maps, changes, inputs_of
from deepsoil.kinds.gather_stations import around_stations

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context
    from deepsoil.kinds.gather_refreshing import Refreshing
    from deepsoil.kinds.gather_request import Gathering

_SHARE_FETCHING = 0.9
"""Of the progress; the rest is the ingest."""
_SHARE_OF_THE_FIELD = 0.7
"""Of the progress, where a region takes a field in; then comes what the region lacks itself."""


@dataclass(frozen=True)
class Surroundings:
    """What a gathering needs besides its plan; ``log`` takes a text and its level.

    ``on_traffic`` is told at the end what was asked and came.
    """

    home: Path
    on_progress: Report
    log: Callable[[str, str], None]
    cancelled: Callable[[], bool]
    offline: bool = False
    on_traffic: Callable[[Traffic], None] = lambda traffic: None


def gather(plan: Plan, record: gathered.Record, folder: Path, around: Surroundings) -> Path:
    """Fetch everything into a folder and write its recipe, which is returned.

    Raises
    ------
    DeepSoilError
        ``folder_taken``, ``gather_busy``, ``cancelled``, ``disk_full``, and what the archives say. Whatever was
        fetched is kept, and taken up by the next gathering into the folder.
    """
    disk.make_folder(folder)
    with _alone(folder):
        return _gather(plan, record, folder, around)


def _gather(plan: Plan, record: gathered.Record, folder: Path, around: Surroundings) -> Path:
    if (taken := gather_folder.taken_problem(folder, plan.ask.outline)) is not None:
        raise taken
    gathered.clear(folder)
    known = gathered.read(folder)
    if known is not None:
        record = replace(record, fetched=known.fetched)
    gathered.write_field(folder, plan.ask.outline, record.title)
    gathered.write(folder, record, licences(registry.ARCHIVES))
    received = Received(lambda done, total, message: around.on_progress(_SHARE_FETCHING * done / total, 1, message))
    stop = threading.Event()
    with open_network(offline=around.offline, cache=around.home / cache.FOLDER, on_bytes=received.add,
                      cancelled=lambda: stop.is_set() or around.cancelled()) as network:
        gatherer = Gatherer(folder, record, registry.ARCHIVES, network, received, stop, log=around.log,
                            cancelled=around.cancelled)
        served = gatherer.run(plan)
    around.on_traffic(network.traffic)
    document = recipe_file.document_of(gatherer.record, _in_order(plan, served), registry.ARCHIVES,
                                       region_parts.recipes_of(folder))
    if not document["channels"]:  # a part of a region that has all of it already
        (folder / gathered.RECIPE).unlink(missing_ok=True)
        return folder / gathered.RECIPE
    return recipe_file.write(folder, document)


def ingest(recipe: Path, outline: shapely.Geometry, context: Context, around: Surroundings) -> dict[str, Any]:
    """The region made from a gathered folder, as the list of regions has it, and those around stations near it.

    Raises
    ------
    DeepSoilError
        As the recipe and its sources say; ``archive_outside`` where the archives know nothing of the field;
        ``gather_busy``.
    """
    with _alone(recipe.parent):
        return _ingest(recipe, outline, context, around)


def _ingest(recipe: Path, outline: shapely.Geometry, context: Context, around: Surroundings,
            part: Path | None = None) -> dict[str, Any]:
    """``part``: the folder of the field, where it is not that of the recipe."""
    from deepsoil.kinds.gather_planning import reach, today
    from deepsoil.sources.ingest import ingest as build

    def show(done: int, total: int, message: str) -> None:
        share = _SHARE_FETCHING + (1 - _SHARE_FETCHING) * done / max(total, 1)
        around.on_progress(share, 1, message)

    store = build(recipe, recipe.parent / gathered.STORE, on_progress=show, cancelled=around.cancelled)
    inside = shapely.geometry.shape(store.footprint()).intersection(outline)
    share = area_m2(inside) / max(area_m2(outline), 1e-9)
    if share < _NOTHING:
        raise DeepSoilError("archive_outside", "The archives have no soil or elevation for the whole field, so no map "
                            "of it can be made.", "In water, in cities and outside the United States there is no soil "
                            "survey: draw the field elsewhere.", "area")
    if share < _ALL:
        around.log(str(Text("{share:.0%} of the field has no soil or elevation in the archives; maps have holes there.",
                            share=1 - share)), "warning")
    region = context.regions.add(store.path)
    quiet = replace(around, on_progress=lambda done, total, message: around.on_progress(1, 1, message))
    around_stations(part or recipe.parent, outline, today(), lambda window: reach(context, window),
                    lambda plan, record, place: gather(plan, record, place, quiet), around.log, around.cancelled,
                    recipe.parent)
    return region


_NOTHING, _ALL = 1e-3, 0.99
"""Shares of a field; the outline of a region is drawn along its pixels."""


def refresh(work: Refreshing, context: Context, around: Surroundings) -> tuple[dict[str, Any], list[ChangedMap]]:
    """Bring a gathered region up to today: the region, and the finished maps that would be others now.

    Raises
    ------
    DeepSoilError
        As `gather` and `ingest`; the region is then as it was.
    """
    with _alone(work.folder):
        before = inputs_of(work.folder / gathered.STORE)
        recipe = _renewed(work, around)
        region = _ingest(recipe, work.plan.ask.outline, context, around)
        return region, _told(before, Path(region["path"]), region, context, around)


def extend(work: Gathering, context: Context, around: Surroundings, *, only_fetch: bool = False,
           ) -> tuple[Path, dict[str, Any] | None, list[ChangedMap]]:
    """Let a region take in a field: its recipe, the region, and the maps that would be others now.

    only_fetch   the store is left as it is, and there is no region in the answer

    Raises
    ------
    DeepSoilError
        As `gather` and `ingest`; the region is then as it was, and what was fetched is taken up the next time.
    """
    assert work.region is not None, "a region takes the field in"
    with _alone(work.region.folder):
        store = work.region.folder / gathered.STORE
        before = inputs_of(store)
        disk.make_folder(work.folder)
        _gather(work.plan, record_of(work), work.folder, _scaled(around, 0.0, _SHARE_OF_THE_FIELD))
        recipe = _renewed(work.region, _scaled(around, _SHARE_OF_THE_FIELD, _SHARE_FETCHING))
        if only_fetch:
            return recipe, None, []
        region = _ingest(recipe, work.plan.ask.outline, context, around, work.folder)
        return recipe, region, _told(before, Path(region["path"]), region, context, around)


def _renewed(work: Refreshing, around: Surroundings) -> Path:
    """Fetch what a region and its parts lack, and write its recipe last, with all parts that are whole."""
    for part in work.parts:
        _gather(part.plan, part.renewed, part.folder, around)
    return _gather(work.plan, work.renewed, work.folder, around)


def _scaled(around: Surroundings, first: float, last: float) -> Surroundings:
    """With a progress from ``first`` to ``last`` in the place of 0 to `_SHARE_FETCHING`."""
    def show(done: float, total: float, message: str) -> None:
        around.on_progress(first + (last - first) * min(done / total / _SHARE_FETCHING, 1.0), 1, message)

    return replace(around, on_progress=show)


def _told(before: Inputs, store: Path, region: dict[str, Any], context: Context,
          around: Surroundings) -> list[ChangedMap]:
    """The finished maps that would be others now, and the log told of them."""
    found = changes(before, inputs_of(store, before.window))
    changed = changed_maps(context.jobs, str(region["id"]), found)
    for title, days in (("weather", found.weather), ("vegetation", found.observed)):
        if days:
            around.log(f"{len(days)} days of {title} are others now, from {days[0]} to {days[-1]}", "info")
    for one in changed:
        around.log(str(Text("The map {name} of the job “{job}” rests on values that were revised; make it again.",
                            name=one.name, job=one.job_name)), "warning")
    return changed


def record_of(work: Gathering) -> gathered.Record:
    """The record of a gathering that begins."""
    ask = work.plan.ask
    return gathered.Record(work.title, ask.bounds, work.first, work.last, ask.start, ask.end, work.off, work.agreed)


def _in_order(plan: Plan, served: Served) -> dict[str, Any]:
    return {choice.need: served.entries[choice.need] for choice in plan.choices if choice.need in served.entries}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with locks.locked(folder / gather_folder.LOCK, wait=False) as free:
        if not free:
            raise DeepSoilError("gather_busy", "Another job is just gathering into {folder}.",
                                "Wait until it ends, or cancel it.", "options.folder", folder=folder)
        yield
