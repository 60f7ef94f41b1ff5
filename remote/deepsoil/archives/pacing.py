"""How politely each server is asked: how many requests at once, and how much time between their beginnings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Pace:
    """``at_once`` requests at most, ``gap_s`` seconds at least between the beginnings of two."""

    at_once: int = 4
    gap_s: float = 0.0


USUAL = Pace()

# Sources: shared facts on public archives, November 2026; none was probed live.
PACES: Mapping[str, Pace] = {
    "cloud.csiss.gmu.edu": Pace(1, 1.0),          # Crop-CASMA overloads: 1-2 requests at once
    "nassgeodata.gmu.edu": Pace(1, 1.0),          # CropScape, the same house; slow
    "maps.isric.org": Pace(1, 12.0),              # SoilGrids: about 5 calls a minute
    "services.nacse.org": Pace(1, 2.0),           # PRISM: 2 s between requests
    "api.open-meteo.com": Pace(2, 0.1),           # fewer than 600 a minute
    "api.weather.gov": Pace(2, 0.2),              # no published limit; answers 429 or 503
    "sdmdataaccess.sc.egov.usda.gov": Pace(1, 0.0),     # no published limit; long queries
    "casoilresource.lawr.ucdavis.edu": Pace(1, 0.5),    # a university's service
    "hydrology.cee.duke.edu": Pace(2, 0.0),             # one university host
    "thredds.northwestknowledge.net": Pace(2, 0.0),     # one university host
    "modis.ornl.gov": Pace(2, 0.0),                     # at most 10 dates a request: many requests
    "wcc.sc.egov.usda.gov": Pace(2, 0.0),               # no published limit
}


class Pacer:
    """Keeps the pace for the threads of one process."""

    def __init__(self, paces: Mapping[str, Pace] = PACES) -> None:
        self._paces = paces
        self._lock = threading.Lock()
        self._running: dict[str, int] = {}
        self._next: dict[str, float] = {}

    @contextmanager
    def turn(self, address: str, wait: Callable[[float], None]) -> Iterator[None]:
        """Wait by ``wait(seconds)``, which may raise, until a request to the address may begin; then it runs."""
        host = (urlsplit(address).hostname or "").lower()
        pace = self._paces.get(host, USUAL)
        while (pause_s := self._begin(host, pace)) > 0:
            wait(pause_s)
        try:
            yield
        finally:
            with self._lock:
                self._running[host] -= 1

    def _begin(self, host: str, pace: Pace) -> float:
        """0: begun; else the seconds after which to ask again."""
        with self._lock:
            if self._running.get(host, 0) >= pace.at_once:
                return 0.02
            if (left_s := self._next.get(host, 0.0) - time.monotonic()) > 0:
                return left_s
            self._running[host] = self._running.get(host, 0) + 1
            self._next[host] = time.monotonic() + pace.gap_s
            return 0.0
