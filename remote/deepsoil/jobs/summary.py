"""The summary of a job for clients, built from its folder. A damaged folder is reported, never raised."""

from __future__ import annotations

import datetime as dt
import sys
import traceback
from pathlib import Path
from typing import Any

from deepsoil.contract import text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.states import Status
from deepsoil.contract.times import is_time
from deepsoil.io import disk, json_files
from deepsoil.jobs import made_region, steps
from deepsoil.jobs import outputs as job_outputs
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.folder_errors import damaged
from deepsoil.jobs.warnings import read_warnings

_LONGEST_NAME = 200
_UNKNOWN_TIME = "1970-01-01T00:00:00Z"


def summary(folder: JobFolder, machine: str) -> dict[str, Any]:
    """The summary of a job of this computer, whose network name is ``machine``. It never fails."""
    try:
        return _summary(folder, machine)
    except Exception as error:  # noqa: BLE001 - the boundary: one job must not hide the others
        traceback.print_exc(file=sys.stderr)
        return _unreadable(folder, machine, error)


def _unreadable(folder: JobFolder, machine: str, error: Exception) -> dict[str, Any]:
    from deepsoil.contract.summary import build

    status, problem = _try(folder.status)
    status = status or _damaged_status(folder)
    reason = problem or damaged(folder.path, error).to_dict()
    return build(id=folder.id, name=folder.id, state=status.state, created=status.created, reason=reason,
                 message="The job's folder is damaged", host_title=machine, machine=machine, folder=str(folder.path))


def _damaged_status(folder: JobFolder) -> Status:
    return Status("failed", created=_made(folder.path), message="The job's folder is damaged")


def _summary(folder: JobFolder, machine: str) -> dict[str, Any]:
    from deepsoil.contract.summary import build  # a service must start quickly, without pydantic

    document, problem = _try(folder.document)
    status, state_problem = _try(folder.status)
    status = status or _damaged_status(folder)
    found = steps.latest(folder.path / "progress.jsonl")
    outputs, output_problem = list_outputs(folder, status)
    reason = status.reason or state_problem or problem or output_problem
    running = status.state == "running"
    scheduled = _scheduled(folder, status)
    # If a scheduler runs the tasks, the state's message covers all of them.
    use_step_message = running and found and scheduled is None
    going = running and (scheduled is None or _tasks_run(scheduled["tasks"]))
    return build(
        id=folder.id, kind=(document or {}).get("kind"), name=_name(document, folder), state=status.state,
        reason=reason, warnings=read_warnings(folder.path),
        message=_of_the_disk(folder, status) or (found[-1]["message"] if use_step_message else status.message),
        progress=1.0 if status.state == "succeeded" else steps.fraction(found),
        seconds_left=steps.seconds_left(found, dt.datetime.now(dt.UTC)) if going else None,
        created=status.created, started=status.started, ended=status.ended,
        host_title=machine, machine=machine, specification=document, folder=str(folder.path), outputs=outputs,
        region=made_region.read(folder.path) if status.state == "succeeded" else None, **(scheduled or {}))


def _of_the_disk(folder: JobFolder, status: Status) -> str | None:
    """The message of a job that does not go on, or cannot record its end, because the disk is full."""
    if status.final or not disk.has_no_space(folder.path):
        return None
    if status.state == "queued":
        return text.Text("Waiting until the disk has space again")
    return text.Text("The disk is full: free some space")


def _name(document: dict[str, Any] | None, folder: JobFolder) -> str:
    name = (document or {}).get("name")
    return name[:_LONGEST_NAME] if isinstance(name, str) and name else folder.id


def _scheduled(folder: JobFolder, status: Status) -> dict[str, Any] | None:
    """The last report of a scheduler about a job; None for a process of this computer."""
    if folder.scheduler == DEFAULT_SCHEDULER:
        return None
    seen = json_files.read_or_none(folder.path / "scheduler.json") or {}
    unknown = seen.get("knowledge") == "unknown" and not status.final
    return {"knowledge": "unknown" if unknown else "current", "since": seen.get("since") if unknown else None,
            "scheduler": {"name": folder.scheduler, "ids": seen.get("ids") or [],
                          "waiting_for": None if status.final else seen.get("waiting_for"),
                          "waiting_for_text": None if status.final else seen.get("waiting_for_text")},
            "tasks": seen.get("tasks")}


def _tasks_run(tasks: Any) -> bool:
    return isinstance(tasks, dict) and bool(tasks.get("running"))


def list_outputs(folder: JobFolder, status: Status) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """The outputs that exist, and an error object if some are missing or the manifest is damaged."""
    manifest, problem = _try(folder.manifest) if status.state == "succeeded" else (None, None)
    published = folder.path / "outputs.jsonl"
    try:
        records, invalid = (manifest["files"], 0) if manifest else job_outputs.published(published)
    except OSError as error:
        records, invalid, problem = [], 0, damaged(published, error).to_dict()
    outputs, lost = job_outputs.divided(folder.outputs_path, records[:job_outputs.MOST])
    if len(records) > job_outputs.MOST and problem is None:
        problem = DeepSoilError("outputs_many", "The job has {count} outputs; only the first {shown} are shown.",
                                "All of them are in {parent}.", count=len(records), shown=job_outputs.MOST,
                                parent=folder.outputs_path).to_dict()
    if invalid and problem is None:
        problem = DeepSoilError("job_damaged", "The list of the job's outputs has {invalid} entries that are not "
                                "outputs; they are left out.", "Its outputs are in {parent}. Send the job again.",
                                invalid=invalid, parent=folder.outputs_path).to_dict()
    if lost and problem is None:
        problem = DeepSoilError("outputs_missing", "Of the job's outputs these are missing or changed: "
                                "{lost}{note}.",
                                "Send the job again to get them back.",
                                lost=', '.join(lost[:5]), note=' …' if len(lost) > 5 else '').to_dict()
    return outputs, problem


def _try(read: Any) -> tuple[Any, dict[str, Any] | None]:
    try:
        return read(), None
    except DeepSoilError as error:
        return None, error.to_dict()


def _made(path: Path) -> str:
    try:
        seconds = path.stat().st_mtime
        made = dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    except (OSError, OverflowError, ValueError):
        return _UNKNOWN_TIME
    return made if is_time(made) else _UNKNOWN_TIME
