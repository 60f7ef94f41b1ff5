"""Damaged inputs of every kind, made from good ones by a seed, and the count of what they did."""

from __future__ import annotations

import builtins
import copy
import io
import json
import os
import random
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HANG_S = 20.0

DEEP = b"[" * 100_000
LONG = "x" * 300
HALF = "\ud800"
# Values that are not what is expected at most places.
ODD: list[Any] = [
    None, True, 0, -1, 7, 1.5, -0.0, 1e308, float("nan"), float("inf"), 10**18, -(10**30), 10**400, 1 << 63, "", " ",
    "text", LONG, "x" * 100_000, HALF, f"a{HALF}b", "nul\0nul", "../../../../etc/passwd", "/etc/passwd", "C:\\x",
    "a\nb", "NaN", "5", [], [[]], {}, {"a": {}}, [None], ["x"] * 1000, {"": ""}, "2023-07-15T10:00:00",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2023-13-45T99:99:99Z", "2023-07-15", "20230715T100000Z",
    "soon", "\u202e", "<b>x</b>",
    {"template": "{x}", "values": {}}, {"template": "{x!r:>99999999}", "values": {"x": 1}}, [{"name": "x"}], -5.0,
]


@dataclass
class Counts:
    """What a run of many inputs did. All but the first should be 0."""

    what: str
    inputs: int = 0
    crashes: list[str] = field(default_factory=list)
    hangs: list[str] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Print the counts, and fail if anything but ``inputs`` was counted."""
        print(f"\n{self.what}: inputs {self.inputs}, crashes {len(self.crashes)}, hangs {len(self.hangs)}, "
              f"losses {len(self.losses)}, unclear messages {len(self.unclear)}")
        wrong = [*self.crashes[:5], *self.hangs[:5], *self.losses[:5], *self.unclear[:5]]
        assert not wrong, "\n".join(wrong)
        assert self.inputs > 0

    def run(self, name: str, act: Callable[[], Any]) -> Any:
        """The result of an act in a thread of its own; None and a count if it raises, or takes too long."""
        result: list[Any] = []

        def call() -> None:
            try:
                result.append(act())
            except BaseException as error:  # noqa: BLE001 - counted
                self.crashes.append(f"{name}: {type(error).__name__}: {str(error)[:300]} {_where(error)}")

        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        thread.join(HANG_S)
        if thread.is_alive():
            self.hangs.append(name)
        return result[0] if result else None

    def message(self, name: str, error: dict[str, Any] | None) -> None:
        """Count an error object whose words do not help a user."""
        if error is not None and (why := unclear(error)):
            self.unclear.append(f"{name}: {why}: {error['message'][:300]}")


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""


def unclear(error: dict[str, Any]) -> str:
    """Why a user cannot do anything with an error; empty if they can."""
    text = f"{error.get('message')} {error.get('hint')}"
    if error.get("code") == "internal":
        return "internal"
    if not re.match(r"[A-Z0-9'{/.]", str(error.get("message"))) or not str(error.get("hint")):
        return "no sentence, or no advice"
    if found := re.search(r"Traceback|\b[A-Z]\w+(Error|Exception)\b|object at 0x|NoneType|\bdict\b|Errno|<class", text):
        return f"Python's words ({found[0]})"
    return "too long" if len(text) > 3000 else ""


# ---- JSON documents ----


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, the whole first."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inner:
        yield from paths(one, (*path, name))


def at(document: Any, path: tuple[Any, ...], act: Callable[[Any, Any], None]) -> Any:
    """A copy of a document in which ``act(owner, key)`` was done at a place."""
    if not path:
        holder = [copy.deepcopy(document)]
        act(holder, 0)
        return holder[0] if holder else None
    copied = copy.deepcopy(document)
    owner = copied
    for part in path[:-1]:
        owner = owner[part]
    act(owner, path[-1])
    return copied


def changed_document(chance: random.Random, document: Any) -> Any:
    """The document with one to three places changed: another value, none, an unknown name, or twice the length."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        path = chance.choice(list(paths(document)))
        kind = chance.randrange(6)
        value = chance.choice(ODD)

        def act(owner: Any, key: Any, kind: int = kind, value: Any = value) -> None:
            if kind == 0:
                del owner[key]
            elif kind == 1 and isinstance(owner[key], dict):
                owner[key] = {**owner[key], chance.choice(("", "x", HALF, LONG, "schema", "path")): value}
            elif kind == 2 and isinstance(owner[key], list):
                owner[key] = owner[key] * chance.choice((2, 50)) + [value]
            else:
                owner[key] = value

        document = at(document, path, act)
    return document


def written(chance: random.Random, document: Any) -> bytes:
    """A document as JSON, also with what JSON does not have."""
    text = json.dumps(document, ensure_ascii=chance.random() < 0.5)
    return text.encode("utf-8", chance.choice(("surrogatepass", "replace")))


def changed_bytes(chance: random.Random, content: bytes) -> bytes:
    """The content cut, emptied, in another encoding, with bytes changed, or with JSON that no document has."""
    at = chance.randrange(len(content) + 1)
    return chance.choice((
        lambda: b"", lambda: content[:at], lambda: content[at:], lambda: content + content, lambda: b"\0" * 100,
        lambda: content.replace(b"a", b"\xe4"),
        lambda: content[:at] + bytes([chance.randrange(256)]) + content[at + 1:],
        lambda: content[:at] + chance.randbytes(20) + content[at:], lambda: DEEP, lambda: content[:at] + DEEP,
        lambda: b'{"a":' * 5000 + b"1" + b"}" * 5000, lambda: b"[" * 800 + b"]" * 800,
        lambda: b"\xef\xbb\xbf" + content,
        lambda: content.decode("latin-1").encode("utf-16"), lambda: b"NaN", lambda: b"1e999", lambda: b"9" * 5000,
        lambda: b'"\\ud800"', lambda: b"null", lambda: b"[]", lambda: b"{}", lambda: b"{}\n" * 1000,
        lambda: content.replace(b"\n", b"\r\n"), lambda: re.sub(rb'"(\w+)":', rb'"\1": 5, "\1":', content, count=3),
        lambda: re.sub(rb"\d", b"9" * 400, content, count=2), lambda: re.sub(rb": *[^,}]+", b": NaN", content, count=2),
        lambda: b"x" * 3_000_000))()


def mutated(chance: random.Random, content: bytes) -> bytes:
    """The content of a file, or a line, damaged in one way; JSON and JSON lines also in their structure."""
    if chance.random() < 0.3:
        return changed_bytes(chance, content)
    try:
        return written(chance, changed_document(chance, json.loads(content)))
    except ValueError:
        lines = content.splitlines(keepends=True)
        if len(lines) < 2:
            return changed_bytes(chance, content)
    number = chance.randrange(len(lines))
    lines[number] = mutated(chance, lines[number].rstrip(b"\n")) + b"\n"
    return b"".join(lines)


# ---- files ----


def replaced_file(chance: random.Random, path: Path, denied: set[str]) -> str:
    """Put something else in the place of a file; what it was. ``denied``: see `Denied`."""
    kinds = ("missing", "folder", "pipe", "loop", "outside", "socket", "no permission", "full folder")
    kind = chance.choice(kinds)
    if kind == "no permission":
        denied.add(str(path))
        return kind
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "full folder":
        (path / "a" / "b").mkdir(parents=True)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "outside":
        path.symlink_to("/etc/passwd")
    elif kind == "socket":
        path.symlink_to("/dev/tty")
    return kind


class Denied:
    """Files that this process may not open, also where it runs as root, who may open every file."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self._open, self._io_open = os.open, io.open

    def __enter__(self) -> Denied:
        os.open = self._deny(self._open)  # type: ignore[assignment]
        io.open = builtins.open = self._deny(self._io_open)  # type: ignore[assignment]
        return self

    def __exit__(self, *_: object) -> None:
        os.open = self._open
        io.open = builtins.open = self._io_open

    def _deny(self, real: Any) -> Any:
        def opened(path: Any, *arguments: Any, **options: Any) -> Any:
            if not isinstance(path, int) and os.fspath(path) in self.paths:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *arguments, **options)

        return opened


def all_files(folder: Path) -> list[Path]:
    """The files below a folder, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def removed(path: Path) -> None:
    """Whatever damage has put there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)


def damage(chance: random.Random, path: Path, denied: Denied) -> str:
    """Damage one file in one way; says how."""
    if chance.random() < 0.25 or not path.is_file():
        return replaced_file(chance, path, denied.paths)
    content = mutated(chance, path.read_bytes())
    path.write_bytes(content)
    return f"{content[:200]!r}"
