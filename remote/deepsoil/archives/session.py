"""The network of a run: `open_network` puts the parts behind `network.Network` together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from deepsoil.archives import contents, failures, windows
from deepsoil.archives import proxies as proxy_tables
from deepsoil.archives.cache import Cache, chosen_quota_bytes
from deepsoil.archives.kept_download import KeptDownload
from deepsoil.archives.network import Check, Download, Secret
from deepsoil.archives.remote_file import RemoteFile
from deepsoil.archives.transport import Call, Kept, Limits, Traffic, Transport
from deepsoil.io import disk, disk_errors


def open_network(*, offline: bool = False, cache: Path | None = None, proxies: proxy_tables.Proxies | None = None,
                 cancelled: Callable[[], bool] = lambda: False, on_bytes: Callable[[int], None] = lambda count: None,
                 limits: Limits | None = None, quota_bytes: int | None = None) -> Session:
    """A network for one run, to be closed at its end.

    offline    nothing is asked; what the cache has is used
    cache      its folder; None: nothing is kept
    proxies    host or "*" → proxy, or None for none; by default what ``DEEPSOIL_PROXIES`` says, else the system
    cancelled  asked several times a second, also while a server does not answer
    on_bytes   told how many more bytes have come, from the thread that asks
    limits     times and numbers of attempts
    quota_bytes  what the cache may hold; None: what the user chose, see `cache.chosen_quota_bytes`

    Raises
    ------
    DeepSoilError
        ``archive_proxies_invalid``.
    """
    table = proxy_tables.from_environment() if proxies is None else proxy_tables.checked(proxies)
    transport = Transport(offline=offline, table=table, cancelled=cancelled, on_bytes=on_bytes,
                          limits=limits or Limits())
    return Session(transport, None if cache is None else Cache(
        cache, chosen_quota_bytes() if quota_bytes is None else quota_bytes))


class Session:
    """The `network.Network` of a run; several threads may use it."""

    def __init__(self, transport: Transport, cache: Cache | None) -> None:
        self._transport, self._cache = transport, cache

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    @property
    def traffic(self) -> Traffic:
        """Requests and bytes of the run so far; of an answer that was packed, the bytes after unpacking."""
        return self._transport.traffic

    def answer(self, archive: str, address: str, *, params: Mapping[str, str] | None = None,
               secret: Secret | None = None, body: Any = None, headers: Mapping[str, str] | None = None,
               most_bytes: int = 64 << 20, pages: bool = False) -> bytes:
        """See `network.Network.answer`."""
        call = Call(archive, address, params or {}, secret, body, headers or {})
        kept: list[Kept] = []

        def take(head: object) -> Kept:
            kept.append(Kept(call, most_bytes))
            return kept[-1]

        self._transport.run(call, take)
        content = bytes(kept[-1].content)
        error = failures.wrong_content(archive, call.shown, content[:contents.BEGINNING], None)
        if error is not None and not pages:
            raise error
        return content

    def download(self, archive: str, address: str, path: Path, *, params: Mapping[str, str] | None = None,
                 secret: Secret | None = None, check: Check | None = None, keep: bool = True) -> Download:
        """See `network.Network.download`."""
        call = Call(archive, address, params or {}, secret)
        job = KeptDownload(self._transport, self._cache if keep else None, call, path, check)
        with _disk_errors_told(path.parent), self._held(call):
            disk.make_folder(path.parent)
            return job.run()

    def parts(self, archive: str, address: str, *, kind: str = "HDF5", secret: Secret | None = None,
              headers: Mapping[str, str] | None = None) -> RemoteFile:
        """See `network.Network.parts`."""
        remote = RemoteFile(self._transport, Call(archive, address, {}, secret, None, headers or {}), kind,
                            self._cache)
        remote.begin()
        return remote

    def window(self, archive: str, address: str, bounds: tuple[float, float, float, float], path: Path, *,
               least_known: float = 0.0, secret: Secret | None = None, member: str | None = None) -> Download:
        """See `network.Network.window`."""
        call = Call(archive, address, {}, secret)
        with _disk_errors_told(path.parent), self._held(call):
            disk.make_folder(path.parent)
            return windows.fetch(self._transport, self._cache, call, bounds, path, least_known, member)

    def _held(self, call: Call) -> AbstractContextManager[None]:
        """No other job fetches the same address meanwhile: what one has fetched, the next takes from the cache."""
        if self._cache is None:
            return nullcontext()
        return self._cache.held(call.shown, lambda pause_s: self._transport.wait(call, pause_s))


@contextmanager
def _disk_errors_told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_errors.explained(error, folder) or disk_errors.storage_failed(error) from error
