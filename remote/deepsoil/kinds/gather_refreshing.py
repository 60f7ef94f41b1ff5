"""What brings a gathered region up to today: pure planning, without a network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.archives import folder as gathered
from deepsoil.archives import registry
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
    """The work of a job of kind ``gather`` with ``update``.

    folder   of what was gathered
    record   as it is now
    plan     for the same place and until today
    fresh    pieces that are not there yet or no longer as they were planned, by archive
    """

    folder: Path
    record: gathered.Record
    plan: Plan
    fresh: dict[str, list[Piece]]
    off: tuple[str, ...]
    agreed: tuple[str, ...]

    @property
    def renewed(self) -> gathered.Record:
        """The record as it is to become."""
        return replace(self.record, end=self.plan.ask.end, last=max(self.record.last, self.plan.ask.end),
                       off=self.off, agreed=self.agreed)

    def problems(self) -> list[DeepSoilError]:
        """What prevents it."""
        full = gather_folder.disk_problem(self.folder, self.plan.ask, self.pieces)
        return [*self.plan.problems(), *([] if full is None else [full])]

    @property
    def pieces(self) -> list[Piece]:
        return [piece for pieces in self.fresh.values() for piece in pieces]


def refreshing_of(specification: Specification, context: Context) -> Refreshing:
    """The work that brings a region, or a folder, up to today. DeepSoilError ``not_gathered``, ``region_unknown``."""
    options = specification.options_as(GatherOptions)
    folder = Path(options.folder) if options.folder else context.regions.path(str(specification.region)).parent
    record, outline = gathered.read(folder), gathered.field_of(folder)
    if record is None or outline is None:
        raise DeepSoilError("not_gathered", "{folder} was not gathered from public archives, so it cannot be brought "
                            "up to today.", "Build it again from its recipe, or get the data of the field again.",
                            "region", folder=folder)
    day = planning.today()
    ask = Ask(outline, record.bounds, record.start, max(day, record.end), day, record.first)
    off = record.off if options.off is None else tuple(options.off)
    agreed = record.agreed if options.agreed is None else tuple(options.agreed)
    plan = choose(ask, planning.wishes_of(off, agreed), registry.ARCHIVES, registry.NEEDS)
    there = {one.key for one in record.fetched}
    fresh = {name: [piece for piece in plan.pieces[name] if gathered.key_of(piece) not in there]
             for name in plan.used_for}
    return Refreshing(folder, record, plan, {name: pieces for name, pieces in fresh.items() if pieces}, off, agreed)


def described(context: Context, region: str, work: Refreshing) -> dict[str, Any]:
    """The answer of ``refresh_plan``."""
    return {"region": region, "until": _until(context, region), "start": str(work.plan.ask.start),
            "end": str(work.plan.ask.end), **planning.sizes(work.pieces),
            **planning.archives_of(context.home, work.plan, work.fresh),
            "problems": [problem.to_dict() for problem in work.problems()]}


def _until(context: Context, region: str) -> str | None:
    """The last day of the region whose weather was observed."""
    known = next((one for one in context.regions.list() if one["id"] == region), None)
    if known is None or known["forecast_from"] is None:
        return None if known is None else known["last_date"]
    return str(date.fromisoformat(known["forecast_from"]) - timedelta(days=1))
