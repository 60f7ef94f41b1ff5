"""A job of a host as clients on this computer see it. Pure: builds a summary from what is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.summary import build
from deepsoil.contract.text import Text, fields
from deepsoil.hosts.rpc.connection_state import ConnectionStatus
from deepsoil.hosts.sync.auto_retrieval import comes_by_itself
from deepsoil.hosts.sync.job_cache import Summary, is_final, shifted
from deepsoil.hosts.sync.journal import Record

_TIMES = ("created", "started", "ended", "since")


@dataclass(frozen=True)
class HostView:
    """The current knowledge of the host.

    ``silent_since``: when it last answered, None while it does. ``skew_s``: how far this computer's clock is ahead.
    ``folder(job)``: the job's folder on this computer. ``local_path(job, output)``: the path of an output on this
    computer, None until it is retrieved.
    """

    id: str
    title: str
    connection: ConnectionStatus
    silent_since: str | None
    skew_s: int
    folder: Callable[[str], Path]
    local_path: Callable[[str, dict[str, Any]], Path | None]


def view_of_job(job: Summary, record: Record | None, host: HostView, running: dict[str, Any] | None) -> Summary:
    """A job that the host knows. ``running``: the progress of its retrieval, if one is running."""
    outputs = []
    for output in job.get("outputs") or []:
        path = host.local_path(job["id"], output)
        outputs.append({**output, "path": None if path is None else str(path)})
    view = {**job, "host": host.id, "host_title": host.title, "folder": str(host.folder(job["id"])),
            "outputs": outputs,
            "retrieval": running or _retrieval(record, outputs, comes_by_itself(job, record))}
    for name in _TIMES:
        view[name] = shifted(job.get(name), host.skew_s)
    if record is not None and record.mine:
        view["created"] = record.created  # by our own clock, at the time of the request
    if not is_final(job):
        if not host.connection.open:
            view.update(knowledge="unreachable", since=host.silent_since, seconds_left=None)
        if record is not None and record.cancel_wanted:
            view.update(fields(Text("Cancelling") if host.connection.open else _cancelled_later(host)))
    return view


def view_of_record(record: Record, host: HostView) -> Summary:
    """A job that the host does not know, or that may not have arrived."""
    specification = record.specification or {}
    states = {"refused": "failed", "cancelled": "cancelled"}
    state = states.get(record.phase, "queued")
    knowledge = "sending" if state == "queued" else "current"
    if record.phase == "accepted":
        knowledge = "current" if host.connection.open else "unreachable"
    name = specification.get("name")
    return build(
        id=record.id, kind=specification.get("kind"), name=name if isinstance(name, str) and name else record.id,
        state=state, reason=record.error, message=_message(record, host), created=record.created, ended=record.ended,
        host=host.id, host_title=host.title, specification=record.specification, folder=str(host.folder(record.id)),
        knowledge=knowledge, since=record.created, retrieval=_retrieval(record, [], False))


def _message(record: Record, host: HostView) -> str:
    if record.phase == "refused":
        return Text("{host} refused it: {problem}", host=host.title,
                    problem=DeepSoilError.from_dict(record.error or {}).text)
    if record.phase == "cancelled":
        return Text("Cancelled before it began")
    if record.cancel_wanted:
        return _cancelled_later(host)
    if record.phase == "accepted":
        return Text("Sent to {host}", host=host.title)
    if host.connection.state == "ready":
        return Text("Sending to {host}", host=host.title)
    if host.connection.state == "other_engine":
        return Text("Waiting until the engine on {host} has the version of this computer's", host=host.title)
    if host.connection.state == "no_engine":
        return Text("Waiting until the engine is installed on {host}", host=host.title)
    return Text("Waiting for the connection to {host}", host=host.title)


def _cancelled_later(host: HostView) -> str:
    return Text("Will be cancelled when {host} answers", host=host.title)


def _retrieval(record: Record | None, outputs: list[dict[str, Any]], expected: bool) -> dict[str, Any]:
    """``expected``: it will start automatically."""
    total = sum(int(output.get("size") or 0) for output in outputs)
    retrieved = sum(int(output.get("size") or 0) for output in outputs if output["path"] is not None)
    state, error = "none", None
    if record is not None:
        error = record.retrieval_error
        state = {"wanted": "running", "failed": "failed"}.get(record.retrieval, "running" if expected else "none")
    requested = record is not None and record.retrieval == "wanted"
    if not requested and outputs and all(output["path"] is not None for output in outputs):
        state, error = "done", None
    return {"state": state, "bytes": retrieved, "total": total, "error": error}
