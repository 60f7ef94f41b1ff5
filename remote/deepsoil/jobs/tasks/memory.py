"""How much memory a run takes, and whether the system ended it for want of memory. Linux; elsewhere nothing is known.

A process that the kernel kills cannot say why it ended. While it lives, its memory, its limit and the kernel's count
of such kills are recorded in ``memory.json``; whoever finds its end missing compares.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from deepsoil.io import json_files

FILE = "memory.json"
NEAR = 0.9
"""The share of its limit from which a run that was killed counts as killed for want of memory."""

_RECORD_FROM = 1.02  # how much more memory is worth a new record
_MB = 1e6
_UNLIMITED_MB = 1 << 40
_GROUPS = Path("/sys/fs/cgroup")
_PROC = Path("/proc")


class Recorder:
    """Records the memory of this process and of its descendants in a run's folder."""

    def __init__(self, run: Path) -> None:
        self._run, self._limit_mb, self._kills, self._recorded_mb = run, limit_mb(), kills(), 0.0

    def look(self) -> None:
        """Record the memory if it has grown."""
        used_mb = usage_mb()
        if used_mb is not None and used_mb > self._recorded_mb * _RECORD_FROM:
            self._recorded_mb = used_mb
            with suppress(OSError):
                json_files.write(self._run / FILE, {"peak_mb": round(used_mb, 1), "limit_mb": self._limit_mb,
                                                    "kills": self._kills}, sync=False)


def killed_since(record: dict[str, Any]) -> bool:
    """Whether the kernel has ended a process for want of memory since a record was begun, on the same computer."""
    before, now = record.get("kills"), kills()
    return isinstance(before, int) and now is not None and now > before


def usage_mb() -> float | None:
    """Memory of this process and its descendants that the kernel cannot drop, MB; None where it is not known.

    Pages of files do not count: a process is not ended for want of memory because of them, and those of PyTorch's
    libraries for GPUs alone are some hundred MB.
    """
    total = sum(_held_kb(pid) for pid in _family(os.getpid()))
    return total * 1024 / _MB if total else None


def limit_mb() -> float | None:
    """The least of the limits of this process's control groups and of the computer's memory, MB."""
    found = [_number(folder / name) for folder in _folders() for name in ("memory.max", "memory.limit_in_bytes")]
    limits = [bytes_ / _MB for bytes_ in found if bytes_ is not None and bytes_ / _MB < _UNLIMITED_MB]
    with suppress(OSError, ValueError, IndexError):
        limits.append(int(_word_after(_PROC / "meminfo", "MemTotal:")) * 1024 / _MB)
    return round(min(limits), 1) if limits else None


def kills() -> int | None:
    """How many processes the kernel has ended for want of memory: of this control group, else of this computer."""
    for folder in _folders():
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError, ValueError, IndexError):
                return int(_word_after(folder / name, "oom_kill"))
    with suppress(OSError, ValueError, IndexError):
        return int(_word_after(_PROC / "vmstat", "oom_kill"))
    return None


def _folders() -> Iterator[Path]:
    """The memory control groups of this process, the innermost first."""
    try:
        lines = (_PROC / "self" / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds == "" or "memory" in kinds.split(","):
            root = _GROUPS if kinds == "" else _GROUPS / "memory"
            inner = root / path.lstrip("/")
            yield from (folder for folder in (inner, *inner.parents)
                        if folder.is_relative_to(root) and folder.is_dir())


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in (_PROC / str(pid) / "task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from _family(int(child))


def _held_kb(pid: int) -> int:
    """Resident memory without pages of files, kB; with them where the kernel does not tell them apart (before 4.5)."""
    sizes: dict[str, int] = {}
    with suppress(OSError, ValueError, IndexError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            name, _, text = line.partition(":")
            if name in ("VmRSS", "RssAnon", "RssShmem"):
                sizes[name] = int(text.split()[0])
    return sizes["RssAnon"] + sizes.get("RssShmem", 0) if "RssAnon" in sizes else sizes.get("VmRSS", 0)


def _number(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(path.read_text())  # "max" is no limit
    return None


def _word_after(path: Path, word: str) -> str:
    """The word after ``word`` in its line of a file. IndexError where there is none."""
    return next(iter(line.split()[1] for line in path.read_text().splitlines() if line.split()[:1] == [word]), "")
