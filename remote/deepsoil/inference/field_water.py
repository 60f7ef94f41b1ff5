"""The water that the fields of a request get beside rain: from what the user says of them and the region's own map.

A field is irrigated at once, with the weather of the cell at its middle and the soil of all of it. Land that only the
map of irrigated land knows is irrigated as usual, cell by cell of the weather.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import Irrigated, Irrigation, IrrigationHabit, IrrigationLog, Management
from deepsoil.grid import Window
from deepsoil.inference.area import to_pixels
from deepsoil.inputs.watered import IRRIGATED_MAP, RAIN, Box, WateredArea, covered, near
from deepsoil.soil import irrigation
from deepsoil.soil.climate import Climate
from deepsoil.soil.crop_season import irrigated_root_depth_cm, season_of
from deepsoil.soil.crops import crop_of
from deepsoil.soil.retention import DUL_SUCTION_CM, LL15_SUCTION_CM, theta
from deepsoil.soil.rosetta import parameters, texture_is_valid
from deepsoil.store.series import CoarseSeries
from deepsoil.store.store import Store

USUAL_AVAILABLE = 0.14
"""Available water, m³/m³, where the soil is not known: of a loam."""

DAYS_OF_A_YEAR = 365

_STEP_MM = 10.0
_LARGEST_READ_PIXELS = 1024


@dataclass(frozen=True)
class ManagedField:
    """A field (EPSG:4326) and what is known of it. ``place``: where the request says so, for errors."""

    outline: shapely.Geometry
    management: Management
    place: str = "options.management"


@dataclass(frozen=True)
class FieldWater:
    """Water given to a field: ``water_mm`` (T,) on ``dates`` (T,), those of the region's precipitation.

    None where nothing is given, or where it is not known. mapped: the region's map says which land is irrigated.
    """

    irrigation: Irrigation | None
    dates: NDArray[np.datetime64]
    water_mm: NDArray[np.float64] | None
    crop: str | None = None
    mapped: bool = False

    def tags(self, day: date) -> dict[str, str]:
        """What a product says of its field's water: how it is known, and what was given in the year up to ``day``."""
        kind = self.irrigation.type if self.irrigation is not None else "map" if self.mapped else "none"
        tags: dict[str, str] = {"DEEPSOIL_IRRIGATION": kind}
        if isinstance(self.irrigation, IrrigationHabit):
            tags["DEEPSOIL_IRRIGATION_HABIT"] = f"{self.irrigation.mm:g} mm at {self.irrigation.depletion:.0%}"
        if self.water_mm is not None:
            age = (np.datetime64(day, "D") - self.dates).astype(int)
            recent = self.water_mm[(age >= 0) & (age < DAYS_OF_A_YEAR)]
            tags |= {"DEEPSOIL_IRRIGATION_DAYS": str(int((recent > 0).sum())),
                     "DEEPSOIL_IRRIGATION_MM": f"{recent.sum():.0f}"}
        if self.crop is not None:
            tags["DEEPSOIL_CROP"] = self.crop
        return tags

    @property
    def too_early(self) -> list[date]:
        """Days of a log before the weather of the region begins: their water has no effect."""
        if not isinstance(self.irrigation, IrrigationLog) or not self.dates.size:
            return []
        first = self.dates[0].item()
        return sorted(one.date for one in self.irrigation.applications if one.date < first)


@dataclass(frozen=True)
class Watering:
    """Of all fields in their order, and the areas for ``Stack``."""

    fields: list[FieldWater]
    areas: list[WateredArea]

    def warnings(self) -> list[DeepSoilError]:
        """Water of a log that comes before the weather begins or is more than the networks know; unused crops."""
        return [*self._too_early(), *self._unused_crops(), *self._beyond_range()]

    def _beyond_range(self) -> list[DeepSoilError]:
        most = CHANNELS[RAIN].maximum
        large = [one for field in self.fields if isinstance(field.irrigation, IrrigationLog)
                 for one in field.irrigation.applications if one.mm > most]
        return [DeepSoilError("irrigation_beyond_range", "The irrigation log has {mm:g} mm on {day}. The networks know "
                              "at most {most:g} mm a day; what is more counts only in the sums of several days.",
                              "Nothing is to be done, unless the amount is a typing error.", "options.management",
                              mm=large[0].mm, day=large[0].date, most=most)] if large else []

    def _unused_crops(self) -> list[DeepSoilError]:
        unused = [field.crop for field in self.fields if field.crop is not None
                  and not isinstance(field.irrigation, IrrigationHabit | Irrigated)]
        return [DeepSoilError("crop_unused", "The networks do not know crops: the crop '{crop}' has no effect on the "
                              "map.", "Map with soil columns if the crop shall count.", "options.management",
                              crop=unused[0])] if unused else []

    def _too_early(self) -> list[DeepSoilError]:
        early = [day for field in self.fields for day in field.too_early]
        if not early:
            return []
        begin = next(field.dates[0].item() for field in self.fields if field.too_early)
        return [DeepSoilError("irrigation_too_early", "The irrigation log begins on {day}, and the weather of the "
                              "region on {begin}. Water before that day has no effect.", "Nothing is to be done, "
                              "unless the year is a typing error.", "options.management", day=min(early), begin=begin)]


def plan_water(store: Store, fields: Sequence[ManagedField], around: Sequence[Window]) -> Watering:
    """What the fields get, and how the stack sees it. ``around``: every window that will be read, with its halo.

    Raises DeepSoilError ``irrigation_no_weather`` (a log has water on a day that the weather does not reach, or on
    which it has a gap), ``crop_unknown`` and ``channel_missing``.
    """
    said = [field for field in fields if field.management.irrigation is not None]
    mapped = IRRIGATED_MAP in store.channels()
    for field in fields:
        if field.management.crop is not None:
            crop_of(field.management.crop)
    if not said and not mapped:
        return Watering([FieldWater(None, np.empty(0, "datetime64[D]"), None, field.management.crop)
                         for field in fields], [])
    rain = store.coarse(RAIN)
    groups: dict[tuple[object, ...], list[shapely.Geometry]] = {}
    found: dict[tuple[object, ...], NDArray[np.float64]] = {}
    waters = []
    for field in fields:
        given, water = field.management.irrigation, None
        if isinstance(given, IrrigationLog | IrrigationHabit | Irrigated):
            key = _key(store, field)
            if key not in found:
                found[key] = _water(store, field, key)
            water = found[key]
            groups.setdefault(key, []).append(to_pixels(field.outline))
        waters.append(FieldWater(given, rain.dates, water, field.management.crop, mapped))
    areas = [_mapped(store, [to_pixels(field.outline) for field in said], around)] if mapped and around else []
    areas += [_area(store, shapely.union_all(outlines), found[key]) for key, outlines in groups.items()
              if found[key].any()]
    return Watering(waters, areas)


def available_mm(store: Store, outline: shapely.Geometry, root_depth_cm: float) -> float:
    """Total available water of the root zone: what the field's texture holds between 33 and 1,500 kPa, its mean."""
    pixels = to_pixels(outline)
    left, top, right, bottom = pixels.bounds
    middle = pixels.centroid
    width, height = min(right - left, _LARGEST_READ_PIXELS), min(bottom - top, _LARGEST_READ_PIXELS)
    window = Window(int(max(left, middle.x - width / 2)), int(max(top, middle.y - height / 2)),
                    max(1, int(np.ceil(width))), max(1, int(np.ceil(height))))
    inside = window.intersect(store.window)
    share = USUAL_AVAILABLE
    if inside is not None:
        texture = np.stack([store.read_static(name, inside) for name in ("sand", "silt", "clay")])
        mask = covered(pixels, inside) & texture_is_valid(*texture)
        if mask.any():
            soil = parameters(*texture[:, mask])
            share = float(np.mean(theta(DUL_SUCTION_CM, soil) - theta(LL15_SUCTION_CM, soil)))
    return 10.0 * share * root_depth_cm


def _key(store: Store, field: ManagedField) -> tuple[object, ...]:
    """What the water of a field depends on; fields that have it in common are computed once."""
    rain, given = store.coarse(RAIN), field.management.irrigation
    assert given is not None
    middle = field.outline.centroid
    cell = tuple(_nearest(rain, middle.x, middle.y))
    if isinstance(given, IrrigationLog):
        return (given.model_dump_json(), cell)
    crop, planted = field.management.crop, field.management.planted
    root_depth_cm = irrigation.ROOT_DEPTH_CM if crop is None else irrigated_root_depth_cm(crop_of(crop))
    steps = round(available_mm(store, field.outline, root_depth_cm) / _STEP_MM)
    return (given.model_dump_json(), crop, planted, middle.y >= 0, cell, max(1, steps))


def _water(store: Store, field: ManagedField, key: tuple[object, ...]) -> NDArray[np.float64]:
    rain, given, middle = store.coarse(RAIN), field.management.irrigation, field.outline.centroid
    row, column = _nearest(rain, middle.x, middle.y)
    daily = rain.values[:, row, column].astype(np.float64)
    if isinstance(given, IrrigationLog):
        _check_log(given, rain, daily, field.place)
        return irrigation.log_mm(given, rain.dates)
    pet = _on_days(store.coarse("pet"), middle.x, middle.y, rain.dates)
    season = _season(store, field.management, middle.x, middle.y, daily, pet)
    return irrigation.irrigation_mm(given, rain.dates, daily, pet, _STEP_MM * float(key[-1]), season)  # type: ignore[arg-type]


def _season(store: Store, management: Management, longitude: float, latitude: float, rain: NDArray[np.float64],
            pet: NDArray[np.float64]) -> irrigation.Season:
    """When the field's crop grows, or a usual one of the summer."""
    if management.crop is None:
        return irrigation.usual_season(latitude)
    dates = store.coarse(RAIN).dates
    temperature = _on_days(store.coarse("temperature"), longitude, latitude, dates)
    known = np.flatnonzero(np.isfinite(temperature))
    if known.size == 0:
        return irrigation.usual_season(latitude)
    whole = np.interp(np.arange(dates.size), known, temperature[known])
    climate = Climate.of(whole, np.nan_to_num(rain), np.nan_to_num(pet), dates, latitude)
    return season_of(crop_of(management.crop), climate, dates, latitude, management.planted)


def _area(store: Store, outline: shapely.Geometry, water_mm: NDArray[np.float64]) -> WateredArea:
    return WateredArea.of(store.coarse, outline, _box(outline), water_mm)


def _mapped(store: Store, said: Sequence[shapely.Geometry], around: Sequence[Window]) -> WateredArea:
    """Irrigated land of the region's map in what will be read, without the fields that the user speaks of."""
    left, top = min(window.column for window in around), min(window.row for window in around)
    right, bottom = max(window.right for window in around), max(window.bottom for window in around)
    whole = shapely.box(left, top, right, bottom)
    box = Window(left, top, right - left, bottom - top).bounds_lonlat
    rain, pet = near(store.coarse, RAIN, box), near(store.coarse, "pet", box)
    rows = [int(np.abs(pet.latitudes - latitude).argmin()) for latitude in rain.latitudes]
    columns = [int(np.abs(pet.longitudes - longitude).argmin()) for longitude in rain.longitudes]
    demand = _aligned(pet, rain.dates)[:, rows][:, :, columns].reshape(rain.dates.size, -1)
    season = irrigation.usual_season((box[1] + box[3]) / 2)
    water = irrigation.irrigation_mm(
        Irrigated(type="irrigated"), rain.dates, rain.values.reshape(rain.dates.size, -1).astype(np.float64), demand,
        10.0 * USUAL_AVAILABLE * irrigation.ROOT_DEPTH_CM, season)
    return WateredArea.of(store.coarse, shapely.difference(whole, shapely.union_all(said)) if said else whole, box,
                          water.reshape(rain.values.shape), mapped=True)


def _check_log(log: IrrigationLog, rain: CoarseSeries, daily: NDArray[np.float64], place: str) -> None:
    first, last = rain.dates[0].item(), rain.dates[-1].item()
    late = sorted(one.date for one in log.applications if one.date > last)
    if late:
        raise DeepSoilError("irrigation_no_weather", "The irrigation log has water on {day}; the region has weather "
                            "from {first} to {last}.", "Correct the date, or leave the entries after {last} out.",
                            f"{place}.irrigation", day=late[0], first=first, last=last)
    gaps = sorted(one.date for one in log.applications
                  if first <= one.date <= last and np.isnan(daily[rain.index(one.date)]))
    if gaps:
        raise DeepSoilError("irrigation_no_weather", "The irrigation log has water on {day}, and the region has no "
                            "precipitation for this day.", "Add the weather of this day to the region, or leave the "
                            "entry out.", f"{place}.irrigation", day=gaps[0])


def _nearest(series: CoarseSeries, longitude: float, latitude: float) -> tuple[int, int]:
    return (int(np.abs(series.latitudes - latitude).argmin()), int(np.abs(series.longitudes - longitude).argmin()))


def _on_days(series: CoarseSeries, longitude: float, latitude: float, dates: NDArray[np.datetime64],
             ) -> NDArray[np.float64]:
    row, column = _nearest(series, longitude, latitude)
    return _aligned(series, dates)[:, row, column]


def _aligned(series: CoarseSeries, dates: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Values (T, ny, nx) on other days; NaN where there are none."""
    index = (dates - series.dates[0]).astype(int)
    there = (index >= 0) & (index < series.dates.size)
    values = np.full((dates.size, *series.values.shape[1:]), np.nan)
    values[there] = series.values[index[there]]
    return values


def _box(outline: shapely.Geometry) -> Box:
    left, top, right, bottom = outline.bounds
    return Window(int(left), int(top), max(1, int(np.ceil(right)) - int(left)),
                  max(1, int(np.ceil(bottom)) - int(top))).bounds_lonlat
