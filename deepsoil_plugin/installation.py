"""What both the plugin and the engine's installer must know: DeepSoil's folder of this user, and its version.

Standard library only: the installer runs in a process without Qt or QGIS.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path


def default_home() -> Path:
    """DeepSoil's folder of this user: ``DEEPSOIL_HOME`` (``~`` is expanded), else in the platform's user data."""
    if chosen := os.environ.get("DEEPSOIL_HOME"):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "deepsoil"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "deepsoil"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "deepsoil"


def version_beside(source: Path) -> str:
    """The version in ``metadata.txt``, which lies in ``source`` or beside it; empty where there is none."""
    for folder in (source, source.parent):
        metadata = folder / "metadata.txt"
        if metadata.is_file():
            found = re.search(r"^version=(.+)$", metadata.read_text(encoding="utf-8"), re.MULTILINE)
            if found:
                return found.group(1).strip()
    return ""
