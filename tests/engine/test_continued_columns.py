"""Maps by soil columns that were cancelled are continued: what is finished is taken over, the rest is what it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from deepsoil.field import uncertainty
from deepsoil.field.simulation import FieldModel
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.schedulers import registry
from deepsoil.service.jobs import Jobs
from deepsoil.store.store import Store
from inference_tools import document
from labels_tools import DATES, make
from test_field_job import BESIDE, SMALL

FIELDS = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"name": name}, "geometry": area}
    for name, area in (("here", SMALL), ("there", BESIDE))]}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make(tmp_path_factory.mktemp("ground") / "store")


@pytest.fixture
def context(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(uncertainty, "MEMBERS", 8)
    monkeypatch.setattr(registry.find("process"), "start", lambda *_: None)
    home = tmp_path / "home"
    home.mkdir()
    regions = Regions(home)
    regions.add(store.path)
    return Context(home, regions, Library.in_folder(home), find_kind)


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many columns each simulation has."""
    found: list[int] = []
    real = FieldModel._simulate

    def simulate(self: FieldModel, *arguments: Any) -> Any:
        found.append(len(self.columns))
        return real(self, *arguments)

    monkeypatch.setattr(FieldModel, "_simulate", simulate)
    return found


def asked(**changes: Any) -> dict[str, Any]:
    days = [str(DATES[number]) for number in (40, 41)]
    return document(**{"region": "labelled", "area": FIELDS, "dates": {"start": days[0], "end": days[1]},
                       "options": {"method": "column", "field_table": True}, **changes})


def run_to(jobs: Jobs, context: Context, job: str, maps: int, monkeypatch: pytest.MonkeyPatch) -> JobFolder:
    """Run a job, and cancel it as soon as it has so many outputs."""
    folder, record = jobs.folder(job), JobFolder.record_output
    assert folder.claim()

    def recorded(self: JobFolder, line: dict[str, Any]) -> None:
        record(self, line)
        if len(self.output_records()) == maps:
            self.request_cancel()

    with monkeypatch.context() as patch:
        patch.setattr(JobFolder, "record_output", recorded)
        runner.run(folder, lambda: context)
    return folder


def hashes(folder: JobFolder) -> dict[str, str]:
    return {record["name"]: record["sha256"] for record in folder.output_records() if record["kind"] == "map"}


def test_a_cancelled_job_is_continued_with_the_maps_and_fields_that_it_lacks(
        context: Context, simulated: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(context.home, lambda: context)
    whole = run_to(jobs, context, jobs.submit(asked())["id"], -1, monkeypatch)
    columns = list(simulated)
    assert whole.state == "succeeded" and len(hashes(whole)) == 8 and len(columns) == 2

    first = run_to(jobs, context, jobs.submit(asked())["id"], 4, monkeypatch)
    assert first.state == "cancelled" and len(hashes(first)) == 4, "all of the first field"
    simulated.clear()
    second = run_to(jobs, context, jobs.retry(first.id, "1" * 32)["id"], -1, monkeypatch)
    assert second.state == "succeeded" and simulated == columns[1:], "the first field is not simulated again"
    assert hashes(first).items() <= hashes(second).items() and len(hashes(second)) == 8
    assert (second.outputs_path / f"fields_{DATES[41]}.geojson").read_text() == \
        (whole.outputs_path / f"fields_{DATES[41]}.geojson").read_text(), "the table has the fields of both jobs"


def test_maps_of_data_that_have_changed_since_are_made_again(
        context: Context, store: Store, simulated: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = Jobs(context.home, lambda: context)
    first = run_to(jobs, context, jobs.submit(asked())["id"], 4, monkeypatch)
    simulated.clear()
    os.utime(store.path / "zarr.json")
    second = run_to(jobs, context, jobs.retry(first.id, "2" * 32)["id"], -1, monkeypatch)
    assert second.state == "succeeded" and len(simulated) == 2
