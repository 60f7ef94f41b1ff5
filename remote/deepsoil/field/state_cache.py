"""States of simulated fields in a folder of the home: files that are whole or not used, and never too many.

A file has a checksum in front of its values. Its name says all that led to the state, so that two processes that write
the same file write the same content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from deepsoil.contract.text import Text
from deepsoil.io import atomic, regular
from deepsoil.soil.column_state import ColumnState

MOST_BYTES = 512 << 20
LEFT_SHARE = 0.75
"""Of `MOST_BYTES`, what is left when the oldest are removed."""

_FORMAT = b"deepsoil field state 1\n"
_CHECKSUM_BYTES = 32
_BETWEEN_LOOKS_BYTES = 32 << 20
_SUFFIX = ".state"

Note = Callable[[str], None]


class StateCache:
    """`checkpoints.States` in ``folder``; ``note`` is told of files that cannot be used."""

    def __init__(self, folder: Path, note: Note = lambda message: None, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._note, self._most_bytes = folder, note, most_bytes
        self._written = _BETWEEN_LOOKS_BYTES

    def load(self, name: str, columns: int, values: int) -> ColumnState | None:
        """The state of so many columns of so many values; None where there is none, or a damaged one."""
        path = self._folder / f"{name}{_SUFFIX}"
        size = 8 * columns * (values + 1)
        try:
            content = regular.read(path, len(_FORMAT) + _CHECKSUM_BYTES + size)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._refuse(path, str(error.strerror or error))
            return None
        checksum = content[len(_FORMAT):len(_FORMAT) + _CHECKSUM_BYTES]
        body = content[len(_FORMAT) + _CHECKSUM_BYTES:]
        if not content.startswith(_FORMAT) or len(body) != size or hashlib.sha256(body).digest() != checksum:
            self._refuse(path, "it is damaged")
            return None
        with suppress(OSError):
            path.touch()  # the files that nobody has used for longest go first
        found = np.frombuffer(body, "<f8").reshape(columns, values + 1).astype(np.float64)
        return ColumnState(np.ascontiguousarray(found[:, :values]), found[:, values].copy())

    def save(self, states: Mapping[str, ColumnState]) -> None:
        """Keep states that are not there yet; where the disk cannot be written, they are not kept."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            for name, state in states.items():
                path = self._folder / f"{name}{_SUFFIX}"
                body = np.column_stack([state.values, state.snow_mm]).astype("<f8").tobytes()
                with atomic.replacing_path(path, sync=False) as draft:
                    draft.write_bytes(_FORMAT + hashlib.sha256(body).digest() + body)
                self._written += len(body)
        if self._written >= _BETWEEN_LOOKS_BYTES:
            self._written = 0
            self._remove_oldest()

    def _refuse(self, path: Path, why: str) -> None:
        self._note(str(Text("The kept state {path} of a field is not used: {why}. The field is simulated from an "
                            "earlier day.", path=path.name, why=why)))
        with suppress(OSError):
            path.unlink()

    def _remove_oldest(self) -> None:
        """Down to `LEFT_SHARE` where there is more than the most; drafts of processes that were killed go as well."""
        files = []
        with suppress(OSError):
            for path in self._folder.iterdir():
                with suppress(OSError):
                    status = path.stat()
                    files.append((status.st_mtime, status.st_size, path))
        total = sum(size for _, size, _ in files)
        if total <= self._most_bytes:
            return
        for _, size, path in sorted(files):
            if total <= LEFT_SHARE * self._most_bytes:
                break
            with suppress(OSError):
                path.unlink()
                total -= size


def states_in(home: Path, note: Note = lambda message: None) -> StateCache:
    """The states that are kept in a home; they can be deleted at any time."""
    return StateCache(home / "field-states", note)
