"""Submits a part of an attempt once, whatever happens in between and however often this is called.

The steps, each safe to be repeated after the process was killed anywhere:

1. Slurm's number is written down already, or the job itself has registered here: that is it.
2. The intent is written, once, by a hard link. Who made it has the right to call sbatch; nobody was there before.
3. Else somebody may have called sbatch. Look the job up by its name: one: adopted; several: never another, the owner
   check of the tasks decides which may run; none, in looks spread over the time that an answer may take: sbatch.
4. An error of sbatch proves nothing unless it is a refusal for certain (``refusals``); then step 3 follows.

What is left, a request that is under way for longer than we wait, is caught by the job's dependency ``singleton`` and
by the owner check: a second array of the name waits for the first, then ends without touching anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from deepsoil.io import atomic
from deepsoil.schedulers.slurm import parser, refusals
from deepsoil.schedulers.slurm.attempts import Attempt, Journal, Part
from deepsoil.schedulers.slurm.commands import Slurm
from deepsoil.schedulers.slurm.parser import Row
from deepsoil.schedulers.slurm.timeouts import Times


@dataclass(frozen=True)
class Outcome:
    """submitted (``number``) | refused (``words`` are Slurm's) | waiting (not known yet, or later; ``words`` ours).

    unanswered   sbatch was called and it is not known what came of it
    """

    kind: Literal["submitted", "refused", "waiting"]
    number: str | None = None
    words: str = ""
    unanswered: bool = False


@dataclass
class _Search:
    since: float
    looks: int


class Submitter:
    """Keeps how long a lost submission has been looked for; a new one begins to look anew."""

    def __init__(self, slurm: Slurm, times: Times, clock: Callable[[], float] = time.monotonic) -> None:
        self._slurm, self._times, self._clock = slurm, times, clock
        self._searches: dict[str, _Search] = {}

    @property
    def searching(self) -> bool:
        """Whether it is not certain of some submission whether Slurm has it."""
        return bool(self._searches)

    def submit(self, journal: Journal, attempt: Attempt, part: Part, script: str, command: Sequence[str],
               rows: Sequence[Row] | None) -> Outcome:
        """One step on the way; ``rows``: what squeue has just told of this job, None where it did not answer.

        Call it for one job in one process at a time (``jobs/.advance.lock``); without that lock, on disks that have
        none, the intent and the look-up still keep it to one.
        """
        number = attempt.id_of(part) or journal.registered(attempt, part) if part in attempt.intended else None
        if number is not None:
            return self._adopt(journal, attempt, part, number)
        path = journal.folder(attempt.number) / ("script.sh" if part == "array" else "merge.sh")
        path.parent.mkdir(exist_ok=True)
        atomic.write_text(path, script)
        if journal.intend(attempt, part):
            return self._ask(journal, attempt, part, command)
        if rows is None:
            return Outcome("waiting", words="Slurm does not answer; it may have the job already")
        found = _arrays(rows, attempt.name(part))
        if not found:
            return self._search(journal, attempt, part, command)
        if len(found) > 1:
            return Outcome("waiting", words=f"Slurm has several jobs of the name {attempt.name(part)} "
                           f"({', '.join(found)}); the one that begins first counts, the others end by themselves")
        return self._adopt(journal, attempt, part, found[0])

    def _search(self, journal: Journal, attempt: Attempt, part: Part, command: Sequence[str]) -> Outcome:
        facts = self._slurm.facts()
        search = self._searches.setdefault(attempt.name(part), _Search(self._clock(), 0))
        search.looks += 1
        if search.looks < 2 or self._clock() - search.since < self._times.settle_s(facts):
            return Outcome("waiting", words="Making sure that Slurm does not have the job already")
        if facts is not None and facts.accounting:
            reply = self._slurm.run(parser.sacct_command([attempt.name(part)], self._slurm.user))
            try:
                rows = parser.parse_sacct(reply.out, [attempt.name(part)], self._slurm.user)
            except parser.UnreadableError:
                return Outcome("waiting", words="Slurm's accounting gives an answer that cannot be read")
            if reply.code != 0:
                return Outcome("waiting", words=f"Slurm's accounting does not answer: {reply.words}")
            found = _arrays(rows, attempt.name(part))
            if found:
                return self._adopt(journal, attempt, part, min(found, key=int))
        return self._ask(journal, attempt, part, command)

    def _ask(self, journal: Journal, attempt: Attempt, part: Part, command: Sequence[str]) -> Outcome:
        self._searches.pop(attempt.name(part), None)
        reply = self._slurm.run(command)
        number = parser.parse_sbatch(reply.out) if reply.code == 0 else None
        if number is not None:
            return self._adopt(journal, attempt, part, number)
        words = refusals.plain(reply.words)
        judged = refusals.verdict(reply.words) if reply.code else "unknown"
        if judged == "refused":
            journal.note_refusal(attempt, part, words)
            return Outcome("refused", words=words)
        if judged == "later":
            return Outcome("waiting", words=f"Slurm takes no more jobs for now: {words}")
        return Outcome("waiting", words=f"It is not certain whether Slurm has the job ({words}); it is looked for",
                       unanswered=True)

    def _adopt(self, journal: Journal, attempt: Attempt, part: Part, number: str) -> Outcome:
        self._searches.pop(attempt.name(part), None)
        journal.note(attempt, part, number)
        return Outcome("submitted", number)


def _arrays(rows: Sequence[Row], name: str) -> list[str]:
    return sorted({row.array for row in rows if row.name == name and not row.refused_ghost}, key=int)
