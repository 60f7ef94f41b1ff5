"""Several trainings, or the trials of a tuning, in one process: progress, outputs, a stop, and one that fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds import train
from deepsoil.kinds.registry import find_kind
from deepsoil.training import tuning as tuning_module
from tasks_tools import configuration, training

EPOCHS = 4
NAMES = ("one", "two", "three")

Step = Callable[[str, int], None]


class Runs:
    """What a training or a trial does: tells its progress, writes its files, and ``at(name, epoch)`` before each."""

    def __init__(self) -> None:
        self.at: Step = lambda name, epoch: None
        self.begun: list[str] = []

    def run(self, name: str, folder: Path, report: Callable[[int, int, str], None],
            cancelled: Callable[[], bool]) -> bool:
        self.begun.append(name)
        folder.mkdir(parents=True)
        for file in ("weights.onnx", "curves.jsonl", "metrics.json", "notes.txt", ".draft", "deep/table.csv"):
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(name)
        for epoch in range(EPOCHS + 1):
            self.at(name, epoch)
            report(epoch, EPOCHS, f"epoch {epoch}")
            if epoch and cancelled():
                return False  # its checkpoint is written
        return True


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    made = Runs()

    class Training:
        def __init__(self, wanted: Any, work: Path, say: Any, report: Any, cancelled: Any, *, columns: Any) -> None:
            self._given, self.complete, self.model_path = (wanted.name, work, report, cancelled), False, work

        def run(self) -> None:
            self.complete = made.run(*self._given)

    class Trials:
        def __init__(self, tuning: Any, study: Path, say: Any) -> None:
            self.tuning = tuning

        def run(self, number: int, runs: Path, shared: Path, report: Any, cancelled: Any) -> bool:
            name = self.tuning.trial_name(number)
            return made.run(name, runs / name, report, cancelled)

        def write_results(self, folder: Path) -> None:
            (folder / "trials.csv").write_text("trial")

        def text(self) -> str:
            return "trials"

    monkeypatch.setattr("deepsoil.training.train.Training", Training)
    monkeypatch.setattr("deepsoil.models.register.register", lambda path, home: f"{path.name} is a model")
    monkeypatch.setattr(tuning_module, "Trials", Trials)
    return made


@dataclass
class Job:
    """``names``: of the runs, in their order."""

    folder: JobFolder
    run: Callable[[], None]
    names: list[str]


@pytest.fixture(params=["trainings", "tuning"])
def job(request: pytest.FixtureRequest, tmp_path: Path) -> Job:
    context = Context(tmp_path, None, None, find_kind)  # type: ignore[arg-type]
    document = training([configuration(tmp_path, name) for name in NAMES])
    if request.param == "tuning":
        file = tmp_path / "tuning.yaml"
        file.write_text(yaml.safe_dump({
            "name": "search", "training": configuration(tmp_path), "trials": 3,
            "search": {"schedule.learning_rate": {"low": 0.001, "high": 0.1}}}))
        document["options"] = {"tuning": str(file)}
    specification = parse_specification(document)
    folder, _ = JobFolder.create(tmp_path / "jobs", specification, claimed=True)
    names = NAMES if request.param == "trainings" else [f"search-trial0{number}" for number in range(len(NAMES))]
    return Job(folder, lambda: train.KIND.run(specification, folder, context), list(names))


def test_progress_goes_on_from_one_to_the_next_and_names_it(job: Job, runs: Runs,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[float, float, str]] = []
    monkeypatch.setattr(JobFolder, "progress", lambda folder, *given: told.append(given))
    job.run()
    assert runs.begun == job.names
    assert [done for done, _, _ in told] == [number * EPOCHS + epoch for number in range(3)
                                             for epoch in range(EPOCHS + 1)]
    assert {total for _, total, _ in told} == {3 * EPOCHS}
    assert [message for *_, message in told[:2]] == [f"{job.names[0]}: epoch 0", f"{job.names[0]}: epoch 1"]
    assert told[-1][2] == f"{job.names[2]}: epoch {EPOCHS}"


def test_the_files_of_each_run_become_outputs_under_its_name(job: Job, runs: Runs) -> None:
    job.run()
    kinds = {record["name"]: record["kind"] for record in job.folder.output_records()}
    assert {name: kind for name, kind in kinds.items() if name.startswith(f"{job.names[1]}/")} == {
        f"{job.names[1]}/{name}": kind for name, kind in (
            ("weights.onnx", "model"), ("curves.jsonl", "curves"), ("metrics.json", "metrics"),
            ("deep/table.csv", "curves"), ("notes.txt", "other"))}
    assert (job.folder.outputs_path / job.names[1] / "notes.txt").read_text() == job.names[1]
    assert (job.folder.path / "work" / job.names[1] / "notes.txt").is_file(), "whoever continues it finds them there"


def test_a_cancel_stops_before_an_epoch_has_begun_and_else_when_its_checkpoint_is_written(job: Job,
                                                                                          runs: Runs) -> None:
    epochs: list[int] = []

    def cancel(name: str, epoch: int) -> None:
        epochs.append(epoch)
        if (name, epoch) == (job.names[1], 2):
            job.folder.request_cancel()

    runs.at = cancel
    with pytest.raises(JobCancelledError):
        job.run()
    assert runs.begun == job.names[:2] and epochs == [0, 1, 2, 3, 4, 0, 1, 2]
    assert f"{job.names[1]}/weights.onnx" in {record["name"] for record in job.folder.output_records()}


def test_a_cancel_before_the_first_epoch_begins_no_run(job: Job, runs: Runs) -> None:
    job.folder.request_cancel()
    runs.at = lambda name, epoch: None if epoch == 0 else pytest.fail("an epoch begins")
    with pytest.raises(JobCancelledError):
        job.run()
    assert runs.begun == job.names[:1]


@pytest.mark.parametrize("job", ["trainings"], indirect=True)
def test_a_training_that_fails_keeps_no_other_from_its_turn_but_a_full_disk_does(job: Job, runs: Runs) -> None:
    problem = DeepSoilError("weather_missing", "The weather of {name} is missing.", "Add it.", name="plain")

    def fail(name: str, epoch: int) -> None:
        if name != "two":
            raise problem

    runs.at = fail
    with pytest.raises(DeepSoilError) as error:
        job.run()
    assert runs.begun == list(NAMES) and error.value.code == "trainings_failed"
    assert error.value.message == "2 of 3 trainings failed: one, three." and "plain is missing" in error.value.hint
    assert {record["name"].split("/")[0] for record in job.folder.output_records()} == set(NAMES)


@pytest.mark.parametrize("job", ["trainings"], indirect=True)
@pytest.mark.parametrize("code", ["disk_full", "weather_missing"])
def test_the_reason_of_a_full_disk_and_that_of_a_single_training_is_its_own(code: str, job: Job, runs: Runs,
                                                                            tmp_path: Path) -> None:
    def fail(name: str, epoch: int) -> None:
        raise DeepSoilError(code, "It stops here.", "Make room.")

    runs.at = fail
    specification = parse_specification(training([configuration(tmp_path, name) for name in (
        NAMES if code == "disk_full" else ("only",))]))
    with pytest.raises(DeepSoilError) as error:
        train.KIND.run(specification, job.folder, Context(tmp_path, None, None, find_kind))  # type: ignore[arg-type]
    assert error.value.code == code and len(runs.begun) == 1
