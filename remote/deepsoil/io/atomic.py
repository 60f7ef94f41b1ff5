"""Atomic replacement of files: a reader sees the old file or the new one, also after a crash, never a part.

A draft is written beside its target as ``.part-…``, so the leftover of a killed process is not taken for a result.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from deepsoil.io.disk import retry_while_busy, sync_file, sync_folder, sync_open_file

PART = ".part-"
_LONGEST_NAME = 150  # of the target's name; a file system takes 255 bytes
OWNER_ONLY = 0o600
AS_USUAL = 0o666    # less the user's umask


def write_text(path: Path, text: str, *, sync: bool = True) -> None:
    """Replace ``path`` by ``text`` in UTF-8, readable by this user only. Raises OSError.

    ``sync``: flushed to the disk when this returns. Without it, which is cheaper, a power failure may undo the write.
    """
    with _replacing(path, sync, OWNER_ONLY) as file:
        file.write(text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Replace ``path`` by ``content``, flushed to the disk when this returns."""
    with replacing(path) as file:
        file.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """An open file that becomes ``path`` when the block ends; on an error ``path`` is unchanged."""
    with _replacing(path, True, AS_USUAL) as file:
        yield file


@contextmanager
def _replacing(path: Path, sync: bool, mode: int) -> Iterator[BinaryIO]:
    with replacing_path(path, sync=False) as draft, new_file(draft, mode=mode, sync=sync, becomes=path) as file:
        yield file
    if sync:
        sync_folder(path.parent)


@contextmanager
def new_file(path: Path, *, mode: int = OWNER_ONLY, sync: bool = True, becomes: Path | None = None,
             ) -> Iterator[BinaryIO]:
    """An open file that did not exist before; with ``sync``, flushed to the disk at the end. FileExistsError.

    ``becomes``: the name that it gets at once.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "w+b") as file:
        yield file
        if sync:
            sync_open_file(file, becomes or path)


@contextmanager
def replacing_path(path: Path, *, sync: bool = True) -> Iterator[Path]:
    """A free name with the suffix of ``path``, for writers that open files themselves; replaces ``path`` at the end."""
    draft = draft_of(path)
    try:
        yield draft
        if sync:
            sync_file(draft, becomes=path)
        retry_while_busy(lambda: draft.replace(path))
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(path.parent)


def copy(source: Path, target: Path) -> None:
    """Replace ``target`` by a copy of ``source``, flushed to the disk when this returns."""
    with replacing_path(target) as draft:
        shutil.copyfile(source, draft)


def move(source: Path, target: Path) -> None:
    """Rename a file or a folder on one disk, safe against a power failure; an existing file is replaced."""
    retry_while_busy(lambda: source.replace(target))
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def draft_of(path: Path) -> Path:
    """A unique name beside ``path``, with its extension."""
    return path.with_name(f"{PART}{secrets.token_hex(4)}-{path.name[-_LONGEST_NAME:]}")
