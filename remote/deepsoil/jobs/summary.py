"""The summary of a job for clients, built from its folder. A damaged folder is reported, never raised."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract import text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.states import Status
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks.folder import read_json_or_none

# About 10 minutes of progress lines: enough to be steady, recent enough to follow a change of speed.
_TAIL_BYTES = 65_536


def summary(folder: JobFolder, machine: str) -> dict[str, Any]:
    """The summary of a job of this computer, whose network name is ``machine``."""
    from deepsoil.contract.summary import build  # a service must start quickly, without pydantic

    document, problem = _try(folder.document)
    status, state_problem = _try(folder.status)
    status = status or Status("failed", created=_made(folder.path), message="The job's folder is damaged")
    steps = progress_steps(folder.path / "progress.jsonl")
    outputs, output_problem = list_outputs(folder, status)
    reason = status.reason or state_problem or problem or output_problem
    running = status.state == "running"
    scheduled = _scheduled(folder, status)
    # If a scheduler runs the tasks, the state's message covers all of them.
    use_step_message = running and steps and scheduled is None
    going = running and (scheduled is None or (scheduled["tasks"] or {}).get("running"))
    return build(
        id=folder.id, kind=(document or {}).get("kind"), name=_name(document, folder), state=status.state,
        reason=reason, message=steps[-1]["message"] if use_step_message else status.message,
        progress=1.0 if status.state == "succeeded" else fraction(steps),
        seconds_left=seconds_left(steps, dt.datetime.now(dt.UTC)) if going else None,
        created=status.created, started=status.started, ended=status.ended,
        host_title=machine, machine=machine, specification=document, folder=str(folder.path), outputs=outputs,
        **(scheduled or {}))


def _name(document: dict[str, Any] | None, folder: JobFolder) -> str:
    name = (document or {}).get("name")
    return name if isinstance(name, str) and name else folder.id


def _scheduled(folder: JobFolder, status: Status) -> dict[str, Any] | None:
    """The last report of a scheduler about a job; None for a process of this computer."""
    if folder.scheduler == DEFAULT_SCHEDULER:
        return None
    seen = read_json_or_none(folder.path / "scheduler.json") or {}
    unknown = seen.get("knowledge") == "unknown" and not status.final
    return {"knowledge": "unknown" if unknown else "current", "since": seen.get("since") if unknown else None,
            "scheduler": {"name": folder.scheduler, "ids": seen.get("ids") or [],
                          "waiting_for": None if status.final else seen.get("waiting_for"),
                          "waiting_for_text": None if status.final else seen.get("waiting_for_text")},
            "tasks": seen.get("tasks")}


def list_outputs(folder: JobFolder, status: Status) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The outputs that exist, and an error object if some are missing or the manifest is damaged."""
    manifest, problem = _try(folder.manifest) if status.state == "succeeded" else (None, None)
    records = manifest["files"] if manifest else folder.output_records()
    outputs = []
    lost = []
    for record in records:
        path = folder.outputs_path / record["name"]
        if path.is_file() and path.stat().st_size == record["size"]:
            outputs.append({"path": str(path), **record})
        else:
            lost.append(record["name"])
    if lost and problem is None:
        problem = DeepSoilError("outputs_missing", "Of the job's outputs these are missing or changed: "
                                "{lost}{note}.",
                                "Send the job again to get them back.",
                                lost=', '.join(lost[:5]), note=' …' if len(lost) > 5 else '').to_dict()
    return outputs, problem


def progress_steps(path: Path) -> list[dict[str, Any]]:
    """The latest lines of ``progress.jsonl``, oldest first; invalid lines are skipped."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return []
    steps = []
    for line in lines:
        try:
            step = json.loads(line)
            dt.datetime.fromisoformat(step["time"])
            steps.append({**step, "done": float(step["done"]), "total": float(step["total"]),
                          "message": text.from_fields(step)})
        except (ValueError, KeyError, TypeError):
            continue
    return steps


def fraction(steps: Sequence[dict[str, Any]]) -> float:
    """The fraction done, 0 to 1."""
    if not steps or steps[-1]["total"] <= 0:
        return 0.0
    return round(min(1.0, max(0.0, steps[-1]["done"] / steps[-1]["total"])), 4)


def seconds_left(steps: Sequence[dict[str, Any]], now: dt.datetime) -> float | None:
    """How long the rest will take at the recent speed; None while that is unknown.

    Counted from the last step, so that the figure decreases during a long step.
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
    rest_s = (last["total"] - last["done"]) * taken_s / done
    return round(max(0.0, rest_s - (now - ended).total_seconds()), 1)


def _try(read: Any) -> tuple[Any, dict[str, Any] | None]:
    try:
        return read(), None
    except DeepSoilError as error:
        return None, error.to_dict()


def _made(path: Path) -> str:
    try:
        seconds = path.stat().st_mtime
    except FileNotFoundError:
        seconds = 0.0
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
