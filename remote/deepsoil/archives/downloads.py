"""A file from an archive: written beside its place, resumed where the server's version still holds, named when whole.

``NAME.part`` has the bytes so far and ``NAME.part.json`` which version of the server's file they are of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from deepsoil.archives import contents, failures
from deepsoil.archives.attempt import Broken, Fatal, Taker
from deepsoil.archives.transport import Call, Head, Nothing, Transport
from deepsoil.contract.text import Text
from deepsoil.io import disk, json_files


@dataclass(frozen=True)
class Fetched:
    """A whole file under its ``.part`` name. ``version``: the server's, None where it gives none.

    ``unchanged``: nothing came, since the server's file is still of the known version.
    """

    part: Path
    address: str
    size: int
    version: str | None
    unchanged: bool = False


def fetch(transport: Transport, call: Call, path: Path, wanted: str | None, known: str | None = None) -> Fetched:
    """Bring ``path``'s part to its end; the caller checks it and gives it its name by `finish`.

    ``known``: a version that need not be sent again.

    Raises what `Transport.run` raises, and OSError of the disk; the part stays, to be resumed.
    """
    job = _Part(call, path, wanted, known)
    try:
        head = transport.run(call, job.begin, headers=job.headers, resumes=lambda: job.resumable,
                             accepted=frozenset({200, 206, 416} if known is None else {200, 206, 304, 416}))
    finally:
        job.close()
    if head.status == 304:
        return Fetched(job.part, head.address, job.received, known, unchanged=True)
    return Fetched(job.part, head.address, job.received, job.version)


def finish(fetched: Fetched, path: Path) -> None:
    """Flush the part to the disk and give it its name. OSError."""
    disk.sync_file(fetched.part, becomes=path)
    disk.retry_while_busy(lambda: fetched.part.replace(path))
    disk.sync_folder(path.parent)
    _note_of(fetched.part).unlink(missing_ok=True)


def discard(path: Path) -> None:
    """Remove what there is of a file that is not whole."""
    part = part_of(path)
    _note_of(part).unlink(missing_ok=True)
    part.unlink(missing_ok=True)


def part_of(path: Path) -> Path:
    return path.with_name(path.name + ".part")


def if_changed(version: str | None) -> dict[str, str]:
    """The header by which a server sends nothing (304) where its file is still of a version."""
    if version is None:
        return {}
    return {"If-None-Match" if version.startswith('"') else "If-Modified-Since": version}


def version_of(headers: Mapping[str, str]) -> str | None:
    """What names the version of a file in ``If-Range``: a strong ETag, else the date of its last change.

    None also for an answer that is packed though nobody asked for that: its bytes are not those of the file.
    """
    if _is_packed(headers):
        return None
    etag = headers.get("ETag")
    if etag and not etag.startswith("W/"):
        return etag
    return headers.get("Last-Modified")


class _Part:
    """The part of a file on the disk, and what each answer adds to it."""

    def __init__(self, call: Call, path: Path, wanted: str | None, known: str | None) -> None:
        self.part = part_of(path)
        self.received = 0
        self.version: str | None = None
        self._call, self._wanted, self._known = call, wanted, known
        self._file: BinaryIO | None = None
        self._resumable = self._read_note()

    @property
    def resumable(self) -> bool:
        """Whether what came so far need not come again."""
        return self._resumable and self.version is not None and self._size() > 0

    def headers(self) -> dict[str, str]:
        self.close()
        usual = {"Accept-Encoding": "identity"}  # else neither length nor ranges are those of the file
        size = self._size()
        if not self.resumable or self.version is None:
            return {**usual, **if_changed(self._known)}
        return {**usual, "Range": f"bytes={size}-", "If-Range": self.version}

    def begin(self, head: Head) -> Taker:
        """The taker of one answer: what it brings is added to the part, or is the part anew."""
        if head.status == 304:
            return Nothing()
        if head.status == 416:
            self._past_the_end(head)
            return Nothing()
        start, total = 0, _length(head)
        if head.status == 206:
            start, total = _range(head)
            if self.version is None or start != self._size() or version_of(head.headers) != self.version:
                self.forget()
                raise Broken(Text("the server sent another part than was asked for"))
        else:
            self._start_anew(head)
        self._file = self.part.open("r+b")
        self._file.seek(start)
        return _Adding(self, self._file, start, total)

    def check(self, beginning: bytes) -> None:
        """Raises `Fatal` where the content is of another kind than the file's name says."""
        error = failures.wrong_content(self._call.archive, self._call.shown, beginning, self._wanted)
        if error is not None:
            self.forget()
            raise Fatal(error)

    def forget(self) -> None:
        """Remove the part."""
        self.close()
        self._resumable, self.version = False, None
        _note_of(self.part).unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()

    def _start_anew(self, head: Head) -> None:
        self.forget()
        self.part.touch()
        self.version = version_of(head.headers)
        if self.version is not None:
            json_files.write(_note_of(self.part), {"address": self._call.shown, "version": self.version})
            self._resumable = True

    def _past_the_end(self, head: Head) -> None:
        total = head.headers.get("Content-Range", "").rpartition("/")[2]
        if not total.isdecimal() or int(total) != self._size() or int(total) == 0:  # else the part is the whole file
            self.forget()
            raise Broken(Text("the server has another file than before"))

    def _size(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _read_note(self) -> bool:
        note = json_files.read_or_none(_note_of(self.part))
        if note is None or note.get("address") != self._call.shown or not isinstance(note.get("version"), str):
            return False
        self.version = note["version"]
        return True


class _Adding:
    """Writes one answer; looks at the beginning of a file before anything of it is written."""

    def __init__(self, job: _Part, file: BinaryIO, start: int, total: int | None) -> None:
        self._job, self._file, self._at, self._total = job, file, start, total
        self._beginning: bytes | None = b"" if start == 0 else None

    def __call__(self, content: bytes) -> None:
        if self._beginning is not None:
            self._beginning += content
            if len(self._beginning) < contents.BEGINNING:
                return
            content = self._checked()
        self._write(content)

    def end(self) -> None:
        """The answer has ended; raises `Broken` where that was too early."""
        if self._beginning is not None:
            self._write(self._checked())
        self._file.flush()
        if self._total is not None and self._at != self._total:
            if self._at > self._total:
                self._job.forget()
            raise Broken(Text("the answer was cut off after {count} of {total} bytes", count=self._at,
                              total=self._total))

    def _checked(self) -> bytes:
        beginning, self._beginning = self._beginning or b"", None
        self._job.check(beginning)
        return beginning

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._at += len(content)
        self._job.received += len(content)


def _note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _is_packed(headers: Mapping[str, str]) -> bool:
    return headers.get("Content-Encoding", "identity").lower() != "identity"


def _length(head: Head) -> int | None:
    """The size of the file, where the answer says it."""
    if _is_packed(head.headers):
        return None
    length = head.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _range(head: Head) -> tuple[int, int | None]:
    """First byte and size of the whole of an answer with a part. `Broken` where it says none."""
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", head.headers.get("Content-Range", ""))
    if found is None or _is_packed(head.headers):
        raise Broken(Text("the server sent a part without saying which"))
    return int(found.group(1)), int(found.group(3)) if found.group(3).isdecimal() else None
