"""Puts together what methods and handlers need of this machine."""

from __future__ import annotations

from pathlib import Path

from deepsoil.kinds.context import Context


def open_context(home: Path) -> Context:
    """The regions and models of ``home`` and of the engine itself."""
    from deepsoil.models.library import Library
    from deepsoil.regions import Regions

    return Context(home=home, regions=Regions(home), library=Library(home))
