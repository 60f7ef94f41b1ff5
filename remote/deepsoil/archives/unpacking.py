"""Unpacks the body of an answer (``Content-Encoding``), and knows whether it came to its end.

``urllib3`` unpacks too, but takes a packed body that breaks off for a whole one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

ASKED_FOR = "gzip, deflate"
_PIECE = 1 << 20
"""Bytes at a time: a small packed body may be a very large one."""
_GZIP = frozenset({"gzip", "x-gzip"})
_WITH_HEADER, _RAW = 16 + zlib.MAX_WBITS, -zlib.MAX_WBITS


def unpacker_of(headers: Mapping[str, str]) -> Unpacker | None:
    """For the body of an answer; None: it is not packed, or in a way that nobody asked for and is left as it is."""
    names = [name.strip().lower() for name in headers.get("Content-Encoding", "").split(",") if name.strip()]
    if not names or any(name not in (*_GZIP, "deflate") for name in names):
        return None
    return Unpacker(names)


class Unpacker:
    """Of a body that was packed in one way after the other, in the order of ``Content-Encoding``."""

    def __init__(self, names: list[str]) -> None:
        self._last = _Layer(names[-1] in _GZIP)
        self._before = Unpacker(names[:-1]) if len(names) > 1 else None

    @property
    def is_whole(self) -> bool:
        """Whether the body has come to its end."""
        return self._last.is_whole and (self._before is None or self._before.is_whole)

    def unpacked(self, content: bytes) -> Iterator[bytes]:
        """What the next bytes of the body are. Raises zlib.error where they are not packed."""
        for piece in self._last.unpacked(content):
            if self._before is None:
                yield piece
            else:
                yield from self._before.unpacked(piece)


class _Layer:
    def __init__(self, gzip: bool) -> None:
        self._gzip = gzip
        self._inner = zlib.decompressobj(_WITH_HEADER if gzip else zlib.MAX_WBITS)
        self._began = False

    @property
    def is_whole(self) -> bool:
        return self._inner.eof

    def unpacked(self, content: bytes) -> Iterator[bytes]:
        while content:
            if self._inner.eof:
                if not self._gzip or not content.strip(b"\0"):
                    return  # filling after the end
                self._inner = zlib.decompressobj(_WITH_HEADER)  # several packed one after the other
            try:
                piece = self._inner.decompress(content, _PIECE)
            except zlib.error:
                if self._began or self._gzip:
                    raise
                self._inner = zlib.decompressobj(_RAW)  # as some servers understand "deflate"
                piece = self._inner.decompress(content, _PIECE)
            self._began = True
            content = self._inner.unused_data if self._inner.eof else self._inner.unconsumed_tail
            if piece:
                yield piece
