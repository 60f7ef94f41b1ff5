"""What happens to a gathering from outside: Ctrl-C, a laptop that sleeps, a full disk, kills at any moment."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
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
def running(home: Path, server: RangeServer, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(home.parent)), *arguments]
    with subprocess.Popen(command, env=environment(home, server), text=True, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def recorded(out: Path) -> set[str]:
    try:
        return {one["name"] for one in json.loads((out / "gathered.json").read_text())["pieces"]}
    except FileNotFoundError:
        return set()


def test_ctrl_c_ends_it_while_a_server_is_silent(server: RangeServer, tmp_path: Path) -> None:
    came = threading.Event()
    server.fail("/sky/2021.nc", Fault(hang_s=60, first=came.set))
    with running(tmp_path / "home", server, str(tmp_path / "out")) as process:
        assert came.wait(TIMEOUT_S)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and said.rstrip().endswith("Stopped.") and "Traceback" not in said
    assert not (tmp_path / "out" / "sky" / "2022.nc").exists(), "nothing is begun after it"


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


def test_killed_at_any_moment_it_ends_as_if_it_had_not_been(server: RangeServer, tmp_path: Path) -> None:
    """Killed again and again, also while the store is made; each time the same command goes on."""
    home, out, moments = tmp_path / "home", tmp_path / "out", random.Random(13)
    for path in ("/ground/elevation.tif", "/sky/2020.nc", f"/sky/{TODAY}.nc"):
        server.fail(path, *[Fault(slow_s=0.2, drip=20_000)] * 2)
    kills = 0
    for _ in range(3):
        with running(home, server, str(out)) as process:
            until(lambda: out.exists() or process.poll() is not None, "it does not begin")
            time.sleep(moments.uniform(0.0, 3.0))
            if process.poll() is None:
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
            process.communicate()
    assert kills, "it was never killed"
    last = gather(home, server, str(out))
    assert last.returncode == 0, last.stderr
    for name in recorded(out):
        assert (out / name).read_bytes() == server.file(f"/{name}").content  # type: ignore[union-attr]
    left = {path.name for path in out.rglob("*") if path.name.endswith((".part", ".tmp"))}
    assert not left and not [path for path in out.iterdir() if path.name.startswith("store") and path.name != "store"]
    assert len(json.loads((home / "regions.json").read_text())["regions"]) == 1
