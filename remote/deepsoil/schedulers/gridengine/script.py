"""The arguments of qsub for an array and its merge, and the script that it runs. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from deepsoil.schedulers.array.backend import Node, Request, merge_output, task_output
from deepsoil.schedulers.array.script import shell_script

WARNING_S = 120
"""The script gets SIGUSR1 this long before the time limit."""


def qsub_command(request: Request) -> list[str]:
    """qsub for a part of an attempt.

    An array in Grid Engine is a range of numbers; the script skips those that are not wanted. A merge begins when
    all arrays that it depends on have ended, however they ended.
    """
    resources, tasks = request.resources, request.tasks
    words = ["qsub", "-terse", "-N", request.name, "-S", "/bin/sh", "-wd", "/", "-o", "/dev/null", "-j", "y",
             "-r", "y", "-w", "e"]
    if tasks:
        words += ["-t", f"{tasks[0] + 1}-{tasks[-1] + 1}"]
        if resources.tasks and resources.tasks < len(tasks):
            words += ["-tc", str(resources.tasks)]
    elif request.after:
        words += ["-hold_jid", ",".join(request.after)]
    if resources.partition:
        words += ["-q", resources.partition]
    if resources.account:
        words += ["-P", resources.account]
    memory_mb = request.memory_mb or resources.memory_mb
    if memory_mb:
        words += ["-l", f"mem_free={memory_mb}M"]
    if resources.gpus and request.part == "array":
        words += ["-l", f"gpu={resources.gpus}"]
    if resources.minutes:
        hard_s = resources.minutes * 60
        words += ["-l", f"h_rt={hard_s},s_rt={max(hard_s - WARNING_S, hard_s // 2)}"]
    if (resources.cpus or 1) > 1:
        words += ["-pe", "smp", str(resources.cpus)]
    return [*words, str(request.script)]


def script(node: Node, command: Sequence[str], request: Request) -> str:
    """The script. It redirects its output itself: qsub would treat characters of the path as patterns."""
    if request.tasks:
        wanted = "|".join(str(task + 1) for task in request.tasks)
        whole = request.tasks == tuple(range(request.tasks[0], request.tasks[-1] + 1))
        choice = "" if whole else f'case "$SGE_TASK_ID" in {wanted}) ;; *) exit 0 ;; esac\n'
        name = task_output("$JOB_ID", "$((SGE_TASK_ID - 1))")
    else:
        choice, name = "", merge_output("$JOB_ID")
    output = f'exec >>{shlex.quote(str(request.folder))}/"{name}" 2>&1 </dev/null\n'
    return shell_script(node, command, before=choice + output, warning="USR1")
