"""Files that are made once and never replaced, whoever else tries at the same time, on any computer."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def write_once(path: Path, text: str) -> bool:
    """Make ``path`` with ``text`` unless it is there; whether it was this call that made it.

    By a hard link, which one alone of several processes gets, also on a network's disk. OSError as it comes.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return _link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_json_once(path: Path, document: Any) -> bool:
    """`write_once` for a JSON document."""
    return write_once(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _link(draft: Path, path: Path) -> bool:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        # Where the server's answer was lost and the request repeated, the link that is in the way is ours.
        return draft.stat().st_nlink == 2
    return True
