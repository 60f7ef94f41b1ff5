"""The live comparison of archives of stations: a station that is known to be somewhere, and its readings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from deepsoil.archives import probing_region
from deepsoil.archives.archive import Bounds, Entries

KNOWN: Mapping[str, tuple[tuple[float, float], str]] = {
    "uscrn": ((-96.61, 39.10), "USCRN_53974"),   # Manhattan 6 SSW, Kansas, beside the prairie
    "awdb": ((-96.47, 40.85), "Rogers Farm"),    # of SCAN, in Nebraska
}
"""Archive → a place (longitude, latitude) in degrees where a station is, and its id or the beginning of its name."""

_THETA = (0.03, 0.60)
_FIELD, _AROUND = 0.005, 0.015


def around(place: tuple[float, float]) -> tuple[Bounds, Bounds]:
    """A field at a place, and what is asked around it."""
    x, y = place
    return (x - _FIELD, y - _FIELD, x + _FIELD, y + _FIELD), (x - _AROUND, y - _AROUND, x + _AROUND, y + _AROUND)


def problems(archive: str, entries: Entries, folder: Path) -> list[str]:
    """What is wrong with stations, of which the known one must be there with readings that soil can have."""
    place, known = KNOWN[archive]
    if entries.stations is None:
        return [f"the station {known} is not there: {' '.join(entries.notes)}"]
    elevation = {"kind": "constant", "value": 300, "unit": "m"}
    stations = probing_region.ingested(folder, around(place)[1], {"elevation": elevation},
                                       stations=entries.stations).stations()
    found = [number for number, (one, name) in enumerate(zip(stations.ids, stations.names, strict=True))
             if one == known or name.replace("_", " ").startswith(known)]
    if not found:
        return [f"the station {known} is not among {', '.join(stations.ids)}"]
    theta = stations.theta[found[0]]
    mean = float(theta[np.isfinite(theta)].mean()) if np.isfinite(theta).any() else float("nan")
    return [] if _THETA[0] <= mean <= _THETA[1] else [f"soil moisture of {known} is {mean:.3g} m³/m³ on average"]
