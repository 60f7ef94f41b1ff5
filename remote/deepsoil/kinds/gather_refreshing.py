"""What brings a gathered region up to today: pure planning, without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from deepsoil.archives import folder as gathered
from deepsoil.archives import region_parts, registry
from deepsoil.archives.archive import Ask, Piece
from deepsoil.archives.choice import Plan, choose
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import GatherOptions
from deepsoil.kinds import gather_folder
from deepsoil.kinds import gather_planning as planning

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context


@dataclass(frozen=True)
class Refreshing:
    """What brings a gathered folder to other days, for a job of kind ``gather`` with ``update``.

    folder   of what was gathered
    record   as it is now
    plan     for the same place and the new days
    fresh    pieces that are not there yet or no longer as they were planned, by archive
    parts    the same of the further fields of the region
    """

    folder: Path
    record: gathered.Record
    plan: Plan
    fresh: dict[str, list[Piece]]
    off: tuple[str, ...]
    agreed: tuple[str, ...]
    parts: tuple[Refreshing, ...] = ()

    @property
    def renewed(self) -> gathered.Record:
        """The record as it is to become."""
        ask = self.plan.ask
        return replace(self.record, start=ask.start, end=ask.end, first=ask.maps_from or self.record.first,
                       last=max(self.record.last, ask.end), off=self.off, agreed=self.agreed)

    def problems(self) -> list[DeepSoilError]:
        """What prevents it."""
        full = gather_folder.disk_problem(self.folder, self.plan.ask, self.pieces)
        return [*self.plan.problems(), *(problem for part in self.parts for problem in part.plan.problems()),
                *([] if full is None else [full])]

    @property
    def pieces(self) -> list[Piece]:
        """Those that are fetched, also for the parts."""
        return [piece for pieces in self.all_fresh.values() for piece in pieces]

    @property
    def all_fresh(self) -> dict[str, list[Piece]]:
        """`fresh`, with those of the parts."""
        found = {name: list(pieces) for name, pieces in self.fresh.items()}
        for part in self.parts:
            for name, pieces in part.fresh.items():
                found.setdefault(name, []).extend(pieces)
        return found

    @property
    def planned(self) -> set[str]:
        """Keys of all pieces that the region is to have."""
        return {gathered.key_of(piece) for one in (self, *self.parts) for piece in one.plan.chosen}


def refreshing_of(specification: Specification, context: Context) -> Refreshing:
    """The work that brings a region, or a folder, up to today. DeepSoilError ``not_gathered``, ``region_unknown``."""
    options = specification.options_as(GatherOptions)
    folder = Path(options.folder) if options.folder else context.regions.path(str(specification.region)).parent
    day = planning.today()
    return renewal(folder, day, lambda record: (record.start, max(day, record.end), record.first),
                   None if options.off is None else tuple(options.off),
                   None if options.agreed is None else tuple(options.agreed))


Days = tuple[date, date, date]
"""First and last day that are asked of archives, and the first for which maps are wanted."""


def renewal(folder: Path, today: date, days: Callable[[gathered.Record], Days], off: tuple[str, ...] | None = None,
            agreed: tuple[str, ...] | None = None, without: Path | None = None) -> Refreshing:
    """The work that brings a folder and its parts to other days. DeepSoilError ``not_gathered``.

    off, agreed   None: as the folder was gathered
    without       the folder of a part that is left out
    """
    record, outline = gathered.read(folder), gathered.field_of(folder)
    if record is None or outline is None:
        raise DeepSoilError("not_gathered", "{folder} was not gathered from public archives, so it cannot be brought "
                            "up to today.", "Build it again from its recipe, or get the data of the field again.",
                            "region", folder=folder)

    def ask_of(known: gathered.Record, place: BaseGeometry) -> tuple[Ask, tuple[str, ...], tuple[str, ...]]:
        start, end, first = days(known)
        return (Ask(place, known.bounds, start, end, today, first), known.off if off is None else off,
                known.agreed if agreed is None else agreed)

    ask, ours, terms = ask_of(record, outline)
    plan = choose(ask, planning.wishes_of(ours, terms), registry.ARCHIVES, registry.NEEDS)
    whole = Refreshing(folder, record, plan, _fresh(record, plan), ours, terms)
    for part in region_parts.parts_of(folder):
        if part.folder == without:
            continue
        ask, ours, terms = ask_of(part.record, part.outline)
        plan = region_parts.plan_of(ask, planning.wishes_of(ours, terms), registry.ARCHIVES, registry.NEEDS,
                                    whole.planned)
        whole = replace(whole, parts=(*whole.parts, Refreshing(part.folder, part.record, plan,
                                                               _fresh(part.record, plan), ours, terms)))
    return whole


def _fresh(record: gathered.Record, plan: Plan) -> dict[str, list[Piece]]:
    """Pieces of a plan that a record does not have, by archive."""
    there = {one.key for one in record.fetched}
    fresh = {name: [piece for piece in plan.pieces[name] if gathered.key_of(piece) not in there]
             for name in plan.used_for}
    return {name: pieces for name, pieces in fresh.items() if pieces}


def described(context: Context, region: str, work: Refreshing) -> dict[str, Any]:
    """The answer of ``refresh_plan``."""
    return {"region": region, "until": _until(context, region), "start": str(work.plan.ask.start),
            "end": str(work.plan.ask.end), **planning.sizes(work.pieces),
            **planning.archives_of(context.home, work.plan, work.all_fresh),
            "problems": [problem.to_dict() for problem in work.problems()]}


def _until(context: Context, region: str) -> str | None:
    """The last day of the region whose weather was observed."""
    known = next((one for one in context.regions.list() if one["id"] == region), None)
    if known is None or known["forecast_from"] is None:
        return None if known is None else known["last_date"]
    return str(date.fromisoformat(known["forecast_from"]) - timedelta(days=1))
