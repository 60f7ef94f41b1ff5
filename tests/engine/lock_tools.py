"""Many threads at one lock."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from deepsoil.io import locks


def most_at_once(path: Path, threads: int) -> int:
    """How many of the threads were inside the lock at the same moment."""
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        with locks.locked(path):
            inside += 1
            most = max(most, inside)
            time.sleep(0.005)
            inside -= 1

    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    return most
