"""The lines that an engine on a host writes: found in time proportional to their length, in bounded memory. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.protocol import LONGEST_LINE, TOKEN

LONGEST_NOISE = 1 << 20
"""Of a line without the token, such as the greeting of a login shell."""
LONGEST_MESSAGE = 2 * LONGEST_LINE
"""Of a line with the token; an event holds a specification and the list of its outputs."""


class Lines:
    """Bytes in as they come, whole messages out: what follows the token in a line. Other lines are skipped.

    ``longest()``: how long a message may be now, if it is longer than `LONGEST_MESSAGE`.
    """

    def __init__(self, longest: Callable[[], int]) -> None:
        self._longest = longest
        self._start_line()

    def _start_line(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self._end = b""  # of what came before the token
        self._is_message = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that ``data`` completes. DeepSoilError ``bad_reply`` if a line is too long."""
        *whole, rest = data.split(b"\n")
        for piece in whole:
            self._add(piece)
            if self._is_message:
                yield b"".join(self._parts)
            self._start_line()
        self._add(rest)

    def _add(self, piece: bytes) -> None:
        self._length += len(piece)
        if self._is_message:
            self._parts.append(piece)
        else:
            text = self._end + piece
            # A greeting without a newline may precede the first reply.
            if (at := text.find(TOKEN)) >= 0:
                self._is_message = True
                self._parts = [text[at + len(TOKEN):]]
            else:
                self._end = text[-len(TOKEN) + 1:]
        limit = LONGEST_MESSAGE if self._is_message else LONGEST_NOISE
        if self._length > limit and self._is_message:
            limit = self._longest()
        if self._length > limit:
            raise DeepSoilError("bad_reply", "The engine there sent a line of more than {limit} MiB; the connection "
                                "was cut.", "Install the engine there again; if that does not help, ask the "
                                "administrators of that host.", limit=limit >> 20)
