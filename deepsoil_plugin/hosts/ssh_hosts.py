"""The host aliases of the user's SSH configuration, to choose from. Reads one small file and what it includes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

_MOST_BYTES = 256 * 1024
_DEEPEST = 4
_LINE = re.compile(r"\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*)")


def aliases(config: Path | None = None) -> list[str]:
    """Names after ``Host`` without patterns, in the order of the file; empty where there is no file."""
    found: dict[str, None] = {}
    _collect(config or Path.home() / ".ssh" / "config", found, _DEEPEST)
    return list(found)


def _collect(path: Path, found: dict[str, None], depth: int) -> None:
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return
    for line in text.splitlines():
        word, values = _split(line)
        if word == "host":
            found.update(dict.fromkeys(name for name in values if not set(name) & set("*?!")))
        elif word == "include" and depth:
            for value in values:
                for included in _files(value, path.parent):
                    _collect(included, found, depth - 1)


def _files(value: str, folder: Path) -> list[Path]:
    """What an ``Include`` means: relative to the folder of the configuration, with patterns."""
    path = Path(value).expanduser() if value.startswith("~") else folder / value
    try:
        return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
    except (OSError, ValueError, RuntimeError, NotImplementedError):
        return []


def _split(line: str) -> tuple[str, list[str]]:
    """(keyword in small letters, values) of a line; OpenSSH allows ``Host=x`` too. Pure."""
    parts = _LINE.match(line)
    if parts is None:
        return "", []
    try:
        values = shlex.split(parts[2])
    except ValueError:
        values = parts[2].split()
    return parts[1].lower(), values
