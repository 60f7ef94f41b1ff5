"""Puts the plugin's folder together as QGIS sees it: for a profile of this checkout and for the zip alike."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from . import environments
from .console import BUILD, ROOT, step

NAME = "deepsoil_plugin"
# Pure Python, for the plots; QGIS ships neither. Their licence files go with them.
VENDORED = ("pyqtgraph==0.14.0", "colorama==0.4.6")
_WHEELS = BUILD / "wheels"
_LEFT_OUT = ("pyqtgraph/examples/", "pyqtgraph/opengl/", "pyqtgraph/jupyter/", "pyqtgraph/flowchart/",
             "pyqtgraph/canvas/", "pyqtgraph/dockarea/", "pyqtgraph/console/",
             "colorama/tests/")
# The plugin repository's scan honours this file: pyqtgraph is published code with its own use of pickle and eval.
_SCANNED = "[bandit]\nexclude = ./extlibs\n"
_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "*.egg-info", "build", ".*")


def stage(plugins_folder: Path) -> Path:
    """Write ``plugins_folder/deepsoil_plugin`` anew and return it."""
    folder = plugins_folder / NAME
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / NAME, folder, ignore=_IGNORED)
    shutil.copytree(ROOT / "resources", folder / "resources", ignore=_IGNORED)
    shutil.copytree(ROOT / "remote", folder / "engine_source", ignore=_IGNORED)
    for target in (folder, folder / "engine_source"):
        shutil.copy(ROOT / "metadata.txt", target)
        shutil.copy(ROOT / "LICENSE", target)
    (folder / ".bandit").write_text(_SCANNED, encoding="utf-8")
    _unpack_vendored(folder / "extlibs")
    return folder


def fetch_vendored() -> None:
    """Wheels of the packages that travel with the plugin, in ``build/wheels``; quick where they are there already."""
    missing = [requirement for requirement in VENDORED if _wheel(requirement) is None]
    if missing:
        step(f"Fetching {', '.join(missing)}")
        environments.download(missing, _WHEELS)


def _wheel(requirement: str) -> Path | None:
    name, version = requirement.split("==")
    return next(iter(sorted(_WHEELS.glob(f"{name}-{version}-*.whl"))), None)


def _unpack_vendored(target: Path) -> None:
    fetch_vendored()
    for requirement in VENDORED:
        name, version = requirement.split("==")
        wheel = _wheel(requirement)
        assert wheel is not None, requirement
        with zipfile.ZipFile(wheel) as archive:
            wanted = [member for member in archive.namelist()
                      if member.startswith((f"{name}/", f"{name}-{version}.dist-info/"))
                      and not member.startswith(_LEFT_OUT)]
            archive.extractall(target, wanted)


def write_profile(profiles: Path, language: str = "") -> Path:
    """A QGIS profile folder in which DeepSoil is enabled and no dialog greets the user. Returns its plugin folder.

    ``language``: e.g. ``es``; empty: the system's.
    """
    settings = profiles / "profiles" / "default" / "QGIS" / "QGIS3.ini"
    if settings.exists():
        # QGIS turns a plugin off when it did not survive the last start, as after a kill.
        text = re.sub(r"watchDogTimestamp.*\n", "", settings.read_text(encoding="utf-8"))
        text = re.sub(rf"^{NAME}=false", f"{NAME}=true", text, flags=re.MULTILINE)
    else:
        settings.parent.mkdir(parents=True, exist_ok=True)
        text = _SETTINGS + (_LANGUAGE.format(language=language) if language else "")
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
