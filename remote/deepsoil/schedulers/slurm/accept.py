"""Takes a job on for Slurm: makes its plan, takes over what an earlier job of the same request has finished."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.contract.specification import Specification
from deepsoil.io import json_files
from deepsoil.io.exclusive import link_or_copy
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import JobPlan
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import read_json_or_none
from deepsoil.jobs.tasks.plan import divided, read_plan, tasks_wanted
from deepsoil.schedulers.slurm import messages, parser
from deepsoil.schedulers.slurm.commands import Slurm
from deepsoil.schedulers.slurm.parser import Facts

# What a run of a task leaves for whoever looks at it or goes on with it.
_OF_A_RUN = ("outputs", "progress.jsonl", "log.jsonl", "worker.txt", "end.json", "heartbeat")


def accept(specification: Specification, job_plan: JobPlan,
           earlier: JobFolder | None = None) -> Callable[[Path], None]:
    """What puts the plan of a job into the draft of its folder.

    Raises
    ------
    DeepSoilError
        ``too_many_tasks``, or as the plan says.
    """
    most = (Slurm().facts() or Facts()).max_array_size - 1
    plan = (None if earlier is None else read_plan(earlier)) or \
        divided(specification.kind, job_plan, min(most, tasks_wanted(specification)))
    if len(plan.tasks) > most:
        raise DeepSoilError("too_many_tasks", "The job has {count} tasks; this Slurm takes {most} at once.",
                            "Send it as several jobs.", "options.configurations",
                            count=len(plan.tasks), most=most)

    def furnish(draft: Path) -> None:
        path = layout.plan_path(draft)
        path.parent.mkdir()
        json_files.write(path, plan.to_dict())
        if earlier is not None:
            for task in plan.tasks:
                _take_over(layout.task_path(earlier.path, task.index), layout.task_path(draft, task.index))

    return furnish


def doubts(resources: Resources) -> list[dict[str, Any]]:
    """What Slurm will hardly do as it is asked: error objects that do not prevent the job. Empty where it is silent."""
    reply = Slurm().run(parser.sinfo_command())
    try:
        partitions = parser.parse_sinfo(reply.out) if reply.code == 0 else {}
    except parser.UnreadableError:
        partitions = {}
    default = next((partition.name for partition in partitions.values() if partition.default), "")
    name = resources.partition or default
    if not partitions or not name or "," in name:
        return []
    if name not in partitions:
        shown = ", ".join(sorted(partitions))
        return [DeepSoilError("slurm_partition", "Slurm shows no partition '{name}' to you.",
                              "It has {shown}. Check the spelling.", "resources.partition",
                              name=name, shown=shown).to_dict()]
    too_much = messages.excess(resources, partitions[name])
    return [] if not too_much else [DeepSoilError(
        "slurm_for_ever", "The job asks for more than the partition {name} ever gives: {too_much}.",
        "It would be refused, or wait for ever. Ask for less, or choose another partition.", "resources",
        name=name, too_much=too_much).to_dict()]


def _take_over(task: Path, target: Path) -> None:
    """Give a finished task's result and the files of its run to another job; hard links where the disk has them."""
    result = read_json_or_none(task / layout.RESULT)
    run = task / str((result or {}).get("run"))
    if result is None or not run.is_dir():
        return
    target.mkdir()
    for name in _OF_A_RUN:
        for source in sorted(path for path in (run / name, *(run / name).rglob("*")) if path.is_file()):
            _link(source, target / run.name / source.relative_to(run))
    _link(task / layout.RESULT, target / layout.RESULT)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    link_or_copy(source, target)
