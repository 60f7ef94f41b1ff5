"""Open-Meteo's forecast by the hour. From public_data.md §6: path, parameters, units; errors are JSON with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from servers.serving import Reply, Request, Server, serving

UNITS = {"precipitation": "mm", "temperature_2m": "°C", "vapour_pressure_deficit": "kPa",
         "et0_fao_evapotranspiration": "mm"}


@dataclass
class MadeHours:
    """``begin``: the first time of the answer; values by their name, a list by the hour; ``change`` of the answer."""

    begin: datetime
    values: dict[str, list[float | None]]
    change: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def made(begin: datetime, days: int = 16) -> MadeHours:
    """Rain of 0.1 mm in every hour, 10 degC, 0.4 kPa; evapotranspiration from 15 to 24 UTC only."""
    size = 24 * days
    return MadeHours(begin, {"precipitation": [0.1] * size, "temperature_2m": [10.0] * size,
                             "vapour_pressure_deficit": [0.4] * size,
                             "et0_fao_evapotranspiration": [0.3 if (n % 24) >= 15 else 0.0 for n in range(size)]})


@contextmanager
def open_meteo(hours: MadeHours) -> Iterator[Server]:
    def answer(request: Request) -> Reply:
        if request.path != "/v1/forecast" or hours.reason:
            reason = hours.reason or "Not Found"
            return Reply(json.dumps({"error": True, "reason": reason}).encode(), "application/json",
                         200 if hours.reason else 404)
        asked = request.get("hourly").split(",")
        size = 24 * (int(request.get("past_days")) + int(request.get("forecast_days")))
        document = {"latitude": 39.1, "longitude": -96.6, "utc_offset_seconds": 0, "timezone": "GMT",
                    "hourly_units": {"time": "iso8601", **{name: UNITS[name] for name in asked}},
                    "hourly": {"time": [(hours.begin + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M")
                                        for n in range(size)], **{name: hours.values[name][:size] for name in asked}}}
        return Reply(json.dumps(document | hours.change).encode(), "application/json")

    with serving(answer) as server:
        yield server
