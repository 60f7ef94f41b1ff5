"""Many jobs in one request: accepted or refused one by one, flushed to the disk together, whole or not there at all."""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.sync.journal import Record
from deepsoil.hosts.sync.submitter import checked, divided
from deepsoil.io import atomic, disk, exclusive
from deepsoil.jobs import new_folder
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, JobPlan
from deepsoil.kinds.predict import Predict
from deepsoil.schedulers import registry
from deepsoil.service.jobs import Jobs
from deepsoil.service.many_jobs import submit_many
from deepsoil.service.methods import Methods
from host_fixtures import Client, waiting_requests
from host_tools import Engine, request, until

KILLED = 42
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Anything(Predict):
    """Plans any request without a region; one of the name "bug" finds a fault of the engine."""

    def prepare(self, specification: Any, context: Any) -> Any:
        if specification.name == "bug":
            raise ZeroDivisionError("a fault")
        return specification

    def plan(self, specification: Any, context: Any) -> JobPlan:
        return JobPlan("Anything")


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jobs:
    def plan_file(*_: Any) -> Callable[[Path], None]:
        def fill(draft: Path) -> None:
            disk.make_folder(draft / "tasks")
            atomic.write_text(draft / "tasks" / "plan.json", "{}")
        return fill

    monkeypatch.setattr(registry.find("process"), "accept", plan_file)
    context: Any = Context(tmp_path, None, None, lambda name: Anything())  # type: ignore[arg-type]
    made = Jobs(tmp_path, lambda: context)
    made.wake = lambda scheduler: None
    return made


def asked(*documents: Any) -> list[dict[str, Any]]:
    return [{"specification": document} for document in documents]


def folders(jobs: Jobs) -> dict[str, Path]:
    return {path.name: path for path in jobs.path.glob("[!.]*") if path.is_dir()}


def test_each_is_accepted_or_refused_as_if_it_had_come_alone(jobs: Jobs) -> None:
    there, forbidden, twice, plain = request(), request(), request(), request()
    before = jobs.submit(there)
    jobs.cancel(forbidden["id"], forbid=True)
    wrong, bug = request(dates=None), request(name="bug")
    answers = submit_many(jobs, [*asked(plain, there, forbidden, wrong, bug, twice, twice), 7,
                                 {"specification": plain, "earlier": 7}])
    said = [(answer or {}).get("error", {}).get("code") or (answer or {})["job"]["id"] for answer in answers]
    assert said[:4] == [plain["id"], there["id"], "job_forbidden", "specification_invalid"]
    assert said[4:] == ["internal", twice["id"], twice["id"], "params_invalid", "params_invalid"]
    assert answers[1] == {"job": before}
    assert folders(jobs).keys() == {plain["id"], there["id"], twice["id"]}
    assert not list(jobs.path.glob(".new-*")), "no draft is left"


def test_what_there_is_no_time_for_is_left_to_be_sent_again(jobs: Jobs) -> None:
    clock = iter([0.0, 1.0, 19.0, 21.0, 50.0])
    wanted = [request() for _ in range(4)]
    answers = submit_many(jobs, asked(*wanted), lambda: next(clock))
    assert ["job" in (answer or {}) for answer in answers] == [True, True, False, False] and answers[2:] == [None, None]
    assert folders(jobs).keys() == {one["id"] for one in wanted[:2]}


def test_everything_is_flushed_before_it_gets_its_name_and_the_names_before_the_answer(
        jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[tuple[str, Path]] = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (
        fsync(handle), steps.append(("flushed", Path(f"/proc/self/fd/{handle}").readlink())))[0])
    monkeypatch.setattr(Path, "replace", lambda self, to: (steps.append(("named", self)), replace(self, to))[1])
    submit_many(jobs, asked(*(request() for _ in range(3))))
    named = [number for number, (what, path) in enumerate(steps) if what == "named" and path.name.startswith(".new-")]
    assert len(named) == 3
    for number in named:
        draft, before = steps[number][1], {path for what, path in steps[:min(named)] if what == "flushed"}
        assert {draft, *(draft / name for name in ("job.json", "state.json", "tasks", "tasks/plan.json"))} <= before
    assert ("flushed", jobs.path) in steps[max(named):]


def killed_at(number: int, home: Path, work: Callable[[], object]) -> bool:
    """Do ``work`` in a forked process that is killed before its ``number``-th change in ``home``, or flush."""
    child = os.fork()
    if child == 0:
        try:
            _count_to(number, home)
            work()
        except BaseException:  # noqa: BLE001 - said, and seen in the exit code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, KILLED)
    return code == KILLED


def _count_to(number: int, home: Path) -> None:
    count = itertools.count(1)

    def step() -> None:
        if next(count) == number:
            os._exit(KILLED)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        changes = event in ("os.rename", "os.mkdir", "os.link", "os.remove") or (
            event == "open" and isinstance(args[2], int) and bool(args[2] & _WRITES))
        if changes and str(args[0]).startswith(str(home)):
            step()

    fsync = os.fsync
    os.fsync = lambda handle: (step(), fsync(handle))[1]  # type: ignore[assignment]
    sys.addaudithook(hook)


def test_killed_at_any_step_each_job_is_there_whole_or_not_at_all_and_is_made_once(jobs: Jobs) -> None:
    whole_after: set[int] = set()
    for number in itertools.count(1):
        wanted = [request() for _ in range(3)]
        killed = killed_at(number, jobs.path, partial(submit_many, jobs, asked(*wanted)))
        present = {name: path for name, path in folders(jobs).items() if name in {one["id"] for one in wanted}}
        whole_after.add(len(present))
        inodes = {}
        for name, path in present.items():
            folder = JobFolder(path)
            assert folder.specification().id == name and folder.state == "queued", number
            assert json.loads((path / "tasks" / "plan.json").read_text()) == {} and (path / "outputs").is_dir()
            inodes[name] = path.stat().st_ino
        answers = submit_many(jobs, asked(*wanted))
        assert [(answer or {})["job"]["id"] for answer in answers] == [one["id"] for one in wanted], number
        assert all(folders(jobs)[name].stat().st_ino == inode for name, inode in inodes.items()), "not made anew"
        if not killed:
            break
    print(f"killed at each of {number - 1} steps of a request of three jobs")
    assert number > 40 and whole_after == {0, 1, 2, 3}


def test_a_disk_that_cannot_flush_makes_none_and_the_client_sends_each_alone(
        jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fails)
        with pytest.raises(OSError, match="space"):
            submit_many(jobs, asked(request(), request()))
    assert not folders(jobs) and not list(jobs.path.glob(".new-*"))


def test_what_is_written_in_the_block_is_flushed_at_its_end_by_its_last_name(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Path] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (
        fsync(handle), flushed.append(Path(f"/proc/self/fd/{handle}").readlink()))[0])
    with disk.syncing_together():
        disk.make_folder(tmp_path / "a" / "b")
        atomic.write_text(tmp_path / "a" / "x", "1")
        atomic.copy(tmp_path / "a" / "x", tmp_path / "a" / "y")
        exclusive.write_once(tmp_path / "a" / "z", "1")
        assert flushed == []
    wanted = {tmp_path, *(tmp_path / "a" / name for name in ("", "x", "y", "z"))}
    assert wanted <= set(flushed) and len(flushed) == len(set(flushed))
    with pytest.raises(KeyError), disk.syncing_together():
        raise KeyError
    before = len(flushed)
    atomic.write_text(tmp_path / "after", "1")
    assert len(flushed) == before + 2, "after the block each file is flushed at once again"


def test_a_request_holds_as_many_as_fit() -> None:
    records = [Record(f"{number:032x}", "2026-01-01T00:00:00Z", specification={"name": "n" * size})
               for number, size in enumerate([10] * 70 + [3 << 20, 3 << 20, 5 << 20, 10])]
    parts = list(divided(records))
    assert [record for part in parts for record in part] == records
    assert [len(part) for part in parts] == [64, 7, 1, 1, 1]
    for wrong in (None, {}, [None], [None, None, None], [None, 7]):
        with pytest.raises(DeepSoilError) as caught:
            checked(wrong, 2)
        assert caught.value.code == "bad_reply"


@pytest.mark.parametrize("fault", ["unknown method", "no list", "a null each", "no time"])
def test_a_request_for_many_that_goes_wrong_loses_and_doubles_none(
        fault: str, open_client: Callable[..., Client], engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.hold = True
    client = open_client()
    wanted = waiting_requests(client, 9)
    call, calls = engine._call, itertools.count()

    def faulty(connection: Any, method: str, params: dict[str, Any]) -> Any:
        if method != "submit_many":
            return call(connection, method, params)
        if fault == "unknown method":
            raise DeepSoilError("method_unknown", "The engine has no such method.")
        answers = call(connection, method, params)
        if fault == "no list":
            return {"job": 7}
        if fault == "a null each":
            return [{"job": None} for _ in answers]
        return answers if next(calls) else [None, *answers[1:]]

    monkeypatch.setattr(engine, "_call", faulty)
    client.network.problem = None
    until(lambda: not client.remote.busy, timeout_s=60)
    assert set(engine.made) == {one["id"] for one in wanted} and set(engine.made.values()) == {1}
    assert {record.phase for record in client.remote.journal.records().values()} == {"accepted"}


def test_a_draft_that_a_killed_submission_left_goes_after_a_day_and_a_young_one_stays(jobs: Jobs) -> None:
    old, young = (new_folder.draft_of(jobs.path, str(number) * 32) for number in (1, 2))
    for draft in (old, young):
        (draft / "outputs").mkdir(parents=True)
    submit_many(jobs, asked(request()))
    day_before = old.stat().st_mtime - 90_000
    os.utime(old, (day_before, day_before))
    for folder in folders(jobs).values():
        os.utime(folder, (day_before, day_before))
    Methods(jobs.path.parent, watch=print, shutdown=print, emit=print)
    assert not old.exists() and young.exists()
    assert len(folders(jobs)) == 1, "a job is no draft, however old"
