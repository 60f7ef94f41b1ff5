"""How a method did at a station near a field in the weeks of a map: what a result says beside its maps.

The station has a region of its own (``archives.station_regions``), which any method reads like the field's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deepsoil.archives.archive import Bounds
from deepsoil.archives.near_stations import away_km
from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation.background import Background, MadeBy, Positions, Step
from deepsoil.evaluation.comparison import MODEL
from deepsoil.evaluation.stations import evaluate

if TYPE_CHECKING:
    from deepsoil.store.store import Store

WEEKS = 4
"""Before the first map: a single day would be chance."""
LEAST_DAYS = 7

_NOTHING = frozenset({"no_stations", "no_observations", "no_weather"})


@dataclass(frozen=True)
class Verification:
    """One depth at one station: bias and mean absolute error of θ in m³/m³ over ``days`` days with readings."""

    station: str
    name: str
    network: str
    km: float
    depth_cm: int
    sensor_depth_cm: float
    days: int
    bias: float
    mae: float

    def to_dict(self) -> dict[str, Any]:
        """For JSON, rounded to what sensors can tell."""
        return {"station": self.station, "name": self.name, "network": self.network, "km": round(self.km, 1),
                "depth_cm": self.depth_cm, "sensor_depth_cm": self.sensor_depth_cm, "days": self.days,
                "bias": round(self.bias, 4), "mae": round(self.mae, 4)}


def weeks_of(days: Sequence[date], store: Store) -> list[date]:
    """The days of maps with the weeks before them, as far as the weather of a station's region goes."""
    first, last = store.map_dates()
    start, end = max(first, min(days) - timedelta(weeks=WEEKS)), min(last, max(days))
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def verified(store: Store, field: Bounds, method: Background, days: Sequence[date],
             step: Step = lambda share, message: None, *, only: Sequence[str] | None = None) -> list[Verification]:
    """What a method's θ is worth at the stations of a region; empty where nothing was measured in these weeks.

    field  (west, south, east, north) of the field in degrees, to which distances are told
    days   of the field's maps
    only   ids of stations; None: all
    Raises what the method raises.
    """
    found: list[Verification] = []
    try:
        weeks = weeks_of(days, store)
    except DeepSoilError as error:
        if error.code in _NOTHING:
            return found
        raise
    for depth_cm in method.depths_cm if len(weeks) >= LEAST_DAYS else []:
        try:
            result = evaluate(store, _OneDepth(method, depth_cm), weeks, only=only, step=step)
        except DeepSoilError as error:
            if error.code in _NOTHING:
                continue  # not measured at this depth or in these weeks: the others may be
            raise
        stations, comparison = result.stations, result.comparisons[0]
        for station, scores in comparison.scores.items():
            number, score = stations.ids.index(station), scores[MODEL]
            if score.n >= LEAST_DAYS:
                km = away_km(field, float(stations.longitudes[number]), float(stations.latitudes[number]))
                found.append(Verification(station, stations.names[number], stations.networks[number], km, depth_cm,
                                          comparison.observed_depth_cm, score.n, score.bias, score.mae))
    return found


class _OneDepth:
    """A method that is asked for one of its depths."""

    def __init__(self, method: Background, depth_cm: int) -> None:
        self.depths_cm, self._method = [depth_cm], method

    def levels_cm(self, reading_depths_cm: Sequence[float]) -> tuple[float, ...]:
        return self._method.levels_cm(reading_depths_cm)

    def made_by(self, depth_cm: int) -> MadeBy:
        return self._method.made_by(depth_cm)

    def missing(self, depth_cm: int) -> list[str]:
        return self._method.missing(depth_cm)

    def series(self, at: Positions, days: Sequence[date], levels_cm: Sequence[float], step: Step, *,
               before: Sequence[date] = ()) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return self._method.series(at, days, levels_cm, step, before=before)
