"""The figures of one map that its look depends on: mean, tenths and half-width. Read in a task, never on the windows'
thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from osgeo import gdal
from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ..text.translate import tr
from . import geotiff

_MOST_PIXELS = 4_000_000  # of a larger map so many, evenly spread
_NODATA = 65535


@dataclass(frozen=True)
class FieldFigures:
    """In the unit of the file. half_width: the median of the 90 % interval's; 0 where the map has none.
    told: the share of pixels that differ from the mean by more than that.
    """

    mean: float
    p10: float
    p90: float
    half_width: float
    told: float


def figures_of(path: str) -> FieldFigures | None:
    """None where the map cannot be read or has no value."""
    dataset = geotiff.opened(path) if geotiff.is_whole(path) else None
    if dataset is None:
        return None
    try:
        values, half_widths = (_values(dataset, band) for band in (1, 2))
    except RuntimeError:  # where GDAL's exceptions are on
        return None
    if not values.size:
        return None
    half_width = float(np.median(half_widths)) if half_widths.size else 0.0
    mean, (p10, p90) = float(values.mean()), np.percentile(values, [10, 90])
    return FieldFigures(mean, float(p10), float(p90), half_width, float((np.abs(values - mean) > half_width).mean()))


def _values(dataset: gdal.Dataset, number: int) -> np.ndarray:
    """The values (n,) of a band; none where there is no such band."""
    if dataset.RasterCount < number:
        return np.empty(0)
    band = dataset.GetRasterBand(number)
    step = max(1, round((dataset.RasterXSize * dataset.RasterYSize / _MOST_PIXELS) ** 0.5))
    size = {"buf_xsize": max(1, dataset.RasterXSize // step), "buf_ysize": max(1, dataset.RasterYSize // step)}
    stored = band.ReadAsArray(**size, resample_alg=gdal.GRIORA_NearestNeighbour)
    return np.empty(0) if stored is None else stored[stored != _NODATA] * (band.GetScale() or 1.0)


class FiguresTask(QgsTask):
    """``read(layer id, file, figures or None)``, in the windows' thread."""

    read = pyqtSignal(str, str, object)

    def __init__(self, layer_id: str, path: str) -> None:
        super().__init__(tr("Reading a soil moisture map"), QgsTask.Flag.CanCancel | QgsTask.Flag.Hidden)
        self._layer_id, self._path = layer_id, path
        self._figures: FieldFigures | None = None

    def run(self) -> bool:
        self._figures = figures_of(self._path)
        return self._figures is not None

    def finished(self, _well: bool) -> None:
        self.read.emit(self._layer_id, self._path, self._figures)
