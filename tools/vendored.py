"""The published packages that travel with the plugin, for its plots: QGIS ships neither. Pure Python.

What is left out is what the plots never reach and the plugin repository refuses: pickles between processes, files of
settings that are evaluated, widgets made by running text. Nothing else is changed.
"""

from __future__ import annotations

import ast
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import environments
from .console import BUILD, Stop, step

PACKAGES = ("pyqtgraph==0.14.0", "colorama==0.4.6")
_WHEELS = BUILD / "wheels"
_LEFT_OUT = ("pyqtgraph/examples/", "pyqtgraph/opengl/", "pyqtgraph/jupyter/", "pyqtgraph/flowchart/",
             "pyqtgraph/canvas/", "pyqtgraph/dockarea/", "pyqtgraph/console/", "pyqtgraph/multiprocess/",
             "pyqtgraph/configfile.py", "pyqtgraph/widgets/RemoteGraphicsView.py",
             "pyqtgraph/widgets/DiffTreeWidget.py", "colorama/tests/")
# A function that only PySide needs, and it alone runs text; QGIS has PyQt.
_PYSIDE_ONLY = ("pyqtgraph/Qt/__init__.py", "_loadUiType")
# What goes with the modules that are left out, and a name of Python 2.
_REPLACED = {
    "pyqtgraph/__init__.py": (
        ("from .widgets.RemoteGraphicsView import RemoteGraphicsView\n", ""),
        ("from .widgets.DiffTreeWidget import *\n", "")),
    "pyqtgraph/reload.py": (("    orig_reload = reload", "    raise"),),
}
_NOTE = """These packages are as their authors published them, with their licences beside them:
  {packages}
Left out or changed, because DeepSoil does not use it:
  {left_out}
  {changed}
"""


def fetch() -> None:
    """Their wheels in ``build/wheels``; quick where they are there already."""
    missing = [requirement for requirement in PACKAGES if wheel(requirement) is None]
    if missing:
        step(f"Fetching {', '.join(missing)}")
        environments.download(missing, _WHEELS)


def unpack(target: Path) -> None:
    """Write the packages below ``target``. Stop where one is not as this module knows it."""
    fetch()
    for requirement in PACKAGES:
        name, version = requirement.split("==")
        file = wheel(requirement)
        assert file is not None, requirement
        with zipfile.ZipFile(file) as archive:
            wanted = [member for member in archive.namelist()
                      if member.startswith((f"{name}/", f"{name}-{version}.dist-info/"))
                      and not member.startswith(_LEFT_OUT)]
            archive.extractall(target, wanted)
    pyside, function = _PYSIDE_ONLY
    _rewrite(target / pyside, lambda text: without_function(text, function))
    for name, changes in _REPLACED.items():
        for before, after in changes:
            _rewrite(target / name, partial(_replaced, before=before, after=after))
    (target / "README.txt").write_text(_NOTE.format(
        packages=", ".join(PACKAGES), left_out="\n  ".join(_LEFT_OUT),
        changed="\n  ".join([f"{pyside} ({function})", *_REPLACED])), encoding="utf-8")


def without_function(text: str, name: str) -> str:
    """The module without a function of its top level, whose name becomes None. Stop where it has none. Pure."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            lines = text.splitlines(keepends=True)
            return "".join([*lines[:node.lineno - 1], f"{name} = None\n", *lines[node.end_lineno:]])
    raise Stop(f"No function {name} in the published package; look whether what tools/vendored.py cuts is still there.")


def _replaced(text: str, before: str, after: str) -> str:
    if text.count(before) != 1:
        raise Stop(f"{before.strip()!r} is not once in the published package; look what tools/vendored.py changes.")
    return text.replace(before, after)


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def wheel(requirement: str) -> Path | None:
    """The fetched wheel of a requirement; None where it is not there."""
    name, version = requirement.split("==")
    return next(iter(sorted(_WHEELS.glob(f"{name}-{version}-*.whl"))), None)
