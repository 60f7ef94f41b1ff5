"""Where the engine and a job lie as the nodes see them, and which variables a task is given."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

from deepsoil.schedulers.slurm.script import Where

_PASSED = ("HOME", "PATH", "PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONUTF8", "SLURM_CONF")


def where(home: Path, job: Path) -> Where:
    """This engine, which the nodes reach by the same path, as clusters have it."""
    variables = {name: os.environ[name] for name in _PASSED if name in os.environ}
    variables |= {name: value for name, value in os.environ.items() if name.startswith("DEEPSOIL_")}
    return Where(sys.executable, PurePosixPath(job), {**variables, "DEEPSOIL_HOME": str(home)})
