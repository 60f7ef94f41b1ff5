"""What the user says of the files of a folder, and what is still asked, in words. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...contract import LONGEST_NAME, SCHEMA
from ...text.dates import period_text
from ...text.formatting import number_from
from ...text.translate import tr

FileSaid = dict[str, Any]
LEFT_OUT = ""
"""The channel of a file that is not used."""


@dataclass(frozen=True)
class Answers:
    """``said`` of the methods ``region_draft`` and ``region_recipe``."""

    title: str = ""
    files: Mapping[str, FileSaid] = field(default_factory=dict)

    def with_file(self, key: str, what: str, value: Any) -> Answers:
        """With one thing said of one file; None takes it back. Another channel takes back what depends on it."""
        known = dict(self.files.get(key, {}))
        if what == "channel":
            known = {name: known[name] for name in ("crs", "day") if name in known}
        if value is None:
            known.pop(what, None)
        else:
            known[what] = value
        files = {**self.files, key: known}
        if not known:
            del files[key]
        return replace(self, files=files)

    def document(self) -> dict[str, Any]:
        return {"title": self.title.strip(), "files": {key: dict(one) for key, one in self.files.items()}}


def numbers_from(text: str) -> list[float] | None:
    """The numbers in ``-9999; 0``; None where something else stands there. No text: no number."""
    parts = [part for part in text.replace(";", " ").split() if part]
    values = [number_from(part) for part in parts]
    return None if None in values else [value for value in values if value is not None]


def asked_text(row: Mapping[str, Any]) -> str:
    """What has yet to be said of a file."""
    words = {"channel": tr("what it is"), "unit": tr("the unit"), "nodata": tr("which values are missing"),
             "day": tr("the day"), "crs": tr("the coordinate system"),
             "choice": tr("which of several files counts; leave out the others")}
    return ", ".join(words.get(one, one) for one in row["asked"])


def summary_text(draft: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """Why there is no recipe yet; empty where there is one. ``titles``: of channels, by name."""
    if draft.get("recipe"):
        return ""
    if not draft["files"]:
        return tr("No GeoTIFF, NetCDF file or ISMN archive is in this folder.")
    lines = []
    if open_ := [row for row in draft["files"] if row["asked"]]:
        lines.append(tr("Still to be said of %n file(s).", None, len(open_)))
    if lacking := draft["lacking"]:
        lines.append(tr("No map can be made without: {0}.").format(
            ", ".join(titles.get(name, name) for name in lacking)))
    if "box" in draft["asked"]:
        lines.append(tr("The maps have no area in common."))
    return " ".join(lines)


def values_text(row: Mapping[str, Any]) -> str:
    """``11 – 95``, from a sample of the file."""
    return "" if row["least"] is None else f"{row['least']:g} – {row['most']:g}"


def days_text(row: Mapping[str, Any]) -> str:
    """The day of a map, or the first and last of a series."""
    days: Sequence[str] = row["days"] or ([row["day"]] if row["day"] else [])
    return period_text(dt.date.fromisoformat(days[0]), dt.date.fromisoformat(days[-1])) if days else ""


def ingest_specification(job_id: str, written: Mapping[str, Any]) -> dict[str, Any]:
    """The job that builds the region of a recipe, from the answer of ``region_recipe``."""
    return {"schema": SCHEMA, "id": job_id, "kind": "ingest", "name": str(written["title"])[:LONGEST_NAME],
            "options": {"recipe": written["recipe"], "store": written["store"]}}
