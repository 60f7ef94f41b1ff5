"""What Slurm knows of all jobs of a HOME, asked in one call; and since when it has been silent about a task.

An error, or an answer that cannot be read, is no answer: nothing is concluded from it. An answer without a task is
believed only when it has been the same for long enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from deepsoil.schedulers.slurm import parser
from deepsoil.schedulers.slurm.commands import Slurm
from deepsoil.schedulers.slurm.parser import Row

# An argument of a command holds 128 KiB; a name has 36 to 45 characters.
_NAMES_A_CALL = 2000
_ACCOUNTS_EVERY_S = 30.0

Key = tuple[str, int | None]
"""Name and number in the array."""


@dataclass(frozen=True)
class Seen:
    """rows: what squeue last told, None where it never did; a row that was there a moment ago counts as there still.

    problem  why squeue gave no answer now; empty where it did
    accounts what sacct last told
    quiet_s  for how long every look has found nothing unfinished of a name, or of a task of it; 0 at the first look
    """

    rows: Sequence[Row] | None
    problem: str = ""
    accounts: Sequence[Row] = ()
    quiet_s: Mapping[str | Key, float] = field(default_factory=dict)

    @property
    def fresh(self) -> bool:
        """Whether squeue has answered now."""
        return not self.problem

    def of(self, names: Iterable[str]) -> Seen:
        """The same for some of the names."""
        wanted = frozenset(names)
        rows = None if self.rows is None else [row for row in self.rows if row.name in wanted]
        return Seen(rows, self.problem, [row for row in self.accounts if row.name in wanted], self.quiet_s)


class Observer:
    """Remembers since when nothing was seen. One for a HOME and a process; a new one begins to count anew."""

    def __init__(self, slurm: Slurm, grace_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._slurm, self._grace_s, self._clock = slurm, grace_s, clock
        self._rows: list[Row] | None = None
        self._answered = 0.0
        self._quiet_since: dict[str | Key, float] = {}
        self._accounts: dict[str, list[Row]] = {}
        self._accounts_asked = -_ACCOUNTS_EVERY_S

    def look(self, wanted: Mapping[str, Sequence[int | None]]) -> Seen:
        """``wanted``: names, each with the tasks (None: a job without an array) that have not ended yet."""
        rows: list[Row] = []
        names = sorted(wanted)
        for start in range(0, len(names), _NAMES_A_CALL):
            some = names[start:start + _NAMES_A_CALL]
            reply = self._slurm.run(parser.squeue_command(some, self._slurm.user))
            if reply.code != 0:
                return self._seen(reply.words)
            try:
                rows += parser.parse_squeue(reply.out, some, self._slurm.user)
            except parser.UnreadableError as error:
                return self._seen(str(error))
        self._take(wanted, rows)
        self._ask_accounts([name for name, tasks in wanted.items()
                            if any((name, task) in self._quiet_since for task in tasks)])
        return self._seen()

    def _seen(self, problem: str = "") -> Seen:
        # Silence is counted between answers only: while Slurm does not answer nobody is silent.
        return Seen(self._rows, problem, [row for name in self._accounts for row in self._accounts[name]],
                    {key: self._answered - since for key, since in self._quiet_since.items()})

    def _take(self, wanted: Mapping[str, Sequence[int | None]], rows: list[Row]) -> None:
        self._answered = now = self._clock()
        unfinished: set[str | Key] = {row.name for row in rows if not row.ended}
        unfinished |= {(row.name, row.index) for row in rows if not row.ended}
        quiet: list[str | Key] = [*wanted, *((name, task) for name, tasks in wanted.items() for task in tasks)]
        self._quiet_since = {key: self._quiet_since.get(key, now) for key in quiet if key not in unfinished}
        there = {(row.name, row.array, row.index) for row in rows}
        self._rows = rows + [
            row for row in self._rows or () if row.name in wanted and (row.name, row.array, row.index) not in there
            and now - self._quiet_since.get((row.name, row.index), now) < self._grace_s]

    def _ask_accounts(self, names: Sequence[str]) -> None:
        facts = self._slurm.facts() if names else None
        now = self._clock()
        if facts is None or not facts.accounting or now - self._accounts_asked < _ACCOUNTS_EVERY_S:
            return
        self._accounts_asked = now
        some = list(names)[:_NAMES_A_CALL]
        reply = self._slurm.run(parser.sacct_command(some, self._slurm.user))
        try:
            told = parser.parse_sacct(reply.out, some, self._slurm.user) if reply.code == 0 else None
        except parser.UnreadableError:
            told = None
        if told is not None:
            self._accounts = {name: [row for row in told if row.name == name] for name in some}
