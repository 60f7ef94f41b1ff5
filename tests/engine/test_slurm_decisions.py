"""From what is known of a job to what is done: nothing ends that is not known to have ended, nothing runs in vain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.slurm import parser
from deepsoil.schedulers.slurm.attempts import Attempt
from deepsoil.schedulers.slurm.commands import Reply
from deepsoil.schedulers.slurm.decide import Cancel, Decision, Finish, Known, Submit, decide
from deepsoil.schedulers.slurm.observation import Observer, Seen
from deepsoil.schedulers.slurm.parser import Row
from deepsoil.schedulers.slurm.poll_interval import Rhythm
from deepsoil.schedulers.slurm.task_status import Patience
from deepsoil.schedulers.slurm.timeouts import Times, times
from hypothesis import given
from hypothesis import strategies as st

JOB = "ab" * 16
NAME = f"ds-{JOB}-1"
LAG, GRACE = 120.0, 15.0
WAITING = TaskView(0, "Part 1", "waiting")
RUNNING = TaskView(0, "Part 1", "running", 0.5, "run-1.0")
LOST = replace(RUNNING, state="lost-looking", retryable=True)
DONE = replace(RUNNING, state="succeeded", fraction=1.0)
OWN_FAULT = replace(RUNNING, state="failed", reason={"code": "no_weather", "message": "No weather."})
HUNGRY = replace(RUNNING, state="failed", reason={"code": "out_of_memory", "message": "."}, retryable=True)
INTERRUPTED = replace(RUNNING, state="waiting", reason={"code": "interrupted", "message": "."}, retryable=True)
ATTEMPT = Attempt(JOB, 1, (0,), {}, None, "5", None, frozenset({"array"}))


def seen(state: str | None = None, *, quiet_s: float | None = None, reason: str = "", accounts: str | None = None,
         problem: str = "") -> Seen:
    rows = [] if state is None else [Row(NAME, "5", 0, state, reason, "gpu", 1)]
    told = [] if accounts is None else [Row(NAME, "5", 0, accounts)]
    quiet: dict[Any, float] = {} if quiet_s is None else {NAME: quiet_s, (NAME, 0): quiet_s}
    return Seen(rows, problem, told, quiet)


def known(view: TaskView, what: Seen, *attempts: Attempt, merge: TaskView | None = None, cancel: bool = False,
          **resources: Any) -> Known:
    return Known(JOB, Resources(scheduler="slurm", **resources), attempts or (ATTEMPT,), what, [view], merge, cancel,
                 Patience(LAG, GRACE), 20.0)


def stand(decision: Decision) -> str:
    return decision.verdicts[0].stand


def end(decision: Decision) -> Finish | None:
    return next((action for action in decision.actions if isinstance(action, Finish)), None)


@pytest.mark.parametrize(("view", "what", "expected"), [
    (WAITING, seen("PENDING"), "waiting"), (WAITING, seen("RUNNING"), "running"), (RUNNING, seen("PENDING"), "waiting"),
    (LOST, seen("RUNNING"), "running"), (RUNNING, seen("COMPLETING"), "running"), (RUNNING, seen("UNKNOWN"), "running"),
    (OWN_FAULT, seen("RUNNING"), "running"), (WAITING, seen("REQUEUED"), "waiting"),
    (RUNNING, seen(quiet_s=0), "running"), (WAITING, seen(quiet_s=LAG - 1), "waiting"),
    (LOST, seen(quiet_s=LAG - 1), "running"), (RUNNING, seen("COMPLETED", quiet_s=GRACE - 1), "running"),
    (WAITING, seen(quiet_s=LAG), "unknown"), (RUNNING, seen(quiet_s=10 * LAG), "running"),
    (WAITING, seen(quiet_s=LAG, accounts="RUNNING"), "running"),
    (WAITING, seen(quiet_s=LAG, accounts="PENDING"), "waiting"), (LOST, seen(quiet_s=LAG), "again"),
    (OWN_FAULT, seen(quiet_s=0), "failed"), (OWN_FAULT, seen("FAILED", quiet_s=0), "failed"),
    (HUNGRY, seen("FAILED", quiet_s=GRACE), "again"), (WAITING, seen("NODE_FAIL", quiet_s=GRACE), "again"),
    (LOST, seen("OUT_OF_MEMORY", quiet_s=GRACE), "again"), (LOST, seen("COMPLETED", quiet_s=GRACE), "again"),
    (LOST, seen(quiet_s=GRACE, accounts="NODE_FAIL"), "again"), (WAITING, seen("CANCELLED", quiet_s=GRACE), "failed"),
    (INTERRUPTED, seen("CANCELLED", quiet_s=GRACE), "failed"),
    (LOST, seen("TIMEOUT", quiet_s=GRACE), "again"),  # it came further than before
    (replace(LOST, fraction=0.0), seen("TIMEOUT", quiet_s=GRACE), "failed"),
    (INTERRUPTED, seen("FAILED", quiet_s=GRACE), "again"), (INTERRUPTED, seen("PENDING"), "waiting"),
    (replace(OWN_FAULT, run="run-0.0"), seen("PENDING"), "waiting"),
    (replace(OWN_FAULT, run="run-0.0"), seen(quiet_s=0), "waiting"),  # an orphan of an earlier attempt
])
def test_how_a_task_stands(view: TaskView, what: Seen, expected: str) -> None:
    decision = decide(known(view, what, attempts=1))
    verdict = decision.verdicts[0]
    if expected == "again":  # at the end of its attempts it has failed, with the machine's reason
        assert verdict.stand == "failed" or [action for action in decision.actions if isinstance(action, Submit)]
    else:
        assert verdict.stand == expected


def test_a_time_limit_without_progress_asks_for_more_minutes() -> None:
    heard = replace(INTERRUPTED, fraction=0.0, reason={"code": "time_limit", "message": "."})
    for view, state in ((replace(LOST, fraction=0.0), "TIMEOUT"), (heard, "FAILED")):
        ended = end(decide(known(view, seen(state, quiet_s=GRACE), attempts=5)))
        assert ended and ended.state == "failed" and ended.reason
        assert ended.reason["code"] == "time_limit" and "more minutes" in ended.reason["hint"]


@given(st.sampled_from([WAITING, RUNNING, LOST, HUNGRY, INTERRUPTED, OWN_FAULT]), st.floats(0, 1e6))
def test_while_slurm_does_not_answer_nothing_ends(view: TaskView, quiet_s: float) -> None:
    decision = decide(known(view, replace(seen(quiet_s=quiet_s), problem="connect failure")))
    assert end(decision) is None


@given(st.floats(0, 1e9))
def test_what_nobody_knows_of_never_ends_by_itself(quiet_s: float) -> None:
    decision = decide(known(WAITING, seen(quiet_s=quiet_s)))
    assert end(decision) is None and not decision.actions
    assert decision.known == (quiet_s < LAG)


def test_results_count_whatever_slurm_says() -> None:
    for what in (seen("NODE_FAIL", quiet_s=LAG), seen(problem="connect failure"), seen("RUNNING")):
        ended = end(decide(known(DONE, what)))
        assert ended and ended.state == "succeeded"


def test_memory_is_doubled_each_time_until_the_attempts_are_used_up() -> None:
    attempts, asked = [ATTEMPT], []
    while True:
        view = replace(HUNGRY, run=f"run-{len(attempts)}.0")
        latest = attempts[-1]
        name = latest.name("array")
        what = Seen([Row(name, str(latest.array), 0, "OUT_OF_MEMORY")], "", (), {(name, 0): GRACE})
        decision = decide(known(view, what, *attempts, memory_mb=1000, attempts=3))
        submits = [action for action in decision.actions if isinstance(action, Submit)]
        if not submits:
            break
        asked.append(submits[0].attempt.memory_mb)
        attempts.append(replace(submits[0].attempt, array=str(5 + len(attempts)), intended=frozenset({"array"})))
    assert asked == [2000, 4000]
    ended = end(decision)
    assert ended and ended.reason and "tried 3 times" in ended.reason["message"]


def test_a_later_attempt_holds_only_what_failed_and_its_merge_waits_for_both_arrays() -> None:
    views = [replace(LOST, index=0), replace(RUNNING, index=1), replace(DONE, index=2)]
    first = replace(ATTEMPT, tasks=(0, 1, 2), merge="6", intended=frozenset({"array", "merge"}))
    what = Seen([Row(NAME, "5", 0, "NODE_FAIL"), Row(NAME, "5", 1, "RUNNING")], "", (), {(NAME, 0): GRACE})
    merge = TaskView(-1, "Merge", "waiting")
    before = replace(known(WAITING, what, first, merge=merge), tasks=views)
    again = decide(before).actions[0]
    assert isinstance(again, Submit) and again.attempt.number == 2 and again.attempt.tasks == (0,)
    second = replace(again.attempt, array="7", intended=frozenset({"array"}))
    after = decide(replace(before, attempts=[first, second])).actions
    assert [(action.part, action.after) for action in after if isinstance(action, Submit)] == [("merge", ("5", "7"))]


def test_a_merge_that_a_machine_failed_is_repeated_alone() -> None:
    attempt = replace(ATTEMPT, merge="6", intended=frozenset({"array", "merge"}))
    name = attempt.name("merge")
    what = Seen([Row(name, "6", None, "NODE_FAIL")], "", (), {(name, None): GRACE})
    decision = decide(known(DONE, what, attempt, merge=TaskView(-1, "Merge", "lost-looking", 0.5, "run-1.0")))
    action = decision.actions[0]
    assert isinstance(action, Submit) and action.part == "merge" and action.attempt.tasks == ()


def test_a_cancel_goes_on_until_all_is_gone_and_waits_for_what_may_still_come() -> None:
    lost = replace(ATTEMPT, array=None)
    for attempt, what, ends in (
            (ATTEMPT, seen("RUNNING"), False), (ATTEMPT, seen(quiet_s=0), False), (ATTEMPT, seen(quiet_s=1), True),
            (ATTEMPT, seen(quiet_s=9, problem="connect failure"), False), (lost, seen(quiet_s=19), False),
            (lost, seen(quiet_s=20), True), (replace(lost, refused="no"), seen(quiet_s=0), True)):
        decision = decide(known(WAITING, what, attempt, cancel=True))
        assert (end(decision) is not None) == ends
        cancels = [action for action in decision.actions if isinstance(action, Cancel)]
        assert bool(cancels) == (not ends and what.fresh)


class FakeSlurm:
    """Answers of squeue, one after the other."""

    user = "anna"

    def __init__(self, *answers: Reply) -> None:
        self.answers = list(answers)

    def run(self, command: list[str]) -> Reply:
        return self.answers.pop(0)

    def facts(self) -> None:
        return None


def test_silence_is_counted_between_answers_and_one_empty_answer_is_not_believed() -> None:
    line = parser.SEPARATOR.join(("DS1", NAME, "5", "0", "5", "RUNNING", "None", "anna", "gpu", "1", "N/A")) + "\n"
    there, empty, error = Reply(0, line, ""), Reply(0, "", ""), Reply(1, "", "connect failure")
    now = [0.0]
    slurm = FakeSlurm(there, empty, error, error, empty, empty, there)
    observer = Observer(slurm, GRACE, lambda: now[0])  # type: ignore[arg-type]
    looks = []
    for _ in range(7):
        now[0] += 7
        looks.append(observer.look({NAME: [0]}))
    assert [bool(look.rows) for look in looks] == [True, True, True, True, False, False, True]
    assert [look.fresh for look in looks] == [True, True, False, False, True, True, True]
    assert [look.quiet_s.get((NAME, 0)) for look in looks] == [None, 0, 0, 0, 21, 28, None]


def test_looks_become_seldom_while_nothing_changes() -> None:
    rhythm = Rhythm(Times())
    pauses = []
    for changed in (True, False, False, False, False, False, False, False, True):
        rhythm.note(changed)
        pauses.append(rhythm.pause_s)
    assert pauses[0] == pauses[-1] == 5 and max(pauses) == 60 and pauses[1] == 7.5


def test_times_can_be_set() -> None:
    assert times({"DEEPSOIL_SLURM_TIMES": "settle=3,lag=5"}) == replace(Times(), settle=3.0, lag=5.0)
    assert Times().settle_s(None) == 25 and Times().lag_s(parser.Facts(min_job_age_s=300)) == 300
