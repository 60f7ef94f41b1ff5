"""JSON documents that are replaced atomically, and JSON lines that several processes append to one file.

What is read may be damaged in any way: the bounds and the strict parser make that one of two errors.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deepsoil.contract import json_text
from deepsoil.io import atomic, regular

MOST_BYTES = 64 << 20
"""Of a document; the largest is a specification, 16 MiB on the pipe and longer with its line breaks."""
MOST_LINE_BYTES = 64 << 20
"""Read of a file of lines; the rest is not looked at."""
LONGEST_LINE = 1 << 20
"""A longer line of a file is skipped."""

_BLOCK = 1 << 20


def write(path: Path, document: Any, *, sync: bool = True) -> None:
    """Replace ``path`` by a document, as `atomic.write_text` does."""
    atomic.write_text(path, encoded(document).decode("utf-8"), sync=sync)


def encoded(document: Any) -> bytes:
    """The content of the file of a document."""
    return (json_text.write(document, indent=1) + "\n").encode("utf-8")


def write_new(path: Path, document: Any) -> None:
    """Create ``path``, which must not exist, in a folder that no other process uses yet; flushed to the disk."""
    with atomic.new_file(path) as file:
        file.write(encoded(document))


def read(path: Path, most_bytes: int = MOST_BYTES) -> Any:
    """The document in ``path``. Raises OSError, or ValueError if it is damaged; see `json_text.parse`."""
    return json_text.parse(regular.read(path, most_bytes))


def read_or_none(path: Path) -> dict[str, Any] | None:
    """The JSON object in ``path``; None if it is missing or damaged."""
    try:
        document = read(path)
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def append_line(path: Path, document: Any, *, sync: bool = False) -> None:
    """Append one JSON line in a single write, so that lines of two processes do not mix. Raises OSError.

    An incomplete line before it, left by a full disk or a power failure, is closed first. ``sync``: flushed to the
    disk when this returns.
    """
    line = (json_text.write(document) + "\n").encode("utf-8")
    handle = regular.open_to_append(path)
    try:
        if not _ends_a_line(handle):
            line = b"\n" + line
        while line:  # a full disk may accept a part of the line
            line = line[os.write(handle, line):]
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def _ends_a_line(handle: int) -> bool:
    size = os.lseek(handle, 0, os.SEEK_END)
    if not size:
        return True
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1) == b"\n"


def read_lines(path: Path, *, most_bytes: int = MOST_LINE_BYTES, non_finite: bool = False) -> Iterator[dict[str, Any]]:
    """The JSON objects in a file of lines, in bounded memory; none if it is missing. OSError if it cannot be read.

    An incomplete last line, invalid lines and lines longer than `LONGEST_LINE` are skipped; ``non_finite``: see
    `json_text.parse`.
    """
    try:
        file = regular.open_to_read(path)
    except FileNotFoundError:
        return
    with file:
        for line in _lines(file, most_bytes):
            try:
                document = json_text.parse(line, non_finite=non_finite)
            except ValueError:
                continue
            if isinstance(document, dict):
                yield document


def _lines(file: Any, most_bytes: int) -> Iterator[bytes]:
    """The lines of a file of at most `LONGEST_LINE`, also a last one without a line break."""
    left, rest, too_long = most_bytes, b"", False
    while left > 0:
        block = file.read(min(_BLOCK, left))
        if not block:
            break
        left -= len(block)
        *lines, rest = (rest + block).split(b"\n")
        if lines and too_long:
            lines, too_long = lines[1:], False
        yield from (line for line in lines if len(line) <= LONGEST_LINE)
        if len(rest) > LONGEST_LINE:
            rest, too_long = b"", True
    if rest and not too_long and left > 0:
        yield rest
