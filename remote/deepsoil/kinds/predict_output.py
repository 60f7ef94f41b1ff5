"""The product of one day and depth becomes an output of its job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from deepsoil import __version__
from deepsoil.inference import foreseen, intervals
from deepsoil.inference.product import Mosaic, file_name, write_product
from deepsoil.inference.quantities import SOIL_MOISTURE

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.inference.plan import PredictionPlan
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.store.store import Store


def attribution_tags(store: Store) -> dict[str, str]:
    """Whom the users of a map must name, because of the data that it was made from."""
    return {"DEEPSOIL_ATTRIBUTION": store.attribution} if store.attribution else {}


def log_notes(folder: JobFolder, plan: PredictionPlan) -> None:
    """What the user should know of all maps of a prediction: the plan's warnings, and models without intervals."""
    for warning in plan.warnings():
        folder.log(f"{warning.message} {warning.hint}", "warning")
    for model in plan.without_intervals():
        folder.log(f"The model {model} was never calibrated: its maps have no intervals")


def map_names(plan: PredictionPlan, block: int, depth_cm: int, day: date) -> dict[int, str]:
    """By field of a block (its position in the plan) the name of its map of a day and a depth."""
    return {position: file_name(depth_cm, day.isoformat(), plan.fields.inside[position].number)
            for position in plan.blocks[block]}


def publish_map(specification: Specification, folder: JobFolder, plan: PredictionPlan, position: int, depth_cm: int,
                day: date, mosaic: Mosaic, more_tags: Mapping[str, str]) -> None:
    """Write the product of a field (its position in the plan), a day and a depth and make it an output of ``folder``.

    ``mosaic``: θ of the field's block; where it has no half-widths, those of the model's calibration are put in.
    ``more_tags``: what it says of the readings that it rests on.
    """
    layer, field, water = plan.layers[depth_cm], plan.fields.inside[position], plan.watering.fields[position]
    name = file_name(depth_cm, day.isoformat(), field.number)
    tags = {"DEEPSOIL_DEPTH_CM": str(depth_cm), "DEEPSOIL_DATE": day.isoformat(), "DEEPSOIL_MODEL": layer.model.id,
            "DEEPSOIL_MODEL_VERSION": layer.model.contract.version, "DEEPSOIL_ENGINE": __version__,
            "DEEPSOIL_JOB": specification.id, "DEEPSOIL_REGION": specification.region or plan.store.name,
            "DEEPSOIL_SYNTHETIC": "yes" if plan.store.synthetic else "no",
            **attribution_tags(plan.store), "DEEPSOIL_MISSING": ",".join(layer.stack.missing),
            "DEEPSOIL_WITHHELD": ",".join(layer.stack.withheld),
            **foreseen.tags(plan.store, day), **water.tags(day),
            **(intervals.tags(water.irrigation) if layer.model.contract.intervals is not None else {}), **more_tags}
    title = (f"{SOIL_MOISTURE.title} at {depth_cm} cm ({SOIL_MOISTURE.sign}), {day.isoformat()}"
             f"{foreseen.in_title(plan.store, day)}")
    if field.name is not None:
        tags["DEEPSOIL_FIELD"] = field.name
        title += f", {field.name}"
    draft = write_product(folder.temporary(name), intervals.with_intervals(mosaic, layer.model.contract),
                          plan.targets[position], title=title, tags=tags)
    folder.add_output(draft, "map", depth_cm, day, field.name)
    folder.log(f"{name} is finished")
