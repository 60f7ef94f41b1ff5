"""Takes every Slurm job of a HOME one step on. Whoever serves the HOME calls it again and again; one at a time does it.

A round reads what is written, asks Slurm once, reads the tasks' files again (they are newer than Slurm's answer),
decides, acts. Killed anywhere, the next round goes on; while nobody calls, the jobs run on and nothing is lost.
"""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.resources import Resources
from deepsoil.contract.states import IllegalStepError
from deepsoil.io import locks
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import finish, status
from deepsoil.jobs.tasks.plan import make_plan, read_plan
from deepsoil.schedulers.slurm import parser, report
from deepsoil.schedulers.slurm.active import Active
from deepsoil.schedulers.slurm.attempts import Journal
from deepsoil.schedulers.slurm.commands import Slurm
from deepsoil.schedulers.slurm.decide import Cancel, Decision, Finish, Known, Submit, decide, wanted
from deepsoil.schedulers.slurm.node_environment import where
from deepsoil.schedulers.slurm.observation import Observer, Seen
from deepsoil.schedulers.slurm.script import array_command, merge_command, script
from deepsoil.schedulers.slurm.submission import Outcome, Submitter
from deepsoil.schedulers.slurm.task_status import Patience
from deepsoil.schedulers.slurm.timeouts import Times, times

_STEPS_A_ROUND = 4
_MOST_LOGGED = 50


class Advancer:
    """For one HOME and one process; it remembers what it has looked for, and for how long."""

    def __init__(self, home: Path, make_context: Callable[[], Context], slurm: Slurm | None = None,
                 patience: Times | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._home, self._make_context = home, make_context
        self.times = times() if patience is None else patience
        self._slurm = slurm or Slurm()
        self._observer = Observer(self._slurm, self.times.grace, clock)
        self._submitter = Submitter(self._slurm, self.times, clock)
        self._reporter = report.Reporter(self._slurm, clock)
        self._active = Active(home)
        self._resources: dict[str, Resources] = {}
        self._holding = False

    @property
    def searching(self) -> bool:
        """Whether a submission whose answer was lost is being looked for."""
        return self._submitter.searching

    def active(self) -> list[JobFolder]:
        """The Slurm jobs that have not ended."""
        return self._active.look()

    def round(self) -> bool:
        """One step for all jobs; whether anything changed. Nothing where another process is at it."""
        with locks.locked(self._home / "jobs" / ".advance.lock", wait=False) as mine:
            if not mine:
                return False
            jobs = self.active()
            names: dict[str, Sequence[int | None]] = {}
            for folder in jobs:
                with contextlib.suppress(DeepSoilError, OSError, ValueError):  # its own step says what is wrong
                    names.update(wanted(Journal(folder.path).attempts(), status.look(folder)))
            seen = self._observer.look(names) if names else Seen([])
            self._holding = not seen.fresh
            changes = [self._advance(folder, seen) for folder in jobs]
        return any(changes)

    def _advance(self, folder: JobFolder, seen: Seen) -> bool:
        try:
            return self._step(folder, seen)
        except IllegalStepError:
            return True  # it ended in between
        except DeepSoilError as error:
            if error.code == "job_missing":
                return True
            self._reporter.complain(folder, str(error))
            return self._end_damaged(folder) if folder.cancelled() else folder.say(error.message)
        except Exception as error:  # noqa: BLE001 - the boundary: one job must not hold up the others
            self._reporter.complain(folder, "".join(traceback.format_exception(error)))
            return False

    def _end_damaged(self, folder: JobFolder) -> bool:
        """Cancel a job whose files say too little to follow it to its end."""
        names = [name for attempt in Journal(folder.path).attempts() for name in attempt.names]
        if names:
            self._slurm.run(parser.scancel_command(names, self._slurm.user))
        folder.finish("cancelled", "Stopped")
        return True

    def _step(self, folder: JobFolder, seen: Seen) -> bool:
        resources = self._resources_of(folder)
        if read_plan(folder) is None:
            try:
                make_plan(folder.specification(), folder, self._make_context())
            except DeepSoilError as error:
                folder.finish("failed", error.message, error)
                return True
        changed, said = False, ""
        for _ in range(_STEPS_A_ROUND):
            known = self._known(folder, resources, seen)
            decision = decide(known)
            go_on, said = self._act(folder, resources, decision, known)
            changed = changed or go_on
            if not go_on:
                break
        if folder.status().final:
            return True
        return self._reporter.report(folder, resources, known, decision, said) or changed

    def _resources_of(self, folder: JobFolder) -> Resources:
        """Read once: a specification may hold a thousand configurations."""
        if folder.id not in self._resources:
            self._resources[folder.id] = Resources.model_validate(folder.document().get("resources") or {})
        return self._resources[folder.id]

    def _known(self, folder: JobFolder, resources: Resources, seen: Seen) -> Known:
        attempts = Journal(folder.path).attempts()
        facts = self._slurm.facts() if attempts else None
        return Known(folder.id, resources, attempts, seen.of(name for attempt in attempts for name in attempt.names),
                     status.look(folder), status.look_at_merge(folder), folder.cancelled(),
                     Patience(self.times.lag_s(facts), self.times.grace), self.times.settle_s(facts))

    def _act(self, folder: JobFolder, resources: Resources, decision: Decision, known: Known) -> tuple[bool, str]:
        """Whether something is different now, so that it is worth deciding again; and what there is to say."""
        went_on, said = False, ""
        for action in decision.actions:
            if isinstance(action, Finish):
                self._log_failures(folder, decision)
                self._finish(folder, action, known)
                return False, action.message
            if isinstance(action, Cancel):
                self._slurm.run(parser.scancel_command(action.names, self._slurm.user))
                continue
            if action.why:
                folder.log(action.why, "warning")
            outcome = self._submit(folder, resources, action, known)
            went_on = went_on or outcome.kind != "waiting"
            said = outcome.words if outcome.kind == "waiting" else said
        return went_on, said

    def _submit(self, folder: JobFolder, resources: Resources, action: Submit, known: Known) -> Outcome:
        if self._holding:
            return Outcome("waiting", words="Slurm does not answer at the moment; it is tried again")
        attempt, part = action.attempt, action.part
        journal, host = Journal(folder.path), where(self._home, folder.path)
        here = host.job / f"attempt-{attempt.number}"
        if part == "array":
            text = script(host, ["run-task", str(host.job), "--attempt", str(attempt.number)])
            command = array_command(folder.id, attempt.number, attempt.tasks, resources, here, attempt.memory_mb)
        else:
            text = script(host, ["run-merge", str(host.job), "--attempt", str(attempt.number)])
            command = merge_command(folder.id, attempt.number, action.after, resources, here, attempt.memory_mb)
        outcome = self._submitter.submit(journal, attempt, part, text, command,
                                         known.seen.rows if known.seen.fresh else None)
        # A Slurm that did not answer would keep every further job of this round waiting as long.
        self._holding = outcome.unanswered
        if outcome.kind == "submitted":
            folder.log(f"Slurm has {attempt.name(part)} as number {outcome.number}.")
        elif outcome.kind == "refused":
            folder.log(f"Slurm refused {attempt.name(part)}: {outcome.words}", "error")
        return outcome

    def _finish(self, folder: JobFolder, action: Finish, known: Known) -> None:
        finish.collect(folder, partial=action.state != "succeeded")
        if folder.state == "queued" and action.state == "succeeded":
            folder.step("running", message="Running")
        reason = None if action.reason is None else DeepSoilError(
            str(action.reason.get("code") or "failed"), str(action.reason.get("message", "")),
            str(action.reason.get("hint") or ""), action.reason.get("field"))
        self._cancel_rest(known.seen)
        self._reporter.last(folder, known)
        folder.finish(action.state, action.message, reason)

    @staticmethod
    def _log_failures(folder: JobFolder, decision: Decision) -> None:
        failed = [verdict for verdict in decision.verdicts if verdict.stand == "failed"]
        for verdict in failed[:_MOST_LOGGED]:
            folder.log(f"Task {verdict.index}: {(verdict.reason or {}).get('message', 'failed')}", "error")

    def _cancel_rest(self, seen: Seen) -> None:
        """Nothing of a job that has ended stays in the queue: duplicates, merges of earlier attempts."""
        left = sorted({row.name for row in seen.rows or () if not row.ended})
        if left:
            self._slurm.run(parser.scancel_command(left, self._slurm.user))
