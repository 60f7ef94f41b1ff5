"""What a store knows of places that lasts: the covariates of regression kriging."""

from __future__ import annotations

import numpy as np

from deepsoil.evaluation.baselines import Places
from deepsoil.stations.nearest import static_at
from deepsoil.store.series import Stations
from deepsoil.store.store import Store

CHANNELS = ("sand", "clay", "elevation", "slope")
_LAND_COVER = "land_cover"


def places(store: Store, stations: Stations) -> Places:
    """Positions and covariates of stations: soil, terrain and, for each class that occurs, the land cover."""
    known = store.channels()
    columns = [static_at(store, name, stations.longitudes, stations.latitudes) for name in CHANNELS if name in known]
    if _LAND_COVER in known:
        cover = static_at(store, _LAND_COVER, stations.longitudes, stations.latitudes)
        columns += [np.where(np.isfinite(cover), cover == value, np.nan) for value in np.unique(cover[cover > 0])]
    covariates = np.array(columns, np.float64).reshape(len(columns), len(stations)).T
    return Places(stations.longitudes, stations.latitudes, stations.networks, covariates)


