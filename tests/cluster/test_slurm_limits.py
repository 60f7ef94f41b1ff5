"""Where Slurm keeps accounts and enforces limits: what it remembers settles what the queue has forgotten."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.slurm import parser
from slurm_cluster import SlurmCluster, until
from slurm_jobs import FAKE, Home, attempt

sys.path.insert(0, str(FAKE))
import fake_tasks


@pytest.fixture
def home(tmp_path: Path, slurm_accounting: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    monkeypatch.setattr("deepsoil.schedulers.array.observation._HISTORY_INTERVAL_S", 1.0)
    fake_tasks.install()
    return Home(tmp_path / "home", slurm_accounting)


def forget(slurm: SlurmCluster) -> None:
    """The queue forgets every job; accounting does not."""
    slurm.end("slurmctld")
    slurm.start_controller(clean=True)


def accounted(slurm: SlurmCluster, folder: JobFolder, state: str) -> None:
    """Wait until accounting tells that the three tasks of a job are so."""
    name = f"ds-{folder.id}-1"

    def told() -> list[str]:
        text = slurm.run(*parser.sacct_command([name], "root")).stdout
        return [row.state for row in parser.parse_sacct(text, [name], "root")]

    until(lambda: told() == [state] * 3, f"accounting does not tell of {state}")


@pytest.mark.parametrize(("wish", "words"), [
    ({"account": "nope"}, "Invalid account"), ({"qos": "nope"}, "Invalid qos")])
def test_a_wrong_account_is_refused_in_slurms_own_words(home: Home, wish: dict[str, str], words: str) -> None:
    folder = home.send("quick", **wish)
    home.round()
    reason = folder.status().reason
    assert folder.state == "failed" and reason and reason["code"] == "scheduler_refused" and words in reason["message"]


def test_a_limit_on_the_number_of_jobs_is_waited_for(home: Home, slurm_accounting: SlurmCluster) -> None:
    change = ("sacctmgr", "-i", "modify", "user", "root", "set")
    assert slurm_accounting.run(*change, "MaxSubmitJobs=1").returncode == 0
    folder = home.send("quick", account="soil")
    home.until(lambda: "accepts no more jobs at the moment" in folder.status().message)
    assert folder.state == "queued"
    assert slurm_accounting.run(*change, "MaxSubmitJobs=-1").returncode == 0
    assert home.ended(folder) == "succeeded"
    assert home.ran("quick") == Counter(range(3))


def test_accounting_tells_the_end_of_tasks_that_the_queue_has_forgotten(home: Home,
                                                                        slurm_accounting: SlurmCluster) -> None:
    folder = home.send("wait", minutes=999)
    home.until(lambda: home.arrays(folder))
    accounted(slurm_accounting, folder, "PENDING")  # what is cancelled sooner was never there
    slurm_accounting.run("scancel", home.arrays(folder).pop())
    accounted(slurm_accounting, folder, "CANCELLED")
    forget(slurm_accounting)
    assert home.ended(folder) == "failed"
    reason = folder.status().reason
    assert reason and reason["code"] == "cancelled_in_scheduler"


def test_a_lost_submission_that_left_no_trace_but_in_accounting_is_not_repeated(
        home: Home, slurm_accounting: SlurmCluster) -> None:
    folder = home.send("wait", minutes=999)  # it waits for ever and leaves no file
    home.round()
    number = attempt(folder, 1, "submitted.json")["array"]
    (folder.path / "attempt-1" / "submitted.json").unlink()
    accounted(slurm_accounting, folder, "PENDING")
    slurm_accounting.run("scancel", number)
    accounted(slurm_accounting, folder, "CANCELLED")
    forget(slurm_accounting)
    home.advancer = home.new_advancer()
    home.until(lambda: (folder.path / "attempt-1" / "submitted.json").exists())
    assert attempt(folder, 1, "submitted.json")["array"] == number
    assert home.arrays(folder) == set()


def test_a_task_that_outgrows_its_memory_is_ended_by_slurm_and_gets_twice_as_much(
        tmp_path: Path, slurm_cgroup: SlurmCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    fake_tasks.install()
    home = Home(tmp_path / "home", slurm_cgroup)
    folder = home.send("eat-0", tasks=2, memory_mb=300)
    assert home.ended(folder) == "succeeded", folder.status().reason
    assert home.ran("eat-0") == Counter({0: 2, 1: 1})
    assert attempt(folder, 2, "intent.json")["memory_mb"] == 600
    assert "OUT_OF_MEMORY" in slurm_cgroup.run("squeue", "-h", "-r", "-t", "all", "-o", "%T").stdout
