"""Submits a part of an attempt exactly once, whatever happens in between and however often this is called.

The steps, each safe to repeat after the process was killed at any point:

1. The scheduler's number is already recorded, or the job itself has registered: done.
2. The intent is written, once, by a hard link. The process that created it may submit: no other did before.
3. Otherwise it may have been submitted before. Look the job up by its name: one: adopt it; several: stop, the owner
   check of the tasks decides which may run; none, in look-ups spread over the time that an answer may take: submit.
4. An error of a submission proves nothing unless the scheduler has certainly refused; then step 3 follows.

The remaining case, a request that takes effect after our wait, is handled by the owner check: a second array of the
name ends without touching anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from deepsoil.contract.text import Text
from deepsoil.io import atomic, disk
from deepsoil.schedulers.array.attempts import Attempt, Journal, in_order
from deepsoil.schedulers.array.backend import ArrayBackend, NoAnswerError, Part, Record, Request
from deepsoil.schedulers.array.timeouts import Timeouts


@dataclass(frozen=True)
class Outcome:
    """submitted (``number``), refused (``words`` of the scheduler) or waiting (unknown yet, or later; our ``words``).

    unanswered   it was submitted and the outcome is unknown
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
    """Remembers how long a lost submission has been looked for; a new instance starts from zero."""

    def __init__(self, backend: ArrayBackend, timeouts: Timeouts, clock: Callable[[], float] = time.monotonic) -> None:
        self._backend, self._timeouts, self._clock = backend, timeouts, clock
        self._searches: dict[str, _Search] = {}

    @property
    def searching(self) -> bool:
        """Whether it is uncertain for some submission that the scheduler has it."""
        return bool(self._searches)

    def submit(self, journal: Journal, attempt: Attempt, request: Request, script: str,
               records: Sequence[Record] | None) -> Outcome:
        """One step of a submission; ``records``: what the scheduler now shows of this job, None if it did not answer.

        Call it for one job in one process at a time (``jobs/.advance.lock``); on disks without locks,
        the intent and the look-up still prevent a second submission.
        """
        part, title = request.part, self._backend.title
        number = attempt.id_of(part) or journal.registered(attempt, part) if part in attempt.intended else None
        if number is not None:
            return self._adopt(journal, attempt, part, number)
        path = journal.folder(attempt.number) / request.script.name
        disk.make_folder(path.parent)
        atomic.write_text(path, script, sync=False)  # the scheduler reads it now
        if journal.intend(attempt, part):
            return self._submit(journal, attempt, request)
        if records is None:
            return Outcome("waiting", words=Text("{scheduler} does not answer; it may have the job already",
                                                 scheduler=title))
        found = _arrays(records, request.name)
        if not found:
            return self._search(journal, attempt, request)
        if len(found) > 1:
            return Outcome("waiting", words=Text(
                "{scheduler} has several jobs of the name {name} ({numbers}); the one that begins first counts, the "
                "others end by themselves", scheduler=title, name=request.name, numbers=", ".join(found)))
        return self._adopt(journal, attempt, part, found[0])

    def _search(self, journal: Journal, attempt: Attempt, request: Request) -> Outcome:
        facts, title = self._backend.facts(), self._backend.title
        search = self._searches.setdefault(request.name, _Search(self._clock(), 0))
        search.looks += 1
        if search.looks < 2 or self._clock() - search.since < self._timeouts.settle_s(facts):
            return Outcome("waiting", words=Text("Making sure that {scheduler} does not have the job already",
                                                 scheduler=title))
        if facts is not None and facts.accounting:
            try:
                found = _arrays(self._backend.history([request.name]), request.name)
            except NoAnswerError as error:
                return Outcome("waiting", words=Text("The accounting of {scheduler} does not answer: {detail}",
                                                     scheduler=title, detail=error))
            if found:
                return self._adopt(journal, attempt, request.part, found[0])
        return self._submit(journal, attempt, request)

    def _submit(self, journal: Journal, attempt: Attempt, request: Request) -> Outcome:
        self._searches.pop(request.name, None)
        answer, title = self._backend.submit(request), self._backend.title
        if answer.kind == "submitted" and answer.number is not None:
            return self._adopt(journal, attempt, request.part, answer.number)
        if answer.kind == "refused":
            journal.note_refusal(attempt, request.part, answer.words)
            return Outcome("refused", words=answer.words)
        if answer.kind == "later":
            return Outcome("waiting", words=Text("{scheduler} accepts no more jobs at the moment: {detail}",
                                                 scheduler=title, detail=answer.words))
        return Outcome("waiting", unanswered=True, words=Text(
            "It is not certain whether {scheduler} has the job ({detail}); DeepSoil is looking for it",
            scheduler=title, detail=answer.words))

    def _adopt(self, journal: Journal, attempt: Attempt, part: Part, number: str) -> Outcome:
        self._searches.pop(attempt.name(part), None)
        journal.note(attempt, part, number)
        return Outcome("submitted", number)


def _arrays(records: Sequence[Record], name: str) -> list[str]:
    return sorted({record.array for record in records if record.name == name}, key=in_order)
