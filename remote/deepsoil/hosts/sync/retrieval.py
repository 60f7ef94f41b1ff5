"""Retrieves files of a host: complete, verified, and without transferring any part twice.

A file is written under a name with its SHA-256 (``.part-…``), continued after an interruption, verified, flushed to
the disk and renamed. A broken connection or a full disk leaves the part, which is continued later.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.output_names import is_output_name
from deepsoil.hosts.sync.file_transfer import FileStream, Opens
from deepsoil.io import atomic, disk, disk_errors

_BLOCK = 1 << 20
_AHEAD = 16
_RESERVE_BYTES = 8 << 20


class RetrievalStopped(Exception):
    """The user no longer wants the files; the received data is kept as a part."""


@dataclass(frozen=True)
class RemoteFile:
    """A file on a host with its expected size and checksum. ``name``: relative to the target folder, with ``/``."""

    path: str
    name: str
    size: int
    sha256: str


def remote_files(outputs: Sequence[dict[str, Any]]) -> list[RemoteFile]:
    """The outputs of a summary as files to retrieve.

    Raises
    ------
    DeepSoilError
        ``output_unsafe``: a name that points outside the target folder; ``output_changed``: no size or checksum.
    """
    return [_checked(output) for output in outputs]


def _checked(output: dict[str, Any]) -> RemoteFile:
    path, name = str(output.get("path")), str(output.get("name"))
    if not is_output_name(name):
        raise DeepSoilError("output_unsafe", "The host offers a file named {name!r}, which would lie outside the "
                            "job's folder.", "It is not retrieved. Ask the administrators of that host.",
                            name=name)
    size, sha256 = output.get("size"), str(output.get("sha256"))
    if not isinstance(size, int) or isinstance(size, bool) or size < 0 or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise DeepSoilError("output_changed", "The host gives no size and checksum for '{name}'.",
                            "Without them a damaged file would not be noticed. Send the job again.",
                            name=name)
    return RemoteFile(path, name, size, sha256)


def is_retrieved(target: Path, file: RemoteFile) -> bool:
    """Whether the file is already on this computer."""
    try:
        return (target / PurePosixPath(file.name)).stat().st_size == file.size
    except OSError:
        return False


def retrieve(connection: Opens, wanted: Sequence[RemoteFile], target: Path, *,
             progress: Callable[[int, int], object] = lambda done, total: None,
             stopped: Callable[[], bool] = lambda: False, timeout_s: float = 20.0) -> None:
    """Retrieve ``wanted`` into ``target``; existing files are kept, parts are continued.

    ``progress`` gets (bytes retrieved, total bytes).

    Raises
    ------
    DeepSoilError
        ``disk_full``, ``output_missing``, ``output_changed``, ``connection_lost``, ``home_not_writable``.
    RetrievalStopped
        As soon as ``stopped()`` is true.
    """
    total = sum(file.size for file in wanted)
    missing = [file for file in wanted if not is_retrieved(target, file)]
    done = total - sum(file.size for file in missing)
    progress(done, total)
    if not missing:
        return
    _require_space(target, missing)
    try:
        with FileStream(connection, timeout_s) as stream:
            asked = 0
            for number, file in enumerate(missing):
                # Request ahead: otherwise a few hundred small maps would cost as many round trips.
                asked = asked if stream.waiting else number
                for later in missing[asked:number + _AHEAD]:
                    asked += 1
                    start = _start_of(part_of(target, later), later.size)
                    if start < later.size:
                        stream.ask(later.path, start)
                _retrieve_one(stream, file, target, partial(_overall, progress, done, total), stopped)
                done += file.size
    except OSError as error:
        full_or_read_only = disk_errors.explained(error, target) if disk.may_pass(error) else None
        raise full_or_read_only or DeepSoilError(
            "home_not_writable", "The files cannot be written to {target}: {detail}.",
            "Check your permissions for that folder.",
            target=target, detail=error.strerror or error) from error


def _overall(progress: Callable[[int, int], object], before: int, total: int, part: int) -> None:
    progress(before + part, total)


def part_of(target: Path, file: RemoteFile) -> Path:
    """The path of an incomplete file. With the checksum in its name, a part of another file is never continued."""
    path = target / PurePosixPath(file.name)
    return path.with_name(f".part-{file.sha256[:16]}-{path.name}"[:200])


def _retrieve_one(stream: FileStream, file: RemoteFile, target: Path, progress: Callable[[int], object],
           stopped: Callable[[], bool]) -> None:
    part = part_of(target, file)
    disk.make_folder(part.parent)
    continued = _fill(stream, file, part, progress, stopped)
    if continued is not None and continued > 0:
        # The earlier part is damaged: start again.
        part.unlink()
        continued = _fill(stream, file, part, progress, stopped)
    if continued is not None:
        part.unlink()
        raise DeepSoilError("output_changed", "The file '{name}' has another checksum than the job recorded.",
                            "It was changed or damaged on that host after the job; send the job again.",
                            name=file.name)
    atomic.move(part, target / PurePosixPath(file.name))


def _fill(stream: FileStream, file: RemoteFile, part: Path, progress: Callable[[int], object],
          stopped: Callable[[], bool]) -> int | None:
    """Complete a part. None if it is correct, else the length of the earlier part."""
    with part.open("a+b", buffering=0) as output:
        digest, before = _digest_of(output, file.size)
        output.truncate(before)
        count = before

        def take(data: bytes) -> None:
            nonlocal count
            if stopped():
                raise RetrievalStopped
            digest.update(data)
            view = memoryview(data)
            while view:
                view = view[output.write(view):]
            count += len(data)
            progress(count)

        try:
            if before < file.size:
                stream.read(file.path, before, file.size, take)
        finally:
            os.fsync(output.fileno())
    return None if digest.hexdigest() == file.sha256 else before


def _start_of(part: Path, size: int) -> int:
    """The offset at which a part is continued; a part that is too long is retrieved again."""
    length = _length(part)
    return length if length <= size else 0


def _digest_of(output: Any, size: int) -> tuple[Any, int]:
    """The running SHA-256 of a part, and its length; a part that is too long counts as empty."""
    digest = hashlib.sha256()
    length = output.seek(0, os.SEEK_END)
    if length > size:  # consistent with `_start_of`
        return digest, 0
    output.seek(0)
    while block := output.read(_BLOCK):
        digest.update(block)
    return digest, length


def _require_space(target: Path, missing: Sequence[RemoteFile]) -> None:
    """Raise ``disk_full`` before the transfer if the space is not sufficient."""
    folder = target
    while not folder.exists():
        folder = folder.parent
    needed = sum(file.size - _length(part_of(target, file)) for file in missing)
    free = shutil.disk_usage(folder).free
    if needed + _RESERVE_BYTES > free:
        raise DeepSoilError("disk_full", "The files need {needed:,.0f} MB, and the disk with {folder} has "
                            "{free:,.0f} MB left.", "Free some space, then retrieve them again: what "
                            "has come is kept and continued.",
                            needed=needed / 1e6, folder=folder, free=free / 1e6)


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
