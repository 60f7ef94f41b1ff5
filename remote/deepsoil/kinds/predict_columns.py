"""A prediction by soil columns, planned: the ground of each field, how many columns it needs, what the user is told."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from deepsoil.areas import area_m2
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import management_of
from deepsoil.contract.options import PredictOptions
from deepsoil.field import uncertainty
from deepsoil.field.ground import FieldGround, ground_of
from deepsoil.field.model import simulated_from
from deepsoil.field.simulation import SPINUP_DAYS
from deepsoil.field.weather import weather_at
from deepsoil.inference import area, foreseen, intervals, machine
from deepsoil.inference.field_water import ManagedField, plan_water
from deepsoil.inference.fields import Fields
from deepsoil.inference.plan import cover_area
from deepsoil.inference.product import check_disk, needed_bytes
from deepsoil.inference.target import Target
from deepsoil.jobs.kind import JobPlan
from deepsoil.kinds.column_readings import column_days, column_readings
from deepsoil.kinds.region_and_models import store_of

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.jobs.kind import Context

MOST_PIXELS = 16e6
"""Of all fields: the ground of all of them is in memory."""

_SECONDS_TO_START, _SECONDS_PER_MAP = 2.0, 0.15
_LEAST_SHARE_OF_MAPS = 0.1
_COMPRESSED_BYTES_PER_PIXEL = 3.0
_NOTEWORTHY_SHARE = 0.001


class ColumnRequest(JobPlan):
    """A prediction by columns, planned: the ground of each field, and the columns that it needs."""

    def __init__(self, title: str, specification: Specification, context: Context) -> None:
        """Raises ``area_outside``, ``area_too_large``, ``crs_invalid``, ``channel_missing``, ``no_soil``."""
        super().__init__(title)
        _refuse_models(specification)
        self._home, self._specification = context.home, specification
        self.options = specification.options_as(PredictOptions)
        self.store, self.days = store_of(specification, context), specification.days
        self.fields = cover_area(specification, self.store)
        _check_area(self.fields)
        output = specification.output
        self.targets = [Target.of(one.coverage.inside, output.crs, output.resolution_m) for one in self.fields.inside]
        self.grounds = [ground_of(self.store, one.coverage.inside) for one in self.fields.inside]
        if not any(len(ground.columns) for ground in self.grounds):
            raise DeepSoilError("no_soil", "No pixel of the area has soil: {water:.0%} is open water or ice, "
                                "{no_soil:.0%} has no texture in the region '{title}'.", "Choose "
                                "another area, or make the map with the networks.", "area", title=self.store.title,
                                water=_share(self.grounds, "water"), no_soil=_share(self.grounds, "no_soil"))
        self.managed = [ManagedField(one.coverage.inside, management_of(self.options.management, one.name))
                        for one in self.fields.inside]
        self.watering = plan_water(self.store, self.managed, [])
        self.depths_cm = specification.depths
        self.readings = column_readings(self)
        self._check_hours()

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle of all fields, degrees."""
        west, south, east, north = shapely.total_bounds([one.coverage.inside for one in self.fields.inside])
        return float(west + east) / 2, float(south + north) / 2

    @property
    def maps(self) -> int:
        return len(self.days) * self.layers * len(self.targets)

    @property
    def layers(self) -> int:
        """Maps of a field and a day: of the depths, and of the water of the root zone."""
        return len(self._specification.depths) + len(self.options.products)

    @property
    def columns(self) -> int:
        """Of all fields."""
        return sum(len(ground.columns) for ground in self.grounds)

    @property
    def days_simulated(self) -> int:
        """Of each column and member, where nothing is kept of an earlier day."""
        first, last = (np.datetime64(day, "D") for day in (self.days[0], self.days[-1]))
        return SPINUP_DAYS + int((last - simulated_from(first)).astype(int)) + 1

    @cached_property
    def seconds(self) -> float:
        """What the columns take on this computer, those at the readings included."""
        a_day_s = machine.Speeds(self._home).seconds_per_column_day(self.options.threads or machine.cores())
        of_maps = self.columns * uncertainty.MEMBERS * self.days_simulated
        return (of_maps + column_days(self)) * a_day_s

    @cached_property
    def columns_per_map(self) -> float:
        """As many columns take as long as writing a map; at least so many that progress shows it."""
        least = _LEAST_SHARE_OF_MAPS * self.columns / self.maps
        return max(least, _SECONDS_PER_MAP * self.columns / max(self.seconds, _SECONDS_PER_MAP))

    def estimate(self) -> dict[str, Any]:
        pixels = sum(target.width * target.height for target in self.targets)
        of_a_field = len(self.days) * self.layers
        return {"area_ha": round(sum(area_m2(one.coverage.inside) for one in self.fields.inside) / 1e4, 2),
                "fields": len(self.targets), "pixels": pixels,
                "seconds": round(_SECONDS_TO_START + self.seconds + self.maps * _SECONDS_PER_MAP, 1),
                "bytes": int(of_a_field * pixels * _COMPRESSED_BYTES_PER_PIXEL + self.maps * 4096)}

    def warnings(self) -> list[DeepSoilError]:
        found = self.fields.warnings(self.store.title) + foreseen.warnings(self.store, self._specification.days)
        found += [] if self.readings is None else self.readings.gathered.warnings
        found += [one for one in self.watering.warnings() if one.code != "crop_unused"]  # of the networks
        found += intervals.warnings_of_columns(field.irrigation for field in self.watering.fields)
        lacking, water = _share(self.grounds, "no_soil"), _share(self.grounds, "water")
        if lacking > _NOTEWORTHY_SHARE:
            found.append(DeepSoilError("soil_missing", "The region '{title}' has no soil data for {share:.0%} of the "
                                       "area. The map has no values there.", "Add a soil map that covers it, or make "
                                       "the map with the networks.", "area", title=self.store.title, share=lacking))
        if water > _NOTEWORTHY_SHARE:
            found.append(DeepSoilError("open_water", "{share:.0%} of the area is open water or ice. The map has no "
                                       "values there.", "Leave it out if the outline is meant for the land alone.",
                                       "area", share=water))
        resources = self._specification.resources
        if resources is not None and (resources.tasks or 1) > 1:
            found.append(DeepSoilError("one_task", "Soil columns are simulated by one task, not by {tasks}.",
                                       "Ask for one task with more processor cores.", "resources.tasks",
                                       tasks=resources.tasks))
        return found

    def problems(self) -> list[DeepSoilError]:
        if (problem := self._weather_problem()) is not None:
            return [problem]
        try:
            check_disk(self._home, self.map_bytes)
        except DeepSoilError as problem_of_disk:
            return [problem_of_disk]
        return []

    def _weather_problem(self) -> DeepSoilError | None:
        """What lacks of the weather of every field; a field that lacks some when others do not is told while they run.
        """
        first, last = (np.datetime64(day, "D") for day in (self.days[0], self.days[-1]))
        found = None
        for ground in self.grounds:
            if not len(ground.columns):
                continue
            try:
                weather_at(self.store, ground.columns.longitudes[:1], ground.columns.latitudes[:1], first, last)
            except DeepSoilError as problem:
                found = found or problem
            else:
                return None
        return found

    @property
    def map_bytes(self) -> int:
        return max(needed_bytes(target, 2) for target in self.targets)

    def rests_on(self) -> list[Path] | None:
        return [self._home / "regions.json", *self.made_from()]

    def made_from(self) -> list[Path]:
        return [self.store.path / "zarr.json"]

    def _check_hours(self) -> None:
        hours = self.seconds / 3600
        if hours > area.LONGEST_HOURS:
            raise DeepSoilError("area_too_large", "The area has {columns:,} distinct soil columns; this computer would "
                                "need about {hours:,.0f} hours.", "Choose a smaller area or a shorter period, or make "
                                "the map with the networks.", "area", columns=self.columns, hours=hours)


def _share(grounds: list[FieldGround], what: str) -> float:
    """The share of the pixels of all fields that are ``water`` or ``no_soil``."""
    return sum(getattr(ground, what) for ground in grounds) / max(1, sum(ground.inside for ground in grounds))


def _refuse_models(specification: Specification) -> None:
    if specification.models:
        raise DeepSoilError("specification_invalid", "A map by soil columns is made without a model.",
                            "Leave the models out, or choose the method 'network'.", "models")


def _check_area(fields: Fields) -> None:
    pixels = sum(area.grid_pixels(one.coverage.inside) for one in fields.inside)
    if pixels > MOST_PIXELS:
        raise DeepSoilError("area_too_large", "The area has {pixels:,.0f} million pixels; maps by soil columns are "
                            "made of at most {most:,.0f} million.", "Choose a smaller area, or make the map with the "
                            "networks.", "area", pixels=pixels / 1e6, most=MOST_PIXELS / 1e6)
