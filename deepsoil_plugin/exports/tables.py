"""The table of fields as CSV and as XLSX. Numbers are numbers, and no text is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from osgeo import ogr

from ..text import quantities
from ..text.table_cells import guarded
from .figures import Figures
from .gdal_errors import strict
from .items import Item

COLUMNS = ("field", "quantity", "depth_cm", "date", "pixels", "area_ha", "mean", "minimum", "p10", "median", "p90",
           "maximum", "mean_half_width", "threshold", "below_threshold_percent", "unit", "mean_mm", "water_m3",
           "file")
_TEXTS = ("field", "quantity", "unit", "file")
_WHOLE = ("depth_cm", "pixels")
_SHEET = "soil moisture"


def row_of(item: Item, figures: Figures, file: str) -> list[Any]:
    """One line of the table; None for what is not known. ``file``: the name of the map's file, or empty."""
    quantity, depth = (item.what, None) if item.what in quantities.WATER else ("soil_moisture", int(item.what or 0))
    numbers = (figures.area_ha, figures.mean, figures.minimum, figures.p10, figures.median, figures.p90,
               figures.maximum, figures.half_width, figures.threshold, figures.below)
    return [item.field, quantity, depth or None, item.date, figures.pixels, *(_known(number) for number in numbers),
            figures.unit, _known(figures.mean_mm), _known(figures.volume_m3), file]


def write_csv(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([["" if cell is None else guarded(cell) for cell in row] for row in rows])


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    """By QGIS's own driver, which writes a text as a text. OSError where it cannot be written."""
    with strict(path, lambda: None):
        source = ogr.GetDriverByName("XLSX").CreateDataSource(str(path))
        layer = source.CreateLayer(_SHEET)
        for name in COLUMNS:
            layer.CreateField(ogr.FieldDefn(name, _type(name)))
        for row in rows:
            feature = ogr.Feature(layer.GetLayerDefn())
            for number, cell in enumerate(row):
                _put(feature, number, cell)
            layer.CreateFeature(feature)
        feature = layer = None
        source.FlushCache()
        source = None


def _type(name: str) -> int:
    if name in _TEXTS:
        return int(ogr.OFTString)
    if name == "date":
        return int(ogr.OFTDate)
    return int(ogr.OFTInteger64 if name in _WHOLE else ogr.OFTReal)


def _put(feature: ogr.Feature, number: int, cell: Any) -> None:
    if cell is None or cell == "":
        return
    if COLUMNS[number] == "date":
        day = dt.date.fromisoformat(cell)
        feature.SetField(number, day.year, day.month, day.day, 0, 0, 0, 0)
    elif isinstance(cell, str):
        feature.SetField(number, "".join(c if c >= " " or c in "\t\n" else " " for c in cell))  # XML has no others
    else:
        feature.SetField(number, cell)


def _known(number: float) -> float | None:
    return number if math.isfinite(number) else None
