"""The known truth of a sample region, stored in its store as group ``truth``; reading and writing.

    truth/landscape   (H, W) int16: index of soil series × cover, -1 on open water
    truth/columns     (landscapes, cells) int32: soil column of each landscape in each weather cell
    truth/theta       (depths, columns, T) float32: θ m³/m³, daily mean
    truth/irrigation  (columns, T) float32: mm/day
    truth/series, truth/cover, truth/group   (landscapes,) int16
    truth/landscape_of_column, truth/cell_of_column   (columns,) int32
    truth/days (T,) int32 days since 1970-01-01; truth/longitudes, truth/latitudes: weather cell centres
    truth/theta_s     (columns,) float32
    truth/precipitation   (T, ny, nx) float32: mm/day, before it runs to hollows
    truth/sensor_offset, truth/sensor_slope   (stations, depths) float32: m³/m³, and of the response round its own mean

θ of a pixel is the blend of its landscape's columns in the four weather cells around it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import simulated_depths_cm
from deepsoil.grid import TILE, Window
from deepsoil.inputs.cell_weights import CellWeights
from deepsoil.sample.columns import NO_SOIL, Columns, Landscapes, TrueMoisture
from deepsoil.sample.landcover import Cover
from deepsoil.sample.observations import Sensors
from deepsoil.sample.weather import Weather
from deepsoil.soil.retention import VanGenuchten
from deepsoil.store.store import Store

_GROUP = "truth"


def write_truth(store: Store, landscapes: Landscapes, columns: Columns, soils: VanGenuchten, moisture: TrueMoisture,
                weather: Weather, sensors: Sensors) -> None:
    """Add the truth to a store that is being written. ``soils``: of each series."""
    group = zarr.open_group(store.path, mode="r+", zarr_format=3).create_group(_GROUP)
    group.attrs.update({"synthetic": True, "unit": "m3/m3", "depths_cm": list(simulated_depths_cm())})
    tables: dict[str, NDArray[Any]] = {
        "columns": columns.table, "irrigation": moisture.irrigation,
        "series": landscapes.series, "cover": landscapes.cover, "group": landscapes.group,
        "landscape_of_column": columns.landscape, "cell_of_column": columns.cell,
        "days": weather.dates.astype(np.int64).astype(np.int32),
        "longitudes": weather.longitudes, "latitudes": weather.latitudes,
        "theta_s": soils[landscapes.series[columns.landscape]].theta_s.astype(np.float32),
        "precipitation": weather.precipitation, "sensor_offset": sensors.offset.astype(np.float32),
        "sensor_slope": sensors.slope.astype(np.float32),
    }
    for name, values in tables.items():
        group.create_array(name, data=values)
    group.create_array("landscape", data=landscapes.index, chunks=(8 * TILE, 8 * TILE))
    _, count, days = moisture.theta.shape
    # A map needs one day of all columns; chunks of a month keep series fast too.
    group.create_array("theta", data=moisture.theta, chunks=(1, count, min(32, days)))


class Truth:
    """Reader of the truth of a sample region."""

    def __init__(self, store: Store, group: zarr.Group) -> None:
        self._window = store.window
        self._group = group
        self.depths_cm: tuple[float, ...] = tuple(float(depth) for depth in group.attrs["depths_cm"])
        self.dates: NDArray[np.datetime64] = self._table("days").astype("datetime64[D]")
        self._columns = self._table("columns")
        self._longitudes, self._latitudes = self._table("longitudes"), self._table("latitudes")

    @classmethod
    def open(cls, store: Store) -> Truth:
        """Truth of a store. Raises ``truth_missing`` for a store that is not a sample region."""
        root = zarr.open_group(store.path, mode="r", zarr_format=3)
        if _GROUP not in root:
            raise DeepSoilError("truth_missing", "The true soil moisture of the region {title!r} is not known.",
                                "Only a synthetic sample region, built by `deepsoil sample`, has one.", "region",
                                title=store.title)
        return cls(store, root[_GROUP])

    def theta(self, depth_cm: float, day: date, window: Window) -> NDArray[np.float32]:
        """True θ m³/m³ (H, W) of a day; NaN on open water and outside the region.

        Raises ``depth_missing`` and ``date_outside``.
        """
        landscape = self.landscape(window)
        of_day = self._group["theta"][self._depth(depth_cm), :, self._day(day)]
        cells = CellWeights.of(window, self._longitudes, self._latitudes)
        values = cells.blend(of_day[self._columns], np.maximum(landscape, 0))
        return np.where(landscape == NO_SOIL, np.nan, values).astype(np.float32)

    def series(self, depth_cm: float, column: int, row: int) -> NDArray[np.float32]:
        """True θ m³/m³ (T,) of one global pixel; NaN on open water and outside the region."""
        window = Window(column, row, 1, 1)
        landscape = int(self.landscape(window)[0, 0])
        if landscape == NO_SOIL:
            return np.full(self.dates.size, np.nan, dtype=np.float32)
        cells = CellWeights.of(window, self._longitudes, self._latitudes)
        theta = self._group["theta"]
        depth = self._depth(depth_cm)
        total = np.zeros(self.dates.size, dtype=np.float32)
        for offset, weight in zip(cells.offsets, cells.weights[:, 0, 0], strict=True):
            total += weight * theta[depth, int(self._columns[landscape, int(cells.corner[0, 0]) + offset]), :]
        return total

    def irrigation_mm(self, column: int, row: int) -> NDArray[np.float32]:
        """Water given to one global pixel of soil, mm (T,)."""
        window = Window(column, row, 1, 1)
        landscape = int(self.landscape(window)[0, 0])
        cells = CellWeights.of(window, self._longitudes, self._latitudes)
        near = [int(self._columns[landscape, int(cells.corner[0, 0]) + offset]) for offset in cells.offsets]
        given = np.stack([self._group["irrigation"][one] for one in near])
        return np.asarray(cells.weights[:, 0, 0] @ given, np.float32)

    def landscape(self, window: Window) -> NDArray[np.int16]:
        """Landscape of every pixel (H, W); NO_SOIL (-1) on open water and outside the region."""
        values = np.full(window.shape, NO_SOIL, dtype=np.int16)
        common = window.intersect(self._window)
        if common is not None:
            values[common.slices_in(window)] = self._group["landscape"][common.slices_in(self._window)]
        return values

    def cover_of(self, window: Window) -> NDArray[np.int16]:
        """What grows on every pixel (H, W), as ``landcover.Cover``; WATER on open water and outside the region."""
        landscape = self.landscape(window)
        covers = self._table("cover")
        return np.where(landscape == NO_SOIL, np.int16(Cover.WATER), covers[np.maximum(landscape, 0)])

    def column_index(self, window: Window) -> NDArray[np.int32]:
        """Column (H, W) of the nearest weather cell for every pixel; -1 where there is no soil.

        The numbers run along the second axis of ``truth/theta``.
        """
        landscape = self.landscape(window)
        cells = CellWeights.of(window, self._longitudes, self._latitudes)
        nearest = cells.corner + np.asarray(cells.offsets)[np.argmax(cells.weights, axis=0)]
        return np.where(landscape == NO_SOIL, -1, self._columns[np.maximum(landscape, 0), nearest]).astype(np.int32)

    def columns(self, depth_cm: float) -> NDArray[np.float32]:
        """θ m³/m³ of every column at a depth: (columns, T)."""
        values: NDArray[np.float32] = self._group["theta"][self._depth(depth_cm)]
        return values

    def saturation(self) -> NDArray[np.float32]:
        """θ of every column (columns,) at saturation."""
        return self._table("theta_s")

    def precipitation(self) -> NDArray[np.float32]:
        """What truly fell, mm/day (T, ny, nx), on the grid of the published weather."""
        return self._table("precipitation")

    def sensors(self) -> Sensors:
        """Errors of the stations' sensors."""
        return Sensors(self._table("sensor_offset"), self._table("sensor_slope"))

    def _table(self, name: str) -> NDArray[Any]:
        return np.asarray(self._group[name][...])

    def _depth(self, depth_cm: float) -> int:
        if depth_cm not in self.depths_cm:
            raise DeepSoilError("depth_missing", "The truth has no depth of {depth_cm:g} cm.",
                                "It has {depths_cm} cm.", "depths_cm",
                                depth_cm=depth_cm,
                                depths_cm=', '.join(f'{depth:g}' for depth in self.depths_cm))
        return self.depths_cm.index(depth_cm)

    def _day(self, day: date) -> int:
        index = int((np.datetime64(day, "D") - self.dates[0]).astype(np.int64))
        if not 0 <= index < self.dates.size:
            raise DeepSoilError("date_outside", "The truth does not cover {day}.",
                                "It runs from {first} to {last}.", "dates",
                                day=day.isoformat(), first=self.dates[0], last=self.dates[-1])
        return index
