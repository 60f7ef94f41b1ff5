"""Opens files in folders that others can write to: regular files only, never more of them than is wanted.

A pipe with the name of a file would block the reader for good, a device or a folder has no content to read.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from deepsoil.io.disk import retry_while_busy

_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_to_read(path: Path) -> BinaryIO:
    """The regular file ``path``, opened. OSError, also if it is something else than a regular file."""
    return os.fdopen(_opened(path, os.O_RDONLY), "rb")


def open_to_append(path: Path, mode: int = 0o666) -> int:
    """The handle of a regular file, new or not, read and written at its end. OSError as `open_to_read`."""
    return _opened(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, mode)


def open_inside(folder: Path, name: str) -> BinaryIO:
    """The regular file ``folder/name``, opened; no part of ``name`` may be a link. OSError."""
    path = folder
    for part in ("", *name.split("/")):
        path = path / part
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a link", str(path))
    return open_to_read(path)


def read(path: Path, most_bytes: int) -> bytes:
    """The content of a file of at most ``most_bytes``. OSError (``EOVERFLOW`` if it is longer)."""
    with open_to_read(path) as file:
        # Not `most_bytes` at once: Python makes room for all that it is asked for, 64 MiB for a small file.
        likely = min(os.fstat(file.fileno()).st_size, most_bytes) + 1
        content = file.read(likely)
        if len(content) == likely:  # it has grown, or does not say its size
            content += file.read(most_bytes + 1 - likely)
    if len(content) > most_bytes:
        raise OSError(errno.EOVERFLOW, f"more than {most_bytes:,} bytes", str(path))
    return content


def read_text(path: Path, most_bytes: int) -> str:
    """The text of a file; bytes that are no UTF-8 are shown as �. OSError as `read`."""
    return read(path, most_bytes).decode("utf-8", "replace")


def read_tail(path: Path, most_bytes: int) -> bytes:
    """The last ``most_bytes`` of a file. OSError."""
    with open_to_read(path) as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - most_bytes))
        return file.read(most_bytes)


def _opened(path: Path, flags: int, mode: int = 0o666) -> int:
    try:
        handle = retry_while_busy(lambda: os.open(path, flags | _FLAGS, mode))
    except ValueError as error:  # a NUL byte in the name
        raise OSError(errno.EINVAL, str(error), repr(path)) from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
    return handle
