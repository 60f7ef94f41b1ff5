"""What this computer can do: cores, and the measured speed of each model."""

from __future__ import annotations

import json
import os
import platform
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepsoil.inference.predict import run_network
from deepsoil.io import json_files

if TYPE_CHECKING:
    from deepsoil.models.library import Model

PROBE_PIXELS = 64
_ENCODER_SHARE = 0.45
_USUAL_SECONDS_PER_COLUMN_DAY = 1.2e-5


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def work_pixels(inner: int, haloed: int) -> float:
    """Pixels of equal work: the decoder of a network runs on the inner pixels, the encoder on the halo as well."""
    return _ENCODER_SHARE * haloed + (1 - _ENCODER_SHARE) * inner


class Speeds:
    """Seconds per work pixel of each model on this computer, in ``HOME/speed.json``; an estimate that jobs improve."""

    def __init__(self, home: Path) -> None:
        self._file = home / "speed.json"

    def seconds_per_pixel(self, model: Model, threads: int) -> float:
        """As remembered, else measured on one tile (well under a second)."""
        known = self._read().get(_key(model, threads))
        if known is None:
            known = _measure(model, threads)
            self.remember(model, threads, known)
        return known

    def remember(self, model: Model, threads: int, seconds_per_pixel: float) -> None:
        """Remember the speed of a finished job; where the disk cannot be written, it is not remembered."""
        self._write(_key(model, threads), seconds_per_pixel)

    def seconds_per_column_day(self, threads: int) -> float:
        """Of a soil column: as remembered, else what is usual."""
        return self._read().get(_columns_key(threads), _USUAL_SECONDS_PER_COLUMN_DAY / threads)

    def remember_columns(self, threads: int, seconds_per_column_day: float) -> None:
        """Remember the speed of finished soil columns, as `remember`."""
        self._write(_columns_key(threads), seconds_per_column_day)

    def _write(self, key: str, seconds: float) -> None:
        table = self._read() | {key: seconds}
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            json_files.write(self._file, table, sync=False)

    def _read(self) -> dict[str, float]:
        try:
            table = json.loads(self._file.read_text(encoding="utf-8"))
            return {str(key): float(value) for key, value in table.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}  # not there yet, or damaged: it is measured again


def _key(model: Model, threads: int) -> str:
    return f"{platform.node()} {model.id} {model.contract.network.parameters} {threads}"


def _columns_key(threads: int) -> str:
    return f"{platform.node()} soil columns {threads}"


def _measure(model: Model, threads: int) -> float:
    side = PROBE_PIXELS + 2 * model.contract.halo
    x = np.full((1, len(model.contract.channels), side, side), 0.5, np.float32)
    durations = []
    for _ in range(2):
        begun = time.perf_counter()
        run_network(model, x, threads)
        durations.append(time.perf_counter() - begun)
    return min(durations) / work_pixels(PROBE_PIXELS**2, side**2)
