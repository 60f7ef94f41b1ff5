"""Numbers as people type them, with a decimal point or comma. Pure."""

from __future__ import annotations

import math
import re

_NUMBER = re.compile(r"^[+\-−]?(\d+([.,]\d*)?|[.,]\d+)([eE][+\-]?\d+)?$")


def decimal(text: str) -> float | None:
    """The number that a text is; None if it is none. A comma is a decimal comma: there are no thousands here."""
    bare = text.strip()
    if not _NUMBER.match(bare):
        return None
    value = float(bare.replace("−", "-").replace(",", "."))
    return value if math.isfinite(value) else None
