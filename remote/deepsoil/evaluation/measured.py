"""The measured score of a model for its file, from tables of readings and predictions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import Metric, ModelContract, headline_first
from deepsoil.evaluation.residuals import Residuals

WEEK = np.timedelta64(7, "D")


def measured_score(found: Residuals, reference: str, split: str, *, stations: Sequence[str] | None = None,
                   group: str | None = None, measured: bool = True) -> Metric:
    """The median over stations of the MAE, beside that of the station's own reading of a week before.

    Both over the same days: those with a reading a week before. ``stations``: only these; ``group``: what they are
    called. ``measured``: whether the readings are real. DeepSoilError ``station_unknown``, ``no_observations``.
    """
    chosen = list(found.errors) if stations is None else list(stations)
    for name in chosen:
        if name not in found.errors:
            raise DeepSoilError("station_unknown", "The tables have no station '{name}'.", "They have: {ids}.",
                                "station", name=name, ids=", ".join(found.errors))
    own, week_before, days = [], [], []
    for name in chosen:
        order = np.argsort(found.days[name])
        day, observed, error = found.days[name][order], found.observed[name][order], found.errors[name][order]
        place = np.minimum(np.searchsorted(day, day - WEEK), len(day) - 1)
        known = day[place] == day - WEEK
        if known.any():
            own.append(float(np.abs(error[known]).mean()))
            week_before.append(float(np.abs(observed[known] - observed[place][known]).mean()))
            days.append(int(known.sum()))
    if not own:
        raise DeepSoilError("no_observations", "No station of the tables has readings a week apart.",
                            "Give the tables of a longer period.", "tables")
    every = np.concatenate([found.days[name] for name in chosen])
    return Metric(name="MAE", value=round(float(np.median(own)), 4), unit="m3/m3", reference=reference, split=split,
                  baseline="the station a week before", baseline_value=round(float(np.median(week_before)), 4),
                  measured=measured, n=len(own), days=int(np.median(days)), period=f"{every.min()} to {every.max()}",
                  group=group)


def with_score(contract: ModelContract, score: Metric) -> ModelContract:
    """The contract with a measured score in place of the one of the same group of stations."""
    def replaced(other: Metric) -> bool:
        return other.group == score.group and (other.group is not None or other.measured)

    kept = [one for one in contract.metrics if not replaced(one)]
    return contract.model_copy(update={"metrics": headline_first([score, *kept])})
