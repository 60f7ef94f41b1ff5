"""Fetches what was planned, with fallbacks, and goes on from what is whole: the folder's record after every piece.

Needs are served side by side, the pieces of an archive one after another. An archive that fails stands aside for the
next of its need; which one served, and why others did not, is in the record.
"""

from __future__ import annotations

import itertools
import threading
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from deepsoil.archives import folder as gathered
from deepsoil.archives.archive import LASTING, Archive, Entries, Got, Piece
from deepsoil.archives.choice import AT_ONCE, Choice, Plan
from deepsoil.archives.network import Network
from deepsoil.archives.reachable import concerns_all
from deepsoil.archives.received import Received
from deepsoil.contract.errors import DeepSoilError

PASSED_ON = frozenset({"archive_failed", "archive_offline", "archive_account", "archive_implausible", "archive_outside",
                       "archive_no_days"})
"""Errors of one archive, after which the next one is asked. Others end the gathering."""


@dataclass
class Served:
    """What serves the needs of a region.

    entries   need → what its archives mean for the recipe
    failed    archives that did not serve, and why
    """

    entries: dict[str, list[Entries]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)
    failed: list[gathered.Failed] = field(default_factory=list)


class Gatherer:
    """One gathering into a folder, which its caller has locked."""

    def __init__(self, folder: Path, record: gathered.Record, archives: Mapping[str, Archive], network: Network,
                 received: Received, stop: threading.Event, *, log: Callable[[str, str], None],
                 cancelled: Callable[[], bool]) -> None:
        """``received`` is told of every byte by the network. ``log`` takes a text and its level.

        ``stop`` is set where a need that maps cannot do without is not served: the network is to stop then, too.
        """
        self._folder, self._record, self._archives = folder, record, archives
        self._network, self._received, self._log, self._cancelled = network, received, log, cancelled
        self._lock = threading.Lock()
        self._stop = stop
        self._whole = record.whole(folder)
        self._asked: dict[str, threading.Lock] = {}
        self._outcomes: dict[str, Entries | DeepSoilError] = {}

    @property
    def record(self) -> gathered.Record:
        return self._record

    def run(self, plan: Plan) -> Served:
        """Fetch what the plan needs and is not there.

        Raises
        ------
        DeepSoilError
            ``cancelled``, ``disk_full``, what prevents a required need, and what concerns every archive (see
            `reachable`). What was fetched is kept.
        """
        self._received.expect(plan.chosen)
        served = Served()
        with ThreadPoolExecutor(AT_ONCE, "gather") as pool:
            # Those that are required begin first, so that what prevents the region is known early.
            order = sorted(plan.choices, key=lambda choice: not choice.required)
            futures = [pool.submit(self._serve, choice, plan, served) for choice in order]
            try:
                problems = [error for future in futures if isinstance(error := future.exception(), Exception)]
            except BaseException:  # Ctrl-C, or the system ends the process: nobody waits for a server that is silent
                self._stop.set()
                raise
        # What was stopped because of another need says nothing.
        for error in sorted(problems, key=lambda one: isinstance(one, DeepSoilError) and one.code == "cancelled"):
            raise error
        if self._cancelled():
            raise _cancelled()
        self._finish(plan, served)
        return served

    def _serve(self, choice: Choice, plan: Plan, served: Served) -> None:
        try:
            self._serve_now(choice, plan, served)
        except BaseException:
            self._stop.set()
            raise

    def _serve_now(self, choice: Choice, plan: Plan, served: Served) -> None:
        failures: list[DeepSoilError] = []
        for name in choice.order:
            outcome = self._outcome(name, plan)
            with self._lock:
                if isinstance(outcome, Entries):
                    served.entries.setdefault(choice.need, []).append(outcome)
                    served.names.setdefault(choice.need, []).append(name)
                else:
                    failures.append(outcome)
                    served.failed.append(gathered.Failed(choice.need, name, outcome.to_dict()))
            if isinstance(outcome, Entries) and not choice.together:
                return
        if choice.required and choice.need not in served.entries:
            raise failures[0] if failures else choice.problem or AssertionError("a need that nothing prevents")

    def _outcome(self, name: str, plan: Plan) -> Entries | DeepSoilError:
        """What an archive gives, asked once for all needs that it serves; the error after which another is asked."""
        with self._lock:
            mine = self._asked.setdefault(name, threading.Lock())
        with mine:
            if name not in self._outcomes:
                self._outcomes[name] = self._ask(self._archives[name], plan)
            return self._outcomes[name]

    def _ask(self, archive: Archive, plan: Plan) -> Entries | DeepSoilError:
        pieces = plan.pieces[archive.name]
        self._received.expect(pieces)
        try:
            return archive.entries([self._fetch(archive, piece) for piece in pieces], self._folder)
        except DeepSoilError as error:
            if error.code not in PASSED_ON or concerns_all(error, itertools.chain(*plan.pieces.values())):
                raise
            problem = error
        except OSError:
            raise
        except Exception as error:  # noqa: BLE001 - an answer that nobody has foreseen must not take the others along
            self._log("".join(traceback.format_exception(error)).rstrip(), "error")
            problem = DeepSoilError("archive_failed", "{archive} gave an answer that is not understood ({error}).",
                                    "Another archive is asked instead, if there is one. Please send the job's log to "
                                    "the developers.", archive=archive.title,
                                    error=f"{type(error).__name__}: {error}"[:200])
        self._received.forget(pieces)
        self._log(str(problem), "warning")
        return problem

    def _fetch(self, archive: Archive, piece: Piece) -> Got:
        """A piece that is whole already, or is fetched now and recorded."""
        there = self._whole.get(gathered.key_of(piece))
        if there is not None:
            self._received.end(piece)
            return there.got
        if self._stop.is_set() or self._cancelled():
            raise _cancelled()
        with self._received.of(piece, archive.title):
            got = archive.fetch(piece, self._network, self._folder)
        fresh = gathered.Fetched(got, gathered.files_of(self._folder, got))
        with self._lock:
            self._record = self._record.with_fetched(fresh)
            self._write()
        for note in got.notes:
            self._log(f"{archive.title}: {note}", "info")
        return got

    def _finish(self, plan: Plan, served: Served) -> None:
        """Record who served what, and forget pieces that are no longer part of the folder."""
        names = {name for names in served.names.values() for name in names}
        keys = {gathered.key_of(piece) for name in names for piece in plan.pieces[name]}
        kept = tuple(one for one in self._record.fetched
                     if one.key in keys or one.got.piece.details.get(LASTING))
        left = {file.name for one in kept for file in one.files}
        for one in self._record.fetched:
            for file in one.files:
                if file.name not in left:
                    (self._folder / file.name).unlink(missing_ok=True)
        refused = [gathered.Failed(choice.need, name, error.to_dict()) for choice in plan.choices
                   for name, error in choice.refused.items() if error.code in ("archive_outside", "archive_no_days")]
        self._record = replace(
            self._record, fetched=kept, failed=(*refused, *served.failed),
            served={choice.need: tuple(served.names[choice.need]) for choice in plan.choices
                    if choice.need in served.names})
        self._write()

    def _write(self) -> None:
        gathered.write(self._folder, self._record, licences(self._archives))


def licences(archives: Mapping[str, Archive]) -> dict[str, tuple[str, str]]:
    """Archive → licence and attribution, for the record."""
    return {name: (archive.licence, archive.attribution) for name, archive in archives.items()}


def _cancelled() -> DeepSoilError:
    return DeepSoilError("cancelled", "The gathering was stopped.", "What was fetched so far is kept.")
