"""``build.py check``: ruff, mypy, and the rules that keep the plugin alive under Qt 5 and Qt 6."""

from __future__ import annotations

import argparse

from . import environments, stage
from .console import ROOT, Stop, output_of, run, say, step

TYPED = ("remote/deepsoil", "deepsoil_plugin", "tools", "build.py")


def main(arguments: argparse.Namespace) -> int:
    python = environments.engine(testing=True)
    step("ruff")
    run([python, "-m", "ruff", "check", "."], what="ruff")
    step("mypy")
    run([python, "-m", "mypy", *TYPED], what="mypy")
    step("flake8-qgis")
    # QGS105 would have the plugin import iface; handed over, it can be replaced in a test.
    rules = ["--select=QGS1,QGS3,QGS4", "--extend-ignore=QGS105"]
    run([python, "-m", "flake8", "--isolated", *rules, stage.NAME], what="flake8-qgis")
    _no_foreign_imports()
    say("All checks passed.")
    return 0


def _no_foreign_imports() -> None:
    """The plugin runs inside QGIS: nothing may import the engine or a binary package that QGIS does not ship."""
    step("imports of the plugin")
    pattern = r"^\s*(from|import) (deepsoil\b|torch|onnx|rasterio|zarr|paramiko|PyQt|PySide|scipy|pandas)"
    found = output_of(["grep", "-rnE", "--include=*.py", pattern, ROOT / stage.NAME])
    if found:
        raise Stop(f"The plugin may not import these:\n{found}")
