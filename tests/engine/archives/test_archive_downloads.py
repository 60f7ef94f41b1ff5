"""A download ends with the whole file, the version that the server has at the end, or one error that says why not."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deepsoil.archives import failures
from deepsoil.archives.transport import Limits
from deepsoil.contract.errors import DeepSoilError
from network_tools import TITLE, left_in, network, raised
from servers.ranges import Fault, RangeServer, busy, page, range_server

CONTENT = b"CDF\x02" + random.Random(1).randbytes(1_500_000)
OTHER = b"CDF\x02" + random.Random(2).randbytes(1_200_000)
NAME = "/data/pr_2024.nc"


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with range_server() as server:
        server.serve(NAME, CONTENT)
        yield server


@pytest.mark.parametrize("faults", [
    [busy()], [busy(0)], [busy(-5, date=True)], [busy(status=503), busy(status=503)], [busy(status=500)],
    [Fault(hang_s=30)], [Fault(cut=700_000)], [Fault(cut=0)], [Fault(cut=300_000), busy(), Fault(cut=300_000)],
    [busy(text='{"message": "Rate limit is exceeded. Try again in 0 seconds."}')],
], ids=["429", "429 with seconds", "429 with a date", "503 twice", "500", "hang", "cut", "cut at once", "cut, 429, cut",
        "429 in words"])
def test_a_fault_that_passes_is_healed(server: RangeServer, tmp_path: Path, faults: list[Fault]) -> None:
    server.fail(NAME, *faults)
    told: list[int] = []
    with network(on_bytes=told.append) as net:
        got = net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT
    assert got.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert got.size == len(CONTENT) == sum(told) == server.sent(NAME) - sum(len(fault.body) for fault in faults)
    assert left_in(tmp_path) == ["pr.nc"]


@pytest.mark.parametrize(("fault", "least_s"), [
    (lambda: busy(1), 1.0), (lambda: busy(3, date=True), 1.5), (lambda: busy(3600), 0.0)],
    ids=["seconds", "date", "an hour, capped"])
def test_retry_after_is_heeded(server: RangeServer, tmp_path: Path, fault: Callable[[], Fault],
                               least_s: float) -> None:
    server.fail(NAME, fault())
    longest_s = 0.2 if least_s == 0 else 30.0
    begun = time.monotonic()
    with network(limits=Limits(first_pause_s=0.001, longest_pause_s=longest_s)) as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert time.monotonic() - begun >= least_s


def test_what_does_not_pass_is_given_up_with_one_error(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, *[busy(status=503)] * 9)
    with network() as net:
        error = raised("archive_failed", lambda: net.download(TITLE, server.address + NAME, tmp_path / "pr.nc"))
    assert failures.status_of(error) == 503 and server.address + NAME in str(error)
    assert len(server.requests(NAME)) == 4 and left_in(tmp_path) == []


def test_a_silent_server_is_asked_twice_only(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, *[Fault(hang_s=60)] * 9)
    with network(limits=Limits(read_s=0.3, tries=5, first_pause_s=0.01)) as net:
        error = raised("archive_failed", lambda: net.download(TITLE, server.address + NAME, tmp_path / "pr.nc"))
    assert "nothing came for 0.3 s" in str(error) and server.faults_left(NAME) == 7


@pytest.mark.parametrize("status", [400, 403, 404, 410, 418])
def test_other_refusals_are_not_repeated(server: RangeServer, tmp_path: Path, status: int) -> None:
    server.fail(NAME, Fault(status=status, body=b'{"detail": "no such day"}'))
    with network() as net:
        error = raised("archive_failed", lambda: net.download(TITLE, server.address + NAME, tmp_path / "pr.nc"))
    assert len(server.requests(NAME)) == 1 and "no such day" in str(error)
    assert failures.is_missing(error) == (status in (404, 410))


def test_what_is_missing_can_be_published_later(server: RangeServer, tmp_path: Path) -> None:
    late = "/data/pr_2025.nc"
    with network() as net:
        assert failures.is_missing(raised(
            "archive_failed", lambda: net.download(TITLE, server.address + late, tmp_path / "pr.nc")))
        server.serve(late, OTHER)
        net.download(TITLE, server.address + late, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == OTHER


@pytest.mark.parametrize("body", [page().body, b"<?xml version='1.0'?><ServiceExceptionReport><ServiceException>"
                                  b"no such layer</ServiceException></ServiceExceptionReport>",
                                  b'{"error": {"message": "no such layer"}}', b""],
                         ids=["HTML", "XML", "JSON", "nothing"])
def test_another_content_with_200_is_not_taken_for_the_file(server: RangeServer, tmp_path: Path, body: bytes) -> None:
    server.fail(NAME, Fault(status=200, body=body))
    with network() as net:
        error = raised("archive_failed", lambda: net.download(TITLE, server.address + NAME, tmp_path / "pr.nc"))
    assert "web page" in str(error) if body == page().body else "not a NetCDF file" in str(error)
    assert ("no such layer" in str(error)) == (b"layer" in body)
    assert left_in(tmp_path) == []


def test_a_server_that_only_drips_is_given_up(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, Fault(slow_s=0.1, drip=4))
    with network() as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT and len(server.requests(NAME)) == 2


def test_a_file_that_is_packed_unasked_is_unpacked_and_whole(server: RangeServer, tmp_path: Path) -> None:
    packed = Fault(status=200, headers={"Content-Encoding": "gzip", "ETag": '"packed"'}, body=gzip.compress(CONTENT))
    server.fail(NAME, packed)
    with network(cache=tmp_path / "cache") as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
        assert (tmp_path / "pr.nc").read_bytes() == CONTENT


def test_traffic_is_counted_by_host_with_what_failed(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, busy(), Fault(cut=700_000))
    with network() as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
        host = f"127.0.0.1:{server.port}"
        assert dict(net.traffic.requests) == {host: 3} and dict(net.traffic.bytes) == {host: len(CONTENT)}


@pytest.mark.parametrize("mixes", [False, True], ids=["a good server", "a server without If-Range"])
def test_a_file_that_is_replaced_while_it_comes_is_the_new_one(server: RangeServer, tmp_path: Path, mixes: bool,
                                                               ) -> None:
    server.fail(NAME, Fault(cut=700_000), Fault(first=lambda: server.serve(NAME, OTHER), mixes=mixes))
    with network() as net:
        got = net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == OTHER and got.sha256 == hashlib.sha256(OTHER).hexdigest()
    first, second = server.requests(NAME)[:2]
    assert (first.range, second.range) == (None, "bytes=700000-") and len(server.requests(NAME)) == 2 + mixes
    assert "If-Range" in second.headers


def test_a_server_may_send_less_than_was_asked_for(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, Fault(cut=700_000), Fault(short=100_000))
    with network() as net:
        assert net.download(TITLE, server.address + NAME, tmp_path / "pr.nc").size == len(CONTENT)
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT


def test_a_server_that_ignores_the_range_sends_the_whole(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, Fault(cut=700_000), Fault(whole=True))
    with network() as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT


def test_without_a_version_nothing_is_resumed(server: RangeServer, tmp_path: Path) -> None:
    server.versions = False
    server.serve(NAME, CONTENT)
    server.fail(NAME, Fault(cut=700_000))
    with network() as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT
    assert [one.range for one in server.requests(NAME)] == [None, None]


def test_a_stream_without_a_length_that_breaks_off_is_not_whole(server: RangeServer, tmp_path: Path) -> None:
    server.chunked = True
    server.fail(NAME, Fault(cut=700_000))
    with network() as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT and len(server.requests(NAME)) == 2


def test_what_the_check_refuses_is_fetched_once_more(server: RangeServer, tmp_path: Path) -> None:
    seen: list[int] = []

    def check(path: Path) -> None:
        seen.append(path.stat().st_size)
        if len(seen) == 1 or always:
            raise DeepSoilError("archive_implausible", "An archive gave days without a value.")

    always = False
    with network() as net:
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc", check=check)
        always = True
        raised("archive_implausible",
               lambda: net.download(TITLE, server.address + NAME, tmp_path / "again.nc", check=check))
    assert seen == [len(CONTENT)] * 4 and left_in(tmp_path) == ["pr.nc"]


@pytest.mark.parametrize("fault", [Fault(hang_s=60), Fault(slow_s=0.2)], ids=["while it hangs", "within the body"])
def test_a_cancel_ends_it_at_once_and_the_next_run_goes_on(server: RangeServer, tmp_path: Path, fault: Fault) -> None:
    server.fail(NAME, fault)
    stop = threading.Event()
    told: list[int] = []
    threading.Timer(0.7, stop.set).start()
    with network(cancelled=stop.is_set, limits=Limits(read_s=50), on_bytes=told.append) as net:
        raised("cancelled", lambda: net.download(TITLE, server.address + NAME, tmp_path / "pr.nc"))
    had = (tmp_path / "pr.nc.part").stat().st_size if (tmp_path / "pr.nc.part").exists() else 0
    assert not (tmp_path / "pr.nc").exists() and (had > 0) == (fault.slow_s > 0)
    with network() as net:
        got = net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT and got.size == len(CONTENT) - had


def test_an_answer_that_comes_after_a_cancel_changes_nothing(server: RangeServer, tmp_path: Path) -> None:
    server.fail(NAME, Fault(hang_s=1.5))
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()
    with network(cancelled=stop.is_set, limits=Limits(read_s=50)) as late:
        raised("cancelled", lambda: late.download(TITLE, server.address + NAME, tmp_path / "pr.nc"))
        with network() as net:
            net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
        deadline = time.monotonic() + 20
        while len(server.requests(NAME)) < 2 and time.monotonic() < deadline:  # the late one is noted when answered
            time.sleep(0.05)
        time.sleep(0.3)
    assert left_in(tmp_path) == ["pr.nc"] and (tmp_path / "pr.nc").read_bytes() == CONTENT


_FETCH = """
import sys
from pathlib import Path
sys.path[:0] = {folders!r}
from network_tools import network
with network() as net:
    net.download("An archive", sys.argv[1], Path(sys.argv[2]))
"""


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_killed_download_is_resumed_and_nothing_comes_twice(server: RangeServer, tmp_path: Path, share: float,
                                                             ) -> None:
    server.fail(NAME, Fault(slow_s=0.05))
    program = _FETCH.format(folders=[str(Path(__file__).parent), str(Path(__file__).parents[1])])
    part = tmp_path / "pr.nc.part"
    with subprocess.Popen([sys.executable, "-c", program, server.address + NAME, str(tmp_path / "pr.nc")]) as process:
        while not part.exists() or part.stat().st_size < share * len(CONTENT):
            assert process.poll() is None
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    had = part.stat().st_size
    assert 0 < had < len(CONTENT) and not (tmp_path / "pr.nc").exists()
    with network() as net:
        got = net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT and got.size == len(CONTENT) - had
    assert left_in(tmp_path) == ["pr.nc"]


def test_a_part_of_another_address_is_not_used(server: RangeServer, tmp_path: Path) -> None:
    other = server.serve("/data/other.nc", OTHER, etag='"one"')
    server.serve(NAME, CONTENT, etag='"one"')
    server.fail("/data/other.nc", *[Fault(cut=500_000), Fault(status=400)])
    with network() as net:
        raised("archive_failed", lambda: net.download(TITLE, other, tmp_path / "pr.nc"))
        assert (tmp_path / "pr.nc.part").stat().st_size == 500_000
        net.download(TITLE, server.address + NAME, tmp_path / "pr.nc")
    assert (tmp_path / "pr.nc").read_bytes() == CONTENT
