"""What was fetched from archives, kept for the next field near by: HOME/`FOLDER`.

    entries/KEY.json     what is known of one address with its parameters (KEY: its SHA-256): version, size, parts
    content/SHA256       a part's bytes; the whole of a file, or a run of blocks of a large one
    locks/               who fetches what at present

Content is read back only if its SHA-256 is right, so a file that is damaged or half-written is never taken for whole.
Above the quota, what was used least recently is removed. The cache never makes a fetch fail: on a full disk nothing is
kept.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import atomic, hashing, json_files, locks

FOLDER = "archive-cache"
"""In HOME."""
QUOTA_BYTES = 2 << 30
QUOTA_VARIABLE = "DEEPSOIL_CACHE_MB"
"""The user's own quota, in MB (1,000,000 bytes)."""
UNVERSIONED_S = 86400.0
"""How long a file is used without asking where the server names no version of it."""

_SCHEMA = 1
_LOCKS = 256
_UNUSED_S = 3600.0  # content that no entry names may be about to be named


def chosen_quota_bytes() -> int:
    """What the cache may hold, as ``DEEPSOIL_CACHE_MB`` says; by default `QUOTA_BYTES`."""
    text = os.environ.get(QUOTA_VARIABLE, "")
    return int(text) * 1_000_000 if text.isdecimal() and int(text) > 0 else QUOTA_BYTES


@dataclass(frozen=True)
class Part:
    """The bytes [start, end) of a file."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Entry:
    """What is known of one address.

    asked      address with parameters, without what is secret
    address    where it came from, after redirections
    version    the server's: a strong ETag, or the date of the last change; None where it gives none
    size       of the whole file
    checked    seconds since 1970 at which the server sent it
    """

    asked: str
    address: str
    version: str | None
    size: int
    checked: float
    parts: tuple[Part, ...] = ()

    @property
    def whole(self) -> Part | None:
        """The part that is the whole file, if it is there as one."""
        return next((part for part in self.parts if (part.start, part.end) == (0, self.size)), None)


class Cache:
    """A folder that several processes use at once."""

    def __init__(self, folder: Path, quota_bytes: int = QUOTA_BYTES) -> None:
        self.folder, self.quota_bytes = folder, quota_bytes
        self._entries, self._content = folder / "entries", folder / "content"
        self._unchecked_bytes = quota_bytes  # kept since it was last looked whether that is too much

    @contextmanager
    def held(self, asked: str, wait: Callable[[float], None]) -> Iterator[None]:
        """Only one holder fetches an address at a time. ``wait`` may raise, to stop waiting."""
        lock = self.folder / "locks" / f"{int(_key(asked)[:8], 16) % _LOCKS:02x}"
        while True:
            with _taken(lock) as free:
                if free:
                    yield
                    return
            wait(0.1)

    def entry(self, asked: str) -> Entry | None:
        """What is known of an address; None: nothing. It counts as used now."""
        path = self._path(asked)
        entry = _parsed(json_files.read_or_none(path))
        if entry is None or entry.asked != asked:
            return None
        with suppress(OSError):
            os.utime(path)
        return entry

    def read(self, part: Part) -> bytes | None:
        """The bytes of a part; None where they are gone or damaged."""
        path = self._content / part.sha256
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if len(content) == part.end - part.start and hashing.sha256_of(content) == part.sha256:
            return content
        self._remove(path)
        return None

    def copy(self, part: Part, path: Path) -> bool:
        """Write a part to ``path``; False where it is gone or damaged. OSError where ``path`` cannot be written."""
        source = self._content / part.sha256
        if not source.is_file():
            return False
        with source.open("rb") as content, path.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        if hashing.sha256_of_file(path) == part.sha256:
            return True
        path.unlink()
        self._remove(source)
        return False

    def keep(self, entry: Entry, content: bytes | Path) -> Entry:
        """Keep the last part of an entry, of which this is the content, and the entry; the entry as it now is.

        Parts that another process has added of the same version stay.
        """
        part = entry.parts[-1]
        if part.end - part.start > self.quota_bytes // 2:
            return entry
        with suppress(OSError, DeepSoilError):
            self._entries.mkdir(parents=True, exist_ok=True)
            self._content.mkdir(exist_ok=True)
            self._write_content(part.sha256, content)
            entry = self._note(entry)
            self._unchecked_bytes += part.end - part.start
            if self._unchecked_bytes > self.quota_bytes // 64:
                self._keep_quota()
                self._unchecked_bytes = 0
        return entry

    def size(self) -> int:
        """Bytes of all content."""
        with suppress(OSError), os.scandir(self._content) as files:
            return sum(file.stat().st_size for file in files)
        return 0

    def _note(self, entry: Entry) -> Entry:
        """Write what is known of an address; the entry with what another process knows of the same version."""
        with suppress(OSError, DeepSoilError), locks.locked(self.folder / "locks" / "entries"):
            there = _parsed(json_files.read_or_none(self._path(entry.asked)))
            if there is not None and entry.version is not None and (there.version, there.size) == (entry.version,
                                                                                                   entry.size):
                entry = replace(entry, parts=tuple(dict.fromkeys((*there.parts, *entry.parts))))
            json_files.write(self._path(entry.asked), _document(entry), sync=False)
        return entry

    def clear(self) -> None:
        """Remove everything that no job holds at present; what a job still reads, it fetches again."""
        with suppress(OSError, DeepSoilError), locks.locked(self.folder / "locks" / "entries"):
            for folder in (self._entries, self._content):
                for path in folder.iterdir() if folder.is_dir() else ():
                    self._remove(path)

    def _write_content(self, sha256: str, content: bytes | Path) -> None:
        path = self._content / sha256
        if path.exists():
            return
        with atomic.replacing_path(path, sync=False) as draft:
            if isinstance(content, bytes):
                draft.write_bytes(content)
            else:
                shutil.copyfile(content, draft)

    def _keep_quota(self) -> None:
        """Remove the entries that were used least recently, until what is left fits."""
        if self.size() <= self.quota_bytes:
            return
        with locks.locked(self.folder / "locks" / "entries"):
            found = []
            for path in self._entries.iterdir():
                with suppress(OSError):
                    if path.name.startswith(atomic.PART):  # of a process that was killed, or is about to rename it
                        if _age_s(path) > _UNUSED_S:
                            path.unlink(missing_ok=True)
                        continue
                    found.append((path.stat().st_mtime, path, _parsed(json_files.read_or_none(path))))
            found.sort(key=lambda one: one[0], reverse=True)
            kept: dict[str, int] = {}
            named = {part.sha256 for _, _, entry in found if entry is not None for part in entry.parts}
            full = False
            for _, path, entry in found:
                more = {part.sha256: part.end - part.start for part in entry.parts} if entry is not None else {}
                full = full or sum((kept | more).values()) > self.quota_bytes
                if full or entry is None:
                    path.unlink(missing_ok=True)
                else:
                    kept |= more
            for path in self._content.iterdir():
                if path.name not in kept and (path.name in named or _age_s(path) > _UNUSED_S):
                    path.unlink(missing_ok=True)

    def _path(self, asked: str) -> Path:
        return self._entries / f"{_key(asked)}.json"

    def _remove(self, path: Path) -> None:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _key(asked: str) -> str:
    return hashing.sha256_of(asked.encode("utf-8"))


@contextmanager
def _taken(lock: Path) -> Iterator[bool]:
    """Whether the lock was free; it is held in the block. True also where there can be no lock."""
    with ExitStack() as stack:
        free = True
        with suppress(OSError, DeepSoilError):
            free = stack.enter_context(locks.locked(lock, wait=False))
        yield free


def _age_s(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _document(entry: Entry) -> dict[str, Any]:
    return {"schema": _SCHEMA, "asked": entry.asked, "address": entry.address, "version": entry.version,
            "size": entry.size, "checked": entry.checked,
            "parts": [[part.start, part.end, part.sha256] for part in entry.parts]}


def _parsed(document: dict[str, Any] | None) -> Entry | None:
    """None for a document that is no entry, or of another version of DeepSoil."""
    try:
        if document is None or document["schema"] != _SCHEMA:
            return None
        parts = tuple(Part(int(start), int(end), str(sha256)) for start, end, sha256 in document["parts"])
        version = document["version"]
        return Entry(str(document["asked"]), str(document["address"]), None if version is None else str(version),
                     int(document["size"]), float(document["checked"]), parts)
    except (KeyError, TypeError, ValueError):
        return None
