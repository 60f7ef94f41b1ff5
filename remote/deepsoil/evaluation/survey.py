"""Readings at points beside the maps of a job: how far each is off, and what the map knows of the pattern.

A survey on foot has its value in the pattern: a constant offset, of the probe or of the map, is taken out for the
second pair of figures, which stands beside the simplest rival: every point has the mean of the readings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer

from deepsoil.contract.readings import Reading
from deepsoil.evaluation.metrics import NAMES, scores
from deepsoil.sources.geotiff import opened

FARTHEST_CM = 10.0
"""A reading is compared with the map of the nearest depth, which is at most so far above or below it."""

Values = NDArray[np.float64]


@dataclass(frozen=True)
class MapFile:
    """A map of soil moisture (m³/m³) of one day and depth."""

    path: Path
    depth_cm: int
    day: str


@dataclass(frozen=True)
class Survey:
    """points: those with a map value. scores: by depth of the map. left_out: counts by reason."""

    points: list[dict[str, Any]]
    scores: dict[str, dict[str, float | None]]
    left_out: dict[str, int]

    def to_dict(self) -> dict[str, Any]:
        return {"points": self.points, "scores": self.scores, "left_out": self.left_out}


def compare(readings: Sequence[Reading], maps: Sequence[MapFile]) -> Survey:
    """Sample the maps at the readings. DeepSoilError ``source_invalid`` for a map that cannot be read.

    Left out: ``no_map`` (no map of its day), ``too_deep`` (no map near its depth), ``outside`` (no value there).
    """
    left_out = {"no_map": 0, "too_deep": 0, "outside": 0}
    depths: dict[str, set[int]] = {}
    for one in maps:
        depths.setdefault(one.day, set()).add(one.depth_cm)
    beside: dict[tuple[str, int], list[Reading]] = {}
    for reading in readings:
        day = reading.date.isoformat()
        if day not in depths:
            left_out["no_map"] += 1
            continue
        distance, nearest = min((abs(depth_cm - reading.depth_cm), depth_cm) for depth_cm in depths[day])
        if distance > FARTHEST_CM:
            left_out["too_deep"] += 1
        else:
            beside.setdefault((day, nearest), []).append(reading)
    points: list[dict[str, Any]] = []
    for (day, depth_cm), some in sorted(beside.items()):
        theta, half_width = _sampled([one.path for one in maps if (one.day, one.depth_cm) == (day, depth_cm)], some)
        left_out["outside"] += int(np.isnan(theta).sum())
        points += [_point(reading, depth_cm, *values) for reading, *values in zip(some, theta, half_width, strict=True)
                   if np.isfinite(values[0])]
    found = {str(depth): _scores([point for point in points if point["map_depth_cm"] == depth])
             for depth in sorted({point["map_depth_cm"] for point in points})}
    return Survey(points, found, left_out)


def _sampled(paths: Sequence[Path], readings: Sequence[Reading]) -> tuple[Values, Values]:
    """(θ, half-width of its 90 % interval), each (N,): of the first of the maps that has a value there, else NaN."""
    theta, half_width = np.full((2, len(readings)), np.nan)
    where = np.array([(one.longitude, one.latitude) for one in readings])
    for path in paths:
        open_ = np.flatnonzero(np.isnan(theta))
        if not open_.size:
            break
        with rasterio.Env(), opened(path, "id") as source:
            x, y = Transformer.from_crs("EPSG:4326", source.crs, always_xy=True).transform(*where[open_].T)
            bands = list(range(1, min(source.count, 2) + 1))
            samples = [one.astype(np.float64).filled(np.nan)
                       for one in source.sample(np.column_stack([x, y]), bands, masked=True)]
            values = np.array(samples) * np.array(source.scales[:len(bands)])
        theta[open_] = values[:, 0]
        if len(bands) > 1:
            half_width[open_] = values[:, 1]
    return theta, half_width


def _point(reading: Reading, depth_cm: int, theta: float, half_width: float) -> dict[str, Any]:
    return {"longitude": reading.longitude, "latitude": reading.latitude, "date": reading.date.isoformat(),
            "sensor": reading.sensor, "depth_cm": reading.depth_cm, "map_depth_cm": depth_cm,
            "observed": reading.theta, "predicted": round(float(theta), 4),
            "half_width": round(float(half_width), 4) if np.isfinite(half_width) else None}


def _scores(points: Sequence[Mapping[str, Any]]) -> dict[str, float | None]:
    """n, bias, MAE, RMSE, ubRMSD and R over the points; ``mae_pattern``: MAE without the bias; ``mae_mean``: MAE of the
    readings' own mean; ``inside``: the share within the 90 % interval, null without intervals."""
    observed, predicted = (np.array([point[name] for point in points], np.float64)
                           for name in ("observed", "predicted"))
    table = scores(observed, predicted)
    difference = predicted - observed
    figures: dict[str, float] = {"n": len(points), **{name: float(table[name]) for name in NAMES},
                                 "mae_pattern": float(np.abs(difference - difference.mean()).mean()),
                                 "mae_mean": float(np.abs(observed - observed.mean()).mean())}
    widths = [(abs(one["predicted"] - one["observed"]), one["half_width"]) for one in points
              if one["half_width"] is not None]
    figures["inside"] = float(np.mean([off <= width for off, width in widths])) if widths else np.nan
    return {name: round(value, 4) if np.isfinite(value) else None for name, value in figures.items()}
