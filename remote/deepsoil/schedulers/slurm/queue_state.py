"""Why a job waits in Slurm's queue, how many jobs are ahead of it, and whether a partition could run it at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.slurm import messages, parser
from deepsoil.schedulers.slurm.parser import Partition, Row

_AHEAD_INTERVAL_S = 30.0
_PARTITIONS_INTERVAL_S = 600.0


class QueueState:
    """Asks Slurm occasionally, and caches the answers."""

    def __init__(self, run: Callable[[Sequence[str]], Reply], clock: Callable[[], float] = time.monotonic) -> None:
        self._run, self._clock = run, clock
        self._ahead: dict[str, tuple[float, str | None]] = {}
        self._partitions: tuple[float, dict[str, Partition]] | None = None
        self._asking = threading.Lock()  # several threads that want the same answer ask once

    def waiting_for(self, rows: Sequence[Row], resources: Resources, memory_mb: int | None) -> str:
        """What the waiting tasks of a job wait for."""
        reason = messages.main_reason(rows)
        never = messages.never_starts(reason, rows, resources, self._known_partitions(), memory_mb)
        if never:
            return Text("It would never start: {reason}. Cancel it and ask for less", reason=never)
        ahead = None
        if reason in ("Priority", "Resources"):
            priority = max((row.priority for row in rows if row.priority is not None), default=None)
            if priority is not None:
                ahead = self._count_ahead(rows[0].partition, {row.array for row in rows}, priority)
        return messages.waiting(reason, ahead)

    def warnings(self, resources: Resources) -> list[dict[str, Any]]:
        """What Slurm will probably not grant: error objects that do not prevent the job. Empty without an answer."""
        partitions = self._ask_partitions()
        default = next((partition.name for partition in partitions.values() if partition.default), "")
        name = resources.partition or default
        if not partitions or not name or "," in name:
            return []
        if name not in partitions:
            return [DeepSoilError("partition_unknown", "Slurm shows you no partition '{name}'.",
                                  "The partitions are: {known}. Check the spelling.", "resources.partition",
                                  name=name, known=", ".join(sorted(partitions))).to_dict()]
        excess = messages.excess(resources, partitions[name])
        return [] if not excess else [DeepSoilError(
            "resources_exceeded", "The job asks for more than the partition {name} can give: {excess}.",
            "It would be refused, or never start. Ask for less, or choose another partition.", "resources",
            name=name, excess=excess).to_dict()]

    def _count_ahead(self, partition: str, own: set[str], priority: int) -> int | None:
        with self._asking:
            asked = self._ahead.get(partition)
            if asked is None or self._clock() - asked[0] > _AHEAD_INTERVAL_S:
                reply = self._run(parser.ahead_command(partition))
                asked = self._ahead[partition] = self._clock(), reply.out if reply.code == 0 else None
        try:
            return None if asked[1] is None else parser.parse_ahead(asked[1], own, priority)
        except parser.UnreadableError:
            return None

    def _known_partitions(self) -> dict[str, Partition]:
        with self._asking:
            if self._partitions is None or self._clock() - self._partitions[0] > _PARTITIONS_INTERVAL_S:
                found = self._ask_partitions()
                if not found:
                    return {} if self._partitions is None else self._partitions[1]
                self._partitions = self._clock(), found
            return self._partitions[1]

    def _ask_partitions(self) -> dict[str, Partition]:
        reply = self._run(parser.sinfo_command())
        try:
            return parser.parse_sinfo(reply.out) if reply.code == 0 else {}
        except parser.UnreadableError:
            return {}
