"""For the benchmarks of gathering: Kings Creek on the local servers of the tests, and a record of every request.

The servers lie with the tests, and Kings Creek's data beside the checkout: where either is not there, nothing is
measured.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import requests
import shapely
from requests.adapters import HTTPAdapter

from deepsoil.archives.registry import ARCHIVES
from deepsoil.archives.transport import Traffic
from deepsoil.bench.measure import Row, row
from deepsoil.contract.specification import Specification, parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.jobs.kind import Context
from deepsoil.kinds import gather_planning, gather_request, gather_work
from deepsoil.kinds.gather_refreshing import refreshing_of
from deepsoil.kinds.open_context import open_context
from deepsoil.store.store import Store

_CHECKOUT = Path(__file__).resolve().parents[3]
_SERVERS = _CHECKOUT / "tests" / "engine" / "archives"
_DATA = Path(os.environ.get("DEEPSOIL_REAL_DATA", _CHECKOUT.parent / "shared" / "data"))
_BOX = (-96.66, 39.04, -96.53, 39.14)
_FIELD = shapely.box(-96.60, 39.085, -96.585, 39.10)
_LATENCY_S = 0.05
_NOBODY = ("uscrn", "nws", "polaris", "soilgrids", "nlcd_images", "cropscape", "sentinel2", "open_meteo")


Request = tuple[str, str, dict[str, str], Any]
"""Method, address, headers, body."""


@dataclass
class Ground:
    """``sent``: every request so far."""

    folder: Path
    sent: list[Request] = field(default_factory=list)
    _number: int = 0

    def new_home(self) -> Context:
        """A HOME without a cache."""
        self._number += 1
        home = self.folder / f"home-{self._number}"
        home.mkdir()
        return open_context(home)

    def gather(self, context: Context, today: date) -> Traffic:
        """Everything for the field, into a new folder in HOME."""
        work = self._planned(context, today)
        return self._run(context, lambda around: gather_work.gather(
            work.plan, gather_work.record_of(work), work.folder, around))

    def refresh(self, context: Context, today: date) -> Traffic:
        """What is new on a day after `gather`."""
        with mock.patch.object(gather_planning, "today", lambda: today):
            work = refreshing_of(self._request(update=True, folder=str(context.home / "field")), context)
        return self._run(context, lambda around: gather_work.gather(work.plan, work.renewed, work.folder, around))

    def plain(self, asked: Sequence[Request]) -> None:
        """The same requests with nothing around them, one after another."""
        with requests.Session() as session:
            session.trust_env = False
            for method, address, headers, body in asked:
                session.request(method, address, headers=headers, data=body, timeout=60).content  # noqa: B018

    def _planned(self, context: Context, today: date) -> gather_request.Gathering:
        with mock.patch.object(gather_planning, "today", lambda: today):
            return gather_request.gathering_of(self._request(folder=str(context.home / "field"), day=today), context)

    def _request(self, *, folder: str, update: bool = False, day: date | None = None) -> Specification:
        document: dict[str, Any] = {"schema": SCHEMA, "id": "0" * 32, "kind": "gather", "name": "bench",
                                    "options": {"folder": folder, "off": list(set(_NOBODY) & set(ARCHIVES)),
                                                "update": update}}
        if day is not None:
            document |= {"area": json.loads(shapely.to_geojson(_FIELD)),
                         "dates": {"start": "2023-09-01", "end": str(day)}}
        return parse_specification(document)

    def _run(self, context: Context, action: Callable[[gather_work.Surroundings], object]) -> Traffic:
        found: list[Traffic] = []
        action(gather_work.Surroundings(context.home, lambda done, total, message: None, lambda text, level: None,
                                           lambda: False, on_traffic=found.append))
        return found[0]


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """The servers, and a record of what is asked of them."""
    from deepsoil.sources.ingest import ingest

    store = ingest(_CHECKOUT / "resources" / "recipes" / "kings_creek.yaml", folder / "store", _DATA)
    (folder / "tiles").mkdir()
    made, plain = Ground(folder), HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        made.sent.append((str(request.method), str(request.url), dict(request.headers), request.body))
        return plain(adapter, request, **options)

    with _servers(store.path, folder / "tiles") as held:
        addresses = folder / "archives.json"
        addresses.write_text(json.dumps({**dict.fromkeys(_NOBODY, "http://127.0.0.1:9"), **held}))
        with mock.patch.dict(os.environ, {"DEEPSOIL_ARCHIVES": str(addresses), "DEEPSOIL_PROXIES": "{}"}), \
                mock.patch.object(HTTPAdapter, "send", send):
            yield made


@contextmanager
def _servers(store: Path, tiles: Path) -> Iterator[dict[str, str]]:
    """Addresses of the servers, in a process of their own, so that their work is not ours."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(store, tiles, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve(store: Path, tiles: Path, pipe: Any) -> None:
    """The body of that process. Every answer takes `_LATENCY_S` more, as on the internet."""
    sys.path.insert(0, str(_SERVERS))
    handle = BaseHTTPRequestHandler.parse_request

    def late(handler: BaseHTTPRequestHandler) -> bool:
        time.sleep(_LATENCY_S)
        return handle(handler)

    with mock.patch.object(BaseHTTPRequestHandler, "parse_request", late), \
            import_module("kings_creek_servers").kings_creek(Store.open(store), _BOX, tiles) as held:
        pipe.send(held.addresses)
        threading.Event().wait()


def missing() -> str | None:
    """Why nothing can be measured here, or None."""
    if not (_SERVERS / "kings_creek_servers.py").is_file():
        return "the servers of the tests are not there"
    return None if (_DATA / "kings_creek").is_dir() else f"no data of Kings Creek at {_DATA}"


def skipped(name: str, reason: str) -> list[Row]:
    """The row of what was not measured."""
    return [row(f"{name}: not measured, {reason}", 0, "")]
