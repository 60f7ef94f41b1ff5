"""The method ``compare_smap``: the maps of a job as means of SMAP's cells, beside SMAP.

A map is read once, and its means are kept. A call reads maps for a few seconds and then answers with what there is, so
that a client shows progress, and stops by not asking again.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deepsoil.contract.errors import DeepSoilError

if TYPE_CHECKING:
    from deepsoil.contract.specification import Specification
    from deepsoil.evaluation.map_cells import CellMeans, MapCells
    from deepsoil.evaluation.smap_days import SmapDays
    from deepsoil.service.jobs import Jobs
    from deepsoil.store.store import Store

BUDGET_S = 2.0
REACH_DAYS = 30
"""Of SMAP so many days before the first and after the last map are told too."""
MOST_VALUES = 500_000
_KEPT_MAPS, _KEPT_FILES = 20_000, 4

Maps = dict[dt.date, list[Path]]


class SmapComparisons:
    """``store_of``: the store of a region by its id. ``budget_s``: how long a call reads maps; one is always read."""

    def __init__(self, jobs: Jobs, store_of: Callable[[str], Store], budget_s: float = BUDGET_S) -> None:
        self._jobs, self._store_of, self._budget_s = jobs, store_of, budget_s
        self._means = _Kept(_KEPT_MAPS)
        self._files = _Kept(_KEPT_FILES)

    def answer(self, job: str, path: str | None = None) -> dict[str, Any]:
        """The comparison with SMAP of the job's region, or of the user's files in ``path``, as the contract says.

        DeepSoilError ``job_missing``, ``no_maps``, ``no_smap``, ``region_unknown``, and ``source_invalid`` or
        ``source_outside`` for files that cannot be used.
        """
        from deepsoil.evaluation import cell_answer
        from deepsoil.evaluation.map_cells import MapCells

        specification = self._jobs.folder(job).specification()
        maps = self._maps(job)
        first, last = min(maps), max(maps)
        reach = dt.timedelta(REACH_DAYS)
        smap = (self._of_files(Path(path), maps, first - reach, last + reach) if path
                else self._of_region(specification.region))
        cells = MapCells(smap.longitudes, smap.latitudes)
        means, read = self._read(maps, cells)
        if not any((one.share > 0).any() for one in means.values()):
            raise DeepSoilError("source_outside", "The maps lie outside of SMAP's cells of '{title}'.",
                                "Choose SMAP's files around the map.", "path" if path else "region", title=smap.title)
        total = sum(map(len, maps.values()))
        return {"read": read, "of": total, "map_days": [day.isoformat() for day in sorted(maps)],
                "input_of_map": self._is_input(specification),
                **cell_answer.answer(_compared(smap, means, first - reach, last + reach), smap.has_flags)}

    def _maps(self, job: str) -> Maps:
        """The maps of soil moisture at SMAP's depth by their day; several fields have several."""
        from deepsoil.evaluation.cell_comparison import DEPTH_CM
        from deepsoil.inference.quantities import SOIL_MOISTURE

        folder = self._jobs.folder(job).outputs_path
        found: Maps = {}
        for one in self._jobs.outputs(job):
            if (one["kind"] == "map" and one.get("depth_cm") == DEPTH_CM and one.get("date")
                    and one["name"].rpartition("/")[2].startswith(SOIL_MOISTURE.name)):
                found.setdefault(dt.date.fromisoformat(one["date"]), []).append(Path(folder, one["name"]))
        if not found:
            raise DeepSoilError("no_maps", "The job has no map of soil moisture at {depth} cm, which SMAP sees.",
                                "Choose a finished map of this depth.", "id", depth=DEPTH_CM)
        return found

    def _of_region(self, region: str | None) -> SmapDays:
        from deepsoil.evaluation.smap_days import SmapDays

        if not region:
            raise DeepSoilError("no_smap", "The map does not say which region it was made from.",
                                "Compare it with SMAP files of your own.", "region")
        return SmapDays.of_store(self._store_of(region))

    def _is_input(self, specification: Specification) -> bool:
        """Whether the network of the maps was shown SMAP, so that both agree in part by themselves."""
        from deepsoil.evaluation.smap_days import SMAP

        if getattr(specification.options, "method", "network") != "network":
            return False
        try:
            return SMAP in self._store_of(specification.region or "").channels()
        except DeepSoilError:
            return True  # the region is gone: nobody can say

    def _of_files(self, path: Path, maps: Maps, first: dt.date, last: dt.date) -> SmapDays:
        from deepsoil.evaluation.smap_files import files_of, read_files

        files = files_of(path, first, last)
        bounds = _bounds(maps[min(maps)])
        key = (bounds, *((file, *_stamp(file)) for file in files))
        found: SmapDays = self._files.get(key, lambda: read_files(files, path.name, bounds))
        return found

    def _read(self, maps: Maps, cells: MapCells) -> tuple[dict[dt.date, CellMeans], int]:
        """The means of each day that is known by the end of the budget, and how many maps that took."""
        grid = (cells.longitude_edges.tobytes(), cells.latitude_edges.tobytes())
        end, read = time.monotonic() + self._budget_s, 0
        fresh = False
        found: dict[dt.date, CellMeans] = {}
        for day in sorted(maps):
            parts = []
            for path in maps[day]:
                key = (path, *_stamp(path), grid)
                if fresh and time.monotonic() > end and not self._means.has(key):
                    break
                fresh = fresh or not self._means.has(key)
                parts.append(self._means.get(key, lambda path=path: cells.means(path)))  # type: ignore[misc]
            read += len(parts)
            if len(parts) == len(maps[day]):
                found[day] = _together(parts)
        return found, read


class _Kept:
    """The last ``most`` values by key; for several threads."""

    def __init__(self, most: int) -> None:
        self._most, self._values = most, OrderedDict[Hashable, Any]()
        self._lock = threading.Lock()

    def has(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._values

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


def _compared(smap: SmapDays, means: Mapping[dt.date, CellMeans], first: dt.date, last: dt.date) -> Any:
    """`CellComparison` of the days with a map or a pass. ``covered``: mean share over the maps."""
    from deepsoil.evaluation.cell_comparison import CellComparison

    covered = np.mean([one.share for one in means.values()], axis=0)
    touched = covered > 0
    passes = smap.passes(touched, first, last)
    if not passes:
        raise smap.no_retrieval(first, last)
    days = sorted({*passes, *means})
    if len(days) * int(touched.sum()) > MOST_VALUES:
        raise DeepSoilError("params_invalid", "The comparison has {cells:,} cells on {days:,} days, which is too much.",
                            "Choose a map of fewer days or a smaller area.", "id", cells=int(touched.sum()),
                            days=len(days))
    nothing = np.full(touched.shape, np.nan)
    predicted = np.stack([means[day].mean if day in means else nothing for day in days])
    return CellComparison(smap.title, days, smap.longitudes, smap.latitudes, *smap.on(days), predicted, covered)


def _together(parts: Sequence[CellMeans]) -> CellMeans:
    """Several fields of one day: means by the area that each has of a cell."""
    from deepsoil.evaluation.map_cells import CellMeans

    if len(parts) == 1:
        return parts[0]
    share = np.sum([one.share for one in parts], axis=0)
    total = np.sum([np.where(one.share > 0, one.mean, 0.0) * one.share for one in parts], axis=0)
    return CellMeans(np.divide(total, share, out=np.full_like(share, np.nan), where=share > 0), share)


def _stamp(path: Path) -> tuple[int, int]:
    """What differs once a file is another. DeepSoilError ``source_invalid`` where it is gone."""
    try:
        about = path.stat()
    except OSError as error:
        raise DeepSoilError("source_invalid", "The file {path} cannot be read: {error}.", "Look whether it is still "
                            "there, then compare again.", "id", path=path, error=error.strerror or error) from error
    return about.st_mtime_ns, about.st_size


def _bounds(paths: Sequence[Path]) -> tuple[float, float, float, float]:
    """West, south, east and north of these maps, degrees. DeepSoilError ``source_invalid``."""
    import rasterio
    from rasterio.errors import RasterioError
    from rasterio.warp import transform_bounds

    from deepsoil.sources.geotiff import opened

    boxes = []
    for path in paths:
        try:
            with rasterio.Env(GDAL_PAM_ENABLED="NO"), opened(path, "id") as source:
                boxes.append(transform_bounds(source.crs, "EPSG:4326", *source.bounds))
        except RasterioError as error:
            raise DeepSoilError("source_invalid", "The map {file} cannot be read: {error}.",
                                "Bring it from its host again, or make it again.", "id",
                                file=path.name, error=error) from error
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
