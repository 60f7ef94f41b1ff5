"""Evaluation of the simulated field: soil columns at stations, with their own texture, weather and water."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from deepsoil import __version__
from deepsoil.contract.management import Management, management_of
from deepsoil.contract.text import Text
from deepsoil.evaluation.covariates import places
from deepsoil.evaluation.station_choice import choose_stations
from deepsoil.evaluation.station_water import station_water
from deepsoil.evaluation.stations import Evaluation, MadeBy, Step, compared
from deepsoil.field import interval, uncertainty
from deepsoil.field.ground import NONE, columns_at
from deepsoil.field.model import field_model
from deepsoil.grid import lonlat_to_pixel
from deepsoil.stations.nearest import coarse_at
from deepsoil.stations.screened import screened_stations

if TYPE_CHECKING:
    from deepsoil.store.store import Store

MADE_BY = MadeBy("soil columns", __version__)


def evaluate_columns(store: Store, depths_cm: Sequence[int], days: Sequence[date], *, only: Sequence[str] | None = None,
                     raw: bool = False, management: Sequence[Management] = (), members: int = uncertainty.MEMBERS,
                     step: Step | None = None) -> Evaluation:
    """As ``stations.evaluate``, by soil columns instead of networks; the intervals are those of the ensemble.

    A station without soil has no prediction. Raises what the stations, the weather and the simulation raise.
    """
    stations, quality = (store.stations(), None) if raw else screened_stations(store)
    chosen = choose_stations(stations, only, store)
    station_water(store, stations, chosen, management, 1)  # the same checks of what is said of the water
    shape = (len(chosen), len(depths_cm), len(days))
    predicted, half_width = (np.full(shape, np.nan, np.float32) for _ in range(2))
    z = uncertainty.draw(members)
    for place, index in enumerate(chosen):
        at = stations.longitudes[[index]], stations.latitudes[[index]]
        column, row = (int(np.floor(value[0])) for value in lonlat_to_pixel(*at))
        columns, number = columns_at(store, *at, [(column, row)])
        if number[0] == NONE:
            continue
        known = management_of(management, stations.ids[index], stations.names[index])
        report = _reporter(step, place, len(chosen))
        ensemble = field_model(store, columns, days, depths_cm, known, report).run(z)
        values = ensemble.theta[:, 0]
        lower, upper = interval.bounds(values, ensemble.weights)
        predicted[place], half_width[place] = interval.mean(values, ensemble.weights), (upper - lower) / 2
    where = places(store, stations)
    comparisons = [compared(depth_cm, MADE_BY, [], stations, where, quality, chosen, days, predicted[:, level],
                            half_width[:, level]) for level, depth_cm in enumerate(depths_cm)]
    rain = coarse_at(store, "precipitation", stations.longitudes[chosen], stations.latitudes[chosen],
                     np.asarray(days, "datetime64[D]"))
    return Evaluation(store.name, store.synthetic, stations, chosen, list(days), rain, comparisons)


def _reporter(step: Step | None, place: int, stations: int) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        if step is not None:
            step((place + done / max(total, 1)) / stations,
                 Text("{number} of {stations} stations", number=place + 1, stations=stations))

    return report
