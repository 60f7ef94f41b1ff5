"""The hosts that this computer knows, in ``HOME/hosts.json``. Several processes may read and change it."""

from __future__ import annotations

import builtins
import sys
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host, parse_host
from deepsoil.contract.version import SCHEMA
from deepsoil.hosts import earlier_home
from deepsoil.io import json_files, locks


def _id_of(entry: Any) -> Any:
    return entry.get("id") if isinstance(entry, dict) else None


class Registry:
    """``hosts.json`` of a HOME. A file that cannot be read is never overwritten: ``hosts_damaged``.

    An entry that is no host is left out with a line on stderr, and kept in the file until it is removed or replaced.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = home / "hosts.json"
        self._lock = home / ".hosts.lock"

    def list(self) -> list[Host]:
        """In the order in which they were added. DeepSoilError ``hosts_damaged``."""
        hosts = []
        for entry in self._entries():
            try:
                hosts.append(parse_host(entry))
            except DeepSoilError as error:
                print(f"hosts: an entry of {self._file} is left out: {error}", file=sys.stderr)
        return hosts

    def _entries(self) -> builtins.list[Any]:
        """The entries of the file, unchecked. DeepSoilError ``hosts_damaged``."""
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
        return entries

    def is_damaged(self, host: str) -> bool:
        """Whether there is an entry of that id which is no host. DeepSoilError ``hosts_damaged``."""
        return any(_id_of(entry) == host for entry in self._entries()) and not any(
            known.id == host for known in self.list())

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
            entries, new = self._entries(), host.to_dict()
            places = [number for number, entry in enumerate(entries) if _id_of(entry) == host.id]
            self._write([new if number in places else entry for number, entry in enumerate(entries)
                         if number not in places[1:]] + ([] if places else [new]))

    def remove(self, host: str) -> None:
        """Forget a host. DeepSoilError ``host_unknown``, ``hosts_damaged``."""
        with locks.locked(self._lock):
            if not self.is_damaged(host):
                self.get(host)
            self._write([entry for entry in self._entries() if _id_of(entry) != host])

    def _write(self, entries: builtins.list[Any]) -> None:
        json_files.write(self._file, {"schema": SCHEMA, "hosts": entries})

    def _damaged(self, detail: str) -> DeepSoilError:
        return DeepSoilError("hosts_damaged", "The list of hosts {file} cannot be read ({detail}).",
                             "Correct the file, or rename it and add the hosts again; their jobs are untouched.",
                             file=self._file, detail=detail)
