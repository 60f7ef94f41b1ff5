"""A job of a host as the client here is told of it. Pure: what is known comes in, a summary goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deepsoil.hosts.rpc.connection_state import Standing
from deepsoil.hosts.sync.job_cache import Summary, is_final, shifted
from deepsoil.hosts.sync.journal import Record

_TIMES = ("created", "started", "ended", "since")


@dataclass(frozen=True)
class Here:
    """The host as it stands now.

    ``silent_since``: when it last answered, None while it does. ``local``: the path of an output on this
    computer, None until it was brought.
    """

    host: str
    title: str
    standing: Standing
    silent_since: str | None
    skew_s: int
    folder: Callable[[str], Path]
    local: Callable[[str, dict[str, Any]], Path | None]


def of_job(job: Summary, record: Record | None, here: Here, running: dict[str, Any] | None) -> Summary:
    """A job that the host knows. ``running``: how far its retrieval is, while there is one."""
    outputs = []
    for output in job.get("outputs") or []:
        path = here.local(job["id"], output)
        outputs.append({**output, "path": None if path is None else str(path)})
    view = {"scheduler": None, "tasks": None, **job,
            "host": here.host, "host_title": here.title, "folder": str(here.folder(job["id"])), "outputs": outputs,
            "knowledge": job.get("knowledge") or "current",
            "retrieval": running or _retrieval(record, outputs)}
    for name in _TIMES:
        view[name] = shifted(job.get(name), here.skew_s)
    if record is not None and record.mine:
        view["created"] = record.created  # our own clock knows when it was asked for
    if not is_final(job):
        if not here.standing.open:
            view.update(knowledge="unreachable", since=here.silent_since, seconds_left=None)
        if record is not None and record.cancel_wanted:
            view["message"] = "Being cancelled" if here.standing.open else _cancelled_later(here)
    return view


def of_record(record: Record, here: Here) -> Summary:
    """A job that the host does not know, or that nobody knows whether it does."""
    specification = record.specification or {}
    states = {"refused": "failed", "cancelled": "cancelled"}
    state = states.get(record.phase, "queued")
    view: Summary = {"id": record.id, "kind": specification.get("kind"), "name": specification.get("name") or record.id,
            "state": state, "reason": record.error, "message": _message(record, here), "progress": 0.0,
            "seconds_left": None, "created": record.created, "started": None, "ended": record.ended,
            "host": here.host, "host_title": here.title, "specification": record.specification,
            "folder": str(here.folder(record.id)), "outputs": [], "scheduler": None, "tasks": None,
            "knowledge": "current" if state != "queued" else "sending", "since": record.created,
            "retrieval": _retrieval(record, [])}
    if record.phase == "accepted":
        view["knowledge"] = "current" if here.standing.open else "unreachable"
    return view


def _message(record: Record, here: Here) -> str:
    if record.phase == "refused":
        return f"{here.title} refused it: {(record.error or {}).get('message', '')}"
    if record.phase == "cancelled":
        return "Cancelled before it began"
    if record.cancel_wanted:
        return _cancelled_later(here)
    if record.phase == "accepted":
        return f"Sent to {here.title}"
    if here.standing.state == "ready":
        return f"Being sent to {here.title}"
    if here.standing.state == "other_engine":
        return f"Waiting until the engine on {here.title} is this computer's version"
    if here.standing.state == "no_engine":
        return f"Waiting until the engine is installed on {here.title}"
    return f"Waiting for the connection to {here.title}"


def _cancelled_later(here: Here) -> str:
    return f"Will be cancelled when {here.title} answers"


def _retrieval(record: Record | None, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum(int(output.get("size") or 0) for output in outputs)
    brought = sum(int(output.get("size") or 0) for output in outputs if output["path"] is not None)
    state, error = "none", None
    if record is not None:
        error = record.retrieval_error
        state = {"wanted": "running", "failed": "failed"}.get(record.retrieval, "none")
    if state != "running" and outputs and all(output["path"] is not None for output in outputs):
        state, error = "done", None
    return {"state": state, "bytes": brought, "total": total, "error": error}
