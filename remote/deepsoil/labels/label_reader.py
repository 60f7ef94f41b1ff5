"""Reader of the labels of a region: θ of any pixel on any simulated day. Writing is in `simulate` and `layout`."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.labels import layout
from deepsoil.labels.distinct_columns import NO_LABEL, Units
from deepsoil.soil.retention import VanGenuchten
from deepsoil.store import arrays
from deepsoil.store.store import Store

_KEPT_BYTES = 256 << 20   # of decoded blocks of theta
_KEPT_PIXELS = 1 << 21    # of windows whose columns and weights are kept, 36 bytes per pixel


@dataclass(frozen=True)
class _Blend:
    """Columns (M,) of a window, ascending; their indices (4, H, W), M = none, and weights; labelled (H, W)."""

    columns: NDArray[np.int64]
    pick: NDArray[np.int32]
    weights: NDArray[np.float32]
    labelled: NDArray[np.bool_]

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Values of the columns (M,) blended at every pixel (H, W); NaN where one with a weight is missing."""
        padded = np.append(values, np.float32(0.0))
        total = np.zeros(self.labelled.shape, np.float32)
        for pick, weight in zip(self.pick, self.weights, strict=True):
            total += weight * padded[pick]
        total[~self.labelled] = np.nan
        return total


class Labels:
    """Finished labels of a store. A pixel's θ is the blend of its unit's columns in the four weather cells around it,
    like its weather; a cell without weather gives its weight to the others.

    dates       (T,) datetime64[D], consecutive UTC days           depths_cm   of the labels
    covers      names of the covers                                attributes  all settings, counts
    """

    def __init__(self, store: Store, attributes: dict[str, Any]) -> None:
        self.store = store
        self.attributes = attributes
        self.depths_cm: tuple[float, ...] = tuple(float(depth) for depth in attributes["settings"]["depths_cm"])
        self.covers: tuple[str, ...] = tuple(attributes["covers"])
        path = layout.labels_path(store)
        with layout.reading(store, "zarr.json"):
            self._group = zarr.open_group(path, mode="r", zarr_format=3)
            self._units, self._theta = self._group["units"], self._group["theta"]
        self.dates: NDArray[np.datetime64] = self._table("days").astype("datetime64[D]")
        self._longitudes, self._latitudes = self._table("longitudes"), self._table("latitudes")
        self._unit_of_column = self._table("unit_of_column")
        cells = self._longitudes.size * self._latitudes.size
        self._first_of_cell = np.searchsorted(self._table("cell_of_column"), np.arange(cells + 1))
        self._blends: OrderedDict[Window, _Blend] = OrderedDict()
        self._blocks: OrderedDict[tuple[int, int, int], NDArray[np.uint16]] = OrderedDict()

    @classmethod
    def open(cls, store: Store) -> Labels:
        """Raises ``labels_missing``, ``labels_unfinished`` and ``labels_damaged``, which say what to do."""
        attributes = layout.read_attributes(store)
        if attributes is None:
            raise DeepSoilError("labels_missing", "The region {title!r} has no simulated labels.",
                                "Simulate them with: deepsoil simulate {path}", "region",
                                title=store.title, path=store.path)
        draft = layout.Draft(store, attributes)
        if not attributes["complete"]:
            done = sum(map(draft.is_done, range(draft.shards)))
            raise DeepSoilError("labels_unfinished", "The labels of the region {title!r} are not finished: "
                                "{done} of {shards} parts are simulated.",
                                "Run it again, it continues: deepsoil simulate {path}", "region",
                                title=store.title, done=done, shards=draft.shards, path=store.path)
        labels = cls(store, attributes)
        for depth in range(len(labels.depths_cm)):
            for shard in range(draft.shards):
                if not draft.theta_file(depth, shard).is_file():  # zarr would treat it as missing values
                    raise layout.damaged(store, f"part {shard + 1} of {draft.shards} is not there")
        return labels

    @property
    def cell_centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(longitudes (nx,), latitudes (ny,)) of the weather cells in degrees."""
        return self._longitudes, self._latitudes

    @cached_property
    def units_table(self) -> Units:
        """Texture, cover and measured water contents of every soil unit."""
        return layout.read_units(self._table, self._group)

    @property
    def textures(self) -> NDArray[np.uint8]:
        """(U, 3) sand, silt, clay of every soil unit in per cent."""
        return self.units_table.textures

    @cached_property
    def failed(self) -> NDArray[np.bool_]:
        """(N,) columns that did not converge; their θ is missing."""
        return self._table("failed").astype(bool)

    def theta(self, depth_cm: float, day: date, window: Window, *, sampled: bool = False) -> NDArray[np.float32]:
        """θ m³/m³ (H, W), daily mean; NaN where unlabelled and outside the store.

        ``sampled``: only the pixels of the paper's sample of the day's year. Raises ``depth_missing``,
        ``date_outside`` and ``sample_missing``.
        """
        depth, number, blend = self._depth(depth_cm), self._day(day), self._blend(window)
        values = blend(self._values(depth, number, blend.columns))
        if sampled:
            values[~self.sampled(day.year, window)] = np.nan
        return values

    def series(self, depth_cm: float, column: int, row: int) -> NDArray[np.float32]:
        """θ m³/m³ (T,) of one global pixel; NaN where unlabelled. Raises ``depth_missing``."""
        depth, blend = self._depth(depth_cm), self._blend(Window(column, row, 1, 1))
        if not blend.labelled.all():
            return np.full(self.dates.size, np.nan, np.float32)
        with layout.reading(self.store, "theta"):
            codes = np.stack([self._theta[depth, int(number), :] for number in blend.columns])
        padded = np.vstack([layout.decode(codes), np.zeros((1, self.dates.size), np.float32)])
        return np.asarray(np.sum(blend.weights[:, 0, 0, None] * padded[blend.pick[:, 0, 0]], axis=0), np.float32)

    def units(self, window: Window) -> NDArray[np.int32]:
        """Soil unit (H, W) of every pixel; -1 where unlabelled and outside the store."""
        return self._map(self._units, window, NO_LABEL)

    def soil(self, window: Window) -> VanGenuchten:
        """Hydraulic parameters (H, W) with which the pixels' columns were simulated; NaN where unlabelled."""
        units = self.units(window)
        return VanGenuchten(*(np.where(units == NO_LABEL, np.nan, values[np.maximum(units, 0)])
                              for values in self._soil_of_units.arrays()))

    @property
    def sampled_years(self) -> tuple[int, ...]:
        """Years for which the paper's sample was chosen."""
        folder = layout.labels_path(self.store) / "sampled"
        return tuple(sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit()))

    def sampled(self, year: int, window: Window) -> NDArray[np.bool_]:
        """Pixels (H, W) chosen by the paper's sampling for a year. Raises ``sample_missing``."""
        if year not in self.sampled_years:
            there = ", ".join(map(str, self.sampled_years)) or "none"
            raise DeepSoilError("sample_missing", "No pixels of the region {title!r} were sampled for "
                                "{year}; sampled years: {there}.", "Choose them with: deepsoil simulate {path} "
                                                                   "--sample 500000 --year {year}", "dates",
                                title=self.store.title, year=year, there=there, path=self.store.path)
        with layout.reading(self.store, f"sampled/{year}"):
            array = self._group[f"sampled/{year}"]
        return self._map(array, window, 0).astype(bool)

    # ---- private

    @cached_property
    def _soil_of_units(self) -> VanGenuchten:
        return self.units_table.soil()

    def _table(self, name: str) -> NDArray[Any]:
        with layout.reading(self.store, name):
            return np.asarray(self._group[name][...])

    def _map(self, array: zarr.Array, window: Window, outside: int) -> NDArray[Any]:
        values = np.full(window.shape, outside, array.dtype)
        inside = self.store.window.intersect(window)
        if inside is not None:
            with layout.reading(self.store, array.path):
                values[inside.slices_in(window)] = arrays.read_map(self.store.path, f"labels/{array.path}", array,
                                                                   inside.slices_in(self.store.window))
        return values

    def _blend(self, window: Window) -> _Blend:
        """The columns of a window and their weights, kept for the windows used last."""
        if window in self._blends:
            self._blends.move_to_end(window)
        else:
            self._blends[window] = self._make_blend(window)
            while len(self._blends) > 1 and sum(w.width * w.height for w in self._blends) > _KEPT_PIXELS:
                self._blends.popitem(last=False)
        return self._blends[window]

    def _make_blend(self, window: Window) -> _Blend:
        units, cells = self.units(window), CellWeights.of(window, self._longitudes, self._latitudes)
        labelled = units != NO_LABEL
        here = np.zeros(len(self.units_table) + 1, bool)
        here[units] = True  # -1 selects the last entry, which is not a unit
        here[-1] = False
        number = np.where(here, np.cumsum(here) - 1, NO_LABEL)
        row, column = np.divmod(cells.corner, self._longitudes.size)
        (top, left), (bottom, right) = (row.min(), column.min()), (row.max(), column.max())
        down, across = int(cells.offsets[2] > 0), cells.offsets[1]
        rows, columns = np.arange(top, bottom + 1 + down), np.arange(left, right + 1 + across)
        table = np.full((int(here.sum()) + 1, rows.size * columns.size), NO_LABEL, np.int64)
        for place, cell in enumerate((rows[:, None] * self._longitudes.size + columns).ravel()):
            first, stop = self._first_of_cell[cell], self._first_of_cell[cell + 1]
            found = number[self._unit_of_column[first:stop]]
            table[found[found >= 0], place] = np.arange(first, stop)[found >= 0]
        corner = (row - top) * columns.size + column - left
        steps = (0, across, down * columns.size, down * columns.size + across)
        pick = np.stack([table[number[units], corner + step] for step in steps])
        used = (pick >= 0) & (cells.weights > 0) & labelled
        weights = np.where(used, cells.weights, np.float32(0.0))
        total = weights.sum(axis=0)
        ids = np.unique(pick[used])
        place_of = np.searchsorted(ids, pick)
        return _Blend(ids, np.where(used, place_of, ids.size).astype(np.int32),
                      np.divide(weights, total, out=weights, where=total > 0), labelled & (total > 0))

    def _values(self, depth: int, day: int, columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """θ (M,) of some columns, ascending, on a day."""
        codes = np.empty(columns.size, np.uint16)
        size, days = self._theta.chunks[1], self._theta.chunks[2]
        chunk = columns // size
        numbers = np.unique(chunk)
        blocks = self._of_blocks(depth, numbers.tolist(), day // days)
        for number, block in zip(numbers, blocks, strict=True):
            first, stop = np.searchsorted(chunk, [number, number + 1])
            codes[first:stop] = block[columns[first:stop] - number * size, day % days]
        return layout.decode(codes)

    def _of_blocks(self, depth: int, numbers: list[int], month: int) -> list[NDArray[np.uint16]]:
        """Chunks of theta (columns, days), cached while there is space; neighbours are read together."""
        size, days = self._theta.chunks[1], self._theta.chunks[2]
        absent = [number for number in numbers if (depth, number, month) not in self._blocks]
        runs = np.split(np.array(absent, np.int64), np.flatnonzero(np.diff(absent) > 1) + 1) if absent else []
        for run in runs:
            first, stop = int(run[0]), int(run[-1]) + 1
            with layout.reading(self.store, "theta"):
                codes = self._theta[depth, first * size:stop * size, month * days:(month + 1) * days]
            for number in range(first, stop):
                self._blocks[depth, number, month] = codes[(number - first) * size:(number + 1 - first) * size].copy()
        found = []
        for number in numbers:
            self._blocks.move_to_end((depth, number, month))
            found.append(self._blocks[depth, number, month])
        while len(self._blocks) * size * days * 2 > _KEPT_BYTES:
            self._blocks.popitem(last=False)
        return found

    def _depth(self, depth_cm: float) -> int:
        if depth_cm not in self.depths_cm:
            raise DeepSoilError("depth_missing", "The labels hold no depth of {depth_cm:g} cm.",
                                "They hold {depths_cm} cm.", "depths_cm",
                                depth_cm=depth_cm,
                                depths_cm=', '.join(f'{depth:g}' for depth in self.depths_cm))
        return self.depths_cm.index(depth_cm)

    def _day(self, day: date) -> int:
        index = int((np.datetime64(day, "D") - self.dates[0]).astype(np.int64))
        if not 0 <= index < self.dates.size:
            raise DeepSoilError("date_outside", "There are no labels for {day}.",
                                "They run from {first} to {last}.", "dates",
                                day=day, first=self.dates[0], last=self.dates[-1])
        return index
