"""What the panel says of a job without a table, and of a table as a whole. Pure apart from the translator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..contract import FINAL_STATES
from ..text.formatting import number_text, plain_error
from ..text.translate import tr
from .rows import HIGH, FieldRow, has_water


def state_words(job: Mapping[str, Any], there: bool) -> str:
    """Why there is nothing to be seen yet. ``there``: the job has a table, though not on this computer."""
    state = job.get("state")
    if there:
        return tr("The table is on the computer that made the maps. Choose “Download and show” in the list of jobs.")
    if state == "failed":
        return plain_error(job.get("reason") or {})
    if state == "cancelled":
        return tr("The job was cancelled before its table was made. Work out the refill, or try the job again.")
    if state not in FINAL_STATES:
        done = tr("{0} %").format(number_text(100.0 * float(job.get("progress") or 0.0)))
        return tr("The fields are being worked out: {0}. The table comes when all maps are made.").format(done)
    return tr("This job has no table of fields. “Work out refill” makes one.")


def summary_words(rows: Sequence[FieldRow]) -> str:
    """Of all fields in one or two sentences."""
    rows = list(rows)
    if not has_water(rows):
        return tr("These maps say nothing of the water to refill. “Work out refill” simulates the fields.")
    words = [tr("%n field(s) beyond the limit.", None, sum(row.level == HIGH for row in rows))]
    ahead = [(row.figure("days_with_weather") or 0.0, row.figure("days_ahead") or 0.0) for row in rows
             if row.figure("days_ahead")]
    if ahead and min(ahead)[0] < max(ahead)[1]:
        (known, _), (_, days) = min(ahead), max(ahead)
        words.append(tr("The region has weather for {0} of the next {1} days; after them no rain is assumed.").format(
            number_text(known), number_text(days)))
    if without := sum(bool(row.word("problem")) for row in rows):
        words.append(tr("%n field(s) without figures; the table says why.", None, without))
    return " ".join(words)
