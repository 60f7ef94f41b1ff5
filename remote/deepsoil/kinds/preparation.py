"""From a specification as sent to one that can run: the region, the models, and whether anything stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import Specification, parse_specification
from deepsoil.jobs.runner import require_handler

if TYPE_CHECKING:
    from deepsoil.kinds.context import Context


def prepare(specification: Specification, context: Context) -> Specification:
    """The specification with region and models filled in.

    Raises
    ------
    DeepSoilError
        The region or a model is unknown, does not fit, or the kind of job is not available; a configuration of a
        training is wrong, or what it names is not there; Slurm is asked for and not there.
    """
    require_handler(specification.kind)
    if specification.by_slurm:
        from deepsoil.schedulers.slurm.commands import Slurm

        Slurm.require()
    if specification.kind == "train":
        from deepsoil.training.configuration_catalogue import require_files
        from deepsoil.training.requested_configurations import requested

        require_files(requested(specification.options))
    if specification.kind not in ("predict", "evaluate"):
        return specification
    region = specification.region
    if region is None:
        region = context.regions.covering(specification.area_geometry)
    else:
        context.regions.path(region)
    models = {}
    chosen: dict[str, str] = dict(specification.to_dict().get("models", {}))
    for depth_cm in specification.depths:
        model = context.library.find(chosen.get(str(depth_cm)) or depth_cm)
        if model.contract.depth_cm != depth_cm:
            raise DeepSoilError("model_depth", "The model '{id}' is for {depth_cm} cm.",
                                "Choose a model for {depth_cm_2} cm.", f"models.{depth_cm}",
                                id=model.id, depth_cm=model.contract.depth_cm, depth_cm_2=depth_cm)
        models[str(depth_cm)] = model.id
    return specification.filled(region=region, models=models)


def estimate(document: Any, context: Context) -> dict[str, Any]:
    """What a job would take and what stands in its way; never an error for what the user can put right."""
    unknown: dict[str, Any] = {"area_ha": None, "pixels": None, "windows": None, "seconds": None, "bytes": None,
                               "region": None, "warnings": []}
    try:
        specification = prepare(parse_specification(document), context)
        told = {**unknown, "region": specification.region, "problems": []}
        if specification.kind == "predict":
            from deepsoil.inference.job import estimate as estimate_prediction

            told |= estimate_prediction(specification, context)
        if specification.by_slurm and specification.resources is not None:
            from deepsoil.schedulers.slurm.accept import doubts

            told["warnings"] = [*told["warnings"], *doubts(specification.resources)]
        return told
    except DeepSoilError as error:
        return {**unknown, "problems": [error.to_dict()]}


def require_possible(specification: Specification, context: Context) -> None:
    """Raise the first thing that stands in the way of a prediction, before it is queued."""
    if specification.kind != "predict":
        return
    from deepsoil.inference.job import estimate as estimate_prediction

    for problem in estimate_prediction(specification, context)["problems"]:
        raise DeepSoilError.from_dict(problem)
