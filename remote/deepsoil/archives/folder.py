"""The folder of what was gathered: an ordinary recipe with its files, and where each came from.

    field.geojson    the field, EPSG:4326
    gathered.json    the `Record`; replaced after every piece, so that a killed job is taken up by what is whole
    recipe.yaml      for ``deepsoil ingest``
    ARCHIVE/…        the files
    store/           the store made from the recipe, if it was
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from deepsoil.archives.archive import Bounds, Got, Piece
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic, json_files
from deepsoil.io.hashing import sha256_of_file
from deepsoil.store import beside

FIELD, RECORD, RECIPE, STORE = "field.geojson", "gathered.json", "recipe.yaml", "store"
_SCHEMA = 1


@dataclass(frozen=True)
class File:
    """A file of the folder as it was when it was fetched."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Fetched:
    """A piece that was fetched, with its files."""

    got: Got
    files: tuple[File, ...]

    @property
    def key(self) -> str:
        return key_of(self.got.piece)

    def is_whole(self, folder: Path) -> bool:
        """Whether every file is there as it was."""
        return all(_is_as_it_was(folder / one.name, one) for one in self.files)


@dataclass(frozen=True)
class Failed:
    """An archive that did not serve a need, and why (an error object)."""

    need: str
    archive: str
    problem: Mapping[str, Any]


@dataclass(frozen=True)
class Record:
    """``gathered.json``.

    first, last   days for which maps are wanted
    start, end    days that were asked of the archives, which begin earlier
    served        need → the archives that served it, one but for stations
    """

    title: str
    bounds: Bounds
    first: date
    last: date
    start: date
    end: date
    off: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    served: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    failed: tuple[Failed, ...] = ()
    fetched: tuple[Fetched, ...] = ()

    def whole(self, folder: Path) -> dict[str, Fetched]:
        """What is there and as it was, by `key_of` of its piece."""
        return {one.key: one for one in self.fetched if one.is_whole(folder)}

    def with_fetched(self, fresh: Fetched) -> Record:
        """With one more piece; an earlier one of the same name is replaced."""
        name = (fresh.got.piece.archive, fresh.got.piece.name)
        kept = [one for one in self.fetched if (one.got.piece.archive, one.got.piece.name) != name]
        return replace(self, fetched=(*kept, fresh))


def key_of(piece: Piece) -> str:
    """What makes two pieces the same: archive, name and what is fetched."""
    return json.dumps([piece.archive, piece.name, dict(piece.details)], sort_keys=True)


def is_gathered(folder: Path) -> bool:
    """Whether a folder has what was gathered."""
    return (folder / RECORD).is_file()


def read(folder: Path) -> Record | None:
    """The record of a folder; None where there is none.

    Raises
    ------
    DeepSoilError
        ``gathered_damaged``: it cannot be read.
    """
    path = folder / RECORD
    try:
        return _parsed(json_files.read(path))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DeepSoilError("gathered_damaged", "The record {file} of what was gathered cannot be read: {error}.",
                            "Remove it, and gather into another folder or again: what the cache has is not fetched "
                            "twice.", file=path, error=str(error) or type(error).__name__) from error


def write(folder: Path, record: Record, licences: Mapping[str, tuple[str, str]]) -> None:
    """Replace the record. ``licences``: archive → licence and attribution. Raises OSError."""
    json_files.write(folder / RECORD, _document(record, licences))


def clear(folder: Path) -> None:
    """Remove what killed processes have left, but for parts of downloads, which go on. For who holds the folder alone.

    Raises OSError.
    """
    beside.clear(folder / STORE)
    for draft in (*folder.glob(f"{atomic.PART}*"), *folder.glob(f"*/{atomic.PART}*")):
        draft.unlink(missing_ok=True)


def field_of(folder: Path) -> BaseGeometry | None:
    """The field that a folder was gathered for; None where there is none."""
    document = json_files.read_or_none(folder / FIELD)
    try:
        return None if document is None else shape(document["features"][0]["geometry"])
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ShapelyError):
        return None


def write_field(folder: Path, outline: BaseGeometry, title: str) -> None:
    """Write ``field.geojson``. Raises OSError."""
    feature = {"type": "Feature", "properties": {"name": title}, "geometry": mapping(outline)}
    json_files.write(folder / FIELD, {"type": "FeatureCollection", "features": [feature]})


def _is_as_it_was(path: Path, known: File) -> bool:
    try:
        return path.stat().st_size == known.size and sha256_of_file(path) == known.sha256
    except OSError:
        return False


def files_of(folder: Path, got: Got) -> tuple[File, ...]:
    """The files of a piece with their checksums. Raises OSError."""
    return tuple(File(name, (folder / name).stat().st_size, sha256_of_file(folder / name)) for name in got.files)


def _document(record: Record, licences: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    pieces = []
    for one in record.fetched:
        piece, (licence, attribution) = one.got.piece, licences.get(one.got.piece.archive, ("", ""))
        pieces.append({"archive": piece.archive, "name": piece.name, "asked": piece.address, "address": one.got.address,
                       "at": one.got.at.isoformat(), "bytes": one.got.size, "expected_bytes": piece.size,
                       "details": dict(piece.details), "licence": licence, "attribution": attribution,
                       "files": [{"name": file.name, "size": file.size, "sha256": file.sha256} for file in one.files],
                       "notes": list(one.got.notes)})
    return {"schema": _SCHEMA, "title": record.title, "bounds": list(record.bounds),
            "first": str(record.first), "last": str(record.last), "start": str(record.start), "end": str(record.end),
            "off": list(record.off), "agreed": list(record.agreed),
            "served": {need: list(names) for need, names in record.served.items()},
            "failed": [{"need": one.need, "archive": one.archive, "problem": dict(one.problem)}
                       for one in record.failed], "pieces": pieces}


def _parsed(document: Any) -> Record:
    """Raises ValueError, KeyError, TypeError or AttributeError where it is no record."""
    if document["schema"] != _SCHEMA:
        raise ValueError(f"it has schema {document['schema']}, and this engine reads {_SCHEMA}")
    fetched = []
    for one in document["pieces"]:
        piece = Piece(one["archive"], one["name"], one["asked"], one["expected_bytes"], one["details"])
        files = tuple(File(file["name"], file["size"], file["sha256"]) for file in one["files"])
        got = Got(piece, tuple(file.name for file in files), one["address"], datetime.fromisoformat(one["at"]),
                  one["bytes"], tuple(one["notes"]))
        fetched.append(Fetched(got, files))
    west, south, east, north = document["bounds"]
    first, last, start, end = (date.fromisoformat(document[name]) for name in ("first", "last", "start", "end"))
    return Record(document["title"], (west, south, east, north), first, last, start, end, tuple(document["off"]),
                  tuple(document["agreed"]), {need: tuple(names) for need, names in document["served"].items()},
                  tuple(Failed(one["need"], one["archive"], one["problem"]) for one in document["failed"]),
                  tuple(fetched))
