"""The table of fields of a prediction: outline and figures of every field on the last day, as GeoJSON.

What stands in it is read from the products: what their maps show, and what those of soil columns say of their field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from shapely.geometry import shape

from deepsoil.areas import area_m2
from deepsoil.contract import json_text
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import named_outlines
from deepsoil.contract.options import PredictOptions
from deepsoil.field.field_figures import FIGURES
from deepsoil.inference.plan import cover_area
from deepsoil.inference.product import file_name
from deepsoil.kinds.region_and_models import store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context

FIGURES_TAG = "DEEPSOIL_FIELD_FIGURES"
"""Of products by soil columns: figures of the field on the day, as JSON."""

OUTSIDE, NO_SOIL, NO_MAP = "outside", "no_soil", "failed"
_LOWER_PERCENT, _UPPER_PERCENT = 10.0, 90.0


def output_name(day: date) -> str:
    """Of the table of a day."""
    return f"fields_{day.isoformat()}.geojson"


def publish(specification: Specification, folder: JobFolder, context: Context,
            failed: Mapping[int, DeepSoilError] | None = None) -> None:
    """Write the table as an output, where it is asked for. ``failed``: by number of the field, why it has no map."""
    if not specification.options_as(PredictOptions).field_table:
        return
    day, store = specification.days[-1], store_of(specification, context)
    inside = {one.number: one for one in cover_area(specification, store).inside}
    features = []
    outlines = named_outlines(specification.area_document)
    for number, (name, outline) in enumerate(outlines, 1):
        key = None if name is None else number
        folder.stop_if_cancelled()
        figures = _figures(folder.outputs_path if key in inside else None, specification.depths, day, key)
        problem = _problem(figures, key in inside, (failed or {}).get(number))
        features.append({"type": "Feature", "geometry": outline, "properties": {
            "number": number, "name": name or specification.name, "day": day.isoformat(),
            "area_ha": round(area_m2(shape(outline)) / 1e4, 2), **figures, **problem}})
    draft = folder.temporary(output_name(day))
    document = {"type": "FeatureCollection", "name": draft.stem.removeprefix(".part-"), "features": features}
    draft.write_text(json_text.write(document), encoding="utf-8")
    folder.add_output(draft, "table", date=day)


def _problem(figures: Mapping[str, Any], covered: bool, error: DeepSoilError | None) -> dict[str, str | None]:
    """Why a field has no figures: a word, and a sentence where there is one."""
    if not covered:
        return {"problem": OUTSIDE, "problem_text": None}
    if error is not None:
        return {"problem": NO_MAP, "problem_text": f"{error.message} {error.hint}".strip()}
    if not figures.get("pixels"):
        return {"problem": NO_SOIL, "problem_text": None}
    return {"problem": None, "problem_text": None}


def _figures(folder: Path | None, depths: list[int], day: date, number: int | None) -> dict[str, Any]:
    """Of one field, whose maps are in ``folder``: what they show, and its water; null where there is nothing of it."""
    found: dict[str, Any] = {"pixels": 0}
    of_water: Mapping[str, Any] = {}
    for depth_cm in depths:
        values, tags = (np.empty(0), {}) if folder is None else _product(
            folder / file_name(depth_cm, day.isoformat(), number))
        names = [f"theta_{depth_cm}cm{end}" for end in ("", "_p10", "_p90")]
        if values.size:
            found["pixels"] = int(values.size)
            low, high = np.percentile(values, (_LOWER_PERCENT, _UPPER_PERCENT))
            found |= dict(zip(names, (round(float(one), 4) for one in (values.mean(), low, high)), strict=True))
        else:
            found |= dict.fromkeys(names)
        of_water = of_water or _of_tag(tags)
    lacking, limit = of_water.get("depletion_mm"), of_water.get("limit_mm")
    need = round(lacking / limit, 3) if lacking is not None and limit else None
    return {**found, "need": need, **{name: of_water.get(name) for name in FIGURES}}


def _product(path: Path) -> tuple[np.ndarray, Mapping[str, str]]:
    """θ (n,) of a product's pixels, and its tags; nothing where there is no such product."""
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            values = raster.read(1, masked=True).compressed() * raster.scales[0]
            return values, raster.tags()
    except (OSError, RasterioError):
        return np.empty(0), {}


def _of_tag(tags: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        document = json_text.parse(tags.get(FIGURES_TAG, "{}"))
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
