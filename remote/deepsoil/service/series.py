"""The method about the series at a place."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, check_management
from deepsoil.service.values import parsed_day, rounded

if TYPE_CHECKING:
    from deepsoil.field.series import Band
    from deepsoil.store.store import Store

LONGEST_DAYS = 3 * 366


def series(store: Store, place: Sequence[Any], start: str, end: str, method: str | None = None,
           management: dict[str, Any] | None = None) -> dict[str, Any]:
    """θ and the water of the root zone at a place on every day from ``start`` to ``end``, as JSON.

    ``place``: longitude and latitude in degrees. ``management``: what is known of the crop and the water there, as in
    the options of a prediction. Raises ``params_invalid``, ``not_available`` (a method other than ``column``), and what
    `series_at` raises.
    """
    from deepsoil.field.series import series_at

    first, last = parsed_day("start", start), parsed_day("end", end)
    count = (last - first).days + 1
    if not 1 <= count <= LONGEST_DAYS:
        raise DeepSoilError("params_invalid", "The series from {start} to {end} has {days:,} days.",
                            "Ask for 1 to {most:,} days.", "end", start=start, end=end, days=count, most=LONGEST_DAYS)
    if (method or "column") != "column":
        raise DeepSoilError("not_available", "A series by the method '{method}' cannot be made.",
                            "Leave the method out: soil columns are simulated.", "method", method=str(method)[:40])
    longitude, latitude = _position(place)
    found = series_at(store, longitude, latitude, [first + dt.timedelta(days=n) for n in range(count)],
                      _management(management))
    return {"method": "column", "members": found.members, "dates": [str(day) for day in found.dates],
            "depths": {f"{depth:g}": _band(band, 4) for depth, band in found.theta.items()},
            "available_mm": _band(found.available, 1), "depletion_mm": _band(found.depletion, 1),
            "drainage_mm": _band(found.drainage, 2), "irrigation_mm": _band(found.irrigation, 2),
            "precipitation_mm": rounded(found.precipitation, 2)}


def _position(place: Sequence[Any]) -> tuple[float, float]:
    numbers = [float(value) for value in place if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(place) != 2 or len(numbers) != 2 or not (abs(numbers[0]) <= 180 and abs(numbers[1]) <= 85):
        raise DeepSoilError("params_invalid", "The place is not a longitude and a latitude.",
                            "Give two numbers in degrees: the longitude from -180 to 180, the latitude from -85 to 85.",
                            "place")
    return numbers[0], numbers[1]


def _management(document: dict[str, Any] | None) -> Management | None:
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


def _band(band: Band, digits: int) -> dict[str, list[float | None]]:
    return {name: rounded(getattr(band, name), digits) for name in ("mean", "lower", "upper")}
