"""The kind ``hydroblocks``: SMAP-HydroBlocks (Vergopolan et al. 2021, doi:10.1038/s41597-021-01050-2) on its 30 m grid.

Layout: NetCDF that the authors' post-processing writes: one variable in m³/m³ on time, latitude and longitude (Plate
Carrée), steps of 6 hours or days, −9999 or NaN where SMAP did not pass. It was made with stations and SMAP: a
comparison with either is not independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from pydantic import Field
from rasterio.crs import CRS

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources import geotiff, netcdf
from deepsoil.sources.recipe_parts import Period
from deepsoil.sources.source import Bounds, DatedMaps, Ingestion, Map, Source
from deepsoil.sources.value_range import check_range

FILL = -9999.0
_GEOGRAPHIC = CRS.from_epsg(4326)
_UNEVEN = 0.01
"""Share of a step by which the steps of an axis may differ."""


class HydroblocksSource(Source):
    """Daily means of the days with a value. ``variable``: its name in the files; found where there is only one."""

    gives: ClassVar[tuple[Kind, ...]] = ("dated",)

    kind: Literal["hydroblocks"]
    files: list[str] = Field(min_length=1)
    variable: str | None = None

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(self.files))

    def problem(self, name: str, channels: object) -> str | None:
        return None if name == "hydroblocks" else "a hydroblocks source gives hydroblocks"

    def read(self, ingestion: Ingestion, name: str) -> DatedMaps:
        field = f"channels.{name}"
        paths = [path for pattern, where in self.named_files(field) for path in ingestion.files.glob(pattern, where)]
        found = days_of(paths, self.variable, ingestion.bounds, field, ingestion.period)
        if not found:
            raise DeepSoilError("source_invalid", "No day of {channel} with a value lies within the area and the dates "
                                "of the recipe.", "Correct the dates or the files.", field,
                                channel=name)

        def layers() -> Iterator[Map]:
            for day, fields in found.items():
                ingestion.on_day(day)
                yield check_range(name, fields.map(day, ingestion.window), field)

        return DatedMaps(list(found), layers())


@dataclass(frozen=True)
class Fields:
    """A file's variable around an area; read a day at a time, so that a year of 30 m maps need not be in memory."""

    path: Path
    variable: str
    longitudes: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    columns: slice
    rows: slice
    times: NDArray[np.datetime64]
    axes: tuple[str, str, str]
    field: str

    def mean(self, day: date) -> NDArray[np.float64]:
        """Mean (ny, nx) of the steps of a UTC day, north first, NaN without any."""
        steps = np.flatnonzero(self.times.astype("datetime64[D]") == np.datetime64(day, "D"))
        with xr.open_dataset(self.path, engine=netcdf.engine(self.path)) as dataset:
            part = dataset[self.variable].transpose(*self.axes)[steps[0]:steps[-1] + 1, self.rows, self.columns]
            values = np.asarray(part, np.float64)
        values[values == FILL] = np.nan
        known = np.isfinite(values)
        mean = np.where(known, values, 0.0).sum(0) / np.maximum(known.sum(0), 1)
        return np.where(known.any(0), mean, np.nan)[::-1] if self.latitudes[0] < self.latitudes[-1] else \
            np.where(known.any(0), mean, np.nan)

    def map(self, day: date, window: Window) -> Map:
        """The mean of a day on ``window`` (H, W), NaN missing."""
        lat = np.sort(self.latitudes)[::-1]
        step_x, step_y = _step(self.longitudes, self.path, self.field), _step(lat[::-1], self.path, self.field)
        transform = Affine(step_x, 0.0, self.longitudes[0] - step_x / 2, 0.0, -step_y, lat[0] + step_y / 2)
        found = geotiff.on_window(self.mean(day), transform, _GEOGRAPHIC, window)
        return np.full(window.shape, np.nan, np.float32) if found is None else found


def days_of(paths: Sequence[Path], variable: str | None, bounds: Bounds, field: str,
            period: Period | None = None) -> dict[date, Fields]:
    """The days of a period with a value near the area, ascending, with the fields that have them.

    Raises ``source_invalid``, ``source_outside``, ``unit_wrong``. Only days of the period are read.
    """
    found: dict[date, Fields] = {}
    for path in paths:
        fields = _open(path, variable, bounds, field)
        for day in np.unique(fields.times.astype("datetime64[D]")).astype(object):
            inside = period is None or period.start <= day <= period.end
            if inside and day not in found and np.isfinite(fields.mean(day)).any():
                found[day] = fields
    return dict(sorted(found.items()))


def _open(path: Path, variable: str | None, bounds: Bounds, field: str) -> Fields:
    try:
        with xr.open_dataset(path, engine=netcdf.engine(path)) as dataset:
            names = [str(name) for name in dataset.data_vars if dataset[name].ndim == 3]
            name = variable or (names[0] if len(names) == 1 else None)
            if name is None or name not in dataset.data_vars:
                raise DeepSoilError("source_invalid", "{file} has no variable {variable!r}.", "It has: {variables}.",
                                    f"{field}.variable", file=path.name, variable=name or "",
                                    variables=", ".join(map(str, dataset.data_vars)))
            array = dataset[name]
            netcdf.check_unit(array, path, "m3/m3", field)
            lat, lon, time = (netcdf.axis(array, names, path, field)
                              for names in (netcdf.LATITUDES, netcdf.LONGITUDES, netcdf.TIMES))
            longitudes, latitudes = np.asarray(array[lon], np.float64), np.asarray(array[lat], np.float64)
            columns, rows = netcdf.near(longitudes, bounds[0], bounds[2]), netcdf.near(latitudes, bounds[1], bounds[3])
            times = np.asarray(array[time])
    except (OSError, ValueError, RuntimeError) as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read as NetCDF: {error}.",
                            "Check that the file is whole.", field,
                            file=path.name, error=error) from error
    if not columns.size or not rows.size:
        raise DeepSoilError("source_outside", "{file} does not touch the area.", "Check the area.", field,
                            file=path.name)
    if not np.issubdtype(times.dtype, np.datetime64):
        raise DeepSoilError("source_invalid", "{file}: its times are no dates.", "Use the file as the post-processing "
                            "writes it.", field, file=path.name)
    return Fields(path, name, longitudes[columns], latitudes[rows], slice(columns[0], columns[-1] + 1),
                  slice(rows[0], rows[-1] + 1), times, (time, lat, lon), field)


def _step(centres: NDArray[np.float64], path: Path, field: str) -> float:
    steps = np.diff(centres)
    if steps.size == 0 or steps.min() <= 0 or np.ptp(steps) > _UNEVEN * steps.mean():
        raise DeepSoilError("source_invalid", "{file} does not lie on an even longitude-latitude grid.",
                            "Use the file as the post-processing writes it.", field,
                            file=path.name)
    return float(steps.mean())
