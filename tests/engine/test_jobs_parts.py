"""Parts of jobs and hosts by themselves: speed, states, views of tasks, curves, delays, lines, prompts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.protocol import LONGEST_LINE, LONGEST_REPLY, TOKEN
from deepsoil.contract.states import FINAL, STATES, IllegalStepError, Status, Worker
from deepsoil.contract.text import Text, from_fields, plain
from deepsoil.hosts.prompts.classifier import is_lasting
from deepsoil.hosts.rpc.connection_state import OF_THE_NETWORK, ConnectionStatus, Timing, delay_s, unreachable
from deepsoil.hosts.rpc.lines import LONGEST_MESSAGE, LONGEST_NOISE, Lines
from deepsoil.hosts.sync.job_view import HostView, view_of_job, view_of_record
from deepsoil.hosts.sync.journal import Record
from deepsoil.jobs import outputs, steps
from deepsoil.jobs.tasks import curves, layout
from deepsoil.jobs.tasks import status as status_of_tasks
from deepsoil.jobs.tasks.status import STALE_AFTER_S, _view
from hypothesis import given
from hypothesis import strategies as st

BEGUN = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def step(seconds: float, done: float, total: float = 100.0) -> dict[str, Any]:
    return {"time": (BEGUN + dt.timedelta(seconds=seconds)).isoformat(), "done": done, "total": total, "message": ""}


@pytest.mark.parametrize(("of", "after", "left"), [
    ([], 0, None), ([step(0, 10)], 0, None), ([step(0, 10), step(20, 20)], 20, 160.0),
    ([step(0, 10), step(20, 20)], 50, 130.0), ([step(0, 10), step(20, 20)], 500, None),
    ([step(0, 10), step(20, 10)], 20, None), ([step(0, 10), step(0, 20)], 0, None),
    ([step(0, 1, 9), step(10, 0), step(20, 50)], 20, 10.0), ([step(0, 0), step(5, 25), step(10, 100)], 10, 0.0)])
def test_what_is_left_follows_the_speed_since_the_work_has_this_size(of: list, after: float,
                                                                     left: float | None) -> None:
    assert steps.seconds_left(of, BEGUN + dt.timedelta(seconds=after)) == left


@pytest.mark.parametrize(("of", "share"), [
    ([], 0.0), ([step(0, 5, 0)], 0.0), ([step(0, 5, -1)], 0.0), ([step(0, 1, 3)], 0.3333), ([step(0, 9, 3)], 1.0),
    ([step(0, -1, 3)], 0.0), ([step(0, 1, 2), step(1, 1, 4)], 0.25)])
def test_the_share_that_is_done_is_that_of_the_last_step(of: list, share: float) -> None:
    assert steps.fraction(of) == share


def test_the_steps_between_states_are_those_of_the_contract() -> None:
    allowed = {("queued", "running"), ("queued", "failed"), ("queued", "cancelled"), ("running", "succeeded"),
               ("running", "failed"), ("running", "cancelled")}
    assert {"succeeded", "failed", "cancelled"} == FINAL
    for before in STATES:
        status = Status(before, "t0", started="t1")
        assert status.final == (before in FINAL)
        for after in STATES:
            if (before, after) not in allowed:
                with pytest.raises(IllegalStepError):
                    status.to(after, "t2", message="m")
                continue
            found = status.to(after, "t2", message="m", reason={"code": "x"}, worker=Worker("n", 7, "s"))
            assert (found.state, found.message, found.created) == (after, "m", "t0")
            if after == "running":
                assert (found.started, found.ended, found.machine, found.pid, found.process_start) == (
                    "t2", None, "n", 7, "s")
            else:
                assert (found.started, found.ended, found.reason, found.pid) == ("t1", "t2", {"code": "x"}, None)


def made_task(folder: Path, *, heartbeat: bool = True, end: dict | None = None, done: str = "") -> Path:
    run = folder / "run-1.0"
    run.mkdir(parents=True)
    (run / "progress.jsonl").write_text(done)
    if heartbeat:
        (run / layout.HEARTBEAT).touch()
    if end is not None:
        (run / layout.END).write_text(json.dumps(end))
    return folder


@pytest.mark.parametrize(("silent_s", "given_", "state", "retryable"), [
    (0, {}, "running", False), (STALE_AFTER_S - 5, {}, "running", False), (STALE_AFTER_S + 5, {}, "stale", True),
    (STALE_AFTER_S - 5, {"heartbeat": False}, "running", False),
    (STALE_AFTER_S + 5, {"heartbeat": False}, "stale", True),
    (0, {"end": {"state": "failed", "reason": {"code": "no_weather"}}}, "failed", False),
    (0, {"end": {"state": "failed", "reason": {"code": "out_of_memory"}}}, "failed", True),
    (0, {"end": {"state": "failed", "reason": {"code": "peer_lost"}}}, "failed", True),
    (0, {"end": {"state": "failed"}}, "failed", False), (0, {"end": {"state": "cancelled"}}, "cancelled", False),
    (0, {"end": {"state": "interrupted"}}, "waiting", True), (0, {"end": {"state": "succeeded"}}, "waiting", True)])
def test_what_the_files_of_a_task_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent_s: float, given_: dict,
                                      state: str, retryable: bool) -> None:
    clock = iter([1000.0, 1000.0 + silent_s])
    monkeypatch.setattr(status_of_tasks, "time", SimpleNamespace(monotonic=lambda: next(clock)))
    line = json.dumps({"time": BEGUN.isoformat(), "done": 3, "total": 4, "message": "three"})
    task = made_task(tmp_path / "0", done=line + "\n{broken", **given_)
    _view(task, 0, "Part 1")
    view = _view(task, 0, "Part 1")
    assert (view.state, view.retryable, view.fraction, view.run) == (state, retryable, 0.75, "run-1.0")
    (tmp_path / "0" / layout.RESULT).write_text('{"run": "run-1.0", "files": []}')
    done = _view(tmp_path / "0", 0, "Part 1")
    assert (done.state, done.fraction, done.retryable) == ("succeeded", 1.0, False)


def test_of_runs_that_never_end_the_heartbeats_do_not_pile_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_of_tasks, "_beats", {})
    monkeypatch.setattr(status_of_tasks, "_MOST_BEATS", 3)
    for number in range(9):
        _view(made_task(tmp_path / "first", done="") if number == 0 else tmp_path / "first", 0, "seen again and again")
        _view(made_task(tmp_path / str(number), done=""), 0, "never seen again")
    known = status_of_tasks._beats
    assert [run.parent.name for run in known] == ["7", "first", "8"], "those looked at last"


def test_of_the_runs_of_a_task_the_latest_counts(tmp_path: Path) -> None:
    for name in ("run-2.0", "run-10.0", "run-1.9", "run-10.0x", "other", "run-2.1"):
        (tmp_path / name).mkdir()
    assert [path.name for path in layout.runs(tmp_path)] == ["run-1.9", "run-2.0", "run-2.1", "run-10.0"]
    assert layout.run_number("run-3.12") == (3, 12) and layout.run_number("run-3") is None
    assert layout.run_name(3, 12) == "run-3.12" and layout.runs(tmp_path / "none") == []
    assert _view(tmp_path / "none", 4, "t").state == "waiting"


@given(st.integers(0, 60), st.integers(1, 9))
def test_long_curves_are_thinned_evenly_with_the_last_row_kept(count: int, every: int) -> None:
    rows = [{"epoch": number} for number in range(count)]
    found = [row["epoch"] for row in curves._thinned(rows, every)]
    assert found == sorted({*range(0, count, every), *([count - 1] if count else [])})


def test_the_rows_of_all_curves_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        (tmp_path / "outputs" / name).mkdir(parents=True)
        (tmp_path / "outputs" / name / "curves.jsonl").write_text("".join(
            json.dumps({"epoch": epoch, "total": epoch / 2, "odd": [1]}) + "\n" for epoch in [*range(10), 9]))
    folder: Any = SimpleNamespace(path=tmp_path)
    monkeypatch.setattr(curves, "read_plan", lambda job: None)
    assert curves.MOST_ROWS == 20_000
    for most, kept in ((20, 10), (19, 6), (10, 6), (9, 4)):
        monkeypatch.setattr(curves, "MOST_ROWS", most)
        found = curves.read(folder)
        assert [(one["task"], one["title"], len(one["rows"])) for one in found] == [(0, "a", kept), (1, "b", kept)]
        assert found[0]["rows"][-1] == {"epoch": 9, "total": 4.5}
    assert [one["task"] for one in curves.read(folder, 1)] == [1]


@pytest.mark.parametrize(("change", "fits"), [
    ({}, True), ({"size": 0}, True), ({"size": -1}, False), ({"size": True}, False), ({"size": 1.0}, False),
    ({"size": 2**53 - 1}, True), ({"size": 2**53}, False), ({"kind": "secret"}, False), ({"name": "../a"}, False),
    ({"name": "/a"}, False), ({"sha256": None}, False), ({"depth_cm": None}, True), ({"depth_cm": "5"}, False),
    ({"date": None}, True), ({"date": 5}, False)])
def test_what_is_an_output(change: dict, fits: bool) -> None:
    record = {"name": "a/b.tif", "size": 3, "sha256": "x", "kind": "map", "depth_cm": 5, "date": "2023-05-01"}
    assert outputs.is_record({**record, **change}) == fits and not outputs.is_record([record])


def test_an_output_is_a_regular_file_of_its_size_inside(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a").write_text("abc")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_text("abc")
    (tmp_path / "in" / "link").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "file").symlink_to(tmp_path / "out" / "a")
    names = ("deep/a", "link/a", "file", "deep", "none/a")
    there, lost = outputs.divided(tmp_path / "in", [{"name": name, "size": 3} for name in names])
    assert [one["path"] for one in there] == [str(tmp_path / "in" / "deep" / "a")] and lost == list(names[1:])
    assert outputs.divided(tmp_path / "in", [{"name": "deep/a", "size": 4}])[1] == ["deep/a"]


# ---- hosts

def test_delays_double_up_to_a_minute_and_vary_by_a_fifth() -> None:
    usual = Timing()
    assert [delay_s(failures, usual, 0.5) for failures in (0, 1, 2, 3, 6, 7, 99)] == [1, 1, 2, 4, 32, 60, 60]
    assert (delay_s(1, usual, 0.0), delay_s(1, usual, 1.0)) == pytest.approx((0.8, 1.2))
    assert (usual.step, usual.alive_every, usual.alive_within, usual.alive_after_sleep, usual.steady, usual.jump) == (
        15, 15, 20, 5, 30, 20)
    assert {"host_unreachable", "connection_lost", "channel_refused"} == OF_THE_NETWORK


def test_why_a_host_does_not_answer_is_told() -> None:
    assert [ConnectionStatus(state).open for state in ("ready", "other_engine", "waiting", "off", "no_engine")] == [  # type: ignore[arg-type]
        True, True, False, False, False]
    said = {state: unreachable("H", ConnectionStatus(state, "no route", "Call.")) for state in (  # type: ignore[arg-type]
        "asking", "connecting", "waiting")}
    assert "question of its login" in said["asking"].message and "still connecting" in said["connecting"].message
    assert said["waiting"].message == "H cannot be reached now: no route" and said["waiting"].hint == "Call."
    plain_one = unreachable("H", ConnectionStatus("waiting"))
    assert plain_one.message == "H cannot be reached now." and "reconnects" in plain_one.hint


@pytest.mark.parametrize(("prompt", "lasting"), [
    ("Password:", True), ("Enter passphrase for key: ", True), ("Kennwort:", True), ("Contraseña:", True),
    ("Verification code:", False), ("Password or token:", False), ("Duo two-factor login", False), ("OTP:", False),
    ("One-time password:", False), ("PIN+password", False), ("Name:", False), ("Passcode:", False)])
def test_passwords_last_and_codes_do_not(prompt: str, lasting: bool) -> None:
    assert is_lasting(prompt, False) == lasting and not is_lasting(prompt, True)


@given(st.lists(st.integers(1, 40), max_size=12))
def test_messages_come_whole_however_the_bytes_are_cut(sizes: list[int]) -> None:
    stream = b"Welcome!\n" + TOKEN + b"one\nnoise" + TOKEN + b"two\n\n" + TOKEN + b"\nlast" + TOKEN + b"three\nrest"
    lines, found, at = Lines(lambda: LONGEST_REPLY), [], 0
    for size in [*sizes, len(stream)]:
        found += lines.feed(stream[at:at + size])
        at += size
    assert found == [b"one", b"two", b"", b"three"]


def test_a_line_without_end_is_cut_where_its_kind_says() -> None:
    assert (LONGEST_NOISE, LONGEST_MESSAGE) == (2**20, 2 * LONGEST_LINE)
    list(Lines(lambda: 0).feed(b"x" * LONGEST_NOISE + b"\n"))
    with pytest.raises(DeepSoilError, match="more than 1 MiB"):
        list(Lines(lambda: 0).feed(b"x" * (LONGEST_NOISE + 1)))
    lines = Lines(lambda: LONGEST_MESSAGE + 100)
    assert len(next(iter(lines.feed(TOKEN + b"x" * (LONGEST_MESSAGE + 100 - len(TOKEN)) + b"\n")))) > LONGEST_MESSAGE
    with pytest.raises(DeepSoilError):
        list(Lines(lambda: LONGEST_MESSAGE).feed(TOKEN + b"x" * LONGEST_MESSAGE))


def host_view(state: Any = "ready", **changes: Any) -> HostView:
    usual: dict[str, Any] = {"silent_since": None, "skew_s": 90, "folder": lambda job: Path("/here") / job,
                             "local_path": lambda job, output: Path("/here/a") if output["name"] == "a" else None}
    return HostView("hydra", "Hydra", ConnectionStatus(state), **{**usual, **changes})


def record(phase: str, **changes: Any) -> Record:
    return Record(**{"id": "f" * 32, "phase": phase, "created": "2026-05-01T10:00:00.000Z", "mine": True,
                     "specification": {"name": "North", "kind": "predict"}, **changes})


JOB = {"id": "f" * 32, "state": "running", "created": "2026-05-01T09:00:00.000Z", "seconds_left": 5.0,
       "started": "2026-05-01T09:10:00.000Z", "knowledge": "current", "kind": "train",
       "outputs": [{"name": "a", "size": 30}, {"name": "b", "size": 12}]}


def test_a_job_of_a_host_is_shown_in_our_time_with_what_is_here() -> None:
    view = view_of_job(JOB, None, host_view(), None)
    assert view["created"] == "2026-05-01T09:01:30.000Z" and view["started"] == "2026-05-01T09:11:30.000Z"
    assert (view["host"], view["host_title"], view["folder"]) == ("hydra", "Hydra", "/here/" + "f" * 32)
    assert [output["path"] for output in view["outputs"]] == ["/here/a", None]
    assert view["retrieval"] == {"state": "none", "bytes": 30, "total": 42, "error": None}
    assert view["knowledge"] == "current" and view["seconds_left"] == 5.0
    assert view_of_job(JOB, record("accepted"), host_view(), None)["created"] == "2026-05-01T10:00:00.000Z"
    away = view_of_job(JOB, None, host_view("waiting", silent_since="x"), None)
    assert (away["knowledge"], away["since"], away["seconds_left"]) == ("unreachable", "x", None)
    ended = view_of_job({**JOB, "state": "succeeded"}, None, host_view("waiting", silent_since="x"), None)
    assert ended["knowledge"] == "current"
    every = host_view(local_path=lambda job, output: Path("/here"))
    assert view_of_job(JOB, None, every, None)["retrieval"]["state"] == "done"
    running = {"state": "running", "bytes": 1, "total": 2, "error": None}
    assert view_of_job(JOB, None, every, running)["retrieval"] == running
    wanted = record("accepted", retrieval="wanted")
    assert view_of_job(JOB, wanted, every, None)["retrieval"]["state"] == "running"
    failed = record("accepted", retrieval="failed", retrieval_error={"code": "x"})
    assert view_of_job(JOB, failed, host_view(), None)["retrieval"]["error"] == {"code": "x"}
    cancelled = record("accepted", cancel_wanted=True)
    assert view_of_job(JOB, cancelled, host_view(), None)["message"] == "Cancelling"
    assert view_of_job(JOB, cancelled, host_view("waiting"), None)["message"] == "Will be cancelled when Hydra answers"


@pytest.mark.parametrize(("phase", "connection", "state", "knowledge", "message"), [
    ("intended", "ready", "queued", "sending", "Sending to Hydra"),
    ("sent", "waiting", "queued", "sending", "Waiting for the connection to Hydra"),
    ("sent", "no_engine", "queued", "sending", "Waiting until the engine is installed on Hydra"),
    ("accepted", "ready", "queued", "current", "Sent to Hydra"),
    ("accepted", "waiting", "queued", "unreachable", "Sent to Hydra"),
    ("cancelled", "ready", "cancelled", "current", "Cancelled before it began")])
def test_a_job_that_the_host_does_not_list_is_told_from_our_record(phase: str, connection: str, state: str,
                                                                   knowledge: str, message: str) -> None:
    view = view_of_record(record(phase), host_view(connection))
    assert (view["state"], view["knowledge"], view["message"], view["name"]) == (state, knowledge, message, "North")
    nameless = view_of_record(record(phase, specification={"name": ""}), host_view(connection))
    assert nameless["name"] == "f" * 32
    refused = view_of_record(record("refused", error={"code": "x", "message": "No.", "hint": ""}), host_view())
    assert (refused["state"], refused["message"]) == ("failed", "Hydra refused it: No.")


# ---- texts within texts

def test_texts_keep_their_template_five_deep() -> None:
    assert [plain(value) for value in (True, 3, 2.5, float("nan"), float("inf"), "x", None)] == [
        "True", 3, 2.5, "nan", "inf", "x", "None"]
    inner: Any = {"template": "x", "values": {}}
    for depth in range(1, 7):
        found = from_fields({"message": "m", "message_text": inner})
        assert isinstance(found, Text) == (depth <= 5)
        inner = {"template": "{a}", "values": {"a": inner}}
    for damaged in (None, [], {"template": 1, "values": {}}, {"template": "x"},
                    {"template": "x", "values": {"a": True}}, {"template": "x", "values": {"a": None}}):
        assert not isinstance(from_fields({"message": "m", "message_text": damaged}), Text)
