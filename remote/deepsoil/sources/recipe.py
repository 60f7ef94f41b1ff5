"""The recipe of a region: which file gives which channel, and everything that is not to be guessed about it.

A recipe is YAML. Unknown keys are refused; a unit is always given; paths are relative to a root folder, which is the
recipe's own folder unless the recipe or the caller names another. This module reads and checks recipes, also that
their files exist; ``ingest`` carries them out.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from deepsoil.channels import CHANNELS, STORED
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.recipe_parts import Strict, Time
from deepsoil.sources.recipe_stations import AnyStations
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


class Period(Strict):
    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError("the end lies before the start")
        return self


class Point(Strict):
    file: str
    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-85, le=85)


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


class Source(Strict):
    """What every source has: a note that is kept with the channel and shown to people."""

    note: str = ""


class Raster(Source):
    """One raster, or (``files``) one for each of several days."""

    kind: Literal["raster"]
    unit: str
    file: str | None = None
    files: dict[date, str] | None = None
    band: int = Field(default=1, ge=1)
    resampling: Literal["auto", "nearest", "bilinear", "average"] = "auto"
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    crs: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    crosswalk: str | dict[int, int | None] | None = None

    @model_validator(mode="after")
    def _one(self) -> Raster:
        if (self.file is None) == (self.files is None):
            raise ValueError("give either a file, or files by day")
        return self


class Netcdf(Source):
    """A variable of NetCDF files; ``files`` may hold wild cards; ``day`` dates a file without a time axis."""

    kind: Literal["netcdf"]
    unit: str
    files: list[str] = Field(min_length=1)
    variable: str
    day: date | None = None


class Grid(Strict):
    step_degrees: float = Field(gt=0.0, le=2.0)


class Series(Source):
    """Readings at points. ``unit`` is that of a reading; a sum over the day is in that unit a day.

    ``otherwise`` gives the days that are missing here; gaps of up to ``bridge_days`` that then are left are filled
    linearly, which suits temperature and evapotranspiration and not rain.
    """

    kind: Literal["series"]
    unit: str
    points: Annotated[list[Point], Field(min_length=1)] | PointTable
    time: Time
    column: str
    statistic: Literal["sum", "mean", "minimum", "maximum"]
    minimum_share: float = Field(default=0.75, gt=0.0, le=1.0)
    bridge_days: int = Field(default=0, ge=0, le=10)
    nodata: tuple[float, ...] = ()
    range: tuple[float, float] | None = None
    combine: Literal["median", "mean", "nearest", "inverse_distance"] = "mean"
    grid: Grid | None = None
    otherwise: Series | None = None

    @model_validator(mode="after")
    def _grid_if_needed(self) -> Series:
        if (self.combine in ("nearest", "inverse_distance")) != (self.grid is not None):
            raise ValueError("nearest and inverse_distance need a grid, median and mean give one cell and take none")
        return self


class Reading(Strict):
    column: str
    unit: str


class ReferenceEt(Source):
    """FAO-56 reference evapotranspiration from readings at one place; humidity as relative humidity or as vapour
    pressure."""

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
    bridge_days: int = Field(default=0, ge=0, le=10)
    nodata: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _one_humidity(self) -> ReferenceEt:
        if (self.relative_humidity is None) == (self.vapour_pressure is None):
            raise ValueError("give either relative_humidity or vapour_pressure")
        return self


class Constant(Source):
    kind: Literal["constant"]
    unit: str
    value: float


class Table(Source):
    """The mean of a column of a table over the rows that fulfil ``where``."""

    kind: Literal["table"]
    unit: str
    file: str
    column: str
    where: dict[str, float | str] = Field(default_factory=dict)


class Terrain(Source):
    """Slope, aspect or northness from the elevation of this recipe."""

    kind: Literal["terrain"]


class SoilHydraulics(Source):
    """A hydraulic parameter from the texture of this recipe, by Rosetta."""

    kind: Literal["soil_hydraulics"]


AnySource = Annotated[Raster | Netcdf | Series | ReferenceEt | Constant | Table | Terrain | SoilHydraulics,
                      Field(discriminator="kind")]


class Recipe(Strict):
    schema_: Literal[1] = Field(alias="schema")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    attribution: str = ""
    synthetic: bool = False
    root: str = "."
    area: Area
    dates: Period | None = None
    channels: dict[str, AnySource] = Field(min_length=1)
    stations: AnyStations | None = None

    @field_validator("channels")
    @classmethod
    def _known(cls, value: dict[str, Any]) -> dict[str, Any]:
        for name in value:
            if name not in CHANNELS or CHANNELS[name].kind not in STORED:
                known = ", ".join(c.name for c in CHANNELS.values() if c.kind in STORED)
                raise ValueError(f"{name!r} is not a channel; channels are {known}")
        return value


class LoadedRecipe:
    """A recipe with its root folder and with the lines of its keys, so that an error can say where it is."""

    def __init__(self, recipe: Recipe, path: Path, root: Path, lines: Lines) -> None:
        self.recipe, self.path, self.root, self.lines = recipe, path, root, lines

    def where(self, field: str) -> str:
        """``line 12 of recipe.yaml`` for a dotted field (of its nearest parent that has a line)."""
        return f"line {self.lines.of(field)} of {self.path.name}"

    def file(self, name: str, field: str) -> Path:
        """Path of a file of the recipe. Raises ``source_missing`` naming file, field and line."""
        path = self.root / name
        if not path.is_file():
            raise DeepSoilError("source_missing", "The file {name} ({where}) is not there; it was looked "
                                "for in {root}.", "Correct the path, or give the folder of the data with --root.",
                                field,
                                name=name, where=self.where(field), root=self.root)
        return path

    def table(self, name: str, field: str) -> Path:
        """Path of a table that belongs to the recipe itself: beside it, or else under the root."""
        beside = self.path.resolve().parent / name
        return beside if beside.is_file() else self.file(name, field)

    def glob(self, pattern: str, field: str) -> list[Path]:
        """Paths that fit a pattern with wild cards, sorted. Raises ``source_missing`` where none does."""
        if not any(sign in pattern for sign in "*?["):
            return [self.file(pattern, field)]
        found = sorted(path for path in self.root.glob(pattern) if path.is_file())
        if not found:
            raise DeepSoilError("source_missing", "No file fits {pattern} ({where}); it was looked for in "
                                "{root}.", "Correct the pattern, or give the folder of the data with --root.",
                                field,
                                pattern=pattern, where=self.where(field), root=self.root)
        return found


def load(path: str | Path, root: str | Path | None = None) -> LoadedRecipe:
    """Read and check a recipe. Raises ``recipe_missing`` or ``recipe_invalid`` naming line, field and what is right."""
    path = Path(path)
    document, lines = read_yaml(path)
    try:
        recipe = Recipe.model_validate(document)
    except ValidationError as error:
        raise _invalid(error, path, lines) from error
    folder = Path(root) if root is not None else path.resolve().parent / recipe.root
    return LoadedRecipe(recipe, path, folder, lines)


def _invalid(error: ValidationError, path: Path, lines: Lines) -> DeepSoilError:
    first = error.errors()[0]
    location = [str(part) for part in first["loc"] if str(part) not in _TAGS]
    field = ".".join(location)
    where = f"line {lines.of(field)} of {path.name}"
    if first["type"] == "extra_forbidden":
        allowed = allowed_keys(Recipe, [str(part) for part in first["loc"][:-1]])
        return DeepSoilError("recipe_invalid", "{location!r} is not a key that is known here ({where}).",
                             "Allowed are: {allowed}.", field,
                             location=location[-1], where=where, allowed=', '.join(allowed))
    message = str(first["msg"]).removeprefix("Value error, ")
    return DeepSoilError("recipe_invalid", "{value}: {message_text} ({where}).",
                         "Correct the recipe and ingest again.", field or None,
                         value=field or 'The recipe', message_text=message, where=where)


_TAGS = frozenset(("raster", "netcdf", "series", "reference_et", "constant", "table", "terrain", "soil_hydraulics",
                   "StationTables", "IsmnArchive", "list[Point]", "PointTable", "function-after[_one(), Raster]"))
