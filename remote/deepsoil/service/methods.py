"""The implementation of each method of the contract. Heavy libraries are imported on the first call."""

from __future__ import annotations

import platform
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil import __version__
from deepsoil.contract.methods import FILE_PIECE_BYTES, LOG_PIECE_BYTES, METHODS
from deepsoil.contract.version import SCHEMA
from deepsoil.depths import DEPTHS
from deepsoil.jobs.new_folder import remove_abandoned
from deepsoil.service.hosts import HostMethods
from deepsoil.service.jobs import Jobs
from deepsoil.service.many_jobs import submit_many

if TYPE_CHECKING:
    from deepsoil.jobs.kind import Context
    from deepsoil.service.preview import Previews
    from deepsoil.service.smap import SmapComparisons
    from deepsoil.service.what_if import WhatIf
    from deepsoil.sources.recognise.answer import Folders


class Methods:
    """All methods of the contract for one HOME; ``watch`` and ``shutdown`` are the server's own."""

    def __init__(self, home: Path, *, watch: Callable[..., Any], shutdown: Callable[[], Any],
                 emit: Callable[..., None], alone: bool = False) -> None:
        self._home = home
        self._opening = threading.Lock()
        self._opened: Context | None = None
        self._looked: Folders | None = None
        self._emit = emit
        self.jobs = Jobs(home, self.context)
        jobs = self.jobs
        remove_abandoned(jobs.path)
        self.hosts = hosts = HostMethods(home, emit, alone=alone)
        self._answers: dict[str, Callable[..., Any]] = {
            "hello": self._hello,
            "regions": self._regions,
            "add_region": self._add_region,
            "remove_region": self._remove_region,
            "region_draft": self._region_draft,
            "region_recipe": self._region_recipe,
            "gather_plan": self._gather_plan,
            "refresh_plan": self._refresh_plan,
            "network_settings": self._network_settings,
            "archives": self._archives,
            "archive_cache": self._archive_cache,
            "field_outlines": self._field_outlines,
            "models": self._models,
            "set_default_model": self._set_default_model,
            "configurations": self._configurations,
            "read_configuration": self._read_configuration,
            "crops": self._crops,
            "irrigation_log": self._irrigation_log,
            "soil_table": self._soil_table,
            "probe_table": self._probe_table,
            "read_reading": self._read_reading,
            "estimate": self._estimate,
            "submit": lambda specification, earlier="": jobs.submit_again(specification, earlier),
            "submit_many": lambda requests: submit_many(jobs, requests),
            "list": self._list,
            "watch": watch,
            "cancel": lambda id, forbid=False: jobs.cancel(id, forbid),
            "retry": lambda id, new_id: jobs.retry(id, new_id),
            "logs": lambda id, offset=0, limit=LOG_PIECE_BYTES: jobs.logs(id, offset, limit),
            "curves": self._curves,
            "outputs": lambda id: jobs.outputs(id),
            "fetch": lambda id, name, offset=0, limit=FILE_PIECE_BYTES: jobs.fetch(id, name, offset, limit),
            "remove": lambda id: jobs.remove(id),
            "compare_readings": self._compare_readings,
            "compare_smap": lambda id, path=None: self._smap.answer(id, path),
            "stations": self._stations,
            "observations": self._observations,
            "series": self._series,
            "ground": self._ground,
            "preview": self._preview,
            "what_if": self._what_if,
            "cancel_what_if": lambda asking: self._ahead.cancel(asking),
            "hosts": hosts.hosts,
            "ssh_aliases": hosts.ssh_aliases,
            "set_host": hosts.set_host,
            "remove_host": hosts.remove_host,
            "connect": hosts.connect,
            "test_host": hosts.test_host,
            "install_host": hosts.install_host,
            "cancel_install": hosts.cancel_install,
            "answer": hosts.answer,
            "retrieve": hosts.retrieve,
            "fetch_model": hosts.fetch_model,
            "cancel_fetch_model": hosts.cancel_fetch_model,
            "shutdown": shutdown,
        }

    def answer(self, name: str, params: dict[str, Any]) -> Any:
        """The result of a method, from this engine or the addressed one. DeepSoilError: ``params_invalid``, others."""
        method = METHODS[name]
        method.check(params)
        elsewhere = self.hosts.elsewhere(method, params)
        if elsewhere is not None:
            return elsewhere()
        given = {key: value for key, value in params.items() if value is not None}
        if method.scope == "host":
            given.pop("host", None)
        return self._answers[name](**given)

    def _list(self, after: str | None = None) -> list[dict[str, Any]]:
        jobs = self.jobs.everything(after) + self.hosts.jobs()
        return sorted(jobs, key=lambda job: (job.get("created", ""), job["id"]), reverse=True)

    def context(self) -> Context:
        """The context of this machine for methods and jobs, opened once."""
        from deepsoil.kinds.open_context import open_context

        with self._opening:
            self._opened = self._opened or open_context(self._home)
        return self._opened

    def _hello(self, client: str = "") -> dict[str, Any]:
        return {"engine": __version__, "schema": SCHEMA, "machine": self.jobs.machine, "home": str(self._home),
                "python": platform.python_version(), "methods": sorted(METHODS),
                "depths": [depth.document() for depth in DEPTHS.values()]}

    def _regions(self) -> list[dict[str, Any]]:
        return self.context().regions.list()

    def _add_region(self, path: str) -> dict[str, Any]:
        return self.context().regions.add(Path(path))

    def _remove_region(self, region: str, files: bool = False) -> dict[str, Any]:
        from deepsoil.service.region_removal import remove_region

        return remove_region(self._home, self.context().regions, self.jobs, region, files)

    def _region_draft(self, path: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._folders().draft(path, said)

    def _region_recipe(self, path: str, said: dict[str, Any] | None = None, replace: bool = False) -> dict[str, Any]:
        return self._folders().write(path, said, replace)

    def _folders(self) -> Folders:
        from deepsoil.sources.recognise.answer import Folders

        with self._opening:
            if self._looked is None:
                self._looked = Folders()
        return self._looked

    def _gather_plan(self, area: dict[str, Any], start: str | None = None, end: str | None = None,
                     off: list[Any] | None = None, agreed: list[Any] | None = None) -> dict[str, Any]:
        from deepsoil.service.gathering import gather_plan

        return gather_plan(self.context(), area, start, end, off, agreed)

    def _refresh_plan(self, region: str, off: list[Any] | None = None, agreed: list[Any] | None = None,
                      ) -> dict[str, Any]:
        from deepsoil.service.gathering import refresh_plan

        return refresh_plan(self.context(), region, off, agreed)

    def _network_settings(self, proxies: dict[str, Any] | None = None, accounts: dict[str, Any] | None = None,
                          ) -> dict[str, Any]:
        from deepsoil.service.gathering import network_settings

        return network_settings(self._home, proxies, accounts)

    def _archives(self) -> list[dict[str, Any]]:
        from deepsoil.service.archives import archives

        return archives(self._home)

    def _archive_cache(self, clear: bool = False) -> dict[str, Any]:
        from deepsoil.service.archives import archive_cache

        return archive_cache(self._home, clear)

    def _field_outlines(self, area: dict[str, Any], offline: bool = False) -> dict[str, Any]:
        from deepsoil.service.outlines import field_outlines

        return field_outlines(area, offline=offline)

    def _models(self) -> list[dict[str, Any]]:
        return self.context().library.list()

    def _set_default_model(self, depth_cm: int, model: str, version: str, sha256: str) -> dict[str, Any]:
        from deepsoil.models.defaults import Trusted

        return self.context().library.set_default(depth_cm, Trusted(model, version, sha256))

    def _configurations(self) -> list[dict[str, Any]]:
        from deepsoil.training.configuration_catalogue import listed

        return listed(self._home)

    def _read_configuration(self, path: str) -> dict[str, Any]:
        from deepsoil.training.configuration_catalogue import described

        return described(Path(path))

    def _estimate(self, specification: dict[str, Any]) -> dict[str, Any]:
        return self.jobs.requests.estimate(specification)

    def _crops(self) -> list[dict[str, Any]]:
        from deepsoil.soil.crops import CROPS

        return [{"crop": crop.key, "title": crop.title, "root_depth_cm": crop.root_depth_cm,
                 "allowed_depletion": crop.depletion} for crop in CROPS.values()]

    def _irrigation_log(self, text: str, unit: str | None = None) -> dict[str, Any]:
        from deepsoil.soil.irrigation_log import checked_unit, read_log

        return read_log(text, checked_unit(unit)).model_dump(mode="json")

    def _soil_table(self, text: str) -> list[dict[str, Any]]:
        from deepsoil.soil.soil_table import checked_soil

        return checked_soil(text)

    def _probe_table(self, path: str, said: dict[str, Any] | None = None) -> dict[str, Any]:
        from deepsoil.sources import ismn_readings
        from deepsoil.stations.probe_preview import preview

        return ismn_readings.preview(Path(path), said) if ismn_readings.is_archive(Path(path)) else preview(path, said)

    def _read_reading(self, text: str) -> dict[str, Any]:
        from deepsoil.stations.reading_text import parse_reading

        return parse_reading(text).model_dump(mode="json")

    def _curves(self, id: str, task: int | None = None) -> list[dict[str, Any]]:
        from deepsoil.jobs.tasks.curves import read

        return read(self.jobs.folder(id), task)

    def _compare_readings(self, id: str, values: list[Any]) -> dict[str, Any]:
        from deepsoil.service.survey import compare_readings

        return compare_readings(self.jobs, id, values)

    @cached_property
    def _smap(self) -> SmapComparisons:
        from deepsoil.service.smap import SmapComparisons

        return SmapComparisons(self.jobs, lambda region: self.context().regions.get(region))

    def _stations(self, region: str) -> dict[str, Any]:
        from deepsoil.service.stations import station_features

        return station_features(self.context().regions.get(region))

    def _observations(self, region: str, station: str, start: str, end: str) -> dict[str, Any]:
        from deepsoil.service.stations import observations

        return observations(self.context().regions.get(region), station, start, end)

    @cached_property
    def _ahead(self) -> WhatIf:
        from deepsoil.service.what_if import WhatIf

        return WhatIf(self._home, self._emit)

    def _what_if(self, region: str, day: str, place: list[Any] | None = None, area: dict[str, Any] | None = None,
                 events: list[Any] | None = None, days: int | None = None,
                 management: dict[str, Any] | None = None, before: int | None = None,
                 readings: dict[str, Any] | None = None, asking: str | None = None,
                 refill: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._ahead.answer(self.context().regions.get(region), day, place, area, events, days, management,
                                  before, readings, asking, refill)

    def _series(self, region: str, place: list[Any], start: str, end: str, method: str | None = None,
                management: dict[str, Any] | None = None) -> dict[str, Any]:
        from deepsoil.service.series import series

        context = self.context()
        return series(context.regions.get(region), context.library, place, start, end, method, management)

    def _ground(self, region: str, place: list[Any]) -> dict[str, Any]:
        from deepsoil.service.ground import ground

        context = self.context()
        return ground(context.regions.get(region), context.library, place)

    @cached_property
    def _previews(self) -> Previews:
        from deepsoil.service.preview import Previews

        return Previews(self.context())

    def _preview(self, specification: dict[str, Any]) -> dict[str, Any]:
        return self._previews.answer(specification)
