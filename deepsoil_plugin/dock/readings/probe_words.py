"""What is said in words about a file of probes and its clock. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ...jobs.readings import days_of, depths_text, sensors_of
from ...text.dates import period_text
from ...text.translate import tr

_HALF_HOURS = (-570, -210, 210, 270, 330, 345, 390, 570, 630, 765)


def zones() -> list[tuple[str, int]]:
    """The clocks of the world: their names, and minutes from UTC; UTC itself first."""
    minutes = sorted({*(60 * hours for hours in range(-12, 15)), *_HALF_HOURS})
    return [(tr("UTC"), 0), *((zone_text(one), one) for one in minutes if one)]


def zone_text(minutes: int) -> str:
    """``UTC−06:00``."""
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def values_text(values: Sequence[Mapping[str, Any]]) -> str:
    """``2 probes, 60 daily means, 5, 20 cm, 1 – 31 Jul 2023``."""
    first, last = (dt.date.fromisoformat(day) for day in days_of(values))
    return ", ".join((tr("%n probe(s)", None, len(sensors_of(values))), tr("%n daily mean(s)", None, len(values)),
                      depths_text(values), period_text(first, last)))


def found_text(answer: Mapping[str, Any]) -> str:
    """What the engine would read of a file, and what not; ``answer`` of ``probe_table``."""
    readings = answer.get("readings") or []
    parts = [tr("Would be read: {0}.").format(values_text(readings)) if readings else "",
             tr("%n cell(s) without a value.", None, answer["missing"]) if answer.get("missing") else "",
             tr("%n value(s) refused:", None, answer["refused_count"]) if answer.get("refused_count") else ""]
    return " ".join(part for part in parts if part)
