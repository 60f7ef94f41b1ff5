"""All places of this HOME at once: which place a request is for, one list of all jobs, events of every place."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Place, parse_place
from deepsoil.hosts.host_client import Emit, Site
from deepsoil.hosts.prompts.broker import Questions
from deepsoil.hosts.registry import Registry
from deepsoil.hosts.rpc.connection import Connect
from deepsoil.hosts.rpc.connection_state import Timing
from deepsoil.hosts.sync.job_cache import Summary

QUICK_S = 25.0
SLOW_S = 55.0
_LOOK_EVERY_S = 2.0

# What a place answers with its own engine, and how long that may take.
AT_PLACE = {"regions": SLOW_S, "add_region": SLOW_S, "models": SLOW_S, "configurations": SLOW_S,
            "read_configuration": SLOW_S, "estimate": SLOW_S, "stations": SLOW_S, "observations": SLOW_S}
OF_JOB = {"logs": QUICK_S, "fetch": SLOW_S, "curves": SLOW_S}


class Places:
    """``emit`` is told of everything. The list of places is read again when another process has changed it."""

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
        """One for every place, connected or about to be."""
        with self._guard:
            if not self._stopped and time.monotonic() - self._looked > _LOOK_EVERY_S:
                self._looked = time.monotonic()
                self._look()
            return list(self._sites.values())

    def site(self, place: str) -> Site:
        """DeepSoilError ``place_unknown``."""
        found = next((site for site in self.sites() if site.place.id == place), None)
        if found is None:
            self.registry.get(place)  # says what is wrong with the list, where something is
            raise DeepSoilError("place_unknown", f"There is no place '{place}'.", "Add it in the options.", "place")
        return found

    def site_of(self, job: str) -> Site | None:
        """The place whose job it is; None where none of them knows it."""
        return next((site for site in self.sites() if site.knows(job)), None)

    def stop(self) -> None:
        """End all connections; what was asked is gone on with another time."""
        with self._guard:
            self._stopped = True
            sites, self._sites = list(self._sites.values()), {}
        self.questions.close()
        for site in sites:
            site.stop()

    # ---- places ----

    def documents(self) -> list[dict[str, Any]]:
        self._looked = 0.0
        return [site.document() for site in self.sites()]

    def set(self, document: dict[str, Any]) -> dict[str, Any]:
        """Make or change a place and connect to it. DeepSoilError ``place_invalid``, ``places_damaged``."""
        place = parse_place({name: value for name, value in document.items() if name != "connection"})
        with self._guard:
            self.registry.set(place)
            self._look()
            site = self._sites[place.id]
        site.link.connect_now()
        self._emit("place", place=site.document())
        return site.document()

    def remove(self, place: str) -> dict[str, Any]:
        """Forget a place. DeepSoilError ``place_busy`` while it must still be told something."""
        site = self.site(place)
        if site.busy:
            raise DeepSoilError("place_busy", f"A job for {site.place.title} was not handed over yet.",
                                "Wait until it answers, or cancel the job; then remove the place.", "place")
        jobs = [job["id"] for job in site.jobs()]
        with self._guard:
            self.registry.remove(place)
            self._look()
        for job in jobs:
            self._emit("removed", id=job)
        return {}

    def test(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        """Try a place step by step, saved or not; each step is told as it goes. DeepSoilError ``place_invalid``."""
        from deepsoil.hosts.connection_test.steps import check_place

        place = parse_place({name: value for name, value in document.items() if name != "connection"})
        return check_place(place, self.questions.ask, self._home,
                           lambda step: self._emit("place_step", place=place.id, step=step))

    def install(self, place: str) -> dict[str, Any]:
        """Install this computer's engine there, then connect anew. DeepSoilError: as the installation says."""
        from deepsoil.hosts.install.installation import install_engine

        site = self.site(place)
        with self._guard:
            if place in self._installing:
                raise DeepSoilError("place_busy", f"The engine is just being installed on {site.place.title}.",
                                    "Wait until it is done, or cancel it.", "place")
            stop = self._installing[place] = threading.Event()
        try:
            engine = install_engine(site.place, self.questions.ask, self._home, lambda message, fraction: self._emit(
                "place_install", place=place, message=message, fraction=fraction), stop.is_set)
        finally:
            with self._guard:
                del self._installing[place]
        site.link.connect_now()
        return {"engine": engine}

    def cancel_install(self, place: str) -> dict[str, Any]:
        with self._guard:
            if place in self._installing:
                self._installing[place].set()
        return {}

    # ---- jobs ----

    def watch(self, after_s: float | None) -> None:
        """Tell the jobs that changed after a time, in seconds of the epoch; None: none of them."""
        for site in self.sites():
            if after_s is not None:
                site.tell_after(after_s)

    def jobs(self) -> list[Summary]:
        return [job for site in self.sites() for job in site.jobs()]

    def submit(self, place: str, specification: dict[str, Any]) -> Summary:
        """Send a job to a place. DeepSoilError as the specification, or ``other_engine``, ``no_engine``."""
        from deepsoil.contract.specification import parse_specification

        site = self.site(place)
        document = parse_specification(_with_resources(specification, site.place)).to_dict()
        other = self.site_of(document["id"])
        return (other or site).submit(document)

    def ask(self, place: str, method: str, params: dict[str, Any]) -> Any:
        """What the engine of a place answers; jobs ask for what the place gives them by default."""
        site = self.site(place)
        if isinstance(params.get("specification"), dict):
            params = {**params, "specification": _with_resources(params["specification"], site.place)}
        return site.ask(method, params, AT_PLACE[method])

    def of_job(self, site: Site, method: str, params: dict[str, Any]) -> Any:
        """The answer to a request about a job of a place."""
        job = params["id"]
        if method in OF_JOB:
            return site.ask(method, params, OF_JOB[method])
        if method == "retry":
            view = site.view(job)
            if view is None or not view.get("specification"):
                raise DeepSoilError("job_damaged", f"The request of the job '{job}' is no longer known.",
                                    "Describe it again and send it.", "id")
            return site.submit({**view["specification"], "id": params["new_id"]})
        act: dict[str, Callable[[str], Any]] = {
            "cancel": site.cancel, "remove": site.remove, "outputs": site.outputs, "retrieve": site.retrieve}
        return act[method](job)

    # ---- the list of places ----

    def _look(self) -> None:
        """Make the sites what ``places.json`` says."""
        stamp = _stamp(self._home / "places.json")
        if stamp == self._stamp:
            return
        try:
            places = self.registry.list()
        except DeepSoilError as error:
            print(f"places: {error}", file=sys.stderr)
            return
        self._stamp = stamp
        wanted = {place.id: place for place in places}
        for name, site in list(self._sites.items()):
            if wanted.get(name) != site.place:
                del self._sites[name]
                threading.Thread(target=site.stop, daemon=True).start()  # may wait for the network
        for name, place in wanted.items():
            if name not in self._sites:
                site = Site(place, self._home, self._connect, self.questions.ask, self._emit, self._timing)
                self._sites[name] = site
                site.start()


def _with_resources(specification: dict[str, Any], place: Place) -> dict[str, Any]:
    """The specification, asking for what the place is described with where it does not say what it needs."""
    if place.scheduler != "slurm" or specification.get("resources") is not None:
        return specification
    given = {name: value for name, value in place.resources.model_dump().items() if value is not None}
    return {**specification, "resources": {"scheduler": "slurm", **given}}


def _connect(*arguments: Any) -> Any:
    from deepsoil.hosts.ssh.connection import connect

    return connect(*arguments)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
