"""Files that are created once and never replaced, even if several processes on several computers try at the same time.

Based on hard links, which only one of several processes can create, also on a network disk.
"""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

from deepsoil.io import atomic
from deepsoil.io.disk import sync_folder

# Error numbers for a disk without hard links, or for two disks.
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EINVAL})


def write_once(path: Path, text: str) -> bool:
    """Create ``path`` with ``text`` unless it exists; returns whether this call created it. Raises OSError."""
    draft = atomic.draft_of(path)
    try:
        with atomic.new_file(draft, becomes=path) as file:
            file.write(text.encode("utf-8"))
        made = _link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
    return made


def write_json_once(path: Path, document: Any) -> bool:
    """`write_once` for a JSON document."""
    return write_once(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def link_or_copy(source: Path, target: Path, *, sync: bool = True) -> bool:
    """Give a finished file, which never changes, a second name; by a copy if the disk has no hard links.

    False if ``target`` already exists; it is unchanged. Without ``sync`` a power failure may undo it. Raises OSError.
    """
    try:
        target.hardlink_to(source)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS and getattr(error, "winerror", None) is None:
            raise
        if target.exists():
            return False
        atomic.copy(source, target)
        return True
    if sync:
        sync_folder(target.parent)
    return True


def _link(draft: Path, path: Path) -> bool:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        # If the server's answer was lost and the request repeated, the existing link is ours.
        return draft.stat().st_nlink == 2
    return True
