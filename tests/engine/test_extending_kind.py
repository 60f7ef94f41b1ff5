"""A kind of job of another package, run to its end by processes that know of it from its entry point alone.

The example of docs/extending.md: the package is rain_kind.py and one line of its pyproject.toml::

    [project.entry-points."deepsoil.kinds"]
    rain = "rain_kind:KIND"
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
import rain_kind
from deepsoil.contract import options
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import merge, run
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.kinds import registry
from deepsoil.kinds.open_context import open_context
from deepsoil.kinds.preparation import Requests
from inference_tools import DAYS, built
from job_tools import deepsoil, ended, kill_leftovers
from tasks_tools import planned

HERE = Path(__file__).parent


def document(**changes: Any) -> dict[str, Any]:
    return {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "rain", "name": "How wet was it?",
            "region": "made-up",
            "dates": {"start": str(DAYS[0]), "end": str(DAYS[-1])}, "options": {"wet_mm": 2.0}, **changes}


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A HOME with a region."""
    home = tmp_path / "home"
    home.mkdir()
    open_context(home).regions.add(built(tmp_path_factory) / "store")
    return home


@pytest.fixture
def registered() -> Iterator[None]:
    """The kind is known in this process, as a package that adds it by `register` has it."""
    registry.register(rain_kind.KIND)
    yield
    registry._registered.pop("rain")
    options._OPTIONS.pop("rain")


def test_an_installed_package_adds_a_kind_to_every_process(home: Path, tmp_path: Path) -> None:
    installed = tmp_path / "site-packages"
    metadata = installed / "rain_kind-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: rain-kind\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text("[deepsoil.kinds]\nrain = rain_kind:KIND\n")
    (installed / "rain_kind.py").write_text((HERE / "rain_kind.py").read_text())
    wanted = document()
    try:
        # The command, the queue that it starts, and the worker of the job are three processes.
        sent = deepsoil(home, "submit", "-", text=json.dumps(wanted), PYTHONPATH=str(installed))
        assert sent.returncode == 0, sent.stderr
        folder = JobFolder(home / "jobs" / wanted["id"])
        assert ended(folder) == "succeeded", folder.status().reason
    finally:
        kill_leftovers(home)
    header, *rows = (folder.outputs_path / "rain.csv").read_text().splitlines()
    assert header == "month,rain_mm,wet_days" and len(rows) == len({day.isoformat()[:7] for day in DAYS})
    assert [record["kind"] for record in folder.output_records()] == ["table"]
    unknown = deepsoil(home, "submit", "-", text=json.dumps(document()))
    assert unknown.returncode == 2 and "There is no kind of job 'rain'" in unknown.stderr


def test_a_package_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("broken", "no_such_package:KIND", options.ENTRY_POINTS)
    monkeypatch.setattr(options, "entry_points", lambda group, name="broken": [broken] if name == "broken" else [])
    for ask in (lambda: parse_specification(document(kind="broken")), lambda: registry.find_kind("broken")):
        with pytest.raises(DeepSoilError, match="no_such_package") as caught:
            ask()
        assert (caught.value.code, caught.value.field) == ("kind_unavailable", "kind")
    with pytest.raises(DeepSoilError, match="no jobs of kind 'unheard-of'"):
        registry.find_kind("unheard-of")


@pytest.mark.usefixtures("registered")
def test_its_work_is_divided_into_tasks_whose_results_are_merged(home: Path) -> None:
    context = open_context(home)
    alone_made = planned(context, document())[0]
    rain_kind.KIND.run(alone_made.specification(), alone_made, context)
    job, plan = planned(context, document(resources={"tasks": 2}))
    months = [task.payload["months"] for task in plan.tasks]
    assert len(months) == 2 and sorted(months[0] + months[1]) == sorted({day.isoformat()[:7] for day in DAYS})
    for task in plan.tasks:
        me = Identity(task.index, "71")
        folder = run.prepare(job, 1, me)
        assert folder is not None and run.run(folder, me, lambda: context) == "succeeded"
    merging = merge.prepare(job, 1, 0)
    assert merging is not None and merge.run(merging, lambda: context) == "succeeded"
    assert (job.outputs_path / "rain.csv").read_text() == (alone_made.outputs_path / "rain.csv").read_text()


@pytest.mark.usefixtures("registered")
def test_its_requests_are_checked_and_estimated_like_others(home: Path) -> None:
    context = open_context(home)
    estimate = Requests(lambda: context).estimate(document())
    assert estimate["problems"] == [] and estimate["bytes"] > 0 and estimate["pixels"] is None
    assert [problem["code"] for problem in Requests(lambda: context).estimate(document(region="x"))["problems"]] == [
        "region_unknown"]


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(("change", "field", "words"), [
    ({"options": {"threads": 2}}, "options.threads", "It takes: wet_mm."),
    ({"options": {"wet_mm": -1}}, "options.wet_mm", "greater than or equal to 0"),
    ({"dates": None}, "dates", "needs the field 'dates'"),
    ({"area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}}, "area", "takes no area"),
])
def test_its_options_are_as_strict_as_those_of_the_engine(change: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification(document(**change))
    assert caught.value.field == field and words in str(caught.value)
