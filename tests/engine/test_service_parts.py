"""The journal of a host, what is retrieved by itself, what a watch compares, and what a prediction is estimated at."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deepsoil.areas import area_m2
from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.sync import auto_retrieval, retrieval
from deepsoil.hosts.sync.journal import Record, apply, replay
from deepsoil.hosts.sync.retrieval import RemoteFile
from deepsoil.inference import machine
from deepsoil.inference.area import Coverage
from deepsoil.inference.fields import Field, Fields
from deepsoil.kinds import predict
from deepsoil.kinds.predict import PredictionRequest
from deepsoil.service import stations as service_stations
from deepsoil.service import watch
from deepsoil.service.values import rounded
from deepsoil.store.series import Stations
from shapely.geometry import box

JOB, TIME = "ab" * 16, "2026-05-01T10:00:00.000Z"


def entry(what: str, **content: Any) -> dict[str, Any]:
    return {"what": what, "id": JOB, "time": TIME, **content}


SUBMIT = entry("submit", specification={"schema": 2, "kind": "predict"}, earlier="x")
ERROR = {"code": "x", "message": "No.", "hint": ""}


@pytest.mark.parametrize(("lines", "phase", "cancel_wanted"), [
    (["submit"], "waiting", False), (["submit", "send"], "sent", False), (["submit", "accepted"], "accepted", False),
    (["submit", "send", "accepted"], "accepted", False), (["submit", "send", "accepted", "send"], "accepted", False),
    (["submit", "cancel"], "waiting", False), (["submit", "send", "cancel"], "sent", True),
    (["submit", "send", "cancel", "accepted"], "accepted", True), (["submit", "cancelled"], "cancelled", False),
    (["submit", "send", "cancel", "cancelled"], "cancelled", False),
    (["submit", "send", "cancel", "cancel_told"], "accepted", False), (["submit", "refused"], "refused", False),
    (["submit", "send", "accepted", "refused"], "accepted", False),
    (["submit", "send", "accepted", "cancelled"], "accepted", False), (["submit", "refused", "accepted"], "refused",
                                                                       False),
    (["submit", "cancelled", "cancel_told"], "cancelled", False), (["cancel"], "accepted", True),
    (["submit", "send", "cancel", "refused"], "refused", False), (["submit", "send", "submit"], "sent", False)])
def test_each_line_of_the_journal_moves_a_job_on(lines: list[str], phase: str, cancel_wanted: bool) -> None:
    record = None
    for what in lines:
        record = apply(record, SUBMIT if what == "submit" else entry(what, error=ERROR))
    assert record is not None and (record.phase, record.cancel_wanted) == (phase, cancel_wanted)
    assert record.mine == (lines[0] == "submit") and record.earlier == ("x" if record.mine else None)
    assert record.ended == (TIME if phase in ("refused", "cancelled") else None)
    assert record.error == (ERROR if phase == "refused" else None)
    assert record.handed_over == (phase not in ("waiting", "sent"))
    assert record.pending == (cancel_wanted or not record.handed_over)


@pytest.mark.parametrize(("lines", "state"), [
    (["retrieve"], "wanted"), (["retrieve", "stopped"], "stopped"), (["retrieve", "failed"], "failed"),
    (["retrieve", "whole"], "done"), (["retrieve", "part"], "none"), (["failed"], "none"), (["stopped"], "none"),
    (["retrieve", "failed", "retrieve"], "wanted"), (["whole", "retrieve"], "wanted")])
def test_each_line_of_the_journal_moves_a_retrieval_on(lines: list[str], state: str) -> None:
    of = {"retrieve": entry("retrieve"), "stopped": entry("retrieval_stopped"), "whole": entry("retrieved", whole=True),
          "failed": entry("retrieval_failed", error=ERROR), "part": entry("retrieved", whole=False)}
    record = apply(None, SUBMIT)
    for what in lines:
        record = apply(record, of[what])
    assert record is not None and record.retrieval == state
    assert record.retrieval_error == (ERROR if state == "failed" else None)
    gone = apply(record, entry("removed"))
    assert gone is not None and gone.removed and not gone.pending and gone.specification is None


def test_damaged_lines_hide_no_job() -> None:
    good = [SUBMIT, {**SUBMIT, "id": "cd" * 16}]
    bad: list[dict[str, Any]] = [
        {}, {"what": "submit"}, {**SUBMIT, "id": "../x"}, {**SUBMIT, "id": 5}, entry("submit"), entry("refused"),
        entry("record", created="soon"), entry("record", created=TIME, phase="happy"),
        entry("record", created=TIME, removed=1), entry("record", created=TIME, error="x"),
        entry("record", created=TIME, retrieval="perhaps"), entry("record", created=TIME, ended="x"), entry("unknown")]
    for at in range(3):
        lines = [*good[:at], *bad, *good[at:]]
        found = replay(lines)
        assert found.keys() == {JOB, "cd" * 16} and all(one.phase in ("waiting", "accepted") for one in found.values())


@pytest.mark.parametrize(("change", "size", "comes"), [
    ({}, 500_000_000, True), ({}, 500_000_001, False), ({}, 0, False), ({"state": "running"}, 5, False),
    ({"kind": "train"}, 5, False), ({"kind": "evaluate"}, 5, True), ({"kind": "ingest"}, 5, False)])
def test_results_up_to_half_a_gigabyte_come_by_themselves(change: dict, size: int, comes: bool,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(auto_retrieval.VARIABLE, raising=False)
    job = {"state": "succeeded", "kind": "predict", "outputs": [{"size": size - size // 3}, {"size": size // 3}],
           **change}
    mine = Record(JOB, TIME, True)
    assert auto_retrieval.comes_by_itself(job, mine) == comes
    for other in (None, Record(JOB, TIME, False), Record(JOB, TIME, True, retrieval="stopped")):
        assert not auto_retrieval.comes_by_itself(job, other)
    for text, limit in (("3", 3_000_000), ("0", 0), ("x", 500_000_000), ("-1", 500_000_000), ("", 500_000_000)):
        monkeypatch.setenv(auto_retrieval.VARIABLE, text)
        assert auto_retrieval.limit_bytes() == limit


# ---- files

def test_a_part_is_named_by_its_content_and_continued_up_to_its_size(tmp_path: Path) -> None:
    file = RemoteFile("/far/a.tif", "sub/a.tif", 10, "0123456789abcdef" * 4)
    part = retrieval.part_of(tmp_path, file)
    assert part == tmp_path / "sub" / ".part-0123456789abcdef-a.tif"
    part.parent.mkdir()
    for length, start in ((0, 0), (4, 4), (10, 10), (11, 0)):
        part.write_bytes(bytes(length))
        assert retrieval._start_of(part, 10) == start
        with part.open("rb") as stream:
            assert retrieval._digest_of(stream, 10)[1] == start
    assert not retrieval.is_retrieved(tmp_path, file)
    for length, there in ((9, False), (10, True), (11, False)):
        (tmp_path / "sub" / "a.tif").write_bytes(bytes(length))
        assert retrieval.is_retrieved(tmp_path, file) == there
    assert len(retrieval.part_of(tmp_path, RemoteFile("", "x" * 250, 1, "a" * 64)).name) == 200


def test_space_is_asked_for_what_is_still_to_come_and_eight_megabytes(tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    file = RemoteFile("/far/a", "a", 1000, "a" * 64)
    retrieval.part_of(tmp_path, file).write_bytes(bytes(300))
    for free, fits in ((700 + (8 << 20), True), (699 + (8 << 20), False)):
        monkeypatch.setattr(retrieval.shutil, "disk_usage", lambda folder, free=free: SimpleNamespace(free=free))
        if fits:
            retrieval._require_space(tmp_path / "deep" / "er", [RemoteFile("/far/a", "a", 700, "b" * 64)])
            retrieval._require_space(tmp_path, [file])
        else:
            with pytest.raises(DeepSoilError) as caught:
                retrieval._require_space(tmp_path, [file])
            assert caught.value.code == "disk_full" and caught.value.values["needed"] == pytest.approx(0.0007)


@pytest.mark.parametrize(("change", "code"), [
    ({}, None), ({"size": 0}, None), ({"size": -1}, "output_changed"), ({"size": True}, "output_changed"),
    ({"sha256": "A" * 64}, "output_changed"), ({"sha256": "a" * 63}, "output_changed"),
    ({"name": "/a"}, "output_unsafe"),
    ({"name": "a/../../b"}, "output_unsafe")])
def test_a_file_of_a_host_has_a_safe_name_a_size_and_a_checksum(change: dict, code: str | None) -> None:
    output = {"path": "/far/a", "name": "a", "size": 5, "sha256": "a" * 64, **change}
    if code is None:
        assert retrieval.remote_files([output]) == [RemoteFile("/far/a", "a", output["size"], "a" * 64)]
        return
    with pytest.raises(DeepSoilError) as caught:
        retrieval.remote_files([output])
    assert caught.value.code == code


# ---- the watch

def test_times_without_a_zone_are_utc_and_a_change_is_that_of_the_latest_file(tmp_path: Path) -> None:
    assert watch.seconds_of("2026-05-01T00:00:00") == watch.seconds_of("2026-05-01T02:00:00+02:00")
    with pytest.raises(DeepSoilError) as caught:
        watch.seconds_of("soon")
    assert caught.value.code == "params_invalid"
    folder: Any = SimpleNamespace(path=tmp_path)
    for number, name in enumerate(("state.json", "progress.jsonl", "outputs.jsonl", "scheduler.json")):
        (tmp_path / name).write_text("x" * (1000 - number))
        os.utime(tmp_path / name, (1000 + number, 1000 + number))
        assert watch.changed_s(folder) == 1000 + number
        assert watch._stamp(folder)[2 * number + 1] == 1000 - number
    moment = dt.datetime.fromisoformat(watch.disk_time(tmp_path))
    assert abs((moment - dt.datetime.now(dt.UTC)).total_seconds()) < 30


@pytest.mark.parametrize(("state", "code", "ended"), [
    ("succeeded", None, True), ("failed", "no_weather", True), ("failed", "job_damaged", False),
    ("running", None, False),
    ("queued", None, False), ("cancelled", None, True)])
def test_a_job_is_watched_until_it_has_ended_for_good(state: str, code: str | None, ended: bool) -> None:
    assert watch._ended({"state": state, "reason": None if code is None else {"code": code}}) == ended


# ---- the estimate of a prediction

def test_an_estimate_adds_up_start_network_maps_and_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.Speeds, "seconds_per_pixel", lambda self, model, threads: {5: 2e-6, 20: 1e-6}[model])
    inside = [Field(1, "a", Coverage(box(0, 0, 0.01, 0.01), 0.0)), Field(2, "b", Coverage(box(1, 0, 1.02, 0.01), 0.0))]
    layers = {5: SimpleNamespace(work=[1e6, 3e6], windows=[1, 2], model=5, bands=1),
              20: SimpleNamespace(work=[2e6], windows=[1], model=20, bands=1)}
    plan = SimpleNamespace(days=[1, 2, 3], layers=layers, threads=2, maps=12, fields=Fields(inside, []),
                           targets=[SimpleNamespace(width=100, height=200), SimpleNamespace(width=10, height=30)])
    request = object.__new__(PredictionRequest)
    for sharers in (1, 4):
        request.__dict__.update(_home=tmp_path, plan=plan, _sharers=sharers)
        found = request.estimate()
        network = 3 * (4e6 * 2e-6 + 2e6 * 1e-6)
        assert found["seconds"] == round(1.5 + network / sharers + 12 * 0.1 + 6 * 0.15 * 20_300 / 1e6, 1)
        assert (found["pixels"], found["fields"], found["windows"]) == (20_300, 2, 9)
        assert found["bytes"] == int(6 * 20_300 * 1.6 + 12 * 4096)
        assert found["area_ha"] == pytest.approx(area_m2(box(0, 0, 0.01, 0.01)) * 3 / 1e4, rel=1e-3)


def test_maps_are_counted_and_windows_run_back_and_forth() -> None:
    predict._check_count(100, 50, 2)
    with pytest.raises(DeepSoilError) as caught:
        predict._check_count(5001, 1, 2)
    assert (caught.value.code, caught.value.values["maps"]) == ("maps_too_many", 10_002)
    layer = SimpleNamespace(of_block=lambda block: range(3 * block, 3 * block + 3))
    plan: Any = SimpleNamespace(days=[1, 2, 3], layers={5: layer, 20: layer}, blocks=[[0], [1]])
    found = [(day, depth, block, list(order)) for day, depth, block, order in predict._mosaics(plan)]
    assert [one[:2] for one in found] == [(day, depth) for day in (1, 2, 3) for depth in (5, 20) for _ in range(2)]
    assert [one[2:] for one in found[:2]] == [(0, [0, 1, 2]), (1, [3, 4, 5])] == [one[2:] for one in found[8:10]]
    assert [one[2:] for one in found[4:6]] == [(1, [5, 4, 3]), (0, [2, 1, 0])]
    for scheduler, tasks, sharers in (("process", 8, 1), ("slurm", 8, 8), ("slurm", None, 1)):
        asked: Any = SimpleNamespace(scheduler=scheduler, resources=SimpleNamespace(tasks=tasks))
        assert predict._sharers(asked) == sharers


# ---- stations of the service

def test_a_station_is_shown_with_the_depths_and_days_it_has() -> None:
    theta = np.full((2, 2, 5), np.nan, np.float32)
    theta[0, 1, 1:4] = 0.2
    made = Stations(["a", "b"], ["A", "B"], ["N", "M"], np.array([-96.123456789, 1.0]), np.array([39.5, 2.0]),
                    np.array([5.0, 20.0]), np.arange("2023-05-01", 5, dtype="datetime64[D]"), theta)
    store: Any = SimpleNamespace(stations=lambda: made)
    first, second = service_stations.station_features(store)["features"]
    assert first["geometry"]["coordinates"] == [-96.1234568, 39.5]
    assert first["properties"] == {"id": "a", "name": "A", "network": "N", "depths_cm": [20],
                                   "first_date": "2023-05-02", "last_date": "2023-05-04"}
    assert (second["properties"]["depths_cm"], second["properties"]["first_date"]) == ([], None)
    assert rounded(np.array([0.123456, np.nan], np.float32), 4) == [0.1235, None]
    days = np.arange("2023-05-01", 3, dtype="datetime64[D]")
    values, reasons = np.array([0.9, np.nan, 0.2], np.float32), np.array([3, 1, 0], np.uint8)
    assert service_stations._rejected(values, reasons, days) == [
        {"date": "2023-05-01", "value": 0.9, "reason": "unphysical"}]
