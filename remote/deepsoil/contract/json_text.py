"""JSON as it comes from a file or from another computer: parsed strictly and within bounds; and written so that it is
always JSON. Pure.

Python's own parser takes NaN, numbers of any size, half characters and any depth, which then fail somewhere later.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

DEEPEST = 64
"""Levels of lists and objects within each other; the deepest document of the contract, an area, has 9."""
LARGEST_INTEGER = 1 << 63
MOST_VALUES = 10_000_000
"""Commas in one document: a bound of the memory that it takes."""

# What may become infinite, too large an integer, or half a character; all other documents need no closer look.
_SUSPECT = re.compile(r"[eE]\+?\d{3}|\d{19}|\\u[dD][89a-fA-F]")


def parse(data: bytes | str, *, non_finite: bool = False) -> Any:
    """The document in ``data`` (UTF-8).

    ``non_finite``: NaN and infinities become None instead of an error.

    Raises
    ------
    ValueError
        It is no JSON, not UTF-8, deeper than `DEEPEST`, has more than `MOST_VALUES` values, an integer of more than 64
        bits, a number that is not finite, or half a surrogate pair. No other exception.
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start + 1} is not UTF-8") from None
    if text.count(",") > MOST_VALUES:
        raise ValueError("more values than allowed")
    deep = text.count("[") + text.count("{") > DEEPEST
    try:
        document = json.loads(text, parse_constant=_none if non_finite else _refuse)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise ValueError(str(error)) from None
    except ValueError as error:  # Python takes no integer of more than some thousand digits
        raise ValueError("an integer has too many digits" if "digits" in str(error) else str(error)) from None
    if deep:
        _check_depth(document)
    return _checked(document, non_finite) if _SUSPECT.search(text) else document


def write(document: Any, *, indent: int | None = None) -> str:
    """The document as JSON that every reader takes: a number that is not finite becomes null, half a surrogate pair
    becomes ``?``. TypeError if it holds what JSON does not have."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    except ValueError:
        text = json.dumps(_finite(document), ensure_ascii=False, allow_nan=False, indent=indent)
    return text.encode("utf-8", "replace").decode("utf-8")


_TOO_DEEP = f"deeper than {DEEPEST} levels"


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _none(name: str) -> Any:
    return None


def _check_depth(document: Any) -> None:
    level, depth = [document], 0
    while level := [inner for outer in level if isinstance(outer, (dict, list))
                    for inner in (outer.values() if isinstance(outer, dict) else outer)
                    if isinstance(inner, (dict, list))]:
        depth += 1
        if depth >= DEEPEST:
            raise ValueError(_TOO_DEEP)


def _checked(value: Any, non_finite: bool) -> Any:
    """The value, whose depth is known to be bounded. ValueError as `parse`."""
    if isinstance(value, dict):
        return {_checked(name, non_finite): _checked(one, non_finite) for name, one in value.items()}
    if isinstance(value, list):
        return [_checked(one, non_finite) for one in value]
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float) and not math.isfinite(value):
        if non_finite:
            return None
        raise ValueError("a number is too large")
    elif isinstance(value, int) and not -LARGEST_INTEGER <= value < LARGEST_INTEGER:
        raise ValueError("an integer has more than 64 bits")
    return value


def _check_text(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ValueError("a text has half a character") from None


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
