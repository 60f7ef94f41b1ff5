"""JSON documents that are replaced atomically, and JSON lines that several processes append to one file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deepsoil.io import atomic
from deepsoil.io.disk import retry_while_busy


def write(path: Path, document: Any, *, sync: bool = True) -> None:
    """Replace ``path`` by a document, as `atomic.write_text` does."""
    atomic.write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n", sync=sync)


def write_new(path: Path, document: Any) -> None:
    """Create ``path``, which must not exist, in a folder that no other process uses yet; flushed to the disk."""
    with atomic.new_file(path) as file:
        file.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def read(path: Path) -> Any:
    """The document in ``path``. Raises OSError, or ValueError if it is damaged."""
    return json.loads(retry_while_busy(lambda: path.read_text(encoding="utf-8")))


def append_line(path: Path, document: Any) -> None:
    """Append one JSON line in a single write, so that lines of two processes do not mix."""
    line = (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8")
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = retry_while_busy(lambda: os.open(path, flags, 0o666))
    try:
        while line:  # a full disk may accept a part of the line
            line = line[os.write(handle, line):]
    finally:
        os.close(handle)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects in a file of lines; an incomplete last line and invalid lines are skipped."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for line in content.splitlines():
        try:
            document = json.loads(line)
        except ValueError:
            continue
        if isinstance(document, dict):
            yield document
