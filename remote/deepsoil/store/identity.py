"""Which store lies at a path: a region that is brought up to today, or takes a field in, is a new one at the old path.

Whoever still reads the old one would take pixels from another place or days of another fetch for his own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError

HEAD = "zarr.json"
Identity = tuple[int, int, int]
"""Device, inode and time of change of a finished store's head, which is written once."""


def identity_of(store: Path) -> Identity | None:
    """Of the store at a path; None where there is none."""
    try:
        found = (store / HEAD).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns


@contextmanager
def unchanged(store: Path, known: Identity | None) -> Iterator[None]:
    """Read from a store; ``store_replaced`` where another one was put in its place, also if reading it failed.

    known   of the store that was opened; None: nothing is checked, for the process that writes it
    """
    try:
        yield
    except DeepSoilError as error:
        if known is not None and identity_of(store) != known:
            raise _replaced(store) from error
        raise
    if known is not None and identity_of(store) != known:
        raise _replaced(store)


def _replaced(store: Path) -> DeepSoilError:
    return DeepSoilError("store_replaced", "The region in {path} was renewed or removed while it was read.",
                         "Start it again: it then uses the new data.", "region", path=store)
