"""Everything that can be wrong with a recipe and shows before the first file is read: kinds, units, files."""

from __future__ import annotations

from collections.abc import Iterator

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import soil_hydraulics, units
from deepsoil.sources.recipe import (
    AnySource,
    Constant,
    LoadedRecipe,
    Netcdf,
    PointTable,
    Raster,
    ReferenceEt,
    Series,
    SoilHydraulics,
    Table,
    Terrain,
)
from deepsoil.sources.recipe_stations import StationTables

TERRAIN = ("slope", "aspect", "northness")
_KINDS: dict[str, tuple[type, ...]] = {"static": (Raster, Constant, Table, Terrain, SoilHydraulics),
                                       "dated": (Raster,), "coarse": (Netcdf, Series, ReferenceEt)}
READING_UNITS = {"temperature": "degC", "relative_humidity": "%", "vapour_pressure": "kPa",
                 "radiation": "MJ/m2/day", "wind": "m/s"}
"""What the readings of a reference_et source become."""


def check(loaded: LoadedRecipe) -> None:
    """Raise the first DeepSoilError (``recipe_invalid``, ``unit_wrong``, ``source_missing``) of a recipe."""
    for name, source in loaded.recipe.channels.items():
        field = f"channels.{name}"
        _check_kind(loaded, name, source, field)
        _check_units(name, source, field)
        if isinstance(source, Raster) and isinstance(source.crosswalk, str):
            loaded.table(source.crosswalk, f"{field}.crosswalk")
    if isinstance(loaded.recipe.stations, StationTables):
        units.check("Soil moisture", loaded.recipe.stations.unit, "m3/m3", "stations.unit")
    for pattern, field in files(loaded):
        loaded.glob(pattern, field)


def files(loaded: LoadedRecipe) -> Iterator[tuple[str, str]]:
    """(path or pattern, field) of every file a recipe names; not those behind an {id} and no crosswalk."""
    recipe = loaded.recipe
    if recipe.area.file is not None:
        yield recipe.area.file, "area.file"
    for name, source in recipe.channels.items():
        yield from files_of(source, f"channels.{name}")
    if isinstance(recipe.stations, StationTables):
        yield recipe.stations.list, "stations.list"
    elif recipe.stations is not None:
        yield recipe.stations.ismn, "stations.ismn"


def files_of(source: AnySource, field: str) -> Iterator[tuple[str, str]]:
    if isinstance(source, Raster):
        if source.file is not None:
            yield source.file, f"{field}.file"
        yield from ((path, f"{field}.files.{day}") for day, path in (source.files or {}).items())
    elif isinstance(source, Netcdf):
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(source.files))
    elif isinstance(source, ReferenceEt):
        yield source.point.file, f"{field}.point.file"
    elif isinstance(source, Table):
        yield source.file, f"{field}.file"
    elif isinstance(source, Series):
        if isinstance(source.points, PointTable):
            yield source.points.file, f"{field}.points.file"
        else:
            yield from ((point.file, f"{field}.points.{i}.file") for i, point in enumerate(source.points))
        if source.otherwise is not None:
            yield from files_of(source.otherwise, f"{field}.otherwise")


def _check_kind(loaded: LoadedRecipe, name: str, source: AnySource, field: str) -> None:
    channel, channels = CHANNELS[name], loaded.recipe.channels
    problem = None
    if not isinstance(source, _KINDS[channel.kind]):
        problem = f"a {source.kind} source cannot give {name}, which is a {channel.kind} channel"
    elif isinstance(source, Raster) and (source.files is not None) != (channel.kind == "dated"):
        problem = f"{name} takes {'`files` with their days' if channel.kind == 'dated' else 'one `file`'}"
    elif isinstance(source, Raster) and source.crosswalk is not None and not channel.classes:
        problem = f"{name} has no classes and takes no crosswalk"
    elif isinstance(source, ReferenceEt) and name != "pet":
        problem = "a reference_et source gives pet only"
    elif isinstance(source, Terrain) and (name not in TERRAIN or "elevation" not in channels):
        problem = f"a terrain source gives {', '.join(TERRAIN)}, and needs the channel elevation"
    elif isinstance(source, SoilHydraulics) and (name not in soil_hydraulics.CHANNELS
                                                 or not {"sand", "silt", "clay"} <= set(channels)):
        problem = (f"a soil_hydraulics source gives {', '.join(soil_hydraulics.CHANNELS)}, and needs the channels "
                   "sand, silt and clay")
    if problem:
        raise DeepSoilError("recipe_invalid", "{problem}{problem_2} ({where}).",
                            "Correct the recipe and ingest again.", field,
                            problem=problem[0].upper(), problem_2=problem[1:], where=loaded.where(field))


def _check_units(name: str, source: AnySource, field: str) -> None:
    channel = CHANNELS[name]
    if isinstance(source, ReferenceEt):
        for reading, wanted in READING_UNITS.items():
            given = getattr(source, reading)
            if given is not None:
                units.check(f"{name}: {reading}", given.unit, wanted, f"{field}.{reading}.unit")
    elif isinstance(source, Series):
        found = f"{source.unit}/day" if source.statistic == "sum" else source.unit
        units.check(name, found, channel.unit, f"{field}.unit")
        if source.otherwise is not None:
            _check_units(name, source.otherwise, f"{field}.otherwise")
    elif isinstance(source, Raster | Netcdf | Constant | Table) and not (
            isinstance(source, Raster) and source.crosswalk is not None):
        units.check(name, source.unit, channel.unit, f"{field}.unit")
