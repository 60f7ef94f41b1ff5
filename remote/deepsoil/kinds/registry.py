"""Finds a kind of job by its name. A kind's module is imported when a job of it is asked for, and not before.

Kinds of other packages are found by an entry point of the group ``deepsoil.kinds`` (name → a `Kind`), or are added by
`register` in every process that meets their jobs.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import installed_kind, known_kinds, register_options
from deepsoil.jobs.kind import Kind

# Named, not imported: a prediction needs no torch, a training no rasterio.
_MODULES = {
    "predict": "deepsoil.kinds.predict", "evaluate": "deepsoil.kinds.evaluate", "train": "deepsoil.kinds.train",
    "ingest": "deepsoil.kinds.ingest", "simulate": "deepsoil.kinds.simulate", "gather": "deepsoil.kinds.gather",
}
_registered: dict[str, Kind] = {}


def find_kind(name: str) -> Kind:
    """The kind of a name. DeepSoilError ``kind_unavailable``."""
    if name in _registered:
        return _registered[name]
    if name in _MODULES:
        return _built_in(name)
    if (installed := installed_kind(name)) is not None:
        register(installed)
        return _registered[name]
    raise DeepSoilError("kind_unavailable", "This version of the engine has no jobs of kind '{kind}'.",
                        "It has: {known}. Update the engine, or install the package that adds the kind.", "kind",
                        kind=name, known=", ".join(known_kinds()))


def register(kind: Kind) -> None:
    """Add a kind, or put one in the place of another, in this process."""
    _registered[kind.name] = kind
    register_options(kind.name, kind.options)


@cache
def _built_in(name: str) -> Kind:
    kind: Kind = import_module(_MODULES[name]).KIND
    return kind
