"""Training as a job: one configuration, or many, each a task of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import TrainOptions
from deepsoil.contract.text import Text
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.jobs.kind import Context, JobPlan, Kind, Task, TaskResult
from deepsoil.kinds.train_outputs import publish_run

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.tasks.folder import TaskFolder
    from deepsoil.training.configuration import Configuration


class Trainings(JobPlan):
    """A task for each configuration, whatever number of tasks was asked for."""

    def __init__(self, title: str, configurations: list[Configuration]) -> None:
        super().__init__(title)
        self._configurations = configurations

    def tasks(self, most: int) -> list[Task]:
        return [Task(index, configuration.name, {"configuration": configuration.resolved()})
                for index, configuration in enumerate(self._configurations)]


class Train(Kind):
    """What a training learns it keeps in checkpoints, so that one that was stopped goes on."""

    name = "train"
    title = "Training"
    options = TrainOptions
    extra = "train"
    resumable = True

    def plan(self, specification: Specification, context: Context) -> JobPlan:
        """The configurations, complete. DeepSoilError where one is wrong, or a file that it names is not there."""
        from deepsoil.training.cluster_trainings import expanded
        from deepsoil.training.configuration_catalogue import require_files
        from deepsoil.training.requested_configurations import requested

        options = specification.options_as(TrainOptions)
        if options.tuning is not None:
            from deepsoil.kinds.train_trials import planned_trials

            return planned_trials(Path(options.tuning))
        configurations = requested(options)
        require_files(configurations)
        trainings = expanded(configurations)
        require_files(trainings)
        return Trainings(self.title, trainings)

    def run_task(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> None:
        if "tuning" in task.payload:
            from deepsoil.kinds.train_trials import run_trial

            run_trial(specification, folder, task.payload)
            return
        resources = specification.resources
        if resources is not None and (resources.processes or 1) > 1:
            from deepsoil.kinds.train_processes import run_in_processes

            run_in_processes(folder, task, resources.processes or 1)
        else:
            self.run(_of_task(specification, task), folder, context)

    def run_part(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> int:
        from deepsoil.kinds.train_processes import take_part

        narrowed = _of_task(specification, task)
        return take_part(folder, lambda own: self.run(narrowed, own, context))

    def merge(self, specification: Specification, folder: JobFolder, context: Context, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        """The table of all trials of a tuning and the best of them."""
        from deepsoil.kinds.train_trials import publish_results

        publish_results(results, folder, published)

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Train as ``options.configuration`` says, or each of ``options.configurations`` in turn.

        The run folders become outputs, also of a training that was stopped or failed; one that fails does not keep the
        others from their turn. With several processes (`training.distributed`) all of them call this.

        Raises
        ------
        DeepSoilError
            As the configuration, its weather or the run folder say; ``trainings_failed`` where some of several failed.
        """
        from deepsoil.training import distributed
        from deepsoil.training.cluster_trainings import expanded
        from deepsoil.training.requested_configurations import requested

        options = specification.options_as(TrainOptions)
        if options.tuning is not None:
            from deepsoil.kinds.train_trials import run_all_trials

            run_all_trials(Path(options.tuning), options.threads, folder)
            return
        if options.threads:
            distributed.use_threads(options.threads)
        configurations, failed = expanded(requested(options), folder.log), []
        for number, configuration in enumerate(configurations):
            try:
                _train(configuration, folder, context, number, len(configurations))
            except DeepSoilError as error:
                if len(configurations) == 1 or error.code == "disk_full":  # the others would meet it too
                    raise
                folder.log(f"{configuration.name}: {error}", "error")
                failed.append((configuration.name, error))
        if failed:
            names = ", ".join(name for name, _ in failed)
            raise DeepSoilError("trainings_failed", "{failed} of {count} trainings failed: {names}.",
                                "The first one said: {first_error}",
                                failed=len(failed), count=len(configurations), names=names, first_error=failed[0][1])


def _of_task(specification: Specification, task: Task) -> Specification:
    return specification.with_options(configuration=None, configurations=[task.payload["configuration"]])


def _train(configuration: Configuration, folder: JobFolder, context: Context, number: int, count: int) -> None:
    """The training ``number`` of ``count``. JobCancelledError where it was stopped before it was done."""
    from deepsoil.models.register import register
    from deepsoil.training import distributed
    from deepsoil.training.train import Training

    work = folder.path / "work" / configuration.name
    world = distributed.world()

    def report(done: int, total: int, message: str) -> None:
        text = message if count == 1 else Text("{configuration}: {step}",
                                               configuration=configuration.name, step=message)
        folder.progress(number * total + done, count * total, text)
        if done == 0:  # an epoch that has begun stops by itself, once its checkpoint is written
            folder.stop_if_cancelled()

    try:
        training = Training(configuration, work, folder.log, report, folder.cancelled, columns=folder.shared)
        training.run()
    finally:
        if world.leads and work.is_dir() and not folder.to_be_continued:
            publish_run(folder, work)
    if not training.complete:
        raise JobCancelledError
    if world.leads:
        folder.log(register(training.model_path, context.home))


KIND = Train()
