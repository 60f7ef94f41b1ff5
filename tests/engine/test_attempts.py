"""An attempt is read from the disk as it was written, and the attempts of a job follow one another without gaps."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.attempts import Attempt, Journal
from deepsoil.schedulers.array.backend import is_merge
from deepsoil.schedulers.array.decide import Known, Submit, decide
from deepsoil.schedulers.array.observation import Snapshot
from deepsoil.schedulers.array.task_status import Delays
from hypothesis import given, settings
from hypothesis import strategies as st

JOB = "cd" * 16
TASKS = st.lists(st.integers(0, 3000), unique=True, max_size=5).map(lambda found: tuple(sorted(found)))
ATTEMPTS = st.builds(
    Attempt, st.just(JOB), st.integers(1, 99), TASKS, st.dictionaries(st.integers(0, 3000), st.floats(0.01, 1.0)),
    st.none() | st.integers(1, 10**6), st.none() | st.integers(1, 10**7).map(str),
    st.none() | st.integers(1, 10**7).map(str), st.just(frozenset()), st.none() | st.text(max_size=9),
    st.integers(0, 3000))


@settings(max_examples=60, deadline=None)
@given(ATTEMPTS, st.sampled_from([("array",), ("merge",), ("array", "merge")]))
def test_an_attempt_is_read_as_it_was_written(attempt: Attempt, parts: tuple[str, ...]) -> None:
    if not attempt.tasks:
        parts = ("merge",)  # an attempt that repeats the merge alone
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / JOB)
        journal.job.mkdir()
        assert journal.read(attempt.number) is None and journal.attempts() == []
        for part in parts:
            assert journal.intend(attempt, part) and not journal.intend(attempt, part)  # type: ignore[arg-type]
            if (number := attempt.id_of(part)) is not None:  # type: ignore[arg-type]
                journal.note(attempt, part, number)  # type: ignore[arg-type]
            if attempt.refused is not None:
                journal.note_refusal(attempt, part, attempt.refused)  # type: ignore[arg-type]
        of_array = "array" in parts
        expected = replace(
            attempt, intended=frozenset(parts), tasks=attempt.tasks if of_array else (),  # type: ignore[arg-type]
            fractions=attempt.fractions if of_array else {}, first=attempt.first if of_array else 0,
            array=attempt.array if of_array else None, merge=attempt.merge if "merge" in parts else None)
        assert Journal(journal.job).attempts() == [expected]
        assert len(expected.names) == len(parts) == len(set(expected.names))
        assert all(JOB in name and str(attempt.number) in name for name in expected.names)
        assert [is_merge(name) for name in expected.names] == [part == "merge" for part in parts]


def test_attempts_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    journal = Journal(tmp_path / JOB)
    journal.job.mkdir()
    for number in (10, 9, 1, 100, 2):
        journal.intend(Attempt(JOB, number, (0,)), "array")
    (journal.job / "attempt-x").mkdir()
    (journal.job / "attempt-7").mkdir()  # no intent yet
    assert [attempt.number for attempt in journal.attempts()] == [1, 2, 9, 10, 100]


def test_the_number_is_the_one_that_the_job_wrote_itself(tmp_path: Path) -> None:
    journal = Journal(tmp_path / JOB)
    attempt = Attempt(JOB, 1, (0,))
    journal.job.mkdir()
    journal.intend(attempt, "array")
    folder = journal.folder(1)
    assert journal.registered(attempt, "array") is journal.registered(attempt, "merge") is None
    for name in ("output-12.3.txt", "output-9.0.txt", "output-9.11.txt", "output-merge-7.txt", "output-9.txt",
                 "other-1.1.txt"):
        (folder / name).write_bytes(b"")
    assert journal.registered(attempt, "array") == "9" and journal.registered(attempt, "merge") == "7"


@pytest.mark.parametrize(("tasks", "largest"), [(1, 10), (3, 10), (10, 10), (11, 10), (25, 10)])
def test_all_tasks_are_submitted_once_in_attempts_that_follow_one_another(tasks: int, largest: int) -> None:
    views = [TaskView(index, f"Part {index}", "waiting") for index in range(tasks)]
    attempts: list[Attempt] = []
    for _ in range(tasks):
        decision = decide(Known(JOB, "Slurm", Resources(scheduler="slurm"), tuple(attempts), Snapshot([]), views, None,
                                False, Delays(120.0, 15.0), 20.0, largest_array=largest))
        submitted = [action for action in decision.actions if isinstance(action, Submit)]
        if not submitted:
            break
        assert len(submitted) == len(decision.actions) == 1 and submitted[0].part == "array"
        attempt = submitted[0].attempt
        assert len(attempt.tasks) <= largest and attempt.first % largest == 0
        assert all(attempt.first <= index < attempt.first + largest for index in attempt.tasks)
        attempts.append(replace(attempt, array=str(100 + attempt.number), intended=frozenset({"array"})))
    assert [attempt.number for attempt in attempts] == list(range(1, -(-tasks // largest) + 1))
    assert [index for attempt in attempts for index in attempt.tasks] == list(range(tasks))
    assert all(attempt.fractions == {} and attempt.memory_mb is None for attempt in attempts)
