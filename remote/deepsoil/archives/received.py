"""How much of a gathering has come, in bytes, with the name of the archive that is just being asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from deepsoil.archives.archive import Piece
from deepsoil.contract.text import Text

Report = Callable[[float, float, str], None]
"""(bytes done, bytes in all as far as known, message)"""

_NEARLY = 0.98


class Received:
    """Counts for the progress: a piece that is larger than expected never counts more than it was planned with."""

    def __init__(self, report: Report = lambda done, total, message: None) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._expected: dict[tuple[str, str], int] = {}
        self._done: dict[tuple[str, str], float] = {}
        self._thread = threading.local()

    def expect(self, pieces: Sequence[Piece]) -> None:
        """Pieces that are to come; the same piece counts once."""
        with self._lock:
            for piece in pieces:
                self._expected[piece.archive, piece.name] = piece.size

    def forget(self, pieces: Sequence[Piece]) -> None:
        """Pieces that will not come."""
        with self._lock:
            for piece in pieces:
                self._expected.pop((piece.archive, piece.name), None)
                self._done.pop((piece.archive, piece.name), None)

    @contextmanager
    def of(self, piece: Piece, title: str) -> Iterator[None]:
        """While this thread fetches a piece, its bytes count for it."""
        self._thread.piece, self._thread.title = piece, title
        self._tell(title)
        try:
            yield
            self.end(piece)
        finally:
            self._thread.piece = None

    def end(self, piece: Piece) -> None:
        """A piece is whole."""
        with self._lock:
            self._done[piece.archive, piece.name] = self._expected.get((piece.archive, piece.name), piece.size)

    def add(self, count: int) -> None:
        """Bytes came over the network, for the piece of this thread."""
        piece = getattr(self._thread, "piece", None)
        if piece is None:
            return
        with self._lock:
            key, size = (piece.archive, piece.name), max(piece.size, 1)
            self._done[key] = min(self._done.get(key, 0.0) + count, _NEARLY * size)
        self._tell(self._thread.title)

    def _tell(self, title: str) -> None:
        with self._lock:
            done, total = sum(self._done.values()), sum(self._expected.values())
        self._report(done, max(total, 1), Text("{archive}: {done:.1f} of {total:.1f} MB in all", archive=title,
                                               done=done / 1e6, total=total / 1e6))
