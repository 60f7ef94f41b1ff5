"""The sources of a recipe that give maps: rasters, constants, tables; terrain and soil from maps made before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.features import terrain_features
from deepsoil.sources import constant, geotiff, soil_hydraulics, units
from deepsoil.sources.recipe import AnySource, Constant, LoadedRecipe, Raster, Table
from deepsoil.sources.yaml_lines import read_yaml

Map = NDArray[np.float32]


def static_map(loaded: LoadedRecipe, name: str, source: AnySource, window: Window) -> Map:
    """The map (H, W) of a raster, constant or table source in the channel's unit."""
    field, channel = f"channels.{name}", CHANNELS[name]
    if isinstance(source, Raster):
        return _raster(loaded, name, source, str(source.file), f"{field}.file", window)
    if isinstance(source, Constant):
        value = source.value
    elif isinstance(source, Table):
        value = constant.mean_of_rows(loaded.file(source.file, f"{field}.file"), source.column, source.where, field)
    else:
        raise TypeError(f"{source.kind} gives no map by itself")
    return check_range(name, units.convert(constant.everywhere(value, window), source.unit, channel.unit), field)


def dated_maps(loaded: LoadedRecipe, name: str, source: Raster, window: Window,
               on_day: Callable[[date], None]) -> tuple[list[date], Iterator[Map]]:
    """Days, and the map (H, W) of each, read one after the other; ``on_day`` is called before each."""
    files = source.files or {}
    days = sorted(files)

    def layers() -> Iterator[Map]:
        for day in days:
            on_day(day)
            yield _raster(loaded, name, source, files[day], f"channels.{name}.files.{day}", window)

    return days, layers()


def derived_maps(name: str, window: Window, ready: Callable[[str], Map]) -> dict[str, Map]:
    """The channel ``name`` of terrain or soil and those that come with it, from those that are ``ready``."""
    if name in soil_hydraulics.CHANNELS:
        return soil_hydraulics.from_texture(ready("sand"), ready("silt"), ready("clay"))
    return terrain_features(ready("elevation"), window.ground_m())


def check_range(name: str, values: Map, field: str) -> Map:
    """Values as they are; raises ``source_invalid`` where most of them cannot be what the channel is.

    A forgotten scale or nodata value shows here and not in a map: a channel with classes must hold its own codes, and
    of a continuous one at most half of the known pixels may lie outside its range.
    """
    channel, known = CHANNELS[name], values[np.isfinite(values)]
    outside = (known < channel.minimum) | (known > channel.maximum)
    if outside.any() and (channel.classes or outside.mean() > 0.5):
        raise DeepSoilError("source_invalid", "{name} should lie between {minimum:g} and {maximum:g} "
                            "{unit}, but {mean:.0%} of the values lie outside; they range from "
                            "{min:g} to {max:g}.",
                            "Check unit, scale, offset, nodata and crosswalk of the source.", field,
                            name=name, minimum=channel.minimum, maximum=channel.maximum, unit=channel.unit,
                            mean=outside.mean(), min=known.min(), max=known.max())
    return values


def _raster(loaded: LoadedRecipe, name: str, source: Raster, file: str, field: str, window: Window) -> Map:
    channel = CHANNELS[name]
    options = geotiff.RasterOptions(
        classes=channel.classes, method=source.resampling, band=source.band, nodata=source.nodata, scale=source.scale,
        offset=source.offset, crs=source.crs, bounds=source.bounds, crosswalk=_crosswalk(loaded, source, field))
    values = geotiff.read_map(loaded.file(file, field), window, options, field)
    if source.crosswalk is None:
        values = units.convert(values, source.unit, channel.unit)
    return check_range(name, values, field)


def _crosswalk(loaded: LoadedRecipe, source: Raster, field: str) -> Mapping[int, int | None] | None:
    """Code → code (None = missing), from the recipe or from a YAML table (``from_to``)."""
    if not isinstance(source.crosswalk, str):
        return source.crosswalk
    path = loaded.table(source.crosswalk, field)
    document, _ = read_yaml(path)
    table = document.get("classes")
    if not isinstance(table, dict) or not all(isinstance(code, int) and (to is None or isinstance(to, int))
                                              for code, to in table.items()):
        raise DeepSoilError("recipe_invalid", "{name} holds no crosswalk.",
                            "It is a mapping `classes:` from code to code (null = missing).", field,
                            name=path.name)
    return table
