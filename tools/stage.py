"""Puts the plugin's folder together as QGIS sees it: for a profile of this checkout and for the zip alike."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from . import vendored
from .console import ROOT
from .gate import metadata

NAME = "deepsoil_plugin"
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", "build", ".*")


def stage(plugins_folder: Path) -> Path:
    """Write ``plugins_folder/deepsoil_plugin`` anew and return it."""
    folder = plugins_folder / NAME
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / NAME, folder, ignore=_IGNORED)
    shutil.copytree(ROOT / "resources", folder / "resources", ignore=_IGNORED)
    shutil.copytree(ROOT / "remote", folder / "engine_source", ignore=_IGNORED)
    described = metadata.completed((ROOT / "metadata.txt").read_text(encoding="utf-8"))
    for target in (folder, folder / "engine_source"):
        (target / "metadata.txt").write_text(described, encoding="utf-8")
        shutil.copy(ROOT / "LICENSE", target)
    vendored.unpack(folder / "extlibs")
    return folder


def write_profile(profiles: Path, language: str = "", theme: str = "") -> Path:
    """A QGIS profile folder in which DeepSoil is enabled and no dialog greets the user. Returns its plugin folder.

    ``language``: e.g. ``es``; empty: the system's. ``theme``: e.g. ``Night Mapping``; empty: QGIS's default.
    """
    settings = profiles / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    if settings.exists():
        # QGIS turns a plugin off when it did not survive the last start, as after a kill.
        text = re.sub(r"watchDogTimestamp.*\n", "", settings.read_text(encoding="utf-8"))
        text = re.sub(rf"^{NAME}=false", f"{NAME}=true", text, flags=re.MULTILINE)
    else:
        settings.parent.mkdir(parents=True, exist_ok=True)
        text = _SETTINGS + (f"UITheme={theme}\n" if theme else "")
        text += _LANGUAGE.format(language=language) if language else ""
    settings.write_text(text, encoding="utf-8")
    return profiles / "profiles" / "default" / "python" / "plugins"


_SETTINGS = """[PythonPlugins]
deepsoil_plugin=true

[qgis]
checkVersion=false
showTips=false
showTips340=false
newsFeed\\enabled=false
enableMacros=SessionOnly
askToSaveMemoryLayers=false

[core]
NewsFeed\\httpsfeedqgisorg\\disabled=true

[UI]
Customization\\enabled=false
"""

_LANGUAGE = """
[locale]
overrideFlag=true
userLocale={language}
globalLocale={language}
"""
