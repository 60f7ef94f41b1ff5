"""What every scheduler must do. A test module derives a class ``Test…`` from these and gives it its fixtures.

`SchedulerConformance` is for all, through the interface that a service uses; `ArrayConformance` for those with arrays,
whose jobs a test advances itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import pytest
from array_jobs import ArrayHome, attempt, fake_tasks, until
from deepsoil.contract.resources import Resources
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.schedulers import registry
from deepsoil.schedulers.array.attempts import Journal
from deepsoil.schedulers.array.backend import Request
from deepsoil.schedulers.base import Watch
from deepsoil.service.jobs import Jobs


class ServedHome:
    """A HOME whose jobs the scheduler's own watch follows, as in a service.

    document  a job that does as its name says, ``quick`` or ``wait``
    """

    def __init__(self, jobs: Jobs, watch: Watch, document: Callable[[str], dict[str, Any]]) -> None:
        self.jobs, self.document = jobs, document
        jobs.wake = lambda scheduler: watch.wake()

    def state(self, job: str) -> str:
        return str(self.jobs.summary(self.jobs.folder(job))["state"])

    def running(self) -> str:
        """The id of a job that runs and waits."""
        job = str(self.jobs.submit(self.document("wait"))["id"])
        until(lambda: self.state(job) == "running", f"{job} does not begin")
        return job


class SchedulerConformance:
    """For every scheduler."""

    def test_a_job_ends_by_itself_and_the_same_id_is_the_same_job(self, served: ServedHome) -> None:
        document = served.document("quick")
        assert served.jobs.submit(document)["id"] == served.jobs.submit(document)["id"] == document["id"]
        until(lambda: served.state(document["id"]) == "succeeded")
        assert served.jobs.submit(document)["state"] == "succeeded"
        assert len(served.jobs.everything()) == 1

    def test_a_job_that_runs_is_cancelled_and_one_that_has_ended_stays(self, served: ServedHome) -> None:
        job = served.running()
        served.jobs.cancel(job)
        until(lambda: served.state(job) == "cancelled")
        assert served.jobs.folder(job).status().reason is None
        assert served.jobs.cancel(job)["state"] == "cancelled"

    def test_a_job_is_cancelled_as_soon_as_it_is_accepted(self, served: ServedHome) -> None:
        job = str(served.jobs.submit(served.document("wait"))["id"])
        served.jobs.cancel(job)
        until(lambda: served.state(job) == "cancelled")


def running(site: ArrayHome, **resources: Any) -> JobFolder:
    """A job of three tasks that all run and wait."""
    folder = site.send("wait", **resources)
    site.until(lambda: (site.summary(folder)["tasks"] or {}).get("running") == 3 and
               site.ran("wait") == Counter(range(3)), f"{folder.path} does not run")
    assert folder.state == "running" and folder.status().message == "Running, 0 of 3 done"
    return folder


class ArrayConformance:
    """For schedulers with arrays.

    waits_for_same_name  a second array of the same name begins after the first
    whole_node           resources of a task that has a computer of its own
    """

    waits_for_same_name: ClassVar[bool] = False
    whole_node: ClassVar[dict[str, Any]] = {}

    def lose_node(self, site: ArrayHome, folder: JobFolder, index: int) -> None:
        """The computer that runs a task is gone."""
        raise NotImplementedError

    @pytest.fixture(autouse=True)
    def nothing_left(self, site: ArrayHome) -> Iterator[None]:
        yield
        for recipe in site.path.glob("wait*"):
            (recipe / "go").touch()

    def test_every_task_runs_once_and_the_merge_after_the_last(self, site: ArrayHome) -> None:
        folder = site.send("quick-merged", tasks=5)
        assert site.ended(folder) == "succeeded", folder.status().reason
        assert site.ran("quick-merged") == Counter(range(5))
        assert (folder.outputs_path / "all.txt").read_text() == "".join(f"result of {n}\n" for n in range(5))
        summary = site.summary(folder)
        assert summary["tasks"] == {"total": 5, "waiting": 0, "running": 0, "succeeded": 5, "failed": 0}
        assert summary["scheduler"]["name"] == site.backend.name and len(summary["scheduler"]["ids"]) == 2
        assert not (folder.path / "attempt-2").exists()

    def test_a_task_that_fails_by_itself_is_not_repeated_and_the_others_are_kept(self, site: ArrayHome) -> None:
        folder = site.send("fail-1", attempts=3)
        assert site.ended(folder) == "failed"
        reason = folder.status().reason
        assert reason and reason["code"] == "no_weather"
        assert site.ran("fail-1") == Counter(range(3))
        assert len(folder.manifest()["files"]) == 2

    def test_a_task_whose_process_was_killed_is_retried_alone_before_the_merge(self, site: ArrayHome) -> None:
        folder = site.send("die-1-merged", attempts=2)
        assert site.ended(folder) == "succeeded", folder.status().reason
        assert site.ran("die-1-merged") == Counter({0: 1, 1: 2, 2: 1})
        assert attempt(folder, 2, "intent.json")["tasks"] == [1]
        assert len((folder.outputs_path / "all.txt").read_text().splitlines()) == 3

    def test_an_array_with_gaps_runs_the_tasks_that_are_wanted(self, site: ArrayHome) -> None:
        earlier = site.send("quick", tasks=4)
        assert site.ended(earlier) == "succeeded"
        again = JobFolder(site.path / "jobs" / site.jobs.retry(earlier.id, "cd" * 16)["id"])
        for index in (0, 3):  # as if they had failed
            (layout.task_path(again.path, index) / layout.RESULT).unlink()
        before = site.ran("quick")
        assert site.ended(again) == "succeeded", again.status().reason
        assert attempt(again, 1, "intent.json")["tasks"] == [0, 3]
        assert site.ran("quick") - before == Counter({0: 1, 3: 1})

    def test_a_task_whose_node_is_lost_is_run_again(self, site: ArrayHome) -> None:
        folder = running(site, attempts=2, **self.whole_node)
        self.lose_node(site, folder, 1)
        site.until(lambda: site.ran("wait")[1] == 2, "the task does not run again")
        (site.path / "wait" / "go").touch()
        assert site.ended(folder) == "succeeded", folder.status().reason
        assert site.ran("wait") == Counter({0: 1, 1: 2, 2: 1})

    @pytest.mark.parametrize("when", ["accepted", "submitted", "running", "number never learnt"])
    def test_a_cancel_ends_everything(self, site: ArrayHome, when: str) -> None:
        if when == "running":
            folder = running(site)
        else:
            folder = site.send("wait")
            if when != "accepted":
                site.round()
        if when == "number never learnt":
            (folder.path / "attempt-1" / "submitted.json").unlink()
            site.advancer = site.new_advancer()
        site.jobs.cancel(folder.id)
        assert site.ended(folder) == "cancelled"
        assert folder.status().reason is None
        names = site.names(folder)
        until(lambda: all(record.phase == "ended" for record in site.backend.observe(names)), "something is left")

    def test_a_submission_whose_answer_was_lost_is_found_and_not_repeated(self, site: ArrayHome) -> None:
        folder = site.send("wait")
        site.until(lambda: (folder.path / "attempt-1" / "submitted.json").exists())
        number = attempt(folder, 1, "submitted.json")["array"]
        (folder.path / "attempt-1" / "submitted.json").unlink()
        site.advancer = site.new_advancer()
        site.until(lambda: (folder.path / "attempt-1" / "submitted.json").exists())
        assert attempt(folder, 1, "submitted.json")["array"] == number
        (site.path / "wait" / "go").touch()
        assert site.ended(folder) == "succeeded"
        assert site.ran("wait") == Counter(range(3))

    def test_a_second_array_of_the_same_attempt_finds_the_work_taken(self, site: ArrayHome) -> None:
        folder = running(site)
        second = site.backend.submit(request_of(site, folder, 1))
        assert second.kind == "submitted" and second.number is not None
        if not self.waits_for_same_name:
            until(lambda: len(outputs(folder, second.number)) == 3, "the second array does not run")
        (site.path / "wait" / "go").touch()
        until(lambda: all("duplicate" in text for text in outputs(folder, second.number)), "it does not end")
        assert site.ended(folder) == "succeeded"
        assert site.ran("wait") == Counter(range(3))

    def test_a_retry_does_not_repeat_what_is_finished(self, site: ArrayHome) -> None:
        folder = site.send("fail-1")
        assert site.ended(folder) == "failed"
        again = JobFolder(site.path / "jobs" / site.jobs.retry(folder.id, "ab" * 16)["id"])
        assert site.ended(again) == "failed"
        assert site.ran("fail-1") == Counter({0: 1, 1: 2, 2: 1})


def request_of(site: ArrayHome, folder: JobFolder, number: int) -> Request:
    """The request for an array that was submitted before."""
    found = Journal(folder.path).read(number)
    assert found is not None
    here = PurePosixPath(folder.path / f"attempt-{number}")
    return Request(folder.id, found.name("array"), "array", found.tasks, (),
                   Resources.model_validate(folder.document()["resources"]), None, here, here / "script.sh")


def outputs(folder: JobFolder, array: str | None) -> list[str]:
    """What the tasks of an array printed."""
    return [path.read_text() for path in (folder.path / "attempt-1").glob(f"output-{array}.*.txt")]


def served_home(monkeypatch: pytest.MonkeyPatch, home: Path, scheduler: str,
                document: Callable[[str], dict[str, Any]]) -> Iterator[ServedHome]:
    """For the fixture ``served``: with a watch that is stopped afterwards."""
    monkeypatch.setenv("DEEPSOIL_SCHEDULER_TIMES", "settle=3,lag=4,grace=0.5,shortest_poll=0.2,longest_poll=0.5")
    watch = registry.find(scheduler).watch(home, lambda: fake_tasks.CONTEXT)
    watch.start()
    yield ServedHome(Jobs(home, lambda: fake_tasks.CONTEXT), watch, document)
    watch.stop(30.0)
