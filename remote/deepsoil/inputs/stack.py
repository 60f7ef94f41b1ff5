"""(day, window) → the input of a network: normalised, filled, with a mask.

Static maps of the last windows are kept, so that another day of a window costs only the upsampling of weather.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from threading import Lock
from typing import Generic, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS, WEATHER, ChannelUse, Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.features import class_lookup, season
from deepsoil.inputs.upsample import Upsampler
from deepsoil.inputs.watered import WateredArea, reads_rain
from deepsoil.inputs.weather_fields import WeatherFields
from deepsoil.soil.vegetation import NO_SOIL
from deepsoil.store.store import Mode, Store, observations

_KEPT_WINDOWS = 8
_KEPT_LAYERS_PER_WINDOW = 4

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
    withheld  those that it has, and of whose measured values the network has met none: in a real region they are
              filled as well, and are also in ``missing``
    """

    def __init__(self, store: Store, channels: Sequence[ChannelUse], mode: Mode = "carry", *,
                 kept_windows: int = _KEPT_WINDOWS, watered: Sequence[WateredArea] = ()) -> None:
        """``mode`` chooses the observation of dated channels, see ``Store.read_dated``; ``kept_windows`` is how many
        windows keep their static maps in memory (0 saves a copy if no window is read twice). ``watered``: land that
        gets water beside rain; where areas overlap, the last one counts.

        Raises ``channel_missing`` if the store lacks a required channel or a channel is not registered.
        """
        self.store = store
        self.channels = list(channels)
        self.mode: Mode = mode
        present = set(store.channels())
        self._weather = WeatherFields(store.coarse)
        self.missing: list[str] = []
        self.withheld: list[str] = []
        for use in self.channels:
            if use.name not in CHANNELS:
                raise DeepSoilError("channel_missing", "The model needs the channel {name!r}, which this engine "
                                    "does not know.", "Choose another model, or update DeepSoil.", "models",
                                    name=use.name)
            absent = [name for name in CHANNELS[use.name].read_from if name not in present]
            if absent and use.required:
                raise DeepSoilError("channel_missing", "The region {title!r} has no channel "
                                    "{channels}, which the model cannot do without.",
                                    "Add it to the region's recipe and ingest again, or choose another model.",
                                    "region", title=store.title, channels=", ".join(map(repr, absent)))
            if absent or (CHANNELS[use.name].kind == "memory" and not self._weather.remembers()):
                self.missing.append(use.name)
            elif not (use.measured or use.required or store.synthetic):
                self.withheld.append(use.name)
                self.missing.append(use.name)
        lacking = set(self.missing)
        self._at: dict[Kind, list[int]] = {kind: [] for kind in get_args(Kind)}
        for i, use in enumerate(self.channels):
            if use.name not in lacking:
                self._at[CHANNELS[use.name].kind].append(i)
        self._of_weather = [*self._at["coarse"], *self._at["sum"], *self._at["memory"]]
        changing = {*self._at["dated"], *self._at["calendar"], *self._of_weather}
        self._fixed = [i for i in range(len(self.channels)) if i not in changing]
        self._static: _Recent[tuple[NDArray[np.float32], NDArray[np.bool_]]] = _Recent(kept_windows)
        self._kept_windows = kept_windows
        self._layers: _Recent[NDArray[np.float32]] = _Recent(_KEPT_LAYERS_PER_WINDOW * kept_windows)
        self._upsamplers: _Recent[Upsampler] = _Recent(_KEPT_LAYERS_PER_WINDOW * kept_windows)
        self._watered = list(watered)
        self._of_rain = [i for i in self._of_weather if reads_rain(self.channels[i].name)]
        self._masks: _Recent[tuple[Window, NDArray[np.bool_]] | None] = _Recent(
            kept_windows * max(1, len(self._watered)))

    def read(self, day: date, window: Window) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Input (C, H, W) in 0-1 without NaN, and where it is valid (H, W).

        A pixel is valid inside the store with soil, every required static channel and weather. The array belongs to
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
        self._fill_weather(self._weather, self._of_weather, x, valid, day, window)
        self._fill_watered(x, day, window)
        for i in self._at["calendar"]:
            name = self.channels[i].name
            x[i] = CHANNELS[name].normalise(season(name, day.timetuple().tm_yday)[None])
        return x, valid

    def age_days(self, channel: str, day: date) -> int | None:
        """How many days older than ``day`` (negative: later) the newest observation is that is used for it.

        None where there is none. ``channel`` is dated, or coarse and carried on. Reads dates, and the whole series of a
        coarse channel, but no map.
        """
        known = CHANNELS[channel]
        if known.kind == "dated":
            usable = observations(self.store.dates_of(channel), day, self.mode)
            return usable[0][1] if usable else None
        return self._weather.age_days(channel, day)

    def filled_days(self, channel: str, days: Sequence[date]) -> NDArray[np.datetime64]:
        """The days without a value of a weather channel that were filled and that inputs of ``days`` use."""
        return self._weather.filled(channel, days)

    def _fill_fixed(self, x: NDArray[np.float32], window: Window) -> NDArray[np.bool_]:
        """Fill the channels of ``x`` that do not depend on the day, if possible from the cache; validity (H, W)."""
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
        """Fill the planes (H, W) of static maps, of classes and of missing channels; validity (H, W)."""
        inside = self.store.window.intersect(window)
        valid = np.zeros(window.shape, bool)
        if inside is not None:
            valid[inside.slices_in(window)] = True
        codes: dict[str, NDArray[np.uint8]] = {}

        def classes(source: str) -> NDArray[np.uint8]:
            if source not in codes:
                found = self.store.read_static(source, window)
                codes[source] = np.nan_to_num(found, copy=False, nan=0.0).astype(np.uint8)
            return codes[source]

        for i, plane in zip(self._fixed, planes, strict=True):
            use = self.channels[i]
            if i in self._at["static"]:
                self.store.read_static(use.name, window, plane)
                holes = _fill_holes(CHANNELS[use.name].normalise_in_place(plane), use.fill)
                if use.required and holes is not None:
                    valid &= ~holes
            elif i in self._at["class"]:
                np.take(np.nan_to_num(class_lookup(use.name), nan=use.fill), classes(CHANNELS[use.name].sources[0]),
                        out=plane, mode="clip")
            else:
                plane.fill(use.fill)
        if "land_cover" in self.store.channels():
            valid &= ~without_soil(classes("land_cover"))
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

    def _fill_weather(self, weather: WeatherFields, channels: Sequence[int], x: NDArray[np.float32],
                      valid: NDArray[np.bool_], day: date, window: Window) -> None:
        """Upsample weather channels into ``x``, grid by grid; restrict ``valid`` to pixels with weather."""
        groups: dict[tuple[bytes, bytes], list[int]] = {}
        for i in channels:
            series = weather.series(CHANNELS[self.channels[i].name].read_from[0])
            groups.setdefault((series.longitudes.tobytes(), series.latitudes.tobytes()), []).append(i)
        for key, members in groups.items():
            names = [self.channels[i].name for i in members]
            fields = np.stack([CHANNELS[name].normalise(weather.field(name, day)) for name in names])
            series = weather.series(CHANNELS[names[0]].read_from[0])
            upsample = self._upsamplers.get((key, window), partial(Upsampler.onto, window, series.longitudes,
                                                                   series.latitudes))
            has_data = upsample(fields, [x[i] for i in members])
            if has_data is None:
                continue
            for i, name, known in zip(members, names, has_data, strict=True):
                x[i][~known] = self.channels[i].fill
                if CHANNELS[name].kind != "memory" and set(CHANNELS[name].read_from) & set(WEATHER):
                    valid &= known

    def _fill_watered(self, x: NDArray[np.float32], day: date, window: Window) -> None:
        """Put what the channels of rain are with the water that a field gets into ``x``, inside the field only."""
        for number, area in enumerate(self._watered):
            found = self._masks.get((number, window), partial(self._watered_part, area, window))
            if found is None:
                continue
            part, mask = found
            within = np.empty((len(self.channels), *part.shape), np.float32)
            self._fill_weather(area.weather, self._of_rain, within, np.ones(part.shape, bool), day, part)
            for i in self._of_rain:
                np.copyto(x[i][part.slices_in(window)], within[i], where=mask)

    def _watered_part(self, area: WateredArea, window: Window) -> tuple[Window, NDArray[np.bool_]] | None:
        """The part of a window that holds the watered pixels of an area, and which of its pixels they are."""
        part = window.intersect(area.box)
        mask = area.mask(part, self.store) if part is not None else None
        return None if part is None or mask is None else (part, mask)


def without_soil(land_cover: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where NLCD classes are open water or ice; not where there is no class (0 or NaN)."""
    return np.isin(land_cover, NO_SOIL)


def _fill_holes(plane: NDArray[np.float32], fill: float) -> NDArray[np.bool_] | None:
    """Replace NaN in a plane by ``fill``; returns where that was (None = nowhere)."""
    holes = np.isnan(plane)
    if not holes.any():
        return None
    plane[holes] = fill
    return holes
