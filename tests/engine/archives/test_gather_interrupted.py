"""What happens to a gathering from outside: a laptop that sleeps, a full disk, kills at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from deepsoil.archives.folder import clear
from deepsoil.store.store import Store
from gather_tools import SAND, TIMEOUT_S, environment, field_file, gather, made_server
from job_tools import until
from made_archives import TODAY
from servers.ranges import Fault, RangeServer
from small_disk import small_ext4


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with made_server() as server:
        yield server


@contextmanager
def running(home: Path, server: RangeServer, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(home.parent)), *arguments]
    with subprocess.Popen(command, env=environment(home, server, **more), text=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_stopped(process: subprocess.Popen[str]) -> None:
    """Until it has come to ``MADE_STOP_AT``."""
    found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert found is not None and found.si_code == os.CLD_STOPPED, "it came to the end before"


def recorded(out: Path) -> set[str]:
    try:
        return {one["name"] for one in json.loads((out / "gathered.json").read_text())["pieces"]}
    except FileNotFoundError:
        return set()


def test_a_laptop_that_sleeps_in_the_middle_goes_on_where_it_was(server: RangeServer, tmp_path: Path) -> None:
    """Stopped in the middle of a file; meanwhile its connection is closed, and at first no other is served."""
    path, size = "/sky/2021.nc", len(server.file("/sky/2021.nc").content)  # type: ignore[union-attr, arg-type]
    server.fail(path, Fault(cut=size // 2, slow_s=0.5, drip=size // 4), Fault(status=503), Fault(cut=0))
    with running(tmp_path / "home", server, str(tmp_path / "out"), "--no-ingest") as process:
        until(lambda: server.sent(path) >= size // 4, "the file does not come")
        process.send_signal(signal.SIGSTOP)
        until(lambda: server.sent(path) >= size // 2, "the server does not send")
        time.sleep(1.0)  # the connection is closed
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, said
    assert (tmp_path / "out" / path[1:]).read_bytes() == server.file(path).content  # type: ignore[union-attr]
    assert server.sent(path) == size, "what had come before is not sent again"
    assert f"sky/{TODAY}.nc" in recorded(tmp_path / "out")


@pytest.mark.parametrize(("path", "left_kb"), [("/sky/2020.nc", 40), ("/leaves/2023-07-01.tif", 700)],
                         ids=["while it fetches", "while it makes the store"])
def test_a_disk_that_is_full_in_the_middle_is_one_error_and_then_it_goes_on(path: str, left_kb: int,
                                                                            server: RangeServer,
                                                                            tmp_path: Path) -> None:
    with small_ext4(tmp_path, megabytes=64, files=2000) as disk:
        home, out = tmp_path / "home", disk.path / "out"
        server.fail(path, Fault(first=lambda: disk.fill(left_kb)))
        full = gather(home, server, str(out))
        assert full.returncode == 2 and "is full" in full.stderr and "What to do:" in full.stderr, full.stderr
        assert "Traceback" not in full.stderr and not (home / "regions.json").exists()
        disk.free()
        had = {f"/{name}": server.sent(f"/{name}") for name in recorded(out)}
        again = gather(home, server, str(out))
        assert again.returncode == 0, again.stderr
        assert had == {name: server.sent(name) for name in had}, "what was recorded is not fetched again"
        assert float(Store.open(out / "store").read_static("sand", Store.open(out / "store").window).mean()) == SAND


def test_a_disk_with_10_mb_left_is_told_before_anything_is_asked(server: RangeServer, tmp_path: Path) -> None:
    with small_ext4(tmp_path, megabytes=12) as disk:
        refused = gather(tmp_path / "home", server, str(disk.path / "out"))
        assert refused.returncode == 2 and "MB left; the data need" in refused.stderr
        assert not server.asked and not (disk.path / "out").exists()


def test_killed_while_the_store_is_made_it_goes_on_and_leaves_nothing(server: RangeServer, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    for moment in ("*/.store.partial-*/*", "*/.store.partial-*/precipitation/*"):
        with running(home, server, str(out), MADE_STOP_AT=moment) as process:
            wait_until_stopped(process)
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
    assert list(out.glob(".store.partial-*")) and not (home / "regions.json").exists()
    last = gather(home, server, str(out))
    assert last.returncode == 0, last.stderr
    for name in recorded(out):
        assert (out / name).read_bytes() == server.file(f"/{name}").content  # type: ignore[union-attr]
    assert not list(out.glob(".store*")), "what killed processes have left is removed"
    assert len(json.loads((home / "regions.json").read_text())["regions"]) == 1


def test_a_store_that_a_killed_process_had_moved_aside_comes_back(tmp_path: Path) -> None:
    for name in (".store.old-4711", ".store.partial-4711", ".part-0123abcd-recipe.yaml", "ground/.part-0123abcd-x.tif",
                 "sky/2020.nc.part"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).mkdir() if "store" in name else (tmp_path / name).write_text("")
    (tmp_path / ".store.old-4711" / "zarr.json").write_text("{}")
    clear(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["2020.nc.part", "ground", "sky", "store", "zarr.json"]


def test_nobody_gathers_into_a_folder_while_its_store_is_made(server: RangeServer, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    with running(home, server, str(out), MADE_STOP_AT="*/.store.partial-*/*") as first:
        wait_until_stopped(first)
        second = gather(home, server, str(out), "--no-ingest")
        first.send_signal(signal.SIGCONT)
        _, said = first.communicate(timeout=TIMEOUT_S)
    assert second.returncode == 2 and "Another job" in second.stderr
    assert first.returncode == 0, said


def test_a_draft_of_a_killed_process_does_not_make_a_folder_taken(server: RangeServer, tmp_path: Path) -> None:
    """As SIGKILL leaves it in the middle of the first write."""
    draft = tmp_path / "out" / ".part-0123abcd-field.geojson"
    draft.parent.mkdir()
    draft.write_text("{")
    done = gather(tmp_path / "home", server, str(tmp_path / "out"), "--no-ingest")
    assert done.returncode == 0 and not draft.exists(), done.stderr
