"""What the farmers of the sample region would write down: the true irrigation at the stations, as management."""

from __future__ import annotations

from typing import Any

import numpy as np

from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.sample.irrigation import PRACTICES
from deepsoil.sample.landcover import Cover
from deepsoil.sample.truth import Truth
from deepsoil.store.store import Store

_LEAST_MM = 0.5


def station_logs(store: Store) -> list[dict[str, Any]]:
    """An entry of ``options.management`` for every station on irrigated land, with all its water."""
    truth, stations = Truth.open(store), store.stations()
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    found = []
    for station, column, row in zip(stations.ids, columns.astype(int), rows.astype(int), strict=True):
        if Cover(int(truth.cover_of(Window(column, row, 1, 1))[0, 0])) not in PRACTICES:
            continue
        water = truth.irrigation_mm(column, row)
        found.append({"field": station, "irrigation": {"type": "log", "applications": [
            {"date": str(truth.dates[day]), "mm": round(float(water[day]), 1)}
            for day in np.flatnonzero(water >= _LEAST_MM)]}})
    return found
