"""What a job is doing, and what it waits for, in plain words. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.slurm.decide import Decision
from deepsoil.schedulers.slurm.parser import Partition, Row

_REASONS = {
    "Resources": "Next in turn; waiting until computers are free",
    "Dependency": "Waiting for an earlier job of the same name to end",
    "BeginTime": "Put back into the queue; it begins again soon",
    "JobArrayTaskLimit": "Waiting for other tasks of this job: so many at once are allowed",
    "JobHeldUser": "Held back in Slurm by its user (`scontrol release` lets it go on)",
    "JobHeldAdmin": "Held back in Slurm by the administrator; ask there",
    "PartitionDown": "The partition is out of service for now",
    "PartitionInactive": "The partition is out of service for now",
    "NodeDown": "A computer that it needs is out of service",
    "ReqNodeNotAvail": "The computers that it needs are reserved or out of service, often for maintenance",
    "Reservation": "Waiting for a reservation to begin",
    "Licenses": "Waiting for a licence",
    "Cleaning": "Slurm tidies up after an earlier run of it",
    "Prolog": "The computers are being prepared",
    "None": "Waiting for its turn", "Priority": "Waiting for its turn",
}


def for_ever(reason: str, rows: Sequence[Row], resources: Resources, partitions: Mapping[str, Partition],
             memory_mb: int | None = None) -> str | None:
    """Why a job would wait for ever; None where it would not."""
    name = next((row.partition for row in rows if row.partition), resources.partition or "")
    partition = partitions.get(name)
    if reason == "PartitionTimeLimit":
        limit = f" allows {partition.minutes}" if partition is not None and partition.minutes else " allows fewer"
        return f"It asks for {resources.minutes} minutes; the partition {name}{limit}"
    if reason in ("PartitionConfig", "PartitionNodeLimit", "BadConstraints"):
        return f"It asks for more than the partition {name} ever gives{_colon(excess(resources, partition, memory_mb))}"
    if re.fullmatch(r"(QOS|Assoc)?Max\w*(PerJob|PerNode)\w*|QOSMaxWallDurationPerJobLimit|QOSMin\w+", reason):
        return f"It asks for more than a job of this account or QOS may have ({reason})"
    if reason in ("InvalidAccount", "InvalidQOS", "AssociationJobLimitInvalid"):
        return f"Slurm does not accept its account or QOS any more ({reason})"
    if reason == "DependencyNeverSatisfied":
        return "It waits for a job that can no longer succeed"
    return None


def excess(resources: Resources, partition: Partition | None, memory_mb: int | None = None) -> str:
    """What of a task is more than the partition gives; empty where nothing is, or where that is not known."""
    if partition is None:
        return ""
    wished = ((resources.cpus, partition.cpus, "CPUs"), (memory_mb or resources.memory_mb, partition.memory_mb, "MB"),
              (resources.gpus, partition.gpus, "GPUs"))
    found = [f"{wish} {unit} for a task, a computer there has {there}" for wish, there, unit in wished
             if wish is not None and wish > there]
    if resources.minutes and partition.minutes and resources.minutes > partition.minutes:
        found.append(f"{resources.minutes} minutes, it allows {partition.minutes}")
    return "; ".join(found)


def _colon(text: str) -> str:
    return f": {text}" if text else ""


def main_reason(rows: Sequence[Row]) -> str:
    """Slurm's commonest word why tasks wait; of an odd reason the first word."""
    words = Counter(row.reason for row in rows if row.waiting)
    return words.most_common(1)[0][0] if words else ""


def waiting(reason: str, ahead: int | None) -> str:
    """What a job waits for."""
    if reason in ("Priority", "Resources") and ahead:
        return f"Waiting behind {ahead} job{'s' if ahead > 1 else ''}"
    first = re.split(r"[\s,(:]", reason.strip("("), maxsplit=1)[0]
    if first in _REASONS:
        return _REASONS[first]
    if re.match(r"QOS|Assoc|Max", first):
        return f"Waiting: a limit of the account or QOS is reached ({first})"
    return f"Waiting ({reason})" if reason else _REASONS["None"]


def doing(decision: Decision, tasks: Sequence[TaskView], waiting_for: str | None) -> str:
    """The job's message in one line."""
    total, done = len(decision.verdicts), decision.count("succeeded")
    if decision.stage == "cancelling":
        return "Stopping"
    if decision.stage == "merge":
        return "Putting the results together"
    if not decision.known:
        return (f"Slurm knows nothing of {decision.count('unknown')} of {total} tasks any more, and they have left no "
                "result. Cancel the job or send it again; what is finished is kept")
    running = decision.count("running")
    if running:
        if total == 1 and tasks[0].message:
            return tasks[0].message
        return "Running" if total == 1 else f"Running, {done} of {total} done"
    if done and decision.count("waiting", "new", "again"):
        return f"{done} of {total} done. {waiting_for or _REASONS['None']}"
    return waiting_for or _REASONS["None"]
