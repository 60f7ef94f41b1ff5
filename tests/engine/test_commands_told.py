"""What the commands print, and what becomes of the words that were typed."""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from deepsoil import cli
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.jobs.folder import JobFolder
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.service.commands import models, predict, reading_arguments, series, water
from job_tools import document

SAYING = ("predict", "--bbox", "1", "2", "3", "4", "--date", "2023-07-14", "OUT")


def said(*words: str) -> argparse.Namespace:
    line = [*SAYING, *words]
    return cli._parser(line).parse_args(line)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


# ---- what is known of the water ----

@pytest.mark.parametrize(("words", "entry"), [
    ("", {}), ("--irrigated", {"irrigation": {"type": "irrigated"}}),
    ("--rainfed --crop corn", {"irrigation": {"type": "rainfed"}, "crop": "corn"}),
    ("--planted 2023-05-01", {"planted": "2023-05-01"}),
    ("--irrigation-habit 25mm@40%", {"irrigation": {"type": "habit", "mm": 25.0, "depletion": 0.4}}),
    ("--irrigation-habit 12.5mm@5% --planted D", {"irrigation": {"type": "habit", "mm": 12.5, "depletion": 0.05},
                                                  "planted": "D"}),
    ("--irrigation-habit 0.5mm@95.0%", {"irrigation": {"type": "habit", "mm": 0.5, "depletion": 0.95}})])
def test_what_is_known_of_the_water_is_one_entry_for_all_fields(words: str, entry: dict[str, Any]) -> None:
    args = said(*words.split())
    assert water.water_of(args) == entry
    assert predict._document(args).get("options") == ({"management": [entry]} if entry else None)


def test_a_habit_may_be_written_with_blanks() -> None:
    assert water._habit(" 25 mm @ 40 % ") == {"type": "habit", "mm": 25.0, "depletion": 0.4}


@pytest.mark.parametrize("text", ["25mm@4%", "25mm@96%", "0mm@40%", "25mm", "25@40", "25mm@40%x"])
def test_what_is_no_habit_ends_the_command(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        said("--irrigation-habit", text)
    assert ended.value.code == 2 and text in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_log_of_irrigation_is_read_in_the_encodings_of_spreadsheets(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("date;mm;who\n2023-07-04;25,5;José\n2023-07-09;10;\n", encoding=encoding)
    entry = water.water_of(said("--irrigation-log", str(tmp_path / "log.csv")))["irrigation"]
    assert [(one["date"], one["mm"]) for one in entry["applications"]] == [("2023-07-04", 25.5), ("2023-07-09", 10.0)]
    with pytest.raises(DeepSoilError) as error:
        water.water_of(said("--irrigation-log", str(tmp_path / "none.csv")))
    assert error.value.code == "file_missing" and "none.csv" in error.value.message


def test_only_one_kind_of_irrigation_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        said("--irrigated", "--rainfed")
    assert "not allowed with" in capsys.readouterr().err


# ---- readings ----

def test_readings_of_a_file_and_single_ones_are_taken_together(tmp_path: Path) -> None:
    (tmp_path / "probes.csv").write_text("date;vwc\n2023-07-10;21\n2023-07-11;22,5\n", encoding="utf-8")
    args = said("--readings", str(tmp_path / "probes.csv"), "--unit", "percent", "--readings-place", "-96.6", "39.1",
                "--readings-depth", "12.5", "--reading", "0.3 at 20 cm on 2023-07-12 at -96.5,39.2", "--reading",
                "0.31 at 5 cm on 2023-07-13 at -96.5,39.2", "--leave-out", "a", "b", "--later-days")
    found = reading_arguments.document(args)
    assert found is not None
    assert (found["stations"], found["left_out"], found["later_days"]) == (False, ["a", "b"], True)
    told = [(one["date"], one["theta"], one["depth_cm"], one["longitude"], one["latitude"]) for one in found["values"]]
    assert told == [("2023-07-10", 0.21, 12.5, -96.6, 39.1), ("2023-07-11", 0.225, 12.5, -96.6, 39.1),
                    ("2023-07-12", 0.3, 20.0, -96.5, 39.2), ("2023-07-13", 0.31, 5.0, -96.5, 39.2)]
    assert predict._document(args)["options"] == {"readings": found}


def test_stations_alone_are_readings_and_nothing_is_none() -> None:
    assert reading_arguments.document(said("--use-stations")) == {
        "stations": True, "left_out": [], "later_days": False, "values": []}
    assert reading_arguments.document(said()) is None and "options" not in predict._document(said())
    assert predict._document(said("--method", "column"))["options"] == {"method": "column"}


@pytest.mark.parametrize("words", [["--later-days"], ["--leave-out", "a"], ["--reading", "wet"],
                                   ["--reading", "0.3 at 20 cm on 2023-02-30 at 1,2"]])
def test_what_is_no_reading_names_the_readings(words: list[str]) -> None:
    with pytest.raises(DeepSoilError) as error:
        reading_arguments.document(said(*words))
    assert (error.value.code, error.value.field) == ("readings_invalid", "options.readings")


# ---- a series ----

def band(first: float) -> dict[str, list[float | None]]:
    return {"mean": [first, first + 1], "lower": [first - 0.5, None], "upper": [first + 0.5, first + 2]}


def found_series(**changes: Any) -> dict[str, Any]:
    return {"dates": ["2023-07-14", "2023-07-15"], "depths": {"5": band(10), "20": band(20)},
            "precipitation_mm": [0.0, 7.25], "available_mm": band(30), "depletion_mm": band(40),
            "drainage_mm": band(50), "irrigation_mm": band(60), **changes}


def test_a_series_is_a_table_with_a_column_for_each_number_and_blanks_for_what_is_unknown() -> None:
    file = io.StringIO()
    series._write(file, found_series(drainage_mm=None, irrigation_mm=None))
    assert "\r" not in file.getvalue() and len(file.getvalue().splitlines()) == 3
    first, second = csv.DictReader(io.StringIO(file.getvalue()))
    assert list(first) == ["date", "precipitation_mm", *(
        f"{name}{end}" for name in ("theta_5cm", "theta_20cm", "available_mm", "depletion_mm")
        for end in ("", "_lower", "_upper"))]
    assert (first["date"], first["precipitation_mm"]) == ("2023-07-14", "0.0")
    assert (second["date"], second["precipitation_mm"]) == ("2023-07-15", "7.25")
    for name, start in (("theta_5cm", 10), ("theta_20cm", 20), ("available_mm", 30), ("depletion_mm", 40)):
        assert [float(first[f"{name}{end}"]) for end in ("", "_lower", "_upper")] == [start, start - 0.5, start + 0.5]
        assert (second[name], second[f"{name}_lower"], second[f"{name}_upper"]) == (
            str(start + 1), "", str(start + 2))


@pytest.mark.parametrize("folder", [True, False])
def test_a_series_is_asked_for_with_the_words_of_the_command_and_printed_or_written(
        folder: bool, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[Any] = []
    monkeypatch.setattr("deepsoil.store.store.Store.open", lambda path: f"store in {path.name}")
    monkeypatch.setattr(Regions, "get", lambda self, name: f"region {name}")
    monkeypatch.setattr("deepsoil.service.series.series", lambda store, library, *rest: (
        asked.append((store, *rest)), found_series())[1])
    (tmp_path / "north").mkdir()
    (tmp_path / "crop.json").write_text('{"crop": "corn"}')
    region = str(tmp_path / "north") if folder else "north"
    words = ["series", region, "96.5", "39.1", "--start", "2023-07-14", "--end", "2023-07-15"]
    assert cli.main(words) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 3 and printed.startswith("date,")
    table = tmp_path / "table.csv"
    assert cli.main([*words, "--output", str(table), "--method", "network", "--management",
                     str(tmp_path / "crop.json")]) == 0
    assert table.read_text() == printed and str(table) in capsys.readouterr().out
    store = "store in north" if folder else "region north"
    assert asked == [(store, [96.5, 39.1], "2023-07-14", "2023-07-15", "column", None),
                     (store, [96.5, 39.1], "2023-07-14", "2023-07-15", "network", {"crop": "corn"})]


# ---- lists ----

def metric(measured: bool, value: float, **changes: Any) -> dict[str, Any]:
    return {"measured": measured, "group": None, "value": value, "name": "MAE", "n": 7, "days": 90, "period": "2023",
            "baseline": "persistence", "baseline_value": 0.041, "reference": "stations", **changes}


MODELS = [
    {"id": "first", "depth_cm": 5, "version": "2", "title": "Shallow", "problem": None, "card": "# Card one",
     "metrics": [metric(False, 0.008), metric(True, 0.055, group="loam"), metric(True, 0.029)]},
    {"id": "second", "depth_cm": None, "version": None, "title": None, "card": "# Card two", "metrics": [],
     "problem": {"message": "It is damaged."}},
    {"id": "third", "depth_cm": 20, "version": "1", "title": "Deep", "problem": None, "card": "",
     "metrics": [metric(False, 0.009, group="sand")]}]


def test_models_are_listed_with_their_score_at_stations_first(
        home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Library, "list", lambda self: MODELS)
    assert cli.main(["models"]) == 0
    titles, first, second, third, *groups = capsys.readouterr().out.splitlines()
    cells = [" ".join(line.split()) for line in (first, second, third)]
    assert cells[0] == ("first 5 cm 2 0.029 7 stations, 90 days, 2023 0.041 (persistence) 0.008 (synthetic) Shallow")
    assert cells[1] == "second ? ? not known It is damaged." and cells[2] == "third 20 cm 1 not known Deep"
    assert titles.index("title") == first.index("Shallow") == second.index("It is") == third.index("Deep")
    assert groups == ["first: MAE 0.055 for loam (stations, 2023)", "third: MAE 0.009 for sand (stations, 2023)"]
    assert models._scores([]) == ("not known", "", "", "")


def test_the_card_of_a_model_is_printed_or_the_models_are_named(
        home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(Library, "list", lambda self: MODELS)
    assert cli.main(["models", "--card", "second"]) == 0 and capsys.readouterr().out == "# Card two\n"
    assert cli.main(["models", "--card", "fourth"]) == 2
    assert "There are: first, second, third." in capsys.readouterr().err


def test_regions_are_listed_and_added(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["regions"]) == 0 and "No regions yet" in capsys.readouterr().out
    one = {"id": "a", "first_date": "2020-01-01", "last_date": "2020-12-31", "stations": 3, "problem": None,
           "name": "North", "path": "/n"}
    other = {**one, "id": "b", "first_date": None, "last_date": None, "problem": {"message": "It is gone."}}
    monkeypatch.setattr(Regions, "list", lambda self: [one, other])
    monkeypatch.setattr(Regions, "add", lambda self, path: {**other, "id": path.name})
    assert cli.main(["regions"]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert [" ".join(line.split()) for line in lines] == ["a 2020-01-01 to 2020-12-31 3 North /n",
                                                          "b ? to ? 3 It is gone. /n"]
    assert cli.main(["regions", "--add", str(tmp_path / "south")]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("south")


# ---- jobs ----

class Told:
    """The jobs of a host; notes what it is asked."""

    def __init__(self, state: str) -> None:
        self.asked: list[Any] = []
        self.job = {"id": "abc123", "state": state, "folder": None, "message": "Waiting for its turn",
                    "created": "2023-07-14T08:09:10Z", "kind": None, "progress": 0.256, "name": "n" * 40}

    def find(self, start: str) -> str:
        return f"{start}-whole"

    def everything(self) -> list[dict[str, Any]]:
        return [self.job]

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        return lambda *given: (self.asked.append((name, *given)), self.job)[1]


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Told]]:
    def of(state: str) -> Told:
        told = Told(state)

        @contextmanager
        def jobs_of(name: str) -> Iterator[Told]:
            assert name == "hydra"
            yield told

        for command in ("submit", "cancel", "retry", "jobs_list"):
            monkeypatch.setattr(f"deepsoil.service.commands.{command}.jobs_of", jobs_of)
        return told

    yield of


@pytest.mark.parametrize(("state", "words"), [("running", "asked to stop"), ("cancelled", "cancelled"),
                                              ("queued", "queued")])
def test_the_job_of_a_host_is_cancelled_by_its_whole_id(
        state: str, words: str, home: Path, host: Callable[[str], Told], capsys: pytest.CaptureFixture[str]) -> None:
    told = host(state)
    assert cli.main(["cancel", "abc", "--host", "hydra"]) == 0
    assert told.asked == [("cancel", "abc-whole")] and capsys.readouterr().out == f"abc123  {words}\n"


def test_jobs_are_sent_sent_again_and_listed(home: Path, tmp_path: Path, host: Callable[[str], Told],
                                             capsys: pytest.CaptureFixture[str]) -> None:
    told = host("queued")
    (tmp_path / "job.json").write_text('{"kind": "predict"}')
    assert cli.main(["submit", str(tmp_path / "job.json"), "--host", "hydra"]) == 0
    assert told.asked == [("submit", {"kind": "predict"})]
    assert cli.main(["retry", "abc", "--host", "hydra"]) == 0
    assert told.asked[1][:2] == ("retry", "abc-whole") and len(told.asked[1][2]) == 32
    assert capsys.readouterr().out == 2 * "abc123  queued  Waiting for its turn\n"
    told.job |= {"folder": "/jobs/abc123"}
    assert cli.main(["retry", "abc", "--host", "hydra"]) == 0
    assert capsys.readouterr().out == "abc123  queued  /jobs/abc123\n"
    assert cli.main(["list", "--host", "hydra"]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert " ".join(line.split()) == f"abc123 2023-07-14 08:09 ? queued 26% {'n' * 32} Waiting for its turn"
    assert cli.main(["list", "--json", "--host", "hydra"]) == 0
    assert json.loads(capsys.readouterr().out) == [told.job]
    told.everything = lambda: []  # type: ignore[method-assign]
    assert cli.main(["list", "--host", "hydra"]) == 0 and capsys.readouterr().out == "No jobs on hydra\n"


def test_a_long_log_is_printed_whole_in_its_order_with_damaged_lines_as_they_are(
        home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("deepsoil.contract.methods.LOG_PIECE_BYTES", 500)
    home.mkdir()
    folder, _ = JobFolder.create(home / "jobs", parse_specification(document()))
    for number in range(30):
        folder.log(f"message {number} ü", "warning" if number % 2 else "info")
    with (folder.path / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write("this is no JSON\n")
    assert cli.main(["logs", folder.id[:8]]) == 0
    *lines, damaged = capsys.readouterr().out.splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == [
        f"{'warning' if number % 2 else 'info':<7}  message {number} ü" for number in range(30)]
    assert damaged == "this is no JSON"


@pytest.mark.parametrize("words", [["list"], ["list", "--host", "hydra"], ["cancel", "a", "--host", "hydra"],
                                   ["logs", "a"], ["advance"]])
def test_a_home_of_a_newer_version_is_left_alone(words: list[str], home: Path,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "version.json").write_text('{"schema": 999, "engine": "99.0"}')
    assert cli.main(words) == 2 and "99.0" in capsys.readouterr().err
    assert [path.name for path in home.iterdir()] == ["version.json"]


# ---- what is told while maps are made ----

def test_every_warning_of_a_prediction_is_on_the_terminal_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]
                                                               ) -> None:
    created, _ = JobFolder.create(tmp_path, parse_specification(document()))
    planned = DeepSoilError("readings_none", "No reading can be used.", "Check the dates.")
    folder = predict._shown(created, [planned])
    for message, level in [("No reading can be used. Check the dates.", "warning"), ("Made a map.", "info"),
                           ("A reading contradicts the others.", "warning")]:
        folder.log(message, level)
    shown = capsys.readouterr()
    assert shown.err.splitlines() == ["Warning: No reading can be used. Check the dates.",
                                      "Warning: A reading contradicts the others."] and shown.out == ""
    assert len((folder.path / "log.jsonl").read_text(encoding="utf-8").splitlines()) >= 3
