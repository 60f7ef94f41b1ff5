"""Files for a folder of the user's: named after their field, whole, all of them or none, and replacing none unasked."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ..text.quantities import file_stem

_LONGEST_LABEL_BYTES = 120  # with the rest of a name it stays below the 255 bytes of most file systems
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*\s\x00-\x1f\x7f]+')  # Windows's rules are the strictest

Wanted = tuple[str, str]  # what the file belongs to (a field's name), and the rest of its name with suffix


@lru_cache(4096)
def label(name: str) -> str:
    """A name as the beginning of a file's name on any operating system; empty where nothing of it can be used."""
    text = unicodedata.normalize("NFC", "".join(c for c in name if c.isprintable() or c.isspace()))
    text = _NOT_IN_NAMES.sub("_", text).strip("._- ")
    return text.encode("utf-8")[:_LONGEST_LABEL_BYTES].decode("utf-8", "ignore").rstrip("._- ")


def map_rest(what: str, day: str) -> str:
    """The part of a map's name after its field. ``what``: see ``quantities``."""
    return f"{file_stem(what, day)}.tif"


def names_for(groups: Sequence[Sequence[Wanted]], taken: Sequence[str] = ()) -> list[list[str]]:
    """File names for groups of files, of which no two are the same, nor the same as one of ``taken``.

    Where names of a group would meet others, the whole group gets a number after the label, so that its files can be
    told to belong together. Names that differ in capitals only are the same, as on Windows and macOS. ValueError where
    a group holds one name twice.
    """
    used = {_folded(name) for name in taken}
    result = []
    for group in groups:
        number = 1
        while True:
            names = [_numbered(wanted, number) for wanted in group]
            folded = {_folded(name) for name in names}
            if len(folded) < len(names):
                raise ValueError(f"a name twice in one group: {sorted(names)}")
            if not folded & used:
                break
            number += 1
        used |= folded
        result.append(names)
    return result


def existing(folder: Path) -> list[str]:
    """The names in a folder; none where there is no folder yet. OSError where it cannot be read."""
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def _numbered(wanted: Wanted, number: int) -> str:
    name, rest = wanted
    beginning = label(name)
    if number == 1:
        return f"{beginning}_{rest}" if beginning else rest
    if beginning:
        return f"{beginning}_{number}_{rest}"
    path = Path(rest)
    return f"{path.stem}_{number}{path.suffix}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


class NewFiles:
    """``with NewFiles(folder) as new`` gives ``new.draft(name)`` to write to; the files appear together at the end.

    After an error or a cancellation none of them is there. A file that stands in ``folder`` already is an OSError,
    unless ``replace``; then it is replaced whole, and comes back where another one cannot be.
    """

    def __init__(self, folder: Path, replace: bool = False) -> None:
        self._folder, self._replace = folder, replace
        self._names: list[str] = []

    def __enter__(self) -> NewFiles:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._drafts = self._folder / f".part-{secrets.token_hex(4)}"
        self._drafts.mkdir()
        return self

    @property
    def names(self) -> list[str]:
        """Of the files that are written, in their order."""
        return list(self._names)

    def draft(self, name: str) -> Path:
        self._names.append(name)
        return self._drafts / name

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._put_in_place()
        finally:
            shutil.rmtree(self._drafts, ignore_errors=True)

    def _put_in_place(self) -> None:
        done: list[tuple[Path, Path | None]] = []  # what is there now, and what was there before
        try:
            for name in self._names:
                target = self._folder / name
                kept = _kept(target, self._drafts / f"before-{len(done)}") if self._replace else None
                if kept is not None:
                    (self._drafts / name).replace(target)
                else:
                    _move_new(self._drafts / name, target)
                done.append((target, kept))
        except OSError:
            for target, kept in reversed(done):
                if kept is not None:
                    kept.replace(target)
                else:
                    target.unlink(missing_ok=True)
            raise


def _kept(target: Path, name: Path) -> Path | None:
    """What stands at ``target``, under another name as well; None where nothing does."""
    if not os.path.lexists(target):
        return None
    try:
        os.link(target, name)
    except OSError:  # no links on this file system
        shutil.copy2(target, name)
    return name


def _move_new(source: Path, target: Path) -> None:
    """Move a file to a free name. FileExistsError where it is not free."""
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:  # no links on this file system
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
        source.rename(target)
    else:
        source.unlink()
