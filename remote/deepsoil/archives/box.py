"""The pixels that are gathered for a field: the field with the reach of the networks, in whole tiles. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from shapely.geometry.base import BaseGeometry

from deepsoil.archives.archive import Ask
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import TILE, Window, distance_km

MOST_KM = 100.0
"""Of a side of one gathered region: 100 km by 100 km are some 12 million pixels, and a store of a few GB."""

See = Callable[[Window], Window]
"""From the pixels of a field to those that the networks must see to map it."""


def ask_for(outline: BaseGeometry, start: date, end: date, today: date, see: See,
            maps_from: date | None = None) -> Ask:
    """What is asked of archives for a field in degrees; days as in `Ask`.

    Raises
    ------
    DeepSoilError
        ``area_too_large``, with its size.
    """
    west, south, east, north = box = see(Window.around(*outline.bounds)).align(TILE).bounds_lonlat
    middle = (south + north) / 2
    wide, high = float(distance_km(west, middle, east, middle)), float(distance_km(west, south, west, north))
    if max(wide, high) > MOST_KM:
        raise DeepSoilError("area_too_large", "The data would be of {wide:,.0f} km by {high:,.0f} km; at most "
                            "{most:,.0f} km by {most:,.0f} km can be fetched at once.", "Fetch the data of its parts "
                            "one after the other, or of each field alone.", "area", wide=wide, high=high, most=MOST_KM)
    return Ask(outline, box, start, end, today, maps_from)
