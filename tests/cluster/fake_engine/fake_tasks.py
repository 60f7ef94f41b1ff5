"""A task that does as the name of ``options.store`` says, and writes into ``ran.txt`` there that it ran.

``quick`` · ``wait`` until there is a file ``go`` · ``fail-N``: task N fails by itself · ``die-N``: on its first run
task N's process is killed before it can say so · ``hungry-N``: task N has too little memory below 200 MB · ``eat-N``:
task N takes 400 MB · ``steps``: comes a step further every run and is interrupted until it has done three. A name with
``merged`` has a merge that writes the results of all tasks into one file.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import plan
from deepsoil.kinds import merge
from deepsoil.kinds import open_context as service_context

_planned = plan.planned


def install() -> None:
    runner.HANDLERS["simulate"] = "fake_tasks:run"
    plan.planned = planned
    merge._merge = merged
    service_context.open_context = lambda home: None  # type: ignore[assignment, return-value]


def planned(specification: Any, context: Any) -> plan.Plan:
    made = _planned(specification, context)
    if specification.kind == "simulate" and "merged" in str(specification.options.store):
        return replace(made, merge=True)
    return made


def run(specification: Any, folder: Any, context: Any) -> None:
    host = Path(str(specification.options.store))
    index = int(folder.path.parent.name)
    with (host / "ran.txt").open("a") as file:
        file.write(f"{index} {folder.path.name}\n")
    what, _, number = host.name.removesuffix("-merged").partition("-")
    chosen = number.isdigit() and index == int(number)
    folder.progress(1, 4, "One of four")
    if what == "wait":
        wait(folder, host)
    elif what == "fail" and chosen:
        raise DeepSoilError("no_weather", "No weather.", "Take another day.")
    elif what == "die" and chosen and folder.path.name == "run-1.0":
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "hungry" and chosen and int(os.environ["SLURM_MEM_PER_NODE"]) < 200:
        raise MemoryError
    elif what == "eat" and chosen:
        folder.log(str(len(bytearray(os.urandom(1 << 20)) * 400)))
    elif what == "steps":
        steps(folder)
    draft = folder.temporary(f"result-{index}.txt")
    draft.write_text(f"result of {index}\n")
    folder.add_output(draft, "other")
    folder.progress(4, 4, "Four of four")


def wait(folder: JobFolder, host: Path) -> None:
    while not (host / "go").exists():
        folder.stop_if_cancelled()
        time.sleep(0.05)


def steps(folder: Any) -> None:
    number = len(list(folder.path.parent.glob("run-*")))
    folder.progress(1 + number, 5, f"Step {number}")
    if number < 3:
        folder.stop_requested = True
        folder.stop_if_cancelled()


def merged(folder: Any, made: plan.Plan, make_context: Callable[[], Any]) -> list[int]:
    hosts = [merge._outputs(folder.job, task.index) for task in made.tasks]
    missing = [task.index for task, host in zip(made.tasks, hosts, strict=True) if host is None]
    if not missing:
        draft = folder.temporary("all.txt")
        draft.write_text("".join(next(host.iterdir()).read_text() for host in hosts if host is not None))
        folder.add_output(draft, "other")
    return missing
