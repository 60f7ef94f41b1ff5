"""The product of one day and depth becomes an output of its job."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from deepsoil import __version__
from deepsoil.inference.product import Mosaic, file_name, write_product

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.inference.plan import PredictionPlan
    from deepsoil.jobs.folder import JobFolder


def publish_map(specification: Specification, folder: JobFolder, plan: PredictionPlan, depth_cm: int, day: date,
                mosaic: Mosaic) -> None:
    """Write the product of a day and a depth and make it an output of ``folder``."""
    layer, name = plan.layers[depth_cm], file_name(depth_cm, day.isoformat())
    tags = {"DEEPSOIL_DEPTH_CM": str(depth_cm), "DEEPSOIL_DATE": day.isoformat(), "DEEPSOIL_MODEL": layer.model.id,
            "DEEPSOIL_MODEL_VERSION": layer.model.contract.version, "DEEPSOIL_ENGINE": __version__,
            "DEEPSOIL_JOB": specification.id, "DEEPSOIL_REGION": specification.region or plan.store.name,
            "DEEPSOIL_SYNTHETIC": "yes" if plan.store.synthetic else "no",
            "DEEPSOIL_MISSING": ",".join(layer.stack.missing)}
    title = f"Volumetric soil moisture at {depth_cm} cm, {day.isoformat()}"
    draft = write_product(folder.temporary(name), mosaic, plan.target, title=title, tags=tags)
    folder.add_output(draft, "map", depth_cm, day)
    folder.log(f"{name} is finished")
