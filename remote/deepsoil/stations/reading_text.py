"""A reading in words, as it is typed: ``0.22 at 20 cm on 2023-07-12 at -96.6,39.1``. Pure."""

from __future__ import annotations

import datetime as dt
import re

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import LARGEST_THETA, Reading
from deepsoil.stations.numbers import decimal

EXAMPLE = "0.22 at 20 cm on 2023-07-12 at -96.6,39.1"

_NUMBER = r"[+\-−]?\d+(?:[.,]\d+)?"
_WORDS = re.compile(rf"^\s*(?P<theta>{_NUMBER})\s*(?P<unit>%|percent|m3/?m3|m³/m³)?\s+at\s+(?P<depth>{_NUMBER})\s*cm"
                    rf"\s+on\s+(?P<day>\d{{4}}-\d{{2}}-\d{{2}})\s+at\s+(?P<longitude>[+\-−]?\d+(?:\.\d+)?)\s*[,; ]\s*"
                    rf"(?P<latitude>[+\-−]?\d+(?:\.\d+)?)\s*$")


def parse_reading(text: str, sensor: str = "reading") -> Reading:
    """The reading that a text says. ``22 % at …`` is per cent; a number alone is m³/m³.

    DeepSoilError ``readings_invalid``.
    """
    found = _WORDS.match(text)
    if found is None:
        raise DeepSoilError("readings_invalid", "The reading '{text}' cannot be read.",
                            "Write it as: {example}", "options.readings", text=text[:100], example=EXAMPLE)
    number = {name: decimal(found[name]) or 0.0 for name in ("theta", "depth", "longitude", "latitude")}
    theta = number["theta"] / (100.0 if found["unit"] in ("%", "percent") else 1.0)
    if not 0.0 < theta <= LARGEST_THETA:
        raise DeepSoilError("readings_invalid", "The reading '{text}' is {theta:g} m³/m³; no soil holds that.",
                            "If it is per cent, write 22 % instead of 22.", "options.readings", text=text[:100],
                            theta=theta)
    try:
        return Reading(longitude=number["longitude"], latitude=number["latitude"], depth_cm=number["depth"],
                       date=dt.date.fromisoformat(found["day"]), theta=theta, sensor=sensor)
    except ValueError as error:
        raise DeepSoilError("readings_invalid", "The reading '{text}' has a date, depth or place that does not exist.",
                            "Write it as: {example}", "options.readings", text=text[:100], example=EXAMPLE) from error
