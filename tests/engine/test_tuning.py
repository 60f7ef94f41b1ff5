"""Tuning by Hyperband: resumed from its storage, the storage of another study refused, trials as tasks of an array."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.jobs.kind import Context
from deepsoil.jobs.tasks import curves, finish
from deepsoil.kinds.registry import find_kind
from deepsoil.training.configuration_catalogue import listed
from deepsoil.training.tuning import STORAGE, Trials
from deepsoil.training.tuning_configuration import read_tuning
from optuna.trial import TrialState
from tasks_tools import configuration, planned, training, weather

REPOSITORY = Path(__file__).parents[2]
TIMEOUT_S = 300.0


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weather(tmp_path_factory.mktemp("weather"))


def written(folder: Path, ground: Path, **changes: Any) -> Path:
    """A tuning in a file: rates that learn and rates that learn nothing."""
    file = folder / "tune.yaml"
    file.write_text(yaml.safe_dump({
        "name": "tiny-tune", "training": configuration(ground, "base", epochs=3, steps_per_epoch=2), "trials": 4,
        "hyperband": {"least_epochs": 1, "reduction": 2}, "changes": {"network.width": 2},
        "search": {"schedule.learning_rate": {"low": 1e-6, "high": 3e-2, "log": True},
                   "network.dropout": {"choices": [0.0, 0.1]}}} | changes))
    return file


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as table:
        return list(csv.DictReader(table))


def test_a_tuning_stopped_within_a_trial_goes_on_and_tries_what_it_would_have_tried(ground: Path, tmp_path: Path,
                                                                                    ) -> None:
    tuning = read_tuning(written(tmp_path, ground))
    said: list[str] = []
    trials, runs = Trials(tuning, tmp_path / "study", said.append), tmp_path / "study"
    assert trials.run(0, runs, tmp_path)
    asked = 0

    def after_one_epoch() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    assert not trials.run(1, runs, tmp_path, cancelled=after_one_epoch), "stopped between two epochs"
    assert [trial.state for trial in trials.study().trials] == [TrialState.COMPLETE, TrialState.RUNNING]
    again = Trials(tuning, tmp_path / "study", said.append)
    for number in range(4):
        assert again.run(number, runs, tmp_path)
    attempts = [(trial.user_attrs["number"], trial.state) for trial in again.study().trials]
    assert [number for number, _ in attempts] == [0, 1, 1, 2, 3] and attempts[1] == (1, TrialState.FAIL)
    assert again.study().trials[1].params == again.study().trials[2].params
    assert len((runs / "tiny-tune-trial01" / "curves.jsonl").read_text().splitlines()) == \
        len(again.study().trials[2].intermediate_values), "the epoch before the stop was reported too"
    again.write_results(tmp_path / "study")
    rows = rows_of(tmp_path / "study" / "trials.csv")
    assert [row["trial"] for row in rows] == ["0", "1", "2", "3"]
    best = min((row for row in rows if row["state"] == "complete"), key=lambda row: float(row["validation_mae"]))
    chosen = yaml.safe_load((tmp_path / "study" / "best.yaml").read_text())
    assert chosen["name"] == f"tiny-tune-trial0{best['trial']}"
    assert chosen["schedule"]["learning_rate"] == float(best["schedule.learning_rate"])
    assert any(f"trial {best['trial']}" in line for line in [again.text()])


def test_hyperband_stops_what_is_worse_and_spends_its_epochs_elsewhere(ground: Path, tmp_path: Path) -> None:
    tuning = read_tuning(written(tmp_path, ground, trials=8, training=configuration(
        ground, "base", epochs=4, steps_per_epoch=2)))
    trials = Trials(tuning, tmp_path, lambda line: None)
    for number in range(tuning.trials):
        trials.run(number, tmp_path, tmp_path)
    ended = trials.study().trials
    pruned = [trial for trial in ended if trial.state == TrialState.PRUNED]
    assert pruned and all(len(trial.intermediate_values) < 4 for trial in pruned)
    complete = [trial for trial in ended if trial.state == TrialState.COMPLETE]
    assert complete and all(len(trial.intermediate_values) == 4 for trial in complete)


def test_the_storage_of_another_study_is_refused(ground: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    Trials(read_tuning(written(tmp_path, ground)), folder).study()

    def code(**changes: Any) -> str:
        with pytest.raises(DeepSoilError) as caught:
            Trials(read_tuning(written(tmp_path, ground, **changes)), folder).study()
        assert str(folder / STORAGE) in caught.value.message and caught.value.field == "output"
        return caught.value.code

    assert code(name="another") == "study_differs"
    assert code(changes={"network.width": 4}) == "study_differs"
    Trials(read_tuning(written(tmp_path, ground, trials=20)), folder).study()  # more of the same trials
    (folder / STORAGE).write_text("no journal\nat all\n")
    assert code() == "study_damaged"


@pytest.mark.parametrize(("changes", "field"), [
    ({"serach": {}}, "serach"), ({"search": {}}, "search"), ({"changes": {"network.widht": 4}}, "network.widht"),
    ({"search": {"schedule.learning_rate": {"low": 1.0, "high": 0.1}}}, "search.schedule.learning_rate"),
    ({"search": {"network.kind": {"choices": ["light_unet", 7]}, "name.first": {"low": 1, "high": 2}}}, "name.first"),
    ({"hyperband": {"reduction": 1}}, "hyperband.reduction")])
def test_a_typo_is_named(ground: Path, tmp_path: Path, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        read_tuning(written(tmp_path, ground, **changes))
    assert caught.value.code == "configuration_invalid" and caught.value.field == field


def test_trials_are_tasks_that_share_a_study_and_try_the_same_as_here(ground: Path, tmp_path: Path) -> None:
    file = written(tmp_path, ground, trials=3)
    document = training([])
    document["options"] = {"tuning": str(file)}
    home = Context(tmp_path / "home", None, None, find_kind)  # type: ignore[arg-type]
    job, plan = planned(home, document)
    assert [task.title for task in plan.tasks] == ["tiny-tune-trial00", "tiny-tune-trial01", "tiny-tune-trial02"]
    said = {"SLURM_ARRAY_JOB_ID": "71", "SLURM_CPUS_PER_TASK": "1"}
    started = [subprocess.Popen([sys.executable, "-P", "-m", "deepsoil", "run-task", str(job.path), "--attempt", "1"],
                                env={**os.environ, **said, "SLURM_ARRAY_TASK_ID": str(index)}) for index in range(3)]
    assert [process.wait(TIMEOUT_S) for process in started] == [0, 0, 0], "at the same time"
    assert [one["title"] for one in curves.read(job)] == [task.title for task in plan.tasks]
    assert main(["run-merge", str(job.path), "--attempt", "1"]) == 0
    finish.collect(job)
    names = {record["name"] for record in job.output_records()}
    assert {"trials.csv", "tiny-tune-trial00/curves.jsonl", "tiny-tune-trial02/curves.jsonl"} <= names
    subprocess.run([sys.executable, "-P", "-m", "deepsoil", "tune", str(file), "--output", str(tmp_path / "here")],
                   env={**os.environ, "OMP_NUM_THREADS": "1"}, check=True, timeout=TIMEOUT_S)
    here = rows_of(tmp_path / "here" / "trials.csv")
    there = rows_of(job.path / "outputs" / "trials.csv")
    for name in ("trial", "schedule.learning_rate", "network.dropout"):
        assert [row[name] for row in here] == [row[name] for row in there]
    first = [float(row["validation_mae"]) for row in here if row["epochs"] == "3"]
    assert set(first) & {float(row["validation_mae"]) for row in there if row["epochs"] == "3"}, "equal weights"


def test_the_shipped_tuning_is_valid_and_no_training_to_choose(tmp_path: Path) -> None:
    tuning = read_tuning(REPOSITORY / "resources" / "training" / "tune-20cm.yaml")
    assert tuning.trials == 12 and tuning.example().network.width == 8
    assert not [one for one in listed(tmp_path) if one["id"].startswith("tune-")]
