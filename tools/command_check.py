"""``build.py check``: what can be said of the code without running it."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from . import environments, file_sizes, preflight, snippets, stage
from .console import ROOT, Stop, run, say, step
from .gate import scanners

TYPED = ("remote/deepsoil", "deepsoil_plugin", "tools", "build.py")


def main(arguments: argparse.Namespace) -> int:
    preflight.check(arguments.yes, testing=True)
    python = environments.engine(testing=True)
    failed = run_all(python)
    if failed:
        raise Stop(f"Not passed: {', '.join(failed)}.")
    say("All checks passed.")
    return 0


def run_all(python: Path) -> list[str]:
    """Every check, with its findings on the screen; returns the names of those that found something."""
    failed = []
    for name, check in CHECKS.items():
        step(name)
        try:
            check(python)
        except Stop as stop:
            say(str(stop))
            failed.append(name)
    return failed


def _ruff(python: Path) -> None:
    run([python, "-m", "ruff", "check", "."], what="ruff")


def _mypy(python: Path) -> None:
    run([python, "-m", "mypy", *TYPED], what="mypy")


def _qt(python: Path) -> None:
    """The rules that keep the plugin alive under Qt 5 and Qt 6."""
    run([python, "-m", "flake8", "--isolated", f"--select={scanners.QT_RULES}",
         f"--extend-ignore={scanners.QT_LEFT_OUT}", stage.NAME], what="flake8-qgis")


def _layers(python: Path) -> None:
    """Imports run one way: ``.importlinter`` has the layers."""
    both = os.pathsep.join([str(ROOT), str(ROOT / "remote")])
    run([python.with_name("lint-imports"), "--no-cache", "--no-logo"], env={**os.environ, "PYTHONPATH": both},
        what="import-linter")


def _sizes(_python: Path) -> None:
    if large := file_sizes.too_large(ROOT):
        raise Stop("Too long to be read at one sitting; split them:\n  " + "\n  ".join(large))


def _contract(python: Path) -> None:
    """What is generated from the contract is what is checked in."""
    run([python, "-m", "tools.contract", "--check"], what="The contract")


def _documentation(_python: Path) -> None:
    if outdated := snippets.outdated(ROOT):
        raise Stop("\n".join(outdated))


CHECKS: dict[str, Callable[[Path], None]] = {
    "ruff": _ruff, "mypy": _mypy, "flake8-qgis": _qt, "layers": _layers, "file sizes": _sizes,
    "contract": _contract, "documentation": _documentation,
}
