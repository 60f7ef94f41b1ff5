"""Clips of class maps: accepted only if they lie where they were asked for and hold what such a map holds.

A silent hole is the worst that can happen. A clip with missing pixels in the field is asked for once more, with another
window: a hole that the archive really has is there again and told in a note; one of the transport is not.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import rasterio.errors
import rasterio.windows
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from deepsoil.archives import contents, coverage_service, wrong_answers
from deepsoil.archives.archive import Bounds
from deepsoil.archives.coverage_grid import MARGIN_PIXELS, Box, Grid, outside
from deepsoil.archives.network import Download, Network
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

TOLERATED_UNKNOWN = 0.001
"""Share of pixels with a class outside the legend that is left out and told; more is refused."""
_TOLERATED_HOLES = 0.0005
_EARTH_M_PER_DEGREE = 111_320.0
_PIXEL_M = 30.0
_SAME_M = _PIXEL_M / 10

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class ClassClip:
    """What is read.

    title        of the archive
    missing      codes that stand for "no value", beside those below 0 and the file's own
    legend       the classes; None: any from 1 to ``largest``
    least_bytes  of a pixel: a data type that cannot hold the codes is refused
    """

    title: str
    missing: Collection[int]
    legend: Collection[int] | None = None
    largest: int = 255
    least_bytes: int = 1

    def codes(self, path: Path) -> tuple[Codes, Any]:
        """Codes (H, W), 0 where there is none, and the transform. Raises ``archive_implausible``."""
        return self._read(path)[:2]

    def _read(self, path: Path) -> tuple[Codes, Any, Any]:
        """Codes, transform and CRS."""
        values, transform, crs, nodata = opened(path, self.title)
        if values.dtype.itemsize < self.least_bytes:
            raise wrong_answers.other_map(self.title, Text("its data type is {dtype}", dtype=str(values.dtype)))
        codes = np.where(np.isfinite(values), values, 0).astype(np.int64)
        codes[codes < 0] = 0
        for code in (*self.missing, *(() if nodata is None or not np.isfinite(nodata) else (int(nodata),))):
            codes[codes == code] = 0
        return codes, transform, crs

    def inside(self, path: Path, field: Bounds) -> tuple[Codes, int]:
        """The codes of a clip in a box in degrees, and how many pixels the box has, in the clip or beyond."""
        codes, transform, crs = self._read(path)
        west, south, east, north = Transformer.from_crs("EPSG:4326", crs.to_wkt(), always_xy=True).transform_bounds(
            *field, densify_pts=21)
        left, right = math.floor((west - transform.c) / transform.a), math.ceil((east - transform.c) / transform.a)
        top, bottom = math.floor((transform.f - north) / transform.a), math.ceil((transform.f - south) / transform.a)
        part = codes[max(top, 0):max(bottom, 0), max(left, 0):max(right, 0)]
        return part, max((right - left) * (bottom - top), 1)

    def strange(self, codes: Codes) -> list[int]:
        """Codes of the clip that are not in the legend, ascending."""
        found = np.unique(codes[codes != 0]).tolist()
        return [code for code in found if not (1 <= code <= self.largest if self.legend is None
                                               else code in self.legend)]

    def check(self, path: Path, grid: Grid, box: Box) -> None:
        """Raise ``archive_implausible`` for a clip that lies elsewhere, has another grid, or holds no such classes."""
        check_place(path, grid, box, self.title)
        codes, _ = self.codes(path)
        strange = self.strange(codes)
        share = float(np.isin(codes, strange).mean()) if strange else 0.0
        if share > TOLERATED_UNKNOWN:
            raise DeepSoilError("archive_implausible", "{archive}: {share:.1%} of the pixels hold classes that its "
                                "legend does not have, {code} for example.", wrong_answers.CHANGED,
                                archive=self.title, share=share, code=strange[0])


def plan_bytes(bounds: Bounds, bytes_a_pixel: float = 1.0) -> int:
    """Bytes of a clip of 30 m pixels over bounds in degrees, and of what is asked before it."""
    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:5070", always_xy=True)
    west, south, east, north = to_metres.transform_bounds(*bounds, densify_pts=21)
    return int((east - west) * (north - south) / _PIXEL_M**2 * bytes_a_pixel) + 10_000


def newest_year(today: date, released_in: int) -> int:
    """The newest year of which there is a map on a day; that of a year usually comes in a month of the next one."""
    return today.year - (1 if today.month >= released_in else 2)


Address = Callable[[Box], str]


def fetch(network: Network, clip: ClassClip, grid: Grid, bounds: Bounds, field: Bounds, address: Address, path: Path,
          largest: int = 5000) -> tuple[Download, list[str]]:
    """Fetch the clip over ``bounds`` (degrees) into ``path``; its download, and notes for people.

    ``field``: (west, south, east, north) of the field in degrees, where holes are looked for. Raises
    ``archive_outside`` where the whole field has no value.
    """
    box = grid.box(bounds, clip.title, largest=largest)
    got = network.download(clip.title, address(box), path, check=lambda file: clip.check(file, grid, box))
    holes = _holes(clip, path, field)
    notes: list[str] = []
    size = got.size
    if holes > _TOLERATED_HOLES:
        size += _ask_again(network, clip, grid, bounds, address, path, largest)
        if holes > 1 - 1e-9:
            path.unlink()
            raise outside(clip.title)
        notes.append(f"{holes:.1%} of the field's surroundings have no value: the sea, another country, or land that "
                     "was not mapped")
    strange = clip.strange(clip.codes(path)[0])
    if strange:
        notes.append(f"a few pixels (at most {TOLERATED_UNKNOWN:.1%}) of a class that the legend does not have were "
                     f"left out: {', '.join(map(str, strange))}")
    return Download(got.address, got.sha256, size, got.etag), notes


def check_place(path: Path, grid: Grid, box: Box, title: str) -> None:
    """Raise ``archive_implausible`` unless the raster has the grid's pixels and covers what is needed of the box.

    A CRS of another name or datum label is taken where its pixels lie at the same place within 3 m.
    """
    values, transform, crs, _ = opened(path, title)
    shape = values.shape
    left, top = (transform.c - grid.west) / grid.step, (grid.north - transform.f) / grid.step
    right, bottom = transform.c + shape[1] * transform.a, transform.f + shape[0] * transform.e
    west, south, east, north = box.needed
    edge = 2 * grid.step  # the outermost rows of a whole map may be missing
    problem = None
    if abs(transform.a - grid.step) > 1e-4 * grid.step or abs(transform.e + grid.step) > 1e-4 * grid.step:
        problem = Text("its pixels are {wide:g} × {high:g}, not {step:g}", wide=transform.a, high=-transform.e,
                       step=grid.step)
    elif grid.known and (abs(left - round(left)) > 0.05 or abs(top - round(top)) > 0.05):
        problem = Text("its pixels are not those of the map's grid")
    elif (transform.c > west + edge or transform.f < north - edge or right < east - edge or bottom > south + edge
          or (transform.c > west + 0.01 * grid.step and west > grid.west + grid.step)
          or (transform.f < north - 0.01 * grid.step and north < grid.north - grid.step)
          or (right < east - 0.01 * grid.step and east < grid.west + (grid.columns - 1) * grid.step)
          or (bottom > south + 0.01 * grid.step and south > grid.north - (grid.rows - 1) * grid.step)):
        problem = Text("it does not cover the place that was asked for")
    elif not _same_place(crs, grid, box):
        problem = Text("it lies in another coordinate system")
    if problem:
        raise wrong_answers.other_map(title, problem)


def opened(path: Path, title: str) -> tuple[NDArray[Any], Any, Any, float | None]:
    """Values (H, W) as they are, transform, CRS and nodata. Raises ``archive_implausible``, ``archive_failed``."""
    try:
        with rasterio.Env(GDAL_PAM_ENABLED="NO"), rasterio.DatasetReader(path.absolute(), driver=["GTiff"]) as source:
            return source.read(1), source.transform, source.crs, source.nodata
    except rasterio.errors.RasterioError as error:
        with path.open("rb") as file:
            start = file.read(contents.BEGINNING)
        told = coverage_service.refusal(start)
        if told:
            raise wrong_answers.refused(title, told) from error
        raise wrong_answers.not_understood(title, Text("it is not a whole GeoTIFF and begins with {start}",
                                                       start=repr(start[:40]))) from error


def under(values: NDArray[Any], transform: Any, field: Bounds) -> NDArray[Any]:
    """The pixels of a raster in degrees (H, W) that a field's box touches, as far as the raster goes."""
    left, right = (int((x - transform.c) // transform.a) for x in (field[0], field[2]))
    top, bottom = (int((y - transform.f) // transform.e) for y in (field[3], field[1]))
    return values[max(top, 0):max(bottom + 1, 0), max(left, 0):max(right + 1, 0)]


def _same_place(crs: Any, grid: Grid, box: Box) -> bool:
    """True where both systems put the box's middle at the same place."""
    x, y = (box.west + box.east) / 2, (box.south + box.north) / 2
    try:
        there = Transformer.from_crs(CRS.from_wkt(crs.to_wkt()), "EPSG:4326", always_xy=True).transform(x, y)
    except (AttributeError, CRSError, ProjError):
        return False
    here = Transformer.from_crs(grid.crs, "EPSG:4326", always_xy=True).transform(x, y)
    return bool(max(abs(there[0] - here[0]), abs(there[1] - here[1])) * _EARTH_M_PER_DEGREE < _SAME_M)


def _holes(clip: ClassClip, path: Path, field: Bounds) -> float:
    """Share of the field's pixels without a code; those beyond the clip count."""
    codes, pixels = clip.inside(path, field)
    return max(1.0 - int((codes != 0).sum()) / pixels, 0.0)


def _ask_again(network: Network, clip: ClassClip, grid: Grid, bounds: Bounds, address: Address, path: Path,
               largest: int) -> int:
    """Fetch the clip with another margin; bytes fetched. Raises ``archive_implausible`` where they differ."""
    box = grid.box(bounds, clip.title, margin=MARGIN_PIXELS + 1, largest=largest)
    second = path.with_name(f".{path.name}.second-{os.getpid()}")
    try:
        got = network.download(clip.title, address(box), second, keep=False,
                               check=lambda file: clip.check(file, grid, box))
        first_codes, first = clip.codes(path)
        second_codes, other = clip.codes(second)
    finally:
        second.unlink(missing_ok=True)
    down, across = round((other.f - first.f) / grid.step), round((first.c - other.c) / grid.step)
    rows = min(first_codes.shape[0], second_codes.shape[0] - down)
    columns = min(first_codes.shape[1], second_codes.shape[1] - across)
    if down < 0 or across < 0 or (first_codes[:rows, :columns]
                                  != second_codes[down:down + rows, across:across + columns]).any():
        path.unlink()
        raise DeepSoilError("archive_implausible", "{archive} gave two different answers for the same place; one of "
                            "them has holes.", wrong_answers.CHANGED, archive=clip.title)
    return got.size
