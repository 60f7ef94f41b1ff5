"""The methods about hosts, and the choice of requests that the engine of another computer answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.local import LOCAL
from deepsoil.contract.method import Method
from deepsoil.jobs.listing import is_job_id

if TYPE_CHECKING:
    from deepsoil.hosts.remote_hosts import RemoteHosts


class HostMethods:
    """The hosts of a HOME. Nothing is opened or imported before there is a host or one is requested.

    With ``alone`` this engine answers for its own computer only, as when another engine uses it.
    """

    def __init__(self, home: Path, emit: Callable[..., None], *, alone: bool = False) -> None:
        self._home, self._emit, self._alone = home, emit, alone
        self._opening = threading.Lock()
        self._opened: RemoteHosts | None = None

    # ---- which requests another engine answers ----

    def away(self, method: Method, params: dict[str, Any]) -> bool:
        """Whether a request may wait for another computer."""
        return method.pace == "network" or self._of_host(method, params) or self._of_job(method, params)

    def elsewhere(self, method: Method, params: dict[str, Any]) -> Callable[[], Any] | None:
        """The function that forwards a request to another engine; None if this engine answers it."""
        if self._of_host(method, params):
            host = str(params["host"])
            rest = {name: value for name, value in params.items() if name != "host"}
            if method.name == "submit":
                return lambda: self._hosts().submit(host, rest["specification"], rest.get("earlier"))
            return lambda: self._hosts().ask(host, method.name, rest)
        if self._of_job(method, params):
            remote = self._hosts().remote_of_job(str(params.get("id")))
            if remote is not None:
                return lambda: self._hosts().answer_about_job(remote, method.name, params)
        return None

    def _of_host(self, method: Method, params: dict[str, Any]) -> bool:
        """Whether the request names another host."""
        return method.scope == "host" and params.get("host") not in (None, LOCAL)

    def _of_job(self, method: Method, params: dict[str, Any]) -> bool:
        """Whether the request is about a job of another computer."""
        return method.scope == "job" and not self._is_here(params.get("id")) and self._any()

    def watch(self, after_s: float | None) -> None:
        """Report the jobs of all hosts from now on; those that changed after a time immediately."""
        if self._any():
            self._hosts().watch(after_s)

    def jobs(self) -> list[dict[str, Any]]:
        """The jobs of all hosts but this one."""
        return self._hosts().jobs() if self._any() else []

    def close_questions(self) -> None:
        """Close all questions: the client is gone."""
        with self._opening:
            opened = self._opened
        if opened is not None:
            opened.questions.close()

    def stop(self) -> None:
        """Close the connections; pending requests get no answer."""
        with self._opening:
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.stop()

    def _is_here(self, job: Any) -> bool:
        return isinstance(job, str) and is_job_id(job) and (self._home / "jobs" / job).is_dir()

    def _any(self) -> bool:
        return not self._alone and (
            self._opened is not None or any((self._home / name).is_file() for name in ("hosts.json", "places.json")))

    def _hosts(self) -> RemoteHosts:
        if self._alone:
            raise DeepSoilError("host_unknown", "This engine answers for its own computer only.",
                                "Ask the engine of your own computer.", "host")
        from deepsoil.hosts.remote_hosts import RemoteHosts

        with self._opening:
            if self._opened is None:
                self._opened = RemoteHosts(self._home, self._emit)
            return self._opened

    # ---- the methods ----

    def hosts(self) -> list[dict[str, Any]]:
        return self._hosts().documents() if self._any() else []

    def ssh_aliases(self) -> list[str]:
        from deepsoil.hosts.ssh.config import aliases

        return aliases()

    def set_host(self, host: dict[str, Any]) -> dict[str, Any]:
        return self._hosts().set(host)

    def remove_host(self, host: str) -> dict[str, Any]:
        return self._hosts().remove(host)

    def connect(self, host: str) -> dict[str, Any]:
        self._hosts().remote(host).engine.connect_now()
        return {}

    def test_host(self, host: dict[str, Any]) -> list[dict[str, Any]]:
        return self._hosts().test(host)

    def install_host(self, host: str) -> dict[str, Any]:
        return self._hosts().install(host)

    def cancel_install(self, host: str) -> dict[str, Any]:
        return self._hosts().cancel_install(host)

    def answer(self, question: str, answers: list[Any] | None = None) -> dict[str, Any]:
        return self._hosts().questions.answer(question, answers)

    def retrieve(self, id: str) -> dict[str, Any]:
        raise DeepSoilError("job_missing", "No host has a job '{id}'.",
                            "The outputs of this computer's jobs are here already. Look in the list of jobs.", "id",
                            id=id)

    def fetch_model(self, host: str, model: str) -> dict[str, Any]:
        return self._hosts().fetch_model(host, model)

    def cancel_fetch_model(self, host: str, model: str) -> dict[str, Any]:
        return self._hosts().cancel_fetch_model(host, model)
