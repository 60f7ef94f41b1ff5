"""ORNL's subset service over made leaf area.

What it imitates, and where that is known from (facts on public archives, November 2026, §7; public clients of it):
``/{product}/bands``, ``/{product}/dates`` {"dates": [{"modis_date": "A2023169", "calendar_date": …}]},
``/{product}/subset`` with latitude, longitude, startDate, endDate, band, kmAboveBelow, kmLeftRight → nrows, ncols,
xllcorner, yllcorner, cellsize, scale (as texts), subset [{modis_date, calendar_date, band, tile, data}], rows from the
north; at most 10 dates a request, else 400; sinusoidal grid of 463.3 m; 249 to 255 are no leaf area.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

import numpy as np
import rasterio.warp
from deepsoil.sources.lai_files import SINUSOIDAL
from servers.plain import Made, Reply, Request, serving

CELL = 463.312716528
Leaves = Callable[[date, np.ndarray, np.ndarray], np.ndarray]


@contextmanager
def ornl(days: Sequence[date], lai: Leaves, flags: Leaves, leaf_band: str = "Lai", drop: date | None = None,
         scale: str = "0.1") -> Iterator[Made]:
    """``lai`` and ``flags``: (day, longitudes (H, W), latitudes (H, W)) → stored numbers. ``drop``: left out unsaid."""
    def answer(request: Request, base: str) -> Reply:
        what = request.path.rsplit("/", 1)[1]
        if what == "bands":
            return Reply.of({"bands": [{"band": name, "units": ""} for name in ("Fpar", "FparLai_QC", leaf_band)]})
        if what == "dates":
            return Reply.of({"dates": [{"modis_date": f"A{day:%Y%j}", "calendar_date": str(day)} for day in days]})
        first, last = (datetime.strptime(request.query[name], "A%Y%j").date() for name in ("startDate", "endDate"))
        chosen = [day for day in days if first <= day <= last]
        if len(chosen) > 10 or not chosen:
            return Reply(b"Number of MODIS/VIIRS subsets requested exceeds limit (10)", 400, "text/plain")
        x, y = (found[0] for found in rasterio.warp.transform(
            "EPSG:4326", SINUSOIDAL, [float(request.query["longitude"])], [float(request.query["latitude"])]))
        high, wide = (int(int(request.query[name]) * 1000 / CELL) for name in ("kmAboveBelow", "kmLeftRight"))
        left, bottom = (np.floor(x / CELL) - wide) * CELL, (np.floor(y / CELL) - high) * CELL
        rows, columns = 2 * high + 1, 2 * wide + 1
        xs = left + (np.arange(columns) + 0.5) * CELL
        ys = bottom + (rows - np.arange(rows) - 0.5) * CELL
        lon, lat = rasterio.warp.transform(SINUSOIDAL, "EPSG:4326", *(
            grid.ravel().tolist() for grid in np.meshgrid(xs, ys)))
        places = np.reshape(lon, (rows, columns)), np.reshape(lat, (rows, columns))
        band = request.query["band"]
        read = flags if band == "FparLai_QC" else lai
        return Reply.of({
            "xllcorner": f"{left:.2f}", "yllcorner": f"{bottom:.2f}", "cellsize": str(CELL), "nrows": rows,
            "ncols": columns, "band": band, "units": "m^2/m^2", "scale": scale if band != "FparLai_QC" else "1",
            "latitude": float(request.query["latitude"]), "longitude": float(request.query["longitude"]),
            "subset": [{"modis_date": f"A{day:%Y%j}", "calendar_date": str(day), "band": band, "tile": "h10v05",
                        "proc_date": "2023180000000", "data": read(day, *places).astype(int).ravel().tolist()}
                       for day in chosen if day != drop]})

    with serving(answer) as made:
        yield made
