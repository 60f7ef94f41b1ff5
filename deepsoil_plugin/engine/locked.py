"""The engine's packages as they were tested: exact versions with checksums, made by ``build.py lock``.

Standard library only. Files of the engine's source: ``locks/base.txt``, and ``locks/sources.txt`` with the extra
``sources``. PyTorch is in neither: which build of it fits depends on the graphics card, so the extra ``train`` stays
with the ranges of ``pyproject.toml``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

# Set by who wants the packages of their own index or system instead: the ranges decide then.
RANGES = "DEEPSOIL_RANGES"
# What pip says where no file of a tested version exists for this Python or system. A checksum that differs says else.
_UNFIT = re.compile(r"No matching distribution found|Could not find a version that satisfies")
_ALTERED = re.compile(r"DO NOT MATCH THE HASHES")
OPTIONS = ("--only-binary", ":all:", "--require-hashes")


def lock_file(source: Path, extras: Iterable[str]) -> Path | None:
    """The lock for the engine in ``source`` with these extras; None where it has none, or the user wants the ranges."""
    file = source / "deepsoil" / "locks" / ("sources.txt" if "sources" in extras else "base.txt")
    return file if file.is_file() and not os.environ.get(RANGES) else None


def covers(extras: Iterable[str]) -> bool:
    """Whether a lock has every package of these extras."""
    return set(extras) <= {"sources"}


def does_not_fit(lines: Sequence[str]) -> bool:
    """Whether pip failed only because a tested version does not exist here, so that another one may do."""
    text = "\n".join(lines)
    return bool(_UNFIT.search(text)) and not _ALTERED.search(text)
