"""A job with an array whose folder is damaged: cancelled or removed, its array is ended by its name."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract import scheduler_names
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers import registry
from deepsoil.schedulers.array.scheduler import ArrayScheduler
from deepsoil.schedulers.slurm.scheduler import Slurm
from deepsoil.service.jobs import Jobs
from job_tools import document

HALF = '{"schema": 2, "sta'


class Recording(Slurm):
    """Says what it was told to cancel."""

    name = "recording"

    def __init__(self) -> None:
        super().__init__()
        self.cancelled: set[str] = set()

    def require(self) -> None:
        return

    def cancel(self, names: Sequence[str]) -> None:
        self.cancelled |= set(names)


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    made = Recording()
    for name in ("_registered", "_found"):
        monkeypatch.setattr(registry, name, dict(getattr(registry, name)))
    monkeypatch.setattr(scheduler_names, "add", lambda name: None)
    monkeypatch.setattr(registry, "names", lambda: ["process", "gridengine", "recording"])
    registry.register(made.name, lambda: ArrayScheduler(made))
    yield made


def made_job(home: Path, files: Sequence[str]) -> JobFolder:
    """A running job with two attempts, whose ``files`` are half written."""
    folder, _ = JobFolder.create(home / "jobs", parse_specification(document()))
    folder.step("running", message="Running")
    for number in (1, 2):
        (folder.path / f"attempt-{number}").mkdir()
    (folder.path / "scheduler.json").write_text('{"name": "recording"}')
    for name in files:
        (folder.path / name).write_text(HALF)
    return folder


@pytest.mark.parametrize("files", [["state.json"], ["job.json", "scheduler.json"],
                                   ["job.json", "scheduler.json", "state.json"], ["job.json", "state.json"]])
@pytest.mark.parametrize("act", ["cancel", "remove"])
def test_the_array_of_a_damaged_job_is_ended(backend: Recording, tmp_path: Path, files: list[str], act: str) -> None:
    context: Any = None
    folder, jobs = made_job(tmp_path, files), Jobs(tmp_path, lambda: context)
    jobs.wake = lambda scheduler: None
    whole = "state.json" not in files
    try:
        getattr(jobs, act)(folder.id)
    except DeepSoilError as error:
        assert error.code == ("job_active" if act == "remove" else "job_damaged"), error
    if act == "remove" and whole:
        assert folder.path.is_dir() and not backend.cancelled, "it has not ended: it must be cancelled first"
        return
    names = {f"ds-{folder.id}-{number}" for number in (1, 2)}
    assert names | {f"{name}-merge" for name in names} == backend.cancelled
    if not whole:
        jobs.remove(folder.id) if act == "cancel" else None
        assert not folder.path.exists()


def test_a_job_without_an_array_asks_no_scheduler(backend: Recording, tmp_path: Path) -> None:
    folder, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document(id=secrets.token_hex(16))))
    (folder.path / "state.json").write_text(HALF)
    Jobs(tmp_path, lambda: None).remove(folder.id)  # type: ignore[arg-type, return-value]
    assert not folder.path.exists() and not backend.cancelled
