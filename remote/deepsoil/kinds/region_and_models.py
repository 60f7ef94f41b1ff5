"""The region and the models of a job that predicts: those that it names, else the engine's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.options import EvaluateOptions, PredictOptions

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context
    from deepsoil.models.library import Model
    from deepsoil.store.store import Store


def filled(specification: Specification, context: Context) -> Specification:
    """The specification with its region and its models, of which soil columns need none.

    DeepSoilError where one is unknown or does not fit.
    """
    region = specification.region
    if region is None:
        region = context.regions.covering(specification.area_document)
    else:
        context.regions.path(region)
    if isinstance(specification.options, PredictOptions | EvaluateOptions) and specification.options.method == "column":
        return specification.filled(region=region)
    models = {str(depth): model.id for depth, model in models_of(specification, context).items()}
    return specification.filled(region=region, models=models)


def models_of(specification: Specification, context: Context) -> dict[int, Model]:
    """By depth in cm, shallow first. DeepSoilError ``model_missing``, ``model_depth``, or what is wrong with a file."""
    chosen: dict[int, str] = {int(depth): name for depth, name in specification.models.items()}
    models = {}
    for depth_cm in specification.depths:
        model = context.library.find(chosen.get(depth_cm) or depth_cm)
        if model.contract.depth_cm != depth_cm:
            raise DeepSoilError("model_depth", "The model '{model}' is for {model_depth_cm} cm.",
                                "Choose a model for {depth_cm} cm.", f"models.{depth_cm}",
                                model=model.id, model_depth_cm=model.contract.depth_cm, depth_cm=depth_cm)
        models[depth_cm] = model
    return models


def store_of(specification: Specification, context: Context) -> Store:
    """The store of the region. DeepSoilError as the region or the store says."""
    return context.regions.get(specification.region or "")
