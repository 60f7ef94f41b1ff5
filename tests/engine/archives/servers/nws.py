"""The National Weather Service's forecast of a grid cell, over a made week.

From public_data.md §6: ``/points`` with at most four decimals, else 301; ``/gridpoints/{office}/{x},{y}``; amounts of
rain as accumulations with durations of 1 to 6 hours; other layers run-length encoded; a User-Agent is required (403);
503 ForecastGridExpired; stale copies; a beginning in the past. Names of layers and units, and amounts of rain that end
after three days: answers in public repositories.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from servers.serving import Reply, Request, Server, serving

_POINT = re.compile(r"/points/(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")
_CELL = "/gridpoints/TOP/31,80"
_PROBLEM = "application/problem+json"


@dataclass
class MadeWeek:
    """A forecast by the hour: ``issued``, the hours since ``begin``, each a value or None.

    rain_hours   length of an accumulation; ``rain_until``: hours after which there are no amounts of rain
    expired      answers with 503 ForecastGridExpired
    fahrenheit   temperatures are in degF
    outside      the point is not known (404)
    """

    issued: datetime
    begin: datetime
    temperature: list[float]
    humidity: list[float]
    rain: list[float]
    rain_hours: int = 6
    rain_until: int | None = None
    expired: int = 0
    fahrenheit: bool = False
    outside: bool = False
    damage: str = ""


def week(issued: datetime = datetime(2026, 11, 30, 15, 20, tzinfo=UTC), past_hours: int = 9, days: int = 9) -> MadeWeek:
    """A usual one, whose first hours have passed already."""
    begin = issued.replace(minute=0) - timedelta(hours=past_hours)
    size = 24 * days
    hours = [(begin + timedelta(hours=n)).hour for n in range(size)]
    return MadeWeek(issued, begin, [5.0 + (6.0 if 15 <= hour <= 23 else -3.0) for hour in hours], [60.0] * size,
                    [0.0 if (n // 24) % 3 else 0.5 for n in range(size)])


@contextmanager
def nws(made: MadeWeek) -> Iterator[Server]:
    """The service; answers name cells of the public address, as the real one does."""

    def answer(request: Request) -> Reply:
        if not request.headers.get("user-agent"):
            return _problem(403, "Forbidden")
        found = _POINT.fullmatch(request.path)
        if found:
            short = [f"{float(part):.4f}".rstrip("0").rstrip(".") for part in found.groups()]
            if list(found.groups()) != short:
                return Reply(b"", status=301, headers={"Location": f"/points/{','.join(short)}"})
            if made.outside:
                return _problem(404, "Data Unavailable For Requested Point")
            cell = {"gridId": "TOP", "gridX": 31, "gridY": 80,
                    "forecastGridData": f"https://api.weather.gov{_CELL}", "timeZone": "America/Chicago"}
            return _json({"type": "Feature", "properties": {} if made.damage == "no cell" else cell})
        if request.path == _CELL:
            if made.expired:
                made.expired -= 1
                return _problem(503, "Forecast Grid Expired")
            return _json({"type": "Feature", "properties": _layers(made)})
        return _problem(404, "Not Found")

    with serving(answer) as server:
        yield server


def _layers(made: MadeWeek) -> dict[str, Any]:
    warm = [one * 9 / 5 + 32 for one in made.temperature] if made.fahrenheit else made.temperature
    found: dict[str, Any] = {
        "updateTime": made.issued.isoformat(), "validTimes": f"{_text(made.begin)}/P7DT19H",
        "temperature": {"uom": "wmoUnit:degF" if made.fahrenheit else "wmoUnit:degC", "values": _encoded(made, warm)},
        "relativeHumidity": {"uom": "wmoUnit:percent", "values": _encoded(made, made.humidity)},
        "maxTemperature": {"uom": "wmoUnit:degC", "values": []},
        "quantitativePrecipitation": {"uom": "wmoUnit:mm", "values": _sums(made)}}
    if made.damage == "unit":
        found["temperature"]["uom"] = "wmoUnit:km_h-1"
    if made.damage == "duration":
        found["temperature"]["values"][3]["validTime"] = f"{_text(made.begin)}/P1M"
    if made.damage == "no rain":
        found["quantitativePrecipitation"]["values"] = []
    return found


def _encoded(made: MadeWeek, values: list[float]) -> list[dict[str, Any]]:
    """Runs of one value as one entry, as long as the run."""
    found: list[tuple[int, int, float]] = []
    for hour, value in enumerate(values):
        if found and found[-1][2] == value:
            found[-1] = (found[-1][0], found[-1][1] + 1, value)
        else:
            found.append((hour, 1, value))
    return [{"validTime": f"{_text(made.begin + timedelta(hours=first))}/{_duration(length)}", "value": value}
            for first, length, value in found]


def _sums(made: MadeWeek) -> list[dict[str, Any]]:
    """Accumulations, the first of one hour only; later ones of zero are not put together."""
    rain = made.rain[:made.rain_until]
    edges = [0, *range(1, len(rain), made.rain_hours), len(rain)]
    return [{"validTime": f"{_text(made.begin + timedelta(hours=first))}/{_duration(last - first)}",
             "value": sum(rain[first:last])} for first, last in pairwise(edges) if last > first]


def _duration(hours: int) -> str:
    days, rest = divmod(hours, 24)
    return "P" + (f"{days}D" if days else "") + (f"T{rest}H" if rest else "")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _json(document: Any) -> Reply:
    return Reply(json.dumps(document).encode(), "application/geo+json")


def _problem(status: int, title: str) -> Reply:
    kind = title.replace(" ", "")
    return Reply(json.dumps({"type": f"https://api.weather.gov/problems/{kind}", "title": title, "status": status,
                             "detail": title}).encode(), _PROBLEM, status)
