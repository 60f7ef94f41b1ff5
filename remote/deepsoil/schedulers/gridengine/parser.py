"""The arguments of Grid Engine's commands, and parsers of their output. Pure; checked with 8.1.9.

An answer is read completely or not at all: anything unexpected is an error, because a job that is missing from an
answer has a meaning. Task numbers begin at 1 in Grid Engine, at 0 here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from deepsoil.schedulers.array.backend import End, Facts, Phase, TaskRecord


class UnreadableError(ValueError):
    """An answer in an unexpected form."""


def qstat_command(user: str) -> list[str]:
    """All unfinished jobs of the user, one line per task. qstat cannot select by name."""
    return ["qstat", "-xml", "-g", "d", "-u", user]


def parse_qstat(text: str, names: Iterable[str], user: str) -> list[TaskRecord]:
    """The records of some names. UnreadableError."""
    asked = frozenset(names)
    if "<!DOCTYPE" in text:
        # A document type can define entities that expand without end; qstat writes none.
        raise UnreadableError("qstat: a document type")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise UnreadableError(f"qstat: {error}") from error
    if root.tag != "job_info":
        raise UnreadableError(f"qstat: {root.tag}")
    records = []
    for job in root.iter("job_list"):
        number, name, owner, state, tasks = (
            (job.findtext(tag) or "").strip()
            for tag in ("JB_job_number", "JB_name", "JB_owner", "state", "tasks"))
        if not number.isdigit() or not name or not state:
            raise UnreadableError(f"qstat: a job without number, name or state ({number!r}, {name!r}, {state!r})")
        if name in asked and owner == user:
            records += [TaskRecord(name, number, index, phase_of(state), None, state) for index in _indices(tasks)]
    return records


def phase_of(state: str) -> Phase:
    """``qw``, ``hqw``, ``Eqw`` wait; ``r``, ``t``, ``Rr``, ``dr``, ``S`` run or are being ended."""
    if "q" in state or "w" in state:
        return "waiting"
    return "running" if set(state) <= set("rtRsSTdN") else "unknown"


def _indices(tasks: str) -> list[int | None]:
    """``""``, ``3``, ``1-9:2`` or several of them with commas."""
    if not tasks:
        return [None]
    found: list[int | None] = []
    for part in tasks.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+):(\d+))?", part)
        if match is None:
            raise UnreadableError(f"qstat: the tasks {tasks[:200]!r}")
        first, last, step = (int(group) if group else None for group in match.groups())
        assert first is not None
        found += [number - 1 for number in range(first, (last or first) + 1, step or 1)]
    return found


def qacct_command(name: str, user: str) -> list[str]:
    """The accounting records of the jobs of a name."""
    return ["qacct", "-o", user, "-j", name]


def parse_qacct(text: str, name: str) -> list[TaskRecord]:
    """The latest record of each task that has ended. UnreadableError."""
    records: dict[tuple[str, int | None], TaskRecord] = {}
    for block in re.split(r"^=+$", text, flags=re.MULTILINE)[1:]:
        fields = {words[0]: words[1].strip() for line in block.splitlines()
                  if len(words := line.split(maxsplit=1)) == 2}
        number, task, failed = (fields.get(key, "") for key in ("jobnumber", "taskid", "failed"))
        if fields.get("jobname") != name or not number.isdigit() or not failed[:1].isdigit():
            raise UnreadableError(f"qacct: a record of {fields.get('jobname')!r}, {number!r}, {failed!r}")
        code = int(failed.split()[0])
        if code in _RESTARTED:
            continue
        index = int(task) - 1 if task.isdigit() else None
        status = fields.get("exit_status", "").split()
        words = f"exit {status[0] if status else '?'}" if code == 0 else failed.split(":", 1)[-1].strip()
        records[number, index] = TaskRecord(name, number, index, "ended", _end(code, status), words)
    return list(records.values())


# "migrating" and "rescheduling": the task begins again under the same number.
_RESTARTED = frozenset({24, 25})
# qmaster or execd enforced h_rt, h_cpu or another limit of the queue.
_LIMITS = frozenset({37, 38, 39, 40})
# The process that ran the task ended before it could record the outcome.
_LOST = frozenset({19, 20})


def _end(failed: int, status: list[str]) -> End:
    if failed == 0:
        return "completed" if status[:1] == ["0"] else "failed"
    return "time_limit" if failed in _LIMITS else "node_lost" if failed in _LOST else "failed"


def config_command() -> list[str]:
    return ["qconf", "-sconf"]


def parse_config(text: str) -> Facts:
    """The facts in an answer of ``qconf -sconf``; what has ended is no longer shown. UnreadableError."""
    found = re.search(r"^max_aj_tasks\s+(\d+)", text, re.MULTILINE)
    if found is None:
        raise UnreadableError("qconf -sconf: no configuration")
    return Facts(remembers_s=0, answer_timeout_s=30, largest_array=int(found[1]) or 75_000, accounting=True)


def queues_command() -> list[str]:
    return ["qconf", "-sql"]


def parse_qsub(text: str) -> str | None:
    """The number in the answer of ``qsub -terse``: ``12`` or ``12.1-9:1``; None unless it is certain."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = re.fullmatch(r"(\d+)(\.\d+-\d+:\d+)?", lines[-1]) if lines else None
    return found[1] if found else None


_LATER = r"only \d+ jobs are allowed|maximum (number )?of (active )?jobs|max_u_jobs|max_jobs|exceeds? .*quota"
_REFUSED = (r"rejected|denied|unknown (queue|resource|option|project|department)|does not exist|invalid|"
            r"no such|is not a valid|must not")


def parse_refusal(words: str) -> str:
    """What the error text of a failed qsub proves: ``later``, ``refused``, or ``unknown``."""
    if re.search(_LATER, words, re.IGNORECASE):
        return "later"
    if re.search(r"commlib|unable to (send|contact)|timeout|got send error|access denied", words, re.IGNORECASE):
        return "unknown"
    return "refused" if re.search(_REFUSED, words, re.IGNORECASE) else "unknown"
