"""``build.py test``: sets up, then runs the tests of the engine, of the plugin in a real QGIS, of the whole, and of the
cluster with a real Slurm and sshd.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from . import environments, system
from .console import BUILD, ROOT, say, step

PARTS = ("engine", "plugin", "system", "cluster")


def main(arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    parts = arguments.parts or list(PARTS)
    if {"plugin", "system"} & set(parts):
        system.ensure(arguments.yes, windowless=True)
    if "cluster" in parts:
        system.ensure_cluster(arguments.yes)
    engine = environments.engine(testing=True)
    say(f"   set up in {time.monotonic() - started:.0f} s")
    runners: dict[str, Callable[[Path], tuple[int, int, int]]] = {
        "engine": _engine, "plugin": _plugin, "system": _system, "cluster": _cluster}
    totals = [0, 0, 0]
    for part in parts:
        begun = time.monotonic()
        step(f"Tests: {part}")
        counts = runners[part](engine)
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        say(f"   {part}: {time.monotonic() - begun:.0f} s")
    say(f"All parts in {time.monotonic() - started:.0f} s")
    say(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] else 0


def _engine(python: Path) -> tuple[int, int, int]:
    return _pytest(python, ROOT / "tests" / "engine", environments.engine_variables(python))


def _plugin(engine: Path) -> tuple[int, int, int]:
    python = environments.qgis_tests()
    variables = environments.engine_variables(engine) | {"QT_QPA_PLATFORM": "offscreen"}
    return _pytest(python, ROOT / "tests" / "plugin", variables)


def _system(engine: Path) -> tuple[int, int, int]:
    """The desktop is driven from outside, so these run in the engine's Python."""
    return _pytest(engine, ROOT / "tests" / "system", environments.engine_variables(engine))


def _cluster(engine: Path) -> tuple[int, int, int]:
    """Jobs of other hosts, from the engine's Python; without root or Slurm the tests say what is missing."""
    return _pytest(engine, ROOT / "tests" / "cluster", environments.engine_variables(engine))


def _pytest(python: Path, folder: Path, variables: dict[str, str]) -> tuple[int, int, int]:
    """(passed, failed, skipped); a run that breaks down counts as one failure."""
    # The tests' own home: a test must not meet the jobs of the user's runs.
    home = BUILD / "test-home" / folder.name
    home.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, **variables, "DEEPSOIL_HOME": str(home), "PYTHONPATH": str(ROOT)}
    lines: list[str] = []
    command = [python, "-m", "pytest", folder, "-q", "-rs", "--durations=8", "-p", "no:cacheprovider"]
    with subprocess.Popen([str(word) for word in command], cwd=ROOT, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            print(line, end="", flush=True)
    closing = "".join(lines[-3:])

    def count(word: str) -> int:
        found = re.search(rf"(\d+) {word}", closing)
        return int(found.group(1)) if found else 0

    failed = count("failed") + count("error")
    if process.returncode and not failed:
        failed = 1
    return count("passed"), failed, count("skipped")
