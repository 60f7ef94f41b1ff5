"""Loaded by every Python that has this folder in PYTHONPATH: jobs of kind ``ingest`` do what a test asks for."""

from __future__ import annotations

import os
from pathlib import Path

from deepsoil.jobs import reconcile, runner
from deepsoil.kinds import open_context
from deepsoil.kinds.context import Context

runner.HANDLERS["ingest"] = "fake_handlers:run"
del runner.HANDLERS["simulate"]  # a kind that this engine does not have
reconcile.ASK_AFTER_S = 0.3
reconcile.FORCE_AFTER_S = 0.6


def _context(home: Path) -> Context:
    from deepsoil.regions import Regions

    print("@deepsoil a library greets on stdout", flush=True)
    os.write(1, b"@deepsoil and so does its C part\n")
    return Context(home=home, regions=Regions(home), library=None)  # type: ignore[arg-type]


open_context.open_context = _context
