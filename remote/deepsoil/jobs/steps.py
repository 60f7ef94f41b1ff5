"""The progress of a job or of a run of a task, from the last lines of its ``progress.jsonl``."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract import json_text, text
from deepsoil.contract.times import is_time
from deepsoil.io import regular

# About 10 minutes of progress lines: enough to be steady, recent enough to follow a change of speed.
_TAIL_BYTES = 65_536


def latest(path: Path) -> list[dict[str, Any]]:
    """The latest lines of ``progress.jsonl``, oldest first; invalid lines are skipped."""
    try:
        lines = regular.read_tail(path, _TAIL_BYTES).splitlines()
    except OSError:
        return []
    steps = (parsed(line) for line in lines)
    return [step for step in steps if step is not None and is_time(step["time"])]


def parsed(line: bytes) -> dict[str, Any] | None:
    """A line of ``progress.jsonl`` as ``{time, done, total, message}``, the time unchecked; None if it is invalid."""
    try:
        step = json_text.parse(line)
        done, total, message = float(step["done"]), float(step["total"]), text.from_fields(step)
    except (ValueError, KeyError, TypeError):
        return None
    if not math.isfinite(done) or not math.isfinite(total):
        return None
    return {"time": step.get("time"), "done": done, "total": total, "message": message}


def fraction(steps: Sequence[dict[str, Any]]) -> float:
    """The fraction done, 0 to 1."""
    if not steps or steps[-1]["total"] <= 0:
        return 0.0
    return round(min(1.0, max(0.0, steps[-1]["done"] / steps[-1]["total"])), 4)


def seconds_left(steps: Sequence[dict[str, Any]], now: dt.datetime) -> float | None:
    """How long the rest will take at the recent speed; None while that is unknown.

    Counted from the last step, so that the figure decreases during a long step; unknown again once such a step has
    taken longer than all of the rest should have.
    """
    if not steps:
        return None
    last = steps[-1]
    first = next(step for step in steps if step["total"] == last["total"])
    began, ended = (dt.datetime.fromisoformat(step["time"]) for step in (first, last))
    done = last["done"] - first["done"]
    taken_s = (ended - began).total_seconds()
    if done <= 0 or taken_s <= 0:
        return None
    rest_s = (last["total"] - last["done"]) * taken_s / done - (now - ended).total_seconds()
    overdue = rest_s <= 0 and last["done"] < last["total"]
    return round(max(0.0, rest_s), 1) if math.isfinite(rest_s) and not overdue else None
