"""One file in a remote ZIP file, read in parts: only the ZIP's directory and what is read of the file are fetched.

A member that is stored is read where it lies. A deflated one can only be read from its beginning, so everything before
what is wanted is fetched, and nothing after it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TypeVar, cast

from deepsoil.archives import failures
from deepsoil.archives.remote_file import RemoteFile
from deepsoil.archives.transport import Call
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

Value = TypeVar("Value")
AHEAD = 1 << 20
"""Bytes that a read fetches at once: a deflated file is read through in small steps."""
_LOCAL_HEADER = 30
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError)


@dataclass(frozen=True)
class Member:
    """A file of a ZIP file."""

    remote: RemoteFile
    call: Call
    info: zipfile.ZipInfo

    def opened(self) -> io.RawIOBase:
        """The file, to be read and sought in. Errors of the network stand in ``remote.problem``."""
        if self.info.compress_type != zipfile.ZIP_STORED:
            archive = zipfile.ZipFile(_buffered(self.remote))
            return _Quiet(self.remote, archive.open(self.info), self.call)
        self.remote.seek(self.info.header_offset)
        names, extra = struct.unpack("<HH", self.remote.read(_LOCAL_HEADER)[26:30])
        return _Part(self.remote, self.info.header_offset + _LOCAL_HEADER + names + extra, self.info.file_size)


def find(remote: RemoteFile, name: str, call: Call) -> Member:
    """The member of a ZIP file. Raises ``archive_failed`` where it is not there, and what the network raises."""
    try:
        with zipfile.ZipFile(_buffered(remote)) as archive:
            return Member(remote, call, archive.getinfo(name))
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        if remote.problem is not None:
            raise remote.problem from None
        if isinstance(error, KeyError):
            raise failures.failed(call.archive, call.shown, Text("there is no {name} in it", name=name)) from None
        raise _damaged(call) from None


def _buffered(remote: RemoteFile) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, _Part(remote, 0, None)), AHEAD)


def _damaged(call: Call) -> DeepSoilError:
    return failures.failed(call.archive, call.shown, Text("it is not a whole ZIP file"))


class _Quiet(io.RawIOBase):
    """A deflated member for GDAL, in which an error would end the process: it is kept in ``remote.problem``."""

    def __init__(self, remote: RemoteFile, file: IO[bytes], call: Call) -> None:
        super().__init__()
        self._remote, self._file, self._call = remote, file, call

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._kept(lambda: self._file.seek(offset, whence), 0)

    def read(self, size: int | None = -1) -> bytes:
        return self._kept(lambda: self._file.read(-1 if size is None else size), b"")

    def _kept(self, action: Callable[[], Value], otherwise: Value) -> Value:
        if self._remote.problem is None:
            try:
                return action()
            except _DAMAGED:
                self._remote.problem = self._remote.problem or _damaged(self._call)
            except BaseException as error:  # noqa: BLE001
                self._remote.problem = self._remote.problem or error
        return otherwise


class _Part(io.RawIOBase):
    """A part of a remote file as a file of its own."""

    def __init__(self, remote: RemoteFile, start: int, size: int | None) -> None:
        super().__init__()
        self._remote, self._start, self._at = remote, start, 0
        self._size = size if size is not None else remote.seek(0, io.SEEK_END)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence, self._size)
        return self._at

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        content = self.read(len(buffer))
        buffer[:len(content)] = content
        return len(content)

    def read(self, size: int | None = -1) -> bytes:
        end = self._size if size is None or size < 0 else min(self._at + size, self._size)
        if end <= self._at:
            return b""
        self._remote.seek(self._start + self._at)
        content = self._remote.read(end - self._at)
        self._at += len(content)
        return content
