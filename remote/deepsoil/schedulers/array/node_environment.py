"""Paths of the engine and of a job as the nodes see them, and the environment variables of a task."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePosixPath

from deepsoil.contract.secret_variables import SECRET
from deepsoil.schedulers.array.backend import Node

_PASSED = ("HOME", "PATH", "PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONUTF8")


def node_of(home: Path, job: Path, *more: str) -> Node:
    """This engine, which has the same path on the nodes, as on clusters. ``more``: further variables to pass on.

    Variables with passwords are not passed on: the script of a task lies on a disk.
    """
    variables = {name: os.environ[name] for name in (*_PASSED, *more) if name in os.environ}
    variables |= {name: value for name, value in os.environ.items()
                  if name.startswith("DEEPSOIL_") and name not in SECRET}
    return Node(sys.executable, PurePosixPath(job), {**variables, "DEEPSOIL_HOME": str(home)})
