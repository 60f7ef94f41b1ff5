"""What the kinds of jobs do beside their science: processes of a training, progress, names and tags of outputs."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Irrigated, IrrigationHabit, Rainfed
from deepsoil.contract.specification import parse_specification
from deepsoil.grid import Window
from deepsoil.inference import intervals, machine, maps
from deepsoil.inference.product import Mosaic
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.tasks import layout
from deepsoil.jobs.tasks.folder import TaskFolder
from deepsoil.kinds import predict_output, train_processes
from deepsoil.kinds.predict_progress import PredictionProgress
from deepsoil.kinds.reading_doubts import tell_doubts
from job_tools import document

DAY = dt.date(2023, 7, 15)


@pytest.fixture
def folder(tmp_path: Path) -> JobFolder:
    (tmp_path / "jobs").mkdir()
    return JobFolder.create(tmp_path / "jobs", parse_specification(document()))[0]


def logged(folder: JobFolder) -> list[tuple[str, str]]:
    path = folder.path / "log.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    return [(line["level"], line["message"]) for line in lines]


# ---- a training in several processes ----

@pytest.fixture
def run(folder: JobFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[str]]:
    """``run(script)``: the run of task 3 with ``script`` for torchrun; returns the words it was started with."""
    (folder.path / "tasks").mkdir(exist_ok=True)
    task = TaskFolder.begin(folder, 3, 2, 0)
    program, words = tmp_path / "python", tmp_path / "words"

    def start(script: str) -> list[str]:
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$PWD" "$PYTHONSAFEPATH" "$@" > "{words}"\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setattr(train_processes, "sys", SimpleNamespace(executable=str(program), stderr=sys.stderr))
        train_processes.run_in_processes(task, SimpleNamespace(index=3), 4)  # type: ignore[arg-type]
        return words.read_text().splitlines()

    start.task = task  # type: ignore[attr-defined]
    return start


def outcome(**values: Any) -> str:
    return f"printf '%s' '{json.dumps(values)}' > processes.json"


def test_torchrun_is_started_for_the_run_in_its_folder(run: Any) -> None:
    place, safe, *words = run(outcome(state="succeeded", reason=None))
    assert (place, safe) == (str(run.task.path), "1")
    told = " ".join(words)
    assert "--nproc-per-node=4" in words and "--standalone" in words and "--local-addr=127.0.0.1" in words
    assert f"-m deepsoil run-task {run.task.job.path} --attempt 2 --index 3 --within run-2.0" in told


@pytest.mark.parametrize("script", [f"{outcome(state='succeeded')}; exit 1", "exit 0", "exit 7",
                                    f"{outcome(state='failed')}; exit 1"])
def test_processes_that_end_otherwise_have_failed_and_say_where_to_look(script: str, run: Any) -> None:
    (run.task.path / "processes.json").write_text('{"state": "succeeded"}')  # of an earlier start
    with pytest.raises(DeepSoilError) as error:
        run(script)
    assert error.value.code == "processes_failed" and "worker.txt" in error.value.hint


def test_what_the_processes_say_is_the_reason_and_a_stop_is_no_failure(run: Any) -> None:
    reason = DeepSoilError("weather_missing", "No weather.", "Add it.").to_dict()
    with pytest.raises(DeepSoilError) as error:
        run(f"{outcome(state='failed', reason=reason)}; echo oh >&2; exit 1")
    assert error.value.code == "weather_missing" and "oh" in (run.task.path / "worker.txt").read_text()
    with pytest.raises(JobCancelledError):
        run(f"{outcome(state='stopped')}; exit 0")


def test_a_cancel_reaches_the_processes_as_a_file(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_processes, "_POLL_INTERVAL_S", 0.02)
    (run.task.job.path / "cancel").touch()
    with pytest.raises(JobCancelledError):
        run(f"while [ ! -e {layout.STOP} ]; do sleep 0.02; done; exit 1")


def test_torchrun_is_ended_when_the_task_is(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(train_processes, "_TERMINATE_TIMEOUT_S", 30.0)

    def interrupted(seconds: float) -> None:
        while not (tmp_path / "pid").exists():
            os.sched_yield()
        raise KeyboardInterrupt

    monkeypatch.setattr(train_processes, "time", SimpleNamespace(sleep=interrupted))
    with pytest.raises(KeyboardInterrupt):
        run(f"trap 'echo ended > {tmp_path / 'ended'}; exit 0' TERM; echo $$ > {tmp_path / 'pid'}\n"
            "while :; do sleep 0.05; done")
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("leads", [True, False])
@pytest.mark.parametrize(("failure", "state", "code"), [
    (None, "succeeded", None), (JobCancelledError(), "stopped", None),
    (DeepSoilError("weather_missing", "No weather.", ""), "failed", "weather_missing"),
    (ZeroDivisionError("oh"), "failed", "internal")])
def test_the_first_process_writes_how_it_went_and_the_others_report_nothing(
        leads: bool, failure: BaseException | None, state: str, code: str | None, run: Any,
        monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    @contextlib.contextmanager
    def joined() -> Iterator[Any]:
        yield SimpleNamespace(leads=leads)

    without_torch = SimpleNamespace(joined=joined)
    monkeypatch.setitem(sys.modules, "deepsoil.training.distributed", without_torch)
    monkeypatch.setattr("deepsoil.training.distributed", without_torch, raising=False)
    monkeypatch.setattr(train_processes, "os", SimpleNamespace(_exit=ended.append))

    def work(folder: TaskFolder) -> None:
        folder.progress(1, 2, "Epoch 1")
        folder.log("begun")
        if failure is not None:
            raise failure

    assert train_processes.take_part(run.task, work) == 0
    assert ended == ([1] if state == "failed" else [] if leads else [0])
    assert bool(logged(run.task)) == leads
    path = run.task.path / "processes.json"
    assert path.exists() == leads
    if leads:
        told = json.loads(path.read_text())
        assert told["state"] == state and (told["reason"] or {}).get("code") == code


# ---- progress of a prediction ----

def test_a_prediction_counts_the_work_of_its_windows_and_learns_its_speed(
        folder: JobFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[tuple[float, float, str]] = []
    monkeypatch.setattr(folder, "progress", lambda done, total, message: said.append((done, total, str(message))))
    clock = iter([0.0, 2.0, 10.0, 11.0, 20.0, 20.5])
    monkeypatch.setattr("deepsoil.kinds.predict_progress.time", SimpleNamespace(perf_counter=lambda: next(clock)))
    remembered: list[Any] = []
    monkeypatch.setattr(machine.Speeds, "remember", lambda self, *what: remembered.append(what))
    plan = SimpleNamespace(threads=3, layers={5: SimpleNamespace(model="shallow", work=[40.0, 10.0]),
                                              20: SimpleNamespace(model="deep", work=[50.0]),
                                              100: SimpleNamespace(model="unused", work=[])})
    progress = PredictionProgress(plan, folder, 200.0, 100.0)  # type: ignore[arg-type]
    for depth_cm, number in ((5, 0), (5, 1), (20, 0)):
        with progress.window(depth_cm, DAY, number):
            pass
    assert said == [(100.0, 200.0, "5 cm, 2023-07-15"), (140.0, 200.0, "5 cm, 2023-07-15"),
                    (140.0, 200.0, "5 cm, 2023-07-15"), (150.0, 200.0, "5 cm, 2023-07-15"),
                    (150.0, 200.0, "20 cm, 2023-07-15"), (pytest.approx(199.8), 200.0, "20 cm, 2023-07-15")]
    progress.finish(tmp_path)
    assert said[-1] == (200.0, 200.0, "Finished")
    assert remembered == [("shallow", 3, 3.0 / 50.0), ("deep", 3, 0.5 / 50.0)]


def test_a_doubt_is_told_once(folder: JobFolder) -> None:
    doubts = {DAY: ["a", "b"], DAY + dt.timedelta(1): ["b", "c"]}
    analysis: Any = SimpleNamespace(doubts=lambda day: [DeepSoilError("reading_far", name, "Look.")
                                                        for name in doubts[day]])
    told: set[str] = set()
    for day in doubts:
        tell_doubts(analysis, day, folder, told)
    assert logged(folder) == [("warning", "a Look."), ("warning", "b Look."), ("warning", "c Look.")]


# ---- a map as an output ----

def foreseen_store(synthetic: bool, first: Any = None) -> Any:
    return SimpleNamespace(name="kings", synthetic=synthetic, attribution="Made by nobody.",
                           forecast_from=lambda: first,
                           is_forecast=lambda day: first is not None and day >= first)


def published(folder: JobFolder, monkeypatch: pytest.MonkeyPatch, name: str | None, region: str | None,
              half_width: Any = None, synthetic: bool = False,
              first: Any = None) -> tuple[dict[str, Any], Any, dict[str, Any]]:
    """(what the product is written with, its mosaic, the output's record)."""
    made: dict[str, Any] = {}

    def write(path: Path, mosaic: Mosaic, target: Any, *, title: str, tags: dict[str, str]) -> Path:
        made.update(title=title, tags=tags, target=target, mosaic=mosaic)
        path.write_bytes(b"map")
        return path

    monkeypatch.setattr(predict_output, "write_product", write)
    calibrated = SimpleNamespace(half_width=0.0625, text="conformal, 10 groups")
    model = SimpleNamespace(id="deep", contract=SimpleNamespace(version="1.5", intervals=calibrated, name="deep"))
    fields = [SimpleNamespace(number=None, name="Other"), SimpleNamespace(number=2, name=name)]
    plan: Any = SimpleNamespace(
        layers={20: SimpleNamespace(model=model, stack=SimpleNamespace(missing=("ndvi", "lai"), withheld=("lai",)))},
        targets=["t0", "t1"],
        store=foreseen_store(synthetic, first), fields=SimpleNamespace(inside=fields),
        watering=SimpleNamespace(fields=[None, SimpleNamespace(
            tags=lambda day: {"DEEPSOIL_WATER": str(day)}, irrigation=Irrigated(type="irrigated"))]))
    mosaic = Mosaic(Window(0, 0, 2, 1), np.array([[0.2, np.nan]], np.float32), half_width)
    specification: Any = SimpleNamespace(id="j" * 32, region=region)
    predict_output.publish_map(specification, folder, plan, 1, 20, DAY, mosaic, {"MORE": "yes"})
    return made, made["mosaic"], folder.output_records()[-1]


def test_a_map_says_what_it_is_and_carries_the_interval_of_its_model(folder: JobFolder,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    made, mosaic, record = published(folder, monkeypatch, "North", "sample", synthetic=True)
    assert made["title"] == "Volumetric soil moisture at 20 cm (m³/m³), 2023-07-15, North" and made["target"] == "t1"
    tags = {name.removeprefix("DEEPSOIL_").lower(): value for name, value in made["tags"].items()}
    assert tags.pop("engine") and tags == {
        "depth_cm": "20", "date": "2023-07-15", "model": "deep", "model_version": "1.5", "job": "j" * 32,
        "region": "sample", "synthetic": "yes", "missing": "ndvi,lai", "withheld": "lai",
        "attribution": "Made by nobody.", "water": "2023-07-15", "field": "North",
        "interval_limit": "irrigated", "more": "yes"}
    assert (record["kind"], record["depth_cm"], record["date"], record["field"]) == ("map", 20, "2023-07-15", "North")
    assert record["name"].endswith(".tif") and "20" in record["name"]
    assert logged(folder)[-1] == ("info", f"{record['name']} is finished")
    assert mosaic.interval == "conformal, 10 groups" and mosaic.half_width.shape == (1, 2)
    assert mosaic.half_width[0, 0] == np.float32(0.0625)


def test_a_map_without_names_and_with_its_own_interval_keeps_it(folder: JobFolder,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    own = np.array([[0.01, np.nan]], np.float32)
    made, mosaic, record = published(folder, monkeypatch, None, None, own)
    assert made["title"] == "Volumetric soil moisture at 20 cm (m³/m³), 2023-07-15"
    assert "DEEPSOIL_FIELD" not in made["tags"]
    assert made["tags"]["DEEPSOIL_REGION"] == "kings" and made["tags"]["DEEPSOIL_SYNTHETIC"] == "no"
    assert made["tags"]["DEEPSOIL_ATTRIBUTION"] == "Made by nobody."
    assert mosaic.half_width is own and record.get("field") is None and "DEEPSOIL_FORECAST" not in made["tags"]


@pytest.mark.parametrize(("first", "is_forecast"), [(DAY, True), (DAY + dt.timedelta(days=1), False)])
def test_a_map_of_a_day_to_come_says_that_it_is_a_forecast(folder: JobFolder, monkeypatch: pytest.MonkeyPatch,
                                                           first: Any, is_forecast: bool) -> None:
    made, _, _ = published(folder, monkeypatch, None, None, first=first)
    assert made["title"].endswith(", forecast") == is_forecast
    assert (made["tags"].get("DEEPSOIL_FORECAST"), made["tags"].get("DEEPSOIL_FORECAST_FROM")) == (
        ("yes", str(first)) if is_forecast else (None, None))


def model(name: str, calibrated: bool) -> Any:
    return SimpleNamespace(name=name, intervals=SimpleNamespace(half_width=0.06, text="") if calibrated else None)


def test_intervals_are_said_not_to_hold_on_irrigated_fields_only() -> None:
    both = [model("a", True), model("b", True), model("c", False)]
    habit = IrrigationHabit(type="habit", mm=25, depletion=0.4)
    (warning,) = intervals.warnings(both, [None, Rainfed(type="rainfed"), habit])
    assert warning.code == "intervals_irrigated" and " a and b " in warning.message
    assert intervals.warnings(both, [Irrigated(type="irrigated")])
    assert intervals.warnings(both, [None, Rainfed(type="rainfed")]) == []
    assert intervals.warnings([model("c", False)], [habit]) == []
    assert intervals.tags(habit) == {"DEEPSOIL_INTERVAL_LIMIT": "irrigated"}
    assert intervals.tags(Rainfed(type="rainfed")) == intervals.tags(None) == {}
    (of_columns,) = intervals.warnings_of_columns([None, habit])
    assert of_columns.code == "intervals_irrigated" and "54" in of_columns.message
    assert intervals.warnings_of_columns([None, Rainfed(type="rainfed")]) == []
    plain = Mosaic(Window(0, 0, 1, 1), np.zeros((1, 1), np.float32))
    assert intervals.with_intervals(plain, model("c", False)) is plain


@pytest.mark.parametrize("largest", [4 * 30, 4 * 30 - 1])
def test_a_large_mosaic_is_in_a_file_that_is_gone_afterwards(largest: int, tmp_path: Path,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "_LARGEST_MOSAIC_IN_MEMORY_BYTES", largest)
    with maps.empty_mosaic(Window(3, 4, 10, 3), tmp_path) as mosaic:
        assert mosaic.theta.shape == (3, 10) and mosaic.theta.dtype == np.float32 and np.isnan(mosaic.theta).all()
        assert isinstance(mosaic.theta, np.memmap) == (largest < 4 * 30)
        mosaic.theta[2, 9] = 0.5
        assert mosaic.theta[2, 9] == 0.5
    assert list(tmp_path.iterdir()) == []


# ---- other kinds ----

def test_an_evaluation_runs_as_the_options_say_and_leaves_its_two_files(folder: JobFolder,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil.contract.options import EvaluateOptions
    from deepsoil.kinds import evaluate as kind

    asked: dict[str, Any] = {}
    shown: list[tuple[float, float]] = []

    def evaluated(store: Any, method: Any, days: Any, *, step: Any, **more: Any) -> Any:
        asked.update(store=store, method=method, days=days, **more)
        step(1.0, "Station 1")
        return SimpleNamespace(write=lambda table, scores: (table.write_text("t"), scores.write_text("s")), warnings=[])

    monkeypatch.setattr("deepsoil.evaluation.stations.evaluate", evaluated)
    monkeypatch.setattr("deepsoil.evaluation.networks.Networks", lambda *given: given)
    monkeypatch.setattr(kind, "store_of", lambda specification, context: "store")
    monkeypatch.setattr(kind, "models_of", lambda specification, context: "models")
    monkeypatch.setattr(folder, "progress", lambda done, total, message: shown.append((done, total)))
    options = EvaluateOptions(stations=["a"], vegetation="carry", threads=3)
    specification: Any = SimpleNamespace(days=[DAY], options_as=lambda which: options)
    kind.KIND.run(specification, folder, SimpleNamespace())  # type: ignore[arg-type]
    assert asked == {"store": "store", "method": ("store", "models", "carry", 3), "days": [DAY], "only": ["a"],
                     "management": options.management, "readings": None}
    assert [(one["name"], one["kind"]) for one in folder.output_records()] == [
        ("station_comparison.csv", "table"), ("station_metrics.json", "metrics")]
    assert shown == [(0.999, 1.0), (1.0, 1.0)]


def test_an_evaluation_against_smap_leaves_its_two_files(folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil.contract.options import EvaluateOptions
    from deepsoil.kinds import evaluate as kind

    def compared(store: Any, model: Any, days: Any, *, threads: int, step: Any) -> Any:
        assert (store, model, days, threads) == ("store", "surface", [DAY], 3)
        return SimpleNamespace(write=lambda table, scores: (table.write_text("t"), scores.write_text("s")))

    monkeypatch.setattr("deepsoil.evaluation.smap.compare_with_smap", compared)
    monkeypatch.setattr(kind, "store_of", lambda specification, context: "store")
    monkeypatch.setattr(kind, "models_of", lambda specification, context: {5: "surface", 20: "root zone"})
    options = EvaluateOptions(reference="smap", threads=3)
    specification: Any = SimpleNamespace(days=[DAY], depths=[20, 5], options_as=lambda which: options)
    kind.KIND.run(specification, folder, SimpleNamespace())  # type: ignore[arg-type]
    assert [(one["name"], one["kind"]) for one in folder.output_records()] == [
        ("smap_comparison.csv", "table"), ("smap_metrics.json", "metrics")]
    deep = SimpleNamespace(days=[DAY], depths=[20], options_as=lambda which: options)
    with pytest.raises(DeepSoilError) as error:
        kind.KIND.run(deep, folder, SimpleNamespace())  # type: ignore[arg-type]
    assert error.value.field == "depths_cm"


@pytest.mark.parametrize("other", [{"method": "column"}, {"stations": ["a"]}, {"readings": {"other_stations": "all"}}])
def test_smap_is_compared_with_whole_maps_of_the_networks_only(other: dict[str, Any]) -> None:
    from deepsoil.contract.specification import parse_options

    with pytest.raises(DeepSoilError) as error:
        parse_options("evaluate", {"reference": "smap", **other}).check(None)
    assert error.value.field == "options.reference"


def test_an_ingestion_becomes_a_region(folder: JobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil.kinds import ingest as kind

    asked: list[Any] = []
    monkeypatch.setattr("deepsoil.sources.ingest.ingest", lambda recipe, store, *, on_progress, cancelled: (
        asked.append((recipe, store, on_progress, cancelled)), SimpleNamespace(path=Path("/stores/n")))[1])
    options = SimpleNamespace(recipe="r.yaml", store="/stores/n")
    context: Any = SimpleNamespace(regions=SimpleNamespace(add=lambda path: (asked.append(path), {"id": "north"})[1]))
    kind.KIND.run(SimpleNamespace(options_as=lambda which: options), folder, context)  # type: ignore[arg-type]
    assert asked == [("r.yaml", "/stores/n", folder.progress, folder.cancelled), Path("/stores/n")]
    assert logged(folder)[-1] == ("info", "The store /stores/n is the region 'north'.")
