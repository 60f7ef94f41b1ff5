"""Errors of a disk as users understand them: full, read-only, not permitted, does not answer."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import disk

_STORAGE = frozenset(number for name in ("EIO", "ESTALE", "ETIMEDOUT", "ENOTCONN", "EREMOTEIO", "ENXIO", "ENODEV")
                     if (number := getattr(errno, name, None)) is not None)
_NOT_PERMITTED = frozenset({errno.EACCES, errno.EPERM})
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.EISDIR, errno.EEXIST})


def disk_full(folder: Path) -> DeepSoilError:
    return DeepSoilError("disk_full", "The disk with {folder} is full.",
                         "Free some space, for example by removing old jobs, and try again. Finished maps are kept.",
                         folder=folder)


def read_only(folder: Path) -> DeepSoilError:
    return DeepSoilError("read_only", "The disk with {folder} can only be read at present.",
                         "Make it writable again (a disk with errors is often made read-only by the system), or set "
                         "DEEPSOIL_HOME to another folder. Then try again.",
                         folder=folder)


def explained(error: OSError, folder: Path | None = None) -> DeepSoilError | None:
    """A disk's error for users; None if it is about something else, such as a missing file.

    ``folder``: what was written; by default what the error names.
    """
    path = _path_of(error) or folder
    if disk.is_full(error) or error.errno == errno.EROFS:
        place = folder or (path.parent if path is not None else Path.cwd())
        return disk_full(place) if disk.is_full(error) else read_only(place)
    if error.errno in _STORAGE:
        return storage_failed(error)
    if path is None:
        return None
    if error.errno in _NOT_PERMITTED:
        return DeepSoilError("not_permitted", "DeepSoil may not use {path}: {strerror}.",
                             "Check who owns it and its permissions, then try again.",
                             path=path, strerror=_strerror(error))
    if error.errno == errno.ENAMETOOLONG:
        return DeepSoilError("name_too_long", "The disk takes no name as long as {path}.",
                             "Choose a shorter name, or a folder that lies in fewer others.", path=path)
    if error.errno in _IN_THE_WAY:
        return DeepSoilError("not_permitted", "DeepSoil cannot use {path}: {strerror}.",
                             "Something else lies where a file or folder of DeepSoil belongs. Move it away, then try "
                             "again.", path=path, strerror=_strerror(error))
    return None


def storage_failed(error: OSError) -> DeepSoilError:
    return DeepSoilError("storage_failed", "The disk could not be read or written: {error}.",
                         "The task can be tried again; tell the administrator if it happens again.",
                         error=error)


def is_storage_failure(error: BaseException) -> bool:
    """Whether a network disk did not answer, or a disk is damaged."""
    return isinstance(error, OSError) and error.errno in _STORAGE


def shown(path: Path) -> str:
    """A path for messages, also one that is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _path_of(error: OSError) -> Path | None:
    name = error.filename
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    return Path(shown(Path(name))) if isinstance(name, str) and name else None


def _strerror(error: OSError) -> str:
    return error.strerror or str(error)
