"""What can go wrong between this computer and a host, over a real sshd with a real engine at the other end."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.ssh import connection as ssh_connection
from deepsoil.hosts.sync.file_transfer import FileStream
from deepsoil.hosts.sync.retrieval import RemoteFile, RetrievalStopped, part_of, retrieve
from host_ends import Client, end_jobs, install_here, mounted_tmpfs, network_namespace, request, started_inside
from sshd import Person, Sshd, missing, until

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))

LARGE = b"".join(bytes([number]) * (1 << 20) for number in range(64))


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Path]:
    """HOME of the engine at the other end."""
    home = install_here(tmp_path / "far")
    yield home
    end_jobs(home)


@pytest.fixture
def open_client(tmp_path: Path, person: Person, sshd: Sshd, far: Path) -> Iterator[Callable[..., Client]]:
    made: list[Client] = []

    def open_it(name: str = "near", there: Path = far, **fields: Any) -> Client:
        made.append(Client(tmp_path / name, person, sshd, there, **fields))
        return made[-1]

    yield open_it
    for client in made:
        client.hosts.stop()


def test_from_submit_to_the_file_on_this_disk(open_client: Callable[..., Client]) -> None:
    client = open_client().ready()
    job = client.submit()
    until(lambda: client.job(job)["state"] == "succeeded")
    (path,) = client.retrieved(job)
    assert path.read_text() == "first" and path.is_relative_to(client.home)
    logs = client.hosts.answer_about_job(client.remote, "logs", {"id": job})
    assert "begun" in logs["text"]
    with pytest.raises(DeepSoilError) as caught:
        client.hosts.ask("there", "observations", {"region": "none", "station": "x", "start": "2023-01-01",
                                                    "end": "2023-01-02"})
    assert (caught.value.code, caught.value.values.get("region")) == ("region_unknown", "none"), "the host's own error"
    client.hosts.answer_about_job(client.remote, "remove", {"id": job})
    assert not client.folder_there(job).path.exists() and not path.exists()
    print("one job: sent, ended, retrieved, removed")


class HeldReplies:
    """``connect`` whose pipes hold back what the engine says while ``held`` is set."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()

    def connect(self, *arguments: Any) -> Any:
        connection = ssh_connection.connect(*arguments)
        make = connection.pipe

        def pipe(*words: Any) -> Any:
            made = make(*words)
            read = made.read

            def held(size: int) -> bytes:
                data = read(size)
                self.open.wait(30)
                return bytes(data)

            made.read = held  # type: ignore[method-assign]
            return made

        connection.pipe = pipe  # type: ignore[method-assign]
        return connection


def test_the_reply_is_lost_and_the_job_runs_once(open_client: Callable[..., Client], sshd: Sshd, far: Path) -> None:
    replies = HeldReplies()
    client = open_client(connect=replies.connect).ready()
    wanted = request("record")
    replies.open.clear()
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(client.hosts.submit, "there", wanted)
        until(lambda: (far / "jobs" / wanted["id"]).is_dir())
        record = client.remote.journal.get(wanted["id"])
        assert record is not None and record.phase == "sent"
        sshd.signal_sessions(signal.SIGKILL)
        replies.open.set()
        sending.result()
    until(lambda: client.job(wanted["id"])["state"] == "succeeded")
    assert (far / "order.txt").read_text().splitlines() == ["begin record", "end record"]
    print("the session was killed between request and reply: accepted at the second try, run once")


def test_a_peer_that_is_stopped_is_noticed_and_the_job_goes_on(open_client: Callable[..., Client], sshd: Sshd,
                                                               far: Path) -> None:
    client = open_client().ready()
    job = client.submit("wait")
    until(lambda: client.job(job)["state"] == "running")
    begun = time.monotonic()
    stopped = sshd.sessions()
    sshd.signal_sessions(signal.SIGSTOP)
    with pytest.raises(DeepSoilError) as caught:
        client.remote.ask("logs", {"id": job}, 1.0)
    assert caught.value.code == "host_unreachable" and caught.value.hint
    until(lambda: client.job(job)["knowledge"] == "unreachable")
    noticed_s = time.monotonic() - begun
    assert client.job(job)["state"] == "running"
    until(lambda: client.job(job)["knowledge"] == "current")
    (far / "go").touch()
    until(lambda: client.job(job)["state"] == "succeeded")
    for pid in stopped:
        os.kill(pid, signal.SIGKILL)
    print(f"noticed after {noticed_s:.1f} s, connected again, the job went on")


def test_a_full_disk_here_keeps_the_part_and_one_there_refuses_the_job(open_client: Callable[..., Client],
                                                                       tmp_path: Path) -> None:
    with mounted_tmpfs(tmp_path / "small", 40) as disk, mounted_tmpfs(tmp_path / "there", 4) as far_disk:
        client = open_client("small/near").ready()
        job = client.submit("large")
        until(lambda: client.job(job)["state"] == "succeeded")
        client.remote.retrieve(job)
        until(lambda: client.job(job)["retrieval"]["state"] == "failed")
        error = client.job(job)["retrieval"]["error"]
        assert error["code"] == "disk_full" and "67 MB" in error["message"]
        connection = client.remote.engine.ssh_connection()
        (output,) = [one for one in client.remote.job_cache.jobs()[job]["outputs"] if one["size"] > 100]
        wanted = RemoteFile(output["path"], output["name"], output["size"], output["sha256"])
        with pytest.raises(DeepSoilError) as caught, pytest.MonkeyPatch.context() as patch:
            patch.setattr("deepsoil.hosts.sync.retrieval._require_space", lambda *arguments: None)
            retrieve(connection, [wanted], disk)
        assert caught.value.code == "disk_full"
        assert part_of(disk, wanted).stat().st_size > 1 << 20, "what has come stays"
        client.hosts.stop()

        install_here(far_disk)
        client = open_client("near", far_disk).ready()
        (far_disk / "ballast").write_bytes(bytes(shutil.disk_usage(far_disk).free))
        view = client.hosts.submit("there", request())
        assert (view["state"], view["reason"]["code"]) == ("failed", "disk_full")
        print(f"here: {error['message']}\nthere: {view['message']}")
        client.hosts.stop()


def _large(there: ssh_connection.Connection, tmp_path: Path) -> tuple[RemoteFile, Path]:
    source = tmp_path / "it's a $(touch pwned) map.tif"
    source.write_bytes(LARGE)
    file = RemoteFile(str(source), "a folder/ünï map.tif", len(LARGE), hashlib.sha256(LARGE).hexdigest())
    return file, tmp_path / "to"


@pytest.mark.parametrize("damage", ["none", "flipped byte", "truncated", "too long"])
def test_a_part_is_continued_and_a_damaged_one_is_noticed(there: ssh_connection.Connection, tmp_path: Path,
                                                          damage: str) -> None:
    wanted, target = _large(there, tmp_path)
    got: list[int] = []
    with pytest.raises(RetrievalStopped):
        retrieve(there, [wanted], target, progress=lambda done, total: got.append(done),
                 stopped=lambda: bool(got) and got[-1] > 20 << 20)
    part = part_of(target, wanted)
    before = part.stat().st_size
    assert before > 20 << 20
    with part.open("r+b") as file:
        if damage == "flipped byte":
            file.seek(1000)
            file.write(b"\xff")
        elif damage == "truncated":
            file.truncate(1 << 20)
        elif damage == "too long":
            file.seek(0, 2)
            file.write(bytes(len(LARGE)))
    seen: list[int] = []
    retrieve(there, [wanted], target, progress=lambda done, total: seen.append(done))
    assert (target / wanted.name).read_bytes() == LARGE and not part.exists()
    assert not list(tmp_path.glob("**/pwned"))
    first = next(done for done in seen if done)
    again = any(later < earlier for earlier, later in pairwise(seen))
    assert again == (damage == "flipped byte")
    assert (first >= before) == (damage in ("none", "flipped byte"))
    print(f"{damage}: continued from {first >> 20} of {before >> 20} MiB{', started again once' if again else ''}")


def test_many_small_files_are_asked_for_ahead(there: ssh_connection.Connection, tmp_path: Path,
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    files = []
    for number in range(60):
        path = tmp_path / f"map {number}.tif"
        path.write_bytes(os.urandom(number * 100))
        files.append(RemoteFile(str(path), f"{number % 7}/{path.name}", number * 100,
                            hashlib.sha256(path.read_bytes()).hexdigest()))
    target = tmp_path / "to"
    for damaged in (files[9], files[30]):
        part = part_of(target, damaged)
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(b"not what it should be")
    events = []
    ask, header = FileStream.ask, FileStream._header
    monkeypatch.setattr(FileStream, "ask", lambda self, *words: (events.append("ask"), ask(self, *words))[1])
    monkeypatch.setattr(FileStream, "_header", lambda self: (events.append("header"), header(self))[1])
    retrieve(there, files, target)
    assert all((target / file.name).read_bytes() == Path(file.path).read_bytes() for file in files)
    assert len([path for path in target.rglob("*") if path.is_file()]) == 60
    assert events.count("ask") < 60 + 2 * 16, "started again after a damaged part, and asked ahead again"
    waited = [events[:index].count("ask") for index, event in enumerate(events) if event == "header"][::2]
    ahead = [asked - read for read, asked in enumerate(waited)]
    assert ahead[0] >= 10 and sum(lead > 1 for lead in ahead) > 40, "most were asked for before the one before was here"
    print(f"60 files, two damaged parts: {events.count('ask')} questions")


def test_a_file_that_is_gone_changed_or_shrinks_is_named(there: ssh_connection.Connection, tmp_path: Path) -> None:
    wanted, target = _large(there, tmp_path)
    source = Path(wanted.path)
    codes = []
    for spoil in (lambda: source.write_bytes(LARGE[:-1] + b"x"), lambda: source.write_bytes(LARGE[:-1]), source.unlink):
        spoil()
        with pytest.raises(DeepSoilError) as caught:
            retrieve(there, [wanted], target)
        codes.append(caught.value.code)
        assert source.name in caught.value.message or wanted.name in caught.value.message
    assert codes == ["output_changed", "output_changed", "output_missing"]
    assert not (target / wanted.name).exists()
    source.write_bytes(LARGE)

    def shrink(done: int, total: int) -> None:
        if done > 1 << 20:
            os.truncate(source, 8 << 20)

    with pytest.raises(DeepSoilError) as caught:
        retrieve(there, [wanted], target, progress=shrink)
    assert caught.value.code == "output_changed"
    print(f"changed, shorter, gone, shrinking while it was read: {codes}, {caught.value.code}")


def test_a_link_that_goes_down_in_the_middle_is_taken_up_again(tmp_path: Path, person: Person, far: Path) -> None:
    with network_namespace() as (inside, address, link):
        server = Sshd(tmp_path / "sshd", f"ListenAddress {address}")
        server.allow(person.key())
        with started_inside(server, inside):
            (person.ssh / "known_hosts").write_text(f"[{address}]:{server.port} "
                                                    + server.known_line.partition(" ")[2])
            client = Client(tmp_path / "near", person, server, far, address=address).ready()
            job = client.submit("large")
            until(lambda: client.job(job)["state"] == "succeeded")
            subprocess.run(["tc", "qdisc", "add", "dev", link, "root", "tbf", "rate", "400mbit", "burst", "256k",
                            "latency", "50ms"], check=False)
            client.remote.retrieve(job)
            until(lambda: client.job(job)["retrieval"]["bytes"] > 4 << 20)
            subprocess.run(["ip", "link", "set", link, "down"], check=True)
            until(lambda: client.state() == "waiting")
            kept = client.job(job)["retrieval"]["bytes"]
            assert client.job(job)["retrieval"]["state"] == "running" and client.job(job)["state"] == "succeeded"
            parts = list(client.remote.job_cache.outputs(job).glob(".part-*"))
            size = parts[0].stat().st_size
            subprocess.run(["ip", "link", "set", link, "up"], check=True)
            (path, *_) = [one for one in client.retrieved(job) if one.name == "large map.bin"]
            assert path.read_bytes() == LARGE and len(parts) == 1
            print(f"down after {size >> 20} MiB, taken up again ({kept >> 20} MiB told meanwhile), SHA-256 as it was")
            client.hosts.stop()


def test_noise_and_odd_names_do_no_harm(open_client: Callable[..., Client], sshd: Sshd, tmp_path: Path) -> None:
    (sshd.home / ".bashrc").write_text("echo Welcome; head -c 1000000 /dev/zero; echo hey >&2; printf '\\377 $ '\n")
    there = install_here(tmp_path / "it's a \"home\" $(touch pwned) ü")
    client = open_client("near $(touch pwned)", there).ready()
    job = client.submit(name="'$(touch pwned)' \"; touch pwned; ü")
    until(lambda: client.job(job)["state"] == "succeeded")
    (path,) = client.retrieved(job)
    assert path.read_text() == "first"
    assert not [found for found in [*tmp_path.rglob("pwned"), Path.cwd() / "pwned"] if found.exists()]
    end_jobs(there)
    print("a megabyte of greeting, a HOME with blanks, quotes and $( ): nothing was run, the file came whole")


def test_a_job_that_was_purged_there_disappears(open_client: Callable[..., Client]) -> None:
    client = open_client().ready()
    job, kept = client.submit(), client.submit()
    until(lambda: client.job(job)["state"] == client.job(kept)["state"] == "succeeded")
    (path,) = client.retrieved(kept)
    client.hosts.stop()
    for one in (job, kept):
        shutil.rmtree(client.folder_there(one).path)
    client = open_client().ready()
    until(lambda: client.hosts.jobs() == [])
    assert path.read_text() == "first"
    print("purged while this computer was away: no longer listed; what was retrieved is kept")


def test_two_computers_submit_and_cancel_the_same_id(open_client: Callable[..., Client], far: Path) -> None:
    one, two = open_client("one").ready(), open_client("two").ready()
    ended = set()
    for number in range(4):
        wanted = request("record", name=str(number))
        with ThreadPoolExecutor(3) as pool:
            sent = [pool.submit(client.hosts.submit, "there", wanted) for client in (one, two)]
            if number % 2:
                until(lambda wanted=wanted: two.remote.knows(wanted["id"]))
                pool.submit(two.remote.cancel, wanted["id"]).result()
            assert {future.result()["id"] for future in sent} == {wanted["id"]}

        def final(client: Client, wanted: dict[str, Any] = wanted) -> bool:
            return client.job(wanted["id"])["state"] in ("succeeded", "cancelled", "failed")

        until(lambda final=final: final(one) and final(two))
        until(lambda wanted=wanted: one.job(wanted["id"])["state"] == two.job(wanted["id"])["state"]
              or one.job(wanted["id"])["reason"])
        ended.add((number % 2, two.job(wanted["id"])["state"]))
    begun = [line for line in (far / "order.txt").read_text().splitlines() if line.startswith("begin")]
    assert len(begun) == len(set(begun)) and {"begin 0", "begin 2"} <= set(begun), "none of them ran twice"
    print(f"ended as {sorted(ended)}, begun {begun}")
