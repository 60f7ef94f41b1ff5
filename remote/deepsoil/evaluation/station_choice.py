"""Which stations of a region an evaluation is about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.store.series import Stations

if TYPE_CHECKING:
    from deepsoil.store.store import Store


def choose_stations(stations: Stations, only: Sequence[str] | None, store: Store) -> list[int]:
    """Indices of those named in ``only`` (None: all) that lie inside the region.

    DeepSoilError ``no_stations``, ``station_unknown``.
    """
    if not len(stations):
        raise DeepSoilError("no_stations", "The region '{title}' has no stations.",
                            "Add stations to its recipe and ingest again, or choose another region.", "region",
                            title=store.title)
    for name in only or ():
        if name not in stations.ids:
            raise DeepSoilError("station_unknown", "The region '{title}' has no station '{name}'.",
                                "It has: {ids}.", "options.stations",
                                title=store.title, name=name, ids=', '.join(stations.ids))
    wanted = range(len(stations)) if only is None else [stations.ids.index(name) for name in dict.fromkeys(only)]
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    inside = [index for index in wanted
              if store.window.contains(Window(int(columns[index]), int(rows[index]), 1, 1))]
    if not inside:
        raise DeepSoilError("no_stations", "None of the stations lies inside the region '{title}'.",
                            "Check the positions of the stations.", "options.stations",
                            title=store.title)
    return inside
