"""YAML files of others: read within bounds, so that no file costs much time or memory. Not what the files mean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from deepsoil.io import regular

LARGEST_BYTES = 1_000_000
LONGEST_SCALAR = 10_000
LONGEST_KEY = 200
DEEPEST = 20
MOST_NODES = 50_000
"""Of a document with every alias replaced by what it stands for."""

# With libyaml where PyYAML was built with it, as in its wheels: some ten times faster.
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What the constructors of PyYAML raise for values such as 2023-13-45, !!int x, or a number of 5,000 digits.
_WRONG_VALUES = (ValueError, TypeError, AttributeError, ArithmeticError, LookupError)


class YamlRefusedError(yaml.YAMLError):  # type: ignore[misc]
    """The document is larger than it may be, refers to itself, or holds a value that is none."""


@dataclass
class _Open:
    """A mapping or sequence that has begun: nodes so far, and whether the next scalar of a mapping is a key."""

    anchor: str | None
    nodes: int
    mapping: bool
    key_next: bool = True


def read_text(path: Path) -> str:
    """The text of a file. OSError, UnicodeDecodeError, or YAMLError where it is larger than a YAML file may be."""
    with regular.open_to_read(path) as file:
        data = file.read(LARGEST_BYTES + 1)
    if len(data) > LARGEST_BYTES:
        raise YamlRefusedError(f"the file is larger than {LARGEST_BYTES // 1000} kB")
    return data.decode("utf-8-sig")


def load(text: str) -> tuple[Any, yaml.Node | None]:
    """The document as plain data and as nodes with their lines. YAMLError, in one line, for whatever is wrong."""
    try:
        _measure(text)
        return Loader(text).get_single_data(), Loader(text).get_single_node()
    except yaml.YAMLError as error:
        raise YamlRefusedError(" ".join(str(error).split())[:500]) from error
    except _WRONG_VALUES as error:
        raise YamlRefusedError(f"a value cannot be read: {' '.join(str(error).split())[:200]}") from error


def _measure(text: str) -> None:
    """Raise `YamlRefusedError` for a document that would cost more than it may. Takes linear time."""
    opened: list[_Open] = []
    sizes: dict[str, int] = {}  # by anchor, aliases replaced
    total = 0
    for event in yaml.parse(text, Loader=Loader):
        line = f"line {event.start_mark.line + 1 if event.start_mark else 1}"
        nodes = 1
        if isinstance(event, yaml.CollectionEndEvent):
            ended = opened.pop()
            if ended.anchor is not None:
                sizes[ended.anchor] = ended.nodes
            if opened:
                opened[-1].nodes += ended.nodes
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in sizes:
                raise YamlRefusedError(f"*{event.anchor} in {line} stands for nothing that ended before it")
            nodes = sizes[event.anchor]
        elif isinstance(event, yaml.ScalarEvent):
            _check_scalar(event.value, bool(opened and opened[-1].mapping and opened[-1].key_next), line)
            if event.anchor is not None:
                sizes[event.anchor] = 1
        total += nodes
        if total > MOST_NODES:
            raise YamlRefusedError(f"it has more than {MOST_NODES} values, up to {line}")
        if opened and opened[-1].mapping:
            opened[-1].key_next = not opened[-1].key_next
        if isinstance(event, yaml.CollectionStartEvent):
            if len(opened) >= DEEPEST:
                raise YamlRefusedError(f"it is nested more than {DEEPEST} levels deep in {line}")
            opened.append(_Open(event.anchor, nodes, isinstance(event, yaml.MappingStartEvent)))
        elif opened:
            opened[-1].nodes += nodes


def _check_scalar(value: str, key: bool, line: str) -> None:
    most = LONGEST_KEY if key else LONGEST_SCALAR
    if len(value) > most:
        raise YamlRefusedError(f"the {'key' if key else 'text'} in {line} has more than {most} characters")
    if any("\ud800" <= sign <= "\udfff" for sign in value):
        raise YamlRefusedError(f"the text in {line} is not Unicode")
