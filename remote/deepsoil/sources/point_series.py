"""The kind ``series``: readings at points, as one cell or interpolated to a coarse grid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from deepsoil.channels import CHANNELS, Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import point_tables, station_tables, units
from deepsoil.sources.daily_fields import bridge, within
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import DayEnd, Point, Strict, Time
from deepsoil.sources.source import Ingestion, Source
from deepsoil.stations.readings import Quality, daily
from deepsoil.store.series import CoarseSeries


class PointTable(Strict):
    """Points from a table: ``files`` is a path with {id} in it."""

    file: str
    id: str
    longitude: str
    latitude: str
    files: str
    only: tuple[str, ...] = ()

    @field_validator("files")
    @classmethod
    def _has_id(cls, value: str) -> str:
        if "{id}" not in value:
            raise ValueError("must contain {id}, which stands for the id of a point")
        return value


class Grid(Strict):
    step_degrees: float = Field(gt=0.0, le=2.0)


class SeriesSource(Source):
    """Readings at points. ``unit`` is that of a reading; a daily sum is in that unit per day.

    ``otherwise`` provides the days that are missing here; remaining gaps of up to ``bridge_days`` are filled
    linearly, which suits temperature and evapotranspiration but not rain. Readings are put together over days that
    end at ``day_ends_utc``; of a file of daily values it says when their days end.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("coarse",)

    kind: Literal["series"]
    unit: str
    points: Annotated[list[Point], Field(min_length=1)] | PointTable
    time: Time
    column: str
    statistic: Literal["sum", "mean", "minimum", "maximum"]
    minimum_share: float = Field(default=0.75, gt=0.0, le=1.0)
    day_ends_utc: DayEnd = 0
    bridge_days: int = Field(default=0, ge=0, le=10)
    nodata: tuple[float, ...] = ()
    range: tuple[float, float] | None = None
    combine: Literal["median", "mean", "nearest", "inverse_distance"] = "mean"
    grid: Grid | None = None
    otherwise: SeriesSource | None = None

    @model_validator(mode="after")
    def _grid_if_needed(self) -> SeriesSource:
        if (self.combine in ("nearest", "inverse_distance")) != (self.grid is not None):
            raise ValueError("nearest and inverse_distance need a grid, median and mean give one cell and take none")
        return self

    @model_validator(mode="after")
    def _one_day(self) -> SeriesSource:
        if self.otherwise is not None and self.otherwise.day_ends_utc != self.day_ends_utc:
            raise ValueError("day_ends_utc of `otherwise` must be the same")
        return self

    @property
    def daily_unit(self) -> str:
        """The unit of a day's value."""
        return f"{self.unit}/day" if self.statistic == "sum" else self.unit

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        if isinstance(self.points, PointTable):
            yield self.points.file, f"{field}.points.file"
        else:
            yield from ((point.file, f"{field}.points.{i}.file") for i, point in enumerate(self.points))
        if self.otherwise is not None:
            yield from self.otherwise.named_files(f"{field}.otherwise")

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        units.check(name, self.daily_unit, CHANNELS[name].unit, f"{field}.unit")
        if self.otherwise is not None:
            self.otherwise.check(files, name, f"{field}.otherwise")

    def read(self, ingestion: Ingestion, name: str) -> CoarseSeries:
        made = self._fields(ingestion, name, f"channels.{name}")
        return within(ingestion.period, name, replace(made, values=bridge(made.values, self.bridge_days)))

    def _fields(self, ingestion: Ingestion, name: str, field: str) -> CoarseSeries:
        quality = Quality(self.nodata, *(self.range or (-np.inf, np.inf)), self.minimum_share,
                          self.day_ends_utc)
        days, longitudes, latitudes = [], [], []
        for path, longitude, latitude in self._points(ingestion.files, f"{field}.points"):
            readings = point_tables.read_readings(path, [self.column], point_tables.TimeAxis.of(self.time), field)
            days.append(daily(readings[self.column], self.statistic, quality))
            longitudes.append(longitude)
            latitudes.append(latitude)
        if not any(len(one) for one in days):
            raise DeepSoilError("source_invalid", "The source of {channel} has no day with enough good readings.",
                                "Check column, nodata, range and minimum_share.", field, channel=name)
        values = point_tables.spread(days, np.array(longitudes), np.array(latitudes), self.combine,
                                     self._cells(ingestion))
        made = CoarseSeries.regular(*values[:3], units.convert(values[3], self.daily_unit, CHANNELS[name].unit),
                                    self.day_ends_utc)
        if self.otherwise is None:
            return made
        return _fill_gaps(made, self.otherwise._fields(ingestion, name, f"{field}.otherwise"), field)

    def _points(self, files: RecipeFiles, field: str) -> list[tuple[Path, float, float]]:
        """(file, longitude, latitude) of every point."""
        if not isinstance(self.points, PointTable):
            return [(files.file(point.file, f"{field}.{i}.file"), point.longitude, point.latitude)
                    for i, point in enumerate(self.points)]
        table = self.points
        listed = station_tables.read_list(station_tables.StationList(
            files.file(table.file, f"{field}.file"), table.id, table.longitude, table.latitude, "",
            only=tuple(table.only)), field)
        return [(files.file(table.files.replace("{id}", row.id), f"{field}.files"), row.longitude, row.latitude)
                for row in listed.itertuples()]

    def _cells(self, ingestion: Ingestion) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Cell centres that cover the area, or None for one cell."""
        if self.grid is None:
            return None
        west, south, east, north = ingestion.bounds
        step = self.grid.step_degrees
        return np.arange(west, east + step, step), np.arange(north, south - step, -step)


def _fill_gaps(first: CoarseSeries, second: CoarseSeries, field: str) -> CoarseSeries:
    """``first``, with its missing days and cells from ``second`` (of one cell, or of the same grid)."""
    one_cell = second.values.shape[1:] == (1, 1)
    if not one_cell and not first.same_grid(second):
        raise DeepSoilError("recipe_invalid", "`otherwise` lies on another grid.",
                            "Give one that is combined to one cell, or the same grid.", field)
    start, end = min(first.dates[0], second.dates[0]), max(first.dates[-1], second.dates[-1])
    days = np.arange(start, end + 1)
    values = np.full((days.size, *first.values.shape[1:]), np.nan, np.float32)
    values[first.index(days[0].item()) * -1:][:first.dates.size] = first.values
    other = np.full_like(values, np.nan)
    other[second.index(days[0].item()) * -1:][:second.dates.size] = second.values
    return replace(first, dates=days, values=np.where(np.isnan(values), other, values))
