"""Training, ingestion and simulation as jobs: the commands' own work, with the folder for progress, log and cancel."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import Specification
from deepsoil.io.exclusive import link_or_copy
from deepsoil.jobs.folder import JobCancelledError, JobFolder
from deepsoil.kinds.context import Context

if TYPE_CHECKING:
    from deepsoil.training.configuration import Configuration

_KIND_OF_ENDING = {".onnx": "model", ".csv": "curves", ".jsonl": "curves", ".json": "metrics"}


def run_train(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Train as ``options.configuration`` says, or each of ``options.configurations`` in turn.

    The run folders become outputs, also of a training that was stopped or failed; one that fails does not keep the
    others from their turn. With several processes (`training.distributed`) all of them call this.

    Raises
    ------
    DeepSoilError
        As the configuration, its weather or the run folder say; ``trainings_failed`` where some of several failed.
    """
    import torch

    from deepsoil.training.requested_configurations import requested

    if specification.options.threads:
        torch.set_num_threads(specification.options.threads)
    configurations, failed = requested(specification.options), []
    for number, configuration in enumerate(configurations):
        try:
            _train(configuration, folder, context, number, len(configurations))
        except DeepSoilError as error:
            if len(configurations) == 1:
                raise
            folder.log(f"{configuration.name}: {error}", "error")
            failed.append((configuration.name, error))
    if failed:
        names = ", ".join(name for name, _ in failed)
        raise DeepSoilError("trainings_failed", "{count} of {count_2} trainings failed: {names}.",
                            "The first said: {failed}",
                            count=len(failed), count_2=len(configurations), names=names, failed=failed[0][1])


def _train(configuration: Configuration, folder: JobFolder, context: Context, number: int, count: int) -> None:
    """The training ``number`` of ``count``. JobCancelledError where it was stopped before it was done."""
    from deepsoil.models.register import enter
    from deepsoil.training import distributed
    from deepsoil.training.train import Training

    work = folder.path / "work" / configuration.name
    world = distributed.world()

    def report(done: int, total: int, message: str) -> None:
        text = message if count == 1 else f"{configuration.name}: {message}"
        folder.progress(number * total + done, count * total, text)
        if done == 0:  # an epoch under way stops by itself, when its checkpoint is written
            folder.stop_if_cancelled()

    try:
        training = Training(configuration, work, folder.log, report, folder.cancelled, columns=folder.shared)
        training.run()
    finally:
        if world.leads and work.is_dir() and not folder.to_be_continued:
            _publish(folder, work)
    if not training.complete:
        raise JobCancelledError
    if world.leads:
        folder.log(enter(training.model_path, context.home))


def _publish(folder: JobFolder, run: Path) -> None:
    """Make the files of a run folder outputs of the job, under the run's name; they stay where they are, too.

    Whoever continues the training finds them there.
    """
    for file in sorted(path for path in run.rglob("*") if path.is_file() and not path.name.startswith(".")):
        draft = folder.temporary(f"{run.name}/{file.relative_to(run).as_posix()}")
        draft.unlink(missing_ok=True)
        link_or_copy(file, draft)
        folder.add_output(draft, _KIND_OF_ENDING.get(file.suffix, "other"))


def run_ingest(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Build ``options.store`` from ``options.recipe`` and remember it as a region.

    Raises
    ------
    DeepSoilError
        As the recipe and its sources say; the old store, where there was one, is then as it was.
    """
    from deepsoil.sources.ingest import ingest

    options = specification.options
    store = ingest(str(options.recipe), str(options.store), on_progress=folder.progress, cancelled=folder.cancelled)
    region = context.regions.add(store.path)
    folder.log(f"The store {store.path} is the region '{region['id']}'.")


def run_simulate(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Simulate the labels of the region, or of ``options.store``, inside its store; what is there is continued.

    Raises
    ------
    DeepSoilError
        As the store, its weather and its labels say; finished parts of the labels are kept.
    """
    from deepsoil.labels.command import describe_outcome
    from deepsoil.labels.labels import Labels
    from deepsoil.labels.sampled_pixels import choose
    from deepsoil.labels.settings import LabelSettings
    from deepsoil.labels.simulate import parse_share, simulate
    from deepsoil.store.store import Store

    options, began = specification.options, time.monotonic()
    store = Store.open(options.store or context.regions.path(str(specification.region)))
    outcome = simulate(store, LabelSettings(options.texture_step, options.fallow),
                       share=parse_share(options.shard or "1/1"), restart=options.restart, threads=options.threads,
                       on_progress=folder.progress, cancelled=folder.cancelled)
    folder.log(describe_outcome(store, outcome, time.monotonic() - began))
    if options.sample is not None:
        wanted = options.sample
        candidates = choose(Labels.open(store), wanted.pixels, wanted.year, wanted.seed, on_progress=folder.progress,
                            cancelled=folder.cancelled)
        folder.log(f"Sample for {wanted.year}: {wanted.pixels:,} of {candidates:,} candidates.")
