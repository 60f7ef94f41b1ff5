"""The options of each kind of job, and the common fields that it needs.

The kinds of the engine are in the table below. A kind of another package has its own class and is found by
`register_options`, or by an entry point of the group ``deepsoil.kinds`` (an object with the attribute ``options``).
"""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.geometry import MOST_FIELDS, Name
from deepsoil.contract.irrigation_maps import Refill, Zones
from deepsoil.contract.management import Management
from deepsoil.contract.readings import Readings, check_readings
from deepsoil.contract.station_readings import StationReadings, check_station_readings
from deepsoil.contract.strict import Strict

ENTRY_POINTS = "deepsoil.kinds"
LONGEST_PREDICTION_DAYS = 366
MOST_CONFIGURATIONS = 1000


def _absolute(path: str) -> str:
    if not Path(path).is_absolute():
        raise PydanticCustomError("path_relative", "The path is not absolute")
    return path


AbsolutePath = Annotated[str, AfterValidator(_absolute)]
"""A path on the engine's computer."""

Threads = Annotated[int, Field(ge=1, le=1024)]


class JobOptions(Strict):
    """The options of a kind of job, as a class of fields, with the common fields that the kind needs.

    needed        common fields that must be given, e.g. ``dates``
    takes_area    whether the job is about an area
    longest_days  the longest period; None: any
    """

    needed: ClassVar[tuple[str, ...]] = ()
    takes_area: ClassVar[bool] = False
    longest_days: ClassVar[int | None] = None

    def check(self, region: str | None) -> None:
        """Rules that concern several options. DeepSoilError ``specification_invalid``."""


Method = Literal["network", "column"]
"""How a map is made: by the networks, or by soil columns that are simulated for the area (the simulated field)."""


WaterProduct = Literal["available_mm", "available_percent", "depletion_mm", "drainage_mm", "refill_mm"]
"""A map of the water of the root zone: what plants can take, in mm and in % of what the root zone can hold; what lacks
to field capacity; what drains below the roots that day; what an irrigation is to refill (``Refill``)."""

ZONES_NEED: tuple[WaterProduct, ...] = ("available_percent", "refill_mm")
"""The maps that zones of need are made from."""


class PredictOptions(JobOptions):
    """How the maps are made and what the user knows of the fields.

    ``vegetation``: which NDVI and LAI maps are used for a day, the last one before it or the nearest.
    ``management``: of each field at most once. ``readings``: what the maps are conditioned on. ``products``: maps of
    every day beside those of soil moisture, by soil columns only. ``refill``: how the water to refill is counted.
    ``zones``: zones of need of the last day, by soil columns only. ``field_table``: the figures of every field on the
    last day, with its outline; those of water by soil columns only.
    """

    needed = ("area", "dates", "depths_cm")
    takes_area = True
    longest_days = LONGEST_PREDICTION_DAYS

    method: Method = "network"
    vegetation: Literal["carry", "nearest"] = "carry"
    management: Annotated[list[Management], Field(max_length=MOST_FIELDS, default_factory=list)]
    readings: Readings | None = None
    products: Annotated[list[WaterProduct], Field(max_length=5, default_factory=list)]
    refill: Refill | None = None
    zones: Zones | None = None
    field_table: bool = False
    threads: Threads | None = None

    def check(self, region: str | None) -> None:
        if self.readings is not None:
            check_readings(self.readings)
        if self.products and self.method != "column":
            raise _invalid("Maps of the water of the root zone are made by soil columns, not by networks.",
                           "Choose the method 'column', or leave the products out.", "options.products")
        soils = [number for number, entry in enumerate(self.management) if entry.soil]
        if soils and self.method != "column":
            raise _invalid("Networks know no measured soil.", "Use the method 'column', or leave the soil out.",
                           f"options.management.{soils[0]}.soil")
        if len(set(self.products)) < len(self.products):
            raise _invalid("A product is asked for twice.", "Name each product once.", "options.products")
        if self.refill is not None and self.method != "column":
            raise _invalid("The water to refill is known to soil columns, not to networks.",
                           "Choose the method 'column', or leave the refill out.", "options.refill")
        if self.zones is not None and not set(ZONES_NEED) <= set(self.products):
            raise _invalid("Zones are made from the maps 'available_percent' and 'refill_mm'.",
                           "Ask for both products too, or leave the zones out.", "options.zones")


class EvaluateOptions(JobOptions):
    """``stations``: the ids of those to compare with; all if omitted.

    ``management``: of the fields of stations, ``field`` being the id or the name of one. ``readings``: what is known
    when a station is predicted; None: nothing. ``vegetation``: as in a prediction, for networks only. ``reference``:
    what the predictions are compared with; ``smap``: the cells of SMAP, of which the map of 5 cm is averaged by area.
    """

    needed = ("region", "dates", "depths_cm")

    reference: Literal["stations", "smap"] = "stations"
    method: Method = "network"
    stations: list[str] | None = None
    vegetation: Literal["carry", "nearest"] = "carry"
    management: Annotated[list[Management], Field(max_length=MOST_FIELDS, default_factory=list)]
    readings: StationReadings | None = None
    threads: Threads | None = None

    def check(self, region: str | None) -> None:
        if self.method == "column" and self.vegetation != "carry":
            raise _invalid("Soil columns take no choice of NDVI and LAI maps.",
                           "Leave the vegetation out, or predict with the networks.", "options.vegetation")
        if self.readings is not None:
            check_station_readings(self.readings)
        if self.reference == "smap" and (self.method != "network" or self.stations or self.readings is not None
                                         or self.management):
            raise _invalid("SMAP is compared with whole maps of the networks: method, stations, readings and water say "
                           "nothing there.", "Leave them out, or compare with stations.", "options.reference")


class TrainOptions(JobOptions):
    """One configuration by its path, or several, each as a path or as a whole document; or ``tuning``, the path of a
    file of `deepsoil tune`, whose trials are then the tasks."""

    configuration: AbsolutePath | None = None
    configurations: Annotated[list[str | dict[str, Any]],
                              Field(min_length=1, max_length=MOST_CONFIGURATIONS)] | None = None
    tuning: AbsolutePath | None = None
    store: AbsolutePath | None = None
    threads: Threads | None = None

    def check(self, region: str | None) -> None:
        if sum(given is not None for given in (self.configuration, self.configurations, self.tuning)) != 1:
            raise _invalid("A training needs one of options.configuration, options.configurations and options.tuning.",
                           "Give the path of one configuration, a list of several, or a tuning.",
                           "options.configuration")
        named: set[str] = set()
        for number, one in enumerate(self.configurations or ()):
            field = f"options.configurations.{number}"
            name = one if isinstance(one, str) else one.get("name")
            if isinstance(one, str) and not Path(one).is_absolute():
                raise path_relative(field, one)
            if not isinstance(name, str):
                raise _invalid("A configuration has no name.", "Give each configuration its own name.",
                               f"{field}.name")
            if name in named:
                raise _invalid("The configuration {name} is listed twice.", "Give each configuration its own name.",
                               field, name=json.dumps(name, ensure_ascii=False)[:60])
            named.add(name)


class IngestOptions(JobOptions):
    """The recipe to build the store from, and the folder of the store."""

    recipe: AbsolutePath
    store: AbsolutePath


class Sample(Strict):
    """The paper's choice of pixels for a year."""

    pixels: Annotated[int, Field(ge=1)]
    year: Annotated[int, Field(ge=1900, le=2200)]
    seed: Annotated[int, Field(ge=0)] = 0


class SimulateOptions(JobOptions):
    """The labels of a region, or of ``store``; ``shard`` ``3/19`` is the third of 19 parts of the work."""

    store: AbsolutePath | None = None
    texture_step: Annotated[int, Field(ge=1, le=50)] = 1
    fallow: bool = False
    restart: bool = False
    shard: Annotated[str, Field(pattern=r"^[1-9][0-9]*/[1-9][0-9]*$")] | None = None
    sample: Sample | None = None
    threads: Threads | None = None

    def check(self, region: str | None) -> None:
        if (region is None) == (self.store is None):
            raise _invalid("A job of kind 'simulate' needs a region or options.store, and not both.",
                           "Name the region, or give the path of its store.", "region")
        if self.sample is not None and self.shard is not None:
            raise _invalid("A sample needs the labels of the whole region, so one part of the work cannot choose it.",
                           "Leave the sample out, and ask for it after the last part.", "options.sample")


ArchiveName = Annotated[str, Field(min_length=1, max_length=100)]


class GatherOptions(JobOptions):
    """What is fetched from public archives for an area, and where it is kept.

    ``folder``: of what is fetched and of the store made from it; by default a new one below HOME. ``off``: archives
    that are not asked. ``agreed``: archives whose terms the user has agreed to. Without these two an update keeps to
    what the region was gathered with; an empty list takes it back. ``offline``: only what the cache has.
    ``update``: bring the region of the job, or the one in ``folder``, up to today; then no area is given.
    """

    takes_area = True

    folder: AbsolutePath | None = None
    title: Name | None = None
    off: Annotated[list[ArchiveName], Field(max_length=100)] | None = None
    agreed: Annotated[list[ArchiveName], Field(max_length=100)] | None = None
    offline: bool = False
    update: bool = False

    def check(self, region: str | None) -> None:
        if self.update and region is None and self.folder is None:
            raise _invalid("A job of kind 'gather' with options.update needs a region or options.folder.",
                           "Name the region that is brought up to today, or its folder.", "region")
        if not self.update and region is not None:
            raise _invalid("A job of kind 'gather' makes a new region, so it takes none.",
                           "Leave the region out, or set options.update to bring it up to today.", "region")


_OPTIONS: dict[str, type[JobOptions]] = {
    "predict": PredictOptions, "evaluate": EvaluateOptions, "train": TrainOptions, "ingest": IngestOptions,
    "simulate": SimulateOptions, "gather": GatherOptions,
}


def known_kinds() -> list[str]:
    """The names of all kinds of jobs, those of other packages last."""
    return list(dict.fromkeys([*_OPTIONS, *(entry.name for entry in entry_points(group=ENTRY_POINTS))]))


def options_of(kind: str) -> type[JobOptions] | None:
    """The options of a kind of job; None if there is no such kind. DeepSoilError as `installed_kind`."""
    if kind not in _OPTIONS and (installed := installed_kind(kind)) is not None:
        _OPTIONS[kind] = installed.options
    return _OPTIONS.get(kind)


def installed_kind(kind: str) -> Any:
    """The kind that an installed package adds under this name, or None.

    DeepSoilError ``kind_unavailable`` if the package cannot be used.
    """
    for entry in entry_points(group=ENTRY_POINTS, name=kind):
        try:
            return entry.load()
        except Exception as error:  # importing another package may raise anything
            raise DeepSoilError("kind_unavailable", "Jobs of kind '{kind}' come from the package {package}, which "
                                "cannot be used: {error}.", "Repair the package, or remove it.", "kind",
                                kind=kind, package=entry.module, error=error) from error
    return None


def register_options(kind: str, options: type[JobOptions]) -> None:
    """Register the options of a kind in this process."""
    _OPTIONS[kind] = options


def path_relative(field: str, path: object) -> DeepSoilError:
    """The error for a relative path: an engine has no defined working folder."""
    return DeepSoilError("specification_invalid", "The path '{path}' is not absolute.",
                         "Give the whole path on the engine's computer.", field, path=path)


def models_of_columns() -> DeepSoilError:
    """The error for soil columns with models."""
    return _invalid("Soil columns have no models.", "Leave the models out, or predict with the networks.", "models")


def _invalid(message: str, hint: str, field: str, /, **values: Any) -> DeepSoilError:
    return DeepSoilError("specification_invalid", message, hint, field, **values)
