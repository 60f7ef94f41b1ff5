"""The covariate store of a region: one folder with all input of maps and training.

Format (schema 1): a Zarr version 3 group on a disk.

    zarr.json            root attributes: ``format`` = "deepsoil-store", ``schema`` = 1, ``name`` (id of the
                         region), ``title``, ``synthetic``, ``attribution``, ``window`` (column, row, width,
                         height in global pixels of ``deepsoil.grid``), ``channels`` (name → kind, unit, source),
                         ``footprint`` (GeoJSON, EPSG:4326), ``map_dates`` (first, last, or null), (optional)
                         ``forecast_from`` (the first day whose weather is foreseen, or null) and ``complete``
    static/NAME          (H, W) one map
    dated/NAME           (T, H, W) maps of some days; attribute ``dates`` (ISO, ascending)
    coarse/NAME/values   (T, ny, nx) float32 daily fields on their own regular grid
    coarse/NAME/days     (T,) int32 days since 1970-01-01, consecutive; a day without data is all NaN
    coarse/NAME          attribute ``day_ends_utc``: hours from UTC midnight to the end of its days; without it, 0
    coarse/NAME/status   (T,) uint8, optional: 1 final, 2 provisional, 3 early, 4 forecast, 0 not known
    coarse/NAME/longitudes, coarse/NAME/latitudes   (nx,), (ny,) float64 cell centres, EPSG:4326, west and north first
    forecasts/NAME/values (N, ny, nx) float32, optional: what was foreseen of a coarse channel, on its grid
    forecasts/NAME/issued, forecasts/NAME/days   (N,) int32 days since 1970-01-01: of the issue, and foreseen
    stations/            longitudes, latitudes (S,), depths_cm (D,), days (T,), theta and (optional)
                         soil_temperature and rejected (S, D, T); attributes ``ids``, ``names``, ``networks``,
                         ``day_ends_utc`` (that of the precipitation, so that a day's rain precedes its mean) and
                         (optional) ``irrigated`` (true, false or null, a station)

Maps cover ``window``, whose edges are multiples of 512 pixels: row 0 is north, H = height, W = width. One chunk is
one tile of 64 × 64 pixels (a 14-character quadkey), one shard holds the 8 × 8 tiles that share an 11-character
quadkey, so that a partition is a set of complete files. Every shard file exists, even without data: a missing
file is a fault. Chunks are zstd-compressed with a checksum; the index of a shard carries a CRC.

Continuous maps are float32 with NaN for missing; class maps are uint8 codes with 0 for missing (no NLCD or
Köppen-Geiger code is 0). Values are in the unit of ``deepsoil.channels``; ``unit`` repeats it. Dates are UTC days,
except where ``day_ends_utc`` says otherwise.

``complete`` is set last, by ``StoreWriter.finish``. A store without it was never finished and is refused, except by
the process that is writing it. Writing is in ``writer``; this module reads. Neither resamples (``sources``) nor
normalises (``inputs.stack``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import zarr
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.store import arrays
from deepsoil.store.coarse_tables import read_coarse, read_forecasts, read_stations
from deepsoil.store.identity import Identity, identity_of, unchanged
from deepsoil.store.series import CoarseSeries, Days, Forecasts, Stations, to_days

__all__ = ["MAX_AGE_DAYS", "SCHEMA", "CoarseSeries", "Mode", "Stations", "Store"]

FORMAT, SCHEMA = "deepsoil-store", 1
MAX_AGE_DAYS = 45
"""A dated map (NDVI, LAI) older than this is not used."""

Mode = Literal["carry", "nearest"]
_ATTRIBUTES = ("name", "title", "synthetic", "attribution", "window", "channels", "complete")
_RECORDED_AT_THE_END = ("footprint", "map_dates")


class Store:
    """A covariate store, opened for reading; see the module docstring for the format."""

    def __init__(self, path: Path, group: zarr.Group, identity: Identity | None = None) -> None:
        self.path = path
        self._group, self._identity = group, identity
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
    def open(cls, path: str | Path) -> Store:
        """Open a finished store for reading. Raises ``store_missing`` or ``store_corrupt``."""
        path = Path(path)
        if not path.is_dir():
            raise DeepSoilError("store_missing", "There is no covariate store at {path}.",
                                "Check the folder, or build it with `deepsoil ingest` or `deepsoil sample`.", "region",
                                path=path)
        identity, attributes = identity_of(path), read_attributes(path)
        if attributes is None or attributes.get("format") != FORMAT:
            raise arrays.corrupt(path, "its zarr.json is missing or does not describe a DeepSoil store")
        if attributes.get("schema") != SCHEMA:
            raise DeepSoilError("store_corrupt", "The covariate store {path} has schema {found}, "
                                "but this engine reads schema {known}.", "Update DeepSoil, or build the store again.",
                                "region", path=path, found=attributes.get("schema"), known=SCHEMA)
        _check_present(path, attributes, _ATTRIBUTES)
        if not attributes["complete"]:
            raise DeepSoilError("store_corrupt", "The covariate store {path} is incomplete: the program that "
                                "wrote it stopped before the end.",
                                "Run the same `deepsoil ingest` or `deepsoil sample` again; it starts over.", "region",
                                path=path)
        _check_present(path, attributes, _RECORDED_AT_THE_END)
        with arrays.guarded(path, "zarr.json"):
            _check_units(path, attributes["channels"])
            return cls(path, zarr.open_group(path, mode="r", zarr_format=3), identity)

    def channels(self) -> list[str]:
        """Names of the stored channels (without those computed at reading)."""
        return list(self._channels)

    def kind(self, channel: str) -> str:
        """``static``, ``dated`` or ``coarse``."""
        return self._known(channel)["kind"]

    def source(self, channel: str) -> str:
        """A description of where the values of a channel come from."""
        return self._known(channel)["source"]

    def read_static(self, channel: str, window: Window, into: NDArray[np.float32] | None = None,
                    ) -> NDArray[np.float32]:
        """Map (H, W) of a window, in ``into`` if given; NaN where missing and outside the store."""
        with unchanged(self.path, self._identity):
            array, known = self._map(channel, "static"), CHANNELS[channel]
            return arrays.read_window(self.window, window, lambda part, values: arrays.read_map(
                self.path, f"static/{channel}", array, part, None, values), known.classes, into)

    def dates_of(self, channel: str) -> Days:
        """Days (T,) on which a dated channel was observed, ascending."""
        with unchanged(self.path, self._identity):
            return to_days(self._map(channel, "dated").attrs["dates"])

    def read_dated(self, channel: str, day: date, window: Window, mode: Mode = "carry",
                   ) -> tuple[NDArray[np.float32], int | None]:
        """Map (H, W) of a dated channel for a day, and the age in days of its newest observation (None = nothing).

        ``carry`` takes the last observation up to the day, ``nearest`` the closest on either side; holes in
        it are filled from the next best. Nothing older or later than ``MAX_AGE_DAYS`` is used.
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
        """Map (H, W) of one observation of a dated channel, in ``into`` if given."""
        with unchanged(self.path, self._identity):
            array, known = self._map(channel, "dated"), CHANNELS[channel]
            return arrays.read_window(self.window, window, lambda part, values: arrays.read_map(
                self.path, f"dated/{channel}", array, part, index, values), known.classes, into)

    def coarse(self, channel: str) -> CoarseSeries:
        """Daily fields of a channel, read on first use and kept."""
        if channel not in self._coarse:
            self._known(channel)
            with unchanged(self.path, self._identity):
                self._coarse[channel] = read_coarse(self.path, self._subgroup(f"coarse/{channel}"))
        return self._coarse[channel]

    def forecasts(self, channel: str) -> Forecasts | None:
        """What was foreseen of a coarse channel, by issue and day; None where nothing was kept."""
        with unchanged(self.path, self._identity):
            if not (self.path / "forecasts" / channel).is_dir():
                return None
            return read_forecasts(self.path, self._subgroup(f"forecasts/{channel}"))

    def stations(self) -> Stations:
        """The stations of the region; empty if it has none."""
        with unchanged(self.path, self._identity):
            if not (self.path / "stations").is_dir():
                return Stations.empty()
            return read_stations(self.path, self._subgroup("stations"))

    def map_dates(self) -> tuple[date, date]:
        """First and last date for which a map can be made. Raises ``no_weather`` if there is none."""
        dates = self._group.attrs["map_dates"]
        if dates is None:
            raise DeepSoilError("no_weather", "The region {title!r} has no 30 days of weather in a row.",
                                "Build its store with precipitation, temperature, vpd and pet.", "region",
                                title=self.title)
        with arrays.guarded(self.path, "map_dates"):
            first, last = (date.fromisoformat(str(day)) for day in dates)  # type: ignore[union-attr]
            return first, last

    def forecast_from(self) -> date | None:
        """The first day whose weather is foreseen and not observed; None where all of it is observed."""
        found = self._group.attrs.get("forecast_from")
        with arrays.guarded(self.path, "forecast_from"):
            return None if found is None else date.fromisoformat(str(found))

    def is_forecast(self, day: date) -> bool:
        """Whether a map of the day rests on weather that is foreseen."""
        first = self.forecast_from()
        return first is not None and day >= first

    def footprint(self) -> dict[str, Any]:
        """GeoJSON polygon (EPSG:4326) of the area with the required static data."""
        with arrays.guarded(self.path, "footprint"):
            return dict(self._group.attrs["footprint"])  # type: ignore[arg-type]

    def _known(self, channel: str) -> dict[str, str]:
        if channel not in self._channels:
            raise DeepSoilError("channel_missing", "The region {title!r} has no channel {channel!r}.",
                                "It has: {channels}.", "region",
                                title=self.title, channel=channel, channels=', '.join(self._channels) or 'none')
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
    """(index, age in days, negative = later) of the observations that may be used for a day, best first."""
    ages = (np.datetime64(day, "D") - dates).astype(int)
    usable = np.flatnonzero((np.abs(ages) <= MAX_AGE_DAYS) & ((ages >= 0) | (mode == "nearest")))
    order = usable[np.argsort(np.abs(ages[usable]), kind="stable")]
    return [(int(index), int(ages[index])) for index in order]


def _check_present(path: Path, attributes: dict[str, Any], names: Sequence[str]) -> None:
    absent = [name for name in names if name not in attributes]
    if absent:
        raise arrays.corrupt(path, f"its zarr.json lacks {', '.join(absent)}")


def _check_units(path: Path, channels: dict[str, dict[str, str]]) -> None:
    for name, entry in channels.items():
        if name in CHANNELS and entry["unit"] != CHANNELS[name].unit:
            raise arrays.corrupt(path, f"{name} is in {entry['unit']}, this engine reads it in {CHANNELS[name].unit}")


def read_attributes(path: Path) -> dict[str, Any] | None:
    """Root attributes directly from zarr.json, or None if it is missing or not a JSON object."""
    try:
        document = json.loads((path / "zarr.json").read_text(encoding="utf-8"))
        return dict(document["attributes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
