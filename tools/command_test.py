"""``build.py test``: the checks, and the tests of the engine, of the plugin in a real QGIS, of the whole on a desktop,
and of the cluster with a real Slurm and sshd.

On a machine with two cores or more, two parts run side by side: what one waits for (a desktop, a scheduler) leaves room
for what the other one computes.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from . import environments, preflight, sample_region
from .console import LOGS, ROOT, Stop, say, shown, step
from .mutation import command as mutation
from .platforms import command as platforms
from .pytest_runs import Counts, Lane, Part, run_side_by_side

PARTS = ("check", "engine", "plugin", "system", "cluster")
# Longest first: two lanes take the next part whenever one is free, and end at about the same time. The sample region is
# built by "system", at once, and is there when "plugin" needs it.
_ORDER = ("system", "check", "engine", "cluster", "plugin")
_building = threading.Lock()


def main(arguments: argparse.Namespace) -> int:
    if arguments.parts == ["mutation"]:
        return mutation.main(arguments)
    if arguments.parts[:1] == ["platforms"]:
        return _platforms(arguments)
    started = time.monotonic()
    chosen = choose(arguments.parts or (PARTS[1:] if arguments.for_pytest else PARTS))
    names = set(chosen)
    preflight.check(arguments.yes, testing=True, qgis=bool({"plugin", "system"} & names), screen="system" in names,
                    cluster=bool({"engine", "system", "cluster"} & names))
    engine = environments.engine(testing=True)
    parts = {name: _part(name, engine, targets, arguments.for_pytest) for name, targets in chosen.items()}
    say(f"   set up in {time.monotonic() - started:.0f} s")
    if arguments.serial or len(parts) == 1 or (os.cpu_count() or 1) < 2:
        total = Lane(deque(parts.values()), live=True).run()
    else:
        queue = deque(parts[name] for name in _ORDER if name in parts)
        step(f"Tests: {', '.join(part.name for part in queue)}; two at once, with their output in {shown(LOGS)} while "
             "they run")
        total = run_side_by_side(queue)
    say(f"All parts in {time.monotonic() - started:.0f} s")
    say(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")
    if total == Counts():
        raise Stop("No test was selected.")
    return 1 if total.failed else 0


def _platforms(arguments: argparse.Namespace) -> int:
    """``test platforms [NAME …]``: other systems, in folders; takes hours, goes on where it stopped."""
    preflight.check(arguments.yes)
    counts = platforms.run(arguments.parts[1:])
    say(f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped")
    return 1 if counts.failed else 0


def choose(words: Sequence[str]) -> dict[str, list[str]]:
    """The parts that ``words`` name, each with the files or tests in it (none: all of it).

    A file is named from the checkout's folder, ``tests/engine/test_x.py``, or by a test in it,
    ``tests/engine/test_x.py::test_y``. Stop where there is no such part or file.
    """
    chosen: dict[str, list[str]] = {}
    whole = set()
    for word in words:
        if word in PARTS:
            whole.add(word)
            chosen.setdefault(word, [])
            continue
        file = Path(word.partition("::")[0])
        inside = (ROOT / file).resolve()
        tests = ROOT / "tests"
        part = inside.relative_to(tests).parts[0] if inside.is_relative_to(tests) and inside != tests else ""
        if part not in PARTS or not inside.exists():
            raise Stop(f"There are no tests {word!r}. Name a part ({', '.join(PARTS)}) or a file below tests/, and put "
                       "what is for pytest after --, as in: build.py test engine -- -k harmonic")
        chosen.setdefault(part, []).append(word)
    return {name: [] if name in whole else targets for name, targets in chosen.items()}


def _part(name: str, engine: Path, targets: list[str], for_pytest: list[str]) -> Part:
    if name == "check":
        return Part(name, [sys.executable, ROOT / "build.py", "check", "--yes"], dict(os.environ))
    python, variables = engine, environments.engine_variables(engine)

    def build_region() -> None:
        with _building:
            sample_region.build_region(engine)

    if name == "plugin":
        # Inside QGIS; the parts on a desktop and on a cluster are driven from outside, by the engine's Python.
        python, variables = environments.qgis_tests(), variables | {"QT_QPA_PLATFORM": "offscreen"}
    return Part.of_pytest(name, python, targets, for_pytest, variables,
                          prepare=build_region if name in ("plugin", "system") else None)
