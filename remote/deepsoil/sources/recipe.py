"""The recipe of a region: which file gives which channel, and everything about it that must not be guessed.

A recipe is YAML. Unknown keys are refused; a unit is always given; paths are relative to a root folder, which is the
recipe's own folder unless the recipe or the caller names another. This module reads and checks recipes, including that
their files exist; ``ingest`` executes them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, create_model, field_validator, model_validator

from deepsoil.channels import CHANNELS, STORED
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.kinds import any_source, known_kinds
from deepsoil.sources.outlook import OutlookPart
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import Period, Strict
from deepsoil.sources.recipe_stations import AnyStations
from deepsoil.sources.source import Source
from deepsoil.sources.yaml_lines import Lines, allowed_keys, read_yaml

SCHEMA = 1


class Area(Strict):
    """A box in degrees, or the outline in a vector file with a margin."""

    box: tuple[float, float, float, float] | None = None
    file: str | None = None
    buffer_m: float = Field(default=0.0, ge=0.0, le=100_000.0)

    @model_validator(mode="after")
    def _one(self) -> Area:
        if (self.box is None) == (self.file is None):
            raise ValueError("give either a box [west, south, east, north] or a file")
        if self.box is not None:
            west, south, east, north = self.box
            if not (-180 <= west < east <= 180 and -85 <= south < north <= 85):
                raise ValueError("the box is [west, south, east, north] in degrees")
        return self


class Recipe(Strict):
    schema_: Literal[1] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    attribution: str = ""
    synthetic: bool = False
    root: str = "."
    area: Area
    dates: Period | None = None
    channels: dict[str, Source] = Field(min_length=1)
    stations: AnyStations | None = None
    outlook: OutlookPart | None = None
    parts: tuple[str, ...] = ()

    @field_validator("channels")
    @classmethod
    def _known(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name in value:
            if name not in CHANNELS or CHANNELS[name].kind not in STORED:
                known = ", ".join(c.name for c in CHANNELS.values() if c.kind in STORED)
                raise ValueError(f"{name!r} is not a channel; channels are {known}")
        return value


class LoadedRecipe(RecipeFiles):
    """A recipe with its root folder and the lines of its keys, for error messages.

    parts   the recipes that it names as parts of the same region, see `joined`
    """

    def __init__(self, recipe: Recipe, path: Path, root: Path, lines: Lines,
                 parts: tuple[LoadedRecipe, ...] = ()) -> None:
        super().__init__(path, root, lines)
        self.recipe, self.parts = recipe, parts

    @property
    def all(self) -> tuple[LoadedRecipe, ...]:
        """This recipe and its parts."""
        return (self, *self.parts)


def recipe_model() -> type[Recipe]:
    """The model of a recipe with every kind of source that is registered."""
    channels: Any = (dict[str, any_source()], Field(min_length=1))  # type: ignore[misc]
    model: type[Recipe] = create_model("Recipe", __base__=Recipe, channels=channels)
    return model


def load(path: str | Path, root: str | Path | None = None) -> LoadedRecipe:
    """Read and check a recipe and its parts.

    Raises ``recipe_missing`` or ``recipe_invalid`` naming line, field and valid values.
    """
    loaded = _load(Path(path), root)
    parts = []
    for number, name in enumerate(loaded.recipe.parts):
        part = _load(loaded.file(name, f"parts.{number}"), None)
        if part.recipe.parts:
            raise DeepSoilError("recipe_invalid", "{file}, a part of {path}, has parts of its own.",
                                "Name them all in the first recipe.", f"parts.{number}", file=name, path=loaded.path)
        parts.append(part)
    return LoadedRecipe(loaded.recipe, loaded.path, loaded.root, loaded.lines, tuple(parts))


def _load(path: Path, root: str | Path | None) -> LoadedRecipe:
    document, lines = read_yaml(path)
    try:
        recipe = recipe_model().model_validate(document)
    except ValidationError as error:
        raise _invalid(error, path, lines) from error
    folder = Path(root) if root is not None else path.resolve().parent / recipe.root
    return LoadedRecipe(recipe, path, folder, lines)


def _invalid(error: ValidationError, path: Path, lines: Lines) -> DeepSoilError:
    first = error.errors()[0]
    location = [str(part) for part in first["loc"] if str(part) not in {*_TAGS, *known_kinds()}]
    field = ".".join(location)
    where = f"line {lines.of(field)} of {path.name}"
    if first["type"] == "extra_forbidden":
        allowed = allowed_keys(recipe_model(), [str(part) for part in first["loc"][:-1]])
        return DeepSoilError("recipe_invalid", "{key!r} is not a known key here ({where}).",
                             "Allowed are: {allowed}.", field,
                             key=location[-1], where=where, allowed=", ".join(allowed))
    message = str(first["msg"]).removeprefix("Value error, ")
    return DeepSoilError("recipe_invalid", "{key}: {problem} ({where}).",
                         "Correct the recipe and ingest again.", field or None,
                         key=field or "The recipe", problem=message, where=where)


_TAGS = frozenset(("StationTables", "IsmnArchive", "StationParts", "list[Point]", "PointTable"))
