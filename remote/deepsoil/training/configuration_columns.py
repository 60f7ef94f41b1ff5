"""The weather and the soil columns of a training configuration: which series, which runs of them, which textures."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from deepsoil.contract.management import IrrigationHabit


class Strict(BaseModel):
    """A part of a configuration: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class WeatherSeries(Strict):
    """A daily weather series of one site: the file and its columns.

    ``temperature`` may name two columns, whose mean is used. ``vpd`` is a column in kPa; if there is
    none, ``vapour_pressure`` (kPa) is used, with the saturation pressure of the two temperatures (FAO-56).
    ``latitude``: of the site in degrees; leaves need the hemisphere.
    """

    name: str
    file: str
    date: str
    precipitation: str
    temperature: list[str] = Field(min_length=1, max_length=2)
    pet: str
    vpd: str | None = None
    vapour_pressure: str | None = None
    latitude: float = Field(default=40.0, ge=-66, le=72)

    @model_validator(mode="after")
    def _one_humidity(self) -> WeatherSeries:
        if (self.vpd is None) == (self.vapour_pressure is None):
            raise ValueError("give either vpd or vapour_pressure")
        if self.vapour_pressure is not None and len(self.temperature) != 2:
            raise ValueError("vapour_pressure needs the two columns of minimum and maximum temperature")
        return self


class WeatherChoice(Strict):
    """Real daily weather. ``root`` is relative to the configuration's folder unless absolute."""

    root: str
    series: list[WeatherSeries] = Field(min_length=1)


class IrrigatedRuns(Strict):
    """Runs that are simulated a second time with water beside the rain, given by habit while a summer crop grows.

    ``share``: of the training runs; every unseen run has such a twin. For each run a habit is drawn from the ranges:
    ``mm`` at a time, when the share ``depletion`` of the ``available_mm`` of the root zone is used. The water is that
    of a whole field, so all soils and covers of the run get the same.
    """

    share: float = Field(gt=0, le=1)
    mm: tuple[float, float] = (10.0, 60.0)
    depletion: tuple[float, float] = (0.2, 0.6)
    available_mm: tuple[float, float] = (50.0, 180.0)

    @field_validator("mm", "depletion", "available_mm")
    @classmethod
    def _is_range(cls, limits: tuple[float, float]) -> tuple[float, float]:
        if not 0 < limits[0] <= limits[1]:
            raise ValueError("give the smallest and the largest, both above 0")
        return limits

    @field_validator("mm", "depletion")
    @classmethod
    def _is_habit(cls, limits: tuple[float, float], info: ValidationInfo) -> tuple[float, float]:
        for value in limits:  # a habit has limits of its own
            IrrigationHabit.model_validate({"type": "habit", str(info.field_name): value})
        return limits


class Simulation(Strict):
    """The table of soil columns that gives the labels: weather runs x land-cover groups x textures.

    A run is a span of ``years`` of one series. Training runs are spread over ``period`` and, except for the
    first of each series, perturbed (``precipitation_factor`` and the others: ranges), so that the
    networks see more climates than there are series. ``unseen`` names complete runs of real weather excluded
    from training.
    """

    period: tuple[datetime.date, datetime.date]
    years: int = Field(default=4, ge=1)
    runs_per_series: int = Field(default=8, ge=1)
    unseen: dict[str, datetime.date] = {}
    precipitation_factor: tuple[float, float] = (0.5, 1.7)
    temperature_shift: tuple[float, float] = (-4.0, 6.0)
    pet_factor: tuple[float, float] = (0.85, 1.15)
    lattice_step: int = Field(default=5, ge=1)
    unseen_textures: int = Field(default=60, ge=0)
    spinup_days: int = Field(default=365, ge=0)
    irrigation: IrrigatedRuns | None = None
    seed: int = 0
