"""Reading HDF5 from a server: what fetches must not wait for the lock that the reading holds."""

from __future__ import annotations

import gc
import io
import threading
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from deepsoil.archives.remote_hdf5 import Readable


class _FetchingThread(io.BytesIO):
    """A remote file whose parts come by another thread, which makes enough objects to wake the garbage collector."""

    problem = None

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.stuck = 0

    def read(self, size: int | None = -1) -> bytes:
        thread = threading.Thread(target=lambda: [[] for _ in range(50_000)], daemon=True)
        thread.start()
        thread.join(5.0)
        self.stuck += thread.is_alive()
        return super().read(size)


def _garbage(path: Path) -> None:
    """Objects of h5py that only the garbage collector can free."""
    with h5py.File(path, "r") as file:
        ring: list[Any] = [file["values"]]
        ring.append(ring)


def test_the_garbage_collector_does_not_stop_the_thread_that_fetches(tmp_path: Path) -> None:
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["values"] = np.arange(10.0)
    remote = _FetchingThread(path.read_bytes())
    gc.collect()
    _garbage(path)
    with h5py.File(Readable(remote), "r") as file:  # type: ignore[arg-type]
        np.testing.assert_array_equal(file["values"][:], np.arange(10.0))
    assert remote.stuck == 0
    assert gc.isenabled(), "afterwards it works again"
