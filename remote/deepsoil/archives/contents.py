"""What the beginning of a file says about its content: servers send pages and error texts with status 200."""

from __future__ import annotations

import json
import re
from pathlib import PurePath

BEGINNING = 4096
"""Bytes that are looked at."""

_MAGIC: dict[str, tuple[bytes, ...]] = {
    "GeoTIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "NetCDF": (b"CDF\1", b"CDF\2", b"CDF\5", b"\x89HDF\r\n\x1a\n"),
    "HDF5": (b"\x89HDF\r\n\x1a\n",),
    "ZIP": (b"PK\3\4", b"PK\5\6"),
    "Parquet": (b"PAR1",),
    "gzip": (b"\x1f\x8b",),
}
_KINDS = {".tif": "GeoTIFF", ".tiff": "GeoTIFF", ".nc": "NetCDF", ".nc4": "NetCDF", ".h5": "HDF5", ".hdf5": "HDF5",
          ".zip": "ZIP", ".parquet": "Parquet", ".gz": "gzip"}
_LONGEST_SAYING = 200
_PAGE = re.compile(rb"^\s*(<!--.*?-->\s*)*(<!doctype html|<html|<head|<body)", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


def wanted_of(name: str) -> str | None:
    """The kind of content that a file name promises: "GeoTIFF", "NetCDF", …; None: anything."""
    return _KINDS.get(PurePath(name).suffix.lower())


def is_page(beginning: bytes) -> bool:
    """Whether it is HTML."""
    return _PAGE.match(beginning.removeprefix(b"\xef\xbb\xbf")) is not None


def is_kind(beginning: bytes, kind: str) -> bool:
    return beginning.startswith(_MAGIC[kind])


def saying(beginning: bytes) -> str:
    """What an error text of a server says, in one short line: XML without its tags, a message in JSON; else empty."""
    text = beginning.decode("utf-8", "replace").strip()
    if text.startswith("<"):
        text = _TAGS.sub(" ", text)
    elif text.startswith(("{", "[")):
        text = _of_json(text)
    elif not text.isprintable() and any(ord(letter) < 32 and letter not in "\r\n\t" for letter in text):
        return ""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SAYING else line[:_LONGEST_SAYING - 1] + "…"


def _of_json(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    while isinstance(document, dict):
        found = next((document[name] for name in ("message", "error", "detail", "description", "title")
                      if document.get(name)), None)
        if found is None:
            return text
        document = found
    return str(document)
