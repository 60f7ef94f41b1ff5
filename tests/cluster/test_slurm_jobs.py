"""Jobs through a real Slurm: they end as their tasks do, say so in plain words, and repeat what a machine failed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.array.commands import Reply
from deepsoil.schedulers.slurm.scheduler import Slurm
from slurm_cluster import SlurmCluster, until
from slurm_fixtures import running as started
from slurm_jobs import FAKE, Home, attempt

sys.path.insert(0, str(FAKE))
import fake_tasks

ODD = """a 'home' with "quotes" $(touch pwned) %j"""


@pytest.fixture
def home(slurm: SlurmCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    fake_tasks.install()
    return Home(tmp_path / ODD, slurm)


@pytest.fixture(scope="module", autouse=True)
def limited(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Home | None]:
    """A job with a time limit of one minute, Slurm's shortest, in a Slurm of its own while the other tests run."""
    if not any(item.name.startswith("test_a_task_that_its_time_limit") for item in request.session.items):
        yield None
        return
    with started(1) as cluster, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", cluster.env["SLURM_CONF"])
        patch.setenv("PYTHONPATH", str(FAKE))
        home = Home(tmp_path_factory.mktemp("limited"), cluster)
        home.send("wait", tasks=1, minutes=1, attempts=3)
        advancing = subprocess.Popen(
            [sys.executable, "-P", "-m", "deepsoil", "advance", home.path, "--until-done"], stdout=subprocess.DEVNULL,
            env={**os.environ, "DEEPSOIL_SCHEDULER_TIMES": "settle=3,lag=4,grace=0.5,shortest_poll=1,longest_poll=1"})
        patch.undo()
        yield home
        advancing.terminate()
        advancing.wait(30)


def test_an_array_with_a_merge_runs_every_task_once_and_publishes(home: Home, tmp_path: Path) -> None:
    folder = home.send("quick-merged", tasks=5)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("quick-merged") == Counter(range(5))
    assert (folder.outputs_path / "all.txt").read_text() == "".join(f"result of {n}\n" for n in range(5))
    assert len(home.arrays(folder)) == 1
    summary = home.summary(folder)
    assert summary["tasks"] == {"total": 5, "waiting": 0, "running": 0, "succeeded": 5, "failed": 0}
    assert summary["progress"] == 1 and summary["knowledge"] == "current"
    assert not list(tmp_path.rglob("pwned"))


def test_a_task_that_fails_by_itself_is_not_repeated_and_the_others_are_kept(home: Home) -> None:
    folder = home.send("fail-1", attempts=3)
    assert home.ended(folder) == "failed"
    reason = folder.status().reason
    assert reason and reason["code"] == "no_weather"
    assert reason["message"] == "1 of 3 tasks failed; the first: No weather."
    assert home.ran("fail-1") == Counter(range(3))
    assert sorted(record["name"] for record in folder.manifest()["files"]) == [
        "Part 1 of 3/result-0.txt", "Part 3 of 3/result-2.txt"]
    assert home.summary(folder)["tasks"]["failed"] == 1


def test_a_task_whose_process_was_killed_is_repeated_alone(home: Home) -> None:
    folder = home.send("die-2-merged", attempts=2)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("die-2-merged") == Counter({0: 1, 1: 1, 2: 2})
    assert attempt(folder, 2, "intent.json")["tasks"] == [2]
    assert len((folder.outputs_path / "all.txt").read_text().splitlines()) == 3


def test_a_task_with_too_little_memory_gets_twice_as_much(home: Home) -> None:
    folder = home.send("hungry-0", tasks=2)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("hungry-0") == Counter({0: 2, 1: 1})
    assert attempt(folder, 2, "intent.json")["memory_mb"] == 200
    assert "asks for 200 MB" in (folder.path / "log.jsonl").read_text()


def test_a_task_that_was_killed_at_its_memory_gets_twice_as_much_though_slurm_calls_it_failed(
        home: Home, slurm: SlurmCluster) -> None:
    folder = home.send("swell-1", tasks=2, memory_mb=400, attempts=2)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("swell-1") == Counter({0: 1, 1: 2})
    assert attempt(folder, 2, "intent.json")["memory_mb"] == 800
    said = slurm.run("squeue", "-h", "-r", "-t", "all", "-o", "%T").stdout
    assert "FAILED" in said and "OUT_OF_MEMORY" not in said


def test_a_task_that_comes_further_is_continued_more_often_than_it_may_fail(home: Home) -> None:
    folder = home.send("steps", tasks=1, attempts=1)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("steps") == Counter({0: 3})


def test_attempts_end(home: Home) -> None:
    folder = home.send("hungry-0", tasks=1, memory_mb=20, attempts=2)
    assert home.ended(folder) == "failed"
    reason = folder.status().reason
    assert reason and reason["code"] == "out_of_memory" and "tried 2 times" in reason["message"]
    assert home.ran("hungry-0") == Counter({0: 2})


@pytest.mark.parametrize(("wish", "words"), [
    ({"partition": "nope"}, "invalid partition specified: nope"),
    ({"cpus": 9}, "CPU count per node can not be satisfied"),
])
def test_what_slurm_refuses_fails_in_its_own_words(home: Home, wish: dict[str, object], words: str) -> None:
    folder = home.send("quick", **wish)
    home.round()
    assert folder.state == "failed"
    reason = folder.status().reason
    assert reason and reason["code"] == "scheduler_refused" and words in reason["message"]
    assert words in attempt(folder, 1, "refused.json")["words"]
    assert home.ran("quick") == Counter()


def test_a_wait_for_ever_is_said_and_can_be_cancelled(home: Home) -> None:
    folder = home.send("quick", minutes=999)
    home.until(lambda: "never start: It asks for 999 minutes; the partition gpu allows 60" in folder.status().message)
    assert folder.state == "queued"
    folder.request_cancel()
    assert home.ended(folder) == "cancelled"


def test_how_many_jobs_are_ahead_is_told(home: Home, slurm: SlurmCluster) -> None:
    blocking = "#!/bin/sh\nexec sleep 300\n"
    for array in ("0-18", "0-3", "0"):
        sent = slurm.run("sbatch", "--parsable", f"--array={array}", "--exclusive", "--output=/dev/null", "--nice=0",
                         text=blocking)
        assert sent.returncode == 0, sent.stderr
    until(lambda: slurm.run("squeue", "-h", "-r", "-t", "RUNNING", "-o", "%A").stdout.count("\n") == 19)
    folder = home.send("quick", gpus=1)
    home.until(lambda: folder.status().message == "Waiting behind 2 jobs", folder.status().message)
    assert home.summary(folder)["scheduler"]["waiting_for"] == "Waiting behind 2 jobs"
    assert folder.state == "queued"


def running(home: Home, **wishes: object) -> JobFolder:
    folder = home.send("wait", **wishes)
    home.until(lambda: home.summary(folder)["tasks"] and home.summary(folder)["tasks"]["running"] == 3)
    assert folder.state == "running" and folder.status().message == "Running, 0 of 3 done"
    return folder


@pytest.mark.parametrize("when", ["accepted", "pending", "running", "number never learnt"])
def test_a_cancel_ends_everything(home: Home, slurm: SlurmCluster, when: str) -> None:
    if when == "running":
        folder = running(home)
    else:
        folder = home.send("wait", minutes=999 if when == "pending" else 10)
        if when != "accepted":
            home.round()
    if when == "number never learnt":
        (folder.path / "attempt-1" / "submitted.json").unlink()
        home.advancer = home.new_advancer()
    home.jobs.cancel(folder.id)
    assert home.ended(folder) == "cancelled"
    assert folder.status().reason is None
    assert slurm.run("squeue", "-h", "-o", "%A").stdout.split() == []


def nothing_told(self: Slurm, command: list[str]) -> Reply:
    return Reply(0, "", "") if command[0] == "squeue" else Reply(1, "", "no")


def nonsense(self: Slurm, command: list[str]) -> Reply:
    return Reply(0, "Welcome to Hydra!\nDS1 what is this\n", "")


@pytest.mark.parametrize("fault", ["no munge", "no controller", "empty", "nonsense"])
def test_a_slurm_that_tells_nothing_changes_nothing(home: Home, slurm: SlurmCluster, monkeypatch: pytest.MonkeyPatch,
                                                    fault: str) -> None:
    folder = running(home, tasks=3)
    before, run = home.summary(folder), Slurm.run
    if fault == "no munge":
        home.advancer = home.new_advancer(timeout_s=3.0)
        home.round()
        slurm.kill("munged")
    elif fault == "no controller":
        slurm.end("slurmctld")
    else:
        monkeypatch.setattr(Slurm, "run", {"empty": nothing_told, "nonsense": nonsense}[fault])
    home.round()
    after = home.summary(folder)
    assert (after["state"], after["tasks"]) == (before["state"], before["tasks"])
    monkeypatch.setattr(Slurm, "run", run)
    slurm.tidy_daemons()
    (home.path / "wait" / "go").touch()
    assert home.ended(folder) == "succeeded"
    assert home.ran("wait") == Counter(range(3))


def test_a_task_that_vanished_without_a_trace_is_unknown_and_nothing_ends(home: Home, slurm: SlurmCluster) -> None:
    folder = home.send("wait", minutes=999)
    home.until(lambda: home.arrays(folder))
    slurm.kill("slurmctld")
    slurm.start_controller(clean=True)
    home.until(lambda: home.summary(folder)["knowledge"] == "unknown")
    home.round()
    assert folder.state == "queued" and "Slurm no longer knows 3 of 3 tasks" in folder.status().message
    home.jobs.cancel(folder.id)
    assert home.ended(folder) == "cancelled"


def test_cancelled_by_somebody_else_is_said(home: Home, slurm: SlurmCluster) -> None:
    folder = running(home)
    slurm.run("scancel", home.arrays(folder).pop())
    assert home.ended(folder) == "failed"
    reason = folder.status().reason
    assert reason and reason["code"] == "cancelled_in_scheduler"


def test_a_retry_takes_over_what_is_finished(home: Home) -> None:
    folder = home.send("fail-1")
    assert home.ended(folder) == "failed"
    again = JobFolder(home.path / "jobs" / home.jobs.retry(folder.id, "ab" * 16)["id"])
    assert home.ended(again) == "failed"
    assert home.ran("fail-1") == Counter({0: 1, 1: 2, 2: 1})
    assert attempt(again, 1, "intent.json")["tasks"] == [1]
    assert len(again.manifest()["files"]) == 2


def test_a_job_that_slurm_requeues_is_the_same_job(home: Home, slurm: SlurmCluster) -> None:
    """Preempted by a partition that goes before, it runs again under its number and counts once."""
    folder = home.send("wait", tasks=1, cpus=2)
    home.until(lambda: home.ran("wait") == Counter([0]))
    blocking = slurm.run("sbatch", "--parsable", "--partition=high", "--array=0-18", "--exclusive",
                         "--output=/dev/null", text="#!/bin/sh\nexec sleep 2\n")
    assert blocking.returncode == 0, blocking.stderr
    home.until(lambda: home.summary(folder)["tasks"]["waiting"] == 1)
    assert folder.state == "running", "what has begun does not look as if it had not"
    home.until(lambda: home.ran("wait") == Counter({0: 2}))
    (home.path / "wait" / "go").touch()
    assert home.ended(folder) == "succeeded"
    assert len(home.arrays(folder)) == 1
    assert not (folder.path / "attempt-2").exists()


def test_a_task_that_its_time_limit_ends_asks_for_more_minutes(limited: Home) -> None:
    (path,) = (path for path in (limited.path / "jobs").iterdir() if path.name.isalnum())
    folder = JobFolder(path)
    until(lambda: folder.status().final, "the time limit is not noticed", limit_s=240.0)
    reason = folder.status().reason
    assert folder.state == "failed" and reason is not None and reason["code"] == "time_limit", reason
    assert "minutes" in reason["hint"], reason
