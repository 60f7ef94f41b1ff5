"""The command line: quick to start, mistakes with what to do, the same jobs as from QGIS."""

from __future__ import annotations

import configparser
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import deepsoil
import pytest
from deepsoil.cli import COMMANDS, main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import PredictOptions, known_kinds, options_of
from deepsoil.contract.specification import Specification
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, JobPlan, Kind
from deepsoil.jobs.summary import summary
from deepsoil.kinds.region_and_models import filled
from deepsoil.kinds.registry import find_kind
from job_tools import begun, document, ended, environment, kill_leftovers
from job_tools import deepsoil as command

AREA = ["--bbox", "-96.6", "39.1", "-96.5", "39.2"]


def test_the_version_is_the_one_of_metadata_txt_and_of_the_installed_package() -> None:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(Path(deepsoil.__file__).parents[2] / "metadata.txt", encoding="utf-8")
    done = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "--version"], capture_output=True, text=True,
                          check=True)
    assert done.stdout.split() == ["deepsoil", metadata["general"]["version"]]


def test_help_names_every_command_and_imports_none() -> None:
    code = "import sys, deepsoil.cli\ntry: deepsoil.cli.main(['--help'])\nexcept SystemExit: pass\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    help_text, _, modules = done.stdout.strip().rpartition("\n")
    assert all(name in help_text for name in COMMANDS)
    assert not {"numpy", "pydantic", "torch"} & set(modules.split())


def test_a_mistake_ends_with_what_to_do_and_exit_code_2(tmp_path: Path) -> None:
    done = command(tmp_path, "submit", str(tmp_path / "none.json"))
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first.startswith("Error: The file") and second.startswith("What to do: ")
    done = command(tmp_path, "submit", "-", text=json.dumps(document(name=7)))
    assert done.returncode == 2 and "Error: name: " in done.stderr
    done = command(tmp_path, "cancel", "ffff")
    assert done.returncode == 2 and "no" in done.stderr


def test_a_submitted_job_runs_on_and_is_listed_cancelled_and_logged(tmp_path: Path) -> None:
    done = command(tmp_path, "submit", "-", text=json.dumps(document("wait")))
    job = done.stdout.splitlines()[-1].split()[0]
    folder = JobFolder(tmp_path / "jobs" / job)
    try:
        begun(folder)
        assert f"{job[:8]}" in command(tmp_path, "list").stdout
        (listed,) = json.loads(command(tmp_path, "list", "--json").stdout)
        assert (listed["id"], listed["state"], listed["message"]) == (job, "running", "One of ten")
        said = command(tmp_path, "cancel", job[:6]).stdout
        assert "asked to stop" in said or "cancelled" in said, "a quick worker may have stopped already"
        assert ended(folder) == "cancelled"
        assert "info     begun" in command(tmp_path, "logs", job[:6]).stdout
    finally:
        kill_leftovers(tmp_path)


def test_list_notices_a_worker_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "jobs").mkdir()
    from deepsoil.contract.specification import parse_specification

    folder, _ = JobFolder.create(tmp_path / "jobs", parse_specification(document("die")))
    assert command(tmp_path, "run-job", str(folder.path)).returncode == -signal.SIGKILL
    assert "failed" in command(tmp_path, "list").stdout


class Library:
    """One model for each depth."""

    def find(self, which: str | int) -> Any:
        depth_cm = which if isinstance(which, int) else 5
        return SimpleNamespace(id=f"model-{depth_cm}", contract=SimpleNamespace(depth_cm=depth_cm))


class OneRegion:
    def covering(self, area: dict[str, Any]) -> str:
        return "field"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The command in this process, with a prediction that writes one text a day and depth."""
    state = SimpleNamespace(home=tmp_path / "home", problems=[], fail_on=None, seen=None)

    def predict(specification: Specification, folder: JobFolder, context: Context) -> None:
        state.seen = specification
        for number, day in enumerate(specification.days):
            if state.fail_on == str(day):
                raise state.failure
            draft = folder.temporary(f"{day}.tif")
            draft.write_text(str(day))
            folder.add_output(draft, "map", depth_cm=5, date=day)
            folder.progress(number + 1, len(specification.days), f"{day}")

    class Plan(JobPlan):
        def problems(self) -> list[DeepSoilError]:
            return state.problems

    class FakePredict(Kind):
        name = "predict"
        title = "Prediction"
        options = PredictOptions

        def prepare(self, specification: Specification, context: Context) -> Specification:
            return filled(specification, context)

        def plan(self, specification: Specification, context: Context) -> JobPlan:
            return Plan(self.title)

        def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
            predict(specification, folder, context)

    monkeypatch.setenv("DEEPSOIL_HOME", str(state.home))
    monkeypatch.setattr("deepsoil.kinds.open_context.open_context",
                        lambda home: Context(home, OneRegion(), Library(), lambda name: FakePredict()))
    return state


def test_predict_delivers_the_maps_and_keeps_the_job(engine: SimpleNamespace, tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "maps"
    assert main(["predict", *AREA, "--date", "2023-07-15", "--until", "2023-07-16", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["2023-07-15.tif", "2023-07-16.tif"]
    assert capsys.readouterr().out.split() == [str(out / "2023-07-15.tif"), str(out / "2023-07-16.tif")]
    assert (engine.seen.region, engine.seen.models) == ("field", {"5": "model-5", "20": "model-20"})
    (path,) = (engine.home / "jobs").iterdir()
    told = summary(JobFolder(path), "here")
    assert (told["state"], len(told["outputs"]), told["specification"]["region"]) == ("succeeded", 2, "field")


@pytest.mark.parametrize(("failure", "code", "state", "words"), [
    (DeepSoilError("no_weather", "No weather on that day.", "Take another."), 2, "failed", "What to do: Take another."),
    (MemoryError(), 2, "failed", "smaller area"),
    (KeyboardInterrupt(), 130, "cancelled", "Stopped."),
])
def test_predict_delivers_what_was_finished_before_it_ended(
        engine: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str], failure: BaseException, code: int,
        state: str, words: str) -> None:
    engine.fail_on, engine.failure = "2023-07-16", failure
    assert main(["predict", *AREA, "--date", "2023-07-15", "--until", "2023-07-17", str(tmp_path / "maps")]) == code
    assert [path.name for path in (tmp_path / "maps").iterdir()] == ["2023-07-15.tif"]
    assert words in capsys.readouterr().err
    (path,) = (engine.home / "jobs").iterdir()
    assert JobFolder(path).state == state


def test_what_an_estimate_refuses_makes_no_job(engine: SimpleNamespace, tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    engine.problems = [DeepSoilError("area_too_large", "Too large.", "Draw less.", "area")]
    assert main(["predict", *AREA, "--date", "2023-07-15", str(tmp_path / "maps")]) == 2
    assert "Error: area: Too large." in capsys.readouterr().err
    assert not (engine.home / "jobs").exists() and not (tmp_path / "maps").exists()


def test_a_model_for_another_depth_is_refused(engine: SimpleNamespace, tmp_path: Path,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    given = ["predict", *AREA, "--date", "2023-07-15", "--depth", "20", "--model", "20=shallow", str(tmp_path / "maps")]
    assert main(given) == 2
    assert "models.20: The model 'model-5' is for 5 cm." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["predict", "evaluate", "train", "ingest", "simulate"])
def test_every_kind_of_the_contract_is_found_with_its_options(name: str) -> None:
    kind = find_kind(name)
    assert (kind.name, kind.options) == (name, options_of(name)) and kind.title
    assert name in known_kinds()


def test_a_kind_is_imported_only_when_a_job_of_it_is_asked_for() -> None:
    code = ("import sys\nfrom deepsoil.kinds.registry import find_kind\nbefore = set(sys.modules)\n"
            "find_kind('train'), find_kind('ingest'), find_kind('simulate')\nprint(*before, '|', *sys.modules)")
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    before, _, after = done.stdout.partition("|")
    assert "deepsoil.kinds.train" not in before.split() and "deepsoil.kinds.train" in after.split()
    assert not {"torch", "rasterio", "xarray", "onnxruntime", "numba"} & set(after.split())


def test_output_that_nobody_reads_any_more_is_no_crash(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-P", "-m", "deepsoil", "list"], env=environment(tmp_path), stdout=writing,
                          stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_job_is_sent_again_and_its_files_are_copied_without_replacing_any(tmp_path: Path) -> None:
    job = command(tmp_path, "submit", "-", text=json.dumps(document())).stdout.splitlines()[-1].split()[0]
    try:
        assert ended(JobFolder(tmp_path / "jobs" / job)) == "succeeded"
        done = command(tmp_path, "fetch", job[:8], str(tmp_path / "maps"))
        assert done.returncode == 0, done.stderr
        (file,) = [path for path in (tmp_path / "maps").rglob("*") if path.is_file()]
        assert done.stdout.splitlines()[-1] == str(file)
        file.write_text("mine")
        done = command(tmp_path, "fetch", job[:8], str(tmp_path / "maps"))
        assert done.returncode == 2 and "--replace" in done.stderr and file.read_text() == "mine"
        done = command(tmp_path, "retry", job[:8])
        again = done.stdout.splitlines()[-1].split()[0]
        assert again != job and ended(JobFolder(tmp_path / "jobs" / again)) == "succeeded"
        for words in (["retry", "ffff"], ["fetch", "ffff", "x"], ["list", "--host", "nowhere"]):
            done = command(tmp_path, *words)
            assert done.returncode == 2 and "What to do" in done.stderr and "Traceback" not in done.stderr
    finally:
        kill_leftovers(tmp_path)
