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


def coverage_text(covered: Mapping[str, float]) -> str:
    """One line: the mean over stations, and the worst of them."""
    worst = min(covered, key=lambda station: covered[station])
    return (f"{COVERAGE:.0%} interval: {np.mean(list(covered.values())):.1%} of the days of a station lie inside, mean "
            f"of {len(covered)}; worst {worst}, {covered[worst]:.1%}")


def coverage_document(covered: Mapping[str, float]) -> dict[str, Any] | None:
    """For ``station_metrics.json``; None without intervals."""
    if not covered:
        return None
    shares = {station: round(share, 4) for station, share in covered.items()}
    return {"aim": COVERAGE, "mean": round(float(np.mean(list(covered.values()))), 4), "worst": min(shares.values()),
            "stations": shares}
