"""The engine of a cluster on its pipe: it hands jobs to Slurm, tells how they stand, and may be killed meanwhile."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from deepsoil.jobs.folder import JobFolder
from deepsoil.kinds.preparation import Requests
from job_tools import Service, deepsoil
from slurm_cluster import SlurmCluster, until
from slurm_jobs import FAKE, Home

sys.path.insert(0, str(FAKE))
import fake_tasks

SOON = {"PYTHONPATH": str(FAKE), "DEEPSOIL_SCHEDULER_TIMES": "settle=3,lag=4,grace=1,shortest_poll=0.3,longest_poll=1"}


@pytest.fixture
def home(slurm: SlurmCluster, tmp_path: Path) -> Home:
    fake_tasks.install()
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home", slurm)


def test_a_job_over_the_pipe_outlives_its_service_and_the_next_one_tells_its_end(home: Home) -> None:
    document = home.document("wait", tasks=2)
    with Service(home.path, **SOON) as service:
        service.call("watch")
        assert service.call("submit", specification=document)["state"] == "queued"
        until(lambda: any(event.get("job", {}).get("message") == "Running, 0 of 2 done" for event in service.events))
        shown = next(job for job in service.call("list") if job["id"] == document["id"])
        assert shown["tasks"]["running"] == 2 and shown["scheduler"]["ids"] and shown["knowledge"] == "current"
        service.process.kill()
    with Service(home.path, **SOON) as service:
        service.call("watch")
        (home.path / "wait" / "go").touch()
        until(lambda: service.states_seen(document["id"])[-1:] == ["succeeded"])
        assert len(service.call("outputs", id=document["id"])) == 2
    assert home.ran("wait") == Counter(range(2))


def test_a_cancel_over_the_pipe_and_one_of_a_job_that_never_arrived(home: Home) -> None:
    document, never = home.document("wait", tasks=2), home.document("wait")
    with Service(home.path, **SOON) as service:
        service.call("submit", specification=document)
        assert service.call("cancel", id=document["id"])["message"] == "Stopping"
        until(lambda: service.call("list")[0]["state"] == "cancelled")
        assert service.call("cancel", id=never["id"], forbid=True)["state"] == "cancelled"
        assert service.error("submit", specification=never)["code"] == "job_forbidden"


def test_without_slurm_a_job_is_refused_before_it_is_taken(home: Home, tmp_path: Path) -> None:
    with Service(home.path, **SOON, PATH=str(tmp_path)) as service:
        refused = service.error("submit", specification=home.document("quick"))
        assert refused["code"] == "scheduler_missing" and "sbatch" in refused["message"]
        assert service.call("list") == []


@pytest.mark.parametrize(("wish", "code", "words"), [
    ({}, None, ""), ({"partition": "gpuu"}, "partition_unknown", "The partitions are: gpu, high"),
    ({"cpus": 9, "gpus": 4}, "resources_exceeded", "9 CPUs for a task, a computer there has 2; 4 GPUs"),
])
def test_a_request_that_slurm_will_not_grant_is_doubted_before_it_is_sent(home: Home, wish: dict[str, object],
                                                                          code: str | None, words: str) -> None:
    told = Requests(lambda: fake_tasks.CONTEXT).estimate(home.document("quick", **wish))
    assert told["problems"] == []
    assert [warning["code"] for warning in told["warnings"]] == ([code] if code else [])
    assert all(words in warning["message"] + warning["hint"] for warning in told["warnings"])


def test_the_command_advance_takes_jobs_to_their_end(home: Home) -> None:
    document = home.document("quick", tasks=2)
    (home.path / "job.json").write_text(json.dumps(document))
    sent = deepsoil(home.path, "submit", str(home.path / "job.json"), **SOON)
    assert sent.returncode == 0, sent.stderr
    folder = JobFolder(home.path / "jobs" / document["id"])
    assert home.arrays(folder), "the command itself handed it over"
    done = deepsoil(home.path, "advance", str(home.path), "--until-done", **SOON)
    assert done.returncode == 0, done.stderr
    assert folder.state == "succeeded"
