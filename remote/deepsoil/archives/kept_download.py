"""One download with the cache before it: taken from there where it is still the server's, else fetched and kept."""

from __future__ import annotations

import time
from pathlib import Path

from deepsoil.archives import contents, downloads, failures
from deepsoil.archives.cache import UNVERSIONED_S, Cache, Entry, Part
from deepsoil.archives.downloads import Fetched
from deepsoil.archives.network import Check, Download
from deepsoil.archives.transport import Call, Transport
from deepsoil.contract.errors import DeepSoilError
from deepsoil.io import hashing


class KeptDownload:
    """``run`` brings the file; ``received`` counts what came over the network meanwhile."""

    def __init__(self, transport: Transport, cache: Cache | None, call: Call, path: Path, check: Check | None) -> None:
        self._transport, self._cache, self._call, self._path = transport, cache, call, path
        self._check: Check = check or (lambda _: None)
        self._received = 0

    def run(self) -> Download:
        """See `network.Network.download`; OSError of the disk passes through."""
        entry = self._cache.entry(self._call.shown) if self._cache is not None else None
        if entry is not None and (self._transport.offline or _is_fresh(entry)):
            if (found := self._from_cache(entry)) is not None:
                return found
            if self._transport.offline:
                raise failures.offline(self._call.archive, self._call.shown)
            entry = None
        known = entry.version if entry is not None and entry.whole is not None else None
        fetched = self._fetch(known)
        if fetched.unchanged and entry is not None:
            if (found := self._from_cache(entry)) is not None:
                return found
            fetched = self._fetch(None)
        if not self._is_right():
            downloads.discard(self._path)
            fetched = self._fetch(None)
            self._check_or_discard()
        return self._finish(fetched)

    def _fetch(self, known: str | None) -> Fetched:
        fetched = downloads.fetch(self._transport, self._call, self._path, contents.wanted_of(self._path.name), known)
        self._received += fetched.size
        return fetched

    def _from_cache(self, entry: Entry) -> Download | None:
        """The file as the cache has it; None where it is gone, damaged or no longer right."""
        whole, part = entry.whole, downloads.part_of(self._path)
        if self._cache is None or whole is None:
            return None
        downloads.discard(self._path)
        if not self._cache.copy(whole, part):
            return None
        if not self._is_right():
            downloads.discard(self._path)
            return None
        downloads.finish(Fetched(part, entry.address, 0, entry.version), self._path)
        return Download(entry.address, whole.sha256, self._received, entry.version)

    def _is_right(self) -> bool:
        try:
            self._check(downloads.part_of(self._path))
        except DeepSoilError:
            return False
        return True

    def _check_or_discard(self) -> None:
        try:
            self._check(downloads.part_of(self._path))
        except DeepSoilError:
            downloads.discard(self._path)
            raise

    def _finish(self, fetched: Fetched) -> Download:
        sha256 = hashing.sha256_of_file(fetched.part)
        size = fetched.part.stat().st_size
        if self._cache is not None and size:
            entry = Entry(self._call.shown, fetched.address, fetched.version, size, time.time(),
                          (Part(0, size, sha256),))
            self._cache.keep(entry, fetched.part)
        downloads.finish(fetched, self._path)
        return Download(fetched.address, sha256, self._received, fetched.version)


def _is_fresh(entry: Entry) -> bool:
    """Whether a file without a version is so young that it is used without asking."""
    return entry.version is None and 0 <= time.time() - entry.checked < UNVERSIONED_S
