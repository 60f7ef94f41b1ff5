"""The kind ``reference_et``: daily FAO-56 Penman-Monteith evapotranspiration of grass, by pyet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
import pyet
from pydantic import Field, model_validator

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.sources import point_tables, units
from deepsoil.sources.daily_fields import bridge, within
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import DayEnd, Point, Strict, Time
from deepsoil.sources.source import Ingestion, Source
from deepsoil.stations.readings import Quality, Statistic, daily, spacing
from deepsoil.store.series import CoarseSeries

_LOWEST_WIND = 0.5
"""m/s; FAO-56 (eq. 6, note) requires at least this, because the boundary layer is never calm."""

_SPARSEST = pd.Timedelta(hours=6)
"""Readings further apart miss the warmest and the coldest hour; of daily means ET is some 6 % too low."""

READING_UNITS = {"temperature": "degC", "relative_humidity": "%", "vapour_pressure": "kPa",
                 "radiation": "MJ/m2/day", "wind": "m/s"}
"""Readings, and the unit that each is converted to."""


class Reading(Strict):
    column: str
    unit: str


class ReferenceEtSource(Source):
    """FAO-56 reference evapotranspiration from readings through the day at one site; humidity is relative or
    vapour pressure."""

    gives: ClassVar[tuple[Kind, ...]] = ("coarse",)

    kind: Literal["reference_et"]
    point: Point
    elevation_m: float
    time: Time
    temperature: Reading
    relative_humidity: Reading | None = None
    vapour_pressure: Reading | None = None
    radiation: Reading
    wind: Reading
    wind_height_m: float = Field(default=2.0, gt=0.1, le=50.0)
    minimum_share: float = Field(default=0.75, gt=0.0, le=1.0)
    day_ends_utc: DayEnd = 0
    bridge_days: int = Field(default=0, ge=0, le=10)
    nodata: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _one_humidity(self) -> ReferenceEtSource:
        if (self.relative_humidity is None) == (self.vapour_pressure is None):
            raise ValueError("give either relative_humidity or vapour_pressure")
        return self

    def readings(self) -> dict[str, Reading]:
        """Measured variable → its column and unit."""
        return {name: given for name in READING_UNITS if (given := getattr(self, name)) is not None}

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield self.point.file, f"{field}.point.file"

    def problem(self, name: str, channels: Collection[str]) -> str | None:
        return None if name == "pet" else "a reference_et source gives pet only"

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        for what, given in self.readings().items():
            units.check(f"{name}: {what}", given.unit, READING_UNITS[what], f"{field}.{what}.unit")

    def read(self, ingestion: Ingestion, name: str) -> CoarseSeries:
        field, given = f"channels.{name}", self.readings()
        path = ingestion.files.file(self.point.file, f"{field}.point.file")
        table = point_tables.read_readings(path, [one.column for one in given.values()],
                                           point_tables.TimeAxis.of(self.time), field)
        if len(table) > 1 and spacing(table.index) > _SPARSEST:
            raise DeepSoilError("source_invalid", "{file} has a reading every {hours:g} hours; the minimum and maximum "
                                "temperature of a day cannot be told from so few.",
                                "Give hourly readings, or a source that has the evapotranspiration itself.", field,
                                file=path.name, hours=spacing(table.index) / pd.Timedelta(hours=1))
        table = table.mask(table.isin(list(self.nodata)))
        hourly = pd.DataFrame({what: units.convert(table[one.column].to_numpy(), one.unit, READING_UNITS[what])
                               for what, one in given.items()}, index=table.index)
        if "relative_humidity" in hourly:
            share = hourly.relative_humidity.clip(0, 100) / 100
            hourly["vapour_pressure"] = saturation_kpa(hourly.temperature) * share
        et = penman_monteith(self._daily(hourly), self.point.latitude, self.elevation_m)
        made = CoarseSeries.regular(et.index.to_numpy().astype("datetime64[D]"), [self.point.longitude],
                                    [self.point.latitude], et.to_numpy(np.float32)[:, None, None], self.day_ends_utc)
        return within(ingestion.period, name, replace(made, values=bridge(made.values, self.bridge_days)))

    def _daily(self, hourly: pd.DataFrame) -> pd.DataFrame:
        """The daily input of ``penman_monteith`` from hourly readings in the units of ``READING_UNITS``."""
        step = spacing(hourly.index)
        quality = Quality(minimum_share=self.minimum_share, day_ends_utc=self.day_ends_utc)

        def one(column: str, statistic: Statistic) -> pd.Series:
            return daily(hourly[column], statistic, quality, step)

        return pd.DataFrame({
            "tmin": one("temperature", "minimum"), "tmax": one("temperature", "maximum"),
            "vapour_pressure": one("vapour_pressure", "mean"), "radiation": one("radiation", "mean"),
            "wind": wind_at_2_m(one("wind", "mean"), self.wind_height_m)})


def wind_at_2_m(wind_m_s: pd.Series, height_m: float) -> pd.Series:
    """Wind at 2 m over grass from wind at another height (FAO-56 eq. 47)."""
    return wind_m_s if height_m == 2.0 else wind_m_s * 4.87 / np.log(67.8 * height_m - 5.42)


def penman_monteith(daily: pd.DataFrame, latitude: float, elevation_m: float) -> pd.Series:
    """mm/day from the columns tmin, tmax (degC), vapour_pressure (kPa), radiation (MJ/m2/day), wind (m/s at 2 m).

    NaN on days without one of them.
    """
    columns = ["tmin", "tmax", "vapour_pressure", "radiation", "wind"]
    whole = daily[columns].dropna()
    if whole.empty:
        return pd.Series(np.nan, index=daily.index)
    result = pyet.pm_fao56(tmean=(whole.tmin + whole.tmax) / 2, tmax=whole.tmax, tmin=whole.tmin,
                           wind=whole.wind.clip(lower=_LOWEST_WIND), rs=whole.radiation, ea=whole.vapour_pressure,
                           elevation=elevation_m, lat=np.radians(latitude))
    return result.reindex(daily.index)
