"""The labels of a store on disk: group ``labels`` of the store, its creation, writing by shard, and completion.

    labels/zarr.json          attributes: ``format`` = "deepsoil-labels", ``schema`` = 1, ``complete``, ``settings``
                              (of the simulation), ``columns`` (N), ``shard_columns``, ``covers`` (names),
                              ``pixels`` (counts), ``weather`` (period, filled days, spin-up), ``failed`` (count),
                              ``leaves`` (channel, and the covers that were seen or assumed)
    labels/units              (H, W) int32: soil unit of every pixel, -1 without label; one chunk per tile
    labels/textures           (U, 3) uint8: sand, silt, clay of each unit in per cent; labels/covers (U,) uint8
    labels/retention          (U, 2) uint8: measured field capacity and wilting point in hundredths, 0 = not measured;
                              not there where the region has no map of them
    labels/unit_of_column, labels/cell_of_column   (N,) int32; columns lie in order of their cell, then their unit,
                              so that the columns of a window are neighbours
    labels/leaf_area          (covers, T) float32: leaf area index of each cover where it was seen, else rows of NaN
    labels/theta              (depths, N, T) uint16: 1e5 × θ m³/m³, daily mean; 65535 = missing (a failed column)
    labels/failed             (N,) uint8; labels/mass_error_cm (N,) float32
    labels/days (T,) int32 days since 1970-01-01; labels/longitudes, labels/latitudes: weather cell centres
    labels/done/NUMBER.json   one per finished shard, written after its data
    labels/sampled/YEAR       (H, W) uint8: 1 = chosen by the paper's sampling for that year

A shard is ``shard_columns`` columns: one file of ``theta`` per depth, written at once, so processes never share one.
"""

from __future__ import annotations

import errno
import json
import secrets
import shutil
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import BloscCodec, Crc32cCodec

from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.short_gaps import FILL_RULE
from deepsoil.io import atomic, disk
from deepsoil.labels.column_weather import ColumnWeather
from deepsoil.labels.distinct_columns import DistinctColumns, Ground, Units, unit_strips
from deepsoil.labels.settings import LabelSettings
from deepsoil.store import arrays
from deepsoil.store.store import Store

FORMAT, SCHEMA = "deepsoil-labels", 1
CODES_PER_THETA = 1e5
MISSING = 65535
SHARD_COLUMNS = 4096
COLUMN_CHUNK, DAY_CHUNK = 512, 32
_COMPRESSORS = (BloscCodec(cname="zstd", clevel=3, shuffle="bitshuffle"), Crc32cCodec())


def labels_path(store: Store) -> Path:
    return store.path / "labels"


def encode(theta: NDArray[np.floating]) -> NDArray[np.uint16]:
    """θ m³/m³ as stored; NaN becomes ``MISSING``."""
    codes = np.clip(np.rint(np.nan_to_num(theta, nan=0.0) * CODES_PER_THETA), 0, MISSING - 1)
    return np.where(np.isnan(theta), MISSING, codes).astype(np.uint16)


def decode(codes: NDArray[np.uint16]) -> NDArray[np.float32]:
    """θ m³/m³ from what is stored; NaN where missing."""
    return np.where(codes == MISSING, np.float32(np.nan), codes / np.float32(CODES_PER_THETA)).astype(np.float32)


def read_attributes(store: Store) -> dict[str, Any] | None:
    """Attributes of the store's labels, finished or not; None if there are none. Raises ``labels_damaged``."""
    path = labels_path(store)
    if not path.is_dir():
        return None
    try:
        attributes = dict(json.loads((path / "zarr.json").read_text(encoding="utf-8"))["attributes"])
        if attributes["format"] != FORMAT or attributes["schema"] != SCHEMA:
            raise ValueError(f"its format is {attributes['format']} {attributes['schema']}, not {FORMAT} {SCHEMA}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(store, f"zarr.json ({error})") from error
    return attributes


def damaged(store: Store, what: str) -> DeepSoilError:
    return DeepSoilError("labels_damaged", "The labels of the region {title!r} cannot be read: {what}.",
                         "Make new ones: deepsoil simulate {path} --restart", "region",
                         title=store.title, what=what, path=store.path)


@contextmanager
def reading(store: Store, what: str) -> Iterator[None]:
    """Turn any error of zarr on a damaged file into ``labels_damaged``."""
    try:
        with arrays.guarded(store.path, f"labels/{what}"):
            yield
    except DeepSoilError as error:
        if error.code != "store_corrupt":
            raise
        raise damaged(store, error.message) from error


def begin(store: Store, settings: LabelSettings, weather: ColumnWeather, ground: Ground, shard_columns: int) -> None:
    """Write everything but the results. If two processes begin at once, one result is kept; both would be equal."""
    draft = store.path / f".labels-{secrets.token_hex(4)}"
    try:
        group = zarr.create_group(draft, zarr_format=3, attributes={
            "format": FORMAT, "schema": SCHEMA, "complete": False, "unit": "m3/m3", "settings": settings.to_dict(),
            "columns": len(ground.columns), "shard_columns": shard_columns, "covers": list(settings.covers),
            "pixels": asdict(ground.counts), "weather": _weather_notes(settings, weather),
            "leaves": ground.leaves.notes(settings)})
        unit_map = arrays.write_map(group, "units", store.window.shape, "int32", {}, None)
        for window, units in unit_strips(store, settings, weather, ground):
            unit_map[window.slices_in(store.window)] = units
        tables: dict[str, NDArray[Any]] = {
            "textures": ground.units.textures, "covers": ground.units.covers, "unit_of_column": ground.columns.unit,
            "cell_of_column": ground.columns.cell, "days": weather.dates.astype(np.int64).astype(np.int32),
            "longitudes": weather.longitudes, "latitudes": weather.latitudes, "leaf_area": ground.leaves.lai}
        if ground.units.retention.any():
            tables["retention"] = ground.units.retention
        for name, table in tables.items():
            arrays.write_table(group, name, table)
        _create_results(group, len(settings.depths_cm), len(ground.columns), weather.dates.size, shard_columns)
        group.create_group("sampled")
        (draft / "done").mkdir()
        try:
            atomic.move(draft, labels_path(store))
        except OSError:
            if not labels_path(store).is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _weather_notes(settings: LabelSettings, weather: ColumnWeather) -> dict[str, Any]:
    return {"first_day": str(weather.dates[0]), "last_day": str(weather.dates[-1]), "filled_cell_days": weather.filled,
            "fill_rule": FILL_RULE, "cells_without_weather": int((weather.row_of_cell < 0).sum()),
            "spinup": f"the first year of this weather, repeated for {settings.spinup_days} days before the first day"}


def _create_results(group: zarr.Group, depths: int, columns: int, days: int, shard_columns: int) -> None:
    chunk = min(COLUMN_CHUNK, shard_columns)
    if shard_columns % chunk:
        raise ValueError(f"shards of {shard_columns} columns are not a multiple of {chunk}")
    whole_days = -(-days // DAY_CHUNK) * DAY_CHUNK
    group.create_array("theta", shape=(depths, columns, days), dtype="uint16", chunks=(1, chunk, DAY_CHUNK),
                       shards=(1, shard_columns, whole_days), compressors=_COMPRESSORS, fill_value=MISSING)
    for name, dtype in (("failed", "uint8"), ("mass_error_cm", "float32")):
        group.create_array(name, shape=(columns,), dtype=dtype, chunks=(shard_columns,), fill_value=0)


def read_units(table: Callable[[str], NDArray[Any]], names: Container[str]) -> Units:
    """The units of labels; ``table`` reads the table of a name, of which ``names`` are there."""
    textures = table("textures")
    retention = table("retention") if "retention" in names else np.zeros((len(textures), 2), np.uint8)
    return Units(textures, table("covers"), retention)


class Draft:
    """Labels that are being simulated."""

    def __init__(self, store: Store, attributes: dict[str, Any]) -> None:
        self.path = labels_path(store)
        self.columns = int(attributes["columns"])
        self.shard_columns = int(attributes["shard_columns"])

    @cached_property
    def _group(self) -> zarr.Group:
        return zarr.open_group(self.path, mode="r+", zarr_format=3)

    @property
    def shards(self) -> int:
        return -(-self.columns // self.shard_columns)

    def range(self, shard: int) -> tuple[int, int]:
        """First column of a shard, and the column after its last."""
        return shard * self.shard_columns, min((shard + 1) * self.shard_columns, self.columns)

    def is_done(self, shard: int) -> bool:
        return self._mark(shard).is_file()

    def theta_file(self, depth: int, shard: int) -> Path:
        """The file with θ of a shard for a depth index."""
        return self.path / "theta" / "c" / str(depth) / str(shard) / "0"

    def write_shard(self, shard: int, codes: NDArray[np.uint16], failed: NDArray[np.bool_],
                    mass_error_cm: NDArray[np.floating]) -> None:
        """Results of a shard: codes (depths, n, T), failed and mass error (n,); the completion mark is written last."""
        first, stop = self.range(shard)
        theta = self._results("theta")
        for depth, layer in enumerate(codes):
            theta[depth, first:stop] = layer
            disk.sync_file(self.theta_file(depth, shard))
        for name, values in (("failed", failed.astype(np.uint8)), ("mass_error_cm", mass_error_cm.astype(np.float32))):
            self._results(name)[first:stop] = values
            disk.sync_file(self.path / name / "c" / str(shard))
        write_json(self._mark(shard), {"columns": stop - first, "failed": int(failed.sum())})

    def finish(self) -> bool:
        """Mark the labels complete if every shard is done; returns whether they are."""
        if not all(self.is_done(shard) for shard in range(self.shards)):
            return False
        marks = [json.loads(self._mark(shard).read_text(encoding="utf-8")) for shard in range(self.shards)]
        document = json.loads((self.path / "zarr.json").read_text(encoding="utf-8"))
        document["attributes"].update({"complete": True, "failed": sum(mark["failed"] for mark in marks)})
        write_json(self.path / "zarr.json", document)
        return True

    def _results(self, name: str) -> zarr.Array:
        """An array of results, in which every shard has a file regardless of its content."""
        return self._group[name].with_config({"write_empty_chunks": True})

    def _mark(self, shard: int) -> Path:
        return self.path / "done" / f"{shard}.json"

    def units(self) -> Units:
        return read_units(lambda name: np.asarray(self._group[name][...]), self._group)

    def leaf_area(self) -> NDArray[np.float32]:
        """(covers, T) where it was seen, rows of NaN elsewhere."""
        return np.asarray(self._group["leaf_area"][...])

    def column_table(self) -> DistinctColumns:
        return DistinctColumns(*(np.asarray(self._group[name][...]) for name in ("unit_of_column", "cell_of_column")))


def remove(store: Store) -> None:
    """Remove the labels, complete or not, with the sampled pixels, and leftovers of killed processes."""
    path = labels_path(store)
    if path.exists():
        path.rename(store.path / f".labels-old-{secrets.token_hex(4)}")
    for left in store.path.glob(".labels-*"):
        shutil.rmtree(left)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Replace a file by a document, atomically."""
    atomic.write_bytes(path, json.dumps(document).encode("utf-8"))


@contextmanager
def writing(store: Store) -> Iterator[None]:
    """Turn errors of the system into ``disk_full`` or ``store_not_writable``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
            raise DeepSoilError("disk_full", "The disk of {path} is full. What was simulated so far is kept.",
                                "Free some space and run `deepsoil simulate` again; it continues.", "region",
                                path=store.path) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise DeepSoilError("store_not_writable", "The labels belong into the store {path}, and it cannot "
                                "be written: {strerror}.", "Copy the store to a folder of yours, or get the "
                                "right to write there.", "region",
                                path=store.path, strerror=error.strerror) from error
        raise
