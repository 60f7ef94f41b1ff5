"""Loaded by every Python that has this folder in PYTHONPATH: jobs of kind ``ingest`` do what a test asks for."""

from __future__ import annotations

import os
from pathlib import Path

from deepsoil.jobs.kind import Context, Kind
from deepsoil.kinds import open_context, registry
from deepsoil.schedulers.process import recovery


def _find(name: str) -> Kind:
    from fake_handlers import FakeIngest

    return FakeIngest() if name == "ingest" else registry.find_kind(name)


del registry._MODULES["simulate"]  # a kind that this engine does not have
recovery.TERMINATE_AFTER_S = 0.3
recovery.KILL_AFTER_S = 0.6


def _context(home: Path) -> Context:
    from deepsoil.regions import Regions

    print("@deepsoil a library greets on stdout", flush=True)
    os.write(1, b"@deepsoil and so does its C part\n")
    return Context(home, Regions(home), None, _find)  # type: ignore[arg-type]


open_context.open_context = _context
