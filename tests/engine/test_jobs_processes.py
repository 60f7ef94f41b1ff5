"""Jobs are real processes of their own: killed, cancelled, waiting for their turn, with no service in sight."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from deepsoil.contract.specification import parse_specification
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.process import queue
from deepsoil.schedulers.process.recovery import cancel, refresh
from job_tools import FAKE, begun, deepsoil, document, ended, environment, kill_leftovers, until


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PYTHONPATH", str(FAKE))
    yield tmp_path
    kill_leftovers(tmp_path)
    until(lambda: not queue.is_running(tmp_path))


def waiting(home: Path, recipe: str, name: str = "a job") -> JobFolder:
    folder, new = JobFolder.create(home / "jobs", parse_specification(document(recipe, name=name)))
    assert new
    return folder


def test_a_queue_runs_one_job_at_a_time_oldest_first_and_ends(home: Path) -> None:
    folders = [waiting(home, "record", str(number)) for number in range(3)]
    queue.start(home)
    queue.start(home)  # a second one finds that there is one
    assert [ended(folder) for folder in folders] == ["succeeded"] * 3
    lines = (home / "order.txt").read_text().split("\n")[:-1]
    assert lines == [f"{what} {number}" for number in range(3) for what in ("begin", "end")]
    until(lambda: not queue.is_running(home))


def test_two_at_once_where_that_is_set(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSOIL_JOBS_AT_ONCE", "2")
    folders = [waiting(home, "wait") for _ in range(3)]
    queue.start(home)
    until(lambda: sum(folder.state == "running" for folder in folders) == 2)
    for folder in folders:
        if folder.state == "running":
            begun(folder)
    assert sum(folder.state == "queued" for folder in folders) == 1
    (home / "go").touch()
    assert [ended(folder) for folder in folders] == ["succeeded"] * 3


def test_a_worker_killed_is_lost_its_output_stays_and_the_next_job_begins(home: Path) -> None:
    first, second = waiting(home, "wait"), waiting(home, "quick")
    queue.start(home)
    os.kill(begun(first), signal.SIGKILL)
    assert ended(first) == "failed"
    reason = first.status().reason
    assert reason and reason["code"] == "worker_lost" and "Send the job again" in reason["hint"]
    assert [record["name"] for record in first.manifest()["files"]] == ["first.txt"]
    assert ended(second) == "succeeded"


def test_a_lost_worker_is_noticed_by_whoever_looks_when_the_queue_died_too(home: Path) -> None:
    folder = waiting(home, "die")
    child = process.spawn(["run-job", str(folder.path)], folder=home, output=home / "worker.txt")
    child.wait()
    assert folder.state == "running", "nobody has looked yet"
    assert refresh(folder).state == "failed"
    assert refresh(folder).state == "failed"


def test_a_job_of_another_machine_is_not_judged_by_a_process_number_of_this_one(home: Path) -> None:
    folder = waiting(home, "quick")
    folder.claim()
    text = (folder.path / "state.json").read_text()
    number = f'"pid": {os.getpid()}'
    assert number in text
    moved = text.replace(process.this_machine(), "elsewhere")
    (folder.path / "state.json").write_text(moved.replace(number, '"pid": 1'))
    assert refresh(folder).state == "running"
    (folder.path / "state.json").write_text(text.replace(number, '"pid": 1'))
    assert refresh(folder).state == "failed"


def test_a_queue_killed_leaves_its_worker_alone_and_the_next_queue_waits_for_it(home: Path) -> None:
    first, second = waiting(home, "wait"), waiting(home, "quick")
    child = process.spawn(["run-queue", str(home)], folder=home, output=home / "queue.txt")
    begun(first)
    child.kill()
    child.wait()
    assert not queue.is_running(home)
    queue.start(home)
    until(lambda: queue.is_running(home))
    assert second.state == "queued"
    (home / "go").touch()
    assert [ended(first), ended(second)] == ["succeeded", "succeeded"]


def test_a_queue_that_was_sent_before_the_settings_changed_starts_no_job(home: Path) -> None:
    before = queue.settings(home)
    late = waiting(home, "quick")
    queue.replace(home)
    queue.run(home, sent_with=before)  # it came to run only after the change
    assert late.state == "queued"
    queue.start(home)
    assert ended(late) == "succeeded"
    sent = waiting(home, "wait")
    queue.start(home)
    begun(sent)
    queue.replace(home)  # its job runs on, and what waits is started by the other process
    after = waiting(home, "quick")
    (home / "go").touch()
    assert [ended(sent), ended(after)] == ["succeeded", "succeeded"]


@pytest.mark.parametrize("recipe", ["wait", "complain", "busy", "deaf"])
def test_a_cancel_ends_a_job_however_it_behaves_and_keeps_what_is_finished(home: Path, recipe: str) -> None:
    folder = waiting(home, recipe)
    queue.start(home)
    pid = begun(folder)
    cancel(folder)
    assert ended(folder) == "cancelled"
    assert folder.status().reason is None
    assert [record["name"] for record in folder.manifest()["files"]] == ["first.txt"]
    until(lambda: process.start_of(pid) is None)


def test_sigterm_cancels_and_keeps_what_is_finished(home: Path) -> None:
    folder = waiting(home, "busy")
    queue.start(home)
    os.kill(begun(folder), signal.SIGTERM)
    assert ended(folder) == "cancelled"
    assert [record["name"] for record in folder.manifest()["files"]] == ["first.txt"]


def test_a_job_cancelled_while_it_waits_never_begins(home: Path) -> None:
    first, second = waiting(home, "wait"), waiting(home, "quick")
    queue.start(home)
    begun(first)
    assert cancel(second).state == "cancelled"
    (home / "go").touch()
    assert ended(first) == "succeeded"
    until(lambda: not queue.is_running(home))
    assert second.status().started is None
    assert second.manifest()["files"] == []


@pytest.mark.parametrize(("recipe", "code", "words"), [
    ("bug", "internal", "ZeroDivisionError"), ("told", "no_weather", "No weather."),
])
def test_a_failure_has_a_reason_and_the_details_are_in_the_log_only(home: Path, recipe: str, code: str,
                                                                   words: str) -> None:
    folder = waiting(home, recipe)
    done = deepsoil(home, "run-job", str(folder.path))
    assert done.returncode == 1
    reason = folder.status().reason
    assert reason and reason["code"] == code and words in reason["message"] and reason["hint"]
    assert "Traceback" not in (folder.path / "state.json").read_text()
    assert ("Traceback" in (folder.path / "log.jsonl").read_text()) == (code == "internal")


def test_a_file_that_may_not_grow_is_a_full_disk_and_leaves_what_was_finished(home: Path) -> None:
    folder = waiting(home, "fill")
    limited = ("import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)); "
               "sys.argv[0] = 'deepsoil'; runpy.run_module('deepsoil', run_name='__main__')")
    subprocess.run([sys.executable, "-P", "-c", limited, "run-job", str(folder.path)], env=environment(home),
                   capture_output=True, timeout=30, check=False)
    reason = folder.status().reason
    assert reason and reason["code"] == "disk_full" and "Free some space" in reason["hint"]
    assert [path.name for path in folder.outputs_path.iterdir()] == ["first.txt"]


def test_a_worker_that_cannot_start_fails_its_job_instead_of_being_tried_for_ever(home: Path) -> None:
    folder = waiting(home, "quick")
    (home / "broken").mkdir()
    (home / "broken" / "sitecustomize.py").write_text("import sys\nif 'run-job' in sys.orig_argv: sys.exit(7)\n")
    done = deepsoil(home, "run-queue", str(home), PYTHONPATH=f"{home / 'broken'}{os.pathsep}{FAKE}")
    assert done.returncode == 0, done.stderr
    reason = folder.status().reason
    assert reason and reason["code"] == "worker_not_started"


def test_a_job_that_is_not_waiting_is_not_run_again(home: Path) -> None:
    folder = waiting(home, "quick")
    assert deepsoil(home, "run-job", str(folder.path)).returncode == 0
    before = (folder.path / "state.json").read_bytes()
    assert deepsoil(home, "run-job", str(folder.path)).returncode == 4
    assert (folder.path / "state.json").read_bytes() == before
