"""On a full and on a read-only disk the service lives, gives events and clear answers; see test_disk_of_a_job.py."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.sync.journal import Journal
from deepsoil.hosts.sync.retrieval import RemoteFile, retrieve
from deepsoil.io import json_files
from deepsoil.io.hashing import sha256_of
from deepsoil.jobs.folder import JobFolder
from deepsoil.schedulers.process import queue
from job_tools import Service, begun, document, ended, kill_leftovers, until
from job_tools import deepsoil as command
from small_disk import SmallDisk, small_ext4


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_ext4(tmp_path) as made:
        yield made
        made.remount("rw")
        made.free()
        kill_leftovers(made.path)
        until(lambda: not queue.is_running(made.path))


def _folder(disk: SmallDisk, job: str) -> JobFolder:
    return JobFolder(disk.path / "jobs" / job)


def test_a_full_disk_and_every_request(disk: SmallDisk) -> None:
    with Service(disk.path) as service:
        done = service.call("submit", specification=document())["id"]
        assert ended(_folder(disk, done)) == "succeeded"
        running = service.call("submit", specification=document("wait"))["id"]
        begun(_folder(disk, running))
        waiting = [service.call("submit", specification=document())["id"] for _ in range(2)]
        disk.fill()
        moment = service.call("watch")["time"]
        assert moment > _folder(disk, done).status().created[:10]
        for error in (service.error("submit", specification=document()),
                      service.error("retry", id=done, new_id=secrets.token_hex(16))):
            assert error["code"] == "disk_full" and error["hint"] and str(disk.path) in error["message"]
        assert len(service.call("list")) == 4
        assert "disk" in next(job for job in service.call("list") if job["id"] == waiting[0])["message"]
        assert service.call("logs", id=running)["text"] and service.call("outputs", id=done) is not None
        assert service.call("hello")["home"] == str(disk.path)
        assert service.call("cancel", id=waiting[0])["state"] == "cancelled"
        until(lambda: service.states_seen(waiting[0]) == ["cancelled"], "the event of a cancel")
        service.call("cancel", id=running)
        until(lambda: service.states_seen(running)[-1:] == ["cancelled"], "the event of an end")
        assert [record["name"] for record in _folder(disk, running).output_records()] == ["first.txt"]
        assert _folder(disk, waiting[1]).state == "queued", "it waits for space"
        service.call("remove", id=done)
        disk.free()
        assert ended(_folder(disk, waiting[1])) == "succeeded"
        until(lambda: service.states_seen(waiting[1])[-1:] == ["succeeded"], "events go on")
        assert service.call("submit", specification=document())["state"]


def test_a_read_only_disk_and_every_request(disk: SmallDisk) -> None:
    service_home = disk.path
    with Service(service_home) as first:
        done = first.call("submit", specification=document())["id"]
        assert ended(_folder(disk, done)) == "succeeded"
        until(lambda: not queue.is_running(disk.path))
        first._errors.close()
        first.process.kill()
        first.process.wait()
        first._errors = Path(os.devnull).open("ab")  # noqa: SIM115 - closed by the service
    disk.remount("ro")
    for arguments in (("list",), ("logs", done)):
        answer = command(disk.path, *arguments)
        assert answer.returncode == 0, answer.stderr
    for arguments, text in ((("submit", "-"), json.dumps(document())), (("cancel", done), None)):
        answer = command(disk.path, *arguments, text=text)
        assert "Traceback" not in answer.stderr
        assert answer.returncode == (2 if text else 0) and ("can only be read" in answer.stderr) == bool(text)
    replies = _ask(disk.path, [("watch", {}), ("list", {}), ("submit", {"specification": document()}),
                               ("retry", {"id": done, "new_id": secrets.token_hex(16)}), ("remove", {"id": done}),
                               ("hello", {})])
    assert [reply.get("error", {}).get("code") for reply in replies] == [
        None, None, "read_only", "read_only", "read_only", None]
    assert [job["id"] for job in replies[1]["result"]] == [done]


def _ask(home: Path, requests: list[tuple[str, dict[str, object]]]) -> list[dict[str, object]]:
    """Replies of a service, whose stderr is not on the disk."""
    lines = "".join(f'@deepsoil {json.dumps({"id": number, "method": method, "params": params})}\n'
                    for number, (method, params) in enumerate(requests))
    done = command(home, "serve", text=lines)
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line[10:]) for line in done.stdout.splitlines() if line.startswith("@deepsoil ")]
    return sorted((reply for reply in replies if "id" in reply), key=lambda reply: reply["id"])


def test_a_journal_on_a_full_disk_says_so_and_what_failed_never_happens(disk: SmallDisk) -> None:
    journal = Journal(disk.path / "hosts" / "hydra")
    journal.note("a" * 32, "submit", specification={"name": "x"})
    outcomes = []
    for left_kb in (0, 4, 8):
        for size in (10, 3000, 4000, 5000, 9000):
            disk.fill(left_kb)
            before = journal.path.read_bytes()
            job = secrets.token_hex(16)
            try:
                journal.note(job, "submit", specification={"name": "y" * size})
            except DeepSoilError as error:
                assert error.code == "disk_full"
                assert journal.path.read_bytes() == before and job not in Journal(journal.path.parent).records()
                outcomes.append("refused")
            else:
                assert job in Journal(journal.path.parent).records()
                outcomes.append("written")
            disk.free()
    assert {"refused", "written"} == set(outcomes)
    assert "a" * 32 in journal.records()


class _Pipe:
    """A host that sends one file, by the protocol of `file_transfer`."""

    def __init__(self, command: list[str], content: bytes) -> None:
        self._token, self._content, self._data = command[4].encode(), content, b""
        self.err = b""

    def write(self, data: bytes) -> None:
        start = int(data.split(b"\n")[0]) - 1
        self._data += b"\n%s %d\n%s\n%s end\n" % (self._token, len(self._content), self._content[start:], self._token)

    def read(self, size: int) -> bytes:
        piece, self._data = self._data[:65_536], self._data[65_536:]
        return piece

    def close(self) -> None: ...


class _Host:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def pipe(self, command: list[str], timeout_s: float) -> _Pipe:
        return _Pipe(command, self._content)


def test_a_retrieval_keeps_what_came_and_goes_on_when_there_is_space(disk: SmallDisk,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.hosts.sync.retrieval._require_space", lambda *given: None)
    content = os.urandom(1_000_000)
    file = RemoteFile("/there/map.tif", "maps/map.tif", len(content), sha256_of(content))
    target = disk.path / "outputs"
    for left_kb in (0, 8, 400):
        disk.fill(left_kb)
        with pytest.raises(DeepSoilError) as caught:
            retrieve(_Host(content), [file], target)
        assert caught.value.code == "disk_full" and str(target) in caught.value.message
        assert not (target / "maps" / "map.tif").exists()
        disk.free()
    retrieve(_Host(content), [file], target)
    assert (target / "maps" / "map.tif").read_bytes() == content


def test_a_line_after_one_that_was_cut_is_whole(disk: SmallDisk) -> None:
    path = disk.path / "lines.jsonl"
    for left_kb in (0, 4, 8, 12):
        json_files.append_line(path, {"before": left_kb})
        disk.fill(left_kb)
        for size in (100, 5000, 9000, 30_000):
            with suppress(OSError):
                json_files.append_line(path, {"text": "x" * size})
        disk.free()
        json_files.append_line(path, {"after": left_kb})
    found = list(json_files.read_lines(path))
    assert [line["before"] for line in found if "before" in line] == [0, 4, 8, 12]
    assert [line["after"] for line in found if "after" in line] == [0, 4, 8, 12]
