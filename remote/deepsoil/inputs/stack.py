"""(day, window) → the input of a network: normalised, filled, with a mask. Training and inference both read it here.

Static maps of the last windows are kept, so that a further day of a window costs only the upsampling of weather.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, COVER_CLASSES, MEMORY, WEATHER, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.antecedent import Weather, sources_of
from deepsoil.inputs.upsample import Upsampler
from deepsoil.store.store import Mode, Store, observations

DAYS_A_YEAR = 365.25
_KEPT_WINDOWS = 8
_KEPT_LAYERS_A_WINDOW = 4

Value = TypeVar("Value")


class _Recent(Generic[Value]):
    """The last few results of a function by key; safe for several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[object, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: object, make: Callable[[], Value]) -> Value:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made


class Stack:
    """Reads the channels of one network from one store.

    missing   optional channels that the store lacks; they are filled everywhere
    """

    def __init__(self, store: Store, channels: Sequence[ChannelUse], mode: Mode = "carry", *,
                 kept_windows: int = _KEPT_WINDOWS) -> None:
        """``mode`` chooses the observation of dated channels, see ``Store.read_dated``; ``kept_windows`` is how many
        windows keep their static maps in memory (0 saves a copy where no window is read twice).

        Raises ``channel_missing`` where the store lacks a required channel or the registry does not know one.
        """
        self.store = store
        self.channels = list(channels)
        self.mode: Mode = mode
        present = set(store.channels())
        self._weather = Weather(store.coarse)
        self.missing: list[str] = []
        for use in self.channels:
            if use.name not in CHANNELS:
                raise DeepSoilError("channel_missing", "The model needs the channel {name!r}, which this engine "
                                    "does not know.", "Choose another model, or update DeepSoil.", "models",
                                    name=use.name)
            absent = [name for name in _needs(use.name) if name not in present]
            if absent and use.required:
                raise DeepSoilError("channel_missing", "The region {title!r} has no channel "
                                    "{map}, which the model cannot do without.",
                                    "Add it to the region's recipe and ingest again, or choose another model.",
                                    "region",
                                    title=store.title, map=', '.join(map(repr, absent)))
            if absent or (use.name in MEMORY and not self._weather.remembers()):
                self.missing.append(use.name)
        lacking = set(self.missing)
        self._at = {kind: [i for i, use in enumerate(self.channels)
                           if CHANNELS[use.name].kind == kind and use.name not in lacking]
                    for kind in ("static", "class", "dated", "coarse", "derived")}
        changing = {*self._at["dated"], *self._at["coarse"], *self._at["derived"]}
        self._fixed = [i for i in range(len(self.channels)) if i not in changing]
        self._static: _Recent[tuple[NDArray[np.float32], NDArray[np.bool_]]] = _Recent(kept_windows)
        self._kept_windows = kept_windows
        self._layers: _Recent[NDArray[np.float32]] = _Recent(_KEPT_LAYERS_A_WINDOW * kept_windows)
        self._upsamplers: _Recent[Upsampler] = _Recent(_KEPT_LAYERS_A_WINDOW * kept_windows)

    def read(self, day: date, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Input (C, H, W) in 0-1 without NaN, and where it is valid (H, W).

        Valid is a pixel inside the store with every required static channel and with weather. The array belongs to
        the caller. Raises ``area_outside`` (nothing of the window is in the store) and ``no_weather``.
        """
        if self.store.window.intersect(window) is None:
            raise DeepSoilError("area_outside", "The area lies outside the region {title!r}.",
                                "Choose an area inside the region's outline.", "area",
                                title=self.store.title)
        x = np.empty((len(self.channels), *window.shape), np.float32)
        valid = self._fill_fixed(x, window)
        for i in self._at["dated"]:
            self._fill_dated(x[i], self.channels[i], day, window)
        self._fill_weather(x, valid, day, window)
        for i in self._at["derived"]:
            name = self.channels[i].name
            if name in CALENDAR:
                angle = 2.0 * math.pi * day.timetuple().tm_yday / DAYS_A_YEAR
                x[i] = CHANNELS[name].normalise(np.full(1, CALENDAR[name](angle), np.float32))
        return x, valid

    def _fill_fixed(self, x: NDArray[np.float32], window: Window) -> NDArray[np.bool_]:
        """The channels of ``x`` that no day changes, from memory where they are kept; validity (H, W)."""
        if not self._kept_windows:
            return self._read_fixed([x[i] for i in self._fixed], window)

        def read() -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
            planes = np.empty((len(self._fixed), *window.shape), np.float32)
            return planes, self._read_fixed(list(planes), window)

        kept, valid = self._static.get(window, read)
        for i, plane in zip(self._fixed, kept, strict=True):
            x[i] = plane
        return valid.copy()

    def _read_fixed(self, planes: Sequence[NDArray[np.float32]], window: Window) -> NDArray[np.bool_]:
        """Fill the planes (H, W) of the static maps, of the cover classes and of what is missing; validity (H, W)."""
        inside = self.store.window.intersect(window)
        valid = np.zeros(window.shape, bool)
        if inside is not None:
            valid[inside.slices_in(window)] = True
        cover = np.nan_to_num(self.store.read_static("land_cover", window), copy=False, nan=0.0).astype(np.uint8) \
            if self._at["class"] else None
        for i, plane in zip(self._fixed, planes, strict=True):
            use = self.channels[i]
            if i in self._at["static"]:
                self.store.read_static(use.name, window, plane)
                holes = _fill_holes(CHANNELS[use.name].normalise_in_place(plane), use.fill)
                if use.required and holes is not None:
                    valid &= ~holes
            elif cover is not None and i in self._at["class"]:
                shown = np.zeros(256, np.float32)
                shown[list(COVER_CLASSES[use.name])] = 1.0
                shown[0] = use.fill
                np.take(shown, cover, out=plane, mode="clip")
            else:
                plane.fill(use.fill)
        return valid

    def _fill_dated(self, plane: NDArray[np.float32], use: ChannelUse, day: date, window: Window) -> None:
        plane.fill(np.nan)
        holes: NDArray[np.bool_] | None = None
        for index, _ in observations(self.store.dates_of(use.name), day, self.mode):
            if holes is None and not self._kept_windows:
                self._read_layer(use.name, index, window, plane)
            else:
                layer = self._layers.get((use.name, index, window), partial(self._read_layer, use.name, index, window))
                np.copyto(plane, layer, where=True if holes is None else holes)
            holes = np.isnan(plane)
            if not holes.any():
                return
        _fill_holes(plane, use.fill)

    def _read_layer(self, channel: str, index: int, window: Window, into: NDArray[np.float32] | None = None,
                    ) -> NDArray[np.float32]:
        return CHANNELS[channel].normalise_in_place(self.store.read_layer(channel, index, window, into))

    def _fill_weather(self, x: NDArray[np.float32], valid: NDArray[np.bool_], day: date, window: Window) -> None:
        """Upsample the coarse and antecedent channels into ``x``, one product a grid; narrow ``valid``."""
        groups: dict[tuple[bytes, bytes], list[int]] = {}
        for i in (*self._at["coarse"], *self._at["derived"]):
            if sources := sources_of(self.channels[i].name):
                series = self._weather.series(sources[0])
                groups.setdefault((series.longitudes.tobytes(), series.latitudes.tobytes()), []).append(i)
        for key, members in groups.items():
            names = [self.channels[i].name for i in members]
            fields = np.stack([CHANNELS[name].normalise(self._weather.field(name, day)) for name in names])
            series = self._weather.series(sources_of(names[0])[0])
            upsample = self._upsamplers.get((key, window), partial(Upsampler.onto, window, series.longitudes,
                                                                   series.latitudes))
            there = upsample(fields, [x[i] for i in members])
            if there is None:
                continue
            for i, name, known in zip(members, names, there, strict=True):
                x[i][~known] = self.channels[i].fill
                if name not in MEMORY and set(sources_of(name)) & set(WEATHER):
                    valid &= known


def _fill_holes(plane: NDArray[np.float32], fill: float) -> NDArray[np.bool_] | None:
    """Put ``fill`` where a plane is NaN; where that was (None = nowhere)."""
    holes = np.isnan(plane)
    if not holes.any():
        return None
    plane[holes] = fill
    return holes


def _needs(channel: str) -> tuple[str, ...]:
    """The channels of a store that a channel is read or computed from; none for the calendar."""
    if channel in CALENDAR:
        return ()
    return ("land_cover",) if channel in COVER_CLASSES else sources_of(channel) or (channel,)


CALENDAR: dict[str, Callable[[float], float]] = {"season_sin": math.sin, "season_cos": math.cos}
"""Channels computed from the date alone, as functions of the angle of the day in the year."""

