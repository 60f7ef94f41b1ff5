"""Whatever is wrong with the files of one job, all others stay listed, watched and started, and it can be removed."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.states import Worker
from deepsoil.io import process
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.listing import job_folders
from deepsoil.jobs.tasks import curves, heartbeat, layout, plan, run
from deepsoil.jobs.tasks.identity import Identity
from deepsoil.kinds.open_context import open_context
from deepsoil.schedulers.array.active import ActiveJobs
from deepsoil.schedulers.array.advance import Advancer
from deepsoil.schedulers.array.attempts import Attempt, Journal
from deepsoil.schedulers.array.backend import NoAnswerError
from deepsoil.schedulers.process import queue
from deepsoil.schedulers.process.watch import ProcessWatch
from deepsoil.schedulers.watches import Watches
from deepsoil.service.jobs import Jobs
from deepsoil.service.watch import Watcher
from job_tools import document, prediction
from mutation_tools import Counts, Denied, all_files, damage

SEED = int(os.environ.get("DEEPSOIL_TEST_SEED", "1"))
INPUTS = int(os.environ.get("DEEPSOIL_TEST_INPUTS", "150"))
SLURM = {"scheduler": "slurm", "partition": "gpu", "tasks": 2}


class Home:
    """A HOME with healthy jobs in every state, and jobs to be damaged."""

    def __init__(self, home: Path, child: subprocess.Popen[bytes]) -> None:
        self.home, self.jobs_path = home, home / "jobs"
        self.worker = Worker(process.this_machine(), child.pid, process.start_of(child.pid))
        self.healthy = [self.queued().id, self.running().id, self.ended("succeeded").id, self.ended("failed").id]
        self.jobs = Jobs(home, lambda: open_context(home))
        self.jobs.wake = lambda scheduler: None
        self.expected = self.shown()

    def make(self, wanted: dict[str, Any]) -> JobFolder:
        return JobFolder.create(self.jobs_path, parse_specification(wanted))[0]

    def queued(self) -> JobFolder:
        return self.make(document())

    def running(self, worker: Worker | None = None) -> JobFolder:
        folder = self.make(document())
        folder.step("running", message="Working", worker=worker or self.worker)
        for done in (1, 2, 3):
            folder._last_progress = -1.0
            folder.progress(done, 4, "Working")
        folder.log("A line")
        self.output(folder, "first.txt")
        (folder.path / layout.HEARTBEAT).touch()
        return folder

    @staticmethod
    def output(folder: JobFolder, name: str) -> None:
        draft = folder.temporary(name)
        draft.write_text(name)
        folder.add_output(draft, "table", 5, "2023-07-15")

    def ended(self, state: Any) -> JobFolder:
        folder = self.make(document())
        folder.step("running", message="Working", worker=self.worker)
        self.output(folder, "first.txt")
        self.output(folder, "inner/second.txt")
        (folder.outputs_path / "curves.jsonl").write_text('{"epoch": 1, "loss": 0.5}\n{"epoch": 2, "loss": 0.4}\n')
        folder.log("A line")
        reason = DeepSoilError("out_of_memory", "Full.", "Less.") if state == "failed" else None
        folder.finish(state, "Finished", reason)
        return folder

    def of_slurm(self) -> JobFolder:
        folder = self.make(prediction(resources=SLURM))
        path = layout.plan_path(folder.path)
        path.parent.mkdir()
        tasks = [plan.Task(number, f"Part {number}", {"x": [1, 2]}) for number in range(2)]
        path.write_text(json.dumps(plan.TaskPlan("predict", False, tasks).to_dict()))
        journal = Journal(folder.path)
        attempt = Attempt(folder.id, 1, (0, 1))
        journal.intend(attempt, "array")
        journal.note(attempt, "array", "71")
        for index in range(2):
            task = run.prepare(folder, 1, Identity(index, "71"), lambda text: None)
            assert task is not None
            with heartbeat.beating(task):
                task.progress(1, 2, "half")
                self.output(task, f"part{index}.txt")
                if index == 0:
                    task.write_result()
                    task.write_end("succeeded", "Finished", None)
        (folder.path / "scheduler.json").write_text(
            '{"checked": "2023-07-15T10:00:00Z", "name": "slurm", "ids": ["71"], "waiting_for": "x", "problem": null,'
            ' "waiting_for_text": {"template": "x", "values": {}}, "knowledge": "current", "since": null,'
            ' "tasks": {"total": 2, "waiting": 0, "running": 1, "succeeded": 1, "failed": 0}}')
        folder.step("running", message="Working")
        return folder

    def shown(self) -> dict[str, dict[str, Any]]:
        """The healthy jobs as they are listed, without what time changes."""
        jobs = {job["id"]: {**job, "seconds_left": None} for job in self.jobs.everything()}
        return {name: jobs[name] for name in self.healthy if name in jobs}


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[bytes]]:
    process_of_a_job = subprocess.Popen([sys.executable, "-c", "import signal, time\n"
                                         "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)"])
    yield process_of_a_job
    process_of_a_job.kill()
    process_of_a_job.wait()


class NoScheduler:
    """A scheduler that does not answer."""

    name, title, passed_variables = "slurm", "Slurm", ()

    def __getattr__(self, name: str) -> Any:
        def answer(*arguments: Any) -> Any:
            if name == "facts":
                return None
            raise NoAnswerError("no answer")

        return answer


def check_all(home: Home, name: str, target: str, counts: Counts) -> None:
    """Everything that looks at jobs, with one of them damaged."""
    events: dict[str, dict[str, Any]] = {}
    watcher = Watcher(home.jobs_path, "here", lambda job: events.update({job["id"]: job}), lambda job: None)
    counts.run(f"watch {name}", watcher.look)
    listed = counts.run(f"list {name}", home.jobs.everything) or []
    if home.shown() != home.expected or not set(home.healthy) <= events.keys():
        counts.losses.append(f"list or watch {name}")
    waiting = counts.run(f"queue {name}", lambda: queue._look(home.jobs_path)) or {}
    if set(home.healthy[:2]) - waiting.keys():
        counts.losses.append(f"queue {name}")
    watch = ProcessWatch(home.home, "process")
    states = counts.run(f"processes {name}", lambda: [watch._state(JobFolder(home.jobs_path / one))
                                                      for one in home.healthy]) or []
    if states != ["queued", "running", None, None]:
        counts.losses.append(f"processes {name}: {states}")
    watches = Watches(home.home, lambda: open_context(home.home))
    watches._ensure = lambda scheduler: None  # type: ignore[method-assign]
    counts.run(f"watches {name}", watches.look)
    if set(home.healthy) - watches._seen:
        counts.losses.append(f"watches {name}")
    counts.run(f"active {name}", ActiveJobs(home.home, "slurm").look)
    counts.run(f"advance {name}", Advancer(home.home, NoScheduler(), lambda: open_context(home.home)).round)
    for job in listed:
        if job["id"] == target:
            counts.message(name, job["reason"])
    for method in (lambda: home.jobs.outputs(target), lambda: home.jobs.logs(target, 0, 1000),
                   lambda: curves.read(JobFolder(home.jobs_path / target))):
        counts.run(f"methods {name}", lambda method=method: answered(method, name, counts))


def answered(method: Any, name: str, counts: Counts) -> None:
    try:
        method()
    except DeepSoilError as error:
        counts.message(f"method of {name}", error.to_dict())


def remove(home: Home, name: str, target: str, counts: Counts) -> None:
    """The user cancels and removes it; only a job whose process lives may refuse."""
    path = home.jobs_path / target
    if not path.is_dir():
        return  # it is not listed

    def act() -> None:
        for _ in range(3):
            try:
                home.jobs.remove(target)
                break
            except DeepSoilError as error:
                if error.code != "job_active":
                    counts.losses.append(f"cannot be removed {name}: {error}")
                    return
                answered(lambda: home.jobs.cancel(target), name, counts)
        if path.is_dir() and JobFolder(path).scheduler == "process":  # Slurm does not say that it has ended
            counts.losses.append(f"it is still there {name}")

    counts.run(f"remove {name}", act)


@pytest.mark.parametrize("kind", ["succeeded", "failed", "running", "queued", "slurm"])
def test_whatever_is_wrong_with_one_job_all_others_stay(tmp_path: Path, child: subprocess.Popen[bytes], kind: str,
                                                        capfd: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "home", child)
    gone = Worker(process.this_machine(), 1 << 22, "gone:1")
    make = {"running": lambda: home.running(gone), "queued": home.queued, "slurm": home.of_slurm}.get(kind)
    original = (make() if make else home.ended(kind)).path
    pattern = tmp_path / "pattern"
    shutil.move(original, pattern)
    files = [*all_files(pattern), Path("outputs"), Path("tasks"), Path("lock"), Path("worker.txt"), Path("work")]
    chance = random.Random(f"{SEED} {kind}")
    counts = Counts(f"files of a job that is {kind}")
    denied = Denied()
    for number in range(INPUTS // 5):
        if original.exists():
            shutil.rmtree(original)
        shutil.copytree(pattern, original, symlinks=True)
        file = chance.choice(files)
        how = damage(chance, original / file, denied)
        if number % 2:
            (original / "cancel").touch()
        name = f"{number}: {file} {how}"
        counts.inputs += 1
        with denied:
            check_all(home, name, original.name, counts)
            remove(home, name, original.name, counts)
        denied.paths.clear()
        if counts.hangs:
            break
    capfd.readouterr()
    with capfd.disabled():
        counts.check()


def test_folders_that_are_no_jobs_are_left_out(tmp_path: Path, child: subprocess.Popen[bytes]) -> None:
    home = Home(tmp_path / "home", child)
    jobs = home.jobs_path
    (jobs / ("a" * 32)).symlink_to(jobs / ("a" * 32))
    os.mkfifo(jobs / ("b" * 32))
    (jobs / ("c" * 32)).write_text("no folder")
    for name in ("x" * 200, "with blank", os.fsdecode(b"\xff\xfe"), "UPPER", ".hidden"):
        (jobs / name).mkdir()
    (jobs / ("d" * 32)).mkdir()
    assert home.shown() == home.expected
    listed = {job["id"]: job for job in home.jobs.everything()}
    assert listed.keys() == {*home.healthy, "d" * 32}
    assert listed["d" * 32]["reason"]["code"] == "job_damaged" and listed["d" * 32]["state"] == "failed"
    assert sorted(folder.id for folder in job_folders(jobs)) == sorted(listed)


def test_the_queue_goes_on_with_a_damaged_job_in_its_folder(tmp_path: Path, child: subprocess.Popen[bytes]) -> None:
    home = Home(tmp_path / "home", child)
    begun = time.monotonic()
    for name, content in (("state.json", '{"state": "running", "created": "2023-07-15T10:00:00Z", "pid": "x"}'),
                          ("job.json", "[" * 900), ("log.jsonl", None), ("manifest.json", None)):
        folder = home.queued()
        (folder.path / name).unlink(missing_ok=True)
        if content is None:
            os.mkfifo(folder.path / name)
        else:
            (folder.path / name).write_text(content)
    statuses = queue._look(home.jobs_path)
    assert set(home.healthy[:2]) <= statuses.keys() and time.monotonic() - begun < 5
