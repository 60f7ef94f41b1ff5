"""A file on a server, read in parts: what GDAL and HDF5 are given instead of an address.

GDAL's own reading over HTTP knows neither our pacing nor our proxies, and can make a failed tile a silent hole. Here a
failure is kept in ``problem``, whatever GDAL makes of it, and everything after it fails too. Within GDAL it is told as
the end of the file: an error raised there ends the process (rasterio 1.4).
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from deepsoil.archives import contents, failures
from deepsoil.archives.attempt import Broken, Fatal
from deepsoil.archives.cache import Cache, Entry, Part
from deepsoil.archives.downloads import if_changed, version_of
from deepsoil.archives.network import HEAD_BYTES
from deepsoil.archives.transport import Call, Head, Kept, Nothing, Transport
from deepsoil.contract.text import Text
from deepsoil.io import hashing

BLOCK = 1 << 13
"""What is asked for and kept begins and ends at multiples of it."""
_AHEAD = 1 << 16  # what a library asks for bit by bit
_CLOSE = 1 << 15  # parts with a smaller gap between them are one request
_WHOLE_BYTES = 64 << 20  # a server that knows no parts may send a file up to this size


class Changed(Exception):
    """The server's file was replaced while it was read."""


class RemoteFile(io.RawIOBase):
    """Reads like a file of a ``kind`` that `contents` knows.

    ``received`` counts the bytes that came; ``address`` and ``version`` are the server's.

    What came is kept in the cache, block by block, so that a window beside it, or the same one after a kill, fetches
    only what is new.
    """

    def __init__(self, transport: Transport, call: Call, kind: str = "GeoTIFF", cache: Cache | None = None) -> None:
        """``kind`` of content, as `contents` names it."""
        super().__init__()
        self._cache = cache
        self._entry = cache.entry(call.shown) if cache is not None else None
        self.problem: BaseException | None = None
        self.received = 0
        self.address = call.shown
        self.version: str | None = None
        self._transport, self._call, self._kind = transport, call, kind
        self._blocks: dict[int, bytes] = {}
        self._size: int | None = None
        self._at = 0

    def begin(self) -> None:
        """Ask for the beginning, so that the size is known. To be called first, not by GDAL.

        Where the cache has some of the file, the server is asked whether it is still the same.
        """
        if self._entry is not None and self._transport.offline:
            self._adopt(self._entry)
        self.fetch([(0, HEAD_BYTES)])

    def _adopt(self, entry: Entry) -> None:
        """The server's file is still the one of which the cache has parts."""
        self._entry, self._size = entry, entry.size
        self.version, self.address = entry.version, entry.address

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence, self._size or 0)
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        whole = self._size or 0
        end = whole if size is None or size < 0 else min(self._at + size, whole)
        if end <= self._at:
            return b""
        with suppress(BaseException):  # it stands in `problem`
            self._take_from_cache([(self._at, end)])
            if self.problem is not None or self._missing([(self._at, end)]):
                self.fetch([(self._at, max(end, min(self._at + _AHEAD, whole)))])
        if self.problem is not None:
            return b""
        first, last = self._at // BLOCK, (end - 1) // BLOCK
        content = b"".join(self._blocks[number] for number in range(first, last + 1))
        content = content[self._at - first * BLOCK:end - first * BLOCK]
        self._at = end
        return content

    def fetch(self, parts: Iterable[tuple[int, int]]) -> None:
        """Have the bytes [start, end) of each part, with as few requests as can be."""
        if self.problem is not None:
            raise self.problem
        try:
            parts = list(parts)
            self._take_from_cache(parts)
            for first, last in self._missing(parts):
                self._fetch(first * BLOCK, (last + 1) * BLOCK)
        except BaseException as error:
            self.problem = error
            raise

    def _take_from_cache(self, parts: Iterable[tuple[int, int]]) -> None:
        if self._cache is None or self._entry is None or self._size is None:
            return
        runs = self._missing(parts)
        for part in self._entry.parts:
            if any(part.start < (last + 1) * BLOCK and part.end > first * BLOCK for first, last in runs):
                content = self._cache.read(part)
                if content is not None:
                    self._put(part.start, content)

    def _put(self, start: int, content: bytes) -> None:
        for at in range(0, len(content), BLOCK):
            self._blocks[(start + at) // BLOCK] = content[at:at + BLOCK]

    def _keep(self, start: int, content: bytes) -> None:
        """Hand what came to the cache; without a version of the file nobody could say later what it is of."""
        if self._cache is None or self.version is None or self._size is None:
            return
        part = Part(start, start + len(content), hashing.sha256_of(content))
        entry = self._entry or Entry(self._call.shown, self.address, self.version, self._size, time.time())
        self._entry = self._cache.keep(replace(entry, parts=(*entry.parts, part)), content)

    def _missing(self, parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Runs of blocks to be asked for, first and last."""
        wanted = sorted({number for start, end in parts if end > start
                         for number in range(start // BLOCK, (end - 1) // BLOCK + 1) if number not in self._blocks})
        runs: list[tuple[int, int]] = []
        for number in wanted:
            if runs and (number - runs[-1][1]) * BLOCK <= _CLOSE:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return runs

    def _fetch(self, start: int, end: int) -> None:
        if self._size is not None:
            end = min(end, self._size)
        taken: list[_Range] = []

        def take(head: Head) -> _Range | Nothing:
            if head.status == 304:
                return Nothing()
            taken.append(_Range(self._call, head, start, end))
            return taken[-1]

        known = self._entry if self._size is None else None  # the cache's, which the server was not asked about yet
        head = self._transport.run(
            self._call, take, accepted=frozenset({200, 206} if known is None else {200, 206, 304}),
            headers=lambda: {"Range": f"bytes={start}-{end - 1}", "Accept-Encoding": "identity",
                             **({} if known is None else if_changed(known.version))})
        self.received += sum(len(one.content) for one in taken)
        if head.status == 304 and known is not None:
            self._adopt(known)
            return self.fetch([(start, min(end, known.size))])
        answer = taken[-1]
        self._check_version(head, answer)
        if known is not None and (known.version, known.size) != (self.version, self._size):
            self._entry = None
        content = bytes(answer.content)
        self._put(answer.start, content)
        self._keep(answer.start, content)
        return None

    def _check_version(self, head: Head, answer: _Range) -> None:
        version = version_of(head.headers)
        if self._size is None:
            self._check_content(answer)
            self._size, self.version, self.address = answer.total, version, head.address
        elif (version, answer.total) != (self.version, self._size):
            raise Changed

    def _check_content(self, answer: _Range) -> None:
        error = failures.wrong_content(self._call.archive, self._call.shown,
                                       bytes(answer.content[:contents.BEGINNING]), self._kind)
        if error is not None:
            raise error


class _Range(Kept):
    """Takes an answer to a request for [start, end): that part, or the whole file of a server that knows no parts."""

    def __init__(self, call: Call, head: Head, start: int, end: int) -> None:
        super().__init__(call, _WHOLE_BYTES if head.status == 200 else end - start)
        self.start, self.total = 0, 0
        self._must_have: int | None = None
        if head.status == 200:
            length = head.headers.get("Content-Length", "")
            if length.isdecimal():
                self._must_have = int(length)
                if self._must_have > _WHOLE_BYTES:
                    raise Fatal(failures.failed(call.archive, call.shown, Text(
                        "the server does not send parts of files, and the whole is too large")))
            return
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", head.headers.get("Content-Range", ""))
        if found is None or int(found.group(1)) != start:
            raise Broken(Text("the server sent another part than was asked for"))
        self.start, self.total = start, int(found.group(3))
        self._must_have = min(end, self.total) - start

    def end(self) -> None:
        if self._must_have is not None and len(self.content) != self._must_have:
            raise Broken(Text("the answer was cut off after {count} of {total} bytes", count=len(self.content),
                              total=self._must_have))
        self.total = self.total or len(self.content)
