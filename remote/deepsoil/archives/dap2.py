"""The binary answers of OPeNDAP (DAP 2.0): arrays of numbers, as THREDDS and pydap send them. Pure.

The layout is that of the DAP 2.0 specification (NASA ESE-RFC-004.1.1): declarations as text, ``Data:``, then each array
with its length twice and its values in XDR, big-endian; 16-bit integers take four bytes.
"""

from __future__ import annotations

import ast
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DATA = re.compile(rb"\r?\nData:\r?\n")
_ARRAY = re.compile(r"(Int16|UInt16|Int32|UInt32|Float32|Float64)\s+([\w.%-]+)\s*((?:\[[^\]]*\])+)\s*;")
_LENGTH = re.compile(r"\[(?:[^\]=]*=)?\s*(\d+)\s*\]")
_ATTRIBUTE = re.compile(r"^\s*\w+\s+\"?([\w.%-]+)\"?\s+(.*);\s*$")
_TYPES = {"Int16": ">i4", "UInt16": ">u4", "Int32": ">i4", "UInt32": ">u4", "Float32": ">f4", "Float64": ">f8"}


def shapes(declarations: str) -> dict[str, tuple[int, ...]]:
    """Array → its shape, from a DDS; of a grid and its map of one name, the grid's."""
    found: dict[str, tuple[int, ...]] = {}
    for _, name, lengths in _ARRAY.findall(declarations):
        found.setdefault(name, tuple(int(length) for length in _LENGTH.findall(lengths)))
    return found


def arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Array → its values, from a ``.dods`` answer. ValueError for what is not one, or was cut off."""
    parted = _DATA.search(content)
    if parted is None:
        raise ValueError("it is no answer of OPeNDAP")
    found: dict[str, NDArray[Any]] = {}
    at = parted.end()
    for kind, name, lengths in _ARRAY.findall(content[:parted.start()].decode("utf-8", "replace")):
        shape = tuple(int(length) for length in _LENGTH.findall(lengths))
        count, size = int(np.prod(shape)), np.dtype(_TYPES[kind]).itemsize
        end = at + 8 + count * size
        if len(content) < end or np.frombuffer(content, ">u4", 2, at).tolist() != [count, count]:
            raise ValueError("it was cut off, or has another length than it says")
        found[name] = np.frombuffer(content, _TYPES[kind], count, at + 8).reshape(shape)
        at = end
    return found


def attributes(text: str) -> dict[str, dict[str, Any]]:
    """Variable → attribute → number or text, from a DAS; globals are under their container, such as NC_GLOBAL."""
    found: dict[str, dict[str, Any]] = {}
    containers: list[str] = []
    for line in text.splitlines():
        stripped = line.strip()
        if stripped.endswith("{"):
            containers.append(stripped[:-1].strip())
        elif stripped.startswith("}"):
            containers[-1:] = []
        elif (read := _ATTRIBUTE.match(line)) and containers:
            found.setdefault(containers[-1], {})[read[1]] = _value(read[2].strip())
    return found


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text.strip('"')
