"""Predictions at the pixels of stations over a period, compared with their readings; tables of both."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management
from deepsoil.contract.table_cells import guarded_row
from deepsoil.contract.text import Text
from deepsoil.depths import DEPTHS
from deepsoil.evaluation import baselines, metrics
from deepsoil.evaluation.covariates import places
from deepsoil.evaluation.coverage import coverage_document, covered_share
from deepsoil.evaluation.groups import Group, Surroundings, by_group
from deepsoil.evaluation.paired import Difference, compare
from deepsoil.evaluation.pairs import common_days
from deepsoil.evaluation.seasons import season_table
from deepsoil.evaluation.station_choice import choose_stations
from deepsoil.evaluation.station_water import station_water
from deepsoil.evaluation.table_files import Tabular
from deepsoil.inference.machine import cores
from deepsoil.inference.point_series import point_series
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model
from deepsoil.stations.nearest import coarse_at, on_days
from deepsoil.stations.quality_report import QualityReport
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Stations

if TYPE_CHECKING:
    from deepsoil.store.store import Mode, Store

Values = NDArray[np.float32]
Step = Callable[[float, str], None]

MODEL = "model"


@dataclass(frozen=True)
class MadeBy:
    """What made the predictions: a model file, or ``soil columns`` with the version of the engine."""

    id: str
    version: str


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
    covered             station → share of its days on which the reading lies inside; empty without intervals
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

    def summaries(self) -> dict[str, metrics.Summary]:
        """Over stations, for the model and every baseline."""
        return {name: metrics.summarise(score[name] for score in self.scores.values())
                for name in (MODEL, *baselines.DESCRIPTIONS)}

    def seasons(self, days: Sequence[date]) -> Tabular:
        """Scores of the model and the baselines by season, all on the same station-days."""
        return season_table(self.observed, self.candidates, np.asarray(days, "datetime64[D]"),
                            f"{self.depth_cm} cm by season (m3/m3)")


@dataclass(frozen=True)
class Evaluation:
    """All depths; ``chosen`` are indices into ``stations``, ``precipitation_mm`` is (S, T) at their pixels."""

    region: str
    synthetic: bool
    stations: Stations
    chosen: list[int]
    days: list[date]
    precipitation_mm: Values
    comparisons: list[Comparison]

    def write(self, table: Path, scores: Path) -> None:
        """The CSV table of the contract and the JSON with all scores."""
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["station", "name", "longitude", "latitude", "depth_cm", "date", "observed", "predicted",
                             "precipitation_mm", "lower", "upper"])
            for comparison in self.comparisons:
                writer.writerows(guarded_row(row) for place in range(len(self.chosen))
                                 for row in self._rows(comparison, place))
        scores.write_text(json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _rows(self, comparison: Comparison, place: int) -> list[list[str]]:
        stations, index = self.stations, self.chosen[place]
        head = [stations.ids[index], stations.names[index], f"{stations.longitudes[index]:.6f}",
                f"{stations.latitudes[index]:.6f}", str(comparison.depth_cm)]
        half_width = np.nan if comparison.half_width is None else comparison.half_width[place]
        predicted = comparison.predicted[place]
        columns = zip(self.days, comparison.observed[place], predicted, self.precipitation_mm[place],
                      np.maximum(predicted - half_width, 0.0), predicted + half_width, strict=True)
        return [[*head, day.isoformat(), _cell(observed, 4), _cell(theta, 4), _cell(rain, 2), _cell(lower, 4),
                 _cell(upper, 4)] for day, observed, theta, rain, lower, upper in columns]

    def to_dict(self) -> dict[str, Any]:
        """``station_metrics.json``."""
        return {"schema": 1, "engine": __version__, "region": self.region, "synthetic": self.synthetic,
                "start": self.days[0].isoformat(), "end": self.days[-1].isoformat(), "unit": "m3/m3",
                "intervals": f"{metrics.CONFIDENCE:.0%}, moving blocks of {metrics.BLOCK_DAYS} days",
                "baselines": baselines.DESCRIPTIONS,
                "depths": {str(comparison.depth_cm): self._depth(comparison) for comparison in self.comparisons}}

    def _depth(self, comparison: Comparison) -> dict[str, Any]:
        names = dict(zip(self.stations.ids, self.stations.names, strict=True))
        place = {self.stations.ids[index]: number for number, index in enumerate(self.chosen)}
        return {"model": {"id": comparison.made_by.id, "version": comparison.made_by.version},
                "observed_depth_cm": comparison.observed_depth_cm, "missing_channels": comparison.missing,
                "quality": comparison.quality.to_dict()[f"{comparison.observed_depth_cm:g}"] if comparison.quality
                else None,
                "stations": [{"id": station, "name": names[station],
                              **comparison.surroundings.to_dict(place[station]),
                              **{name: score.to_dict() for name, score in scores.items()},
                              "differences": {name: one.to_dict()
                                              for name, one in comparison.differences[station].items()}}
                             for station, scores in comparison.scores.items()],
                "coverage": coverage_document(comparison.covered),
                "summary": {name: summary.to_dict() for name, summary in comparison.summaries().items()},
                "differences": {name: one.to_dict() for name, one in comparison.pooled.items()},
                "groups": [group.to_dict() for group in comparison.groups]}


def evaluate(store: Store, models: Mapping[int, Model], days: Sequence[date], *, only: Sequence[str] | None = None,
             vegetation: Mode = "carry", threads: int | None = None, raw: bool = False,
             management: Sequence[Management] = (), step: Step | None = None) -> Evaluation:
    """Compare predictions with the stations of a store on consecutive days.

    Observations that quality control rejects are left out, unless ``raw``. ``models``: by depth in cm. ``only``: ids
    of stations; all if omitted. ``management``: what is known of the water of their fields. ``step(share done,
    message)`` is called between pieces of work; its exceptions end the evaluation. Raises DeepSoilError
    ``no_stations``, ``station_unknown``, ``no_observations``, and what the stack and the models raise.
    """
    stations, quality = (store.stations(), None) if raw else screened_stations(store)
    chosen = choose_stations(stations, only, store)
    report = step or (lambda share, message: None)
    comparisons = []
    reach = max(model.contract.halo + model.contract.multiple for model in models.values())
    watering = station_water(store, stations, chosen, management, reach)
    for number, (depth_cm, model) in enumerate(sorted(models.items())):
        def within(share: float, number: int = number, depth_cm: int = depth_cm) -> None:
            report((number + share) / len(models),
                   Text("{depth_cm} cm: {share:.0%} of the days", depth_cm=depth_cm, share=share))

        stack = Stack(store, model.contract.channel_uses(), vegetation, watered=watering.areas)
        predicted = point_series(model, stack, days, stations.longitudes[chosen], stations.latitudes[chosen],
                                 threads or cores(), within)
        intervals, half_width = model.contract.intervals, None
        if intervals is not None:
            half_width = np.where(np.isfinite(predicted), np.float32(intervals.half_width), np.float32(np.nan))
        comparisons.append(compared(depth_cm, MadeBy(model.contract.name, model.contract.version), stack.missing,
                                    stations, places(store, stations), quality, chosen, days, predicted, half_width))
    rain = coarse_at(store, "precipitation", stations.longitudes[chosen], stations.latitudes[chosen],
                     np.asarray(days, "datetime64[D]"))
    return Evaluation(store.name, store.synthetic, stations, chosen, list(days), rain, comparisons)


def compared(depth_cm: int, made_by: MadeBy, missing: list[str], stations: Stations, where: baselines.Places,
             quality: QualityReport | None, chosen: list[int], days: Sequence[date], predicted: Values,
             half_width: Values | None) -> Comparison:
    """Scores on the days of the period. The baselines know the whole record of the stations."""
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
    candidates = {MODEL: predicted} | rivals
    known, used = common_days(observed, predicted, rivals)
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
    covered = {}
    if half_width is not None:
        shares = covered_share(observed, predicted, half_width)
        covered = {stations.ids[index]: float(shares[place]) for place, index in enumerate(chosen)
                   if np.isfinite(shares[place])}
    return Comparison(depth_cm, observed_depth_cm, made_by, missing, observed, predicted, candidates, known, scores,
                      differences, pooled, groups, surroundings, quality, half_width, covered)


def _cell(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else ""
