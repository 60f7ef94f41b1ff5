"""Readable messages about what a job in Slurm's queue waits for. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text
from deepsoil.schedulers.array.backend import WAITING
from deepsoil.schedulers.slurm.parser import Partition, Row

_REASONS = {
    "Resources": Text("Next in line, waiting for free computers"),
    "Dependency": Text("Waiting for an earlier job of the same name to end"),
    "BeginTime": Text("Requeued; it starts again soon"),
    "JobArrayTaskLimit": Text("Waiting for other tasks of this job, because the number at once is limited"),
    "JobHeldUser": Text("Held in Slurm by its user (`scontrol release` releases it)"),
    "JobHeldAdmin": Text("Held in Slurm by the administrator; please ask there"),
    "PartitionDown": Text("The partition is out of service for now"),
    "PartitionInactive": Text("The partition is out of service for now"),
    "NodeDown": Text("A computer that it needs is out of service"),
    "ReqNodeNotAvail": Text("The computers that it needs are reserved or out of service, often for maintenance"),
    "Reservation": Text("Waiting for a reservation to begin"),
    "Licenses": Text("Waiting for a licence"),
    "Cleaning": Text("Slurm is cleaning up after its earlier run"),
    "Prolog": Text("The computers are being prepared"),
    "None": WAITING, "Priority": WAITING,
}


def never_starts(reason: str, rows: Sequence[Row], resources: Resources, partitions: Mapping[str, Partition],
                 memory_mb: int | None = None) -> str | None:
    """Why a job would never start; None if it would."""
    name = next((row.partition for row in rows if row.partition), resources.partition or "")
    partition = partitions.get(name)
    if reason == "PartitionTimeLimit":
        if partition is not None and partition.minutes:
            return Text("It asks for {minutes} minutes; the partition {partition} allows {limit}",
                        minutes=resources.minutes, partition=name, limit=partition.minutes)
        return Text("It asks for {minutes} minutes; the partition {partition} allows fewer",
                    minutes=resources.minutes, partition=name)
    if reason in ("PartitionConfig", "PartitionNodeLimit", "BadConstraints"):
        if found := excess(resources, partition, memory_mb):
            return Text("It asks for more than the partition {partition} can give: {excess}",
                        partition=name, excess=found)
        return Text("It asks for more than the partition {partition} can give", partition=name)
    if re.fullmatch(r"(QOS|Assoc)?Max\w*(PerJob|PerNode)\w*|QOSMaxWallDurationPerJobLimit|QOSMin\w+", reason):
        return Text("It asks for more than this account or QOS allows for a job ({reason})", reason=reason)
    if reason in ("InvalidAccount", "InvalidQOS", "AssociationJobLimitInvalid"):
        return Text("Slurm no longer accepts its account or QOS ({reason})", reason=reason)
    if reason == "DependencyNeverSatisfied":
        return Text("It waits for a job that can no longer succeed")
    return None


def excess(resources: Resources, partition: Partition | None, memory_mb: int | None = None) -> str:
    """What a task asks for beyond the partition's limits; empty if nothing, or if the limits are unknown."""
    if partition is None:
        return ""
    wanted = ((resources.cpus, partition.cpus, "CPUs"), (memory_mb or resources.memory_mb, partition.memory_mb, "MB"),
              (resources.gpus, partition.gpus, "GPUs"))
    found = [f"{want} {unit} for a task, a computer there has {there}" for want, there, unit in wanted
             if want is not None and want > there]
    if resources.minutes and partition.minutes and resources.minutes > partition.minutes:
        found.append(f"{resources.minutes} minutes, it allows {partition.minutes}")
    return "; ".join(found)


def main_reason(rows: Sequence[Row]) -> str:
    """The most frequent reason why tasks wait, as Slurm calls it."""
    words = Counter(row.reason for row in rows if row.phase == "waiting")
    return words.most_common(1)[0][0] if words else ""


def waiting(reason: str, ahead: int | None) -> str:
    """What a job waits for."""
    if reason in ("Priority", "Resources") and ahead:
        return Text("Waiting behind {count} jobs", count=ahead) if ahead > 1 else Text("Waiting behind 1 job")
    first = re.split(r"[\s,(:]", reason.strip("("), maxsplit=1)[0]
    if first in _REASONS:
        return _REASONS[first]
    if re.match(r"QOS|Assoc|Max", first):
        return Text("Waiting, because a limit of the account or QOS is reached ({reason})", reason=first)
    return Text("Waiting ({reason})", reason=reason) if reason else WAITING
