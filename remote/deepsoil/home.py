"""Where DeepSoil keeps jobs, models and the list of regions on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def home(environment: Mapping[str, str] | None = None) -> Path:
    """``DEEPSOIL_HOME``, else the user's data folder as the system names it. The folder need not exist."""
    variables = os.environ if environment is None else environment
    if chosen := variables.get("DEEPSOIL_HOME"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(variables.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "deepsoil"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "deepsoil"
    return Path(variables.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "deepsoil"
