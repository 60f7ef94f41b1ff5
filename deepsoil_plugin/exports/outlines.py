"""The outlines of fields with their figures, as GeoPackage and as shapefile, in longitude and latitude.

The names of the attributes have at most ten characters, plain ones, since the terminals of tractors read no others.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from osgeo import gdal, ogr, osr

from ..text import quantities
from .figures import Figures
from .gdal_errors import Check, opened, strict
from .items import Item
from .raster import NODATA, rows_of
from .wishes import SHAPEFILE, Wishes

PARTS = {SHAPEFILE: ("shp", "shx", "dbf", "prj", "cpg")}
"""The files of a format, where it has several."""

DRIVERS = {SHAPEFILE: "ESRI Shapefile"}
_LONGEST = 10
_SHORT = {"available_mm": "AVMM", "available_percent": "AVPC", "depletion_mm": "DEPL", "drainage_mm": "DRAIN",
          "refill_mm": "REFILL"}
_FIGURES = (("MEAN", "mean"), ("P10", "p10"), ("P90", "p90"))
NAME_BYTES = 80


@dataclass
class FieldDay:
    """A field on a day: its outline, and the figures of its maps by what they show."""

    name: str
    day: str
    outline: ogr.Geometry | None
    figures: dict[str, Figures] = field(default_factory=dict)


def outline_of(item: Item, check: Check) -> ogr.Geometry | None:
    """The field's outline, of several parts; where it is not known, that of the map's pixels. None: there is none."""
    if item.outline is not None:
        shape = ogr.CreateGeometryFromJson(json.dumps(item.outline))
    else:
        with strict(item.source, check):
            shape = _traced(item.source, check)
    return None if shape is None or shape.IsEmpty() else ogr.ForceToMultiPolygon(shape)


def write_outlines(path: Path, form: str, days: Sequence[FieldDay], wishes: Wishes) -> None:
    """One feature for each field and day. ``form``: one of the wishes. OSError where they cannot be written."""
    whats = sorted({what for day in days for what in day.figures}, key=quantities.order)
    with strict(path, lambda: None):
        source = ogr.GetDriverByName(DRIVERS.get(form, "GPKG")).CreateDataSource(str(path))
        layer = source.CreateLayer(path.stem, wgs84(), ogr.wkbMultiPolygon, ["ENCODING=UTF-8"] * (form == SHAPEFILE))
        names = {what: names_of_attributes(what) for what in whats}
        define(layer, "FIELD", ogr.OFTString, NAME_BYTES)
        define(layer, "DATE", ogr.OFTDate)
        define(layer, "AREA_HA", ogr.OFTReal, 12, 4)
        for what in whats:
            for name in names[what]:
                define(layer, name, ogr.OFTReal, 12, 4)
        define(layer, "UNIT_SOIL", ogr.OFTString, 8)
        define(layer, "UNIT_WATER", ogr.OFTString, 8)
        layer.StartTransaction()
        for one in days:
            feature = _feature(layer.GetLayerDefn(), one, names, wishes)
            layer.CreateFeature(feature)
        layer.CommitTransaction()
        feature = layer = None
        source.FlushCache()
        source = None


def names_of_attributes(what: str) -> tuple[str, ...]:
    """Of mean, p10, p90 and the share below the threshold: ``SM20_MEAN``, …"""
    short = _SHORT.get(what) or (f"SM{what}" if what not in quantities.WATER else what.replace("_", "").upper())
    return tuple(f"{short[:_LONGEST - 1 - len(end)]}_{end}" for end in (*(end for end, _ in _FIGURES), "LOW"))


def short_text(text: str, most: int) -> str:
    """A text of at most so many bytes, as an attribute can hold."""
    return text.encode("utf-8")[:most].decode("utf-8", "ignore")


def set_day(feature: ogr.Feature, name: str, day: dt.date) -> None:
    feature.SetField(name, day.year, day.month, day.day, 0, 0, 0, 0)


def define(layer: ogr.Layer, name: str, kind: int, width: int = 0, decimals: int = 0) -> None:
    """Add an attribute."""
    definition = ogr.FieldDefn(name, kind)
    definition.SetWidth(width)
    definition.SetPrecision(decimals)
    layer.CreateField(definition)


def _feature(definition: ogr.FeatureDefn, one: FieldDay, names: dict[str, tuple[str, ...]], wishes: Wishes,
             ) -> ogr.Feature:
    feature = ogr.Feature(definition)
    feature.SetField("FIELD", short_text(one.name, NAME_BYTES))
    if one.day:
        set_day(feature, "DATE", dt.date.fromisoformat(one.day))
    for what, figures in one.figures.items():
        feature.SetField("AREA_HA", figures.area_ha)
        for name, value in zip(names[what], (*(getattr(figures, key) for _, key in _FIGURES), figures.below),
                               strict=True):
            if math.isfinite(value):
                feature.SetField(name, value)
    feature.SetField("UNIT_SOIL", wishes.soil_unit)
    feature.SetField("UNIT_WATER", wishes.water_unit)
    if one.outline is not None:
        feature.SetGeometry(one.outline)
    return feature


def _traced(path: Path, check: Check) -> ogr.Geometry | None:
    """Round all pixels that have a value, in longitude and latitude."""
    dataset = opened(path)
    mask = gdal.GetDriverByName("MEM").Create("", dataset.RasterXSize, dataset.RasterYSize, 1, gdal.GDT_Byte)
    mask.SetGeoTransform(dataset.GetGeoTransform())
    band = mask.GetRasterBand(1)
    for first, values in rows_of(dataset.GetRasterBand(1), check):
        band.WriteArray((values != NODATA).astype(np.uint8), 0, first)
    own = dataset.GetSpatialRef().Clone()
    own.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    memory = ogr.GetDriverByName("Memory").CreateDataSource("")
    layer = memory.CreateLayer("", own, ogr.wkbPolygon)
    gdal.Polygonize(band, band, layer, -1, [])
    parts = ogr.Geometry(ogr.wkbMultiPolygon)
    for feature in layer:
        parts.AddGeometry(feature.GetGeometryRef())
    if parts.IsEmpty():
        return None
    parts.Transform(osr.CoordinateTransformation(own, wgs84()))
    return parts


def wgs84() -> osr.SpatialReference:
    """Longitude and latitude, in this order."""
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(4326)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs
