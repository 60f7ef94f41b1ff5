"""An answer of ``what_if`` as arrays over one axis: the days before, the day, and the days ahead. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Band:
    """Mean and 90 % interval, each (T,); NaN where there is nothing."""

    mean: Array
    lower: Array
    upper: Array


@dataclass(frozen=True)
class Course:
    """days (T,), of which the first ``past`` are up to the day. theta by depth in cm, m³/m³; the others in mm.
    known: how many of the days ahead have the region's weather."""

    days: Array
    past: int
    theta: dict[float, Band]
    depletion: Band
    drainage: Band
    irrigation: Band
    rain_mm: Array
    known: int
    forecast_from: Any
    need: dict[str, Any]

    @classmethod
    def of(cls, answer: dict[str, Any]) -> Course:
        """Of an answer with the days before."""
        past = answer["past"]
        days = np.array([*past["dates"], *answer["dates"]], dtype="datetime64[D]")

        def band(first: dict[str, Any], then: dict[str, Any]) -> Band:
            mean, lower, upper = (np.array([*first[name], *then[name]], dtype=float)
                                  for name in ("mean", "lower", "upper"))
            return Band(mean, lower, upper)

        theta = {float(depth): band(past["depths"][depth], found) for depth, found in answer["depths"].items()}
        rain = np.nan_to_num(np.array([*past["precipitation_mm"], *answer["precipitation_mm"]], dtype=float))
        first = answer.get("forecast_from")
        lack, drained, given = (band(past[name], answer[name])
                                for name in ("depletion_mm", "drainage_mm", "irrigation_mm"))
        return cls(days, len(past["dates"]), theta, lack, drained, given, rain, int(answer["weather_known_days"]),
                   np.datetime64(first, "D") if first else None,
                   answer["need"])
