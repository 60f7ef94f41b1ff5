"""What the scheduler reports of all jobs of a HOME, asked in one call, and how long each task has been missing from it.

An error is not an answer, and nothing is concluded from it. A task counts as missing from the answers only when it
has been missing for long enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from deepsoil.schedulers.array.backend import ArrayBackend, NoAnswerError, Record

_HISTORY_INTERVAL_S = 30.0

Key = tuple[str, int | None]
"""Name of a job, and index of a task."""


@dataclass(frozen=True)
class Snapshot:
    """records: of the last answer, None before the first; it still includes records seen a moment ago.

    problem  why there is no answer now; empty if there is one
    history  the last answer of the accounting
    absent_s for how long no answer has shown an unfinished record of a name, or of a task; 0 at the first look
    """

    records: Sequence[Record] | None
    problem: str = ""
    history: Sequence[Record] = ()
    absent_s: Mapping[str | Key, float] = field(default_factory=dict)

    @property
    def fresh(self) -> bool:
        """Whether the scheduler has answered now."""
        return not self.problem

    def of(self, names: Iterable[str]) -> Snapshot:
        """The same for some of the names."""
        wanted = list(dict.fromkeys(names))
        records = None if self.records is None else [
            record for name in wanted for record in self._by_name[0].get(name, ())]
        return Snapshot(records, self.problem, [
            record for name in wanted for record in self._by_name[1].get(name, ())], self.absent_s)

    @cached_property
    def _by_name(self) -> tuple[dict[str, list[Record]], dict[str, list[Record]]]:
        """Records and history by the name of their job: a snapshot is divided among a thousand jobs."""
        return _grouped(self.records or ()), _grouped(self.history)


def _grouped(records: Iterable[Record]) -> dict[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.name, []).append(record)
    return groups


class Observer:
    """Remembers since when each task is missing. One per HOME and process; a new one starts counting from zero."""

    def __init__(self, backend: ArrayBackend, grace_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._backend, self._grace_s, self._clock = backend, grace_s, clock
        self._records: list[Record] | None = None
        self._answered = 0.0
        self._absent_since: dict[str | Key, float] = {}
        self._history: dict[str, list[Record]] = {}
        self._history_asked = -_HISTORY_INTERVAL_S

    def look(self, wanted: Mapping[str, Sequence[int | None]]) -> Snapshot:
        """``wanted``: names, each with the tasks (None: the merge) that have not ended yet."""
        try:
            records = self._backend.observe(sorted(wanted))
        except NoAnswerError as error:
            return self._snapshot(str(error) or "no answer")
        self._take(wanted, list(records))
        self._ask_history([name for name, tasks in wanted.items()
                           if any((name, task) in self._absent_since for task in tasks)])
        return self._snapshot()

    def _snapshot(self, problem: str = "") -> Snapshot:
        # Absence is counted between answers only: while the scheduler does not answer nothing is absent.
        return Snapshot(self._records, problem, [record for name in self._history for record in self._history[name]],
                        {key: self._answered - since for key, since in self._absent_since.items()})

    def _take(self, wanted: Mapping[str, Sequence[int | None]], records: list[Record]) -> None:
        self._answered = now = self._clock()
        unfinished: set[str | Key] = {record.name for record in records if record.phase != "ended"}
        unfinished |= {(record.name, record.index) for record in records if record.phase != "ended"}
        keys: list[str | Key] = [*wanted, *((name, task) for name, tasks in wanted.items() for task in tasks)]
        self._absent_since = {key: self._absent_since.get(key, now) for key in keys if key not in unfinished}
        present = {(record.name, record.array, record.index) for record in records}
        self._records = records + [
            record for record in self._records or ()
            if record.name in wanted and (record.name, record.array, record.index) not in present
            and now - self._absent_since.get((record.name, record.index), now) < self._grace_s]

    def _ask_history(self, names: Sequence[str]) -> None:
        facts = self._backend.facts() if names else None
        now = self._clock()
        if facts is None or not facts.accounting or now - self._history_asked < _HISTORY_INTERVAL_S:
            return
        self._history_asked = now
        try:
            records = self._backend.history(names)
        except NoAnswerError:
            return
        self._history = _grouped(records)
