"""A task that does as the name of ``options.store`` says, and writes into ``ran.txt`` there that it ran.

``quick`` · ``wait`` until there is a file ``go`` · ``fail-N``: task N fails by itself · ``die-N``: on its first run
task N's process is killed before it can say so · ``hungry-N``: task N has too little memory below 200 MB · ``eat-N``:
task N takes 400 MB · ``swell-N``: on its first run task N takes what it asked for and is killed with its script ·
``steps``: comes a step further every run and is interrupted until it has done three. A name with ``merged`` has a merge
that writes the results of all tasks into one file.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import SimulateOptions
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, Kind, TaskResult
from deepsoil.jobs.tasks import memory
from deepsoil.kinds import open_context as service_context
from deepsoil.kinds.registry import find_kind
from deepsoil.kinds.simulate import Simulate


class FakeSimulate(Simulate):
    def plan(self, specification: Any, context: Any) -> Any:
        plan = super().plan(specification, context)
        plan.merges = "merged" in str(specification.options_as(SimulateOptions).store)
        return plan

    def run(self, specification: Any, folder: Any, context: Any) -> None:
        run(specification, folder, context)

    def merge(self, specification: Any, folder: Any, context: Any, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        hosts = [result.outputs for result in results]
        if None not in hosts:
            draft = folder.temporary("all.txt")
            draft.write_text("".join(next(host.iterdir()).read_text() for host in hosts if host is not None))
            folder.add_output(draft, "other")


def _find(name: str) -> Kind:
    return FakeSimulate() if name == "simulate" else find_kind(name)


CONTEXT = Context(Path(), None, None, _find)  # type: ignore[arg-type]


def install() -> None:
    service_context.open_context = lambda home: CONTEXT


def run(specification: Any, folder: Any, context: Any) -> None:
    host = Path(specification.options_as(SimulateOptions).store)
    index = int(folder.path.parent.name) if folder.path.parent.name.isdigit() else 0  # a whole job
    with (host / "ran.txt").open("a") as file:
        file.write(f"{index} {folder.path.name}\n")
    what, _, number = host.name.removesuffix("-merged").partition("-")
    chosen = number.isdigit() and index == int(number)
    folder.progress(1, 4, "One of four")
    if what == "wait":
        wait(folder, host)
    elif what == "fail" and chosen:
        raise DeepSoilError("no_weather", "No weather.", "Take another day.")
    elif what == "die" and chosen and is_first(folder):
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "hungry" and chosen and int(os.environ["SLURM_MEM_PER_NODE"]) < 200:
        raise MemoryError
    elif what == "eat" and chosen:
        folder.log(str(len(bytearray(os.urandom(1 << 20)) * 400)))
    elif what == "swell" and chosen and is_first(folder):
        swell(folder)
    elif what == "steps":
        steps(folder)
    draft = folder.temporary(f"result-{index}.txt")
    draft.write_text(f"result of {index}\n")
    folder.add_output(draft, "other")
    folder.progress(4, 4, "Four of four")


def is_first(folder: JobFolder) -> bool:
    """Whether this is the first run of its task."""
    return len(list(folder.path.parent.glob("run-*"))) == 1


def wait(folder: JobFolder, host: Path) -> None:
    while not (host / "go").exists():
        folder.stop_if_cancelled()
        time.sleep(0.05)


def swell(folder: JobFolder) -> None:
    """As the kernel or a daemon ends a task that takes too much: at once, and its script with it."""
    asked_mb = int(os.environ["SLURM_MEM_PER_NODE"])
    taken = []
    while (memory.usage_mb() or 0) < 0.95 * asked_mb:
        taken.append(bytearray(b"x") * 5_000_000)
    memory.Recorder(folder.path).look()
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def steps(folder: Any) -> None:
    number = len(list(folder.path.parent.glob("run-*")))
    folder.progress(1 + number, 5, f"Step {number}")
    if number < 3:
        folder.stop_requested = True
        folder.stop_if_cancelled()
