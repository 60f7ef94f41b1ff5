"""The network as archives see it: small answers, whole files and windows of remote rasters, all over one session.

Retries with ``Retry-After``, pacing by host, proxies, the system's certificates, the offline switch and the cache live
behind these methods, so that no archive knows of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

Secret = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""Query parameters that nobody may see. A function is asked for each request, and again where they were refused."""

HEAD_BYTES = 1 << 15
"""Of a file that is read in parts, asked for first: the directories of a usual GeoTIFF with its overviews."""

Check = Callable[[Path], None]
"""Raises DeepSoilError ``archive_implausible`` for a downloaded file that is not what was asked for."""


@dataclass(frozen=True)
class Download:
    """A file that was downloaded.

    address   where it came from in the end, after redirections; never with a secret in it
    sha256    of the whole file
    size      bytes that went over the network; 0 where the cache had it
    etag      the server's version, where it gives one
    """

    address: str
    sha256: str
    size: int
    etag: str | None = None


class RemoteParts(Protocol):
    """A remote file, read in parts. ``received``: bytes so far; ``address`` and ``version`` are the server's."""

    problem: BaseException | None
    received: int
    address: str
    version: str | None

    def read(self, size: int | None = -1) -> bytes: ...
    def seek(self, offset: int, whence: int = 0) -> int: ...
    def tell(self) -> int: ...


class Network(Protocol):
    """What ``Archive.fetch`` may use.

    ``archive`` is the title for errors. ``params`` are query parameters, encoded here. ``secret`` parameters are sent,
    but stand in no error, no log and no provenance.

    `failures.is_missing` tells a file that a server does not have (404) from a failure.

    Every method raises DeepSoilError: ``archive_offline`` (the offline switch, or no network at all),
    ``archive_failed`` (refused, gone, cut off, too slow, after all retries; names archive, address and what to do),
    ``archive_account`` (the account or the proxy's password is refused), ``disk_full``, ``cancelled``.
    """

    def answer(self, archive: str, address: str, *, params: Mapping[str, str] | None = None,
               secret: Secret | None = None, body: Any = None, headers: Mapping[str, str] | None = None,
               most_bytes: int = 64 << 20, pages: bool = False) -> bytes:
        """A small answer, whole.

        With a ``body`` it is a POST of JSON. Nothing keeps it: who asks again fetches again.

        ``pages``: a web page is a right answer, such as the list of a folder; by default it is an error, since
        networks and accounts send their login with status 200.
        """
        ...

    def download(self, archive: str, address: str, path: Path, *, params: Mapping[str, str] | None = None,
                 secret: Secret | None = None, check: Check | None = None,
                 keep: bool = True) -> Download:
        """A file into ``path``, whole or not at all; resumed where a part of it is there and the server's ETag holds.

        ``check`` looks at the whole file before it gets its name; what it refuses is fetched once more, then raised.
        ``keep``: the cache keeps it, for the next field near by.
        """
        ...

    def parts(self, archive: str, address: str, *, kind: str = "HDF5", secret: Secret | None = None,
              headers: Mapping[str, str] | None = None) -> RemoteParts:
        """A large remote file of which only parts are needed, such as one year of a continent in HDF5.

        ``kind`` of content, as `contents` names it; another is refused. ``headers`` are shown nowhere, and one with a
        key goes to no other host. It reads like a file. A failure while it is
        read by another library is told there as the end of the file; ``problem`` has the error.
        """
        ...

    def window(self, archive: str, address: str, bounds: tuple[float, float, float, float], path: Path, *,
               least_known: float = 0.0, secret: Secret | None = None, member: str | None = None) -> Download:
        """The part of a remote Cloud-Optimised GeoTIFF that covers ``bounds`` (degrees, EPSG:4326), as a GeoTIFF.

        ``member``: the GeoTIFF is a file of that name in the ZIP file at the address.

        Whole pixels of the remote grid, nothing resampled, same CRS, data type and nodata. ``least_known``: share of
        pixels with a value below which the clip is not accepted (``archive_implausible``), after the dataset was
        opened anew once: a failed tile must not become a silent hole. Raises ``archive_outside`` where the raster does
        not touch ``bounds``; where it covers a part, the clip has that part.
        """
        ...
