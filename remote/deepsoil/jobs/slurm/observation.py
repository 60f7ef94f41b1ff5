"""What Slurm knows of all jobs of a HOME, asked in one call; and since when it has been silent about a task.

An error, or an answer that cannot be read, is no answer: nothing is concluded from it. An answer without a task is
believed only when it has been the same for long enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deepsoil.jobs.slurm import codec
from deepsoil.jobs.slurm.codec import Row
from deepsoil.jobs.slurm.commands import Slurm

# An argument of a command holds 128 KiB; a name has 36 to 45 characters.
_NAMES_A_CALL = 2000
_ACCOUNTS_EVERY_S = 30.0

Key = tuple[str, int | None]
"""Name and number in the array."""


@dataclass(frozen=True)
class Seen:
    """rows: None where squeue gave no answer, then ``problem`` says why; accounts: what sacct last told.

    quiet_s  for how long every look has found nothing unfinished of a name, or of a task of it; 0 at the first look
    """

    rows: Sequence[Row] | None
    problem: str = ""
    accounts: Sequence[Row] = ()
    quiet_s: Mapping[str | Key, float] = field(default_factory=dict)

    def of(self, names: Iterable[str]) -> Seen:
        """The same for some of the names."""
        wanted = frozenset(names)
        rows = None if self.rows is None else [row for row in self.rows if row.name in wanted]
        return Seen(rows, self.problem, [row for row in self.accounts if row.name in wanted], self.quiet_s)


class Observer:
    """Remembers since when nothing was seen. One for a HOME and a process; a new one begins to count anew."""

    def __init__(self, slurm: Slurm, clock: Callable[[], float] = time.monotonic) -> None:
        self._slurm, self._clock = slurm, clock
        self._quiet_since: dict[str | Key, float] = {}
        self._accounts: dict[str, list[Row]] = {}
        self._accounts_asked = -_ACCOUNTS_EVERY_S

    def look(self, wanted: Mapping[str, Sequence[int | None]]) -> Seen:
        """``wanted``: names, each with the tasks (None: a job without an array) that have not ended yet."""
        rows: list[Row] = []
        names = sorted(wanted)
        for start in range(0, len(names), _NAMES_A_CALL):
            some = names[start:start + _NAMES_A_CALL]
            reply = self._slurm.run(codec.squeue_command(some, self._slurm.user))
            if reply.code != 0:
                return self._seen(None, reply.words)
            try:
                rows += codec.parse_squeue(reply.out, some, self._slurm.user)
            except codec.UnreadableError as error:
                return self._seen(None, str(error))
        self._count(wanted, rows)
        missing = [name for name, tasks in wanted.items() if any((name, task) in self._quiet_since for task in tasks)]
        self._ask_accounts(missing)
        return self._seen(rows, "")

    def _seen(self, rows: Sequence[Row] | None, problem: str) -> Seen:
        now = self._clock()
        return Seen(rows, problem, [row for name in self._accounts for row in self._accounts[name]],
                    {key: now - since for key, since in self._quiet_since.items()})

    def _count(self, wanted: Mapping[str, Sequence[int | None]], rows: Sequence[Row]) -> None:
        unfinished: set[str | Key] = {row.name for row in rows if not row.ended}
        unfinished |= {(row.name, row.index) for row in rows if not row.ended}
        quiet: list[str | Key] = [*wanted, *((name, task) for name, tasks in wanted.items() for task in tasks)]
        now = self._clock()
        self._quiet_since = {key: self._quiet_since.get(key, now) for key in quiet if key not in unfinished}

    def _ask_accounts(self, names: Sequence[str]) -> None:
        facts = self._slurm.facts() if names else None
        now = self._clock()
        if facts is None or not facts.accounting or now - self._accounts_asked < _ACCOUNTS_EVERY_S:
            return
        self._accounts_asked = now
        some = list(names)[:_NAMES_A_CALL]
        reply = self._slurm.run(codec.sacct_command(some, self._slurm.user))
        try:
            told = codec.parse_sacct(reply.out, some, self._slurm.user) if reply.code == 0 else None
        except codec.UnreadableError:
            told = None
        if told is not None:
            self._accounts = {name: [row for row in told if row.name == name] for name in some}
