"""Advances every array job of a HOME by one step. The processes that serve the HOME call it repeatedly, one at a time.

A round reads the records, asks the scheduler once, reads the tasks' files again (they are newer than the answer),
decides, acts. If it is killed, the next round continues; between rounds the jobs keep running and nothing is lost.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.contract.states import IllegalStepError
from deepsoil.contract.text import Text
from deepsoil.io import disk_errors, locks
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.listing import with_each
from deepsoil.jobs.tasks import finish, status
from deepsoil.jobs.tasks.plan import make_plan, read_plan
from deepsoil.schedulers.array.active import ActiveJobs
from deepsoil.schedulers.array.attempts import Attempt, Journal
from deepsoil.schedulers.array.backend import ArrayBackend, Facts, NoAnswerError, Request
from deepsoil.schedulers.array.decide import Cancel, Decision, Finish, Known, Submit, decide, wanted
from deepsoil.schedulers.array.node_environment import node_of
from deepsoil.schedulers.array.observation import Observer, Snapshot
from deepsoil.schedulers.array.report import Reporter
from deepsoil.schedulers.array.submission import Outcome, Submitter
from deepsoil.schedulers.array.task_status import Delays
from deepsoil.schedulers.array.timeouts import Timeouts, timeouts

_STEPS_PER_ROUND = 4
_MOST_LOGGED = 50
_REPORTS_AT_ONCE = 8


class Advancer:
    """For one scheduler, one HOME and one process; it remembers which jobs it has looked for, and for how long."""

    def __init__(self, home: Path, backend: ArrayBackend, make_context: Callable[[], Context],
                 times: Timeouts | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._home, self._backend, self._make_context = home, backend, make_context
        self.times = timeouts() if times is None else times
        self._observer = Observer(backend, self.times.grace, clock)
        self._submitter = Submitter(backend, self.times, clock)
        self._reporter = Reporter(backend, clock)
        self._active = ActiveJobs(home, backend.name)
        self._resources: dict[str, Resources] = {}
        self._paused = False

    @property
    def searching(self) -> bool:
        """Whether a submission whose answer was lost is being looked for."""
        return self._submitter.searching

    def active(self) -> list[JobFolder]:
        """The jobs that have not ended."""
        return self._active.look()

    def round(self) -> bool:
        """One step for all jobs; returns whether anything changed. Does nothing while another process runs a round."""
        with locks.locked(self._home / "jobs" / ".advance.lock", wait=False) as acquired:
            if not acquired:
                return False
            jobs = self.active()
            names: dict[str, Sequence[int | None]] = {}
            found: dict[str, list[Attempt]] = {}
            for folder, attempts in with_each(iter(jobs), lambda folder: Journal(folder.path).attempts()):
                found[folder.id] = attempts  # where that fails, the job's own step reports the error
            for _, wanted_of_job in with_each(iter(jobs), lambda folder: wanted(
                    found.get(folder.id, ()), status.finished(folder))):
                names.update(wanted_of_job)
            snapshot = self._observer.look(names) if names else Snapshot([])
            self._paused = not snapshot.fresh
            reports: list[tuple[JobFolder, Callable[[], bool]]] = []
            changes = [changed for _, changed in with_each(iter(jobs), lambda folder: self._guarded(
                folder, lambda: self._step(folder, snapshot, found.get(folder.id), reports)))]
            # What is written for other processes waits for the disk, and every job writes into its own folder.
            with ThreadPoolExecutor(_REPORTS_AT_ONCE, "reporting") as pool:
                changes += pool.map(lambda one: self._guarded(*one), reports)
        return any(changes)

    def _guarded(self, folder: JobFolder, act: Callable[[], bool]) -> bool:
        """``act()``, which advances a job; what goes wrong with it is said in its log."""
        try:
            return act()
        except IllegalStepError:
            return True  # it ended in between
        except DeepSoilError as error:
            if error.code == "job_missing":
                return True
            self._reporter.log_once(folder, str(error))
            with contextlib.suppress(OSError, DeepSoilError, IllegalStepError, NoAnswerError):  # in a later round
                return self._end_damaged(folder) if folder.cancelled() else folder.set_message(error.message)
            return False
        except OSError as error:
            # A full or read-only disk: whatever could not be written is written in a later round.
            problem = disk_errors.explained(error, folder.path)
            self._reporter.log_once(folder, str(problem or error))
            return False
        except Exception as error:  # noqa: BLE001 - the boundary: one job must not hold up the others
            self._reporter.log_once(folder, "".join(traceback.format_exception(error)))
            return False

    def _end_damaged(self, folder: JobFolder) -> bool:
        """Cancel a job whose files are too damaged to monitor it."""
        names = [name for attempt in Journal(folder.path).attempts() for name in attempt.names]
        if names:
            self._backend.cancel(names)
        folder.finish("cancelled", "Stopped")
        return True

    def _step(self, folder: JobFolder, snapshot: Snapshot, attempts: list[Attempt] | None,
              reports: list[tuple[JobFolder, Callable[[], bool]]]) -> bool:
        """``attempts``: as they were read in this round; only this process changes them. ``reports``: gets what is to
        be written of a job that goes on."""
        resources = self._resources_of(folder)
        if read_plan(folder) is None:
            try:
                make_plan(folder.specification(), folder, self._make_context())
            except DeepSoilError as error:
                folder.finish("failed", error.message, error)
                return True
        changed, note = False, ""
        for _ in range(_STEPS_PER_ROUND):
            known = self._known(folder, resources, snapshot, attempts)
            decision = decide(known)
            progressed, note = self._act(folder, resources, decision, known)
            if any(isinstance(action, Finish) for action in decision.actions):
                return True
            changed, attempts = changed or progressed, None
            if not progressed:
                break
        reports.append((folder, partial(self._reporter.report, folder, resources, known, decision, note)))
        return changed

    def _resources_of(self, folder: JobFolder) -> Resources:
        """Resources of a job. Cached: a specification may hold a thousand configurations."""
        if folder.id not in self._resources:
            self._resources[folder.id] = Resources.model_validate(folder.document().get("resources") or {})
        return self._resources[folder.id]

    def _known(self, folder: JobFolder, resources: Resources, snapshot: Snapshot,
               attempts: list[Attempt] | None) -> Known:
        if attempts is None:
            attempts = Journal(folder.path).attempts()
        facts = self._backend.facts()
        return Known(folder.id, self._backend.title, resources, attempts,
                     snapshot.of(name for attempt in attempts for name in attempt.names),
                     status.look(folder), status.look_at_merge(folder), folder.cancelled(),
                     Delays(self.times.lag_s(facts), self.times.grace), self.times.settle_s(facts),
                     (facts or Facts()).largest_array)

    def _act(self, folder: JobFolder, resources: Resources, decision: Decision, known: Known) -> tuple[bool, str]:
        """Act on a decision; returns whether anything changed (then decide again), and a note on a submission."""
        progressed, note = False, ""
        for action in decision.actions:
            if isinstance(action, Finish):
                self._log_failures(folder, decision)
                self._finish(folder, action, known)
                return False, action.message
            if isinstance(action, Cancel):
                self._backend.cancel(action.names)
                continue
            if action.why:
                folder.log(action.why, "warning")
            outcome = self._submit(folder, resources, action, known)
            progressed = progressed or outcome.kind != "waiting"
            note = outcome.words if outcome.kind == "waiting" else note
        return progressed, note

    def _submit(self, folder: JobFolder, resources: Resources, action: Submit, known: Known) -> Outcome:
        title, attempt, part = self._backend.title, action.attempt, action.part
        if self._paused:
            return Outcome("waiting", words=Text("{scheduler} does not answer at the moment; DeepSoil tries again",
                                                 scheduler=title))
        node = node_of(self._home, folder.path, *self._backend.passed_variables)
        here = node.job / f"attempt-{attempt.number}"
        command, script = ("run-task", "script.sh") if part == "array" else ("run-merge", "merge.sh")
        words = [command, str(node.job), "--attempt", str(attempt.number)]
        if attempt.first and part == "array":
            words += ["--first", str(attempt.first)]
        numbers = tuple(index - attempt.first for index in attempt.tasks) if part == "array" else ()
        request = Request(folder.id, attempt.name(part), part, numbers, action.after,
                          at_once(resources, len(known.tasks), known.largest_array), attempt.memory_mb, here,
                          here / script)
        text = self._backend.script(node, words, request)
        outcome = self._submitter.submit(Journal(folder.path), attempt, request, text,
                                         known.snapshot.records if known.snapshot.fresh else None)
        # A scheduler that did not answer would delay every further job of this round as long.
        self._paused = outcome.unanswered
        if outcome.kind == "submitted":
            folder.log(f"{title} has {request.name} as number {outcome.number}.")
        elif outcome.kind == "refused":
            folder.log(f"{title} refused {request.name}: {outcome.words}", "error")
        return outcome

    def _finish(self, folder: JobFolder, action: Finish, known: Known) -> None:
        finish.collect(folder, partial=action.state != "succeeded")
        if folder.state == "queued" and action.state == "succeeded":
            folder.step("running", message="Running")
        reason = None if action.reason is None else DeepSoilError.from_dict(action.reason)
        self._cancel_rest(known.snapshot)
        self._reporter.last(folder, known)
        folder.finish(action.state, action.message, reason)

    @staticmethod
    def _log_failures(folder: JobFolder, decision: Decision) -> None:
        failed = [task for task in decision.tasks if task.state == "failed"]
        for task in failed[:_MOST_LOGGED]:
            folder.log(f"Task {task.index}: {(task.reason or {}).get('message', 'failed')}", "error")

    def _cancel_rest(self, snapshot: Snapshot) -> None:
        """Remove from the queue what remains of an ended job: duplicates, merges of earlier attempts."""
        left = sorted({record.name for record in snapshot.records or () if record.phase != "ended"})
        if left:
            self._backend.cancel(left)


def at_once(resources: Resources, tasks: int, largest_array: int) -> Resources:
    """The resources of one of the arrays of a job: the limit on tasks that run at once is shared among them."""
    arrays = -(-tasks // largest_array)
    if arrays < 2 or not resources.tasks or resources.tasks >= tasks:
        return resources
    return resources.model_copy(update={"tasks": max(1, resources.tasks // arrays)})
