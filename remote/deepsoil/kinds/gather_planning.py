"""What plans of gathering share: the day, the reach, sizes, the answer about archives, names. No network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shapely import Geometry

from deepsoil.archives import accounts, checked, registry
from deepsoil.archives.archive import Piece
from deepsoil.archives.choice import Plan, Wishes, seconds
from deepsoil.archives.folder import field_of
from deepsoil.archives.needs import OUTLOOK, TITLES
from deepsoil.contract.errors import DeepSoilError
from deepsoil.field.weather import HISTORY_DAYS
from deepsoil.grid import Window
from deepsoil.inference.reach import seen
from deepsoil.inputs.water_memory import SPINUP_DAYS
from deepsoil.regions import MADE_IN

if TYPE_CHECKING:
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


def reach(context: Context, window: Window) -> Window:
    """The pixels that any model of this computer must see to map ``window``."""
    return seen(context.library.usable(), window)


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


def years_before(day: date, years: int) -> date:
    """The same day some years earlier."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def later(field: str, day: date, now: date) -> DeepSoilError:
    """``date_outside`` for a day after those that are foreseen."""
    return DeepSoilError("date_outside", "{day} lies in the future; weather is known, or foreseen, until {last}.",
                         "Choose days until then.", field, day=day, last=now + OUTLOOK)
