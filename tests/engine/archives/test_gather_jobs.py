"""Gathering as a job: progress in bytes, cancel, retry, killed at every piece, and secrets that reach no disk."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.jobs.folder import JobFolder
from gather_tools import FIELD, environment, field_file, gather, job, made_server, serve_today
from job_tools import TIMEOUT_S, Service, ended, until
from made_archives import TODAY
from servers.proxy import proxy_to
from servers.ranges import Fault, RangeServer

PASSWORD = "open-sesame-4711"  # of a made proxy


@pytest.fixture
def server() -> Iterator[RangeServer]:
    with made_server() as server:
        yield server


def service(home: Path, server: RangeServer | str, **more: str) -> Service:
    return Service(home, **{name: value for name, value in environment(home, server, **more).items()
                            if name.startswith(("DEEPSOIL", "PYTHONPATH", "MADE"))})


def done(home: Path, request: dict[str, Any]) -> JobFolder:
    folder = JobFolder(home / "jobs" / request["id"])
    ended(folder)
    return folder


def sent(server: RangeServer) -> dict[str, int]:
    return {path: server.sent(path) for path in {one.path for one in server.asked}}


def test_a_job_gathers_with_progress_in_bytes_and_its_summary_names_the_region(server: RangeServer,
                                                                              tmp_path: Path) -> None:
    home, request = tmp_path / "home", job(None)
    with service(home, server) as engine:
        estimate = engine.call("estimate", specification=request)
        assert estimate["bytes"] > 0 and estimate["problems"] == [] and estimate["area_ha"] == pytest.approx(384, abs=4)
        engine.call("submit", specification=request)
        folder = done(home, request)
        assert folder.state == "succeeded", folder.status().reason
        summary = next(one for one in engine.call("list") if one["id"] == request["id"])
        region = engine.call("regions")[0]
        assert summary["region"] == region["id"] and region["problem"] is None
        assert region["gathered"].startswith(str(home / "regions-data"))
        plan = engine.call("gather_plan", area=FIELD)
        assert plan["covered_by"] == region["id"] and plan["folder"] == region["gathered"] and plan["near"] == []
        beside = {**FIELD, "coordinates": [[[x + 0.03, y] for x, y in FIELD["coordinates"][0]]]}
        plan = engine.call("gather_plan", area=beside)
        assert plan["near"] == [] and plan["folder"] == region["gathered"] and plan["extends"] == region["name"]
        far = {**FIELD, "coordinates": [[[x, y - 1.5] for x, y in FIELD["coordinates"][0]]]}
        plan = engine.call("gather_plan", area=far)
        assert plan["near"] == [] and plan["extends"] is None and plan["folder"] != region["gathered"]
    lines = [json.loads(line) for line in (folder.path / "progress.jsonl").read_text().splitlines()]
    assert any("The made" in line["message"] and "MB" in line["message"] for line in lines)
    shares = [line["done"] / line["total"] for line in lines]
    assert shares[-1] == 1 and all(0 <= share <= 1 for share in shares)


def test_a_cancelled_job_keeps_what_came_and_a_retry_goes_on_there(server: RangeServer, tmp_path: Path) -> None:
    home, request, again = tmp_path / "home", job(tmp_path / "out"), secrets.token_hex(16)
    came = threading.Event()
    server.fail("/sky/2021.nc", Fault(hang_s=60, first=came.set))
    with service(home, server) as engine:
        engine.call("submit", specification=request)
        assert came.wait(TIMEOUT_S), "the job does not come there"
        began = time.monotonic()
        engine.call("cancel", id=request["id"])
        folder = done(home, request)
        assert folder.state == "cancelled" and time.monotonic() - began < 8
        before = sent(server)
        engine.call("retry", id=request["id"], new_id=again)
        assert done(home, {"id": again}).state == "succeeded"
    for path in ("/sky/2019.nc", "/sky/2020.nc", "/ground/elevation.tif", "/survey/soil.csv"):
        assert sent(server)[path] == before[path], f"{path} was fetched twice"


@pytest.mark.parametrize(("path", "within"), [
    ("/ground/elevation.tif", False), ("/ground/elevation.tif", True), ("/survey/soil.csv", False),
    ("/sky/2019.nc", False), ("/sky/2021.nc", True), (f"/sky/{TODAY}.nc", False), ("/leaves/2023-07-01.tif", True)])
def test_killed_at_any_piece_it_goes_on_and_fetches_nothing_twice(path: str, within: bool, server: RangeServer,
                                                                  tmp_path: Path) -> None:
    """SIGKILL when a piece is asked for, or when a part of it was sent."""
    home, out = tmp_path / "home", tmp_path / "out"
    whole = {one: len(server.file(one).content) for one in server._files}  # type: ignore[union-attr, arg-type]
    running: list[subprocess.Popen[bytes]] = []
    came = threading.Event()
    server.fail(path, Fault(slow_s=0.15) if within else Fault(hang_s=60, first=came.set))
    command = [sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(tmp_path)), str(out), "--no-ingest"]
    running.append(subprocess.Popen(command, env=environment(home, server), stderr=subprocess.DEVNULL))
    until(lambda: server.sent(path) > 0 if within else came.is_set(), "it does not come there")
    os.kill(running[0].pid, signal.SIGKILL)
    running[0].wait()
    server.ended.set()  # what hangs ends
    server.ended.clear()
    before = sent(server)
    recorded = names_in(out)
    again = gather(home, server, str(out), "--no-ingest")
    assert again.returncode == 0, again.stderr
    after = sent(server)
    assert all(after[f"/{name}"] == before[f"/{name}"] for name in recorded), "what was recorded is not fetched again"
    assert names_in(out) == {name[1:] for name in whole if name.split("/")[1] in ("ground", "survey", "sky", "leaves")}
    for name in names_in(out):
        assert (out / name).read_bytes() == server.file(f"/{name}").content  # type: ignore[union-attr]
        assert after[f"/{name}"] <= 2 * whole[f"/{name}"]


def names_in(out: Path) -> set[str]:
    """The pieces that a folder's record has."""
    try:
        return {one["name"] for one in json.loads((out / "gathered.json").read_text())["pieces"]}
    except FileNotFoundError:
        return set()


def test_a_damaged_file_is_not_taken_for_whole(server: RangeServer, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    assert gather(home, server, str(out), "--no-ingest").returncode == 0
    before = sent(server)
    damaged = out / "sky" / "2020.nc"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    assert gather(home, server, str(out), "--no-ingest").returncode == 0
    after = sent(server)
    assert damaged.read_bytes() == server.file("/sky/2020.nc").content  # type: ignore[union-attr]
    assert {path for path in after if after[path] != before[path]} <= {"/sky/2020.nc"}


def test_two_jobs_do_not_gather_into_one_folder(server: RangeServer, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    came = threading.Event()
    server.fail("/sky/2019.nc", Fault(hang_s=60, first=came.set))
    first = subprocess.Popen([sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(tmp_path)), str(out)],
                             env=environment(home, server), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    assert came.wait(TIMEOUT_S)
    second = gather(home, server, str(out))
    assert second.returncode == 2 and "Another job" in second.stderr
    first.kill()
    first.wait()


def test_ctrl_c_ends_a_gathering_though_a_server_is_silent(server: RangeServer, tmp_path: Path) -> None:
    came = threading.Event()
    server.fail("/sky/2019.nc", Fault(hang_s=60, first=came.set))
    running = subprocess.Popen([sys.executable, "-P", "-m", "deepsoil", "gather", str(field_file(tmp_path)),
                                str(tmp_path / "out")], env=environment(tmp_path / "home", server),
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # off behind nohup
    assert came.wait(TIMEOUT_S)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=TIMEOUT_S)
    assert running.returncode == 130 and "Stopped." in said


def test_proxies_and_secrets_reach_the_job_and_no_disk(server: RangeServer, tmp_path: Path) -> None:
    home, waits, request = tmp_path / "home", job(tmp_path / "first", options={"offline": True}), job(tmp_path / "out")
    names = {"made.test": ("127.0.0.1", server.port)}
    with proxy_to(names, "ann", PASSWORD) as between, service(home, "http://made.test") as engine:
        engine.call("network_settings", proxies={"*": None})
        engine.call("submit", specification=waits)  # so that the queue's process is older than the settings
        assert done(home, waits).state == "failed"
        engine.call("network_settings", proxies={"*": f"http://ann:{PASSWORD}@{between.place}"},
                    accounts={"made": PASSWORD + "-account"})
        engine.call("submit", specification=request)
        folder = done(home, request)
        assert folder.state == "succeeded", folder.status().reason
        assert between.asked
    for place in (home, tmp_path / "out", tmp_path / "first"):
        for path in place.rglob("*"):
            if path.is_file():
                assert PASSWORD.encode() not in path.read_bytes(), path


def test_a_refresh_fetches_what_is_new_and_says_which_maps_are_others_now(server: RangeServer, tmp_path: Path) -> None:
    from datetime import timedelta

    home, out, tomorrow = tmp_path / "home", tmp_path / "out", TODAY + timedelta(days=1)
    assert gather(home, server, str(out)).returncode == 0
    before = sent(server)
    made_map(home, json.loads((home / "regions.json").read_text())["regions"][0]["id"])
    server.remove(f"/sky/{TODAY}.nc")
    serve_today(server, tomorrow, wetter_mm=2.0)
    request = job(None, options={"update": True}, region=json.loads((home / "regions.json").read_text())[
        "regions"][0]["id"])
    del request["area"]
    with service(home, server, MADE_TODAY=str(tomorrow)) as engine:
        region = request["region"]
        plan = engine.call("refresh_plan", region=region)
        fresh = {one["name"]: one["pieces"] for one in plan["archives"] if one["pieces"]}
        assert fresh == {"sky": 1} and plan["until"] == "2023-09-09" and plan["end"] == "2023-09-11"
        engine.call("submit", specification=request)
        folder = done(home, request)
        assert folder.state == "succeeded", folder.status().reason
        assert engine.call("regions")[0]["last_date"] == "2023-09-10"
        assert next(one for one in engine.call("list") if one["id"] == request["id"])["region"] == region
    after = sent(server)
    assert {path for path in after if after[path] != before.get(path, 0)} == {f"/sky/{tomorrow}.nc"}
    assert not (out / "sky" / f"{TODAY}.nc").exists(), "what is no longer used is removed"
    table = (folder.outputs_path / "changed_maps.csv").read_text().splitlines()
    assert len(table) == 2 and "soil_moisture_05cm_2023-09-08.tif,2023-09-08" in table[1]
    assert "2023-07-15" not in "".join(table), "a map whose days did not change stays as it is"


def made_map(home: Path, region: str) -> None:
    """A finished job with maps of two days; the later one rests on days that will be revised."""
    from deepsoil.contract.specification import parse_specification
    from deepsoil.contract.version import SCHEMA

    request = {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": "North", "area": FIELD,
               "region": region, "dates": {"start": "2023-07-15", "end": "2023-09-08"}, "depths_cm": [5]}
    folder, _ = JobFolder.create(home / "jobs", parse_specification(request), claimed=True)
    for day in ("2023-07-15", "2023-09-08"):
        path = folder.temporary(f"soil_moisture_05cm_{day}.tif")
        path.write_bytes(b"a map")
        folder.add_output(path, "map", 5, day)
    folder.finish("succeeded", "Finished")


def test_a_region_that_was_not_gathered_cannot_be_refreshed(server: RangeServer, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    home = tmp_path / "home"
    refused = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "refresh", str(tmp_path / "empty")],
                             env=environment(home, server), capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "was not gathered" in refused.stderr
