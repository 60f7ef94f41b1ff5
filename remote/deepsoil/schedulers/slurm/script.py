"""What Slurm runs, and how it is asked to: the scripts of an array and of its merge, the arguments of sbatch. Pure.

Everything that decides is an argument of sbatch, each a word of its own that no shell reads; the script has no
``#SBATCH`` lines. The job's environment is that of our call of sbatch (`environment`), which is made from nothing.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from deepsoil.contract.resources import Resources

WARNING_S = 120
"""So long before the time limit the script gets SIGUSR2 (Slurm sends it up to a minute earlier)."""

_KEPT = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH",
         "SLURM_CONF")


@dataclass(frozen=True)
class Where:
    """Where the engine and the job lie; all are paths that the nodes see.

    python     the engine's interpreter
    variables  what the task finds in its environment beside what every login has, e.g. ``DEEPSOIL_HOME``
    """

    python: str
    job: PurePosixPath
    variables: Mapping[str, str]


def array_name(job: str, attempt: int) -> str:
    return f"ds-{job}-{attempt}"


def merge_name(job: str, attempt: int) -> str:
    return f"ds-{job}-{attempt}-merge"


def script(where: Where, command: Sequence[str]) -> str:
    """A POSIX shell script that runs ``deepsoil COMMAND``; LF, every word quoted.

    SIGUSR2 and SIGTERM, which Slurm sends to the shell alone, are passed on; the shell waits for the end all the same.
    """
    words = shlex.join([where.python, "-P", "-m", "deepsoil", *command])
    exports = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in sorted(where.variables.items()))
    return f"""#!/bin/sh
{exports}cd {shlex.quote(str(where.job))} || exit 66
child= early=
trap 'early=USR2; [ -z "$child" ] || kill -USR2 "$child" 2>/dev/null' USR2
trap 'early=TERM; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
{words} &
child=$!
[ -z "$early" ] || kill -"$early" "$child"
while :; do
  wait "$child"
  code=$?
  kill -0 "$child" 2>/dev/null || exit "$code"
done
"""


def array_command(job: str, attempt: int, tasks: Sequence[int], resources: Resources, folder: PurePosixPath,
                  memory_mb: int | None = None) -> list[str]:
    """sbatch for the tasks of an attempt; ``folder``: the attempt's; ``memory_mb`` in place of the job's own wish."""
    limit = f"%{resources.tasks}" if resources.tasks and resources.tasks < len(tasks) else ""
    return [*_common(array_name(job, attempt), job, folder / _log_name("%A_%a"), resources, "singleton"),
            f"--array={span(tasks)}{limit}", *_wishes(resources, memory_mb), str(folder / "script.sh")]


def merge_command(job: str, attempt: int, after: Sequence[str], resources: Resources, folder: PurePosixPath,
                  memory_mb: int | None = None) -> list[str]:
    """sbatch for the merge of an attempt, which begins when every array in ``after`` has ended, however it did."""
    dependency = ",".join([*(f"afterany:{number}" for number in after), "singleton"])
    without_gpu = resources.model_copy(update={"gpus": None})
    return [*_common(merge_name(job, attempt), job, folder / _log_name("merge-%j"), resources, dependency),
            *_wishes(without_gpu, memory_mb), str(folder / "merge.sh")]


def _log_name(number: str) -> str:
    return f"slurm-{number}.txt"


def _common(name: str, job: str, output: PurePosixPath, resources: Resources, dependency: str) -> list[str]:
    words = ["sbatch", "--parsable", f"--job-name={name}", f"--comment=deepsoil {job}", f"--dependency={dependency}",
             "--requeue", "--open-mode=append", f"--signal=B:USR2@{WARNING_S}", "--export=ALL",
             f"--output={escaped(output)}", "--chdir=/"]
    for option in ("partition", "account", "qos"):
        value = getattr(resources, option)
        if value is not None:
            words.append(f"--{option}={value}")
    return words


def _wishes(resources: Resources, memory_mb: int | None) -> list[str]:
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
    """A path for ``--output``, where Slurm replaces ``%…`` in the folder as well; the patterns in the name stay."""
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
    """The environment for Slurm's commands: no ``SBATCH_…``, ``SQUEUE_…``, ``SLURM_…`` of the user's changes them."""
    kept = {name: own[name] for name in _KEPT if name in own}
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C", **kept, "SLURM_TIME_FORMAT": "standard"}
