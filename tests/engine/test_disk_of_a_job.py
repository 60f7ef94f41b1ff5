"""A disk that fills at any write of a job: its end is recorded with the true reason, and nothing finished is lost.

Each row of the tables is a real run on a real ext4 that is filled at one write; ``pytest -s`` prints them.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.specification import parse_specification
from deepsoil.io import json_files
from deepsoil.jobs import reserve, runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, JobPlan, Kind, Task, TaskResult
from deepsoil.jobs.summary import summary
from deepsoil.jobs.tasks import identity, layout, merge, run
from deepsoil.jobs.tasks.plan import make_plan
from deepsoil.regions import Regions
from deepsoil.schedulers.process.recovery import refresh
from deepsoil.service.commands import run_job
from job_tools import document
from small_disk import Child, SmallDisk, small_ext4, until

LEFT_KB = (0, 12, -1)
MAP = b"wet" * 20_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_ext4(tmp_path) as made:
        yield made


class Maps(Kind):
    """Two maps with progress and log lines; its tasks make one part each, and its merge puts them together."""

    name, title = "ingest", "Maps"
    options = parse_specification(document()).options.__class__

    def plan(self, specification: Any, context: Context) -> JobPlan:
        return _Two(self.title)

    def run(self, specification: Any, folder: JobFolder, context: Context) -> None:
        print("a library speaks", file=sys.stderr)
        for number in range(2):
            folder.log(f"map {number}")
            _map(folder, f"maps/{number}.bin", MAP)
            folder.progress(number + 1, 2, "Making maps")

    def run_task(self, specification: Any, folder: Any, context: Context, task: Task) -> None:
        folder.log("a part")
        _map(folder, "part.bin", MAP)
        folder.progress(1, 1, "Made")

    def merge(self, specification: Any, folder: JobFolder, context: Context, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        for result in results:
            name = f"{result.task.index}.bin"
            if result.outputs is not None and not published(name):
                _map(folder, name, (result.outputs / "part.bin").read_bytes())


class _Two(JobPlan):
    merges = True

    def tasks(self, most: int) -> list[Task]:
        return self.numbered([{}, {}])


def _map(folder: JobFolder, name: str, content: bytes) -> None:
    draft = folder.temporary(name)
    draft.write_bytes(content)
    folder.add_output(draft, "map")


@pytest.fixture
def context(monkeypatch: pytest.MonkeyPatch, disk: SmallDisk) -> Context:
    made = Context(disk.path, Regions(disk.path), None, lambda name: Maps())  # type: ignore[arg-type]
    monkeypatch.setattr("deepsoil.kinds.open_context.open_context", lambda home: made)
    monkeypatch.setattr(runner, "_AGAIN_AFTER_S", 0.02)
    return made


def _create(disk: SmallDisk) -> JobFolder:
    return JobFolder.create(disk.path / "jobs", parse_specification(document()))[0]


def _whole(folder: JobFolder, records: Sequence[dict[str, Any]]) -> bool:
    """Whether all finished files are recorded, and all recorded files are finished."""
    there = {path.relative_to(folder.outputs_path).as_posix() for path in folder.outputs_path.rglob("*")
             if path.is_file() and not path.name.startswith(".part-")}
    return there == {record["name"] for record in records} and all(
        (folder.outputs_path / name).read_bytes() == MAP for name in there)


def _print(title: str, rows: Sequence[tuple[int, str, str]]) -> None:
    print(f"\n{title}: {len(rows)} runs on a real ext4")
    for line in dict.fromkeys(f"  {f'{left:>2} kB' if left >= 0 else 'no file'} left at {write:<42} {outcome}"
                              for left, write, outcome in rows):
        print(line)
    print("  total:", dict(Counter(outcome for *_, outcome in rows)))


def _shown(write: str) -> str:
    return re.sub(r"[0-9a-f]{8,}", "…", write)


def test_a_worker_records_its_end_whatever_write_fills_the_disk(disk: SmallDisk, context: Context,
                                                                tmp_path: Path) -> None:
    def work(folder: JobFolder) -> Callable[[], int]:
        return lambda: run_job.run(type("Arguments", (), {"folder": folder.path})())  # type: ignore[arg-type]

    folder = _create(disk)
    first = Child(disk, work(folder), 0, 0, tmp_path / "notes")
    assert first.ended(30) and folder.state == "succeeded"
    count, rows = len(first.writes), []
    assert count > 15
    for left in LEFT_KB:
        for number in range(1, count + 1) if not left else range(1 + (left < 0), count + 1, 2):
            folder = _create(disk)
            child = Child(disk, work(folder), number, left, tmp_path / "notes")
            assert child.ended(10), "in the space that is kept for it"
            status = folder.status()
            rows.append((left, _shown(child.writes[number - 1]),
                         f"{status.state} ({(status.reason or {}).get('code', '')}) at once"))
            assert status.state == "succeeded" or (status.reason or {}).get("code") == "disk_full", rows[-1]
            assert _whole(folder, folder.output_records()), rows[-1]
            if status.state == "succeeded":
                assert len(folder.manifest()["files"]) == 2, rows[-1]
            disk.free()
            assert refresh(folder) == status and summary(folder, "here")["state"] == status.state
            shutil.rmtree(folder.path)
    _print("worker", rows)


def test_without_the_kept_space_the_end_is_recorded_when_there_is_some(disk: SmallDisk, context: Context,
                                                                       tmp_path: Path) -> None:
    """As for a job of an earlier version, or where another program has taken the space that was freed."""
    def work() -> int:
        reserve.remove(folder.path)
        return run_job.run(type("Arguments", (), {"folder": folder.path})())  # type: ignore[arg-type]

    waited = 0
    for number in range(3, 30, 3):
        folder = _create(disk)
        child = Child(disk, work, number, 0, tmp_path / "notes")
        until(lambda child=child, folder=folder: child.ended(0.05) or "disk" in summary(folder, "here")["message"],
              "it neither ends nor says that it waits for space")
        if not child.ended(0):
            waited += 1
            assert summary(folder, "here")["state"] in ("queued", "running")
        disk.free()
        assert child.ended(10), child.writes
        status = refresh(folder)
        # One that could not even begin stays in the queue.
        assert status.state in ("succeeded", "queued") or (status.reason or {}).get("code") == "disk_full", child.writes
        assert _whole(folder, folder.output_records())
        shutil.rmtree(folder.path)
    assert waited > 3


def test_tasks_and_merges_record_theirs_too(disk: SmallDisk, context: Context, tmp_path: Path) -> None:
    def begin() -> JobFolder:
        folder = _create(disk)
        make_plan(folder.specification(), folder, context)
        return folder

    def task(folder: JobFolder, index: int) -> Callable[[], int]:
        def work() -> int:
            me = identity.Identity(index, "77")
            made = runner.when_writable(lambda: run.prepare(folder, 1, me))
            return 0 if made is None else ["succeeded", "failed"].index(run.run(made, me, lambda: context))
        return work

    def merging(folder: JobFolder) -> Callable[[], int]:
        def work() -> int:
            made = runner.when_writable(lambda: merge.prepare(folder, 1, 0))
            return 0 if made is None else ["succeeded", "failed"].index(merge.run(made, lambda: context))
        return work

    rows: list[tuple[int, str, str]] = []
    for title, index in (("task", 0), ("merge", layout.MERGE)):
        def prepared(index: int | str = index) -> tuple[JobFolder, Callable[[], int]]:
            folder = begin()
            if index == 0:
                return folder, task(folder, 0)
            for number in range(2):
                assert Child(disk, task(folder, number), 0, 0, tmp_path / "notes").ended(30)
            return folder, merging(folder)

        _, work = prepared()
        first = Child(disk, work, 0, 0, tmp_path / "notes")
        assert first.ended(30)
        for left in (0, -1):
            for number in range(1, len(first.writes) + 1, 2 if left else 1):
                folder, work = prepared()
                child = Child(disk, work, number, left, tmp_path / "notes")
                how = "at once" if child.ended(0.5) else "when there was space"
                disk.free()
                assert how == "at once" or child.ended(10), child.writes
                place = layout.task_path(folder.path, index)
                runs = layout.runs(place)
                end = json_files.read_or_none(runs[-1] / layout.END) if runs else None
                result = json_files.read_or_none(place / layout.RESULT)
                code = ((end or {}).get("reason") or {}).get("code", "")
                rows.append((left, f"{title}: {_shown(child.writes[number - 1])}",
                             f"{(end or {}).get('state')} ({code}) {how}"))
                assert end is not None and (end["state"] == "succeeded" or code == "disk_full"), rows[-1]
                assert (result is not None) == (end["state"] == "succeeded"), rows[-1]
                if title == "merge":
                    assert _whole(folder, folder.output_records()), rows[-1]
                # Whatever happened, the next run completes it.
                if end["state"] != "succeeded":
                    again = Child(disk, merging(folder) if title == "merge" else task(folder, 0), 0, 0,
                                  tmp_path / "notes")
                    assert again.ended(30) and json_files.read_or_none(place / layout.RESULT) is not None, rows[-1]
                shutil.rmtree(folder.path)
    _print("tasks and merges", rows)


def test_a_worker_waits_for_a_read_only_disk(disk: SmallDisk, context: Context, tmp_path: Path) -> None:
    folder = _create(disk)
    go = tmp_path / "go"

    def slow() -> int:
        Maps.run, before = (lambda self, *given: (until(go.exists, "go"), before(self, *given))), Maps.run
        return run_job.run(type("Arguments", (), {"folder": folder.path})())  # type: ignore[arg-type]

    child = Child(disk, slow, 0, 0, tmp_path / "notes")
    until(lambda: folder.state == "running", "it begins")
    disk.remount("ro")
    go.touch()
    assert not child.ended(0.5) and folder.state == "running"
    disk.remount("rw")
    assert child.ended(10)
    reason = folder.status().reason
    assert reason and reason["code"] == "read_only" and reason["hint"]
