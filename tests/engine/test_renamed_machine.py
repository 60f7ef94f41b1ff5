"""A job that a computer left running under another name ends, can be cancelled and removed, and frees the queue."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.states import Worker
from deepsoil.io import process
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.kinds.open_context import open_context
from deepsoil.schedulers.process import elsewhere, queue
from deepsoil.schedulers.process.recovery import refresh
from deepsoil.service.jobs import Jobs
from job_tools import document

GONE = Worker("laptop-of-yesterday", 4711, "another-boot:1")


def running(tmp_path: Path, worker: Worker, silent_s: float) -> JobFolder:
    """A job whose files were last written ``silent_s`` ago."""
    folder, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document()))
    folder.step("running", message="Working", worker=worker)
    then = time.time() - silent_s
    for path in folder.path.iterdir():
        os.utime(path, (then, then))
    return folder


def beat(folder: JobFolder, silent_s: float) -> None:
    path = folder.path / layout.HEARTBEAT
    path.touch()
    os.utime(path, (time.time() - silent_s, time.time() - silent_s))


@pytest.fixture
def child() -> Iterator[Worker]:
    made = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
    yield Worker("laptop-of-yesterday", made.pid, process.start_of(made.pid))
    made.kill()
    made.wait()


@pytest.mark.parametrize(("heartbeat_s", "written_s", "cancelled", "expected"), [
    (10, 9999, False, "running"), (170, 9999, False, "running"), (200, 9999, False, "failed"),
    (10, 9999, True, "running"), (40, 9999, True, "cancelled"), (None, 200, False, "running"),
    (None, 4000, False, "failed"), (None, 40, True, "cancelled")])
def test_silence_by_the_clock_of_the_disk_decides(tmp_path: Path, heartbeat_s: float | None, written_s: float,
                                                  cancelled: bool, expected: str) -> None:
    folder = running(tmp_path, GONE, written_s)
    if heartbeat_s is not None:
        beat(folder, heartbeat_s)
    if cancelled:
        folder.request_cancel()
    assert refresh(folder).state == expected
    if expected == "failed":
        assert (folder.status().reason or {})["code"] == "worker_lost"


def test_it_can_be_cancelled_and_removed_and_frees_the_queue(tmp_path: Path) -> None:
    folder = running(tmp_path, GONE, 100)
    waiting, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document()))
    assert queue._look(tmp_path / "jobs").keys() == {folder.id, waiting.id}
    jobs = Jobs(tmp_path, lambda: open_context(tmp_path))
    jobs.wake = lambda scheduler: None
    assert jobs.cancel(folder.id)["state"] == "cancelled"
    assert queue._look(tmp_path / "jobs").keys() == {waiting.id}
    assert jobs.remove(folder.id) == {} and not folder.path.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux numbers its starts")
def test_a_worker_that_lives_under_the_earlier_name_goes_on(tmp_path: Path, child: Worker) -> None:
    folder = running(tmp_path, child, 9999)
    beat(folder, 9999)  # the computer has slept
    assert elsewhere.is_here(folder.status()) and refresh(folder).state == "running"


def test_a_worker_shows_that_it_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document()), claimed=True)
    seen: list[bool] = []

    def handle(*_: Any) -> None:
        seen.append((folder.path / layout.HEARTBEAT).exists())

    monkeypatch.setattr(runner, "_handle", handle)
    runner.run(folder, lambda: open_context(tmp_path))
    assert seen == [True] and folder.state == "succeeded"
