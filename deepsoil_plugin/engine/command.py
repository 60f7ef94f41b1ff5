"""How the engine is started: which Python, with which variables. No Qt.

QGIS sets variables that would lead another Python to QGIS's own GDAL, PROJ, Qt and modules; none of them may reach
the engine.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import environment

PYTHON_VARIABLE = "DEEPSOIL_ENGINE_PYTHON"
_OF_QGIS = re.compile(r"^(PYTHON(HOME|PATH)|PROJ_.*|GDAL_.*|QT_.*|QGIS_.*|OSGEO4W_ROOT|LD_LIBRARY_PATH)$")


@dataclass(frozen=True)
class EngineCommand:
    """A program, its arguments and the complete set of variables it gets."""

    program: str
    arguments: list[str]
    variables: dict[str, str]


def chosen_python() -> Path | None:
    """The engine's Python where a developer or a test names one."""
    named = os.environ.get(PYTHON_VARIABLE)
    return Path(named) if named else None


def serve_command(python: Path, home: Path, resources: Path, extra: Mapping[str, str] | None = None) -> EngineCommand:
    """``deepsoil serve`` with ``python``; ``extra`` are variables from the options page."""
    kept = {name: value for name, value in environment.clean_environment().items() if not _OF_QGIS.match(name)}
    variables = {**kept, **(extra or {}), "DEEPSOIL_HOME": str(home), "PYTHONUNBUFFERED": "1",
                 "DEEPSOIL_RESOURCES": os.environ.get("DEEPSOIL_RESOURCES") or str(resources)}
    return EngineCommand(str(python), ["-m", "deepsoil", "serve"], variables)
