"""Which readings a prediction may use at the stations that an evaluation scores. Pure."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.readings import MOST_READINGS, Reading, check_values
from deepsoil.contract.strict import Strict

MOST_DAYS = 400
"""Readings that are older than that are never used."""

MOST_COUNTS = 20
"""Of ``after``: each is a prediction of its own."""


class OwnReadings(Strict):
    """Of the readings of a station of before the day that is scored, those that its prediction may use.

    least_age_days  they are at least so old
    every_days      one reading each so many days, counted from the first day that is scored; 1: every day's
    most            the youngest so many at each depth; None: all
    """

    least_age_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 1
    every_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 1
    most: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = None


class StationReadings(Strict):
    """What is known when a station is predicted; nothing of a later day than the one that is scored.

    other_stations  the nearest so many other stations, up to that day; ``all``: all of them
    own             the station's own readings; None: none, the station is held out
    values          the user's own probes, up to that day; in the pixel of a station they count as its own
    after           scores are also given after so many own readings
    """

    other_stations: Literal["all"] | Annotated[int, Field(ge=0, le=MOST_READINGS)] = 0
    own: OwnReadings | None = None
    values: Annotated[list[Reading], Field(max_length=MOST_READINGS, default_factory=list)]
    after: Annotated[list[Annotated[int, Field(ge=0, le=MOST_DAYS)]],
                     Field(max_length=MOST_COUNTS, default_factory=list)]


def check_station_readings(readings: StationReadings) -> None:
    """DeepSoilError ``specification_invalid``: nothing is known, counts of own readings that are not allowed, or that
    are named twice, and what is wrong with the values."""
    if readings.after and readings.own is None:
        raise _wrong("options.readings.after", "Scores after a number of own readings are asked for, and own readings "
                     "are not allowed.", "Allow own readings, or leave the numbers out.")
    if readings.other_stations == 0 and readings.own is None and not readings.values:
        raise _wrong("options.readings", "Predictions are to rest on readings, and none are allowed.",
                     "Allow other stations, own readings or values, or leave the readings out.")
    for number, count in enumerate(readings.after):
        place = f"options.readings.after.{number}"
        if count in readings.after[:number]:
            raise _wrong(place, "The number {count} is named twice.", "Name each number once.", count=count)
        if readings.own is not None and readings.own.most is not None and count > readings.own.most:
            raise _wrong(place, "Scores after {count} own readings are asked for, and at most {most} are allowed.",
                         "Allow more own readings, or leave this number out.", count=count, most=readings.own.most)
    check_values(readings.values)


def _wrong(field: str, message: str, hint: str, /, **values: Any) -> DeepSoilError:
    return DeepSoilError("specification_invalid", message, hint, field, **values)
