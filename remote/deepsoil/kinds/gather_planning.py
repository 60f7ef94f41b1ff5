"""What would be gathered for an area: pure planning, without a network; for the job and for ``gather_plan``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shapely import Geometry
from shapely.geometry import box, shape

from deepsoil.archives import accounts, checked, registry, station_regions
from deepsoil.archives.archive import Piece
from deepsoil.archives.box import ask_for
from deepsoil.archives.choice import Plan, Wishes, choose, seconds
from deepsoil.archives.folder import field_of
from deepsoil.archives.gridmet_parts import FIRST_DAY
from deepsoil.archives.needs import OUTLOOK, TITLES
from deepsoil.areas import together
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import GatherOptions
from deepsoil.field.weather import HISTORY_DAYS
from deepsoil.grid import Window
from deepsoil.inference.reach import seen
from deepsoil.inputs.water_memory import SPINUP_DAYS
from deepsoil.kinds import gather_folder
from deepsoil.regions import MADE_IN

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context

YEARS = 3
"""For which maps can be made, where no dates are given."""
HISTORY = timedelta(days=max(HISTORY_DAYS, SPINUP_DAYS))
"""Of weather that is needed before the first map."""


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


def wishes_of(off: Iterable[str], agreed: Iterable[str]) -> Wishes:
    """What the user decided, with the accounts that this process knows."""
    return Wishes(frozenset(off), frozenset(agreed), frozenset(accounts.secrets()))


@dataclass(frozen=True)
class Gathering:
    """What would be fetched for an area, and where it goes.

    first, last  days for which maps are wanted; the days of ``plan.ask`` begin earlier
    beside       about what is fetched around stations near by, by which results are judged
    """

    plan: Plan
    first: date
    last: date
    folder: Path
    title: str
    beside: Sequence[Piece] = ()

    @property
    def pieces(self) -> list[Piece]:
        """All that is fetched."""
        return [*self.plan.chosen, *self.beside]

    def problems(self) -> list[DeepSoilError]:
        """What prevents it."""
        found = self.plan.problems()
        if self.first > self.plan.ask.today:
            found.append(_later("dates.start", self.first, self.plan.ask.today))
        elif self.last > self.plan.ask.today + OUTLOOK:
            found.append(_later("dates.end", self.last, self.plan.ask.today))
        if not registry.ARCHIVES:
            found.append(DeepSoilError("archives_missing", "This engine knows no public archive.",
                                       "Update the engine."))
        return [*found, *gather_folder.problems(self.folder, self.plan.ask, self.pieces)]


def gathering_of(specification: Specification, context: Context) -> Gathering:
    """The work of a job of kind ``gather`` that makes a new region.

    Raises
    ------
    DeepSoilError
        ``date_outside``: before any weather; ``area_too_large``; ``archive_addresses_invalid``.
    """
    options = specification.options_as(GatherOptions)
    day = today()
    if specification.dates is None:
        first, last = _years_before(day, YEARS), day
    else:
        first, last = specification.dates.start, specification.dates.end
    outline = together(specification.area_document)
    if first < FIRST_DAY:
        raise DeepSoilError("date_outside", "{day} is before {first}, the first day of weather in any archive here.",
                            "Choose days from then on.", "dates.start", day=first, first=FIRST_DAY)
    wishes = wishes_of(options.off or (), options.agreed or ())

    def see(window: Window) -> Window:
        return reach(context, window)

    plan = choose(ask_for(outline, first - HISTORY, last, day, see, first), wishes, registry.ARCHIVES, registry.NEEDS)
    title = options.title or suggested_title(outline)
    folder = Path(options.folder) if options.folder else suggested_folder(context.home, outline)
    beside = station_regions.expected(plan, wishes, registry.ARCHIVES, registry.NEEDS, see)
    return Gathering(plan, first, last, folder, title, beside)


def reach(context: Context, window: Window) -> Window:
    """The pixels that any model of this computer must see to map ``window``."""
    return seen(context.library.usable(), window)


def described(context: Context, gathering: Gathering) -> dict[str, Any]:
    """The answer of ``gather_plan``."""
    return {"start": str(gathering.first), "end": str(gathering.last), **sizes(gathering.pieces),
            "folder": str(gathering.folder), "title": gathering.title,
            "covered_by": covering(context, gathering.plan.ask.outline), "near": near(context, gathering),
            **archives_of(context.home, gathering.plan, beside=gathering.beside),
            "problems": [problem.to_dict() for problem in gathering.problems()]}


def sizes(pieces: Sequence[Piece]) -> dict[str, Any]:
    """``bytes`` and ``seconds`` of pieces."""
    return {"bytes": sum(piece.size for piece in pieces), "seconds": round(seconds(pieces), 1)}


def archives_of(home: Path, plan: Plan, fresh: dict[str, list[Piece]] | None = None,
                beside: Sequence[Piece] = ()) -> dict[str, Any]:
    """``archives`` and ``without`` of an answer; ``fresh``: the pieces that are still to be fetched, if not all;
    ``beside``: those that the plan does not have.
    """
    used, dates, known = plan.used_for, checked.last(home), accounts.secrets()
    refused = {name: error for choice in plan.choices for name, error in choice.refused.items()}
    entries = []
    for name, archive in registry.ARCHIVES.items():
        needs = [choice.need for choice in plan.choices if name in (*choice.order, *choice.refused)]
        if not needs:
            continue
        pieces = [*(plan.pieces.get(name, ()) if fresh is None else fresh.get(name, [])),
                  *(piece for piece in beside if piece.archive == name)]
        problem = refused.get(name)
        hosts = {urlsplit(piece.address).hostname or "" for piece in pieces} | set(getattr(archive, "hosts", ()))
        entries.append({
            "name": name, "title": archive.title, "needs": needs, "used_for": used.get(name, []),
            "channels": sorted(archive.provides), "licence": archive.licence, "attribution": archive.attribution,
            "terms": archive.terms, "account": archive.account,
            "off": problem is not None and problem.code == "archive_off",
            "agreed": archive.terms is None or problem is None or problem.code not in ("archive_terms", "archive_off"),
            "has_account": archive.account is None or archive.account in known,
            **sizes(pieces), "pieces": len(pieces), "hosts": sorted(hosts - {""}), "last_checked": dates.get(name),
            "problem": problem.to_dict() if problem else None})
    without = [{"need": choice.need, "title": TITLES.get(choice.need, choice.need), "problem": choice.problem.to_dict()}
               for choice in plan.choices if choice.problem is not None]
    return {"archives": entries, "without": without}


def covering(context: Context, outline: Geometry) -> str | None:
    """The region with real data that covers an outline, or None."""
    for region in context.regions.list():
        if region["problem"] is None and not region["synthetic"] and shape(region["footprint"]).covers(outline):
            return str(region["id"])
    return None


def near(context: Context, gathering: Gathering) -> list[str]:
    """Names of the gathered regions that the new one would touch; they stay as they are, and so do their maps."""
    around = box(*gathering.plan.ask.bounds)
    return [str(region["name"]) for region in context.regions.list()
            if region["problem"] is None and region["gathered"] and region["gathered"] != str(gathering.folder)
            and shape(region["footprint"]).intersects(around)]


def suggested_title(outline: Geometry) -> str:
    """A name for people, by the place."""
    middle = outline.centroid
    return f"Field at {_degrees(middle.y, 'N', 'S')}, {_degrees(middle.x, 'E', 'W')}"


def suggested_folder(home: Path, outline: Geometry) -> Path:
    """A folder in HOME for what is gathered for a field: the one that it has already, or a new one."""
    middle = outline.centroid
    base = re.sub(r"[^0-9a-z]+", "-", f"{_degrees(middle.y, 'n', 's')}-{_degrees(middle.x, 'e', 'w')}".replace("°", ""))
    number = 1
    while True:
        folder = home / MADE_IN / (base if number == 1 else f"{base}-{number}")
        field = field_of(folder)
        if (field is None and not folder.exists()) or (field is not None and field.equals_exact(outline, 1e-7)):
            return folder
        number += 1


def _degrees(value: float, positive: str, negative: str) -> str:
    return f"{abs(value):.3f}° {positive if value >= 0 else negative}"


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _later(field: str, day: date, now: date) -> DeepSoilError:
    return DeepSoilError("date_outside", "{day} lies in the future; weather is known, or foreseen, until {last}.",
                         "Choose days until then.", field, day=day, last=now + OUTLOOK)
