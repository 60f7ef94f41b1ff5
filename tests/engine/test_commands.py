"""What each command takes, what stands where nothing is given, and what it refuses before any work."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from deepsoil import cli
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk_errors
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.labels import simulate
from deepsoil.labels.cost_estimate import estimate_cost
from deepsoil.service.commands import predict, run_job
from deepsoil.soil.apsim import command as apsim_command
from deepsoil.training import configuration, train

SIMULATE = "fallow=False shard=None restart=False threads=None sample=None year=None seed=0 plan=False pixels=None " \
    "cells=None days=None"


def parsed(*words: str) -> argparse.Namespace:
    return cli._parser(words).parse_args(words)


@pytest.mark.parametrize(("line", "values"), [
    ("evaluate S --start 2020-01-02 --end 2020-01-03", "depth=None models=None station=None vegetation='carry' "
     "raw=False by_season=False output=None start=datetime.date(2020, 1, 2) end=datetime.date(2020, 1, 3)"),
    ("simulate S", f"{SIMULATE} texture_step=1"), ("train C", "seeds=1 output=None"),
    ("tables C", "seeds=3 ablations=False output=None"), ("ingest R S", "root=None quiet=False"),
    ("predict --bbox 1 2 3 4 --date 2020-01-02 OUT", "until=None depth=None region=None model=[] crs='utm' "
     "resolution=30.0 name='Command line' area=None bbox=[1.0, 2.0, 3.0, 4.0]"),
    ("apsim write P --weather W --output O --start 2020-01-02 --end 2020-01-03",
     "layers='default' spinup_days=365 points_per_file=200"),
    ("apsim read F --output O", "depth=20.0 nodes=None layers=None"), ("apsim compare F", "depth=20.0 output=None"),
    ("apsim run F", "models=None quiet=False"), ("advance", "home=None until_done=False"),
    ("run-task F --attempt 2", "attempt=2 index=None first=0 killed=False within=None"),
    ("run-merge F --attempt 2", "attempt=2 killed=False"), ("serve", "alone=False"), ("list", "json=False"),
    ("models", "card=None"), ("regions", "add=None")])
def test_what_stands_where_nothing_is_given(line: str, values: str) -> None:
    found = vars(parsed(*line.split()))
    told = " ".join(f"{name}={value!r}" for name, value in found.items())
    for one in values.replace(", ", ",").split():
        assert f" {one} " in f" {told.replace(', ', ',')} ", told


@pytest.mark.parametrize("line", ["cancel J", "fetch J OUT", "list", "logs J", "retry J", "submit F"])
def test_these_work_with_another_host(line: str) -> None:
    assert parsed(*line.split(), "--host", "hydra").host == "hydra" and parsed(*line.split()).host == "local"


@pytest.mark.parametrize("line", [
    "evaluate S --start 2020-01-02 --end 3.1.2020", "evaluate S --start 2020-01-02", "evaluate S --end 2020-01-02",
    "evaluate S --start 2020-01-02 --end 2020-01-03 --depth 7", "predict --date 2020-01-02 OUT", "apsim",
    "evaluate S --start 2020-01-02 --end 2020-01-03 --vegetation none", "predict --bbox 1 2 3 4 OUT",
    "predict --bbox 1 2 3 4 --area F --date 2020-01-02 OUT", "apsim read F", "run-task F", "run-merge F", "nothing",
    ""])
def test_what_is_no_command(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parsed(*line.split())
    assert ended.value.code == 2 and "usage: deepsoil" in capsys.readouterr().err


@pytest.mark.parametrize(("line", "code", "field"), [
    ("evaluate S --start 2020-01-02 --end 2020-01-01", "specification_invalid", "end"),
    ("evaluate S --start 2020-01-02 --end 2020-01-02", "store_missing", None),
    ("simulate S --sample 3", "bad_option", "year"), ("simulate S --year 2020", "bad_option", "year"),
    ("simulate S --sample 3 --year 2020 --shard 1/2", "bad_option", "sample"),
    ("simulate S --pixels 3", "bad_option", "plan"), ("simulate S --cells 3", "bad_option", "plan"),
    ("simulate S --days 3", "bad_option", "plan"), ("simulate S --plan --days 3", "store_missing", None),
    ("simulate S --sample 3 --year 2020", "store_missing", None), ("simulate S --shard 1/2", "store_missing", None),
    ("apsim write P --weather W --output O --start 2020-01-02 --end 2020-01-03 --spinup-days -1", "bad_option",
     "spinup_days"),
    ("apsim write P --weather W --output O --start 2020-01-02 --end 2020-01-03 --points-per-file 0", "bad_option",
     "points_per_file"),
    ("apsim read F.db --output O", "bad_option", "layers")])
def test_what_is_refused_before_any_work(line: str, code: str, field: str | None, tmp_path: Path,
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    args = parsed(*line.split())
    part = cli.import_module(cli.COMMANDS[args.command].module)
    with pytest.raises(DeepSoilError) as error:
        part.run(args)
    assert error.value.code == code and error.value.field == (field or error.value.field)


def test_no_spinup_and_one_point_a_file_are_allowed(tmp_path: Path) -> None:
    line = ("apsim write none.csv --weather W --output O --start 2020-01-02 --end 2020-01-03 --spinup-days 0 "
            "--points-per-file 1")
    args = parsed(*line.split())
    with pytest.raises((DeepSoilError, OSError)) as error:
        apsim_command.run(args)
    assert getattr(error.value, "code", "") != "bad_option"


@pytest.mark.parametrize(("text", "share"), [("3/19", (3, 19)), ("1/1", (1, 1)), ("0/2", (0, 2))])
def test_a_part_of_the_work(text: str, share: tuple[int, int]) -> None:
    assert simulate.parse_share(text) == share


@pytest.mark.parametrize("text", ["3", "3/", "/3", "-1/3", "1/x", "1/2/3", ""])
def test_what_names_no_part_of_the_work(text: str) -> None:
    with pytest.raises(DeepSoilError) as error:
        simulate.parse_share(text)
    assert (error.value.code, error.value.field) == ("bad_option", "shard")


@pytest.mark.parametrize(("share", "restart", "field"), [
    ((1, 1), True, None), ((1, 2), False, None), ((2, 2), False, None), ((0, 2), False, "shard"),
    ((3, 2), False, "shard"), ((1, 2), True, "restart"), ((2, 2), True, "restart")])
def test_which_parts_there_are(share: tuple[int, int], restart: bool, field: str | None) -> None:
    if field is None:
        simulate._check_share(share, restart)
        return
    with pytest.raises(DeepSoilError) as error:
        simulate._check_share(share, restart)
    assert error.value.field == field


@pytest.mark.parametrize("name", ["pixels", "cells", "days"])
def test_an_estimate_for_nothing_is_refused(name: str) -> None:
    with pytest.raises(DeepSoilError) as error:
        estimate_cost(SimpleNamespace(), **{name: 0})  # type: ignore[arg-type]
    assert error.value.field == name
    with pytest.raises(AttributeError):
        estimate_cost(SimpleNamespace(), **{name: 1})  # type: ignore[arg-type]


def test_each_training_of_several_has_its_seed_and_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    done: list[tuple[int, Path]] = []

    class Trained:
        def __init__(self, settings: Any, folder: Path, say: Callable[[str], None]) -> None:
            self.made = settings.seed, folder

        def run(self) -> None:
            done.append(self.made)

    class Settings:
        name, seed = "net", 5

        def model_copy(self, *, update: dict[str, int]) -> SimpleNamespace:
            return SimpleNamespace(name=self.name, clusters=None, supervision=None, **update)

    monkeypatch.setattr(train, "Training", Trained)
    monkeypatch.setattr(configuration, "read_configuration", lambda path: Settings())
    args = parsed("train", "C", "--seeds", "3", "--output", str(tmp_path / "run"))
    part = cli.import_module(cli.COMMANDS["train"].module)
    assert part.run(args) == 0
    assert done == [(5, tmp_path / "run"), (6, tmp_path / "run-seed6"), (7, tmp_path / "run-seed7")]
    done.clear()
    part.run(parsed("train", "C"))
    assert done == [(5, Path("build/training/net"))]


def test_a_prediction_of_the_command_line_is_a_specification(tmp_path: Path) -> None:
    made = predict._document(parsed(*["predict", "--bbox", "-97", "38.5", "-96", "39", "--date", "2020-01-02", "OUT"]))
    assert made["area"] == {"type": "Polygon", "coordinates": [[[-97, 38.5], [-96, 38.5], [-96, 39], [-97, 39],
                                                                [-97, 38.5]]]}
    assert made["dates"] == {"start": "2020-01-02", "end": "2020-01-02"} and made["depths_cm"] == [5, 20]
    assert len(made["id"]) == 32 and "region" not in made and "models" not in made
    line = ("predict --bbox 1 2 3 4 --date 2020-01-02 --until 2020-01-04 --depth 20 --depth 20 --region r "
            "--model 5=a --model 20=b=c --crs EPSG:1 --resolution 10 OUT")
    made = predict._document(parsed(*line.split()))
    assert made["dates"]["end"] == "2020-01-04" and made["depths_cm"] == [20] and made["region"] == "r"
    assert made["models"] == {"5": "a", "20": "b=c"} and made["output"] == {"crs": "EPSG:1", "resolution_m": 10.0}


def test_the_area_of_a_file(tmp_path: Path) -> None:
    ring = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    point = {"type": "Point", "coordinates": [0, 0]}

    def area(document: Any) -> Any:
        (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
        return predict._area(SimpleNamespace(bbox=None, area=tmp_path / "a.json"))  # type: ignore[arg-type]

    def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    def several(*features: Any) -> dict[str, Any]:
        return {"type": "FeatureCollection", "features": list(features)}

    assert area(ring) == area(feature(ring)) == area(several(feature(ring), feature(point))) == ring
    named = area(several(feature(ring, NAME=" North "), feature(point), feature(ring), feature(ring, name="x" * 999)))
    assert [one["properties"]["name"] for one in named["features"]][:2] == ["North", "Field 2"]
    assert [one["geometry"] for one in named["features"]] == [ring] * 3
    assert 0 < len(named["features"][2]["properties"]["name"]) < 999
    for nothing in (several(), several(feature(point)), several(feature(None))):
        with pytest.raises(DeepSoilError) as error:
            area(nothing)
        assert error.value.code == "area_invalid"


@pytest.mark.parametrize(("state", "code"), [("succeeded", 0), ("failed", 1), ("cancelled", 3)])
def test_how_a_job_of_its_own_process_ends(state: str, code: int, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    class Folder:
        path, waiting = tmp_path / "jobs" / "a", True
        ended: tuple[Any, ...] = ()

        def claim(self) -> bool:
            if self.waiting is None:
                raise OSError(28, "No space left on device")
            return self.waiting

        def finish(self, *how: Any) -> None:
            self.ended = how

    folder, homes = Folder(), []

    def ran(job: Any, context: Any) -> SimpleNamespace:
        homes.append(context)
        return SimpleNamespace(state=state)

    monkeypatch.setattr(JobFolder, "open", lambda path: folder)
    monkeypatch.setattr(runner, "run", ran)
    args = parsed("run-job", str(folder.path))
    assert run_job.run(args) == code and len(homes) == 1
    folder.waiting = False  # type: ignore[assignment]
    assert run_job.run(args) == 4 and len(homes) == 1
    folder.waiting = None  # type: ignore[assignment]
    assert run_job.run(args) == 1 and folder.ended[0] == "failed"
    assert disk_errors.explained(OSError(28, "x"), folder.path) is not None


def test_a_day_is_written_as_in_iso() -> None:
    part = cli.import_module(cli.COMMANDS["evaluate"].module)
    assert part._day("2023-07-15") == date(2023, 7, 15)
