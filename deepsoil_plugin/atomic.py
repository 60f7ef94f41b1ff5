"""Files that are replaced whole: a reader, or a crash, sees the old file or the new one. Standard library only.

The plugin's own, since it does not import the engine, whose `io.atomic` also forces files to the disk.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A free name beside ``path`` to write to; it becomes ``path`` at the end, and is removed after an error."""
    draft = path.with_name(f".part-{secrets.token_hex(4)}-{path.name}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
