"""The names of schedulers that a job or a host may have. What they do is in `deepsoil.schedulers`.

Without pydantic: the queue's process and a service must start quickly.
"""

from __future__ import annotations

from importlib import metadata

DEFAULT_SCHEDULER = "process"
"""Runs each job as one process of the host."""

SCHEDULERS = (DEFAULT_SCHEDULER, "slurm", "gridengine")
"""Those of the package."""

ENTRY_POINTS = "deepsoil.schedulers"

_added: set[str] = set()


def add(name: str) -> None:
    """Allow another name in this process."""
    _added.add(name)


def is_known(name: str) -> bool:
    """Whether a scheduler has this name. Searching the installed packages takes 9 ms, so they come last."""
    return name in SCHEDULERS or name in _added or name in known()


def known() -> list[str]:
    """All names: those of the package, those of this process, those of installed packages."""
    installed = (point.name for point in metadata.entry_points(group=ENTRY_POINTS))
    return list(dict.fromkeys([*SCHEDULERS, *sorted(_added), *installed]))
