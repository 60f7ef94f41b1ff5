"""Zones of need as an output of a prediction: made from its maps of the last day, field by field, as GeoJSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from deepsoil.areas import area_m2
from deepsoil.contract import json_text
from deepsoil.contract.management import management_of
from deepsoil.contract.options import ZONES_NEED, PredictOptions
from deepsoil.field.allowed import allowed_depletion
from deepsoil.inference.fields import Field
from deepsoil.inference.plan import cover_area
from deepsoil.inference.product import water_file_name
from deepsoil.inference.quantities import OF_ROOT_ZONE
from deepsoil.inference.target import Target
from deepsoil.inference.zone_ground import areas_inside, filled_to_the_edge, outlines
from deepsoil.inference.zones import CLASSES, zones_of
from deepsoil.kinds.region_and_models import store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.folder import JobFolder
    from deepsoil.jobs.kind import Context

Array = NDArray[np.float64]

_M2 = 1e4  # in a hectare


def publish(specification: Specification, folder: JobFolder, context: Context) -> None:
    """Write the zones as an output, where they are asked for. A field whose maps are not there has none."""
    options = specification.options_as(PredictOptions)
    if options.zones is None:
        return
    day, output = specification.days[-1], specification.output
    features: list[dict[str, Any]] = []
    alike, several = 0, 0
    for field in cover_area(specification, store_of(specification, context)).inside:
        folder.stop_if_cancelled()
        target = Target.of(field.coverage.inside, output.crs, output.resolution_m)
        maps = [_bands(folder.outputs_path / water_file_name(OF_ROOT_ZONE[name], day.isoformat(), field.number))
                for name in ZONES_NEED]
        allowed = allowed_depletion(management_of(options.management, field.name))
        made = list(_zones(field, target, maps, allowed, options.zones.minimum_ha))
        alike, several = alike + (len(made) == 1), several + (len(made) > 1)
        features += [{**one, "properties": {"field": field.name or specification.name, "day": day.isoformat(),
                                            **one["properties"]}} for one in made]
    name = f"zones_{day.isoformat()}.geojson"
    draft = folder.temporary(name)
    document = {"type": "FeatureCollection", "name": Path(name).stem, "features": features}
    draft.write_text(json_text.write(document), encoding="utf-8")
    folder.add_output(draft, "other", date=day)
    folder.log(f"Zones: {several} fields have several, {alike} are one zone each, because no part of them differs from "
               "the others by more than the interval of the map")


def _zones(field: Field, target: Target, maps: list[tuple[Array, Array] | None], allowed: float, minimum_ha: float,
           ) -> Iterator[dict[str, Any]]:
    """The features of the zones of one field; ``maps``: of `ZONES_NEED`, with their half-widths."""
    percent, refill = maps
    if percent is None or refill is None or not np.isfinite(percent[0]).any():
        return
    areas = areas_inside(target)
    scale = area_m2(field.coverage.inside) / target.outline.area  # the plane of a projection is not quite true
    need, half_width, mm, mm_half_width = (filled_to_the_edge(values, target) for values in (
        np.maximum(100.0 - percent[0], 0.0) / 100.0 / allowed, percent[1] / 100.0 / allowed, *refill))
    zones, numbers = zones_of(need, np.nan_to_num(half_width), areas * scale, minimum_ha * _M2)
    found = outlines(numbers, target)
    for zone in zones:
        if found[zone.number].is_empty:
            continue
        mean, half = (_mean(values, areas, numbers == zone.number) for values in (mm, mm_half_width))
        yield {"type": "Feature", "geometry": shapely.geometry.mapping(found[zone.number]), "properties": {
            "zone": zone.number, "zones": len(zones), "need_class": CLASSES[zone.level], "need": round(zone.need, 3),
            "need_half_width": round(zone.half_width, 3), "area_ha": round(area_m2(found[zone.number]) / _M2, 3),
            "refill_mm": round(mean, 1), "refill_mm_lower": round(max(0.0, mean - half), 1),
            "refill_mm_upper": round(mean + half, 1)}}


def _mean(values: Array, areas: Array, some: NDArray[np.bool_]) -> float:
    """Over the pixels ``some``, by area."""
    known = some & np.isfinite(values) & (areas > 0)
    return float(np.average(values[known], weights=areas[known])) if known.any() else 0.0


def _bands(path: Path) -> tuple[Array, Array] | None:
    """Values and half-widths (H, W) of a product, NaN where there is none; None where it is not there."""
    try:
        with rasterio.open(path, driver="GTiff") as raster:
            value, half_width = (np.where(mask > 0, band * scale, np.nan) for band, mask, scale in zip(
                raster.read(), raster.read_masks(), raster.scales, strict=True))
            return value, half_width
    except (OSError, RasterioError, ValueError):
        return None
