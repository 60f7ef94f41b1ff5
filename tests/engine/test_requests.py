"""A request is parsed, filled in, checked and planned once each, whatever is asked about it and wherever it runs."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract import scheduler_names, specification
from deepsoil.contract.specification import Specification
from deepsoil.inference import windows
from deepsoil.jobs.kind import Context, JobPlan
from deepsoil.kinds import predict
from deepsoil.kinds.predict import Predict
from deepsoil.schedulers import registry
from deepsoil.schedulers.process.scheduler import ProcessScheduler
from deepsoil.service.jobs import Jobs
from inference_tools import DAYS, built, document, make_context


class Dividing(ProcessScheduler):
    """Takes jobs of many tasks, and never starts them."""

    name = "dividing"

    def accept(self, specification: Any, plan: JobPlan, earlier: Any) -> Callable[[Path], None]:
        tasks = plan.tasks(5)
        return lambda draft: (draft / "tasks.txt").write_text(str(len(tasks)))  # type: ignore[return-value]


@pytest.fixture
def jobs(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Jobs]:
    """The service's jobs on made-up ground; nothing is started."""
    context = make_context(built(tmp_path_factory), tmp_path / "home")
    jobs = Jobs(context.home, lambda: context)
    jobs.wake = lambda scheduler: None
    registry.register("dividing", Dividing)
    yield jobs
    registry._registered.pop("dividing")
    registry._found.pop("dividing", None)
    scheduler_names._added.discard("dividing")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each step was taken."""
    counted: Counter[str] = Counter()

    def count(owner: Any, name: str, step: str) -> None:
        original = getattr(owner, name)

        def counting(*given: Any, **named: Any) -> Any:
            counted[step] += 1
            return original(*given, **named)

        monkeypatch.setattr(owner, name, counting)

    count(specification, "check_area", "outline checked")
    count(Specification, "model_validate_json", "parsed")
    count(Predict, "prepare", "filled in")
    count(predict, "make_plan", "planned")
    count(windows, "plan", "windows of a depth planned")
    return counted


ONCE = {"outline checked": 1, "parsed": 1, "filled in": 1, "planned": 1, "windows of a depth planned": 2}


@pytest.mark.parametrize("resources", [None, {"scheduler": "dividing", "tasks": 5}])
def test_a_submission_takes_every_step_once(jobs: Jobs, calls: Counter[str], resources: dict[str, Any] | None) -> None:
    job = jobs.submit(document(**({"resources": resources} if resources else {})))
    assert job["state"] == "queued" and job["specification"]["models"] == {"5": "random-5cm", "20": "random-20cm"}
    assert dict(calls) == ONCE
    if resources:
        assert (Path(job["folder"]) / "tasks.txt").read_text() == "2", "a window for each depth"


def test_what_was_estimated_is_not_planned_again_when_it_is_submitted(jobs: Jobs, calls: Counter[str]) -> None:
    wanted = document()
    estimate = jobs.requests.estimate(wanted)
    assert estimate["problems"] == [] and dict(calls) == ONCE
    job = jobs.submit({**wanted, "id": "f" * 32, "name": "at last"})
    assert (job["id"], job["name"]) == ("f" * 32, "at last")
    assert calls["planned"] == calls["filled in"] == 1
    assert calls["parsed"] == calls["outline checked"] == 2, "each document that arrives is checked"


def test_a_plan_is_made_anew_when_the_request_or_the_region_changed(jobs: Jobs, calls: Counter[str],
                                                                    tmp_path: Path) -> None:
    wanted = document()
    jobs.requests.estimate(wanted)
    jobs.requests.estimate({**wanted, "dates": {"start": str(DAYS[41]), "end": str(DAYS[41])}})
    assert calls["planned"] == 2
    jobs.requests.estimate({**wanted, "dates": {"start": str(DAYS[41]), "end": str(DAYS[41])}})
    assert calls["planned"] == 2
    regions = tmp_path / "home" / "regions.json"
    os.utime(regions, ns=(1, 1))
    jobs.requests.estimate({**wanted, "dates": {"start": str(DAYS[41]), "end": str(DAYS[41])}})
    assert calls["planned"] == calls["filled in"] == 3


def test_a_job_that_was_accepted_is_read_without_checking_its_outline_again(jobs: Jobs, calls: Counter[str]) -> None:
    job = jobs.submit(document())
    jobs.folder(job["id"]).specification()
    assert calls["outline checked"] == 1


def test_a_plan_without_files_that_it_rests_on_is_never_kept(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Specification] = []

    def plan(self: Predict, specification: Specification, context: Context) -> JobPlan:
        made.append(specification)
        return JobPlan("plain")

    monkeypatch.setattr(Predict, "plan", plan)
    wanted = document()
    jobs.requests.estimate(wanted)
    jobs.requests.estimate(wanted)
    assert len(made) == 2
