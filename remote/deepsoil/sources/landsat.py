"""The kind ``landsat``: surface reflectance of Landsat 4 to 9, Collection 2 Level 2, as published (GeoTIFFs).

Layout: USGS LSDS-1618 and LSDS-1619: reflectance = 0.0000275 × DN − 0.2, fill 0; ``QA_PIXEL`` bits: 0 fill, 1 dilated
cloud, 2 cirrus, 3 cloud, 4 cloud shadow, 5 snow, 7 water.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import rasterio.errors
import rasterio.windows
from affine import Affine
from numpy.typing import NDArray
from pydantic import Field
from rasterio.crs import CRS

from deepsoil.channels import Kind
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.sources import geotiff
from deepsoil.sources.source import DatedMaps, Ingestion, Map, Source

SCALE, OFFSET, FILL = 2.75e-5, -0.2, 0
UNCLEAR = 0b111111
"""Bits of ``QA_PIXEL`` of which none may be set: fill, cloud and its edge, cirrus, shadow, snow."""
NDVI = "ndvi"
_BANDS = {"LC": {"blue": "SR_B2", "green": "SR_B3", "red": "SR_B4", "nir": "SR_B5"},
          "LE": {"blue": "SR_B1", "green": "SR_B2", "red": "SR_B3", "nir": "SR_B4"}}
_BANDS["LO"], _BANDS["LT"] = _BANDS["LC"], _BANDS["LE"]
_NAME = re.compile(r"^(?P<scene>(?P<sensor>L[COET])\d{2}_(?P<level>L\w{3})_\d{6}_(?P<day>\d{8})_\d{8}_"
                   r"(?P<collection>\d{2})_(?P<tier>T1|T2|RT))_(?P<layer>SR_B\d|QA_PIXEL)\.TIF$", re.IGNORECASE)
_EXAMPLE = "LC08_L2SP_028033_20230701_20230710_02_T1_SR_B4.TIF"


@dataclass(frozen=True)
class Scene:
    """The files of a scene by layer (``SR_B4``, ``QA_PIXEL``), with its sensor (``LC``) and day."""

    name: str
    sensor: str
    day: date
    layers: Mapping[str, Path]

    def file(self, layer: str, field: str) -> Path:
        """The file of a layer. Raises ``source_missing``."""
        if layer not in self.layers:
            raise DeepSoilError("source_missing", "The scene {scene} has no file {scene}_{layer}.TIF.",
                                "Fetch it, or leave the scene out.", field,
                                scene=self.name, layer=layer)
        return self.layers[layer]


class LandsatSource(Source):
    """NDVI of every scene, or red, green, blue and near infrared as the median of the clear scenes of some months."""

    gives: ClassVar[tuple[Kind, ...]] = ("static", "dated")

    kind: Literal["landsat"]
    files: list[str] = Field(min_length=1)
    months: list[int] = Field(default=[5, 6, 7, 8, 9], min_length=1)

    def named_files(self, field: str) -> Iterator[tuple[str, str]]:
        yield from ((pattern, f"{field}.files.{i}") for i, pattern in enumerate(self.files))

    def problem(self, name: str, channels: object) -> str | None:
        known = (*_BANDS["LC"], NDVI)
        return None if name in known else f"a landsat source gives {', '.join(known)}"

    def read(self, ingestion: Ingestion, name: str) -> Map | DatedMaps:
        field = f"channels.{name}"
        found = scenes([path for pattern, where in self.named_files(field)
                        for path in ingestion.files.glob(pattern, where)], field)
        if ingestion.period is not None and name == NDVI:
            found = [one for one in found if ingestion.period.start <= one.day <= ingestion.period.end]
        elif name != NDVI:
            found = [one for one in found if one.day.month in self.months]
        if not found:
            raise DeepSoilError("source_invalid", "No Landsat scene of {channel} lies within the dates and months of "
                                "the recipe.", "Correct them, or add files.", field,
                                channel=name)
        days = sorted({one.day for one in found})
        if name != NDVI:
            return self._median(found, days, ingestion, name, field)

        def layers() -> Iterator[Map]:
            for day in days:
                ingestion.on_day(day)
                yield _of_day([one for one in found if one.day == day], ingestion.window, ("red", "nir"), field)

        return DatedMaps(days, layers())

    def _median(self, found: Sequence[Scene], days: Sequence[date], ingestion: Ingestion, name: str,
                field: str) -> Map:
        maps = []
        for day in days:
            ingestion.on_day(day)
            maps.append(_of_day([one for one in found if one.day == day], ingestion.window, (name,), field))
        stack = np.stack(maps)
        known = np.isfinite(stack).any(axis=0)
        result = np.full(stack.shape[1:], np.nan, np.float32)
        result[known] = np.nanmedian(stack[:, known], axis=0)
        return result


def scenes(paths: Sequence[Path], field: str) -> list[Scene]:
    """The scenes of files, by day. Raises ``source_invalid`` for names and collections with another scale."""
    layers: dict[str, dict[str, Path]] = {}
    parts: dict[str, tuple[str, date]] = {}
    for path in paths:
        found = _NAME.match(path.name)
        if found is None:
            raise DeepSoilError("source_invalid", "{file} is not named as a layer of a Landsat scene is ({example}).",
                                "Keep the published names, and let the pattern take SR_B and QA_PIXEL files only.",
                                field, file=path.name, example=_EXAMPLE)
        if found["collection"] != "02" or found["level"].upper() not in ("L2SP", "L2SR"):
            raise DeepSoilError("source_invalid", "{file} is of collection {collection}, level {level}; its numbers "
                                "mean something else.", "Use Collection 2 Level 2 (…_L2SP_…_02_…).", field,
                                file=path.name, collection=found["collection"], level=found["level"])
        text = found["day"]
        parts[found["scene"]] = found["sensor"].upper(), date(int(text[:4]), int(text[4:6]), int(text[6:]))
        layers.setdefault(found["scene"], {})[found["layer"].upper()] = path
    return sorted((Scene(name, *parts[name], files) for name, files in layers.items()),
                  key=lambda one: (one.day, one.name))


def _of_day(found: Sequence[Scene], window: Window, bands: tuple[str, ...], field: str) -> Map:
    """One band (H, W), or with two the NDVI of red and near infrared, of the scenes of a day; NaN where unclear."""
    result = np.full(window.shape, np.nan, np.float32)
    for scene in found:
        for block in geotiff.blocks(window):
            made = _of_block(scene, block, bands, field)
            if made is not None:
                np.copyto(result[block.slices_in(window)], made, where=np.isnan(result[block.slices_in(window)]))
    return result


def _of_block(scene: Scene, block: Window, bands: tuple[str, ...], field: str) -> NDArray[np.float32] | None:
    flags = _layer(scene.file("QA_PIXEL", field), block, field)
    if flags is None:
        return None
    bits, transform, crs = flags
    clear = (bits.astype(np.int64) & UNCLEAR) == 0
    read = []
    for band in bands:
        path = scene.file(_BANDS[scene.sensor][band], field)
        layer = _layer(path, block, field)
        if layer is None or layer[0].shape != bits.shape or not layer[1].almost_equals(transform, 1e-3):
            raise DeepSoilError("source_invalid", "{file} lies on another grid than the QA_PIXEL of its scene.",
                                "Fetch the files of the scene again.", field,
                                file=path.name)
        read.append(np.where(clear & (layer[0] != FILL), layer[0] * SCALE + OFFSET, np.nan))
    values = read[0] if len(read) == 1 else ndvi(*read)
    return geotiff.warp(values, transform, crs, block, geotiff.RasterOptions())


def ndvi(red: NDArray[np.float64], nir: NDArray[np.float64]) -> NDArray[np.float64]:
    """(nir − red) / (nir + red); NaN where the sum is not positive, as over deep shade and water. Pure."""
    total = nir + red
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0.01, np.clip((nir - red) / total, -1.0, 1.0), np.nan)


def _layer(path: Path, block: Window, field: str) -> tuple[NDArray[np.float64], Affine, CRS] | None:
    """Stored values around a block, fill included, with transform and CRS; None where the scene does not touch it."""
    options = geotiff.RasterOptions()
    try:
        with geotiff.opened(path, field) as source:
            if source.dtypes[0] != "uint16" or source.scales[0] not in (1.0, SCALE):
                raise DeepSoilError("source_invalid", "{file} holds {type} with the scale {scale}; a layer of a scene "
                                    "is published as uint16 with the scale {wanted}.",
                                    "Use the file as published, or the kind raster.", field,
                                    file=path.name, type=source.dtypes[0], scale=source.scales[0], wanted=SCALE)
            transform, crs = geotiff.georeference(source, options, path, field)
            part = geotiff.area_of(source.shape, transform, crs, block)
            if part is None:
                return None
            return (source.read(1, window=part).astype(np.float64),
                    rasterio.windows.transform(part, transform), crs)
    except rasterio.errors.RasterioError as error:
        raise DeepSoilError("source_invalid", "{file} cannot be read: {error}.",
                            "The download may have been cut off. Fetch the file again.", field,
                            file=path.name, error=error) from error
