"""One depth of an evaluation: predictions and readings of stations side by side, and all scores of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.station_readings import StationReadings
from deepsoil.depths import DEPTHS
from deepsoil.evaluation import baselines, knowledge_table, metrics
from deepsoil.evaluation.background import Background, MadeBy
from deepsoil.evaluation.coverage import covered_by_water, covered_share
from deepsoil.evaluation.groups import Group, Surroundings, by_group
from deepsoil.evaluation.known_readings import WithReadings, last_reading
from deepsoil.evaluation.paired import Difference, compare
from deepsoil.evaluation.pairs import common_days
from deepsoil.evaluation.seasons import season_table
from deepsoil.evaluation.table_files import Tabular
from deepsoil.stations.nearest import on_days
from deepsoil.stations.quality_report import QualityReport
from deepsoil.store.series import Stations

Values = NDArray[np.float32]

MODEL = "model"


@dataclass(frozen=True)
class Comparison:
    """One depth: observed and predicted θ (S, T) on the days of the period, and the scores of every station.

    observed_depth_cm   the depth of the sensors that represent ``depth_cm``
    missing             channels that the region lacks: the model uses their training means
    candidates          (S, T) of ``model`` and of every baseline
    compared            (S, T) observed on the days that are scored, NaN else: model and baselines have a value there
    scores              station → (``model`` or the name of a baseline) → score; stations without data are omitted
    differences         station → baseline → model minus baseline
    pooled              baseline → model minus baseline over all stations at which it is compared
    groups              groups of stations, the worst first
    surroundings        of the S stations
    quality             the report of quality control at this depth in the period; None if it was switched off
    half_width          (S, T) of the 90 % interval round ``predicted``; None where the method has none
    covered             station → share of its days on which the reading lies inside the interval of the map there;
                        empty without intervals; covered_by_water: its mean over irrigated and over rainfed stations
    not_compared        station → baselines that have too few days in common with the model there
    known               MAE by what is known, over the same days; empty where predictions rest on no readings
    """

    depth_cm: int
    observed_depth_cm: float
    made_by: MadeBy
    missing: list[str]
    observed: Values
    predicted: Values
    candidates: dict[str, Values]
    compared: Values
    scores: dict[str, dict[str, metrics.Score]]
    differences: dict[str, dict[str, Difference]]
    pooled: dict[str, Difference]
    groups: list[Group]
    surroundings: Surroundings
    quality: QualityReport | None
    half_width: Values | None
    covered: dict[str, float]
    covered_by_water: dict[str, float]
    not_compared: dict[str, list[str]]
    known: list[knowledge_table.Row]

    def summaries(self) -> dict[str, metrics.Summary]:
        """Over stations, for the model and every baseline."""
        return {name: metrics.summarise(score[name] for score in self.scores.values())
                for name in self.candidates}

    @property
    def mean_half_width(self) -> float:
        """m³/m³, over the days with a reading; NaN without intervals."""
        if self.half_width is None:
            return float("nan")
        return float(self.half_width[np.isfinite(self.observed) & np.isfinite(self.half_width)].mean())

    def seasons(self, days: Sequence[date]) -> Tabular:
        """Scores of the model and the baselines by season, all on the same station-days."""
        return season_table(self.observed, self.candidates, np.asarray(days, "datetime64[D]"),
                            f"{self.depth_cm} cm by season (m3/m3)")


def compared(depth_cm: int, place_of_depth: int, background: Background, stations: Stations, where: baselines.Places,
              quality: QualityReport | None, chosen: list[int], days: Sequence[date], found: WithReadings,
             readings: StationReadings | None) -> Comparison:
    """Scores on the days of the period. The baselines know the whole record of the stations."""
    predicted, half_width = found.at_sensor[:, place_of_depth], found.half_width[:, place_of_depth]
    level = int(np.argmin(np.abs(stations.depths_cm - depth_cm)))
    observed_depth_cm = float(stations.depths_cm[level])
    if abs(observed_depth_cm - depth_cm) > DEPTHS[depth_cm].tolerance_cm:
        known_depths = ", ".join(f"{depth:g}" for depth in stations.depths_cm)
        raise DeepSoilError("no_observations", "No station measures near {depth_cm} cm.",
                            "There are readings at {known_depths} cm.", "depths_cm",
                            depth_cm=depth_cm, known_depths=known_depths)
    record = stations.theta[:, level]
    trivial = baselines.all_baselines(record, stations.dates, where)
    period = np.asarray(days, "datetime64[D]")
    observed = on_days(record[chosen], stations.dates, period)
    if not np.isfinite(observed).any():
        raise DeepSoilError("no_observations",
                            "No station has readings at {depth_cm} cm between {start} and {end}.",
                            "There are readings from {first_date} to {last_date}.", "dates",
                            depth_cm=depth_cm, start=days[0], end=days[-1], first_date=stations.dates[0],
                            last_date=stations.dates[-1])
    rivals = {name: on_days(values[chosen], stations.dates, period) for name, values in trivial.items()}
    if readings is not None:
        rivals["without_readings"] = found.background[:, place_of_depth]
        if (last := last_reading(record[chosen], stations.dates, days, readings)) is not None:
            rivals["last_reading"] = last
    candidates = {MODEL: predicted} | rivals
    known, used = common_days(observed, predicted, rivals, metrics.FEWEST_DAYS)
    # Off its own stations a baseline has no score, rather than one over other days.
    at = {name: np.where(used[name][:, None], values, np.float32(np.nan)) for name, values in rivals.items()}
    scored = {stations.ids[index]: place for place, index in enumerate(chosen) if np.isfinite(known[place]).any()}
    scores = {station: {name: metrics.score(known[place], values[place]) for name, values in
                        ({MODEL: predicted} | at).items()} for station, place in scored.items()}
    differences = {station: {name: compare(known[place], predicted[place], values[place])
                             for name, values in at.items() if used[name][place]} for station, place in scored.items()}
    pooled = {name: compare(known, predicted, values) for name, values in at.items() if used[name].any()}
    reporting = np.asarray(np.isfinite(on_days(record, stations.dates, period)).any(1))
    surroundings = Surroundings.of(where.distance_km(), reporting,
                                   stations.irrigated or [None] * len(stations)).select(chosen)
    groups = by_group([stations.ids[index] for index in chosen], known, predicted, at, surroundings)
    if quality is not None:
        quality = quality.select(chosen, [level], np.isin(stations.dates, period))
    ids = [stations.ids[index] for index in chosen]
    shares = covered_share(observed, found.at_place[:, place_of_depth], half_width)
    covered = {station: float(share) for station, share in zip(ids, shares, strict=True) if np.isfinite(share)}
    by_water = covered_by_water(covered, dict(zip(ids, surroundings.irrigated, strict=True)))
    left_out = {station: gone for place, station in enumerate(ids) if station in scored and
                (gone := [name for name in rivals if not used[name][place]])}
    rows = []
    if readings is not None:
        known_then = {"no reading": rivals["without_readings"],
                      "the readings, at the place, as a map": found.at_place[:, place_of_depth],
                      "the readings, at the sensor": predicted} | {
            f"{count} own readings, at the sensor": values[:, place_of_depth]
            for count, values in found.after.items()}
        rows = knowledge_table.rows_of(ids, known, known_then, surroundings.irrigated)
    return Comparison(depth_cm, observed_depth_cm, background.made_by(depth_cm), background.missing(depth_cm), observed,
                      predicted, candidates, known, scores, differences, pooled, groups, surroundings, quality,
                      half_width if np.isfinite(half_width).any() else None, covered, by_water, left_out, rows)
