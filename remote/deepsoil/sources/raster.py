"""The kind ``raster``: a georeferenced raster, or one for each of several days."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from deepsoil.channels import CHANNELS, Channel, Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources import geotiff, units
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.source import DatedMaps, Ingestion, Map, Source
from deepsoil.sources.value_range import check_range
from deepsoil.sources.yaml_lines import read_yaml


class RasterSource(Source):
    """One raster, or (``files``) one for each of several days. ``crosswalk`` maps the codes of another legend.

    ``legend`` are the codes that a map of classes may hold; without it and without a crosswalk, those of the channel's
    range. Up to the share ``unknown_classes`` of the known pixels may hold another code, as they do at the seams of
    national maps; they are then missing, and the store's summary says how many.
    """

    gives: ClassVar[tuple[Kind, ...]] = ("static", "dated")

    kind: Literal["raster"]
    unit: str
    file: str | None = None
    files: dict[date, str] | None = None
    band: int = Field(default=1, ge=1)
    resampling: Literal["auto", "nearest", "bilinear", "average"] = "auto"
    nodata: float | list[float] | None = None
    scale: float = 1.0
    offset: float = 0.0
    crs: str | None = None
    bounds: tuple[float, float, float, float] | None = None
    crosswalk: str | dict[int, int | None] | None = None
    legend: list[int] | None = None
    unknown_classes: float = Field(default=0.0, ge=0.0, le=0.001)

    @model_validator(mode="after")
    def _one(self) -> RasterSource:
        if (self.file is None) == (self.files is None):
            raise ValueError("give either a file, or files by day")
        return self

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        if self.file is not None:
            yield self.file, f"{field}.file"
        yield from ((path, f"{field}.files.{day}") for day, path in (self.files or {}).items())

    def problem(self, name: str, channels: Collection[str]) -> str | None:
        channel = CHANNELS[name]
        if (self.files is not None) != (channel.kind == "dated"):
            return f"{name} takes {'`files` with their days' if channel.kind == 'dated' else 'one `file`'}"
        if self.crosswalk is not None and not channel.classes:
            return f"{name} has no classes and takes no crosswalk"
        if not channel.classes and (self.legend is not None or self.unknown_classes > 0):
            return f"{name} has no classes and takes neither a legend nor unknown classes"
        if self.crosswalk is not None and self.legend is not None:
            return "the codes of a crosswalk are its legend; give one of them"
        return None

    def check(self, files: RecipeFiles, name: str, field: str) -> None:
        if isinstance(self.crosswalk, str):
            files.table(self.crosswalk, f"{field}.crosswalk")
        if self.crosswalk is None:
            units.check(name, self.unit, CHANNELS[name].unit, f"{field}.unit")

    def read(self, ingestion: Ingestion, name: str) -> Map | DatedMaps:
        """The map, or the maps of its days one after another, so that only one is in memory."""
        field = f"channels.{name}"
        if self.files is None:
            return self._map(ingestion, name, str(self.file), f"{field}.file")
        files, days = self.files, sorted(self.files)

        def layers() -> Iterator[Map]:
            for day in days:
                ingestion.on_day(day)
                yield self._map(ingestion, name, files[day], f"{field}.files.{day}")

        return DatedMaps(days, layers())

    def _map(self, ingestion: Ingestion, name: str, file: str, field: str) -> Map:
        channel = CHANNELS[name]
        options = geotiff.RasterOptions(
            classes=channel.classes, method=self.resampling, band=self.band, nodata=self._nodata, scale=self.scale,
            offset=self.offset, crs=self.crs, bounds=self.bounds, crosswalk=self._codes(ingestion.files, field),
            legend=self._legend(channel), unknown_share=self.unknown_classes, on_note=ingestion.on_note)
        values = geotiff.read_map(ingestion.files.file(file, field), ingestion.window, options, field)
        if self.crosswalk is None:
            values = units.convert(values, self.unit, channel.unit)
        return check_range(name, values, field)

    def _legend(self, channel: Channel) -> frozenset[int] | None:
        """The codes that may occur; None where the range check of the channel is all that is known of them."""
        if self.legend is not None:
            return frozenset(self.legend)
        if self.unknown_classes == 0.0 or self.crosswalk is not None:
            return None
        return frozenset(range(int(channel.minimum), int(channel.maximum) + 1))

    @property
    def _nodata(self) -> tuple[float, ...]:
        if self.nodata is None:
            return ()
        return tuple(self.nodata) if isinstance(self.nodata, list) else (self.nodata,)

    def _codes(self, files: RecipeFiles, field: str) -> Mapping[int, int | None] | None:
        """Code → code (None = missing), from the recipe or from a YAML table (``classes``)."""
        if not isinstance(self.crosswalk, str):
            return self.crosswalk
        path = files.table(self.crosswalk, field)
        document, _ = read_yaml(path)
        table = document.get("classes")
        if not isinstance(table, dict) or not all(isinstance(code, int) and (to is None or isinstance(to, int))
                                                  for code, to in table.items()):
            raise DeepSoilError("recipe_invalid", "{file} holds no crosswalk.",
                                "It is a mapping `classes:` from code to code (null = missing).", field,
                                file=path.name)
        return table
