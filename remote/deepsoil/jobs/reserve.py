"""Space kept in a job's folder until the job ends, so that a full disk does not prevent the end from being recorded.

reserve   becomes the file of the end: it is written in place and renamed, which needs neither space nor a new file
ballast   is given up for the last lines and the manifest, or becomes the request to cancel
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from deepsoil.io import atomic, disk, json_files

_Result = TypeVar("_Result")

RESERVE_BYTES = 8192
BALLAST_BYTES = 16_384

_RESERVE, _BALLAST = "reserve", "ballast"


def make(folder: Path) -> None:
    """Keep space in a new folder. Raises OSError."""
    for name, size in ((_RESERVE, RESERVE_BYTES), (_BALLAST, BALLAST_BYTES)):
        (folder / name).write_bytes(os.urandom(size))  # zeros would take no space on a disk that compresses


def pressing(folder: Path, action: Callable[[], _Result]) -> _Result:
    """``action()``; if the disk is full, once more after the ballast was given up. Raises OSError."""
    try:
        return action()
    except OSError as error:
        if not disk.is_full(error):
            raise
    (folder / _BALLAST).unlink(missing_ok=True)
    return action()


def write_end(path: Path, document: Any) -> None:
    """Replace ``path``, a file of the folder, by a JSON document; if the disk is full, in the space of the reserve.

    Raises OSError.
    """
    try:
        json_files.write(path, document)
    except OSError as error:
        if not disk.is_full(error):
            raise
        try:
            _write_in_place(path, json_files.encoded(document))
        except OSError:
            pressing(path.parent, lambda: json_files.write(path, document))


def _write_in_place(path: Path, content: bytes) -> None:
    draft = path.with_name(_RESERVE)
    with draft.open("r+b") as file:
        file.write(content)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())
    atomic.move(draft, path)


def become(path: Path) -> None:
    """Make ``path``, a file of the folder, of the ballast, and empty. Raises OSError."""
    atomic.move(path.with_name(_BALLAST), path)
    with suppress(OSError):
        os.truncate(path, 0)


def remove(folder: Path) -> None:
    """Free everything: the job has ended."""
    for name in (_RESERVE, _BALLAST):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
