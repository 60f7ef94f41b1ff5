"""The jobs of another host, for the commands of a terminal: as `service.jobs`, through a connection of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_hosts import RemoteHosts
from deepsoil.service import terminal_questions

_CONNECT_WITHIN_S = 180.0  # a login may ask for a code
_POLL_EVERY_S = 0.1
_UNDER_WAY = ("off", "connecting", "asking")


class HostJobs:
    """One host, connected while this is used in a ``with`` block. A job that it was sent goes on afterwards."""

    def __init__(self, home: Path, host: str) -> None:
        self._id = _id_of(Registry(home), host)
        self._hosts = RemoteHosts(home, self._take, only=self._id)

    def __enter__(self) -> HostJobs:
        """Connect. DeepSoilError: why the host cannot be used now, ``host_unknown``."""
        try:
            remote = self._hosts.remote(self._id)
            deadline = time.monotonic() + _CONNECT_WITHIN_S
            while remote.engine.status.state in _UNDER_WAY and time.monotonic() < deadline:
                time.sleep(_POLL_EVERY_S)
            status = remote.engine.status
            if not status.open:
                raise DeepSoilError(status.code or "host_unreachable", "{title}: {problem}", "{advice}", "host",
                                    title=remote.host.title, problem=status.message, advice=status.hint)
        except BaseException:
            self._hosts.stop()
            raise
        self._remote = remote
        return self

    def __exit__(self, *_: object) -> None:
        self._hosts.stop()

    def _take(self, event: str, **content: Any) -> None:
        if event == "question":
            self._hosts.questions.answer(content["question"], terminal_questions.answers(content))

    def submit(self, document: Any) -> dict[str, Any]:
        return self._hosts.submit(self._id, document)

    def everything(self) -> list[dict[str, Any]]:
        """All jobs of the host, newest first."""
        return sorted(self._remote.jobs(), key=lambda job: (job.get("created", ""), job["id"]), reverse=True)

    def find(self, start: str) -> str:
        return only_one([job["id"] for job in self.everything()], start)

    def cancel(self, job: str) -> dict[str, Any]:
        return self._remote.cancel(job)

    def retry(self, job: str, new_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self._hosts.answer_about_job(self._remote, "retry", {"id": job, "new_id": new_id})
        return answer

    def logs(self, job: str, offset: int, limit: int) -> dict[str, Any]:
        answer: dict[str, Any] = self._hosts.answer_about_job(
            self._remote, "logs", {"id": job, "offset": offset, "limit": limit})
        return answer

    def files(self, job: str, show: Callable[[float, str], None]) -> list[dict[str, Any]]:
        """The outputs of a job, each with its path on this computer; retrieves those that are not there yet."""
        view = self._remote.retrieve(job)
        try:
            while (state := view["retrieval"]["state"]) in ("running", "waiting", "none") and not _are_here(view):
                retrieval = view["retrieval"]
                total = retrieval.get("total") or 0
                show((retrieval.get("bytes") or 0) / total if total else 0.0, "Bringing the files")
                time.sleep(_POLL_EVERY_S)
                view = self._remote.view(job) or view
        except KeyboardInterrupt:
            self._remote.retriever.cancel(job)  # what has come is kept, and continued the next time
            raise
        if state == "failed" and (error := view["retrieval"].get("error")):
            raise DeepSoilError.from_dict(error)
        show(1.0, "Bringing the files")
        return [output for output in view["outputs"] if output.get("path")]


def _are_here(view: dict[str, Any]) -> bool:
    return all(output.get("path") for output in view["outputs"])


def _id_of(registry: Registry, wanted: str) -> str:
    """The id of the host that has this id or title. DeepSoilError ``host_unknown``."""
    hosts = registry.list()
    for host in hosts:
        if wanted == host.id or wanted.casefold() == host.title.casefold():
            return host.id
    known = ", ".join(host.title for host in hosts)
    raise DeepSoilError("host_unknown", "There is no host '{host}'.", "The hosts are: {known}. Others are added in "
                        "DeepSoil's options in QGIS.", "host", host=wanted, known=known or "none")


def only_one(ids: list[str], start: str) -> str:
    """The only id that begins with ``start``. DeepSoilError ``job_ambiguous``, ``job_missing``."""
    found = sorted(one for one in ids if one.startswith(start)) if start.isalnum() else []
    if len(found) > 1:
        raise DeepSoilError("job_ambiguous", "Several jobs begin with '{start}'.", "Give more digits.", "id",
                            start=start)
    if not found:
        raise DeepSoilError("job_missing", "There is no job '{name}'.", "It may have been removed; look in the list of "
                            "jobs.", "id", name=start)
    return found[0]
