"""Finished maps become layers of the project, as the dock has them: one for each field and quantity, which shows one of
its days, and the Temporal Controller the others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis import utils
from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
)

from ..map import day_layers, day_maps, layer_tree, metadata, style, temporal
from ..text.translate import tr

Warnings = Sequence[Mapping[str, Any]]


def load(maps: Sequence[str], warnings: Warnings, context: QgsProcessingContext, output: str) -> None:
    """Let Processing load maps (paths) as results of the parameter ``output``, the newest day of each layer."""
    together: dict[tuple[str, str], list[tuple[str, metadata.Product]]] = {}
    for path in maps:
        product = metadata.read_product(path)
        key = (product.field, product.what) if product.what and product.day else ("", path)
        together.setdefault(key, []).append((path, product))
    for found in together.values():
        found.sort(key=lambda one: one[1].day or dt.date.min)
        path, product = found[-1]
        name = day_layers.name_alone(product, len(found) > 1) or Path(path).stem
        details = QgsProcessingContext.LayerDetails(name, context.project(), output)
        dresser = LayerStyler(found, warnings)
        _dressers.append(dresser)  # Processing keeps only a pointer to it
        details.setPostProcessor(dresser)
        context.addLayerToLoadOnCompletion(path, details)


class LayerStyler(QgsProcessingLayerPostProcessorInterface):
    """Gives a loaded map the look, the days and the metadata that the dock's maps have."""

    def __init__(self, maps: Sequence[tuple[str, metadata.Product]], warnings: Warnings = ()) -> None:
        """``maps``: of one layer, by day; the last is the one that is loaded."""
        super().__init__()
        self._maps, self._warnings = list(maps), warnings

    def postProcessLayer(self, layer: Any, context: QgsProcessingContext, _feedback: QgsProcessingFeedback) -> None:
        _dressers.remove(self)
        if not isinstance(layer, QgsRasterLayer):
            return
        path, product = self._maps[-1]
        metadata.describe(layer, product, {"path": path, "name": Path(path).name}, product.field or tr("Processing"))
        layer.setCustomProperty(layer_tree.OF_FIELDS, product.field)
        layer.setCustomProperty(layer_tree.FIELD, product.field or tr("Processing"))
        if len(self._maps) > 1:
            day_maps.add(layer, [{"date": one.day.isoformat(), "name": Path(path).name} for path, one in self._maps
                                 if one.day is not None])
        style.apply(layer)
        metadata.note(layer, self._warnings)
        if product.day is not None:
            day_layers.tell_day(layer, product)
            self._offer_days(context.project())

    def _offer_days(self, project: QgsProject | None) -> None:
        """To the Temporal Controller, where there is a window."""
        days = [one.day for _, one in self._maps if one.day is not None]
        if len(days) > 1 and project is not None and utils.iface is not None:
            temporal.offer_days(utils.iface.mapCanvas().temporalController(), project, days[0], days[-1])


_dressers: list[LayerStyler] = []
