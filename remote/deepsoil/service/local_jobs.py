"""The jobs that a command is about: those of this user's HOME, or with ``--host`` those of another host."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from deepsoil.contract.local import LOCAL
from deepsoil.home import home, open_home
from deepsoil.jobs.listing import job_folders
from deepsoil.service.jobs import Jobs


class SomeJobs(Protocol):
    """What the commands need of the jobs of a host."""

    def submit(self, document: Any) -> dict[str, Any]: ...
    def everything(self) -> list[dict[str, Any]]: ...
    def find(self, start: str) -> str: ...
    def cancel(self, job: str) -> dict[str, Any]: ...
    def retry(self, job: str, new_id: str) -> dict[str, Any]: ...
    def logs(self, job: str, offset: int, limit: int) -> dict[str, Any]: ...
    def files(self, job: str, show: Callable[[float, str], None]) -> list[dict[str, Any]]: ...


class LocalJobs(Jobs):
    """Those of this computer, as the commands see them."""

    def find(self, start: str) -> str:
        """The full id of the only job whose id begins with ``start``. DeepSoilError if there is none, or several."""
        from deepsoil.service.host_jobs import only_one

        return only_one([folder.id for folder in job_folders(self.path)], start)

    def files(self, job: str, show: Callable[[float, str], None]) -> list[dict[str, Any]]:
        return self.outputs(job)


def add_host(parser: argparse.ArgumentParser) -> None:
    """The option ``--host``."""
    parser.add_argument("--host", metavar="NAME", default=LOCAL,
                        help="a host that was added in QGIS, by its name or id; default: this computer")


@contextmanager
def jobs_of(host: str) -> Iterator[SomeJobs]:
    """The jobs of a host. DeepSoilError ``host_unknown``, and why it cannot be used now."""
    open_home(home())
    if host == LOCAL:
        yield open_jobs()
        return
    from deepsoil.service.host_jobs import HostJobs

    with HostJobs(home(), host) as jobs:
        yield jobs


def open_jobs() -> LocalJobs:
    from deepsoil.kinds.open_context import open_context

    open_home(home())
    return LocalJobs(home(), lambda: open_context(home()))
