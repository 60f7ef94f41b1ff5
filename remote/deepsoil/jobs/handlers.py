"""Training, ingestion and simulation as jobs: the commands' own work, with the folder for progress, log and cancel."""

from __future__ import annotations

import time
from pathlib import Path

from deepsoil.jobs.context import Context
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.specification import Specification

_KIND_OF_ENDING = {".onnx": "model", ".csv": "curves", ".jsonl": "curves", ".json": "metrics"}


def run_train(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Train as ``options.configuration`` says; the run folder becomes the outputs, also of a training that was stopped.

    Raises
    ------
    DeepSoilError
        As the configuration, its weather or the run folder say.
    """
    import torch

    from deepsoil.training.configuration import read_configuration
    from deepsoil.training.train import Training

    if specification.options.threads:
        torch.set_num_threads(specification.options.threads)
    configuration = read_configuration(Path(str(specification.options.configuration)))
    work = folder.path / "work"

    def report(done: int, total: int, message: str) -> None:
        folder.progress(done, total, message)
        if done == 0:  # an epoch under way stops by itself, when its checkpoint is written
            folder.stop_if_cancelled()

    try:
        Training(configuration, work / configuration.name, folder.log, report, folder.cancelled).run()
    finally:
        _publish(folder, work / configuration.name)


def _publish(folder: JobFolder, run: Path) -> None:
    """Make the files of a run folder outputs of the job, under the run's name."""
    for file in sorted(path for path in run.rglob("*") if path.is_file()):
        draft = folder.temporary(f"{run.name}/{file.relative_to(run).as_posix()}")
        file.replace(draft)
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
    from deepsoil.labels.chosen import choose
    from deepsoil.labels.command import describe_outcome
    from deepsoil.labels.labels import Labels
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
