"""The AWDB REST service over made stations.

What it imitates, and where that is known from (facts on public archives, November 2026, §9): paths ``/stations`` and
``/data``; triplets with ``*``; ``returnStationElements``; ``stationElement`` with elementCode, ordinal, heightDepth
(inches, negative), storedUnitCode; ``values`` [{date "2023-06-01 01:00", value, qcFlag, qaFlag}] in standard time of
the station; ``dataTimeZone`` or null; missing = key absent or −99.9; at most 500,000 values a call, else 400; a client
that may not encode colons, or must. Made here: the wording of errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import pandas as pd
from servers.plain import Made, Reply, Request, serving


@dataclass(frozen=True)
class MadeStation:
    """A station: θ m³/m³ and °C by depth in inches over UTC hours; both may hold NaN (the value is left out).

    suspect   numbers of hours whose flag is S
    """

    triplet: str
    name: str
    longitude: float
    latitude: float
    zone: float | None
    hours_utc: pd.DatetimeIndex
    theta: dict[int, np.ndarray]
    temperature: dict[int, np.ndarray] = field(default_factory=dict)
    suspect: tuple[int, ...] = ()
    unit: str = "pct"


@contextmanager
def awdb(stations: Sequence[MadeStation], colons: Literal["both", "plain", "encoded"] = "both", *,
         wrong: int = 0) -> Iterator[Made]:
    """The service; its base address is that of the API. ``wrong``: so many readings first are an error with 200."""
    left = iter(range(wrong))
    by_triplet = {one.triplet: one for one in stations}

    def chosen(pattern: str) -> list[MadeStation]:
        found = []
        for triplet in pattern.split(","):
            parts = triplet.split(":")
            found += [one for key, one in by_triplet.items()
                      if all(want in ("*", part) for want, part in zip(parts, key.split(":"), strict=True))]
        return found

    def answer(request: Request, base: str) -> Reply:
        raw_triplets = request.raw.partition("stationTriplets=")[2].partition("&")[0]
        encoded = "%3A" in raw_triplets.upper()
        if (colons == "plain" and encoded) or (colons == "encoded" and not encoded):
            return Reply.of({"message": "stationTriplets are not valid"}, 400)
        found = chosen(request.query["stationTriplets"])
        if request.path.endswith("/stations"):
            return Reply.of([_station(one, request.query.get("returnStationElements") == "true") for one in found])
        if next(left, None) is not None:
            return Reply.of({"message": "the service is in maintenance"})
        first = datetime.fromisoformat(request.query["beginDate"])
        last = datetime.fromisoformat(request.query["endDate"])
        elements = request.query["elements"].split(",")
        hours = int((last - first) / timedelta(hours=1)) + 1
        if hours * len(elements) * len(found) > 500_000:
            return Reply.of({"message": "the request is for more than 500,000 values"}, 400)
        return Reply.of([{"stationTriplet": one.triplet, "data": [
            data for text in elements if (data := _data(one, text, first, last, request)) is not None]}
            for one in found])

    with serving(answer) as made:
        yield made


def _station(one: MadeStation, elements: bool) -> dict[str, object]:
    said: dict[str, object] = {
        "stationTriplet": one.triplet, "stationId": one.triplet.split(":")[0], "networkCode": one.triplet.split(":")[2],
        "name": one.name, "latitude": one.latitude, "longitude": one.longitude, "elevation": 1000.0,
        "dataTimeZone": one.zone, "beginDate": "2000-01-01 00:00", "endDate": "2100-01-01 00:00"}
    if elements:
        said["stationElements"] = [
            {"elementCode": code, "ordinal": 1, "heightDepth": -inches, "durationName": duration,
             "storedUnitCode": "pct" if code == "SMS" else "degF"}
            for code, sensors in (("SMS", one.theta), ("STO", one.temperature)) for inches in sensors
            for duration in ("DAILY", "HOURLY")] + [{"elementCode": "PREC", "ordinal": 1, "durationName": "DAILY"}]
    return said


def _data(one: MadeStation, text: str, first: datetime, last: datetime, request: Request) -> dict[str, object] | None:
    code, _, depth = text.partition(":")
    inches = -int(depth)
    series = (one.theta if code == "SMS" else one.temperature).get(inches)
    if series is None:
        return None
    values = []
    for number, hour in enumerate(one.hours_utc):
        local = hour + pd.Timedelta(hours=one.zone or 0)
        if first <= local.to_pydatetime() <= last and np.isfinite(series[number]):
            stored = 100 * series[number] if code == "SMS" else 32 + 1.8 * series[number]
            values.append({"date": f"{local:%Y-%m-%d %H:%M}", "value": round(float(stored), 3), "qaFlag": "P",
                           "qcFlag": "S" if code == "SMS" and number in one.suspect else "V"})
        elif first <= local.to_pydatetime() <= last and number % 2:
            values.append({"date": f"{local:%Y-%m-%d %H:%M}", "value": -99.9, "qcFlag": "V", "qaFlag": "P"})
    return {"stationElement": {"elementCode": code, "ordinal": 1, "heightDepth": -inches, "durationName": "HOURLY",
                               "storedUnitCode": one.unit if code == "SMS" else "degF"}, "values": values}
