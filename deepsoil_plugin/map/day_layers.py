"""Layers that stand for many days show one of them: another day is another file of the same layer.

Style, legend, place in the tree and whatever the user has changed stay; what tells of the day (name, metadata, the
stretch of time in which the layer is seen) goes with it. One file at a time keeps Identify to the values of that day,
and a project with a year of days opens as fast as one with a single map.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from qgis.core import QgsDataProvider, QgsProject, QgsRasterLayer

from ..text import dates as text_dates
from ..text.translate import tr
from . import day_maps, geotiff, interval_style, layer_tree, metadata, style, temporal


def of_project(project: QgsProject) -> Iterator[QgsRasterLayer]:
    """Every layer that stands for several days."""
    return (layer for layer in project.mapLayers().values()
            if isinstance(layer, QgsRasterLayer) and layer.customProperty(layer_tree.DAY_MAPS))


def shown_day(layer: QgsRasterLayer) -> str:
    """The day (ISO) that a layer shows."""
    return str(layer.customProperty(layer_tree.DATE) or "")


def days_of_job(project: QgsProject, job_id: str) -> tuple[list[str], str]:
    """The days (ISO, in order) of a job's layers, and the newest that one of them shows; empty where it has none.
    ``job_id`` empty: of the layers that stand in no group of a job.
    """
    layers = [layer for layer in of_project(project) if str(layer.customProperty(layer_tree.JOB) or "") == job_id]
    days = sorted({day for layer in layers for day in day_maps.days(layer)})
    return days, max(map(shown_day, layers), default="")


def show_day(layer: QgsRasterLayer, day: str) -> bool:
    """Let a layer show another of its days (ISO). False where it has no map of that day, or its file cannot be opened;
    then it shows what it showed.
    """
    output = day_maps.output_of(layer, day)
    if output is None or not geotiff.is_whole(output["path"]):
        return False
    shown = layer.customProperty(layer_tree.NAME) == layer.name()
    request = str(layer.customProperty(layer_tree.FIELD) or "")
    _set_source(layer, output["path"])
    product = metadata.read_product(output["path"])
    metadata.describe(layer, product, {"depth_cm": _depth_of(layer), **output}, request)
    tell_day(layer, product, rename=shown)
    if interval_style.is_shown(layer) and not interval_style.has_interval(layer):
        style.apply(layer)
    layer.triggerRepaint()
    return True


def tell_day(layer: QgsRasterLayer, product: metadata.Product, rename: bool = True) -> None:
    """Bring name and stretch of time of a layer in step with the day of its map."""
    if not (day := shown_day(layer)):
        return
    date = dt.date.fromisoformat(day)
    temporal.set_day(layer, date)
    if rename:
        several = layer.customProperty(layer_tree.DAY_MAPS) is not None
        if layer.customProperty(layer_tree.JOB):
            field = str(layer.customProperty(layer_tree.OF_FIELDS) or "")
            name = (f"{field} · {text_dates.day_text(date)}" if field and several else
                    field or text_dates.layer_name(layer_tree.what_of_layer(layer), date, several))
            name = f"{name} · {tr('forecast')}" if product.forecast else name
        else:
            name = name_alone(product, several)
        layer.setName(name)
        layer.setCustomProperty(layer_tree.NAME, name)


def name_alone(product: metadata.Product, several: bool) -> str:
    """What a layer is called that stands in no group of a job: field, quantity, day where it has ``several``, and what
    its group would say. Empty where the file does not tell.
    """
    if not product.what or product.day is None:
        return ""
    name = text_dates.layer_name(product.what, product.day, several)
    words = [product.field, name, tr("forecast") if product.forecast else "",
             text_dates.synthetic_text() if product.synthetic else ""]
    return " · ".join(word for word in words if word)


def _depth_of(layer: QgsRasterLayer) -> int | None:
    depth = str(layer.customProperty(layer_tree.DEPTH) or "")
    return int(depth) if depth.isdigit() else None


def _set_source(layer: QgsRasterLayer, path: str) -> None:
    """QGIS's own work: open the file and give it the style of the former."""
    layer.setDataSource(path, layer.name(), "gdal", QgsDataProvider.ProviderOptions(), QgsDataProvider.ReadFlags())
