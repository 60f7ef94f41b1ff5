"""The (station, day) pairs on which several predictions can be compared with one another. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.floating]

LEAST_SHARE = 0.5


def on_common_pairs(observed: Values, predictions: Mapping[str, Values]) -> tuple[Values, dict[str, Values]]:
    """Observed theta (S, T), NaN off the pairs on which every prediction (…, S, T) has a value, and the predictions.

    A prediction without any value on observed pairs (the network mean of a single station) is omitted: with it there
    would be no pairs. ValueError if a shape does not fit.
    """
    kept = {}
    common = known = np.isfinite(observed)
    for name, values in predictions.items():
        if values.ndim < 2 or values.shape[-2:] != observed.shape:
            raise ValueError(f"{name} has shape {values.shape}, expected (…, stations, days) = "
                             f"(…, {observed.shape[0]}, {observed.shape[1]})")
        there = np.isfinite(values).all(axis=tuple(range(values.ndim - 2)))
        if (there & known).any():
            kept[name] = values
            common = common & there
    return np.where(common, observed, np.nan), kept


def common_days(observed: Values, model: Values, baselines: Mapping[str, Values], fewest: int,
                ) -> tuple[Values, dict[str, NDArray[np.bool_]]]:
    """Observed theta (S, T) on the days of each station on which the model and every baseline compared there have a
    value, NaN elsewhere; and the stations (S,) at which each baseline is compared.

    A baseline is compared at a station if it has a value on at least ``LEAST_SHARE`` of the days with an observation
    and a prediction of the model: one that has hardly any would leave no days to the others. Where less than
    ``fewest`` days would be left, and the model has more, those with the fewest days are not compared there.
    """
    known = np.isfinite(observed) & np.isfinite(model)
    there = {name: np.isfinite(values) & known for name, values in baselines.items()}
    days = known.sum(1)
    compared = {name: (days > 0) & (has.sum(1) >= LEAST_SHARE * days) for name, has in there.items()}
    common = known.copy()
    for station in range(len(known)):
        while True:
            used = {name: int(has[station].sum()) for name, has in there.items() if compared[name][station]}
            common[station] = np.logical_and.reduce([known[station], *(there[name][station] for name in used)])
            if common[station].sum() >= min(fewest, days[station]) or not used:
                break
            for name in used:
                if used[name] == min(used.values()):
                    compared[name][station] = False
    return np.where(common, observed, np.nan), compared


def left_out(predictions: Mapping[str, Values], kept: Mapping[str, Values]) -> tuple[str, ...]:
    """A note that names the omitted predictions, if any."""
    gone = ", ".join(name for name in predictions if name not in kept)
    return (f"Without a value on these days: {gone}.",) if gone else ()
