"""From what is known of a job to what is done: nothing ends that is not known to have ended, nothing runs in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.advance import at_once
from deepsoil.schedulers.array.attempts import Attempt
from deepsoil.schedulers.array.backend import Facts
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.array.decide import Cancel, Decision, Finish, Known, Submit, decide, wanted
from deepsoil.schedulers.array.observation import Observer, Snapshot
from deepsoil.schedulers.array.poll_interval import PollInterval
from deepsoil.schedulers.array.task_status import Delays, attempts_of
from deepsoil.schedulers.array.timeouts import Timeouts, timeouts
from deepsoil.schedulers.slurm import parser
from deepsoil.schedulers.slurm.parser import Row
from deepsoil.schedulers.slurm.scheduler import Slurm
from hypothesis import given
from hypothesis import strategies as st

JOB = "ab" * 16
NAME = f"ds-{JOB}-1"
LAG, GRACE = 120.0, 15.0
WAITING = TaskView(0, "Part 1", "waiting")
RUNNING = TaskView(0, "Part 1", "running", 0.5, "run-1.0")
LOST = replace(RUNNING, state="stale", retryable=True)
DONE = replace(RUNNING, state="succeeded", fraction=1.0)
OWN_FAULT = replace(RUNNING, state="failed", reason={"code": "no_weather", "message": "No weather."})
HUNGRY = replace(RUNNING, state="failed", reason={"code": "out_of_memory", "message": "."}, retryable=True)
INTERRUPTED = replace(RUNNING, state="waiting", reason={"code": "interrupted", "message": "."}, retryable=True)
ATTEMPT = Attempt(JOB, 1, (0,), {}, None, "5", None, frozenset({"array"}))


def seen(state: str | None = None, *, absent_s: float | None = None, reason: str = "", accounts: str | None = None,
         problem: str = "") -> Snapshot:
    rows = [] if state is None else [Row(NAME, "5", 0, state, reason, "gpu", 1)]
    told = [] if accounts is None else [Row(NAME, "5", 0, accounts)]
    absent: dict[Any, float] = {} if absent_s is None else {NAME: absent_s, (NAME, 0): absent_s}
    return Snapshot(rows, problem, told, absent)


def known(view: TaskView, what: Snapshot, *attempts: Attempt, merge: TaskView | None = None, cancel: bool = False,
          **resources: Any) -> Known:
    return Known(JOB, "Slurm", Resources(scheduler="slurm", **resources), attempts or (ATTEMPT,), what, [view], merge,
                 cancel, Delays(LAG, GRACE), 20.0)


def stand(decision: Decision) -> str:
    return decision.tasks[0].state


def end(decision: Decision) -> Finish | None:
    return next((action for action in decision.actions if isinstance(action, Finish)), None)


@pytest.mark.parametrize(("view", "what", "expected"), [
    (WAITING, seen("PENDING"), "waiting"), (WAITING, seen("RUNNING"), "running"), (RUNNING, seen("PENDING"), "waiting"),
    (LOST, seen("RUNNING"), "running"), (RUNNING, seen("COMPLETING"), "running"), (RUNNING, seen("UNKNOWN"), "running"),
    (WAITING, seen("UNKNOWN"), "waiting"), (OWN_FAULT, seen("RUNNING"), "running"),
    (WAITING, seen("REQUEUED"), "waiting"), (WAITING, Snapshot(None), "waiting"), (LOST, Snapshot(None), "running"),
    (RUNNING, seen(absent_s=0), "running"), (WAITING, seen(absent_s=LAG - 1), "waiting"),
    (LOST, seen(absent_s=LAG - 1), "running"), (RUNNING, seen("COMPLETED", absent_s=GRACE - 1), "running"),
    (WAITING, seen(absent_s=LAG), "unknown"), (RUNNING, seen(absent_s=10 * LAG), "running"),
    (WAITING, seen(absent_s=LAG, accounts="RUNNING"), "running"),
    (WAITING, seen(absent_s=LAG, accounts="PENDING"), "waiting"), (LOST, seen(absent_s=LAG), "task_lost"),
    (LOST, seen(absent_s=GRACE - 1, accounts="NODE_FAIL"), "running"),
    (OWN_FAULT, seen(absent_s=0), "failed"), (OWN_FAULT, seen("FAILED", absent_s=0), "failed"),
    (HUNGRY, seen("FAILED", absent_s=GRACE), "out_of_memory"),
    (WAITING, seen("NODE_FAIL", absent_s=GRACE), "node_lost"),
    (WAITING, seen("BOOT_FAIL", absent_s=GRACE), "node_lost"), (LOST, seen("PREEMPTED", absent_s=GRACE), "preempted"),
    (WAITING, seen("PREEMPTED", absent_s=GRACE), "preempted"), (WAITING, seen("FAILED", absent_s=GRACE), "task_lost"),
    (LOST, seen("PREEMPTED", absent_s=GRACE - 1), "running"), (LOST, seen("REVOKED", absent_s=GRACE), "task_lost"),
    (LOST, seen("OUT_OF_MEMORY", absent_s=GRACE), "out_of_memory"),
    (LOST, seen("COMPLETED", absent_s=GRACE), "task_lost"),
    (LOST, seen(absent_s=GRACE, accounts="NODE_FAIL"), "node_lost"),
    (WAITING, seen("CANCELLED", absent_s=GRACE), "failed"), (INTERRUPTED, seen("CANCELLED", absent_s=GRACE), "failed"),
    (replace(RUNNING, state="cancelled"), seen("COMPLETED", absent_s=0), "failed"),
    (LOST, seen("TIMEOUT", absent_s=GRACE), "interrupted"),  # it came further than before
    (LOST, seen("DEADLINE", absent_s=GRACE), "interrupted"),
    (replace(LOST, fraction=0.0), seen("TIMEOUT", absent_s=GRACE), "failed"),
    (replace(LOST, fraction=0.0), seen("DEADLINE", absent_s=GRACE), "failed"),
    (INTERRUPTED, seen("FAILED", absent_s=GRACE), "interrupted"), (INTERRUPTED, seen("PENDING"), "waiting"),
    (replace(OWN_FAULT, run="run-0.0"), seen("PENDING"), "waiting"),
    (replace(OWN_FAULT, run="run-0.0"), seen(absent_s=0), "waiting"),  # an orphan of an earlier attempt
])
def test_how_a_task_stands(view: TaskView, what: Snapshot, expected: str) -> None:
    """The state, or the code of the machine's reason for which the task is tried again."""
    states = {"waiting", "running", "failed", "unknown"}
    decision = decide(known(view, what))
    submitted = [action for action in decision.actions if isinstance(action, Submit)]
    if expected in states:
        assert stand(decision) == expected and not submitted
        assert (end(decision) is not None) == (expected == "failed")
        return
    assert (stand(decision), decision.tasks[0].code, end(decision)) == ("retry", expected, None)
    (again,) = submitted
    assert (again.part, again.attempt.number, again.attempt.tasks) == ("array", 2, (0,)) and again.why
    last = decide(known(view, what, attempts=1))
    if view.fraction and expected != "out_of_memory":
        assert stand(last) == "retry", "a try that came further does not count"
    else:
        ended = end(last)
        assert stand(last) == "failed" and ended and ended.reason and ended.reason["code"] == expected


STATES = {  # what Slurm calls it: (what it means here, how it ended)
    "PENDING": ("waiting", None), "REQUEUED": ("waiting", None), "REQUEUE_FED": ("waiting", None),
    "REQUEUE_HOLD": ("waiting", None), "RESV_DEL_HOLD": ("waiting", None), "SPECIAL_EXIT": ("waiting", None),
    "RUNNING": ("running", None), "SUSPENDED": ("running", None), "COMPLETING": ("running", None),
    "CONFIGURING": ("running", None), "RESIZING": ("running", None), "SIGNALING": ("running", None),
    "STAGE_OUT": ("running", None), "STOPPED": ("running", None), "POWER_UP_NODE": ("running", None),
    "COMPLETED": ("ended", "completed"), "FAILED": ("ended", "failed"), "CANCELLED": ("ended", "cancelled"),
    "TIMEOUT": ("ended", "time_limit"), "DEADLINE": ("ended", "time_limit"), "NODE_FAIL": ("ended", "node_lost"),
    "BOOT_FAIL": ("ended", "node_lost"), "PREEMPTED": ("ended", "preempted"),
    "OUT_OF_MEMORY": ("ended", "out_of_memory"), "REVOKED": ("ended", "failed"), "UNKNOWN": ("unknown", None)}


def test_every_state_of_slurm_has_its_meaning() -> None:
    assert {state: (Row(NAME, "5", 0, state).phase, Row(NAME, "5", 0, state).end) for state in STATES} == STATES
    assert parser.ACTIVE | parser.ENDED | {"UNKNOWN"} == STATES.keys()
    assert [parser.state_of(word) for word in ("CANCELLED by 1000", "CANCELLED+", "RUNNING", "running", "", "NEW")] == [
        "CANCELLED", "CANCELLED", "RUNNING", "UNKNOWN", "UNKNOWN", "UNKNOWN"]
    ghosts = [row.refused_ghost for row in (Row(NAME, "5", 0, "FAILED", "BadConstraints"), Row(NAME, "5", 0, "FAILED"),
                                            Row(NAME, "5", 0, "PENDING", "BadConstraints"))]
    assert ghosts == [True, False, False]


@pytest.mark.parametrize(("marks", "now", "counted"), [
    ([0.0], 0.0, 1), ([0.0], 0.4, 0), ([0.0, 0.4], 0.4, 1), ([0.0, 0.0], 0.4, 1), ([0.0, 0.0], 0.0, 2),
    ([0.0, 0.3, 0.6], 0.9, 0), ([], 0.0, 0)])
def test_a_try_counts_unless_the_task_came_further_in_it(marks: list[float], now: float, counted: int) -> None:
    attempts = [replace(ATTEMPT, number=1 + number, fractions={0: mark}) for number, mark in enumerate(marks)]
    attempts.append(replace(ATTEMPT, tasks=(1,), number=9))
    assert attempts_of(0, attempts, {0: now}, all_count=False) == counted
    assert attempts_of(0, attempts, {0: now}, all_count=True) == len(marks)


def test_a_time_limit_without_progress_asks_for_more_minutes() -> None:
    heard = replace(INTERRUPTED, fraction=0.0, reason={"code": "time_limit", "message": "."})
    for view, state in ((replace(LOST, fraction=0.0), "TIMEOUT"), (heard, "FAILED")):
        ended = end(decide(known(view, seen(state, absent_s=GRACE), attempts=5)))
        assert ended and ended.state == "failed" and ended.reason
        assert ended.reason["code"] == "time_limit" and "more minutes" in ended.reason["hint"]


@given(st.sampled_from([WAITING, RUNNING, LOST, HUNGRY, INTERRUPTED, OWN_FAULT]), st.floats(0, 1e6))
def test_while_slurm_does_not_answer_nothing_ends(view: TaskView, absent_s: float) -> None:
    decision = decide(known(view, replace(seen(absent_s=absent_s), problem="connect failure")))
    assert end(decision) is None


@given(st.floats(0, 1e9))
def test_what_nobody_knows_of_never_ends_by_itself(absent_s: float) -> None:
    decision = decide(known(WAITING, seen(absent_s=absent_s)))
    assert end(decision) is None and not decision.actions
    assert decision.known == (absent_s < LAG)


def test_results_count_whatever_slurm_says() -> None:
    for what in (seen("NODE_FAIL", absent_s=LAG), seen(problem="connect failure"), seen("RUNNING")):
        ended = end(decide(known(DONE, what)))
        assert ended and ended.state == "succeeded"


def test_memory_is_doubled_each_time_until_the_attempts_are_used_up() -> None:
    attempts, asked = [ATTEMPT], []
    while True:
        view = replace(HUNGRY, run=f"run-{len(attempts)}.0")
        latest = attempts[-1]
        name = latest.name("array")
        what = Snapshot([Row(name, str(latest.array), 0, "OUT_OF_MEMORY")], "", (), {(name, 0): GRACE})
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
    what = Snapshot([Row(NAME, "5", 0, "NODE_FAIL"), Row(NAME, "5", 1, "RUNNING")], "", (), {(NAME, 0): GRACE})
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
    what = Snapshot([Row(name, "6", None, "NODE_FAIL")], "", (), {(name, None): GRACE})
    decision = decide(known(DONE, what, attempt, merge=TaskView(-1, "Merge", "stale", 0.5, "run-1.0")))
    action = decision.actions[0]
    assert isinstance(action, Submit) and action.part == "merge" and action.attempt.tasks == ()


def test_a_cancel_goes_on_until_all_is_gone_and_waits_for_what_may_still_come() -> None:
    lost = replace(ATTEMPT, array=None)
    for attempt, what, ends in (
            (ATTEMPT, seen("RUNNING"), False), (ATTEMPT, seen(absent_s=0), False), (ATTEMPT, seen(absent_s=1), True),
            (ATTEMPT, seen(absent_s=9, problem="connect failure"), False), (lost, seen(absent_s=19), False),
            (lost, seen(absent_s=20), True), (replace(lost, refused="no"), seen(absent_s=0), True)):
        decision = decide(known(WAITING, what, attempt, cancel=True))
        assert (end(decision) is not None) == ends
        cancels = [action for action in decision.actions if isinstance(action, Cancel)]
        assert bool(cancels) == (not ends and what.fresh)


class FakeSlurm(Slurm):
    """Answers of squeue, one after the other."""

    def __init__(self, *answers: Reply) -> None:
        super().__init__()
        self.user = "anna"
        self.answers = list(answers)

    def run(self, command: Sequence[str]) -> Reply:
        return self.answers.pop(0)

    def facts(self) -> Facts | None:
        return None


def test_silence_is_counted_between_answers_and_one_empty_answer_is_not_believed() -> None:
    line = parser.SEPARATOR.join(("DS1", NAME, "5", "0", "5", "RUNNING", "None", "anna", "gpu", "1", "N/A")) + "\n"
    there, empty, error = Reply(0, line, ""), Reply(0, "", ""), Reply(1, "", "connect failure")
    now = [0.0]
    slurm = FakeSlurm(there, empty, error, error, empty, empty, there)
    observer = Observer(slurm, GRACE, lambda: now[0])
    looks = []
    for _ in range(7):
        now[0] += 7
        looks.append(observer.look({NAME: [0]}))
    assert [bool(look.records) for look in looks] == [True, True, True, True, False, False, True]
    assert [look.fresh for look in looks] == [True, True, False, False, True, True, True]
    assert [look.absent_s.get((NAME, 0)) for look in looks] == [None, 0, 0, 0, 21, 28, None]


def test_looks_become_seldom_while_nothing_changes() -> None:
    interval = PollInterval(Timeouts())
    pauses = []
    for changed in (True, False, False, False, False, False, False, False, True):
        interval.update(changed)
        pauses.append(interval.seconds)
    assert pauses[0] == pauses[-1] == 5 and max(pauses) == 60 and pauses[1] == 7.5


def test_times_can_be_set() -> None:
    assert timeouts({"DEEPSOIL_SCHEDULER_TIMES": "settle=3,lag=5"}) == replace(Timeouts(), settle=3.0, lag=5.0)
    assert Timeouts().settle_s(None) == 25 and Timeouts().lag_s(Facts(remembers_s=300)) == 300


@pytest.mark.parametrize(("tasks", "largest"), [(1, 3), (3, 3), (4, 3), (8, 3), (7, 1), (2001, 1000)])
def test_more_tasks_than_an_array_may_have_are_several_arrays_and_no_task_is_in_two(tasks: int, largest: int) -> None:
    views = [TaskView(index, f"Part {index}", "waiting") for index in range(tasks)]
    attempts: list[Attempt] = []
    merge = TaskView(-1, "Merge", "waiting")
    while True:
        what = Known(JOB, "Slurm", Resources(scheduler="slurm"), attempts, Snapshot([]), views, merge, False,
                     Delays(LAG, GRACE), 20.0, largest)
        (action,) = decide(what).actions
        assert isinstance(action, Submit)
        if action.part == "merge":
            break
        attempt = action.attempt
        numbers = [index - attempt.first for index in attempt.tasks]
        assert all(0 <= number < largest for number in numbers), "as Slurm takes them"
        attempts.append(replace(attempt, array=str(10 + len(attempts)), intended=frozenset({"array"})))
    assert [index for attempt in attempts for index in attempt.tasks] == list(range(tasks))
    assert len(attempts) == -(-tasks // largest)
    assert set(action.after) == {attempt.array for attempt in attempts}, "the merge waits for all of them"
    absent = {key: 0.0 for name, numbers in wanted(attempts, ()).items()
              for key in (name, *((name, number) for number in numbers))}
    rows = [Row(attempt.name("array"), str(attempt.array), index - attempt.first, "NODE_FAIL")
            for attempt in attempts for index in attempt.tasks if index == tasks - 1]
    lost = decide(replace(what, attempts=attempts, merge=None, snapshot=Snapshot(rows, "", [], {
        **absent, **{(row.name, row.index): 100.0 for row in rows}})))
    (again,) = lost.actions
    assert isinstance(again, Submit) and again.attempt.tasks == (tasks - 1,)
    assert again.attempt.first == (tasks - 1) // largest * largest


@given(st.integers(1, 5000), st.integers(1, 1500), st.integers(1, 300))
def test_the_limit_on_tasks_at_once_is_shared_among_the_arrays(tasks: int, largest: int, limit: int) -> None:
    shared = at_once(Resources(scheduler="slurm", tasks=limit), tasks, largest).tasks or tasks
    arrays = -(-tasks // largest)
    assert shared * arrays <= max(limit, arrays) or arrays == 1 or limit >= tasks
