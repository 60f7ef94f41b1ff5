"""Writes a covariate store; ``store`` describes the format and reads it.

A store is written once, channel by channel, and never changed afterwards. ``finish`` comes last: until then every
other process refuses the folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import ArrayLike, NDArray

from deepsoil.channels import CHANNELS, Channel
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.store import arrays
from deepsoil.store.coarse_tables import write_coarse
from deepsoil.store.series import CoarseSeries, Days, Forecasts, Stations, to_days
from deepsoil.store.shards import SHARD
from deepsoil.store.store import FORMAT, SCHEMA, Store, read_attributes


class StoreWriter(Store):
    """A store that is being written. Data already written can be read back."""

    @classmethod
    def create(cls, path: str | Path, *, name: str, title: str, window: Window, synthetic: bool = False,
               attribution: str = "") -> StoreWriter:
        """Begin a store at ``path``; its window is ``window`` extended to multiples of 512 pixels.

        An unfinished store at that path is replaced. Raises ``store_exists`` if anything else exists there.
        """
        path = Path(path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            if (read_attributes(path) or {}).get("complete") is not False:
                raise DeepSoilError("store_exists", "{path} already exists.",
                                    "Choose another folder, or remove it first.", "store",
                                    path=path)
            shutil.rmtree(path)
        group = zarr.create_group(path, zarr_format=3, attributes={
            "format": FORMAT, "schema": SCHEMA, "name": name, "title": title, "synthetic": bool(synthetic),
            "attribution": attribution, "window": window.align(SHARD).to_dict(), "channels": {}, "complete": False})
        return cls(path, group)

    def write_static(self, channel: str, values: ArrayLike, source: str) -> None:
        """Write a map (H, W) over the whole window; NaN = missing. ``source`` says where it comes from."""
        known = self._new(channel, "static")
        layer = self._layer(known, values)
        arrays.write_map(self._group, f"static/{channel}", self.window.shape, layer.dtype.name, {}, iter([layer]))
        self._register(known, "static", source)

    def write_dated(self, channel: str, dates: Sequence[date], values: Iterable[ArrayLike], source: str) -> None:
        """Write maps of ascending days, given one after another, each (H, W) over the whole window."""
        known = self._new(channel, "dated")
        days = to_days(dates)
        if days.size == 0 or np.any(np.diff(days) <= np.timedelta64(0, "D")):
            raise ValueError(f"the dates of {channel} must be there, ascending and without repetition")
        arrays.write_map(self._group, f"dated/{channel}", (days.size, *self.window.shape), _dtype(known),
                         {"dates": [str(day) for day in days]}, (self._layer(known, layer) for layer in values))
        self._register(known, "dated", source)

    def write_coarse(self, channel: str, dates: Sequence[date] | Days, longitudes: ArrayLike, latitudes: ArrayLike,
                     values: ArrayLike, source: str, day_ends_utc: int = 0, status: ArrayLike | None = None) -> None:
        """Write daily fields (T, ny, nx) at cell centres in degrees; missing days in between become NaN.

        ``status`` (T,) are codes of ``series.status_code``; None where it is not known.
        """
        known = self._new(channel, "coarse")
        series = CoarseSeries.regular(dates, longitudes, latitudes, values, day_ends_utc, status)
        write_coarse(self._group, channel, series)
        self._register(known, "coarse", source)

    def write_forecasts(self, channel: str, forecasts: Forecasts) -> None:
        """Keep what was foreseen of a coarse channel that was written."""
        group = self._group.require_group(f"forecasts/{channel}")
        arrays.write_table(group, "values", forecasts.values.astype(np.float32))
        for name, days in (("issued", forecasts.issued), ("days", forecasts.days)):
            arrays.write_table(group, name, days.astype("datetime64[D]").astype(np.int64).astype(np.int32))

    def add_note(self, channel: str, note: str) -> None:
        """Add to the source of a channel that was written what was done to its values."""
        self._channels[channel]["source"] += f"; {note}"
        self._group.attrs["channels"] = self._channels

    def write_stations(self, stations: Stations) -> None:
        """Write the observations of the region's stations."""
        group = self._group.require_group("stations")
        group.attrs.update({"ids": stations.ids, "names": stations.names, "networks": stations.networks,
                            "day_ends_utc": stations.day_ends_utc})
        if stations.irrigated is not None:
            group.attrs["irrigated"] = stations.irrigated
        arrays.write_table(group, "days", stations.dates.astype(np.int64).astype(np.int32))
        for name in ("longitudes", "latitudes", "depths_cm"):
            arrays.write_table(group, name, np.asarray(getattr(stations, name), np.float64))
        arrays.write_table(group, "theta", np.asarray(stations.theta, np.float32))
        if stations.soil_temperature is not None:
            arrays.write_table(group, "soil_temperature", np.asarray(stations.soil_temperature, np.float32))
        if stations.rejected is not None:
            arrays.write_table(group, "rejected", np.asarray(stations.rejected, np.uint8))

    def finish(self, footprint: dict[str, Any], map_dates: tuple[date, date] | None,
               forecast_from: date | None = None) -> Store:
        """Record footprint and map dates and mark the store complete; the last step of writing.

        footprint   GeoJSON geometry, EPSG:4326 (``inputs.coverage.footprint``)
        map_dates   first and last day for which a map can be made; None if there is none
        forecast_from   the first day whose weather is foreseen; None if all of it is observed
        """
        self._group.attrs["footprint"] = footprint
        self._group.attrs["map_dates"] = None if map_dates is None else [day.isoformat() for day in map_dates]
        if forecast_from is not None:
            self._group.attrs["forecast_from"] = forecast_from.isoformat()
        self._group.attrs["complete"] = True
        return self

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


def _dtype(known: Channel) -> str:
    return "uint8" if known.classes else "float32"
