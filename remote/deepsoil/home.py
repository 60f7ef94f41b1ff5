"""Where DeepSoil keeps jobs, models and the list of regions on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.version import SCHEMA
from deepsoil.io import json_files

_VERSION_FILE = "version.json"


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


def open_home(folder: Path) -> None:
    """Check that this version can work with a HOME, and note in it that it did; ``folder`` need not exist.

    Raises
    ------
    DeepSoilError
        ``home_newer``: a later version has worked with it.
    """
    note = folder / _VERSION_FILE
    try:
        document = json_files.read(note)
    except (OSError, ValueError):
        document = None
    schema = document.get("schema") if isinstance(document, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise DeepSoilError("home_newer", "The folder {folder} was last used by a newer version of DeepSoil "
                            "({engine}).",
                            "Update DeepSoil, or set DEEPSOIL_HOME to another folder.",
                            folder=folder, engine=(document or {}).get("engine") or schema)
    if schema != SCHEMA:
        with suppress(OSError):  # what cannot be written is said by whoever needs to write
            folder.mkdir(parents=True, exist_ok=True)
            json_files.write(note, {"schema": SCHEMA, "engine": __version__})
