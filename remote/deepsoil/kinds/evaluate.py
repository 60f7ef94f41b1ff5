"""Evaluation as a job: predictions at the stations of a region against what these measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import EvaluateOptions
from deepsoil.jobs.kind import Context, Kind
from deepsoil.kinds.region_and_models import filled, models_of, store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.evaluation.background import Background
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.store.store import Store


class Evaluate(Kind):
    """One task for all stations."""

    name = "evaluate"
    title = "Evaluation"
    options = EvaluateOptions

    def prepare(self, specification: Specification, context: Context) -> Specification:
        return filled(specification, context)

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        """Make ``station_comparison.csv`` and ``station_metrics.json``. DeepSoilError as the evaluation says."""
        from deepsoil.evaluation.columns import SoilColumns
        from deepsoil.evaluation.networks import Networks
        from deepsoil.evaluation.stations import evaluate

        def step(share: float, message: str) -> None:
            folder.stop_if_cancelled()
            folder.progress(min(share, 0.999), 1.0, message)

        options = specification.options_as(EvaluateOptions)
        store = store_of(specification, context)
        if options.reference == "smap":
            self._with_smap(store, specification, folder, context, step)
            return
        method: Background = SoilColumns(store, specification.depths) if options.method == "column" else Networks(
            store, models_of(specification, context), options.vegetation, options.threads)
        result = evaluate(store, method, specification.days, only=options.stations, management=options.management,
                          readings=options.readings, step=step)
        for warning in result.warnings:
            folder.log(f"{warning.message} {warning.hint}", "warning")
        table, scores = folder.temporary("station_comparison.csv"), folder.temporary("station_metrics.json")
        result.write(table, scores)
        folder.add_output(table, "table")
        folder.add_output(scores, "metrics")
        folder.progress(1.0, 1.0, "Finished")

    def _with_smap(self, store: Store, specification: Specification, folder: JobFolder, context: Context,
                   step: Callable[[float, str], None]) -> None:
        """Make ``smap_comparison.csv`` and ``smap_metrics.json``."""
        from deepsoil.evaluation.cell_comparison import DEPTH_CM
        from deepsoil.evaluation.smap import compare_with_smap

        if DEPTH_CM not in specification.depths:
            raise DeepSoilError("specification_invalid", "SMAP is compared with maps of {depth} cm.",
                                "Ask for this depth.", "depths_cm", depth=DEPTH_CM)
        model = models_of(specification, context)[DEPTH_CM]
        result = compare_with_smap(store, model, specification.days,
                                   threads=specification.options_as(EvaluateOptions).threads or 0, step=step)
        table, scores = folder.temporary("smap_comparison.csv"), folder.temporary("smap_metrics.json")
        result.write(table, scores)
        folder.add_output(table, "table")
        folder.add_output(scores, "metrics")
        folder.progress(1.0, 1.0, "Finished")


KIND = Evaluate()
