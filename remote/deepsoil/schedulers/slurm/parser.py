"""The arguments of Slurm's commands, and parsers of their output. Pure; for Slurm 20.11 and later, run with 22.05 to
26.05.

An answer is read completely or not at all: an unexpected line is an error, never skipped, because a job that is
missing from an answer has a meaning. Unknown states become ``UNKNOWN``, which ends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from deepsoil.schedulers.array.backend import End, Facts, Phase

SEPARATOR = "@|@"
_MARK = "DS1"

ACTIVE = frozenset({
    "PENDING", "RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD",
    "RESIZING", "RESV_DEL_HOLD", "SIGNALING", "SPECIAL_EXIT", "STAGE_OUT", "STOPPED", "POWER_UP_NODE"})
"""States of jobs that have not ended."""

WAITING = frozenset({"PENDING", "REQUEUED", "REQUEUE_FED", "REQUEUE_HOLD", "RESV_DEL_HOLD", "SPECIAL_EXIT"})
ENDED = frozenset({"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED", "OUT_OF_MEMORY",
                   "BOOT_FAIL", "DEADLINE", "REVOKED"})

# name, array, index, own number, state, reason, user, partition, priority, expected or real start
_QUEUE_FIELDS = ("%j", "%F", "%K", "%A", "%T", "%r", "%u", "%P", "%Q", "%S")
_ACCOUNT_FIELDS = ("JobName%120", "JobID%60", "State%40", "ExitCode", "User%60", "ReqMem", "MaxRSS", "NNodes", "NCPUS")
_NEAR_THE_LIMIT = 0.9


class UnreadableError(ValueError):
    """An answer of Slurm in an unexpected form."""


_ENDS: dict[str, End] = {
    "COMPLETED": "completed", "CANCELLED": "cancelled", "TIMEOUT": "time_limit", "DEADLINE": "time_limit",
    "OUT_OF_MEMORY": "out_of_memory", "NODE_FAIL": "node_lost", "BOOT_FAIL": "node_lost", "PREEMPTED": "preempted"}


@dataclass(frozen=True)
class Row:
    """One task of an array, or a merge, as Slurm shows it; a `Record`. ``index``: None for a job without an array.

    state   one of `ACTIVE`, `ENDED` or ``UNKNOWN``; reason: Slurm's word for why it waits or how it ended
    start   when Slurm expects it to begin, ISO 8601 in the host's time; None if unknown
    """

    name: str
    array: str
    index: int | None
    state: str
    reason: str = ""
    partition: str = ""
    priority: int | None = None
    start: str | None = None

    @property
    def phase(self) -> Phase:
        if self.state in ENDED:
            return "ended"
        return "waiting" if self.state in WAITING else "unknown" if self.state == "UNKNOWN" else "running"

    @property
    def end(self) -> End | None:
        return _ENDS.get(self.state, "failed") if self.state in ENDED else None

    @property
    def words(self) -> str:
        return self.state.lower() + (f", {self.reason}" if self.reason else "")

    @property
    def refused_ghost(self) -> bool:
        """A record that remains for a while after sbatch refused a request: it has a number and never was a job."""
        return self.state == "FAILED" and self.reason == "BadConstraints"


def state_of(word: str) -> str:
    """``CANCELLED by 0``, ``CANCELLED+`` → ``CANCELLED``; an unknown word → ``UNKNOWN``."""
    first = (word.split() or [""])[0].rstrip("+")
    return first if first in ACTIVE or first in ENDED else "UNKNOWN"


# ---- squeue ----

def squeue_command(names: Sequence[str], user: str) -> list[str]:
    """All tasks of the user's jobs of these names, also those that ended recently."""
    return ["squeue", "--noheader", "--array", "--states=all", f"--user={user}", f"--name={','.join(names)}",
            f"--format={SEPARATOR.join((_MARK, *_QUEUE_FIELDS))}"]


def parse_squeue(text: str, names: Iterable[str], user: str) -> list[Row]:
    """The rows of an answer to `squeue_command`. UnreadableError for any line that was not asked for."""
    asked = frozenset(names)
    rows = []
    for fields in _lines(text, 1 + len(_QUEUE_FIELDS)):
        name, array, index, own, state, reason, owner, partition, priority, start = fields[1:]
        if fields[0] != _MARK or not _digits(array) or not _digits(own):
            raise UnreadableError(f"squeue: {SEPARATOR.join(fields)[:200]!r}")
        _require_asked("squeue", name, owner, asked, user)
        for number in _indices(index, "squeue"):
            rows.append(Row(name, array, number, state_of(state), reason, partition,
                            int(priority) if _digits(priority) else None,
                            start if re.match(r"\d{4}-\d\d-\d\dT", start) else None))
    return rows


def ahead_command(partition: str) -> list[str]:
    """What waits in a partition, of all users."""
    return ["squeue", "--noheader", "--states=PENDING", f"--partition={partition}",
            f"--format={SEPARATOR.join((_MARK, '%F', '%Q', '%r'))}"]


def parse_ahead(text: str, own: Iterable[str], priority: int) -> int:
    """How many jobs (an array counts as one) wait for their turn before the arrays ``own``.

    Before them are those of a higher priority and, of the same one, those of a lower number: with Slurm 26.05 as it is
    set by default, all jobs have the same. Jobs that wait for another reason (held, a dependency, too large) do not
    count.
    """
    ours, ahead = frozenset(own), set()
    first = min((int(array) for array in ours if _digits(array)), default=0)
    for token, array, theirs, reason in _lines(text, 4):
        if token != _MARK or not _digits(array) or not _digits(theirs):
            raise UnreadableError(f"squeue: {array!r} {theirs!r}")
        before = int(theirs) > priority or (int(theirs) == priority and int(array) < first)
        if array not in ours and before and reason in ("Priority", "Resources", "None"):
            ahead.add(array)
    return len(ahead)


# ---- sacct ----

def sacct_command(names: Sequence[str], user: str, days: int = 400) -> list[str]:
    """The accounting of the user's jobs of these names, the latest record of each task, and its steps."""
    return ["sacct", "--noheader", "--parsable2", f"--delimiter={SEPARATOR}", f"--user={user}",
            f"--starttime=now-{days}days", f"--name={','.join(names)}", f"--format={','.join(_ACCOUNT_FIELDS)}"]


def parse_sacct(text: str, names: Iterable[str], user: str) -> list[Row]:
    """The rows of an answer to `sacct_command`; ``reason`` is the exit code. UnreadableError as `parse_squeue`.

    A job whose step ran out of memory, or was killed with its memory near the limit, counts as out of memory: Slurm
    calls many of them FAILED with signal 9.
    """
    asked = frozenset(names)
    rows: list[Row] = []
    short: set[str] = set()
    limits: dict[str, int | None] = {}
    for name, number, state, code, owner, limit, most, nodes, cpus in _lines(text, len(_ACCOUNT_FIELDS)):
        job, _, step = number.partition(".")
        if step:
            used, asked_mb = memory_mb(most), limits.get(job)
            near = used is not None and asked_mb is not None and used >= _NEAR_THE_LIMIT * asked_mb
            if state_of(state) == "OUT_OF_MEMORY" or (near and _is_killed(code)):
                short.add(job)
            continue
        array, _, index = job.partition("_")
        if not _digits(array) or not state:
            raise UnreadableError(f"sacct: {number[:200]!r}")
        _require_asked("sacct", name, owner, asked, user)
        limits[job] = memory_mb(limit, nodes, cpus)
        for one in _indices(index or "N/A", "sacct"):
            rows.append(Row(name, array, one, state_of(state), code))
    return [replace(row, state="OUT_OF_MEMORY")
            if row.state == "FAILED" and (row.array if row.index is None else f"{row.array}_{row.index}") in short
            else row for row in rows]


def memory_mb(text: str, nodes: str = "1", cpus: str = "1") -> int | None:
    """Memory as sacct writes it, in MB: ``1.5G``, ``300K``; ``400Mc`` a CPU and ``400Mn`` a node before Slurm 21.08."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGTP]?)([cn]?)", text)
    if not found:
        return None
    times = {"c": cpus, "n": nodes}.get(found[3], "1")
    number = float(found[1]) * (int(times) if _digits(times) else 1)
    return round(number * {"": 1 / 1024**2, "K": 1 / 1024, "M": 1, "G": 1024, "T": 1024**2, "P": 1024**3}[found[2]])


def _is_killed(code: str) -> bool:
    """Whether an exit code of sacct says SIGKILL, of the process itself or of one that its shell started."""
    return code.endswith(":9") or code.startswith("137:")


# ---- the others ----

def scancel_command(name: str, user: str) -> list[str]:
    """Cancels every job of a name, regardless of number; its exit code proves nothing.

    One name a command: scancel takes a list of them for one long name, and cancels nothing (seen with Slurm 22.05).
    """
    return ["scancel", f"--user={user}", f"--name={name}"]


def config_command() -> list[str]:
    return ["scontrol", "show", "config"]


def parse_config(text: str) -> Facts:
    """The facts in an answer of ``scontrol show config``. UnreadableError if there are none."""
    found = dict(re.findall(r"^(\w+)\s*=\s*(.*?)\s*$", text, re.MULTILINE))
    if "SLURM_VERSION" not in found or "MinJobAge" not in found:
        raise UnreadableError("scontrol show config: no configuration")

    def number(name: str, otherwise: int) -> int:
        digits = re.match(r"\d+", found.get(name, ""))
        return int(digits[0]) if digits else otherwise

    return Facts(found["SLURM_VERSION"], number("MinJobAge", 300), number("MessageTimeout", 10),
                 number("MaxArraySize", 1001) - 1, found.get("AccountingStorageType", "").endswith("/slurmdbd"))


@dataclass(frozen=True)
class Partition:
    """The limits of a partition: ``nodes`` in all, CPUs, MB and GPUs of its largest node, minutes (None: no limit)."""

    name: str
    nodes: int
    cpus: int
    memory_mb: int
    gpus: int
    minutes: int | None
    default: bool = False


def sinfo_command() -> list[str]:
    return ["sinfo", "--noheader", f"--format={SEPARATOR.join((_MARK, '%P', '%D', '%c', '%m', '%G', '%l'))}"]


def parse_sinfo(text: str) -> dict[str, Partition]:
    """Partitions by name, from an answer to `sinfo_command`, which has a line for every kind of node."""
    partitions: dict[str, Partition] = {}
    for token, name, nodes, cpus, memory, gres, limit in _lines(text, 7):
        numbers = [re.match(r"\d+", field) for field in (nodes, cpus, memory)]
        if token != _MARK or not name or not all(numbers):
            raise UnreadableError(f"sinfo: {name[:200]!r}")
        count, cores, megabytes = (int(found[0]) for found in numbers if found)
        gpus = sum(int(found) for found in re.findall(r"gpu:(?:[^:,()]+:)?(\d+)", gres))
        plain, before = name.rstrip("*"), partitions.get(name.rstrip("*"))
        partitions[plain] = Partition(
            plain, count + (before.nodes if before else 0), max(cores, before.cpus if before else 0),
            max(megabytes, before.memory_mb if before else 0), max(gpus, before.gpus if before else 0),
            _minutes(limit), name.endswith("*"))
    return partitions


def parse_sbatch(text: str) -> str | None:
    """The number in the answer of ``sbatch --parsable``; None unless it is certain."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = re.fullmatch(r"(\d+)(;[\w.-]+)?", lines[-1].strip()) if lines else None
    return found[1] if found else None


def _minutes(limit: str) -> int | None:
    found = re.fullmatch(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)", limit)
    if not found:
        return None  # infinite, or not shown
    days, hours, minutes = (int(part or 0) for part in found.groups()[:3])
    return (days * 24 + hours) * 60 + minutes


def _lines(text: str, count: int) -> Iterable[list[str]]:
    for line in text.splitlines():
        fields = line.rstrip().split(SEPARATOR)
        if len(fields) != count:
            raise UnreadableError(f"a line of {len(fields)} fields instead of {count}: {line[:200]!r}")
        yield [field.strip() for field in fields]


def _require_asked(command: str, name: str, owner: str, asked: frozenset[str], user: str) -> None:
    if name not in asked or owner != user:
        raise UnreadableError(f"{command} shows a job that was not asked for: {name[:200]!r} of {owner!r}")


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _indices(text: str, command: str) -> list[int | None]:
    """The numbers of a task, of several that are shown together (``[3-5,9%2]``), or None for no array."""
    if text in ("N/A", ""):
        return [None]
    if _digits(text):
        return [int(text)]
    found = re.fullmatch(r"\[?(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)(?:%\d+)?\]?", text)
    if not found:
        raise UnreadableError(f"{command}: the task {text[:200]!r}")
    numbers: list[int | None] = []
    for part in found[1].split(","):
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers
