"""Zones of need for water as GeoPackage and as shapefile: those that the engine wrote beside the maps, for the fields
and days that are exported. In longitude and latitude; the names of the attributes have at most ten characters.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from osgeo import ogr

from ..text.translate import tr
from .figures import DamagedError
from .gdal_errors import strict
from .items import Item
from .outlines import DRIVERS, NAME_BYTES, define, set_day, short_text, wgs84
from .wishes import SHAPEFILE

LARGEST_BYTES = 200_000_000
_TEXTS = (("FIELD", "field", NAME_BYTES), ("NEED_CLASS", "need_class", 20))
_WHOLE = (("ZONE", "zone"), ("ZONES", "zones"))
_NUMBERS = (("AREA_HA", "area_ha"), ("NEED", "need"), ("NEED_PM", "need_half_width"), ("REFILL_MM", "refill_mm"),
            ("REFILL_LOW", "refill_mm_lower"), ("REFILL_UP", "refill_mm_upper"))

Zone = Mapping[str, Any]
"""A GeoJSON feature."""


def files_of(items: Iterable[Item]) -> list[Path]:
    """The zones beside the maps, one file a day of a job, as far as there are any."""
    wanted = dict.fromkeys(item.source.parent / f"zones_{item.date}.geojson" for item in items if item.date)
    return [path for path in wanted if path.is_file()]


def zones_of(path: Path, fields: Iterable[str]) -> list[Zone]:
    """The zones of these fields. DamagedError where the file cannot be read."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise DamagedError(tr("{0} is too large").format(path.name))
        document = json.loads(path.read_text(encoding="utf-8"))
        names = set(fields)
        return [feature for feature in document["features"] if feature["properties"]["field"] in names]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedError(tr("{0} is missing or damaged").format(path.name)) from error


def write_zones(path: Path, form: str, zones: Sequence[Zone]) -> None:
    """One feature for each zone. ``form``: one of the wishes' outlines. OSError where they cannot be written."""
    with strict(path, lambda: None):
        source = ogr.GetDriverByName(DRIVERS.get(form, "GPKG")).CreateDataSource(str(path))
        layer = source.CreateLayer(path.stem, wgs84(), ogr.wkbMultiPolygon, ["ENCODING=UTF-8"] * (form == SHAPEFILE))
        for name, _, width in _TEXTS:
            define(layer, name, ogr.OFTString, width)
        define(layer, "DATE", ogr.OFTDate)
        for name, _ in _WHOLE:
            define(layer, name, ogr.OFTInteger)
        for name, _ in _NUMBERS:
            define(layer, name, ogr.OFTReal, 12, 4)
        layer.StartTransaction()
        for zone in zones:
            feature = _feature(layer.GetLayerDefn(), zone)
            layer.CreateFeature(feature)
        layer.CommitTransaction()
        feature = layer = None
        source.FlushCache()
        source = None


def _feature(definition: ogr.FeatureDefn, zone: Zone) -> ogr.Feature:
    feature, told = ogr.Feature(definition), zone["properties"]
    for name, key, width in _TEXTS:
        feature.SetField(name, short_text(str(told.get(key) or ""), width))
    try:
        set_day(feature, "DATE", dt.date.fromisoformat(str(told.get("day"))))
    except ValueError:
        feature.SetFieldNull("DATE")
    for name, key in (*_WHOLE, *_NUMBERS):
        value = told.get(key)
        if isinstance(value, int | float) and math.isfinite(value):
            feature.SetField(name, value)
    shape = ogr.CreateGeometryFromJson(json.dumps(zone.get("geometry")))
    if shape is not None:
        feature.SetGeometry(ogr.ForceToMultiPolygon(shape))
    return feature
