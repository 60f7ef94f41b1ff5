"""The figures of a map over its field: mean, shares, area, water. Exact: every stored value is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..map import geotiff
from ..text import quantities
from ..text.quantities import MM
from ..text.translate import tr
from .gdal_errors import Check, opened, strict
from .items import Item
from .raster import NODATA, SCALE, rows_of
from .wishes import Wishes

_M2_PER_HA = 10_000.0
_M3_PER_MM_HA = 10.0
_NONE = float("nan")


@dataclass(frozen=True)
class Figures:
    """In ``unit``; NaN where the map has no pixel with a value, or the figure makes no sense for it.

    half_width: the mean half-width of the 90 % interval; below: % of the pixels that are drier than ``threshold``;
    mean_mm: of water that is a height; volume_m3: the same over the field.
    """

    unit: str
    pixels: int
    area_ha: float
    mean: float
    minimum: float
    p10: float
    median: float
    p90: float
    maximum: float
    half_width: float
    threshold: float
    below: float
    mean_mm: float
    volume_m3: float


class DamagedError(Exception):
    """A map that cannot be read; its text says which."""


def figures_of(item: Item, wishes: Wishes, check: Check) -> Figures:
    """The figures of a map. DamagedError where it cannot be read to its last pixel."""
    try:
        if not geotiff.is_whole(str(item.source)):
            raise DamagedError(tr("{0} is missing or damaged").format(item.source.name))
        with strict(item.source, check):
            dataset = opened(item.source)
            counts = [_counts(dataset.GetRasterBand(number + 1), check) for number in range(dataset.RasterCount)]
            scale = dataset.GetRasterBand(1).GetScale() or SCALE
            transform, feet = dataset.GetGeoTransform(), dataset.GetSpatialRef()
    except OSError as error:
        raise DamagedError(tr("{0} cannot be read to its end").format(item.source.name)) from error
    linear = (feet.GetLinearUnits() or 1.0) if feet is not None else 1.0
    pixel_m2 = abs(transform[1] * transform[5]) * linear**2
    return from_counts(counts, scale, pixel_m2, item.what, wishes)


def from_counts(counts: list[np.ndarray], scale: float, pixel_m2: float, what: str, wishes: Wishes) -> Figures:
    """From how often each stored value, a number of steps of ``scale``, occurs in each of the bands."""
    unit, factor = wishes.unit_of(what)
    pixels, mean, low, p10, median, p90, high = summary_of(counts[0], scale)
    half = summary_of(counts[1], scale)[1] if len(counts) > 1 else _NONE
    threshold = wishes.threshold_of(what)
    below = _NONE
    if threshold is not None and pixels:
        below = 100.0 * float(counts[0][:max(0, int(np.ceil(round(threshold / scale, 6))))].sum()) / pixels
    height_mm = mean if quantities.UNITS.get(what, "").startswith(MM) else _NONE
    area_ha = pixels * pixel_m2 / _M2_PER_HA
    limit = _NONE if threshold is None else threshold
    mean, low, p10, median, p90, high, half, limit = (
        _rounded(value * factor) for value in (mean, low, p10, median, p90, high, half, limit))
    return Figures(unit, int(pixels), _rounded(area_ha), mean, low, p10, median, p90, high, half, limit,
                   _rounded(below), _rounded(height_mm), _rounded(height_mm * area_ha * _M3_PER_MM_HA))


def summary_of(counts: np.ndarray, scale: float) -> tuple[float, ...]:
    """Pixels, mean, minimum, 10 %, median, 90 % and maximum."""
    known = counts[:NODATA]
    pixels = int(known.sum())
    if not pixels:
        return (0, *[_NONE] * 6)
    values = np.flatnonzero(known)
    reached = np.cumsum(known)
    shares = [int(np.searchsorted(reached, part * pixels)) for part in (0.1, 0.5, 0.9)]
    raw = (float((values * known[values]).sum() / pixels), values[0], *shares, values[-1])
    return (pixels, *(float(value) * scale for value in raw))


def _counts(band: object, check: Check) -> np.ndarray:
    """Products hold whole numbers below 65536, so that counting each value once is all that is needed."""
    counts = np.zeros(NODATA + 1, np.int64)
    for _, values in rows_of(band, check):
        counts += np.bincount(values.ravel(), minlength=NODATA + 1)
    return counts


def _rounded(value: float) -> float:
    return round(float(value), 4)
