"""The hosts that this computer knows, in ``HOME/hosts.json``. Several processes may read and change it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host, parse_host
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts import earlier_home
from deepsoil.io import json_files, locks


class Registry:
    """``hosts.json`` of a HOME. A file that cannot be read is never overwritten: ``hosts_damaged``."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / "hosts.json"
        self._lock = home / ".hosts.lock"

    def list(self) -> list[Host]:
        """In the order in which they were added. DeepSoilError ``hosts_damaged``."""
        if earlier_home.is_earlier(self._home):
            earlier_home.take_over(self._home)
        try:
            document = json_files.read(self._file)
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise self._damaged(str(error)) from error
        schema = document.get("schema") if isinstance(document, dict) else None
        if isinstance(schema, int) and schema > SCHEMA:
            raise DeepSoilError("hosts_damaged", "The list of hosts {file} was written by a newer version.",
                                "Update the engine, or rename the file and add the hosts again.",
                                file=self._file)
        entries = document.get("hosts") if schema == SCHEMA else None
        if not isinstance(entries, list):
            raise self._damaged("no list of hosts")
        try:
            return [parse_host(entry) for entry in entries]
        except DeepSoilError as error:
            raise self._damaged(str(error)) from error

    def get(self, host: str) -> Host:
        """DeepSoilError ``host_unknown``, ``hosts_damaged``."""
        for known in self.list():
            if known.id == host:
                return known
        raise DeepSoilError("host_unknown", "There is no host '{host}'.", "Add it in the options.", "host",
                            host=host)

    def set(self, host: Host) -> None:
        """Add a host, or replace the one with its id. DeepSoilError ``hosts_damaged``."""
        with locks.locked(self._lock):
            known = self.list()
            if any(one.id == host.id for one in known):
                self._write([host if one.id == host.id else one for one in known])
            else:
                self._write([*known, host])

    def remove(self, host: str) -> None:
        """Forget a host. DeepSoilError ``host_unknown``, ``hosts_damaged``."""
        with locks.locked(self._lock):
            self.get(host)
            self._write([one for one in self.list() if one.id != host])

    def _write(self, hosts: Any) -> None:
        json_files.write(self._file, {"schema": SCHEMA, "hosts": [host.to_dict() for host in hosts]})

    def _damaged(self, detail: str) -> DeepSoilError:
        return DeepSoilError("hosts_damaged", "The list of hosts {file} cannot be read ({detail}).",
                             "Correct the file, or rename it and add the hosts again; their jobs are untouched.",
                             file=self._file, detail=detail)
