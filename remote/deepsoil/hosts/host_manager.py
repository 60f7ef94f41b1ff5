"""All hosts of this HOME at once: which host a request is for, one list of all jobs, events of every host."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host, parse_host
from deepsoil.contract.methods import METHODS
from deepsoil.contract.scheduler_names import DEFAULT_SCHEDULER
from deepsoil.hosts.host_client import Emit, Site
from deepsoil.hosts.prompts.broker import Questions
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.rpc.connection import Connect
from deepsoil.hosts.rpc.connection_state import Timing
from deepsoil.hosts.sync.job_cache import Summary

_LOOK_EVERY_S = 2.0


class Hosts:
    """``emit`` is told of everything. The list of hosts is read again when another process has changed it."""

    def __init__(self, home: Path, emit: Emit, connect: Connect | None = None, timing: Timing | None = None) -> None:
        self._home, self._emit, self._timing = home, emit, timing
        self._connect = connect or _connect
        self.registry = Registry(home)
        self.questions = Questions(emit)
        self._guard = threading.RLock()
        self._sites: dict[str, Site] = {}
        self._stamp: tuple[int, int] | None = None
        self._looked = 0.0
        self._stopped = False
        self._installing: dict[str, threading.Event] = {}

    def sites(self) -> list[Site]:
        """One for every host, connected or about to be."""
        with self._guard:
            if not self._stopped and time.monotonic() - self._looked > _LOOK_EVERY_S:
                self._looked = time.monotonic()
                self._look()
            return list(self._sites.values())

    def site(self, host: str) -> Site:
        """DeepSoilError ``host_unknown``."""
        found = next((site for site in self.sites() if site.host.id == host), None)
        if found is None:
            self.registry.get(host)  # says what is wrong with the list, where something is
            raise DeepSoilError("host_unknown", "There is no host '{host}'.", "Add it in the options.", "host",
                                host=host)
        return found

    def site_of(self, job: str) -> Site | None:
        """The host whose job it is; None where none of them knows it."""
        return next((site for site in self.sites() if site.knows(job)), None)

    def stop(self) -> None:
        """End all connections; what was asked is gone on with another time."""
        with self._guard:
            self._stopped = True
            sites, self._sites = list(self._sites.values()), {}
        self.questions.close()
        for site in sites:
            site.stop()

    # ---- hosts ----

    def documents(self) -> list[dict[str, Any]]:
        self._looked = 0.0
        return [site.document() for site in self.sites()]

    def set(self, document: dict[str, Any]) -> dict[str, Any]:
        """Make or change a host and connect to it. DeepSoilError ``host_invalid``, ``places_damaged``."""
        host = parse_host({name: value for name, value in document.items() if name != "connection"})
        with self._guard:
            self.registry.set(host)
            self._look()
            site = self._sites[host.id]
        site.link.connect_now()
        self._emit("host", host=site.document())
        return site.document()

    def remove(self, host: str) -> dict[str, Any]:
        """Forget a host. DeepSoilError ``host_busy`` while it must still be told something."""
        site = self.site(host)
        if site.busy:
            raise DeepSoilError("host_busy", "A job for {title} was not handed over yet.",
                                "Wait until it answers, or cancel the job; then remove the host.", "host",
                                title=site.host.title)
        jobs = [job["id"] for job in site.jobs()]
        with self._guard:
            self.registry.remove(host)
            self._look()
        for job in jobs:
            self._emit("removed", id=job)
        return {}

    def test(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        """Try a host step by step, saved or not; each step is told as it goes. DeepSoilError ``host_invalid``."""
        from deepsoil.hosts.connection_test.steps import check_host

        host = parse_host({name: value for name, value in document.items() if name != "connection"})
        return check_host(host, self.questions.ask, self._home,
                           lambda step: self._emit("host_step", host=host.id, step=step))

    def install(self, host: str) -> dict[str, Any]:
        """Install this computer's engine there, then connect anew. DeepSoilError: as the installation says."""
        from deepsoil.hosts.install.installation import install_engine

        site = self.site(host)
        with self._guard:
            if host in self._installing:
                raise DeepSoilError("host_busy", "The engine is just being installed on {title}.",
                                    "Wait until it is done, or cancel it.", "host",
                                    title=site.host.title)
            stop = self._installing[host] = threading.Event()
        try:
            engine = install_engine(site.host, self.questions.ask, self._home, lambda message, fraction: self._emit(
                "host_install", host=host, message=message, fraction=fraction), stop.is_set)
        finally:
            with self._guard:
                del self._installing[host]
        site.link.connect_now()
        return {"engine": engine}

    def cancel_install(self, host: str) -> dict[str, Any]:
        with self._guard:
            if host in self._installing:
                self._installing[host].set()
        return {}

    # ---- jobs ----

    def watch(self, after_s: float | None) -> None:
        """Tell the jobs that changed after a time, in seconds of the epoch; None: none of them."""
        for site in self.sites():
            if after_s is not None:
                site.tell_after(after_s)

    def jobs(self) -> list[Summary]:
        return [job for site in self.sites() for job in site.jobs()]

    def submit(self, host: str, specification: dict[str, Any]) -> Summary:
        """Send a job to a host. DeepSoilError as the specification, or ``other_engine``, ``no_engine``."""
        from deepsoil.contract.specification import parse_specification

        site = self.site(host)
        document = parse_specification(_with_resources(specification, site.host)).to_dict()
        other = self.site_of(document["id"])
        return (other or site).submit(document)

    def ask(self, host: str, method: str, params: dict[str, Any]) -> Any:
        """What the engine of a host answers; jobs ask for what the host gives them by default."""
        site = self.site(host)
        if isinstance(params.get("specification"), dict):
            params = {**params, "specification": _with_resources(params["specification"], site.host)}
        return site.ask(method, params, METHODS[method].relay_timeout_s)

    def of_job(self, site: Site, method: str, params: dict[str, Any]) -> Any:
        """The answer to a request about a job of a host."""
        job = params["id"]
        if method == "retry":
            view = site.view(job)
            if view is None or not view.get("specification"):
                raise DeepSoilError("job_damaged", "The request of the job '{job}' is no longer known.",
                                    "Describe it again and send it.", "id",
                                    job=job)
            return site.submit({**view["specification"], "id": params["new_id"]})
        act: dict[str, Callable[[str], Any]] = {
            "cancel": site.cancel, "remove": site.remove, "outputs": site.outputs, "retrieve": site.retrieve}
        if method in act:
            return act[method](job)
        return site.ask(method, params, METHODS[method].relay_timeout_s)

    # ---- the list of hosts ----

    def _look(self) -> None:
        """Make the sites what ``hosts.json`` says."""
        stamp = _stamp(self._home / "hosts.json")
        if stamp == self._stamp:
            return
        try:
            hosts = self.registry.list()
        except DeepSoilError as error:
            print(f"hosts: {error}", file=sys.stderr)
            return
        self._stamp = stamp
        wanted = {host.id: host for host in hosts}
        for name, site in list(self._sites.items()):
            if wanted.get(name) != site.host:
                del self._sites[name]
                threading.Thread(target=site.stop, daemon=True).start()  # may wait for the network
        for name, host in wanted.items():
            if name not in self._sites:
                site = Site(host, self._home, self._connect, self.questions.ask, self._emit, self._timing)
                self._sites[name] = site
                site.start()


def _with_resources(specification: dict[str, Any], host: Host) -> dict[str, Any]:
    """The specification, asking for what the host is described with where it does not say what it needs."""
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
