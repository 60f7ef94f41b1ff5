"""What would be gathered for an area, and where it goes: a new region, or one near by that takes the field in.

Pure planning, without a network; for the job and for ``gather_plan``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely import Geometry
from shapely.geometry import box, shape

from deepsoil.archives import folder as gathered
from deepsoil.archives import region_parts, registry, station_regions
from deepsoil.archives.archive import Ask, Piece
from deepsoil.archives.box import See, ask_for
from deepsoil.archives.choice import Plan, choose
from deepsoil.archives.gridmet_parts import FIRST_DAY
from deepsoil.archives.needs import OUTLOOK
from deepsoil.areas import together
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import GatherOptions
from deepsoil.grid import Window
from deepsoil.kinds import gather_extending as extending
from deepsoil.kinds import gather_folder
from deepsoil.kinds import gather_planning as planning
from deepsoil.kinds.gather_refreshing import Refreshing, renewal

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context


@dataclass(frozen=True)
class Gathering:
    """What would be fetched for an area, and where it goes.

    first, last  days for which maps are wanted; the days of ``plan.ask`` begin earlier
    folder       of the field: that of a new region, or its part of a region that takes it in
    beside       about what is fetched around stations near by, by which results are judged
    region       what the region that takes the field in needs for the same days; None: a new region
    obstacle     why the field cannot go into the folder that was named
    off, agreed  archives that are not asked, and those whose terms are agreed to
    """

    plan: Plan
    first: date
    last: date
    folder: Path
    title: str
    beside: Sequence[Piece] = ()
    region: Refreshing | None = None
    obstacle: DeepSoilError | None = None
    off: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()

    @property
    def pieces(self) -> list[Piece]:
        """All that is fetched."""
        return [*self.plan.chosen, *self.beside, *([] if self.region is None else self.region.pieces)]

    @property
    def region_folder(self) -> Path:
        """The folder of the region that the field belongs to."""
        return self.folder if self.region is None else self.region.folder

    def problems(self) -> list[DeepSoilError]:
        """What prevents it."""
        found = [*self.plan.problems(), *([] if self.region is None else self.region.plan.problems())]
        if self.first > self.plan.ask.today:
            found.append(planning.later("dates.start", self.first, self.plan.ask.today))
        elif self.last > self.plan.ask.today + OUTLOOK:
            found.append(planning.later("dates.end", self.last, self.plan.ask.today))
        if not registry.ARCHIVES:
            found.append(DeepSoilError("archives_missing", "This engine knows no public archive.",
                                       "Update the engine."))
        if self.obstacle is not None:
            return [*found, self.obstacle]
        return [*found, *gather_folder.problems(self.folder, self.plan.ask, self.pieces)]


def gathering_of(specification: Specification, context: Context) -> Gathering:
    """The work of a job of kind ``gather`` that brings the data of a field.

    Raises
    ------
    DeepSoilError
        ``date_outside``: before any weather; ``area_too_large``; ``archive_addresses_invalid``.
    """
    options = specification.options_as(GatherOptions)
    day = planning.today()
    if specification.dates is None:
        first, last = planning.years_before(day, planning.YEARS), day
    else:
        first, last = specification.dates.start, specification.dates.end
    outline = together(specification.area_document)
    if first < FIRST_DAY:
        raise DeepSoilError("date_outside", "{day} is before {first}, the first day of weather in any archive here.",
                            "Choose days from then on.", "dates.start", day=first, first=FIRST_DAY)

    def see(window: Window) -> Window:
        return planning.reach(context, window)

    ask = ask_for(outline, first - planning.HISTORY, last, day, see, first)
    named = None if options.folder is None else Path(options.folder)
    region, obstacle = _region_for(context, ask, named)
    if region is not None:
        return _part(region, ask, last, options, see)
    off, agreed = tuple(options.off or ()), tuple(options.agreed or ())
    wishes = planning.wishes_of(off, agreed)
    plan = choose(ask, wishes, registry.ARCHIVES, registry.NEEDS)
    folder = named or planning.suggested_folder(context.home, outline)
    beside = station_regions.expected(plan, wishes, registry.ARCHIVES, registry.NEEDS, see)
    return Gathering(plan, first, last, folder, options.title or planning.suggested_title(outline), beside, None,
                     obstacle, off, agreed)


def _region_for(context: Context, ask: Ask, named: Path | None) -> tuple[Path | None, DeepSoilError | None]:
    """The gathered folder of the region that takes a field in, or None; why the folder that was named does not."""
    if named is None:
        own = planning.suggested_folder(context.home, ask.outline)
        return (None if own.exists() else extending.region_near(context, ask)), None
    if gathered.field_of(named) is None or region_parts.same_field(named, ask.outline):
        return None, None
    obstacle = extending.obstacle(named, ask)
    return (named, None) if obstacle is None else (None, obstacle)


def _part(folder: Path, ask: Ask, last: date, options: GatherOptions, see: See) -> Gathering:
    """A field that a region takes in: what it lacks, for the days of both."""
    def days(record: gathered.Record) -> tuple[date, date, date]:
        return min(record.start, ask.start), max(record.end, ask.end), min(record.first, ask.maps_from or ask.start)

    own = region_parts.folder_for(folder, ask.outline)
    region = renewal(folder, ask.today, days, without=own)
    asked, known = region.plan.ask, gathered.read(own)
    if known is None:
        there = [region_parts.window_of(one.record.bounds) for one in (region, *region.parts)]
        wanted = region_parts.window_of(ask.bounds)
        bounds = region_parts.missing(wanted, there, Window.around(*ask.outline.bounds)).bounds_lonlat
    else:  # it was begun: what came of it is of these bounds
        bounds = known.bounds
    ask = replace(ask, bounds=bounds, start=asked.start, end=asked.end, maps_from=asked.maps_from)
    off = tuple(dict.fromkeys((*region.record.off, *(options.off or ()))))
    agreed = tuple(options.agreed or ())
    wishes = planning.wishes_of(off, agreed)
    plan = region_parts.plan_of(ask, wishes, registry.ARCHIVES, registry.NEEDS, region.planned)
    beside = [] if station_regions.some(folder) else station_regions.expected(
        plan, wishes, registry.ARCHIVES, registry.NEEDS, see)
    return Gathering(plan, asked.maps_from or asked.start, max(last, region.record.last), own, region.record.title,
                     beside, region, None, off, agreed)


def described(context: Context, gathering: Gathering) -> dict[str, Any]:
    """The answer of ``gather_plan``."""
    region = gathering.region
    fresh = None if region is None else _all(gathering.plan, region)
    return {"start": str(gathering.first), "end": str(gathering.last), **planning.sizes(gathering.pieces),
            "folder": str(gathering.region_folder), "title": gathering.title,
            "covered_by": covering(context, gathering.plan.ask.outline),
            "extends": None if region is None else region.record.title, "near": near(context, gathering),
            **planning.archives_of(context.home, gathering.plan, fresh, gathering.beside),
            "problems": [problem.to_dict() for problem in gathering.problems()]}


def _all(plan: Plan, region: Refreshing) -> dict[str, list[Piece]]:
    """The pieces of a field and those of the region that takes it in, by archive."""
    found = {name: list(plan.pieces[name]) for name in plan.used_for}
    for name, pieces in region.all_fresh.items():
        found.setdefault(name, []).extend(pieces)
    return found


def covering(context: Context, outline: Geometry) -> str | None:
    """The region with real data that covers an outline, or None."""
    for region in context.regions.list():
        if region["problem"] is None and not region["synthetic"] and shape(region["footprint"]).covers(outline):
            return str(region["id"])
    return None


def near(context: Context, gathering: Gathering) -> list[str]:
    """Names of the gathered regions that a new one would touch; they stay as they are, and so do their maps."""
    around = box(*gathering.plan.ask.bounds)
    return [str(region["name"]) for region in context.regions.list()
            if region["problem"] is None and region["gathered"]
            and region["gathered"] != str(gathering.region_folder) and shape(region["footprint"]).intersects(around)]
