"""Puts together what methods and jobs need of this computer."""

from __future__ import annotations

from pathlib import Path

from deepsoil.jobs.kind import Context


def open_context(home: Path) -> Context:
    """The regions and models of ``home`` and of the engine itself, and all kinds of jobs."""
    from deepsoil.kinds.registry import find_kind
    from deepsoil.models.library import Library
    from deepsoil.regions import Regions

    return Context(home, Regions(home), Library(home), find_kind)
