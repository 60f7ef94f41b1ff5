"""For tests of gathering: a server with what the made archives have of a field, and the engine that knows them."""

from __future__ import annotations

import io
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import xarray as xr
from deepsoil.contract.version import SCHEMA
from rasterio.transform import from_bounds
from servers.ranges import RangeServer, range_server

MADE = Path(__file__).parent / "made"
sys.path.insert(0, str(MADE))

from made_archives import TODAY  # noqa: E402

FIELD = {"type": "Polygon", "coordinates": [[[-96.60, 39.08], [-96.58, 39.08], [-96.58, 39.10], [-96.60, 39.10],
                                             [-96.60, 39.08]]]}
AROUND = (-96.75, 38.95, -96.45, 39.25)
CELLS = np.arange(39.24, 38.95, -1 / 24), np.arange(-96.74, -96.45, 1 / 24)
SAND, SILT, CLAY = 31.0, 42.0, 27.0
TIMEOUT_S = 60.0


@contextmanager
def made_server(today: date = TODAY) -> Iterator[RangeServer]:
    """All that the made archives have round the field."""
    with range_server() as server:
        server.serve("/ground/elevation.tif", raster(elevation()))
        for name in ("survey", "atlas", "owned", "closed"):
            more = 5 if name == "atlas" else 0
            table = f"sand,silt,clay,bulk_density\n{SAND + more},{SILT - more},{CLAY},1.0\n"
            server.serve(f"/{name}/soil.csv", table.encode())
        for year in range(2019, today.year):
            server.serve(f"/sky/{year}.nc", weather(date(year, 1, 1), date(year, 12, 31)))
        serve_today(server, today)
        for number, day in enumerate(("2023-06-01", "2023-07-01")):
            server.serve(f"/leaves/{day}.tif", raster(np.full((300, 300), 0.5 + 0.1 * number, np.float32)))
        yield server


def serve_today(server: RangeServer, today: date, wetter_mm: float = 0.0) -> None:
    """The weather of the year of ``today`` until the day before; ``wetter_mm``: its last five days are revised."""
    server.serve(f"/sky/{today}.nc", weather(date(today.year, 1, 1), today - np.timedelta64(1, "D").item(), wetter_mm))


def elevation() -> np.ndarray:
    """(300, 300) m: a slope to the east."""
    return np.broadcast_to(np.linspace(300, 400, 300, dtype=np.float32), (300, 300)).copy()


def raster(values: np.ndarray) -> bytes:
    with rasterio.MemoryFile() as file:
        with file.open(driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype,
                       crs="EPSG:4326", transform=from_bounds(*AROUND, values.shape[1], values.shape[0]),
                       nodata=-9999.0) as dataset:
            dataset.write(values, 1)
        return bytes(file.getbuffer())


def rain(days: np.ndarray) -> np.ndarray:
    """mm of each day: 8 mm every fifth day."""
    return np.where(days.astype("datetime64[D]").astype(int) % 5 == 0, 8.0, 0.0)


def weather(first: date, last: date, wetter_mm: float = 0.0) -> bytes:
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1).astype("datetime64[ns]")
    latitudes, longitudes = CELLS
    ones = np.ones((days.size, latitudes.size, longitudes.size), np.float32)
    wet = rain(days)
    wet[-5:] += wetter_mm
    season = np.cos(2 * np.pi * (days.astype("datetime64[D]").astype(int) % 365.25 - 200) / 365.25)
    of_day = {"precipitation": wet, "temperature": 12 + 12 * season, "vpd": 0.9 + 0.5 * season, "pet": 3 + 2.5 * season}
    dataset = xr.Dataset({name: (("day", "lat", "lon"), ones * values[:, None, None].astype(np.float32))
                          for name, values in of_day.items()}, {"day": days, "lat": latitudes, "lon": longitudes})
    status = np.where(np.arange(days.size) >= days.size - 5, 2, 1).astype(np.int8) if last.month < 12 else \
        np.ones(days.size, np.int8)
    dataset["status"] = ("day", status, {"flag_values": np.array([1, 2, 3, 4], np.int8),
                                         "flag_meanings": "final provisional early forecast"})
    buffer = io.BytesIO()
    buffer.write(dataset.to_netcdf(engine="h5netcdf"))  # type: ignore[arg-type]
    return buffer.getvalue()


def environment(home: Path, server: RangeServer | str, **more: str) -> dict[str, str]:
    """Of an engine that knows the made archives, at the server."""
    home.mkdir(parents=True, exist_ok=True)
    file = home.parent / f"{home.name}-archives.json"
    file.write_text(json.dumps({"made": server if isinstance(server, str) else server.address}))
    return {**os.environ, "DEEPSOIL_HOME": str(home), "DEEPSOIL_ARCHIVES": str(file), "PYTHONPATH": str(MADE),
            "DEEPSOIL_PROXIES": "{}", **more}


def field_file(folder: Path, area: dict[str, Any] | None = None) -> Path:
    path = folder / "field.geojson"
    path.write_text(json.dumps(area or FIELD))
    return path


def gather(home: Path, server: RangeServer | str, *arguments: str, timeout_s: float = TIMEOUT_S,
           area: dict[str, Any] | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """``deepsoil gather`` of the field, or of another area, with these arguments."""
    field = str(field_file(home.parent, area))
    return subprocess.run([sys.executable, "-P", "-m", "deepsoil", "gather", field, *arguments],
                          env=environment(home, server, **more), capture_output=True, text=True, timeout=timeout_s,
                          check=False)


def job(folder: Path | None, **changes: Any) -> dict[str, Any]:
    """A request of a gathering."""
    options = {"folder": str(folder)} if folder else {}
    document: dict[str, Any] = {"schema": SCHEMA, "id": secrets.token_hex(16), "kind": "gather", "name": "Field",
                                "area": FIELD, "options": {**options, **changes.pop("options", {})}}
    return {**document, **changes}
