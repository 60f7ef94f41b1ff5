"""The table of methods: names, parameters and what answers them. Heavy libraries are imported when they are called."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.service.hosts import HostMethods
from deepsoil.service.jobs import FETCH_LIMIT, LOG_LIMIT, Jobs

if TYPE_CHECKING:
    from deepsoil.kinds.context import Context

SCHEMA = 1

_NAME_OF_TYPE = {str: "a text", int: "a whole number", dict: "an object", bool: "true or false", list: "a list"}


@dataclass(frozen=True)
class Method:
    """``needed`` and ``optional`` parameters with their types; ``slow``: may take more than a moment."""

    answer: Callable[..., Any]
    needed: dict[str, type]
    optional: dict[str, type]
    slow: bool = False

    def check(self, params: dict[str, Any]) -> None:
        """DeepSoilError ``params_invalid`` where the parameters are not those of the method."""
        for name, kind in self.needed.items():
            if name not in params:
                raise DeepSoilError("params_invalid", "The parameter '{name}' is missing.", "Add it.", name,
                                    name=name)
            _require(name, params[name], kind)
        for name, value in params.items():
            if name not in self.needed and name not in self.optional:
                known = ", ".join([*self.needed, *self.optional]) or "none"
                raise DeepSoilError("params_invalid", "There is no parameter '{name}'.", "Known: {known}.", name,
                                    name=name, known=known)
            if name in self.optional and value is not None:
                _require(name, value, self.optional[name])

    def __call__(self, params: dict[str, Any]) -> Any:
        """The result for parameters that were checked. DeepSoilError: whatever the method says."""
        return self.answer(**{name: value for name, value in params.items() if value is not None})


def _require(name: str, value: Any, kind: type) -> None:
    fits = isinstance(value, kind)
    if isinstance(value, int) and kind is int:
        fits = not isinstance(value, bool) and value >= 0
    if not fits:
        raise DeepSoilError("params_invalid", "The parameter '{name}' cannot be used.",
                            "It must be {name_of_type}{note}.", name,
                            name=name, name_of_type=_NAME_OF_TYPE[kind],
                            note=', 0 or more' if kind is int else '')


class Methods:
    """All methods of the contract for one HOME; ``watch`` and ``shutdown`` are the server's own."""

    def __init__(self, home: Path, *, watch: Callable[..., Any], shutdown: Callable[[], Any],
                 emit: Callable[..., None], alone: bool = False) -> None:
        self._home = home
        self._opening = threading.Lock()
        self._opened: Context | None = None
        self.jobs = Jobs(home, self.context)
        jobs = self.jobs
        self.hosts = hosts = HostMethods(home, jobs.host, emit, alone=alone)
        at: dict[str, type] = {"host": str}
        self.table: dict[str, Method] = {
            "hello": Method(self._hello, {}, {"client": str}),
            "regions": Method(self._regions, {}, at, slow=True),
            "add_region": Method(self._add_region, {"path": str}, at, slow=True),
            "models": Method(self._models, {}, at, slow=True),
            "configurations": Method(self._configurations, {}, at, slow=True),
            "read_configuration": Method(self._read_configuration, {"path": str}, at, slow=True),
            "estimate": Method(self._estimate, {"specification": dict}, at, slow=True),
            "submit": Method(lambda specification: jobs.submit(specification), {"specification": dict}, at, slow=True),
            "list": Method(self._list, {}, {"after": str}),
            "watch": Method(watch, {}, {"after": str}),
            "cancel": Method(lambda id, forbid=False: jobs.cancel(id, forbid), {"id": str}, {"forbid": bool}),
            "retry": Method(lambda id, new_id: jobs.retry(id, new_id), {"id": str, "new_id": str}, {}, slow=True),
            "logs": Method(lambda id, offset=0, limit=LOG_LIMIT: jobs.logs(id, offset, limit),
                           {"id": str}, {"offset": int, "limit": int}),
            "curves": Method(self._curves, {"id": str}, {"task": int}, slow=True),
            "outputs": Method(lambda id: jobs.outputs(id), {"id": str}, {}),
            "fetch": Method(lambda id, name, offset=0, limit=FETCH_LIMIT: jobs.fetch(id, name, offset, limit),
                            {"id": str, "name": str}, {"offset": int, "limit": int}),
            "remove": Method(lambda id: jobs.remove(id), {"id": str}, {}),
            "stations": Method(self._stations, {"region": str}, at, slow=True),
            "observations": Method(self._observations, {"region": str, "station": str, "start": str, "end": str}, at,
                                   slow=True),
            "hosts": Method(hosts.hosts, {}, {}),
            "set_host": Method(hosts.set_host, {"host": dict}, {}),
            "remove_host": Method(hosts.remove_host, at, {}),
            "connect": Method(hosts.connect, at, {}),
            "test_host": Method(hosts.test_host, {"host": dict}, {}),
            "install_host": Method(hosts.install_host, at, {}),
            "cancel_install": Method(hosts.cancel_install, at, {}),
            "answer": Method(hosts.answer, {"question": str}, {"answers": list}),
            "retrieve": Method(hosts.retrieve, {"id": str}, {}),
            "fetch_model": Method(hosts.fetch_model, {"host": str, "model": str}, {}),
            "shutdown": Method(shutdown, {}, {}),
        }

    def answer(self, name: str, params: dict[str, Any]) -> Any:
        """The result of a method, from this engine or the one it is for. DeepSoilError: ``params_invalid``, others."""
        method = self.table[name]
        method.check(params)
        elsewhere = self.hosts.elsewhere(name, params)
        if elsewhere is not None:
            return elsewhere()
        return method({key: value for key, value in params.items() if key != "host" or key in method.needed})

    def _list(self, after: str | None = None) -> list[dict[str, Any]]:
        jobs = self.jobs.everything(after) + self.hosts.jobs()
        return sorted(jobs, key=lambda job: (job.get("created", ""), job["id"]), reverse=True)

    def context(self) -> Context:
        """What methods and jobs need of this machine, opened once."""
        from deepsoil.kinds.open_context import open_context

        with self._opening:
            self._opened = self._opened or open_context(self._home)
        return self._opened

    def _hello(self, client: str = "") -> dict[str, Any]:
        return {"engine": __version__, "schema": SCHEMA, "host": self.jobs.host, "home": str(self._home),
                "python": platform.python_version(), "methods": sorted(self.table)}

    def _regions(self) -> list[dict[str, Any]]:
        return self.context().regions.list()

    def _add_region(self, path: str) -> dict[str, Any]:
        return self.context().regions.add(Path(path))

    def _models(self) -> list[dict[str, Any]]:
        return self.context().library.list()

    def _configurations(self) -> list[dict[str, Any]]:
        from deepsoil.training.configuration_catalogue import listed

        return listed(self._home)

    def _read_configuration(self, path: str) -> dict[str, Any]:
        from deepsoil.training.configuration_catalogue import described

        return described(Path(path))

    def _estimate(self, specification: dict[str, Any]) -> dict[str, Any]:
        from deepsoil.kinds.preparation import estimate

        return estimate(specification, self.context())

    def _curves(self, id: str, task: int | None = None) -> list[dict[str, Any]]:
        from deepsoil.jobs.tasks.curves import read

        return read(self.jobs.folder(id), task)

    def _stations(self, region: str) -> dict[str, Any]:
        from deepsoil.service.stations import station_features

        return station_features(self.context().regions.get(region))

    def _observations(self, region: str, station: str, start: str, end: str) -> dict[str, Any]:
        from deepsoil.service.stations import observations

        return observations(self.context().regions.get(region), station, start, end)
