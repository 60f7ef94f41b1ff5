"""Compilation settings of the solver's kernels, and a checksum of their source for the cache of compiled code.

numba checks the time stamp of one file only. A kernel that calls kernels of other files would keep running stale code
after they change. So only entry points are cached, and each contains this checksum of all kernel files as a constant,
which is part of the cache's key.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numba

# IEEE division without a check for zero at every one, fused multiply-add; no reordering, so results are reproducible
OPTIONS = {"error_model": "numpy", "fastmath": {"contract", "arcp", "nsz"}}
kernel = numba.njit(**OPTIONS)

_KERNEL_FILES = ("hydraulic_tables.py", "work_arrays.py", "fluxes.py", "solver.py", "integrate.py", "batch.py")


def source_stamp() -> int:
    """Checksum of all kernel files."""
    folder = Path(__file__).parent
    return zlib.crc32(b"".join((folder / name).read_bytes() for name in _KERNEL_FILES))
