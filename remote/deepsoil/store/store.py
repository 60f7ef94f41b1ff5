"""The covariate store of a region: one folder with everything that maps and training read.

Format (schema 1): a Zarr version 3 group on a disk.

    zarr.json            root attributes: ``format`` = "deepsoil-store", ``schema`` = 1, ``name`` (id of the
                         region), ``title``, ``synthetic``, ``attribution``, ``window`` (column, row, width,
                         height in global pixels of ``deepsoil.grid``), ``channels`` (name → kind, unit, source),
                         ``footprint`` (GeoJSON, EPSG:4326), ``map_dates`` (first, last, or null) and ``complete``
    static/NAME          (H, W) one map
    dated/NAME           (T, H, W) maps of some days; attribute ``dates`` (ISO, ascending)
    coarse/NAME/values   (T, ny, nx) float32 daily fields on their own regular grid
    coarse/NAME/days     (T,) int32 days since 1970-01-01, consecutive; a day without data is all NaN
    coarse/NAME/longitudes, coarse/NAME/latitudes   (nx,), (ny,) float64 cell centres, EPSG:4326, west and north first
    stations/            longitudes, latitudes (S,), depths_cm (D,), days (T,), theta and (optional)
                         soil_temperature and rejected (S, D, T); attributes ``ids``, ``names``, ``networks``

Maps cover ``window``, whose edges are multiples of 512 pixels: row 0 is north, H = height, W = width. One chunk is
one tile of 64 × 64 pixels (a 14-character quadkey), one shard holds the 8 × 8 tiles that share an 11-character
quadkey, so that a partition is a set of whole files. Every shard file exists, also where it holds no data: a missing
file is a fault. Chunks are zstd-compressed with a checksum; the index of a shard carries a CRC.

Continuous maps are float32 with NaN for missing; class maps are uint8 codes with 0 for missing (no NLCD or
Köppen-Geiger code is 0). Values are in the unit of ``deepsoil.channels``; ``unit`` repeats it. Dates are UTC days.

``complete`` is set last, by ``Store.finish``. A store without it was never finished and is refused, except by the
process that is writing it. This module does no resampling (``sources``) and no normalising (``inputs.stack``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import zarr
from numpy.typing import ArrayLike, NDArray

from deepsoil.channels import CHANNELS, Channel
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.store import arrays, coverage
from deepsoil.store.series import CoarseSeries, Days, Stations, to_days
from deepsoil.store.shards import SHARD

__all__ = ["MAX_AGE_DAYS", "SCHEMA", "CoarseSeries", "Mode", "Stations", "Store"]

FORMAT, SCHEMA = "deepsoil-store", 1
MAX_AGE_DAYS = 45
"""A dated map (NDVI, LAI) older than this says nothing about the day any more."""

Mode = Literal["carry", "nearest"]
_ATTRIBUTES = ("name", "title", "synthetic", "attribution", "window", "channels", "complete")


class Store:
    """A covariate store that was opened or is being written; see the module docstring for the format."""

    def __init__(self, path: Path, group: zarr.Group) -> None:
        self.path = path
        self._group = group
        attributes: dict[str, Any] = dict(group.attrs)
        self.name: str = attributes["name"]
        self.title: str = attributes["title"]
        self.synthetic: bool = attributes["synthetic"]
        self.attribution: str = attributes["attribution"]
        self.window = Window(**attributes["window"])
        self._channels: dict[str, dict[str, str]] = dict(attributes["channels"])
        self._coarse: dict[str, CoarseSeries] = {}
        self._maps: dict[str, zarr.Array] = {}

    @classmethod
    def create(cls, path: str | Path, *, name: str, title: str, window: Window, synthetic: bool = False,
               attribution: str = "") -> Store:
        """Begin a store at ``path``; its window is ``window`` grown to multiples of 512 pixels.

        An unfinished store that lies there is replaced. Raises ``store_exists`` for anything else that does.
        """
        path = Path(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            if (_read_attributes(path) or {}).get("complete") is not False:
                raise DeepSoilError("store_exists", "{path} is there already.",
                                    "Choose another folder, or remove it first.", "store",
                                    path=path)
            shutil.rmtree(path)
        group = zarr.create_group(path, zarr_format=3, attributes={
            "format": FORMAT, "schema": SCHEMA, "name": name, "title": title, "synthetic": bool(synthetic),
            "attribution": attribution, "window": window.align(SHARD).to_dict(), "channels": {}, "complete": False})
        return cls(path, group)

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open a finished store for reading. Raises ``store_missing`` or ``store_corrupt``."""
        path = Path(path)
        if not path.is_dir():
            raise DeepSoilError("store_missing", "There is no covariate store at {path}.",
                                "Check the folder, or build it with `deepsoil ingest` or `deepsoil sample`.", "region",
                                path=path)
        attributes = _read_attributes(path)
        if attributes is None or attributes.get("format") != FORMAT:
            raise arrays.corrupt(path, "its zarr.json is missing or does not describe a DeepSoil store")
        if attributes.get("schema") != SCHEMA:
            raise DeepSoilError("store_corrupt", "The covariate store {path} has schema {schema}, "
                                "this engine reads schema {schema_2}.", "Update DeepSoil, or build the store anew.",
                                "region",
                                path=path, schema=attributes.get('schema'), schema_2=SCHEMA)
        absent = [key for key in _ATTRIBUTES if key not in attributes]
        if absent:
            raise arrays.corrupt(path, f"its zarr.json lacks {', '.join(absent)}")
        if not attributes["complete"]:
            raise DeepSoilError("store_corrupt", "The covariate store {path} was never finished: the program that "
                                "wrote it stopped halfway.", "Run the `deepsoil ingest` or `deepsoil sample` that was "
                                "to build it again; it starts over.", "region",
                                path=path)
        with arrays.guarded(path, "zarr.json"):
            _check_units(path, attributes["channels"])
            return cls(path, zarr.open_group(path, mode="r", zarr_format=3))

    def finish(self) -> Store:
        """Record footprint and dates and mark the store complete; the last thing its writer does."""
        self._group.attrs["footprint"] = coverage.footprint(self)
        dates = coverage.map_dates(self)
        self._group.attrs["map_dates"] = None if dates is None else [day.isoformat() for day in dates]
        self._group.attrs["complete"] = True
        return self

    # ---- writing

    def write_static(self, channel: str, values: ArrayLike, source: str) -> None:
        """Write a map (H, W) over the whole window; NaN = missing. ``source`` says where it comes from."""
        known = self._new(channel, "static")
        layer = self._layer(known, values)
        arrays.write_map(self._group, f"static/{channel}", self.window.shape, layer.dtype.name, {}, iter([layer]))
        self._register(known, "static", source)

    def write_dated(self, channel: str, dates: Sequence[date], values: Iterable[ArrayLike], source: str) -> None:
        """Write maps of ascending days, given one after the other, each (H, W) over the whole window."""
        known = self._new(channel, "dated")
        days = to_days(dates)
        if days.size == 0 or np.any(np.diff(days) <= np.timedelta64(0, "D")):
            raise ValueError(f"the dates of {channel} must be there, ascending and without repetition")
        arrays.write_map(self._group, f"dated/{channel}", (days.size, *self.window.shape), _dtype(known),
                         {"dates": [str(day) for day in days]}, (self._layer(known, layer) for layer in values))
        self._register(known, "dated", source)

    def write_coarse(self, channel: str, dates: Sequence[date] | Days, longitudes: ArrayLike, latitudes: ArrayLike,
                     values: ArrayLike, source: str) -> None:
        """Write daily fields (T, ny, nx) at cell centres in degrees; days in between that lack become NaN."""
        known = self._new(channel, "coarse")
        series = CoarseSeries.regular(dates, longitudes, latitudes, values)
        group = self._group.require_group(f"coarse/{channel}")
        arrays.write_table(group, "values", series.values)
        arrays.write_table(group, "days", series.dates.astype(np.int64).astype(np.int32))
        arrays.write_table(group, "longitudes", series.longitudes)
        arrays.write_table(group, "latitudes", series.latitudes)
        self._register(known, "coarse", source)

    def write_stations(self, stations: Stations) -> None:
        """Write the observations of the region's stations."""
        group = self._group.require_group("stations")
        group.attrs.update({"ids": stations.ids, "names": stations.names, "networks": stations.networks})
        arrays.write_table(group, "days", stations.dates.astype(np.int64).astype(np.int32))
        for name in ("longitudes", "latitudes", "depths_cm"):
            arrays.write_table(group, name, np.asarray(getattr(stations, name), np.float64))
        arrays.write_table(group, "theta", np.asarray(stations.theta, np.float32))
        if stations.soil_temperature is not None:
            arrays.write_table(group, "soil_temperature", np.asarray(stations.soil_temperature, np.float32))
        if stations.rejected is not None:
            arrays.write_table(group, "rejected", np.asarray(stations.rejected, np.uint8))

    # ---- reading

    def channels(self) -> list[str]:
        """Names of the channels that are there, as written (without those computed at reading)."""
        return list(self._channels)

    def source(self, channel: str) -> str:
        """Where the values of a channel come from, in words."""
        return self._known(channel)["source"]

    def read_static(self, channel: str, window: Window, into: NDArray[np.float32] | None = None,
                    ) -> NDArray[np.float32]:
        """Map (H, W) of a window, in ``into`` where it is given; NaN where missing and outside the store."""
        array, known = self._map(channel, "static"), CHANNELS[channel]
        return arrays.read_window(self.window, window, lambda part, values: arrays.read_map(
            self.path, f"static/{channel}", array, part, None, values), known.classes, into)

    def dates_of(self, channel: str) -> Days:
        """Days (T,) on which a dated channel was observed, ascending."""
        return to_days(self._map(channel, "dated").attrs["dates"])

    def read_dated(self, channel: str, day: date, window: Window, mode: Mode = "carry",
                   ) -> tuple[NDArray[np.float32], int | None]:
        """Map (H, W) of a dated channel for a day, and the age in days of its newest observation (None = nothing).

        ``carry`` takes the last observation not after the day, ``nearest`` the closest on either side; holes in
        it are filled from the next best. Nothing farther away than ``MAX_AGE_DAYS`` is used.
        """
        values = np.full(window.shape, np.nan, np.float32)
        age_days: int | None = None
        for index, age in observations(self.dates_of(channel), day, mode):
            holes = np.isnan(values)
            if not holes.any():
                break
            layer = self.read_layer(channel, index, window)
            filled = holes & np.isfinite(layer)
            values[filled] = layer[filled]
            if age_days is None and filled.any():
                age_days = age
        return values, age_days

    def read_layer(self, channel: str, index: int, window: Window, into: NDArray[np.float32] | None = None,
                   ) -> NDArray[np.float32]:
        """Map (H, W) of one observation of a dated channel, in ``into`` where it is given."""
        array, known = self._map(channel, "dated"), CHANNELS[channel]
        return arrays.read_window(self.window, window, lambda part, values: arrays.read_map(
            self.path, f"dated/{channel}", array, part, index, values), known.classes, into)

    def coarse(self, channel: str) -> CoarseSeries:
        """Daily fields of a channel, read on first use and kept."""
        if channel not in self._coarse:
            self._known(channel)
            group = self._subgroup(f"coarse/{channel}")
            days, lon, lat, values = (arrays.read_table(self.path, group, name)
                                      for name in ("days", "longitudes", "latitudes", "values"))
            self._coarse[channel] = CoarseSeries(days.astype("datetime64[D]"), lon, lat, values)
        return self._coarse[channel]

    def stations(self) -> Stations:
        """The stations of the region; empty where it has none."""
        if not (self.path / "stations").is_dir():
            return Stations.empty()
        group = self._subgroup("stations")
        table = {name: arrays.read_table(self.path, group, name)
                 for name in ("longitudes", "latitudes", "depths_cm", "days", "theta")}
        temperature, rejected = (arrays.read_table(self.path, group, name) if name in group else None
                                 for name in ("soil_temperature", "rejected"))
        with arrays.guarded(self.path, "stations"):
            return Stations(list(group.attrs["ids"]), list(group.attrs["names"]), list(group.attrs["networks"]),
                            table["longitudes"], table["latitudes"], table["depths_cm"],
                            table["days"].astype("datetime64[D]"), table["theta"], temperature,
                            rejected)

    def map_dates(self) -> tuple[date, date]:
        """First and last date for which a map can be made. Raises ``no_weather`` where there is none."""
        if "map_dates" in self._group.attrs:
            recorded = self._group.attrs["map_dates"]
            dates = None if recorded is None else (date.fromisoformat(recorded[0]), date.fromisoformat(recorded[1]))
        else:
            dates = coverage.map_dates(self)
        if dates is None:
            raise DeepSoilError("no_weather", "The region {title!r} has no 30 days of weather in a row.",
                                "Build its store with precipitation, temperature, vpd and pet.", "region",
                                title=self.title)
        return dates

    def footprint(self) -> dict[str, Any]:
        """GeoJSON polygon (EPSG:4326) of the area with the required static data."""
        recorded = self._group.attrs.get("footprint")
        return recorded if recorded is not None else coverage.footprint(self)

    # ---- private

    def _new(self, channel: str, kind: str) -> Channel:
        known = CHANNELS.get(channel)
        if known is None or known.kind != kind:
            raise ValueError(f"{channel!r} is not a {kind} channel of the registry")
        if channel in self._channels:
            raise ValueError(f"{channel!r} was written already")
        return known

    def _register(self, known: Channel, kind: str, source: str) -> None:
        self._channels[known.name] = {"kind": kind, "unit": known.unit, "source": source}
        self._group.attrs["channels"] = self._channels

    def _layer(self, known: Channel, values: ArrayLike) -> NDArray[Any]:
        layer = np.asarray(values)
        if layer.shape != self.window.shape:
            raise ValueError(f"{known.name} has shape {layer.shape}, the store's window {self.window.shape}")
        if not known.classes:
            return layer.astype(np.float32)
        return np.nan_to_num(layer.astype(np.float32), nan=0.0).astype(np.uint8)

    def _known(self, channel: str) -> dict[str, str]:
        if channel not in self._channels:
            raise DeepSoilError("channel_missing", "The region {title!r} has no channel {channel!r}.",
                                "It has: {value}.", "region",
                                title=self.title, channel=channel, value=', '.join(self._channels) or 'none')
        return self._channels[channel]

    def _subgroup(self, name: str) -> zarr.Group:
        with arrays.guarded(self.path, name):
            return self._group[name]

    def _map(self, channel: str, kind: str) -> zarr.Array:
        if channel not in self._maps:
            if self._known(channel)["kind"] != kind:
                raise ValueError(f"{channel!r} is not a {kind} channel")
            with arrays.guarded(self.path, f"{kind}/{channel}"):
                self._maps[channel] = self._group[f"{kind}/{channel}"]
        return self._maps[channel]


def observations(dates: Days, day: date, mode: Mode) -> list[tuple[int, int]]:
    """(index, age in days, negative = later) of the observations that may stand for a day, best first."""
    ages = (np.datetime64(day, "D") - dates).astype(int)
    usable = np.flatnonzero((np.abs(ages) <= MAX_AGE_DAYS) & ((ages >= 0) | (mode == "nearest")))
    order = usable[np.argsort(np.abs(ages[usable]), kind="stable")]
    return [(int(index), int(ages[index])) for index in order]


def _check_units(path: Path, channels: dict[str, dict[str, str]]) -> None:
    for name, entry in channels.items():
        if name in CHANNELS and entry["unit"] != CHANNELS[name].unit:
            raise arrays.corrupt(path, f"{name} is in {entry['unit']}, this engine reads it in {CHANNELS[name].unit}")


def _dtype(known: Channel) -> str:
    return "uint8" if known.classes else "float32"


def _read_attributes(path: Path) -> dict[str, Any] | None:
    """Root attributes straight from zarr.json, or None where it is missing or no JSON object."""
    try:
        document = json.loads((path / "zarr.json").read_text(encoding="utf-8"))
        return dict(document["attributes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
