"""What a job waits for in Slurm's queue: asked rarely, remembered, and not made up where Slurm does not answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.slurm.parser import SEPARATOR, Row
from deepsoil.schedulers.slurm.queue_state import QueueState


class Slurm:
    """Answers of a Slurm with the partitions gpu (default; 60 minutes, 4 CPUs) and long; counts its questions."""

    def __init__(self) -> None:
        self.now, self.asked = 0.0, [""]
        self.partitions = [("gpu*", "1", "4", "1000", "(null)", "1:00:00"), ("long", "1", "2", "9", "", "infinite")]
        self.ahead = [("7", "50", "Priority"), ("8", "101", "Priority"), ("9", "102", "Resources"),
                      ("10", "500", "Dependency"), ("11", "900", "None"), ("9", "103", "Resources")]
        self.code: int | None = 0
        self.queue = QueueState(self.run, lambda: self.now)

    def run(self, command: Sequence[str]) -> Reply:
        self.asked.append(command[0] if command[0] == "sinfo" else command[3])
        table = self.partitions if command[0] == "sinfo" else self.ahead
        return Reply(self.code, "".join(SEPARATOR.join(("DS1", *row)) + "\n" for row in table), "")

    def questions(self) -> list[str]:
        asked, self.asked = self.asked[1:], [""]
        return asked


@pytest.fixture
def slurm() -> Slurm:
    return Slurm()


def rows(reason: str, *priorities: int | None, partition: str = "gpu", array: str = "7") -> list[Row]:
    return [Row("n", array, index, "PENDING", reason, partition, one) for index, one in enumerate(priorities)]


def test_jobs_ahead_are_those_of_others_with_a_higher_priority(slurm: Slurm) -> None:
    wanted = Resources()
    assert slurm.queue.waiting_for(rows("Priority", 100, None, 40), wanted, None) == "Waiting behind 3 jobs"
    assert slurm.queue.waiting_for(rows("Priority", 40, array="9"), wanted, None) == "Waiting behind 3 jobs"
    assert slurm.queue.waiting_for(rows("Resources", 102), wanted, None) == "Waiting behind 2 jobs"
    assert slurm.queue.waiting_for(rows("Resources", 899), wanted, None) == "Waiting behind 1 job"
    for none in (rows("Resources", 900), rows("Priority", None), rows("Dependency", 1)):
        assert "behind" not in slurm.queue.waiting_for(none, wanted, None)
    assert slurm.questions() == ["sinfo", "--partition=gpu"]


def test_questions_are_asked_again_only_after_a_while(slurm: Slurm) -> None:
    def asks(now: float, partition: str = "gpu") -> list[str]:
        slurm.now = now
        slurm.queue.waiting_for(rows("Priority", 100, partition=partition), Resources(), None)
        return slurm.questions()

    assert asks(1000) == ["sinfo", "--partition=gpu"] and asks(1030) == []
    assert asks(1030, "long") == ["--partition=long"]
    assert asks(1030.1) == ["--partition=gpu"] and asks(1060) == [] and asks(1060.2, "long") == ["--partition=long"]
    assert asks(1600) == ["--partition=gpu"] and asks(1600.1) == ["sinfo"] and asks(1630) == []


def test_without_an_answer_nothing_is_made_up(slurm: Slurm) -> None:
    never = rows("PartitionTimeLimit", 1)
    wanted = Resources(minutes=90)
    slurm.code = 1
    assert "behind" not in slurm.queue.waiting_for(rows("Priority", 1), wanted, None)
    assert "allows fewer" in slurm.queue.waiting_for(never, wanted, None) and slurm.queue.warnings(wanted) == []
    slurm.code = 0
    assert "allows 60" in slurm.queue.waiting_for(never, wanted, None)
    slurm.now, slurm.code = 700.0, None  # what was known stays known, and is asked for each time
    slurm.questions()
    assert "allows 60" in slurm.queue.waiting_for(never, wanted, None)
    assert "allows 60" in slurm.queue.waiting_for(never, wanted, None) and slurm.questions() == ["sinfo", "sinfo"]
    slurm.code, slurm.partitions, slurm.ahead = 0, [("x",) * 6], [("x", "y", "z")]
    assert slurm.queue.warnings(wanted) == []
    assert "behind" not in slurm.queue.waiting_for(rows("Priority", 1), wanted, None)


@pytest.mark.parametrize(("wanted", "code"), [
    (Resources(), None), (Resources(cpus=4, minutes=60), None), (Resources(cpus=5), "resources_exceeded"),
    (Resources(partition="long", cpus=3), "resources_exceeded"), (Resources(partition="long", minutes=900), None),
    (Resources(partition="longer"), "partition_unknown"), (Resources(partition="gpu,long", cpus=99), None)])
def test_what_slurm_will_not_grant_is_told_before(wanted: Resources, code: str | None, slurm: Slurm) -> None:
    found = slurm.queue.warnings(wanted)
    assert [one["code"] for one in found] == ([code] if code else [])
    if code == "partition_unknown":
        assert found[0]["field"] == "resources.partition" and "gpu, long" in found[0]["hint"]


def test_the_default_is_asked_about_where_there_is_one(slurm: Slurm) -> None:
    slurm.partitions[0] = ("gpu", *slurm.partitions[0][1:])
    assert slurm.queue.warnings(Resources(cpus=99)) == []
