"""Predictions at the pixels of stations over a period, compared with their readings; tables of both."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Management, management_of
from deepsoil.contract.station_readings import StationReadings
from deepsoil.contract.table_cells import guarded_row
from deepsoil.evaluation import baselines, metrics
from deepsoil.evaluation.background import Background, Positions, Step
from deepsoil.evaluation.comparison import Comparison, compared
from deepsoil.evaluation.covariates import places
from deepsoil.evaluation.coverage import coverage_document
from deepsoil.evaluation.known_readings import (
    WITH_READINGS,
    WithReadings,
    predict_with_readings,
)
from deepsoil.evaluation.station_choice import choose_stations
from deepsoil.evaluation.station_water import check_water
from deepsoil.stations.nearest import coarse_at
from deepsoil.stations.screened import screened_stations
from deepsoil.store.series import Stations

if TYPE_CHECKING:
    from deepsoil.store.store import Store

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Evaluation:
    """All depths; ``chosen`` are indices into ``stations``, ``precipitation_mm`` is (S, T) at their pixels.

    readings: what was known of readings; None: nothing. warnings: what is to be told of readings that are left out.
    """

    region: str
    synthetic: bool
    stations: Stations
    chosen: list[int]
    days: list[date]
    precipitation_mm: Values
    comparisons: list[Comparison]
    readings: StationReadings | None
    warnings: list[DeepSoilError]

    @property
    def descriptions(self) -> dict[str, str]:
        """Of the baselines, by name."""
        every = baselines.DESCRIPTIONS | WITH_READINGS
        return {name: every[name] for name in every
                if any(name in comparison.candidates for comparison in self.comparisons)}

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
                "baselines": self.descriptions, "readings": _without_values(self.readings),
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
                "coverage": coverage_document(comparison.covered, comparison.covered_by_water),
                "summary": {name: summary.to_dict() for name, summary in comparison.summaries().items()},
                "differences": {name: one.to_dict() for name, one in comparison.pooled.items()},
                "groups": [group.to_dict() for group in comparison.groups],
                "not_compared": comparison.not_compared,
                "known": [row.to_dict() for row in comparison.known]}


def evaluate(store: Store, background: Background, days: Sequence[date], *, only: Sequence[str] | None = None,
             raw: bool = False, management: Sequence[Management] = (), readings: StationReadings | None = None,
             step: Step = lambda share, message: None) -> Evaluation:
    """Compare what a method predicts with the stations of a store on consecutive days.

    Observations that quality control rejects are left out, unless ``raw``. ``only``: ids of stations; all if omitted.
    ``management``: what is known of the water of their fields; ``readings``: of readings, there and elsewhere.
    ``step(share done, message)`` is called between pieces of work; its exceptions end the evaluation. Raises
    DeepSoilError ``no_stations``, ``station_unknown``, ``no_observations``, and what the method raises.
    """
    stations, quality = (store.stations(), None) if raw else screened_stations(store)
    chosen = choose_stations(stations, only, store)
    check_water(store, stations, management)
    if readings is None:
        at = Positions(stations.longitudes[chosen], stations.latitudes[chosen],
                       [management_of(management, stations.ids[index], stations.names[index]) for index in chosen])
        found = _plain(*background.series(at, days, [float(depth_cm) for depth_cm in background.depths_cm], step))
    else:
        found = predict_with_readings(store, background, stations, chosen, days, management, readings, step)
    where = places(store, stations)
    comparisons = [compared(depth_cm, level, background, stations, where, quality, chosen, days, found, readings)
                   for level, depth_cm in enumerate(background.depths_cm)]
    rain = coarse_at(store, "precipitation", stations.longitudes[chosen], stations.latitudes[chosen],
                     np.asarray(days, "datetime64[D]"))
    return Evaluation(store.name, store.synthetic, stations, chosen, list(days), rain, comparisons, readings,
                      found.warnings)


def _plain(theta: Values, half_width: Values) -> WithReadings:
    return WithReadings(theta, half_width, theta, theta, {}, [])


def _without_values(readings: StationReadings | None) -> dict[str, Any] | None:
    """For JSON: the probes' values are in the job."""
    return None if readings is None else {**readings.model_dump(exclude={"values"}), "values": len(readings.values)}


def _cell(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else ""
