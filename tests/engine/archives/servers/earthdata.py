"""A server like NASA's: CMR lists files for everybody, and files go only to those who send a token.

What it imitates, and where that is known from:
- CMR ``/search/granules.json``: ``short_name``, ``version``, ``temporal``; ``feed.entry[]`` with ``links`` of several
  relations, of which ``http://esipfed.org/ns/fedsearch/1.1/data#`` are the files, also as ``s3://`` addresses, and
  links of the collection with ``inherited`` (CMR Search API documentation);
- files below ``nsidc-cumulus-prod-protected`` with ``Authorization: Bearer TOKEN``, sent on (303) to an address on
  another host that opens without the token, and must not get it (public_data.md §8; earthaccess-dev/earthaccess
  issue 188 on tokens);
- without a valid token sent on (302) to ``urs.earthdata.nasa.gov/oauth/authorize`` (earthaccess issue 1107), which
  answers a login page with 200 (public_data.md §8).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from servers.serving import Reply, Request, Server, ranged, serving

TOKEN = "a-token-of-nobody"
_DATA = "http://esipfed.org/ns/fedsearch/1.1/data#"
_PAGE = b"<!DOCTYPE html>\n<html><head><title>Earthdata Login</title></head><body>Sign in</body></html>\n"


@dataclass
class Earthdata:
    """``search`` and ``files``: what to point archives at; ``signed``: the host that files really come from."""

    search: str
    files: str
    signed: Server
    front: Server
    elsewhere: list[str] = field(default_factory=list)

    @property
    def bytes_sent(self) -> int:
        return sum(int(one.headers.get("range", "bytes=0-0").rpartition("-")[2]) for one in self.signed.asked)


@contextmanager
def earthdata(files: Mapping[date, list[Path]], token: str = TOKEN) -> Iterator[Earthdata]:
    """``files``: the releases of each day."""
    content = {path.name: path for paths in files.values() for path in paths}
    elsewhere: list[str] = []

    def signed(request: Request) -> Reply:
        return ranged(request, content[request.path.rpartition("/")[2]].read_bytes())

    with serving(signed) as store:
        def front(request: Request) -> Reply:
            if request.path == "/search/granules.json":
                return _listed(request, files, made[0].base + "/protected", elsewhere)
            if request.path == "/oauth/authorize":
                return Reply(_PAGE, "text/html; charset=utf-8")
            if request.headers.get("authorization") != f"Bearer {token}":
                return Reply(status=302, headers={"Location": "/oauth/authorize?client_id=x&response_type=code"})
            name = request.path.rpartition("/")[2]
            if name not in content:
                return Reply(b"<Error><Code>NoSuchKey</Code></Error>", "application/xml", 404)
            return Reply(status=303, headers={"Location": f"{store.base}/signed/{name}?A-userid=x&Signature=y"})

        made: list[Server] = []
        with serving(front) as server:
            made.append(server)
            yield Earthdata(server.base, server.base + "/protected", store, server, elsewhere)


def _listed(request: Request, files: Mapping[date, list[Path]], base: str, elsewhere: list[str]) -> Reply:
    assert request.get("short_name") == "SPL3SMP_E" and re.fullmatch(r"\d{3}", request.get("version"))
    assert "authorization" not in request.headers, "the list is free, and needs no token"
    first, last = (date.fromisoformat(one[:10]) for one in request.get("temporal").split(","))
    entries = []
    for day, paths in files.items():
        if first <= day <= last:
            for path in paths:
                links = [(_DATA, f"{base}/SMAP/SPL3SMP_E/006/{day:%Y/%m/%d}/{path.name}", False),
                         (_DATA, f"s3://nsidc-cumulus-prod-protected/{path.name}", False),
                         ("http://esipfed.org/ns/fedsearch/1.1/metadata#", f"{base}/{path.stem}.cmr.json", False),
                         (_DATA, "https://nsidc.org/data/spl3smp_e/", True)]
                links += [(_DATA, f"{other}/{path.name}", False) for other in elsewhere]
                entries.append({"title": path.name, "producer_granule_id": path.name,
                                "time_start": f"{day}T00:00:00.000Z",
                                "links": [{"rel": rel, "href": href} | ({"inherited": True} if inherited else {})
                                          for rel, href, inherited in links]})
    most = int(request.get("page_size"))
    return Reply(json.dumps({"feed": {"title": "ECHO granule metadata", "entry": entries[:most]}}).encode(),
                 "application/json;charset=utf-8")
