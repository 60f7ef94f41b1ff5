"""The trials of a tuning as tasks of a training job: they share the storage of the study, in the job's folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deepsoil.contract.options import TrainOptions
from deepsoil.contract.text import Text
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import JobPlan, Task, TaskResult
from deepsoil.kinds.train_outputs import publish_outputs, publish_run

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.tasks.folder import TaskFolder
    from deepsoil.training.tuning import Trials
    from deepsoil.training.tuning_configuration import Tuning

STUDY = "study"
"""Folder of the storage in the files that all tasks of the job share."""


class TuningTrials(JobPlan):
    """A task for each trial, whatever number of tasks was asked for."""

    merges = True

    def __init__(self, tuning: Tuning) -> None:
        super().__init__("Tuning")
        self._tuning = tuning

    def tasks(self, most: int) -> list[Task]:
        document = self._tuning.model_dump(mode="json")
        return [Task(number, self._tuning.trial_name(number), {"tuning": document, "trial": number})
                for number in range(self._tuning.trials)]


def planned_trials(file: Path) -> TuningTrials:
    """DeepSoilError where the tuning or its training is wrong, or a file that it names is not there."""
    from deepsoil.training.configuration_catalogue import require_files
    from deepsoil.training.tuning_configuration import read_tuning

    tuning = read_tuning(file)
    require_files([tuning.example()])
    return TuningTrials(tuning)


def run_trial(specification: Specification, folder: TaskFolder, payload: Mapping[str, Any]) -> None:
    """Run the trial of a task. JobCancelledError where it was stopped before its end."""
    from deepsoil.training.tuning import Trials
    from deepsoil.training.tuning_configuration import parse_tuning

    _use_threads(specification.options_as(TrainOptions).threads)
    trials = Trials(parse_tuning(payload["tuning"], "the task"), folder.shared / STUDY, folder.log)
    _run(trials, int(payload["trial"]), folder, 1)


def run_all_trials(file: Path, threads: int | None, folder: JobFolder) -> None:
    """Run every trial in turn, in the process of the job."""
    from deepsoil.training.tuning import Trials
    from deepsoil.training.tuning_configuration import read_tuning

    _use_threads(threads)
    tuning = read_tuning(file)
    trials = Trials(tuning, folder.shared / STUDY, folder.log)
    for number in range(tuning.trials):
        _run(trials, number, folder, tuning.trials)
    _publish(trials, folder, lambda name: False)


def publish_results(results: Sequence[TaskResult], folder: JobFolder, published: Callable[[str], bool]) -> None:
    """Make the files of every trial, the table of all and the best training outputs of the job."""
    from deepsoil.training.tuning import Trials
    from deepsoil.training.tuning_configuration import parse_tuning

    tuning = parse_tuning(results[0].task.payload["tuning"], "the job")
    trials = Trials(tuning, folder.shared / STUDY, folder.log)
    folder.log(trials.text())
    for result in results:
        if result.outputs is not None:
            publish_outputs(folder, result.outputs, published)
    _publish(trials, folder, published)


def _run(trials: Trials, number: int, folder: JobFolder, count: int) -> None:
    def report(done: int, total: int, message: str) -> None:
        folder.progress((number if count > 1 else 0) * total + done, count * total,
                        Text("{configuration}: {step}", configuration=trials.tuning.trial_name(number), step=message))
        if done == 0:
            folder.stop_if_cancelled()

    runs = folder.path / "work"
    ended = trials.run(number, runs, folder.shared, report, folder.cancelled)
    run = runs / trials.tuning.trial_name(number)
    if run.is_dir() and not folder.to_be_continued:
        publish_run(folder, run)
    if not ended:
        raise JobCancelledError


def _publish(trials: Trials, folder: JobFolder, published: Callable[[str], bool]) -> None:
    with tempfile.TemporaryDirectory(dir=folder.path) as place:
        trials.write_results(Path(place))
        publish_outputs(folder, Path(place), published)


def _use_threads(threads: int | None) -> None:
    from deepsoil.training import distributed

    if threads:
        distributed.use_threads(threads)
