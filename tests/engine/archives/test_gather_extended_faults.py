"""A region that takes a field in: killed at any step, brought up to today, with a third field, and its limits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import gather_tools
import pytest
from deepsoil.archives.region_parts import parts_of
from deepsoil.grid import Window
from deepsoil.store.store import Store
from gather_tools import FIELD, SAND, TIMEOUT_S, environment, field_file, gather, made_server, serve_today
from job_tools import Service, until
from made_archives import TODAY
from servers.ranges import Fault, RangeServer
from shapely.geometry import shape


def moved(degrees: float) -> dict[str, Any]:
    return {**FIELD, "coordinates": [[[x + degrees, y] for x, y in FIELD["coordinates"][0]]]}


BESIDE = moved(0.06)


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with made_server() as server:
        yield server


def region_of(home: Path) -> Path:
    (found,) = json.loads((home / "regions.json").read_text())["regions"]
    return Path(found["path"])


def sand_of(store: Path, field: dict[str, Any]) -> float:
    return float(Store.open(store).read_static("sand", Window.around(*shape(field).bounds)).mean())


def killed_at(home: Path, server: RangeServer, moment: str) -> None:
    """The extension, killed where it first opens or makes a file of this pattern."""
    command = [sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(home.parent, BESIDE))]
    with subprocess.Popen(command, env=environment(home, server, MADE_STOP_AT=moment), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True) as process:
        found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        process.kill()
        said = process.communicate(timeout=TIMEOUT_S)[1]
    assert found is not None and found.si_code == os.CLD_STOPPED, f"it did not come to {moment}: {said}"


MOMENTS = ("*/parts/2/.part-*field.geojson", "*/parts/2/.part-*gathered.json", "*/parts/2/survey/*",
           "*/parts/2/.part-*recipe.yaml", "*/.part-*recipe.yaml", "*/.store.partial-*/*", "*/.store.partial-*/stat*")


def test_killed_at_any_step_the_region_stays_usable_and_nothing_is_fetched_twice(server: RangeServer,
                                                                                 tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert gather(home, server).returncode == 0
    store = region_of(home)
    before = Store.open(store).window
    for moment in MOMENTS:
        killed_at(home, server, moment)
        assert region_of(home) == store and Store.open(store).window == before, moment
        assert sand_of(store, FIELD) == SAND, moment
        sent = {one: server.sent(one) for one in ("/sky/2020.nc", "/ground/elevation.tif", "/survey/soil.csv")}
    done = gather(home, server, area=BESIDE)
    assert done.returncode == 0, done.stderr
    assert sent == {one: server.sent(one) for one in sent}, "what came is not fetched again"
    (part,) = parts_of(store.parent)
    assert {one.got.piece.archive for one in part.record.fetched} == {"ground", "survey"}
    assert sand_of(store, FIELD) == sand_of(store, BESIDE) == SAND
    assert not list(store.parent.glob(".store*")) and not list(store.parent.rglob(".part-*"))


def test_killed_in_the_middle_of_a_file_it_goes_on_there(server: RangeServer, tmp_path: Path) -> None:
    home, path = tmp_path / "home", "/ground/elevation.tif"
    assert gather(home, server).returncode == 0
    store, content = region_of(home), gather_tools.raster(gather_tools.elevation() + 1)
    server.serve(path, content)  # published anew, so that the cache does not have it
    before, came = server.sent(path), threading.Event()
    server.fail(path, Fault(slow_s=0.1, drip=len(content) // 8, first=came.set))
    command = [sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(tmp_path, BESIDE))]
    with subprocess.Popen(command, env=environment(home, server), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        assert came.wait(TIMEOUT_S)
        until(lambda: server.sent(path) >= before + len(content) // 4, "the file does not come")
        process.send_signal(signal.SIGKILL)
    assert sand_of(store, FIELD) == SAND
    again = gather(home, server, area=BESIDE)
    assert again.returncode == 0, again.stderr
    assert server.sent(path) - before <= 1.6 * len(content)
    assert sand_of(store, BESIDE) == SAND


def test_an_extended_region_is_brought_up_to_today_and_takes_a_third_field_in(server: RangeServer,
                                                                              tmp_path: Path) -> None:
    home, third, tomorrow = tmp_path / "home", moved(-0.06), TODAY + timedelta(days=1)
    for field in (FIELD, BESIDE, third):
        done = gather(home, server, area=field)
        assert done.returncode == 0, done.stderr
    store = region_of(home)
    assert [part.folder.name for part in parts_of(store.parent)] == ["2", "3"]
    asked = len(server.asked)
    again = gather(home, server, area=BESIDE)
    assert again.returncode == 0, again.stderr
    assert len(server.asked) == asked and len(parts_of(store.parent)) == 2, "all of it is there"
    window = Store.open(store).window
    server.remove(f"/sky/{TODAY}.nc")
    serve_today(server, tomorrow)
    region = json.loads((home / "regions.json").read_text())["regions"][0]["id"]
    fresh = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "refresh", region], capture_output=True, text=True,
                           env=environment(home, server, MADE_TODAY=str(tomorrow)), timeout=TIMEOUT_S, check=False)
    assert fresh.returncode == 0, fresh.stderr
    assert {one.path for one in server.asked[asked:]} == {f"/sky/{tomorrow}.nc"}, "only the new day is asked for"
    renewed = Store.open(store)
    assert renewed.window == window and str(renewed.map_dates()[1]) == str(TODAY)
    for field in (FIELD, BESIDE, third):
        assert sand_of(store, field) == SAND


@pytest.mark.parametrize(("degrees", "words"), [(0.0115, "extends the region"), (0.115, "extends the region"),
                                                (0.46, "")], ids=["1 km", "10 km", "40 km"])
def test_near_by_is_where_the_boxes_touch(region: tuple[Path, RangeServer], degrees: float, words: str) -> None:
    home, server = region
    told = gather(home, server, "--plan", area=moved(degrees))
    assert told.returncode == 0 and (words in told.stdout if words else "region" not in told.stdout), told.stdout


def test_over_a_zone_s_edge_another_region_is_made_and_told(tmp_path: Path,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    west, south, east, north = gather_tools.AROUND
    monkeypatch.setattr(gather_tools, "AROUND", (west + 0.56, south, east + 0.56, north))
    latitudes, longitudes = gather_tools.CELLS
    monkeypatch.setattr(gather_tools, "CELLS", (latitudes, longitudes + 0.56))
    with made_server() as server:
        assert gather(home, server, area=moved(0.56)).returncode == 0  # ends at 96.02° W; zone 15 begins at 96° W
        told = gather(home, server, "--plan", area=moved(0.61)).stdout
        assert "extends" not in told and "another region beside Field at 39.090° N, 96.030° W, which stays" in told
        out = str(region_of(home).parent)
        refused = gather(home, server, out, area=moved(0.61))
        assert refused.returncode == 2 and "different UTM zones" in refused.stderr, refused.stderr


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, RangeServer]]:
    home = tmp_path_factory.mktemp("near") / "home"
    with made_server() as server:
        assert gather(home, server).returncode == 0
        yield home, server


def test_a_region_is_not_removed_while_it_takes_a_field_in(server: RangeServer, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert gather(home, server).returncode == 0
    folder, store = region_of(home).parent, region_of(home)
    before = Store.open(store).window
    command = [sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(tmp_path, BESIDE))]
    with subprocess.Popen(command, env=environment(home, server, MADE_STOP_AT="*/.store.partial-*/*"),
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        with Service(home) as engine:
            region = engine.call("regions")[0]["id"]
            refused = engine.error("remove_region", region=region, files=True)
            assert refused["code"] == "region_in_use" and "just being fetched" in refused["message"]
            process.send_signal(signal.SIGCONT)
            said = process.communicate(timeout=TIMEOUT_S)[1]
            assert process.returncode == 0, said
            assert Store.open(store).window != before
            assert engine.call("remove_region", region=region, files=True)["deleted"]
    assert not folder.exists()
