"""What the archives of the next days share: when they are asked, the name of an issue, and its part of a recipe. Pure.

One place stands for the field, its middle: the forecasts are coarser than a field. They are fetched by the hour in
UTC; ``sources.outlook`` sums them to the days of the weather that they continue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from deepsoil.archives.archive import LASTING, Ask, Entries, Got, Piece
from deepsoil.contract.errors import DeepSoilError

PROVIDES = frozenset({"forecast"})
LATE = timedelta(days=3)
"""An ask that ends so many days before today is about the past, and needs no outlook."""


def issue(ask: Ask, name: str, title: str, address: str, size: int) -> list[Piece]:
    """The piece of today's issue for the middle of the field, its coordinates with 4 decimals.

    Raises
    ------
    DeepSoilError
        ``archive_no_days``: the ask is about the past.
    """
    if ask.end < ask.today - LATE:
        raise DeepSoilError("archive_no_days", "{archive} has forecasts of the coming days only, and the last day "
                            "asked for, {end}, is past.", "Ask for days until today to get a forecast too.",
                            archive=title, end=ask.end)
    middle = ask.outline.centroid
    details = {"longitude": round(middle.x, 4), "latitude": round(middle.y, 4), "today": str(ask.today), LASTING: True}
    return [Piece(name, f"{name}/outlook_{ask.today}.nc", address, size, details)]


def place(details: Mapping[str, Any]) -> tuple[float, float, date]:
    """Longitude, latitude and the day of the plan of a piece."""
    return float(details["longitude"]), float(details["latitude"]), date.fromisoformat(details["today"])


def entries(name: str, title: str, got: Sequence[Got], folder: Path) -> Entries:
    """The part ``outlook`` of the recipe, with all issues of the folder: older ones tell how wrong they were."""
    known = {file for one in got for file in one.files}
    known |= {f"{name}/{path.name}" for path in (folder / name).glob("outlook_*.nc")}
    return Entries(outlook={"files": sorted(known), "note": title})


def implausible(title: str, address: str, reason: str) -> DeepSoilError:
    return DeepSoilError("archive_implausible", "{archive}: what {address} answers cannot be right: {reason}.",
                         "Try again in an hour. Without it there are no maps of the next days; those until today are "
                         "not affected.", archive=title, address=address, reason=reason)
