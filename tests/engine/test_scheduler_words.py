"""What schedulers say and are asked, word by word and limit by limit."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.jobs.tasks.status import RETRYABLE, STALE_AFTER_S
from deepsoil.schedulers.array import timeouts
from deepsoil.schedulers.array.backend import Facts, Request
from deepsoil.schedulers.array.poll_interval import PollInterval
from deepsoil.schedulers.gridengine import parser as gridengine
from deepsoil.schedulers.gridengine.script import qsub_command
from deepsoil.schedulers.slurm import messages, parser, refusals
from deepsoil.schedulers.slurm.parser import Partition, Row, UnreadableError
from deepsoil.schedulers.slurm.script import sbatch_command, span

JOB, NAME = "3f0c" * 8, f"ds-{'3f0c' * 8}-1"


@pytest.mark.parametrize(("limit", "minutes"), [
    ("1:00:00", 60), ("7-12:00:00", 10_800), ("30:00", 30), ("2-00:00:00", 2880), ("12:34:56", 754), ("0:59", 0),
    ("1-01:01:30", 1501), ("infinite", None), ("UNLIMITED", None), ("n/a", None), ("5", None)])
def test_a_time_limit_is_read_in_minutes(limit: str, minutes: int | None) -> None:
    line = f"DS1@|@p@|@3@|@2@|@1000@|@(null)@|@{limit}\n"
    assert parser.parse_sinfo(line)["p"].minutes == minutes


@pytest.mark.parametrize(("gres", "gpus"), [
    ("(null)", 0), ("gpu:4", 4), ("gpu:a100:8(S:0-1)", 8), ("gpu:a:2,gpu:b:3", 5), ("license:7", 0)])
def test_gpus_of_a_node_are_added_up(gres: str, gpus: int) -> None:
    assert parser.parse_sinfo(f"DS1@|@p*@|@3@|@2@|@1000@|@{gres}@|@30:00\n")["p"].gpus == gpus


@pytest.mark.parametrize("line", [
    "DS1@|@@|@3@|@2@|@1000@|@(null)@|@1:00", "DS1@|@p@|@x@|@2@|@1000@|@(null)@|@1:00",
    "DS1@|@p@|@3@|@x@|@1000@|@(null)@|@1:00", "DS1@|@p@|@3@|@2@|@x@|@(null)@|@1:00",
    "DS2@|@p@|@3@|@2@|@1@|@(null)@|@1:00"])
def test_a_line_of_sinfo_that_is_none_spoils_the_answer(line: str) -> None:
    with pytest.raises(UnreadableError):
        parser.parse_sinfo(line)


def test_facts_have_their_usual_values_where_the_configuration_is_silent() -> None:
    least = "SLURM_VERSION = 24.11.1\nMinJobAge = 300 sec\n"
    assert parser.parse_config(least) == Facts("24.11.1", 300, 10, 1000, False)
    assert parser.parse_config(least + "MaxArraySize = 10001\n").largest_array == 10_000
    for gone in ("SLURM_VERSION", "MinJobAge"):
        with pytest.raises(UnreadableError):
            parser.parse_config("\n".join(line for line in least.splitlines() if gone not in line))
    found = gridengine.parse_config("max_aj_tasks 0\n")
    assert (found.remembers_s, found.answer_timeout_s, found.largest_array, found.accounting) == (0, 30, 75_000, True)


def test_ahead_is_who_waits_for_a_turn_with_a_higher_priority_or_came_before_with_the_same() -> None:
    def ahead(*rows: tuple[int, int, str]) -> int:
        return parser.parse_ahead("".join(f"DS1@|@{a}@|@{p}@|@{r}\n" for a, p, r in rows), ["12", "9"], 50)

    assert ahead((1, 49, "Priority")) == 0 and ahead((1, 51, "Priority")) == 1 and ahead((10, 51, "None")) == 1
    assert ahead((1, 50, "Priority"), (8, 50, "Resources"), (8, 50, "Resources"), (2, 50, "Dependency")) == 2
    assert ahead((10, 50, "Priority"), (13, 50, "Priority"), (100, 50, "Priority"), (12, 50, "Priority")) == 0
    assert ahead((1, 60, "Resources"), (1, 60, "Resources"), (2, 60, "Dependency"), (9, 99, "Priority")) == 1
    with pytest.raises(UnreadableError):
        ahead((1, -5, "Priority"))


@pytest.mark.parametrize(("wanted", "said"), [
    ({"cpus": 2, "memory_mb": 1000, "gpus": 1, "minutes": 60}, ""), ({"cpus": 3}, "3 CPUs for a task, a computer there "
                                                                  "has 2"),
    ({"memory_mb": 1001}, "1001 MB for a task, a computer there has 1000"), ({"gpus": 2}, "2 GPUs for a task, a "
                                                                            "computer there has 1"),
    ({"minutes": 61}, "61 minutes, it allows 60"), ({}, ""),
    ({"cpus": 9, "minutes": 99}, "9 CPUs for a task, a computer there has 2; 99 minutes, it allows 60")])
def test_what_a_partition_cannot_give_is_named(wanted: dict[str, int], said: str) -> None:
    partition = Partition("gpu", 19, 2, 1000, 1, 60)
    assert messages.excess(Resources(**wanted), partition) == said
    assert messages.excess(Resources(**wanted), None) == ""
    assert messages.excess(Resources(), partition, 2000).startswith("2000 MB")
    assert messages.excess(Resources(minutes=999), Partition("gpu", 1, 1, 1, 0, None)) == ""


REASONS = {
    "Dependency": "Waiting for an earlier job of the same name to end", "BeginTime": "Requeued; it starts again soon",
    "JobArrayTaskLimit": "Waiting for other tasks of this job, because the number at once is limited",
    "JobHeldUser": "Held in Slurm by its user (`scontrol release` releases it)",
    "JobHeldAdmin": "Held in Slurm by the administrator; please ask there",
    "PartitionDown": "The partition is out of service for now",
    "PartitionInactive": "The partition is out of service for now",
    "NodeDown": "A computer that it needs is out of service", "Reservation": "Waiting for a reservation to begin",
    "Licenses": "Waiting for a licence", "Cleaning": "Slurm is cleaning up after its earlier run",
    "Prolog": "The computers are being prepared", "None": "Waiting for its turn"}


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_of_slurm_has_its_sentence(reason: str) -> None:
    assert messages.waiting(reason, None) == REASONS[reason]
    assert messages.waiting(f"{reason}, more", None) == REASONS[reason]


@pytest.mark.parametrize(("reason", "begins"), [
    ("PartitionTimeLimit", "It asks for 5 minutes; the partition other allows fewer"),
    ("PartitionNodeLimit", "It asks for more than the partition other can give"),
    ("BadConstraints", "It asks for more than the partition other can give"),
    ("MaxCpuPerNode", "It asks for more than this account"), ("QOSMinGRES", "It asks for more than this account"),
    ("AssocMaxWallDurationPerJobLimit", "It asks for more than this account"),
    ("QOSMaxWallDurationPerJobLimit", "It asks for more than this account"),
    ("InvalidAccount", "Slurm no longer accepts its account"), ("InvalidQOS", "Slurm no longer accepts its account"),
    ("AssociationJobLimitInvalid", "Slurm no longer accepts"),
    ("DependencyNeverSatisfied", "It waits for a job that can no longer succeed"), ("Dependency", None),
    ("QOSGrpCpuLimit", None), ("ReqNodeNotAvail", None)])
def test_what_never_starts_is_told_from_what_waits(reason: str, begins: str | None) -> None:
    rows = [Row(NAME, "5", 0, "PENDING", reason, "other")]
    said = messages.never_starts(reason, rows, Resources(minutes=5), {})
    assert said is None if begins is None else said is not None and said.startswith(begins)


def test_the_most_frequent_reason_of_what_waits_is_the_main_one() -> None:
    rows = [Row(NAME, "5", n, "PENDING", reason) for n, reason in enumerate(["Priority", "Resources", "Priority"])]
    rows += [Row(NAME, "5", n, "RUNNING", "None") for n in range(5, 9)]
    assert messages.main_reason(rows) == "Priority" and messages.main_reason(rows[3:]) == ""
    assert rows[0].words == "pending, Priority" and Row(NAME, "5", 0, "FAILED").words == "failed"


@pytest.mark.parametrize("words", [
    "Unable to create job record, try again", "System submissions disabled", "Slurm temporarily unable to accept job",
    "QOSMaxSubmitJobPerUserLimit", "AssocGrpSubmitJobsLimit", "AssocMaxSubmitJobLimit"])
def test_what_may_be_taken_later_is_not_refused(words: str) -> None:
    assert refusals.verdict(f"sbatch: error: {words}\nJob violates accounting/QOS policy") == "later"
    assert refusals.plain("\n") == "no reason given"


def request(part: Any = "array", tasks: tuple[int, ...] = (0, 1), after: tuple[str, ...] = (),
            **resources: Any) -> Request:
    path = PurePosixPath("/x")
    return Request(JOB, NAME, part, tasks, after, Resources(**resources), None, path, path / "s.sh")


def test_sbatch_is_asked_only_for_what_was_wanted() -> None:
    plain = sbatch_command(request())
    assert "--array=0-1" in plain and "--cpus-per-task=1" in plain and "--nodes=1" in plain and "--ntasks=1" in plain
    assert not [word for word in plain if word.startswith(("--mem", "--time", "--gres", "--partition", "--qos"))]
    for at_once, written in ((1, "--array=0-2%1"), (2, "--array=0-2%2"), (3, "--array=0-2"), (9, "--array=0-2")):
        wanted = Request(JOB, NAME, "array", (0, 1, 2), (), Resources(tasks=at_once), None, PurePosixPath("/x"),
                         PurePosixPath("/x/s.sh"))
        assert written in sbatch_command(wanted)
        assert ("-tc" in qsub_command(wanted)) == (at_once < 3)
    assert [span(tasks) for tasks in ((3,), (3, 4), (1, 3), (5, 4, 3, 9))] == ["3", "3-4", "1,3", "3-5,9"]


@pytest.mark.parametrize(("minutes", "limits"), [
    (240, "h_rt=14400,s_rt=14280"), (4, "h_rt=240,s_rt=120"), (3, "h_rt=180,s_rt=90"), (5, "h_rt=300,s_rt=180")])
def test_grid_engine_warns_two_minutes_before_the_limit_or_at_half_of_it(minutes: int, limits: str) -> None:
    assert limits in qsub_command(request(minutes=minutes))


def test_grid_engine_is_asked_for_slots_memory_and_gpus_of_an_array_only() -> None:
    words = " ".join(qsub_command(request(gpus=2, cpus=1, memory_mb=4000, account="soil")))
    assert "-l gpu=2" in words and "-P soil" in words and "mem_free=4000M" in words and "smp" not in words
    assert "gpu" not in " ".join(qsub_command(request("merge", (), ("5",), gpus=2)))
    assert "-pe smp 2" in " ".join(qsub_command(request(cpus=2)))


@pytest.mark.parametrize(("state", "phase"), [
    ("qw", "waiting"), ("hqw", "waiting"), ("Eqw", "waiting"), ("r", "running"), ("t", "running"), ("Rr", "running"),
    ("dr", "running"), ("S", "running"), ("s", "running"), ("T", "running"), ("N", "running"), ("z", "unknown")])
def test_states_of_grid_engine(state: str, phase: str) -> None:
    assert gridengine.phase_of(state) == phase


@pytest.mark.parametrize(("failed", "end"), [
    (0, "failed"), (37, "time_limit"), (38, "time_limit"), (39, "time_limit"), (40, "time_limit"), (36, "failed"),
    (41, "failed"), (19, "node_lost"), (20, "node_lost"), (18, "failed"), (21, "failed"), (100, "failed")])
def test_ends_of_grid_engine(failed: int, end: str) -> None:
    assert gridengine._end(failed, ["137"]) == end
    assert gridengine._end(0, ["0"]) == "completed" and gridengine._end(0, []) == "failed"
    for restarted in (24, 25):
        text = f"====\njobname {NAME}\njobnumber 5\ntaskid 2\nfailed {restarted} : x\nexit_status 0\n"
        assert gridengine.parse_qacct(text, NAME) == []


@pytest.mark.parametrize(("tasks", "indices"), [
    ("", [None]), ("3", [2]), ("1-3:1", [0, 1, 2]), ("1-9:4", [0, 4, 8]), ("2-3:1,7", [1, 2, 6])])
def test_task_numbers_of_grid_engine_begin_at_one(tasks: str, indices: list[int | None]) -> None:
    assert gridengine._indices(tasks) == indices


def test_waits_have_their_documented_lengths() -> None:
    usual = timeouts.Timeouts()
    assert (usual.grace, usual.shortest_poll, usual.longest_poll) == (15.0, 5.0, 60.0)
    assert usual.settle_s(Facts(answer_timeout_s=30)) == 45.0 and usual.settle_s(None) == 25.0
    assert [usual.lag_s(Facts(remembers_s=s)) for s in (0, 119, 121)] == [120.0, 120.0, 121.0]
    assert timeouts.Timeouts(settle=0.0, lag=0.0).settle_s(None) == timeouts.Timeouts(lag=0.0).lag_s(None) == 0.0
    assert timeouts.timeouts({"DEEPSOIL_SCHEDULER_TIMES": "grace=1,nonsense=2,longest_poll=9"}) == timeouts.Timeouts(
        grace=1.0, longest_poll=9.0)
    assert timeouts.timeouts({}) == usual
    interval = PollInterval(usual)
    for wanted in (7.5, 11.25, 16.875):
        interval.update(False)
        assert interval.seconds == wanted
    assert STALE_AFTER_S == 180.0
    assert {"interrupted", "out_of_memory", "storage_failed", "results_missing", "peer_lost"} == RETRYABLE
