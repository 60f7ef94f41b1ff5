"""Finds a scheduler by its name: those of the package, and those added by others.

From outside the package, either an entry point of the group ``deepsoil.schedulers`` (needed where jobs run on other
computers: every process of the engine finds it), or `register` (this process only). Both name a callable without
arguments that returns a `Scheduler`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata

from deepsoil.contract import scheduler_names
from deepsoil.contract.errors import DeepSoilError
from deepsoil.schedulers.base import Scheduler

# Named, not imported: most processes need only one of them.
_BUILT_IN = {"process": "deepsoil.schedulers.process.scheduler:ProcessScheduler",
             "slurm": "deepsoil.schedulers.slurm.scheduler:scheduler",
             "gridengine": "deepsoil.schedulers.gridengine.scheduler:scheduler"}

_registered: dict[str, Callable[[], Scheduler]] = {}
_found: dict[str, Scheduler] = {}


def register(name: str, make: Callable[[], Scheduler]) -> None:
    """Add a scheduler, or replace the one of this name."""
    scheduler_names.add(name)
    _registered[name] = make
    _found.pop(name, None)


def find(name: str) -> Scheduler:
    """The scheduler of a name, the same object every time. DeepSoilError ``scheduler_unknown``."""
    if name not in _found:
        _found[name] = _maker(name)()
    return _found[name]


def names() -> list[str]:
    """All schedulers of this engine, those of the package first."""
    return scheduler_names.known()


def _maker(name: str) -> Callable[[], Scheduler]:
    if name in _registered:
        return _registered[name]
    if name in _BUILT_IN:
        module, _, attribute = _BUILT_IN[name].partition(":")
        return getattr(importlib.import_module(module), attribute)
    for point in metadata.entry_points(group=scheduler_names.ENTRY_POINTS, name=name):
        return point.load()
    raise DeepSoilError("scheduler_unknown", "This engine has no scheduler '{name}'.", "It has: {known}.",
                        "resources.scheduler", name=name, known=", ".join(names()))
