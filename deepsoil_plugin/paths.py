"""Where the plugin's parts lie: in the packaged plugin, or in a checkout with ``resources/`` and ``remote/`` beside it.

Touches the disk only to see which of the two it is.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtGui import QIcon

from .installation import default_home, version_beside

PLUGIN = Path(__file__).resolve().parent
HOME_SETTING = "DeepSoil/home"


def _packaged_or(name: str, beside: str) -> Path:
    packaged = PLUGIN / name
    return packaged if packaged.is_dir() else PLUGIN.parent / beside


def resources() -> Path:
    """Icons, styles, translations, shipped models, help."""
    return _packaged_or("resources", "resources")


def engine_source() -> Path:
    """The engine's source, from which its environment is made."""
    return _packaged_or("engine_source", "remote")


def home() -> Path:
    """DeepSoil's data folder: ``DEEPSOIL_HOME``, else the folder chosen in the options, else the user's data folder."""
    chosen = "" if os.environ.get("DEEPSOIL_HOME") else QgsSettings().value(HOME_SETTING, "", type=str)
    return Path(chosen).expanduser() if chosen else default_home()


@cache
def version() -> str:
    """The plugin's version, from ``metadata.txt``."""
    return version_beside(PLUGIN)


def icon(name: str) -> QIcon:
    """One of the plugin's own icons, e.g. ``draw``; another plugin gives the path of a file."""
    return QIcon(name if Path(name).is_absolute() else str(resources() / "icons" / f"{name}.svg"))
