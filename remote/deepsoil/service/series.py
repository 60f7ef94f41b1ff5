"""The method about the series at a place."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, check_management
from deepsoil.contract.readings import Readings, check_readings
from deepsoil.depths import DEPTHS
from deepsoil.service.values import parsed_day, rounded

if TYPE_CHECKING:
    from deepsoil.field.series import Band, PixelSeries
    from deepsoil.field.what_if import FieldWater
    from deepsoil.models.library import Library
    from deepsoil.store.store import Store

LONGEST_DAYS = 3 * 366


def series(store: Store, library: Library, place: Sequence[Any], start: str, end: str, method: str | None = None,
           management: dict[str, Any] | None = None) -> dict[str, Any]:
    """θ and the water of the root zone at a place on every day from ``start`` to ``end``, as JSON.

    ``place``: longitude and latitude in degrees. ``method``: ``column`` (default), or ``network`` by the default models
    of ``library``. ``management``: what is known of the crop and the water there, as in the options of a prediction.
    Raises ``params_invalid``, and what `series_at` or `place_series` raise.
    """
    first, last = parsed_day("start", start), parsed_day("end", end)
    count = (last - first).days + 1
    if count < 1:
        raise DeepSoilError("params_invalid", "The series ends on {end}, before it begins on {start}.",
                            "Exchange the two days.", "end", start=start, end=end)
    if count > LONGEST_DAYS:
        raise DeepSoilError("params_invalid", "The series from {start} to {end} has {days:,} days.",
                            "Ask for 1 to {most:,} days.", "end", start=start, end=end, days=count, most=LONGEST_DAYS)
    made_by = {"column": _by_columns, "network": _by_networks}.get(method or "column")
    if made_by is None:
        raise DeepSoilError("params_invalid", "A series cannot be made by the method '{method}'.",
                            "The methods are column and network.", "method", method=method)
    known = known_management(management)
    if method == "network" and known is not None and known.soil:
        raise DeepSoilError("params_invalid", "Networks do not know a measured soil.",
                            "Use soil columns (method column), or leave the soil out.", "management.soil")
    return made_by(store, library, position(place), [first + dt.timedelta(days=n) for n in range(count)], known)


def _by_columns(store: Store, library: Library, place: tuple[float, float], days: list[dt.date],
                management: Management | None) -> dict[str, Any]:
    from deepsoil.field.series import series_at

    found = series_at(store, *place, days, management)
    return {"method": "column", "members": found.members, "dates": [str(day) for day in found.dates],
            "forecast_from": foreseen(store, days), **water(found),
            "precipitation_mm": rounded(found.precipitation, 2)}


def water(found: PixelSeries | FieldWater) -> dict[str, Any]:
    """θ by depth and the water of the root zone, for JSON."""
    return {"depths": {f"{depth:g}": _band(one, 4) for depth, one in found.theta.items()},
            "available_mm": _band(found.available, 1), "depletion_mm": _band(found.depletion, 1),
            "drainage_mm": _band(found.drainage, 2), "irrigation_mm": _band(found.irrigation, 2)}


def _by_networks(store: Store, library: Library, place: tuple[float, float], days: list[dt.date],
                 management: Management | None) -> dict[str, Any]:
    from deepsoil.inference.place_series import place_series, precipitation_at

    found = place_series(store, [library.find(depth_cm) for depth_cm in DEPTHS], *place, days, management)
    unknown = [None] * len(days)
    depths = {}
    for depth_cm, one in found.items():
        lower, upper = (unknown, unknown) if one.half_width is None else (
            rounded(np.maximum(one.theta - one.half_width, 0.0), 4), rounded(one.theta + one.half_width, 4))
        depths[str(depth_cm)] = {"mean": rounded(one.theta, 4), "lower": lower, "upper": upper}
    return {"method": "network", "members": None, "dates": [str(day) for day in days],
            "forecast_from": foreseen(store, days), "depths": depths,
            "available_mm": None, "depletion_mm": None, "drainage_mm": None, "irrigation_mm": None,
            "precipitation_mm": rounded(precipitation_at(store, *place, days), 2)}


def foreseen(store: Store, days: Sequence[dt.date]) -> str | None:
    """The first of these days whose weather is a forecast."""
    first = store.forecast_from()
    return None if first is None or first > days[-1] else str(max(first, days[0]))


def position(place: Sequence[Any]) -> tuple[float, float]:
    """Longitude and latitude that a parameter gives. DeepSoilError ``params_invalid``."""
    numbers = [float(value) for value in place if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(place) != 2 or len(numbers) != 2 or not (abs(numbers[0]) <= 180 and abs(numbers[1]) <= 85):
        raise DeepSoilError("params_invalid", "The place is not a longitude and a latitude.",
                            "Give two numbers in degrees: the longitude from -180 to 180, the latitude from -85 to 85.",
                            "place")
    return numbers[0], numbers[1]


def known_management(document: dict[str, Any] | None) -> Management | None:
    """What a parameter says of the crop and water. DeepSoilError ``params_invalid``, and as `check_management`."""
    if document is None:
        return None
    try:
        entry = Management.model_validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DeepSoilError("params_invalid", "What is said of the field's water and crop cannot be used: {what}.",
                            "See the management of a prediction.",
                            ".".join(["management", *map(str, first["loc"])]), what=first["msg"]) from error
    check_management([entry], [entry.field])
    return entry


def known_readings(document: dict[str, Any] | None) -> Readings | None:
    """The readings that a parameter gives. DeepSoilError ``params_invalid``, and as `check_readings`."""
    if document is None:
        return None
    try:
        readings = Readings.model_validate_json(json.dumps(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DeepSoilError("params_invalid", "The readings cannot be used: {what}.", "See the readings of a "
                            "prediction.", ".".join(["readings", *map(str, first["loc"])]),
                            what=first["msg"]) from error
    check_readings(readings)
    return readings


def _band(values: Band, digits: int) -> dict[str, list[float | None]]:
    return {name: rounded(getattr(values, name), digits) for name in ("mean", "lower", "upper")}
