"""HDF5 on a server, of which only the parts that are asked for are fetched."""

from __future__ import annotations

import gc
import io
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from deepsoil.archives.network import Network, RemoteParts
from deepsoil.archives.wrong_answers import not_understood
from deepsoil.contract.errors import DeepSoilError

Value = TypeVar("Value")


def read(network: Network, archive: str, address: str, take: Callable[[Any], Value],
         headers: Mapping[str, str] | None = None) -> tuple[Value, int]:
    """What ``take`` makes of the open file (``h5py.File``), and the bytes that came. ``headers`` are never shown.

    Raises
    ------
    DeepSoilError
        as `network.Network` says, whatever HDF5 made of it; ``archive_implausible`` where it cannot be read as HDF5.
    """
    import h5py  # of an extra; plans are made without it

    remote = network.parts(archive, address, kind="HDF5", headers=headers)
    try:
        with h5py.File(Readable(remote), "r") as file:
            value = take(file)
    except DeepSoilError:
        raise
    except Exception as error:  # HDF5 tells a failure of the network in many ways
        if remote.problem is not None:
            raise remote.problem from None
        raise not_understood(archive, str(error)) from error
    if remote.problem is not None:
        raise remote.problem
    return value, remote.received


class _CollectionPaused:
    """While HDF5 reads, h5py holds its one lock, and the thread that fetches must not wait for it. The garbage
    collector would make it wait: it may free objects of h5py in any thread, and that takes the lock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = 0
        self._was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if self._held == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._held += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._held -= 1
            if self._held == 0 and self._was_on:
                gc.enable()


_NO_COLLECTION = _CollectionPaused()


class Readable(io.RawIOBase):
    """A remote file as h5py wants it; what could not be read is an error there, never zeros."""

    def __init__(self, remote: RemoteParts) -> None:
        super().__init__()
        self._remote = remote

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        with _NO_COLLECTION:
            content = self._remote.read(len(view))
        if self._remote.problem is not None:
            raise OSError("the network failed")
        view[:len(content)] = content
        return len(content)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._remote.seek(offset, whence)

    def tell(self) -> int:
        return self._remote.tell()
