"""A task that the system ended for want of memory is told from one that was lost, whatever the scheduler calls it."""

from __future__ import annotations

import json
import mmap
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from deepsoil.contract.resources import Resources
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import heartbeat, killed, layout, memory, status
from deepsoil.jobs.tasks.folder import TaskFolder
from deepsoil.jobs.tasks.status import TaskView
from deepsoil.schedulers.array.attempts import Attempt
from deepsoil.schedulers.array.backend import Node
from deepsoil.schedulers.array.decide import Finish, Known, Submit, decide
from deepsoil.schedulers.array.observation import Snapshot
from deepsoil.schedulers.array.script import shell_script
from deepsoil.schedulers.array.task_status import Delays
from deepsoil.schedulers.slurm import parser
from deepsoil.schedulers.slurm.parser import Row

JOB = "ab" * 16
NAME = f"ds-{JOB}-1"
STALE = TaskView(0, "Part 1", "stale", 0.5, "run-1.0", retryable=True)


@pytest.fixture
def run(tmp_path: Path) -> TaskFolder:
    return begun(tmp_path)


def begun(folder: Path) -> TaskFolder:
    """A task under way."""
    job = JobFolder(folder / JOB)
    (job.path / "tasks").mkdir(parents=True)
    layout.plan_path(job.path).write_text(json.dumps(
        {"schema": 1, "kind": "train", "merge": False, "tasks": [{"index": 0, "title": "Part 1", "payload": {}}]}))
    return TaskFolder.begin(job, 0, 1, 0)


def decision(view: TaskView, state: str | None, *, asked_mb: int | None = None, accounts: str | None = None,
             attempts: int = 3) -> Any:
    rows = [] if state is None else [Row(NAME, "5", 0, state)]
    told = [] if accounts is None else [Row(NAME, "5", 0, accounts)]
    snapshot = Snapshot(rows, "", told, {NAME: 1000.0, (NAME, 0): 1000.0})
    attempt = Attempt(JOB, 1, (0,), {}, None, "5", None, frozenset({"array"}))
    return decide(Known(JOB, "Slurm", Resources(scheduler="slurm", memory_mb=asked_mb, attempts=attempts), [attempt],
                        snapshot, [view], None, False, Delays(120.0, 15.0), 20.0))


def is_short(made: Any) -> bool:
    reasons = [task.code for task in made.tasks]
    return reasons == ["out_of_memory"]


@pytest.mark.parametrize("seed", range(30))
def test_a_killed_run_was_short_of_memory_if_its_own_record_came_near_a_limit(seed: int) -> None:
    chance = random.Random(seed)
    limit = chance.choice([None, chance.uniform(500, 4000)])
    asked = chance.choice([None, chance.randint(500, 4000)])
    peak = chance.uniform(0.7, 1.1) * min([one for one in (limit, asked) if one] or [1000])
    state = chance.choice(["FAILED", None, "NODE_FAIL", "CANCELLED", "COMPLETED", "PREEMPTED", "OUT_OF_MEMORY"])
    made = decision(replace(STALE, memory=(peak, limit)), state, asked_mb=asked)
    limits = [one for one in (limit, asked) if one]
    near = bool(limits) and peak >= 0.9 * min(limits)
    assert is_short(made) == (state == "OUT_OF_MEMORY" or (near and state in ("FAILED", None)))


def test_it_gets_twice_the_memory_and_in_the_end_the_advice_to_ask_for_more() -> None:
    view = replace(STALE, memory=(1950.0, None))
    (submit,) = decision(view, "FAILED", asked_mb=2000).actions
    assert isinstance(submit, Submit) and submit.attempt.memory_mb == 4000
    (finish,) = decision(view, "FAILED", asked_mb=2000, attempts=1).actions
    assert isinstance(finish, Finish) and finish.reason
    assert finish.reason["code"] == "out_of_memory" and "more memory" in finish.reason["hint"]


def test_accounting_may_know_what_the_queue_calls_a_failure() -> None:
    assert is_short(decision(STALE, "FAILED", accounts="OUT_OF_MEMORY"))
    assert not is_short(decision(STALE, "FAILED", accounts="FAILED"))


@pytest.mark.parametrize(("step", "code", "used", "asked", "expected"), [
    ("OUT_OF_MEMORY", "0:125", "", "300M", "OUT_OF_MEMORY"), ("FAILED", "0:9", "295M", "300M", "OUT_OF_MEMORY"),
    ("CANCELLED", "0:9", "2.93G", "3G", "OUT_OF_MEMORY"), ("FAILED", "137:0", "302000K", "300M", "OUT_OF_MEMORY"),
    ("FAILED", "0:9", "580M", "300Mc", "OUT_OF_MEMORY"), ("FAILED", "0:9", "295M", "300Mc", "FAILED"),
    ("FAILED", "0:9", "100M", "300M", "FAILED"), ("FAILED", "1:0", "299M", "300M", "FAILED"),
    ("FAILED", "0:9", "", "300M", "FAILED"), ("FAILED", "0:9", "299M", "", "FAILED"),
    ("COMPLETED", "0:0", "299M", "300M", "FAILED")])
def test_a_step_tells_why_its_job_failed(step: str, code: str, used: str, asked: str, expected: str) -> None:
    lines = [(NAME, "5_0", "FAILED", "0:9", "anna", asked, "", "1", "2"),
             ("batch", "5_0.batch", step, code, "", "", used, "1", "2"),
             ("extern", "5_0.extern", "COMPLETED", "0:0", "", "", "1M", "1", "2"),
             (NAME, "5_1", "COMPLETED", "0:0", "anna", asked, "", "1", "2"),
             ("batch", "5_1.batch", step, code, "", "", used, "1", "2")]
    rows = parser.parse_sacct("".join("@|@".join(line) + "\n" for line in lines), [NAME], "anna")
    assert [(row.index, row.state) for row in rows] == [(0, expected), (1, "COMPLETED")]


def records_the_most_memory_taken(folder: Path) -> None:
    heartbeat.MEMORY_S = 0.05
    run = begun(folder)
    program = "import sys; block = bytearray(b'x') * 150_000_000; print(1, flush=True); sys.stdin.read()"
    with heartbeat.beating(run):
        before = json.loads((run.path / memory.FILE).read_text())["peak_mb"]
        child = subprocess.Popen(["python3", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout and child.stdin
        child.stdout.readline()
        memory.Recorder(run.path).look()
        child.stdin.close()
        child.wait()
    recorded = json.loads((run.path / memory.FILE).read_text())
    assert recorded["peak_mb"] - before > 140 and recorded["limit_mb"] > recorded["peak_mb"], (recorded, before)
    (view,) = status.look(run.job)
    assert view.memory == (recorded["peak_mb"], recorded["limit_mb"])


def does_not_count_what_can_be_dropped(folder: Path) -> None:
    size = 150_000_000
    (folder / "library").write_bytes(bytes(size))
    before = memory.usage_mb() or 0.0
    with (folder / "library").open("rb") as file, \
            mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ) as library:
        assert library.find(b"x") == -1, "all of it is resident"
        assert abs((memory.usage_mb() or 0.0) - before) < 50
        with mmap.mmap(-1, size) as shared:
            shared.write(bytes(size))
            assert (memory.usage_mb() or 0.0) - before > 140


MEASUREMENTS = {one.__name__: one for one in (records_the_most_memory_taken, does_not_count_what_can_be_dropped)}


@pytest.mark.parametrize("name", MEASUREMENTS)
def test_the_memory_of_a_run(name: str, tmp_path: Path) -> None:
    """In a program of its own: in a long run of tests, what earlier ones leave behind ends or is freed meanwhile."""
    done = subprocess.run([sys.executable, __file__, name, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("kills", "ended", "attempt", "expected"), [
    ((3, 4), False, 1, "out_of_memory"), ((3, 3), False, 1, None), ((None, 4), False, 1, None),
    ((3, None), False, 1, None), ((3, 4), True, 1, None), ((3, 4), False, 2, None)])
def test_a_killed_run_says_so_if_the_kernel_has_ended_a_process_for_want_of_memory(
        run: TaskFolder, monkeypatch: pytest.MonkeyPatch, kills: tuple[Any, Any], ended: bool, attempt: int,
        expected: str | None) -> None:
    monkeypatch.setattr(memory, "kills", lambda: kills[0])
    memory.Recorder(run.path).look()
    if ended:
        run.write_end("interrupted", "", None)
    monkeypatch.setattr(memory, "kills", lambda: kills[1])
    assert killed.record(run.job, 0, attempt) == expected
    (view,) = status.look(run.job)
    assert ((view.reason or {}).get("code") == "out_of_memory") == (expected is not None)
    if expected:
        assert view.retryable and is_short(decision(view, "FAILED"))


@pytest.mark.parametrize(("end", "calls"), [("kill -9 $$", 2), ("exit 1", 1), ("exit 0", 1), ("kill -15 $$", 1)])
def test_the_script_of_a_task_asks_why_it_was_killed_and_keeps_its_code(end: str, calls: int, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\ncase "$*" in *--killed) exit 0;; esac\n{end}\n')
    python.chmod(0o755)
    script = shell_script(Node(str(python), PurePosixPath(tmp_path), {}), ["run-task", "folder", "--attempt", "1"])
    done = subprocess.run(["/bin/sh", "-c", script], check=False)
    assert done.returncode == {"kill -9 $$": 137, "exit 1": 1, "exit 0": 0, "kill -15 $$": 143}[end]
    lines = (tmp_path / "calls").read_text().splitlines()
    assert lines == ["-P -m deepsoil run-task folder --attempt 1",
                     "-P -m deepsoil run-task folder --attempt 1 --killed"][:calls]


if __name__ == "__main__":
    MEASUREMENTS[sys.argv[1]](Path(sys.argv[2]))
