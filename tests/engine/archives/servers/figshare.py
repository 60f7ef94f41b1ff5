"""figshare's file of the Köppen-Geiger map, imitated: a redirection to a signed address, and HTTP ranges of a ZIP file.

Facts collected on public archives, November 2026, §4: ``/ndownloader/files/45057352``, the member
``1991_2020/koppen_geiger_0p00833333.tif``, 30 arc seconds, uint8. Assumed, not known: the other members, and whether
members are stored or deflated (both are served).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from servers.serving import Reply, Request, Server, ranged, serving

MEMBER = "1991_2020/koppen_geiger_0p00833333.tif"


@contextmanager
def figshare(tif: bytes, *, member: str = MEMBER, method: int = zipfile.ZIP_DEFLATED, before: int = 3_000_000,
             damage: int | None = None) -> Iterator[Server]:
    """Serve a ZIP file with a map; ``base`` stands for https://figshare.com. ``damage``: a byte of it is turned."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("1901_1930/koppen_geiger_0p00833333.tif", b"\0" * before)
        archive.writestr(member, tif, compress_type=method)
        archive.writestr("2041_2070/ssp119/koppen_geiger_0p00833333.tif", b"\1" * before)
    whole = bytearray(content.getvalue())
    if damage is not None:
        whole[damage] ^= 0xFF
    final = bytes(whole)

    def answer(request: Request) -> Reply:
        if request.path == "/ndownloader/files/45057352":
            return Reply(status=302, headers={"Location": "/store/koppen_geiger_tif.zip?X-Amz-Signature=secret"})
        if request.path == "/store/koppen_geiger_tif.zip" and request.get("x-amz-signature") == "secret":
            return ranged(request, final)
        return Reply(b"not found", status=404)

    with serving(answer) as server:
        yield server
