"""Without the packages of an extra every command either does its work or says what to install. It never crashes."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from deepsoil.cli import COMMANDS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.extras import EXTRAS, explained, require
from deepsoil.jobs import runner
from deepsoil.jobs.folder import JobFolder
from deepsoil.kinds.open_context import open_context
from deepsoil.kinds.preparation import Requests
from job_tools import prediction

BOX = ["--bbox", "-96.6", "39.1", "-96.5", "39.2", "--date", "2023-07-15"]

# The smallest use of every command; {tmp} is a folder without what they look for, so that none has much to do.
ARGUMENTS: dict[str, list[str]] = {
    "predict": [*BOX, "{tmp}/maps"], "submit": ["{tmp}/train.json"], "list": [], "logs": ["ffff"], "cancel": ["ffff"],
    "retry": ["ffff"], "fetch": ["ffff", "{tmp}/fetched"],
    "models": [], "regions": [], "evaluate": ["{tmp}/store", "--start", "2023-07-15", "--end", "2023-07-15"],
    "ingest": ["{tmp}/recipe.yaml", "{tmp}/store"], "sample": ["{tmp}/sample", "--size", "7"],
    "series": ["{tmp}/store", "0", "0", "--start", "2023-07-15", "--end", "2023-07-15"],
    "calibrate": ["{tmp}/model.onnx", "{tmp}/held_out.csv", "--reference", "r", "--source", "s"],
    "record": ["{tmp}/model.onnx", "{tmp}/held_out.csv", "--reference", "r", "--split", "s"],
    "simulate": ["{tmp}/store"], "train": ["{tmp}/tiny.yaml"],
    "tables": ["{tmp}/tiny.yaml"], "apsim": ["run", "{tmp}"], "bench": ["none"],
    "run-job": ["{tmp}/job"], "run-task": ["{tmp}/job", "--attempt", "1", "--index", "0"],
    "run-merge": ["{tmp}/job", "--attempt", "1"], "advance": ["{tmp}"], "run-queue": ["{tmp}"], "serve": [],
    "gather": ["{tmp}/field.geojson", "{tmp}/gathered"], "refresh": ["nowhere"], "outlook": ["{tmp}/store"],
    "archives": [], "store": ["split", "{tmp}/store", "{tmp}/parts"], "tune": ["{tmp}/tune.yaml"],
    "recognise": ["{tmp}"], "clusters": ["{tmp}/store", "{tmp}/clusters.json"],
}
NEEDED = {"train": "train", "tune": "train", "tables": "train", "ingest": "sources", "gather": "sources",
          "refresh": "sources", "recognise": "sources",
          "archives": "sources", "calibrate": "train", "record": "train",
          "bench": "train", "submit": "train"}  # the benchmark and the job that are asked for

PROGRAM = '''
import contextlib, json, sys, tempfile, traceback
from pathlib import Path

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

BLOCKED, commands, report = json.loads(sys.argv[1])
sys.meta_path.insert(0, Blocked())
from deepsoil.cli import main
said = {}
for name, arguments in commands.items():
    heard = tempfile.TemporaryFile("w+")
    with contextlib.redirect_stderr(heard), contextlib.redirect_stdout(heard):
        try:
            code = main([name, *arguments])
        except SystemExit as error:
            code = error.code
        except BaseException:
            code = traceback.format_exc()
    heard.seek(0)
    said[name] = [code, heard.read()]
Path(report).write_text(json.dumps(said))
'''


@pytest.fixture(scope="module", params=["train", "sources"])
def without(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, Any]]:
    """The name of an extra, and what every command says without its packages: exit code and text."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "train.json").write_text(json.dumps({
        "schema": SCHEMA, "id": secrets.token_hex(16), "kind": "train", "name": "train",
        "options": {"configuration": str(folder / "tiny.yaml")}}))
    given = {name: [word.format(tmp=folder) for word in words] for name, words in ARGUMENTS.items()}
    if request.param == "train":
        given["bench"] = ["train-step"]  # a benchmark of the engine that imports torch by itself
    report = folder / "said.json"
    subprocess.run([sys.executable, "-P", "-c", PROGRAM, json.dumps([EXTRAS[request.param], given, str(report)])],
                   env={**os.environ, "DEEPSOIL_HOME": str(folder / "home")}, stdin=subprocess.DEVNULL, timeout=300,
                   check=True)
    return request.param, json.loads(report.read_text())


def test_every_command_is_tried() -> None:
    assert set(ARGUMENTS) == set(COMMANDS)


def test_no_command_crashes_without_an_extra(without: tuple[str, dict[str, Any]]) -> None:
    _, said = without
    assert set(said) == set(COMMANDS)
    for name, (code, text) in said.items():
        assert code in (0, 1, 2, 75), f"{name}: {code}"
        assert "Traceback" not in text, f"{name}: {text}"


def test_a_command_that_needs_the_extra_says_how_to_install_it(without: tuple[str, dict[str, Any]]) -> None:
    extra, said = without
    for name, (code, text) in said.items():
        refused = NEEDED.get(name) == extra
        assert ("is not installed" in text) == refused, f"{name}: {text}"
        if refused:
            assert code == 2 and f"'{extra}'" in text
            assert f"pip install '{Path(__file__).parents[2] / 'remote'}[{extra}]'" in text


def test_an_import_that_fails_deep_inside_is_explained_and_another_one_is_not() -> None:
    def failing(name: str) -> BaseException:
        try:
            try:
                raise ModuleNotFoundError(f"No module named '{name}'", name=name)
            except ModuleNotFoundError as error:
                raise RuntimeError("the reader is broken") from error
        except RuntimeError as error:
            return error

    known = explained(failing("xarray.core"))
    assert known is not None and known.code == "extra_missing" and known.values["extra"] == "sources"
    assert explained(failing("numpy")) is None


def test_a_job_whose_extra_is_missing_is_refused_before_it_is_queued(monkeypatch: pytest.MonkeyPatch,
                                                                    tmp_path: Path) -> None:
    monkeypatch.setattr("deepsoil.extras.find_spec", lambda name: None)
    monkeypatch.setattr("deepsoil.extras._found", set())
    context = open_context(tmp_path)
    given = {"ingest": {"recipe": "/recipe.yaml", "store": "/store"}, "train": {"configuration": "/a.yaml"}}
    for kind, options in given.items():
        document = {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": kind, "name": kind, "options": options}
        (problem,) = Requests(lambda: context).estimate(document)["problems"]
        assert problem["code"] == "extra_missing" and problem["values"]["extra"] == context.find_kind(kind).extra
    (problem,) = Requests(lambda: context).estimate(prediction())["problems"]
    assert problem["code"] == "no_regions", "a prediction needs no extra"


@pytest.mark.parametrize("missing_from_start", [True, False])
def test_a_job_that_finds_no_package_when_it_runs_says_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                             missing_from_start: bool) -> None:
    context = open_context(tmp_path)
    wanted = {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "ingest", "name": "x",
              "options": {"recipe": "/recipe.yaml", "store": "/store"}}
    folder, _ = JobFolder.create(context.jobs, parse_specification(wanted), claimed=True)

    def broken(*given: Any, **named: Any) -> None:
        raise ModuleNotFoundError("No module named 'xarray'", name="xarray")

    if missing_from_start:
        monkeypatch.setattr("deepsoil.extras.find_spec", lambda name: None)
        monkeypatch.setattr("deepsoil.extras._found", set())
    else:
        monkeypatch.setattr("deepsoil.sources.ingest.ingest", broken)
    status = runner.run(folder, lambda: context)
    assert status.state == "failed" and status.reason is not None
    assert status.reason["code"] == "extra_missing" and "[sources]'" in status.reason["hint"]


def test_an_engine_that_was_not_installed_from_its_sources_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deepsoil.extras.source", lambda: None)
    monkeypatch.setattr("deepsoil.extras.find_spec", lambda name: None)
    monkeypatch.setattr("deepsoil.extras._found", set())
    with pytest.raises(DeepSoilError) as caught:
        require("train")
    assert "source folder" in caught.value.hint and "remote[train]" in caught.value.hint
