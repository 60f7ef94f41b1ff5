"""The names and kinds of outputs. A name is a path, with ``/``, that cannot lead out of the folder of outputs. Pure.
"""

from __future__ import annotations

import re
from typing import Any, Literal, get_args

OutputKind = Literal["map", "table", "metrics", "model", "curves", "store", "other"]
OUTPUT_KINDS: tuple[str, ...] = get_args(OutputKind)

_PART = re.compile(r"[^\\/:\x00-\x1f\x7f]+")
_LONGEST_PART, _LONGEST = 255, 1024


def is_output_name(name: Any) -> bool:
    """Whether a value is the name of an output; never absolute, never with ``..``."""
    return (isinstance(name, str) and len(name) <= _LONGEST
            and all(_PART.fullmatch(part) and part not in (".", "..") and _bytes(part) <= _LONGEST_PART
                    for part in name.split("/")))


def _bytes(part: str) -> int:
    return len(part.encode("utf-8", "replace"))
