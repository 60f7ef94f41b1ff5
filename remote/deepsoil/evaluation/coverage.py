"""How often readings lie inside the intervals of the predictions, station by station. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.conformal import COVERAGE

Values = NDArray[np.float32]


def covered_share(observed: Values, predicted: Values, half_width: Values) -> NDArray[np.float64]:
    """(S,) the share of the days (S, T) with all three values on which the reading lies inside; NaN without any."""
    known = np.isfinite(observed) & np.isfinite(predicted) & np.isfinite(half_width)
    inside = known & (np.abs(predicted - observed) <= half_width)
    days = known.sum(1)
    return np.divide(inside.sum(1), days, out=np.full(len(days), np.nan), where=days > 0)


def covered_by_water(covered: Mapping[str, float], irrigated: Mapping[str, bool | None]) -> dict[str, float]:
    """The mean over the irrigated and over the rainfed stations, where both are known to be there."""
    found = {name: [share for station, share in covered.items() if irrigated.get(station) is water]
             for water, name in ((True, "irrigated"), (False, "rainfed"))}
    return {name: float(np.mean(shares)) for name, shares in found.items()} if all(found.values()) else {}


def coverage_text(covered: Mapping[str, float], by_water: Mapping[str, float], mean_half_width: float) -> str:
    """One line: the mean over stations, of those with and without irrigation, the worst station, and how wide it is."""
    worst = min(covered, key=lambda station: covered[station])
    groups = "".join(f", {name} {share:.1%}" for name, share in by_water.items())
    return (f"{COVERAGE:.0%} interval of the map: {np.mean(list(covered.values())):.1%} of the days of a station lie "
            f"inside, mean of {len(covered)}{groups}; worst {worst}, {covered[worst]:.1%}; half-width "
            f"{mean_half_width:.3f} in the mean")


def coverage_document(covered: Mapping[str, float], by_water: Mapping[str, float]) -> dict[str, Any] | None:
    """For ``station_metrics.json``; None without intervals."""
    if not covered:
        return None
    shares = {station: round(share, 4) for station, share in covered.items()}
    return {"aim": COVERAGE, "mean": round(float(np.mean(list(covered.values()))), 4), "worst": min(shares.values()),
            "groups": {name: round(share, 4) for name, share in by_water.items()}, "stations": shares}
