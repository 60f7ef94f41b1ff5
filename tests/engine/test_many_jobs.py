"""A thousand jobs: what is done for each of them is little, and the disk is flushed for many of them at once."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.sync import journal as journal_module
from deepsoil.hosts.sync.journal import Journal
from deepsoil.io import json_files, locks
from deepsoil.jobs.kind import Context, JobPlan
from deepsoil.kinds.predict import Predict
from deepsoil.schedulers import registry
from deepsoil.schedulers.array.attempts import Attempt
from deepsoil.schedulers.array.attempts import Journal as Attempts
from deepsoil.schedulers.array.backend import TaskRecord
from deepsoil.schedulers.array.observation import Snapshot
from deepsoil.service.jobs import Jobs
from host_fixtures import Client, waiting_requests
from host_tools import Engine, request, until

JOBS = 150


class Anything(Predict):
    """Plans any request without a region."""

    def prepare(self, specification: Any, context: Any) -> Any:
        return specification

    def plan(self, specification: Any, context: Any) -> JobPlan:
        return JobPlan("Anything")


def test_many_waiting_jobs_are_handed_over_with_few_flushes_in_their_order_and_once_each(
        open_client: Callable[..., Client], engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine.hold = True
    client = open_client()
    wanted = waiting_requests(client, JOBS)
    refused = {wanted[number]["id"] for number in (3, 77)}
    submit = engine._submit

    def with_refusals(specification: dict[str, object]) -> dict[str, object]:
        if specification["id"] in refused:
            raise DeepSoilError("area_outside", "Outside.")
        return submit(specification)

    monkeypatch.setattr(engine, "_submit", with_refusals)
    flushes: list[int] = []
    force = journal_module._force
    monkeypatch.setattr(journal_module, "_force", lambda handle: (flushes.append(handle), force(handle))[1])
    client.network.problem = None
    until(lambda: not client.remote.busy and len(engine.made) == JOBS - 2, timeout_s=60)
    assert set(engine.made.values()) == {1}
    assert len(flushes) <= 2 + 2 * (JOBS // 128 + 1), "a flush before and one after each batch, one for each refusal"
    records = client.remote.journal.records()
    assert {name for name, record in records.items() if record.phase == "refused"} == refused
    assert len(engine.submits) == JOBS - 2
    for method, params in engine.asked:
        if method == "submit_many":
            sent = [wanted.index(one["specification"]) for one in params["requests"]]
            assert sent == sorted(sent) and len(sent) <= 64


def test_a_network_that_breaks_among_many_jobs_loses_and_doubles_none(
        open_client: Callable[..., Client], engine: Engine) -> None:
    engine.hold = True
    client = open_client()
    wanted = waiting_requests(client, 40)
    engine.lose_replies = 5  # carried out, and the connection ends instead of an answer
    client.network.problem = None
    until(lambda: not client.remote.busy, timeout_s=60)
    assert set(engine.made) == {one["id"] for one in wanted} and set(engine.made.values()) == {1}
    assert {record.phase for record in client.remote.journal.records().values()} == {"accepted"}


def test_notes_of_many_jobs_are_those_of_each(tmp_path: Path) -> None:
    together, alone = Journal(tmp_path / "together"), Journal(tmp_path / "alone")
    ids = [f"{number:032x}" for number in range(20)]
    for journal in (together, alone):
        for job in ids[:15]:
            journal.note(job, "submit", specification={"id": job})
        journal.note(ids[2], "send")
        journal.note(ids[3], "cancelled")
    changed = together.note_all(ids, "send")
    for job in ids:
        alone.note(job, "send")
    assert {name: record.phase for name, record in together.records().items()} == {
        name: record.phase for name, record in alone.records().items()}
    assert {name: record.phase for name, record in changed.items()} == {
        name: record.phase for name, record in Journal(tmp_path / "together").records().items()}
    lines = (tmp_path / "together" / "journal.jsonl").read_text().count("\n")
    together.note_all(ids, "send")
    assert (tmp_path / "together" / "journal.jsonl").read_text().count("\n") == lines, "nothing changes"


@pytest.mark.parametrize("seed", range(5))
def test_a_snapshot_is_divided_by_names(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"ds-{number}" for number in range(30)]
    records = [TaskRecord(chance.choice(names), "5", chance.randint(0, 3), "running") for _ in range(200)]
    history = [TaskRecord(chance.choice(names), "5", chance.randint(0, 3), "ended") for _ in range(100)]
    snapshot = Snapshot(records, "", history)
    some = chance.sample(names, 4)
    part = snapshot.of(some)
    assert part.records is not None
    assert sorted(map(repr, part.records)) == sorted(repr(one) for one in records if one.name in some)
    assert sorted(map(repr, part.history)) == sorted(repr(one) for one in history if one.name in some)
    assert Snapshot(None, "no answer").of(some).records is None


def test_an_attempt_is_read_again_only_if_it_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[Path] = []
    read = json_files.read
    monkeypatch.setattr(json_files, "read", lambda path: (reads.append(path), read(path))[1])
    journal = Attempts(tmp_path)
    attempt = Attempt("ab" * 16, 1, (0, 1))
    journal.intend(attempt, "array")
    assert [one.array for one in journal.attempts()] == [None]
    before = len(reads)
    for _ in range(5):
        journal.attempts()
    assert len(reads) == before
    journal.note(attempt, "array", "17")
    assert [one.array for one in journal.attempts()] == ["17"]
    journal.note(attempt, "array", "18")
    assert [one.array for one in journal.attempts()] == ["18"]
    (tmp_path / "attempt-1" / "submitted.json").write_text("{")
    assert [one.array for one in journal.attempts()] == [None], "a damaged one is looked up by its name"


def test_the_holder_of_a_lock_is_written_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locks.locked(path):
        pass
    holder = tmp_path / "lock.holder"
    stamp = holder.stat().st_mtime_ns
    with locks.locked(path):
        assert holder.stat().st_mtime_ns == stamp
    holder.write_text("process 1 on elsewhere")
    with locks.locked(path):
        assert "elsewhere" not in holder.read_text()


@pytest.mark.parametrize("kind", ["symlink", "hard link", "dangling", "pipe", "folder"])
def test_the_name_of_a_holder_is_never_followed_to_another_file(kind: str, tmp_path: Path) -> None:
    other = tmp_path / "passwd"
    other.write_text("root:x:0:0\n")
    holder = tmp_path / "lock.holder"
    if kind == "symlink":
        holder.symlink_to(other)
    elif kind == "hard link":
        holder.hardlink_to(other)
    elif kind == "dangling":
        holder.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(holder)
    else:
        holder.mkdir()
    with locks.locked(tmp_path / "lock") as mine:
        assert mine
    assert other.read_text() == "root:x:0:0\n" and not (tmp_path / "elsewhere").exists()


def test_several_jobs_are_written_at_the_same_time_and_a_forbidden_one_leaves_nothing(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(3, timeout=30)
    monkeypatch.setattr(registry.find("process"), "accept", lambda *_: lambda draft: together.wait())
    monkeypatch.setattr(registry.find("process"), "start", lambda *_: None)
    context: Any = Context(tmp_path, None, None, lambda name: Anything())  # type: ignore[arg-type]
    jobs = Jobs(tmp_path, lambda: context)
    wanted = [request() for _ in range(3)]
    jobs.cancel(wanted[2]["id"], forbid=True)
    outcomes: dict[str, str] = {}

    def submit(one: dict[str, Any]) -> None:
        try:
            outcomes[one["id"]] = jobs.submit(one)["state"]
        except DeepSoilError as error:
            outcomes[one["id"]] = error.code

    threads = [threading.Thread(target=submit, args=(one,)) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [outcomes[one["id"]] for one in wanted] == ["queued", "queued", "job_forbidden"]
    assert {path.name for path in (tmp_path / "jobs").iterdir() if path.is_dir()} == {
        one["id"] for one in wanted[:2]}, "no draft is left"
