"""The arguments of sbatch for an array and its merge. Pure.

All settings are separate arguments of sbatch that no shell interprets; the script has no
``#SBATCH`` lines. The job's environment is that of our call of sbatch (`environment`), which is built from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from deepsoil.contract.resources import Resources
from deepsoil.schedulers.array.backend import Request, merge_output, task_output
from deepsoil.schedulers.array.commands import login_environment

WARNING_S = 120
"""The script gets SIGUSR2 this long before the time limit (Slurm sends it up to a minute earlier)."""


def sbatch_command(request: Request) -> list[str]:
    """sbatch for a part of an attempt.

    The dependency ``singleton`` makes a second array of the same name wait for the first; a merge begins when
    all arrays that it depends on have ended, however they ended.
    """
    resources, tasks = request.resources, request.tasks
    if request.part == "merge":
        resources = resources.model_copy(update={"gpus": None})
        dependency = ",".join([*(f"afterany:{number}" for number in request.after), "singleton"])
        output, array = merge_output("%j"), []
    else:
        limit = f"%{resources.tasks}" if resources.tasks and resources.tasks < len(tasks) else ""
        dependency, output, array = "singleton", task_output("%A", "%a"), [f"--array={span(tasks)}{limit}"]
    return [*_common(request, request.folder / output, resources, dependency), *array,
            *_limits(resources, request.memory_mb), str(request.script)]


def _common(request: Request, output: PurePosixPath, resources: Resources, dependency: str) -> list[str]:
    words = ["sbatch", "--parsable", f"--job-name={request.name}", f"--comment=deepsoil {request.job}",
             f"--dependency={dependency}", "--requeue", "--open-mode=append", f"--signal=B:USR2@{WARNING_S}",
             "--export=ALL", f"--output={escaped(output)}", "--chdir=/"]
    for option in ("partition", "account", "qos"):
        value = getattr(resources, option)
        if value is not None:
            words.append(f"--{option}={value}")
    return words


def _limits(resources: Resources, memory_mb: int | None) -> list[str]:
    memory_mb = memory_mb or resources.memory_mb
    words = ["--nodes=1", "--ntasks=1", f"--cpus-per-task={resources.cpus or 1}"]
    if resources.gpus:
        words.append(f"--gres=gpu:{resources.gpus}")
    if memory_mb:
        words.append(f"--mem={memory_mb}M")
    if resources.minutes:
        words.append(f"--time={resources.minutes}")
    return words


def escaped(path: PurePosixPath) -> str:
    """A path for ``--output``, where Slurm also replaces ``%…`` in the folder; patterns in the file name are kept."""
    return f"{str(path.parent).replace('%', '%%')}/{path.name}"


def span(tasks: Iterable[int]) -> str:
    """Numbers as Slurm writes a list, shortest first: ``0-3,7``."""
    parts: list[list[int]] = []
    for number in sorted(set(tasks)):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment for Slurm's commands, without the user's ``SBATCH_…``, ``SQUEUE_…`` and ``SLURM_…`` variables."""
    return {**login_environment(own, "SLURM_CONF"), "SLURM_TIME_FORMAT": "standard"}
