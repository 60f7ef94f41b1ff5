"""Removes folders whatever stands in their way, as far as that can be done."""

from __future__ import annotations

import shutil
import stat
from contextlib import suppress
from pathlib import Path


def delete_folder(folder: Path) -> None:
    """Delete a folder; folders that may not be entered are opened first. What is left does no harm."""
    def open_up(_: object, path: str, error: object) -> None:
        with suppress(OSError):
            for closed in (Path(path).parent, Path(path)):
                if not closed.is_symlink():
                    closed.chmod(stat.S_IRWXU)

    if folder.is_symlink():
        folder.unlink(missing_ok=True)
    for _ in range(2):  # the second time through the folders that are open now
        if folder.exists():
            shutil.rmtree(folder, onerror=open_up)
