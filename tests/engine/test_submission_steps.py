"""A submission never makes a second job: what is done and said at each answer of a scheduler, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any, cast

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.schedulers.array.attempts import Attempt, Journal
from deepsoil.schedulers.array.backend import ArrayBackend, Facts, NoAnswerError, Request, Submission, TaskRecord
from deepsoil.schedulers.array.poll_interval import PollInterval
from deepsoil.schedulers.array.submission import Submitter
from deepsoil.schedulers.array.timeouts import Timeouts, timeouts

JOB = "ab" * 16


class Made:
    """A scheduler that answers as it is told; ``asked`` counts its submissions."""

    title = "Made"

    def __init__(self, answer: Submission, known: Facts | None = None) -> None:
        self.answer, self.known, self.asked = answer, known, 0
        self.history_has: Sequence[TaskRecord] | NoAnswerError = []

    def facts(self) -> Facts | None:
        return self.known

    def submit(self, request: Request) -> Submission:
        self.asked += 1
        return self.answer

    def history(self, names: Sequence[str]) -> Sequence[TaskRecord]:
        if isinstance(self.history_has, NoAnswerError):
            raise self.history_has
        return self.history_has


class Ground:
    def __init__(self, path: Path, answer: Submission, known: Facts | None = None, **times: float) -> None:
        self.now, self.backend = 1000.0, Made(answer, known)
        self.submitter = Submitter(cast(ArrayBackend, self.backend), Timeouts(**times), lambda: self.now)
        self.journal = Journal(path / JOB)
        self.journal.job.mkdir(exist_ok=True)

    def step(self, records: Sequence[TaskRecord] | None = (), part: str = "array") -> Any:
        attempt = self.journal.read(1) or Attempt(JOB, 1, (0, 1))
        request = Request(JOB, attempt.name(part), part, (0, 1), (), Resources(), None,  # type: ignore[arg-type]
                          PurePosixPath("."), PurePosixPath(f"{part}.sh"))
        outcome = self.submitter.submit(self.journal, attempt, request, "true\n", records)
        return outcome.kind, outcome.number, outcome.unanswered

    def shown(self, array: str, name: str = f"ds-{JOB}-1") -> TaskRecord:
        return TaskRecord(name, array, 0, "running")


@pytest.mark.parametrize(("answer", "outcome"), [
    (Submission("submitted", "17"), ("submitted", "17", False)),
    (Submission("submitted", None), ("waiting", None, True)),  # it says yes, and not to what
    (Submission("refused", words="no such account"), ("refused", None, False)),
    (Submission("later", words="too many jobs"), ("waiting", None, False)),
    (Submission("unknown", words="timed out"), ("waiting", None, True)),
])
def test_only_an_answer_that_was_lost_makes_the_others_wait(tmp_path: Path, answer: Submission,
                                                            outcome: tuple[Any, ...]) -> None:
    ground = Ground(tmp_path, answer)
    assert ground.step() == outcome
    written = ground.journal.read(1)
    assert written is not None and written.intended == {"array"}
    assert written.array == outcome[1] and written.refused == (answer.words if answer.kind == "refused" else None)
    assert not ground.submitter.searching


def test_what_has_a_number_is_not_submitted_again_whatever_is_shown(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Submission("submitted", "17"))
    ground.step()
    for records in (None, [], [ground.shown("99")]):
        assert ground.step(records) == ("submitted", "17", False)
    assert ground.backend.asked == 1
    (tmp_path / "b").mkdir()
    other = Ground(tmp_path / "b", Submission("unknown"))
    other.step()
    (other.journal.folder(1) / "output-8.0.txt").write_bytes(b"")
    assert other.step(None) == ("submitted", "8", False), "its own output says its number"


def test_a_lost_submission_is_looked_for_twice_and_for_as_long_as_it_may_take_effect(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Submission("unknown"), Facts(answer_timeout_s=20))
    ground.step()
    assert ground.step(None)[0] == "waiting" and not ground.submitter.searching, "no answer is no look"
    assert ground.step([ground.shown("5", name="another")])[0] == "waiting" and ground.submitter.searching
    ground.now += 34.9  # 20 s, and 15 more
    assert ground.step()[0] == "waiting" and ground.backend.asked == 1
    ground.now += 0.1
    ground.backend.answer = Submission("submitted", "18")
    assert ground.step() == ("submitted", "18", False) and ground.backend.asked == 2
    assert not ground.submitter.searching


def test_two_looks_are_needed_however_long_the_first_was_ago(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Submission("unknown"), settle=0.0)
    ground.step()
    assert ground.step()[0] == "waiting" and ground.backend.asked == 1
    assert ground.step() == ("waiting", None, True) and ground.backend.asked == 2, "and then it is submitted once more"


def test_what_the_queue_or_the_accounting_has_is_taken_over(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Submission("unknown"))
    ground.step()
    ground.step()
    assert ground.step([ground.shown("30")]) == ("submitted", "30", False)
    assert not ground.submitter.searching
    (tmp_path / "b").mkdir()
    slow = Ground(tmp_path / "b", Submission("unknown"), Facts(accounting=True), settle=0.0)
    slow.step()
    slow.step()
    slow.backend.history_has = NoAnswerError("down")
    assert slow.step() == ("waiting", None, False) and slow.backend.asked == 1
    slow.backend.history_has = [slow.shown("41"), slow.shown("40")]
    assert slow.step() == ("submitted", "40", False) and slow.backend.asked == 1
    (tmp_path / "c").mkdir()
    without = Ground(tmp_path / "c", Submission("unknown"), Facts(accounting=False), settle=0.0)
    without.backend.history_has = [without.shown("41")]
    for _ in range(3):
        without.step()
    assert without.backend.asked == 2, "an accounting that cannot be asked is not asked"


def test_two_jobs_of_one_name_are_left_to_end_by_themselves(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Submission("unknown"), settle=0.0)
    ground.step()
    for _ in range(4):
        assert ground.step([ground.shown("9"), ground.shown("10")]) == ("waiting", None, False)
    assert ground.backend.asked == 1


def test_times_come_from_the_scheduler_unless_they_are_set() -> None:
    assert Timeouts().settle_s(None) == 25 and Timeouts().settle_s(Facts(answer_timeout_s=60)) == 75
    assert Timeouts().lag_s(None) == 300 and Timeouts().lag_s(Facts(remembers_s=10)) == 120
    assert Timeouts().lag_s(Facts(remembers_s=700)) == 700
    set_ = timeouts({"DEEPSOIL_SCHEDULER_TIMES": "settle=3,lag=5,,shortest_poll=0.5,odd=7"})
    assert (set_.settle_s(Facts()), set_.lag_s(Facts()), set_.shortest_poll, set_.longest_poll) == (3, 5, 0.5, 60)
    interval = PollInterval(set_)
    seconds = [interval.seconds]
    for _ in range(13):
        interval.update(changed=False)
        seconds.append(interval.seconds)
    assert seconds[:3] == [0.5, 0.75, 1.125] and seconds[-1] == 60 and sorted(seconds) == seconds
    interval.update(changed=True)
    assert interval.seconds == 0.5
