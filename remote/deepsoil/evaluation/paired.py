"""Is a model better than a baseline? Their errors on the same station-days, subtracted. Pure.

The difference of a day is |error of the model| - |error of the baseline|; below zero the model is better. Intervals are
those of the moving-block bootstrap of ``metrics``. Over several stations the same days are drawn for all of them,
because their errors go together, and the stations are drawn too, because others might have been there; every station
counts alike. A difference whose interval holds zero is not distinguishable from none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.metrics import (
    BLOCK_DAYS,
    CONFIDENCE,
    FEWEST_BLOCKS,
    FEWEST_DAYS,
    REPETITIONS,
    moving_blocks,
)

Values = NDArray[np.floating]
Verdict = Literal["better", "not distinguishable", "worse", "too few days"]


@dataclass(frozen=True)
class Difference:
    """MAE of model and baseline (mean over stations, m³/m³) over the same ``days`` station-days, and model - baseline.

    low, high: the interval of the difference; NaN where the period is shorter than three blocks.
    """

    stations: int
    days: int
    model_mae: float
    baseline_mae: float
    low: float
    high: float

    @property
    def difference(self) -> float:
        return self.model_mae - self.baseline_mae

    @property
    def verdict(self) -> Verdict:
        """What the interval says of the model."""
        if not np.isfinite(self.low):
            return "too few days"
        return "better" if self.high < 0 else "worse" if self.low > 0 else "not distinguishable"

    def to_dict(self) -> dict[str, Any]:
        """For JSON: NaN becomes None."""
        numbers = {name: getattr(self, name) for name in ("model_mae", "baseline_mae", "difference", "low", "high")}
        return {"stations": self.stations, "days": self.days,
                **{name: round(value, 6) if np.isfinite(value) else None for name, value in numbers.items()},
                "verdict": self.verdict}


def compare(observed: Values, model: Values, baseline: Values, *, repetitions: int = REPETITIONS,
            seed: int = 0) -> Difference:
    """Difference over θ (S, T) of consecutive days, where all three have a value.

    Stations with fewer than ``metrics.FEWEST_DAYS`` such days are left out.
    """
    o, m, b = (np.atleast_2d(np.asarray(values, np.float64)) for values in (observed, model, baseline))
    errors = np.abs(m - o), np.abs(b - o)
    known = np.isfinite(errors[0]) & np.isfinite(errors[1])
    known &= (known.sum(1) >= FEWEST_DAYS)[:, None]
    used = known.any(1)
    if not used.any():
        return Difference(0, 0, *(float("nan"),) * 4)
    known = known[used]
    of_model, of_baseline = (np.where(known, error[used], 0.0) for error in errors)
    days = known.sum(1)
    low, high = _interval(of_model - of_baseline, known, repetitions, seed)
    return Difference(int(used.sum()), int(days.sum()), float((of_model.sum(1) / days).mean()),
                      float((of_baseline.sum(1) / days).mean()), low, high)


def _interval(difference: NDArray[np.float64], known: NDArray[np.bool_], repetitions: int, seed: int,
              ) -> tuple[float, float]:
    there = np.flatnonzero(known.any(0))
    span = slice(int(there[0]), int(there[-1]) + 1)
    length = span.stop - span.start
    if length < FEWEST_BLOCKS * BLOCK_DAYS or not repetitions:
        return float("nan"), float("nan")
    drawn = moving_blocks(length, BLOCK_DAYS, repetitions, seed)
    times = np.zeros((repetitions, length))
    np.add.at(times, (np.arange(repetitions)[:, None], drawn), 1.0)
    sums, counts = times @ difference[:, span].T, times @ known[:, span].T.astype(np.float64)
    stations = len(difference)
    picks = np.random.default_rng([seed, stations]).integers(0, stations, (repetitions, stations))
    # A station without a day among those drawn cannot count.
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    chosen = np.take_along_axis(means, picks, 1)
    counted = np.isfinite(chosen)
    total = np.where(counted, chosen, 0.0).sum(1)
    values = total[counted.any(1)] / counted.sum(1)[counted.any(1)]
    if not values.size:
        return float("nan"), float("nan")
    low, high = np.percentile(values, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return float(low), float(high)
