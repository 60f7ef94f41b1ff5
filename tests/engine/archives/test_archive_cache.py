"""The cache gives back what the server has, whole, or nothing: whatever was damaged, killed or filled in between."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.archives.cache import UNVERSIONED_S
from deepsoil.archives.network import HEAD_BYTES
from deepsoil.contract.errors import DeepSoilError
from network_tools import TITLE, left_in, network, raised, write_raster
from servers.ranges import Fault, RangeServer, range_server
from small_disk import small_ext4

CONTENT = b"CDF\x02" + random.Random(1).randbytes(300_000)
OTHER = b"CDF\x02" + random.Random(2).randbytes(300_000)
NAME, RASTER = "/data/pr.nc", "/13/n40w097.tif"
HERE, BESIDE, FAR = ((-96.99, 39.98, -96.98, 39.99), (-96.985, 39.98, -96.975, 39.99), (-96.87, 39.86, -96.86, 39.87))
VALUES = np.random.default_rng(1).normal(400, 20, (1600, 1600)).astype("float32")


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("raster") / "n40w097.tif"
    write_raster(path, VALUES)
    return path.read_bytes()


@pytest.fixture
def server(raster: bytes) -> Iterator[RangeServer]:
    with range_server() as server:
        server.serve(NAME, CONTENT)
        server.serve(RASTER, raster)
        yield server


def _download(server: RangeServer, folder: Path, name: str = NAME, **options: Any) -> Any:
    with network(cache=folder / "cache", **options) as net:
        return net.download(TITLE, server.address + name, folder / "to" / Path(name).name)


def _window(server: RangeServer, folder: Path, bounds: tuple[float, float, float, float], **options: Any) -> Any:
    path = folder / "to" / "clip.tif"
    with network(cache=folder / "cache", **options) as net:
        got = net.window(TITLE, server.address + RASTER, bounds, path)
    with rasterio.open(path) as clip:
        column, row = round((clip.transform.c + 97) * 10800), round((40 - clip.transform.f) * 10800)
        return got, clip.read(1), VALUES[row:row + clip.height, column:column + clip.width]


def test_what_the_server_still_has_is_not_sent_again(server: RangeServer, tmp_path: Path) -> None:
    assert _download(server, tmp_path).size == len(CONTENT)
    (tmp_path / "to" / "pr.nc").unlink()
    again = _download(server, tmp_path)
    assert again.size == 0 and server.sent(NAME) == len(CONTENT) and len(server.requests(NAME)) == 2
    (tmp_path / "to" / "pr.nc").unlink()
    assert _download(server, tmp_path, offline=True).sha256 == again.sha256
    assert len(server.requests(NAME)) == 2 and (tmp_path / "to" / "pr.nc").read_bytes() == CONTENT
    raised("archive_offline", lambda: _download(server, tmp_path, "/data/unknown.nc", offline=True))


def test_what_was_replaced_is_sent(server: RangeServer, tmp_path: Path) -> None:
    _download(server, tmp_path)
    server.serve(NAME, OTHER)
    assert _download(server, tmp_path).size == len(OTHER)
    assert (tmp_path / "to" / "pr.nc").read_bytes() == OTHER


def test_without_a_version_a_file_is_used_for_a_day(server: RangeServer, tmp_path: Path) -> None:
    server.versions = False
    server.serve(NAME, CONTENT)
    _download(server, tmp_path)
    server.serve(NAME, OTHER)
    assert _download(server, tmp_path).size == 0 and (tmp_path / "to" / "pr.nc").read_bytes() == CONTENT
    entry = next((tmp_path / "cache" / "entries").iterdir())
    document = json.loads(entry.read_text())
    entry.write_text(json.dumps({**document, "checked": time.time() - UNVERSIONED_S - 5}))
    assert _download(server, tmp_path).size == len(OTHER) and (tmp_path / "to" / "pr.nc").read_bytes() == OTHER
    assert _download(server, tmp_path).size == 0 and (tmp_path / "to" / "pr.nc").read_bytes() == OTHER


@pytest.mark.parametrize("damage", [
    lambda path: path.write_bytes(b"\0" + path.read_bytes()[1:]), lambda path: os.truncate(path, 1000),
    lambda path: path.write_bytes(b""), lambda path: path.unlink()], ids=["a byte", "cut", "empty", "gone"])
@pytest.mark.parametrize("what", ["content", "entries"])
def test_what_is_damaged_is_fetched_anew(server: RangeServer, tmp_path: Path, what: str,
                                         damage: Callable[[Path], object]) -> None:
    _download(server, tmp_path)
    _window(server, tmp_path, HERE)
    for path in list((tmp_path / "cache" / what).iterdir()):
        damage(path)
    assert _download(server, tmp_path).size == len(CONTENT)
    assert (tmp_path / "to" / "pr.nc").read_bytes() == CONTENT
    got, clip, expected = _window(server, tmp_path, HERE)
    np.testing.assert_array_equal(clip, expected)
    assert got.size > 500_000
    assert _download(server, tmp_path).size == _window(server, tmp_path, HERE)[0].size == 0


def test_a_window_beside_another_fetches_only_what_is_new(server: RangeServer, tmp_path: Path) -> None:
    first = _window(server, tmp_path, HERE)[0].size
    asked = len(server.requests(RASTER))
    again, clip, expected = _window(server, tmp_path, HERE)
    np.testing.assert_array_equal(clip, expected)
    assert again.size == 0 and [one.status for one in server.requests(RASTER)[asked:]] == [304]
    beside, clip, expected = _window(server, tmp_path, BESIDE)  # in the same blocks
    np.testing.assert_array_equal(clip, expected)
    assert beside.size == 0 and first > 500_000
    far, clip, expected = _window(server, tmp_path, FAR)
    np.testing.assert_array_equal(clip, expected)
    assert far.size > 500_000
    asked = len(server.requests(RASTER))
    for bounds in (HERE, BESIDE, FAR):
        np.testing.assert_array_equal(*_window(server, tmp_path, bounds, offline=True)[1:])
    raised("archive_offline", lambda: _window(server, tmp_path, (-96.93, 39.98, -96.92, 39.99), offline=True))
    assert len(server.requests(RASTER)) == asked


def test_a_raster_that_was_replaced_is_not_mixed_with_the_old_one(server: RangeServer, tmp_path: Path) -> None:
    _window(server, tmp_path, HERE)
    new = tmp_path / "new.tif"
    write_raster(new, VALUES + 100)
    server.serve(RASTER, new.read_bytes())
    for _ in range(2):
        _, clip, expected = _window(server, tmp_path, HERE)
        np.testing.assert_array_equal(clip, expected + 100)
    server.fail(RASTER, Fault(), Fault(first=lambda: server.serve(RASTER, b"II*\0" + bytes(5_000_000), '"third"')))
    raised("archive_failed", lambda: _window(server, tmp_path, FAR))


def test_the_quota_takes_what_was_used_least_recently(server: RangeServer, tmp_path: Path) -> None:
    names = [f"/data/{number}.nc" for number in range(5)]
    for number, name in enumerate(names):
        server.serve(name, b"CDF\x02" + random.Random(number).randbytes(300_000))
        _download(server, tmp_path, name, quota_bytes=1_000_000)
        time.sleep(0.02)
        if number >= 1:
            assert _download(server, tmp_path, names[0], quota_bytes=1_000_000).size == 0  # used again and again
            time.sleep(0.02)
    kept = [name for name in names if _is_offline(server, tmp_path, name)]
    assert kept == [names[0], names[3], names[4]]
    assert sum(path.stat().st_size for path in (tmp_path / "cache" / "content").iterdir()) <= 1_000_000
    server.serve(NAME, b"CDF\x02" + bytes(600_000))  # larger than half of the quota: not kept
    _download(server, tmp_path, quota_bytes=1_000_000)
    assert not _is_offline(server, tmp_path, NAME) and _is_offline(server, tmp_path, names[0])


def _is_offline(server: RangeServer, folder: Path, name: str) -> bool:
    with suppress(DeepSoilError):
        _download(server, folder, name, offline=True)
        return True
    return False


def test_several_jobs_on_one_cache_fetch_a_file_once(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, Fault(slow_s=0.1))
    server.fail(RASTER, Fault(slow_s=0.1))

    def job(number: int) -> Callable[[], int]:
        def work() -> int:
            with network(cache=tmp_path / "cache") as net:
                net.download(TITLE, server.address + NAME, tmp_path / f"{number}.nc")
                net.window(TITLE, server.address + RASTER, HERE, tmp_path / f"{number}.tif")
            return 0
        return work

    jobs = [_fork(job(number)) for number in range(4)]
    assert [os.waitpid(one, 0)[1] for one in jobs] == [0] * 4
    assert server.sent(NAME) == len(CONTENT) and len(server.requests(NAME)) == 4
    assert [one.range for one in server.requests(RASTER) if one.sent].count(f"bytes=0-{HEAD_BYTES - 1}") == 1
    assert all((tmp_path / f"{number}.nc").read_bytes() == CONTENT for number in range(4))


def test_a_job_that_waits_for_another_can_be_cancelled(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, Fault(hang_s=30))
    first = _fork(lambda: _download(server, tmp_path) and 0)
    while not (tmp_path / "cache" / "locks").exists():
        time.sleep(0.01)
    time.sleep(0.3)
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    begun = time.monotonic()
    raised("cancelled", lambda: _download(server, tmp_path / ".." / tmp_path.name, cancelled=stop.is_set))
    assert time.monotonic() - begun < 10
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)


def _fork(work: Callable[[], int], before: Callable[[], None] = lambda: None) -> int:
    """The process that does ``work``."""
    process = os.fork()
    if process == 0:
        code = 99
        try:
            before()
            code = work()
        finally:
            os._exit(code)
    return process


def test_killed_at_every_step_nothing_is_damaged_and_nothing_comes_twice(server: RangeServer, tmp_path: Path) -> None:
    once = _window(server, tmp_path / "once", HERE)[0].size
    for step in range(1, 200):
        folder = tmp_path / str(step)
        folder.mkdir()

        def work(folder: Path = folder) -> int:
            _download(server, folder)
            _window(server, folder, HERE)
            return 0

        process = _fork(work, lambda step=step, folder=folder: _die_at(step, str(folder)))
        died = os.waitpid(process, 0)[1] == signal.SIGKILL
        had_file, had_raster = _had(folder)
        assert _download(server, folder).size == len(CONTENT) - had_file, f"step {step}"
        got, clip, expected = _window(server, folder, HERE)
        np.testing.assert_array_equal(clip, expected)
        assert (folder / "to" / "pr.nc").read_bytes() == CONTENT and got.size == once - had_raster, f"step {step}"
        assert left_in(folder / "to") == ["clip.tif", "pr.nc"] or died
        if not died:
            break
    assert 20 < step < 199 and (had_file, had_raster) == (len(CONTENT), once)


def _had(folder: Path) -> tuple[int, int]:
    """Bytes of the file and of the raster that a killed job has left for the next: in the cache, or as a part."""
    entries = [json.loads(path.read_text()) for path in (folder / "cache" / "entries").glob("[0-9a-f]*.json")]
    parts = {name: sum(end - start for entry in entries if entry["asked"].endswith(name)
                       for start, end, _ in entry["parts"]) for name in (NAME, RASTER)}
    part = folder / "to" / "pr.nc.part"
    return parts[NAME] or (part.stat().st_size if part.exists() else 0), parts[RASTER]


def _die_at(step: int, folder: str) -> None:
    """Kill this process at its ``step``-th file that is opened for writing, renamed or removed below ``folder``."""
    count = 0

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if (writes or event in ("os.rename", "os.remove", "os.mkdir")) and str(args[0]).startswith(folder):
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def test_a_full_disk_under_the_cache_does_not_matter(server: RangeServer, tmp_path: Path) -> None:
    with small_ext4(tmp_path) as disk:
        with network(cache=disk.path / "cache") as net:
            net.download(TITLE, server.address + NAME, tmp_path / "first.nc")
            server.serve("/data/other.nc", OTHER)
            disk.fill(100)
            got = net.download(TITLE, server.address + "/data/other.nc", tmp_path / "other.nc")
            net.window(TITLE, server.address + RASTER, HERE, tmp_path / "clip.tif")
        assert got.size == len(OTHER) and (tmp_path / "other.nc").read_bytes() == OTHER
        with network(cache=disk.path / "cache", offline=True) as net:
            net.download(TITLE, server.address + NAME, tmp_path / "again.nc")
        assert (tmp_path / "again.nc").read_bytes() == CONTENT


def test_a_full_disk_under_the_folder_is_told_and_leaves_what_was_there(server: RangeServer, tmp_path: Path) -> None:
    with small_ext4(tmp_path) as disk:
        with network() as net:
            net.download(TITLE, server.address + NAME, disk.path / "pr.nc")
            disk.fill(100)
            server.serve(NAME, OTHER + bytes(100_000))
            with pytest.raises(Exception) as caught:
                net.download(TITLE, server.address + NAME, disk.path / "pr.nc")
            assert getattr(caught.value, "code", None) == "disk_full"
            assert (disk.path / "pr.nc").read_bytes() == CONTENT
            disk.free()
            got = net.download(TITLE, server.address + NAME, disk.path / "pr.nc")
        assert (disk.path / "pr.nc").read_bytes() == OTHER + bytes(100_000)
        assert 0 < got.size < len(OTHER) + 100_000 and "pr.nc.part" not in left_in(disk.path)
