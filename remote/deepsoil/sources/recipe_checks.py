"""Checks of a recipe before the first file is read: kinds, units, files."""

from __future__ import annotations

from collections.abc import Iterator

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import units
from deepsoil.sources.recipe import LoadedRecipe
from deepsoil.sources.recipe_stations import StationTables, parts_of


def check(loaded: LoadedRecipe) -> None:
    """Raise the first DeepSoilError (``recipe_invalid``, ``unit_wrong``, ``source_missing``) of a recipe."""
    channels = loaded.recipe.channels
    for name, source in channels.items():
        field, channel = f"channels.{name}", CHANNELS[name]
        problem = source.problem(name, channels)
        if channel.kind not in source.gives:
            kind = getattr(source, "kind", "")
            problem = f"a {kind} source cannot give {name}, which is a {channel.kind} channel"
        if problem:
            raise DeepSoilError("recipe_invalid", "{problem} ({where}).", "Correct the recipe and ingest again.", field,
                                problem=problem[0].upper() + problem[1:], where=loaded.where(field))
        source.check(loaded, name, field)
    for field, part in parts_of(loaded.recipe.stations or ()):
        if isinstance(part, StationTables):
            units.check("Soil moisture", part.unit, "m3/m3", f"{field}.unit")
    for pattern, field in files(loaded):
        loaded.glob(pattern, field)


def files(loaded: LoadedRecipe) -> Iterator[tuple[str, str]]:
    """(path or pattern, field) of every file a recipe names, without paths with {id} and without crosswalks."""
    recipe = loaded.recipe
    if recipe.area.file is not None:
        yield recipe.area.file, "area.file"
    for name, source in recipe.channels.items():
        yield from source.named_files(f"channels.{name}")
    if recipe.outlook is not None:
        yield from ((pattern, f"outlook.files.{i}") for i, pattern in enumerate(recipe.outlook.files))
    for field, part in parts_of(recipe.stations or ()):
        yield (part.list, f"{field}.list") if isinstance(part, StationTables) else (part.ismn, f"{field}.ismn")
