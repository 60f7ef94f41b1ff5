"""A window of a remote raster is the raster's own pixels, all of them, or one error: never a silent hole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from deepsoil.archives import failures, windows
from deepsoil.archives.network import HEAD_BYTES
from deepsoil.archives.transport import Limits
from network_tools import HURRY, TITLE, left_in, network, raised, write_raster
from rasterio.transform import from_origin
from rasterio.windows import from_bounds
from servers.ranges import Fault, RangeServer, busy, page, range_server

NAME = "/13/n40w097.tif"
STEP = 1 / 10800
BOUNDS = (-96.953, 39.9404, -96.9302, 39.9551)  # across four blocks
VALUES = np.random.default_rng(1).normal(400, 20, (1600, 1600)).astype("float32")


@pytest.fixture(scope="module")
def raster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raster") / "n40w097.tif"
    write_raster(path, VALUES)
    return path


@pytest.fixture
def server(raster: Path) -> Iterator[RangeServer]:
    with range_server() as server:
        server.serve(NAME, raster.read_bytes())
        yield server


def _clip(server: RangeServer, path: Path, bounds: tuple[float, float, float, float] = BOUNDS, **options: Any) -> Any:
    with network() as net:
        return net.window(TITLE, server.address + NAME, bounds, path, **options)


def _require_equal(path: Path, raster: Path, bounds: tuple[float, float, float, float] = BOUNDS) -> None:
    """The clip has the raster's own pixels in the same places, and covers the bounds."""
    with rasterio.open(path) as clip, rasterio.open(raster) as whole:
        assert (clip.crs, clip.dtypes, clip.nodata) == (whole.crs, whole.dtypes, whole.nodata)
        window = from_bounds(*clip.bounds, whole.transform)
        offsets = np.array([window.col_off, window.row_off])
        np.testing.assert_allclose(offsets, np.round(offsets), atol=1e-6)
        np.testing.assert_array_equal(clip.read(), whole.read(window=window.round_lengths().round_offsets()))
        assert clip.bounds.left <= bounds[0] + 1e-9 and clip.bounds.top >= bounds[3] - 1e-9
        assert clip.bounds.right >= bounds[2] - 1e-9 and clip.bounds.bottom <= bounds[1] + 1e-9
        assert clip.bounds.right - bounds[2] < STEP and bounds[1] - clip.bounds.bottom < STEP


def test_a_window_has_the_rasters_own_pixels(server: RangeServer, raster: Path, tmp_path: Path) -> None:
    got = _clip(server, tmp_path / "clip.tif")
    _require_equal(tmp_path / "clip.tif", raster)
    assert got.size == server.sent(NAME) < 0.6 * raster.stat().st_size
    assert len(server.requests(NAME)) <= 3 and left_in(tmp_path) == ["clip.tif"]


def test_one_pixel_and_a_part_at_the_edge(server: RangeServer, raster: Path, tmp_path: Path) -> None:
    _clip(server, tmp_path / "one.tif", (-96.95001, 39.95001, -96.95001, 39.95001))
    with rasterio.open(tmp_path / "one.tif") as clip:
        assert clip.shape == (1, 1) and clip.read(1)[0, 0] == VALUES[539, 539]
    _clip(server, tmp_path / "edge.tif", (-97.5, 39.99, -96.99, 40.5))
    with rasterio.open(tmp_path / "edge.tif") as clip:
        np.testing.assert_array_equal(clip.read(1), VALUES[:108, :108])


def test_where_the_raster_is_not_that_is_told(server: RangeServer, tmp_path: Path) -> None:
    raised("archive_outside", lambda: _clip(server, tmp_path / "clip.tif", (-80.0, 30.0, -79.9, 30.1)))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("faults", [
    [Fault(), busy()], [Fault(), busy(status=503), busy(0, status=503)], [Fault(), Fault(hang_s=30)],
    [Fault(), Fault(cut=100_000)], [Fault(cut=10)], [Fault(whole=True)], [Fault(), Fault(whole=True)],
], ids=["429", "503 twice", "hang", "cut", "cut at the beginning", "range ignored", "range ignored later"])
def test_a_fault_that_passes_is_healed(server: RangeServer, raster: Path, tmp_path: Path, faults: list[Fault]) -> None:
    server.fail(NAME, *faults)
    _clip(server, tmp_path / "clip.tif", least_known=1.0)
    _require_equal(tmp_path / "clip.tif", raster)


@pytest.mark.parametrize("fault", [busy(status=503), Fault(cut=1000), Fault(status=403), page()],
                         ids=["503", "cut", "403", "HTML"])
@pytest.mark.parametrize("fine", [0, 1, 2])
def test_a_part_that_fails_is_an_error_and_no_hole(server: RangeServer, raster: Path, tmp_path: Path, fault: Fault,
                                                   fine: int) -> None:
    server.fail(NAME, *[Fault()] * fine, *[fault] * 4)
    with network() as net:
        raised("archive_failed", lambda: net.window(TITLE, server.address + NAME, BOUNDS, tmp_path / "clip.tif"))
        assert left_in(tmp_path) == []
        server.heal(NAME)
        net.window(TITLE, server.address + NAME, BOUNDS, tmp_path / "clip.tif")
    _require_equal(tmp_path / "clip.tif", raster)


def test_a_part_that_fails_within_gdal_is_an_error_and_no_hole(server: RangeServer, raster: Path, tmp_path: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_parts", lambda dataset, window: [])  # as of a file that does not say where they are
    _clip(server, tmp_path / "clip.tif")
    _require_equal(tmp_path / "clip.tif", raster)
    for fine in range(1, len(server.requests(NAME))):
        server.fail(NAME, *[Fault()] * fine, *[busy(status=503)] * 4)
        error = raised("archive_failed", lambda: _clip(server, tmp_path / "no.tif"))
        assert failures.status_of(error) == 503 and not (tmp_path / "no.tif").exists()


def test_a_raster_that_is_replaced_while_it_is_read_is_the_new_one(server: RangeServer, tmp_path: Path) -> None:
    new = tmp_path / "new.tif"  # another data type, scale and grid
    with rasterio.open(new, "w", driver="COG", width=900, height=900, count=1, dtype="int32", crs="EPSG:4269",
                       transform=from_origin(-97.001, 40.001, STEP * 2, STEP * 2), nodata=-2147483648,
                       overviews="NONE") as dataset:
        dataset.write((VALUES[:900, :900] * 100).astype("int32"), 1)
    server.fail(NAME, Fault(), Fault(first=lambda: server.serve(NAME, new.read_bytes())))
    _clip(server, tmp_path / "clip.tif")
    with rasterio.open(tmp_path / "clip.tif") as clip, rasterio.open(new) as whole:
        assert clip.dtypes == ("int32",) and clip.nodata == -2147483648
        window = from_bounds(*clip.bounds, whole.transform).round_offsets().round_lengths()
        np.testing.assert_array_equal(clip.read(1), whole.read(1, window=window))


def test_a_token_that_expires_in_the_middle_is_renewed(server: RangeServer, raster: Path, tmp_path: Path) -> None:
    server.token = "first"
    tokens = ["first"]

    def expire() -> None:
        server.token = "second"
        tokens.append("second")

    server.fail(NAME, Fault(), Fault(first=expire))
    asked: list[str] = []

    def secret() -> dict[str, str]:
        asked.append(tokens[0] if len(asked) < 2 else tokens[-1])
        return {"token": asked[-1]}

    got = _clip(server, tmp_path / "clip.tif", secret=secret)
    _require_equal(tmp_path / "clip.tif", raster)
    assert asked[:3] == ["first", "first", "second"] and "token" not in got.address
    server.token = "third"
    raised("archive_account", lambda: _clip(server, tmp_path / "no.tif", secret={"token": "second"}))


def test_what_is_missing_is_not_remembered(server: RangeServer, raster: Path, tmp_path: Path) -> None:
    server.remove(NAME)
    with network() as net:
        def clip() -> object:
            return net.window(TITLE, server.address + NAME, BOUNDS, tmp_path / "clip.tif")

        assert failures.is_missing(raised("archive_failed", clip))
        server.serve(NAME, raster.read_bytes())
        clip()
    _require_equal(tmp_path / "clip.tif", raster)


def test_a_hole_in_the_raster_is_refused_after_it_was_opened_anew(server: RangeServer, raster: Path, tmp_path: Path,
                                                                  ) -> None:
    holed = VALUES.copy()
    holed[512:1024, 512:1024] = -999999
    path = tmp_path / "holed.tif"
    write_raster(path, holed)
    server.serve(NAME, path.read_bytes())
    clip = tmp_path / "clips" / "clip.tif"
    error = raised("archive_implausible", lambda: _clip(server, clip, least_known=0.999))
    assert server.address + NAME in error.message and left_in(clip.parent) == []
    assert [one.range for one in server.requests(NAME)].count(f"bytes=0-{HEAD_BYTES - 1}") == 2
    _clip(server, clip, least_known=0.1)
    server.fail(NAME, Fault(first=lambda: server.serve(NAME, path.read_bytes())), Fault(), Fault(),
                Fault(first=lambda: server.serve(NAME, raster.read_bytes())))
    _clip(server, clip, least_known=0.999)  # a hole that was mended meanwhile
    _require_equal(clip, raster)


@pytest.mark.parametrize("content", [b"", b"II*\0" + b"\7" * 5000, b"II*\0", b'{"error": {"message": "no layer"}}'],
                         ids=["empty", "damaged", "cut short", "JSON"])
def test_what_is_no_raster_is_an_error(server: RangeServer, tmp_path: Path, content: bytes) -> None:
    server.serve(NAME, content)
    raised("archive_failed", lambda: _clip(server, tmp_path / "clip.tif"))


def test_a_server_without_ranges_is_not_asked_for_a_whole_state(server: RangeServer, tmp_path: Path) -> None:
    large = tmp_path / "large.tif"
    with large.open("wb") as file:
        file.truncate(375 << 20)
    server.serve(NAME, large)
    server.fail(NAME, *[Fault(whole=True)] * 4)
    error = raised("archive_failed", lambda: _clip(server, tmp_path / "clip.tif"))
    assert "parts" in error.message and len(server.requests(NAME)) <= 1


@pytest.mark.parametrize("fault", [Fault(hang_s=60), Fault(slow_s=0.3)], ids=["while it hangs", "within the body"])
def test_a_cancel_ends_it_at_once(server: RangeServer, tmp_path: Path, fault: Fault) -> None:
    stop = threading.Event()
    server.fail(NAME, Fault(), fault)
    threading.Timer(0.5, stop.set).start()
    with network(cancelled=stop.is_set, limits=Limits(read_s=50)) as net:
        raised("cancelled", lambda: net.window(TITLE, server.address + NAME, BOUNDS, tmp_path / "clip.tif"))
    assert left_in(tmp_path) == []


def test_several_windows_at_once(server: RangeServer, raster: Path, tmp_path: Path) -> None:
    server.fail(NAME, busy(), Fault(), busy(0))
    with network(limits=HURRY) as net:
        def clip(number: int) -> Callable[[], object]:
            return lambda: net.window(TITLE, server.address + NAME, BOUNDS, tmp_path / f"{number}.tif")

        threads = [threading.Thread(target=clip(number)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for number in range(6):
        _require_equal(tmp_path / f"{number}.tif", raster)
