"""All other hosts of this HOME: forwards requests to them, lists their jobs, passes on their events."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host, parse_host
from deepsoil.contract.methods import METHODS
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.contract.text import fields
from deepsoil.hosts.prompts.broker import QuestionBroker
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.remote_host import Emit, RemoteHost
from deepsoil.hosts.rpc.connection import Connect
from deepsoil.hosts.rpc.connection_state import Timing
from deepsoil.hosts.speaker import speaker
from deepsoil.hosts.sync.job_cache import Summary
from deepsoil.hosts.sync.model_transfer import ModelTransfers
from deepsoil.io.background_thread import start_daemon

_Result = TypeVar("_Result")

_LOOK_EVERY_S = 2.0


class RemoteHosts:
    """``emit(event, **content)`` gets all events. The list of hosts is reread when another process has changed it.

    ``only``: the id of the one host to connect to; None: all.
    """

    def __init__(self, home: Path, emit: Emit, connect: Connect | None = None, timing: Timing | None = None,
                 only: str | None = None) -> None:
        self._home, self._emit, self._timing, self._only = home, emit, timing, only
        self._connect = connect or _connect
        self.registry = Registry(home)
        self.questions = QuestionBroker(emit)
        self._guard = threading.RLock()
        self._speaking = threading.RLock()  # who speaks for a job is decided and told in one step; before `_guard`
        self._remotes: dict[str, RemoteHost] = {}
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0
        self._stopped = False
        self._installing: dict[str, threading.Event] = {}
        self._models = ModelTransfers(home, emit)

    def remotes(self) -> list[RemoteHost]:
        """One `RemoteHost` per host, connected or connecting."""
        with self._guard:
            if not self._stopped and time.monotonic() - self._looked > _LOOK_EVERY_S:
                self._looked = time.monotonic()
                self._look()
            return list(self._remotes.values())

    def remote(self, host: str) -> RemoteHost:
        """DeepSoilError ``host_unknown``."""
        found = next((remote for remote in self.remotes() if remote.host.id == host), None)
        if found is None:
            self.registry.get(host)  # raises an error if the list is damaged
            raise DeepSoilError("host_unknown", "There is no host '{host}'.", "Add it in the options.", "host",
                                host=host)
        return found

    def remote_of_job(self, job: str) -> RemoteHost | None:
        """The host that speaks for the job; None if no host knows it."""
        return speaker([remote for remote, known in self._each(lambda remote: remote.knows(job)) if known], job)

    def stop(self) -> None:
        """Close all connections; pending requests continue at the next start."""
        with self._guard:
            self._stopped = True
            remotes, self._remotes = list(self._remotes.values()), {}
        self.questions.close()
        for remote in remotes:
            remote.stop()

    # ---- hosts ----

    def documents(self) -> list[dict[str, Any]]:
        self._looked = 0.0
        return [remote.document() for remote in self.remotes()]

    def set(self, document: dict[str, Any]) -> dict[str, Any]:
        """Add or change a host and connect to it. DeepSoilError ``host_invalid``, ``hosts_damaged``."""
        host = parse_host({name: value for name, value in document.items() if name != "connection"})
        with self._guard:
            self.registry.set(host)
            self._look()
            remote = self._remotes[host.id]
        remote.engine.connect_now()
        self._emit("host", host=remote.document())
        return remote.document()

    def remove(self, host: str) -> dict[str, Any]:
        """Forget a host. DeepSoilError ``host_busy`` while a request is still to be sent to it."""
        if self.registry.is_damaged(host):
            self.registry.remove(host)
            return {}
        remote = self.remote(host)
        if remote.busy:
            raise DeepSoilError("host_busy", "A job for {title} was not sent yet.",
                                "Wait until the host answers, or cancel the job. Then remove the host.", "host",
                                title=remote.host.title)
        with self._guard:
            self.registry.remove(host)
            self._look()
        with self._speaking:
            for job in remote.jobs():
                self._pass_on(remote, "removed", id=job["id"])
        return {}

    def test(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        """Test the connection to a host, saved or not; each step is also an event. DeepSoilError ``host_invalid``."""
        from deepsoil.hosts.connection_test.steps import check_host

        host = parse_host({name: value for name, value in document.items() if name != "connection"})
        return check_host(host, self.questions.ask, self._home,
                           lambda step: self._emit("host_step", host=host.id, step=step))

    def install(self, host: str) -> dict[str, Any]:
        """Install this computer's engine on a host, then reconnect. Raises the errors of the installation."""
        from deepsoil.hosts.install.installation import install_engine

        remote = self.remote(host)
        with self._guard:
            if host in self._installing:
                raise DeepSoilError("host_busy", "The engine is being installed on {title} already.",
                                    "Wait until it is done, or cancel it.", "host",
                                    title=remote.host.title)
            stop = self._installing[host] = threading.Event()
        try:
            engine = install_engine(remote.host, self.questions.ask, self._home, lambda message, fraction: self._emit(
                "host_install", host=host, **fields(message), fraction=fraction), stop.is_set)
        finally:
            with self._guard:
                del self._installing[host]
        remote.engine.connect_now()
        return {"engine": engine}

    def fetch_model(self, host: str, model: str) -> dict[str, Any]:
        """Copy a model of a host to this computer. Raises the errors of `model_transfer`."""
        return self._models.fetch(self.remote(host), model)

    def cancel_fetch_model(self, host: str, model: str) -> dict[str, Any]:
        return self._models.cancel(host, model)

    def cancel_install(self, host: str) -> dict[str, Any]:
        with self._guard:
            if host in self._installing:
                self._installing[host].set()
        return {}

    # ---- jobs ----

    def watch(self, after_s: float | None) -> None:
        """Report the jobs that changed after a time, in seconds since the epoch; None: report nothing."""
        if after_s is not None:
            for _ in self._each(lambda remote: remote.report_after(after_s)):
                pass

    def jobs(self) -> list[Summary]:
        """Every job once: two hosts may lead to one HOME."""
        listed = [(remote, job) for remote, jobs in self._each(lambda remote: remote.jobs()) for job in jobs]
        knowing: dict[str, list[RemoteHost]] = {}
        for remote, job in listed:
            knowing.setdefault(job["id"], []).append(remote)
        return [job for remote, job in listed if speaker(knowing[job["id"]], job["id"]) is remote]

    def _pass_on(self, remote: RemoteHost, event: str, **content: Any) -> None:
        """Pass on an event of a host, unless another host speaks for the job. Called with `_speaking` held."""
        with self._guard:
            others = [other for other in self._remotes.values() if other is not remote]
        if not others:
            self._emit(event, **content)
        elif event == "job":
            if speaker([*others, remote], content["job"]["id"]) in (remote, None):
                self._emit(event, **content)
        elif event == "removed":
            left = speaker(others, content["id"])
            view = None if left is None else left.view(content["id"])
            self._emit(event, **content) if view is None else self._emit("job", job=view)
        else:
            self._emit(event, **content)
            if event == "host":
                self._speak_for(remote, others)

    def _opened(self, host: Host) -> RemoteHost:
        """Connect to a host. Its events are passed on until it is removed or changed, not those of its end."""
        def emit(event: str, **content: Any) -> None:
            with self._speaking:
                with self._guard:
                    listed = self._remotes.get(host.id) is remote
                if listed:
                    self._pass_on(remote, event, **content)

        remote = RemoteHost(host, self._home, self._connect, self.questions.ask, emit, self._timing)
        remote.start()
        return remote

    def _speak_for(self, remote: RemoteHost, others: Sequence[RemoteHost]) -> None:
        """Report the jobs that another host now speaks for, because this one broke off or is back."""
        for job in remote.jobs():
            if any(other.knows(job["id"]) for other in others):
                now = speaker([*others, remote], job["id"])
                view = None if now is None else now.view(job["id"])
                if view is not None:
                    self._emit("job", job=view)

    def _each(self, act: Callable[[RemoteHost], _Result]) -> Iterator[tuple[RemoteHost, _Result]]:
        """(host, ``act(host)``) of every host for which that works: one host must not hide the others."""
        for remote in self.remotes():
            try:
                result = act(remote)
            except Exception:  # noqa: BLE001 - the boundary
                print(f"hosts: {remote.host.id}:", file=sys.stderr)
                traceback.print_exc(file=sys.stderr)
                continue
            yield remote, result

    def submit(self, host: str, specification: dict[str, Any], earlier: str | None = None) -> Summary:
        """Send a job to a host; ``earlier``: a job there whose work it takes over.

        DeepSoilError for an invalid specification, ``other_engine``, ``no_engine``.
        """
        from deepsoil.contract.specification import parse_specification

        remote = self.remote(host)
        document = parse_specification(_with_resources(specification, remote.host)).to_dict()
        other = self.remote_of_job(document["id"])
        return (other or remote).submit(document, earlier)

    def ask(self, host: str, method: str, params: dict[str, Any]) -> Any:
        """The answer of a host's engine; specifications get the host's default resources."""
        remote = self.remote(host)
        if isinstance(params.get("specification"), dict):
            params = {**params, "specification": _with_resources(params["specification"], remote.host)}
        return remote.ask(method, params, METHODS[method].relay_timeout_s)

    def answer_about_job(self, remote: RemoteHost, method: str, params: dict[str, Any]) -> Any:
        """Answer a request about a job of a host."""
        job = params["id"]
        if method == "retry":
            view = remote.view(job)
            if view is None or not view.get("specification"):
                raise DeepSoilError("job_damaged", "The request of the job '{job}' is no longer known.",
                                    "Describe it again and send it.", "id",
                                    job=job)
            return remote.submit({**view["specification"], "id": params["new_id"]}, job)
        act: dict[str, Callable[[str], Any]] = {
            "cancel": remote.cancel, "remove": remote.remove, "outputs": remote.outputs, "retrieve": remote.retrieve}
        if method in act:
            return act[method](job)
        return remote.ask(method, params, METHODS[method].relay_timeout_s)

    # ---- the list of hosts ----

    def _look(self) -> None:
        """Read ``hosts.json`` if it has changed."""
        stamp = _stamp(self._home / "hosts.json")
        if stamp == self._stamp:
            return
        try:
            hosts = self.registry.list()
        except (DeepSoilError, OSError) as error:
            print(f"hosts: {error}", file=sys.stderr)
            return
        self._stamp = stamp
        wanted = {host.id: host for host in hosts if self._only in (None, host.id)}
        for name, remote in list(self._remotes.items()):
            if wanted.get(name) != remote.host:
                del self._remotes[name]
                start_daemon(f"stop {name}", remote.stop)  # may wait for the network
        for name, host in wanted.items():
            if name not in self._remotes:
                try:
                    self._remotes[name] = self._opened(host)
                except Exception:  # noqa: BLE001 - the boundary: the other hosts are connected
                    print(f"hosts: {name}:", file=sys.stderr)
                    traceback.print_exc(file=sys.stderr)


def _with_resources(specification: dict[str, Any], host: Host) -> dict[str, Any]:
    """The specification with the host's default resources where it has none."""
    if host.scheduler == DEFAULT_SCHEDULER or specification.get("resources") is not None:
        return specification
    given = {name: value for name, value in host.resources.model_dump().items() if value is not None}
    return {**specification, "resources": {"scheduler": host.scheduler, **given}}


def _connect(*arguments: Any) -> Any:
    from deepsoil.hosts.ssh.connection import connect

    return connect(*arguments)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
