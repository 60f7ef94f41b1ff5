"""Conditions the maps of networks on readings: the networks at the readings, then the correction of each mosaic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from deepsoil.contract.management import management_of
from deepsoil.contract.options import PredictOptions
from deepsoil.field.analysis import Analysis, Usable, usable
from deepsoil.field.likeness import said_of
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inference.field_water import ManagedField, plan_water
from deepsoil.inference.intervals import with_intervals
from deepsoil.inference.known_days import known_days
from deepsoil.inference.point_series import point_series
from deepsoil.inputs.stack import Stack
from deepsoil.inputs.watered import WateredArea
from deepsoil.kinds.reading_doubts import tell_doubts
from deepsoil.stations.gathered import gather

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.inference.plan import PredictionPlan
    from deepsoil.inference.product import Mosaic
    from deepsoil.jobs.folder import JobFolder

Array = NDArray[np.float64]

_SEEN_PIXELS = 256  # what a window round a reading may see, its halo included


class Conditioning:
    """The readings of a prediction, looked at when the first map is to be corrected; without any, nothing changes."""

    def __init__(self, specification: Specification, plan: PredictionPlan, folder: JobFolder) -> None:
        self._specification, self._plan, self._folder = specification, plan, folder
        self._wanted = specification.options_as(PredictOptions).readings is not None
        self._analysis: Analysis | None = None
        self._told: set[str] = set()

    def correct(self, mosaic: Mosaic, depth_cm: int, day: date) -> Mosaic:
        """A mosaic with what the readings say of its error; θ is changed in place. DeepSoilError as `gather`.

        A calibrated interval becomes narrower by the share of the error that the readings leave.
        """
        if not self._wanted:
            return mosaic
        analysis = self._ready()
        tell_doubts(analysis, day, self._folder, self._told)
        mosaic = with_intervals(mosaic, self._plan.layers[depth_cm].model.contract)
        if mosaic.half_width is not None:
            mosaic = replace(mosaic, half_width=mosaic.half_width.copy(), interval=f"{mosaic.interval}, readings")
        analysis.correct(mosaic.theta, mosaic.window, float(depth_cm), day, mosaic.half_width)
        return mosaic

    def tags(self, day: date) -> dict[str, str]:
        """Of the products of a day."""
        return dict(self._ready().tags(day)) if self._wanted else {}

    def _ready(self) -> Analysis:
        if self._analysis is None:
            readings = usable_readings(self._specification, self._plan)
            assert readings is not None
            for warning in readings.gathered.warnings:
                self._folder.log(f"{warning.message} {warning.hint}", "warning")
            west, south, east, north = _bounds(self._plan)
            background = _background(self._specification, self._plan, readings, self._folder)
            self._analysis = Analysis(self._plan.store, readings, background, ((west + east) / 2, (south + north) / 2),
                                      said_of(_managed(self._specification, self._plan)))
        return self._analysis


def usable_readings(specification: Specification, plan: PredictionPlan) -> Usable | None:
    """What the plan's maps can use of the readings asked for; None where none are. DeepSoilError as `gather`."""
    wanted = specification.options_as(PredictOptions).readings
    if wanted is None:
        return None
    return usable(gather(plan.store, wanted, _bounds(plan)), list(plan.days),
                  tuple(float(depth) for depth in plan.layers), later=wanted.later_days)


def _bounds(plan: PredictionPlan) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds([field.coverage.inside for field in plan.fields.inside])
    return float(west), float(south), float(east), float(north)


def _background(specification: Specification, plan: PredictionPlan, readings: Usable, folder: JobFolder) -> Array:
    """(n,) θ of the networks where and when the readings are; NaN where the region has no data."""
    days = [np.datetime64(int(day), "D").item() for day in readings.needed_days]
    at = np.searchsorted(readings.needed_days, readings.gathered.days)
    background = np.zeros(len(readings.gathered))
    watered = _watered(specification, plan, readings)
    for number, layer in enumerate(plan.layers.values()):
        theta = np.full((len(readings.positions), len(days)), np.nan)
        stack = Stack(plan.store, layer.model.contract.channel_uses(),
                      specification.options_as(PredictOptions).vegetation, watered=watered)
        if chosen := _with_weather(plan, stack, days):
            folder.stop_if_cancelled()
            theta[:, chosen] = point_series(layer.model, stack, [days[n] for n in chosen], readings.positions[:, 0],
                                          readings.positions[:, 1], plan.threads,
                                          lambda share: folder.stop_if_cancelled())
        weight = readings.weights[:, number]
        background += np.where(weight > 0, weight * theta[readings.place, at], 0.0)
    return background


def _watered(specification: Specification, plan: PredictionPlan, readings: Usable) -> list[WateredArea]:
    """The land that gets water beside rain, also where readings lie outside the area."""
    managed = _managed(specification, plan)
    columns, rows = lonlat_to_pixel(readings.positions[:, 0], readings.positions[:, 1])
    around = [Window(int(column), int(row), 1, 1).pad(_SEEN_PIXELS)
              for column, row in zip(columns, rows, strict=True)]
    return plan_water(plan.store, managed, around).areas


def _with_weather(plan: PredictionPlan, stack: Stack, days: Sequence[date]) -> list[int]:
    """The indices of the days that the region has weather for."""
    inside = next(iter(plan.layers.values())).windows[0].intersect(plan.store.window)
    return [] if inside is None else known_days(stack, inside.column, inside.row, days)


def _managed(specification: Specification, plan: PredictionPlan) -> list[ManagedField]:
    """The fields, with what is known of their water."""
    entries = specification.options_as(PredictOptions).management
    return [ManagedField(one.coverage.inside, management_of(entries, one.name)) for one in plan.fields.inside]
