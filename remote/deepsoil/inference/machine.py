"""What this computer can do: cores, free memory, and the measured speed of each model."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deepsoil.inference.predict import run_network

if TYPE_CHECKING:
    from deepsoil.models.library import Model

PROBE_PIXELS = 64
_ENCODER_SHARE = 0.45
_FALLBACK_MEMORY_BYTES = 2 << 30


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available_memory_bytes() -> int:
    """Memory that can be taken without pushing others out; half of the whole where the system does not say."""
    if sys.platform == "linux":
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        return _windows_memory_bytes()
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError):
        return _FALLBACK_MEMORY_BYTES


if sys.platform == "win32":
    import ctypes

    class _MemoryStatus(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong),
                    *((name, ctypes.c_ulonglong) for name in ("total", "available", "total_page", "available_page",
                                                              "total_virtual", "available_virtual", "extended"))]

    def _windows_memory_bytes() -> int:
        status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
        ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
        return int(status.available)
else:
    def _windows_memory_bytes() -> int:
        return _FALLBACK_MEMORY_BYTES


def work_pixels(inner: int, haloed: int) -> float:
    """Pixels of equal work: the decoder of a network runs on the inner pixels, the encoder on the halo as well."""
    return _ENCODER_SHARE * haloed + (1 - _ENCODER_SHARE) * inner


class Speeds:
    """Seconds per work pixel of each model on this computer, in ``HOME/speed.json``; a guess that jobs improve."""

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
        """Note the speed of a finished job. A disk that cannot be written costs only the memory of it."""
        table = self._read() | {_key(model, threads): seconds_per_pixel}
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(table, indent=1), encoding="utf-8")
            temporary.replace(self._file)
        except OSError:
            temporary.unlink(missing_ok=True)

    def _read(self) -> dict[str, float]:
        try:
            table = json.loads(self._file.read_text(encoding="utf-8"))
            return {str(key): float(value) for key, value in table.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}  # not there yet, or damaged: it is measured again


def _key(model: Model, threads: int) -> str:
    return f"{platform.node()} {model.id} {model.contract.network.parameters} {threads}"


def _measure(model: Model, threads: int) -> float:
    side = PROBE_PIXELS + 2 * model.contract.halo
    x = np.full((1, len(model.contract.channels), side, side), 0.5, np.float32)
    durations = []
    for _ in range(2):
        begun = time.perf_counter()
        run_network(model, x, threads)
        durations.append(time.perf_counter() - begun)
    return min(durations) / work_pixels(PROBE_PIXELS**2, side**2)
