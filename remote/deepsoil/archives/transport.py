"""One request of an archive until it is answered: paced, repeated where that can help, stopped at any byte.

Each attempt runs in a thread of its own while this one waits, so that a server that hangs does not delay a cancel.
"""

from __future__ import annotations

import logging
import re
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from deepsoil import __version__
from deepsoil.archives import failures, pacing, proxies, unpacking
from deepsoil.archives.attempt import Attempt, Broken, Fatal, Taker
from deepsoil.archives.network import Secret
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

logging.getLogger("urllib3").setLevel(logging.INFO)  # its finer messages show addresses with keys and passwords

AGENT = f"DeepSoil/{__version__} (QGIS plugin for soil moisture)"
_WAIT_FOR = re.compile(r"try again in (\d+) second", re.IGNORECASE)
_MOST_TRIES = 30  # also of a large file that comes on by a little with each


@dataclass(frozen=True)
class Limits:
    """Times in seconds. ``tries`` in a row without a byte; the pause doubles from the first to the longest.

    A server that is silent for ``read_s``, or does not take the connection, is asked twice only: others may stand in.
    """

    connect_s: float = 15.0
    read_s: float = 90.0
    tries: int = 5
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0

    @property
    def longest_head_s(self) -> float:
        """Until an answer begins, also sent on some times: a server may send its head letter by letter."""
        return 4 * (self.connect_s + self.read_s)


@dataclass(frozen=True)
class Call:
    """What is asked. ``secret`` is sent with ``params``, and never shown; a function gives it anew once refused."""

    archive: str
    address: str
    params: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_key(self) -> bool:
        """Whether something is sent that the server may refuse."""
        return self.secret is not None or "Authorization" in self.headers

    @property
    def shown(self) -> str:
        """The address with its parameters, without what is secret."""
        return with_params(self.address, self.params)

    def sent(self) -> str:
        secret = self.secret() if callable(self.secret) else self.secret
        return with_params(self.shown, secret or {})


@dataclass(frozen=True)
class Head:
    """The beginning of an answer. Names of ``headers`` in any case. ``address``: after redirections, no secret."""

    status: int
    headers: Mapping[str, str]
    address: str


class Nothing:
    """Takes what nobody wants."""

    def __call__(self, content: bytes) -> None:
        pass

    def end(self) -> None:
        pass


class Kept:
    """Keeps a small answer in memory. Raises `Fatal` where it has more than ``most_bytes``."""

    def __init__(self, call: Call, most_bytes: int) -> None:
        self.content = bytearray()
        self._call, self._most_bytes = call, most_bytes

    def __call__(self, content: bytes) -> None:
        self.content += content
        if len(self.content) > self._most_bytes:
            raise Fatal(failures.failed(self._call.archive, self._call.shown,
                                        Text("the answer is larger than expected")))

    def end(self) -> None:
        pass


class Traffic:
    """What a run asked and got, by host: requests with those that failed, and bytes of bodies as they came."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, address: str, count: int) -> None:
        host = _host_of(address)
        with self._lock:
            self.requests[host] += 1
            self.bytes[host] += count


class Transport:
    """A session for one run; its methods may be called by several threads."""

    def __init__(self, *, offline: bool, table: proxies.Proxies | None, cancelled: Callable[[], bool],
                 on_bytes: Callable[[int], None], limits: Limits) -> None:
        self.offline, self.limits = offline, limits
        self._table, self._cancelled, self._on_bytes = table, cancelled, on_bytes
        self.traffic = Traffic()
        self._pacer = pacing.Pacer()
        self._session = requests.Session()
        self._session.trust_env = False  # no .netrc, no proxies but those of `proxies`
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(pool_maxsize=8))

    def close(self) -> None:
        self._session.close()

    def run(self, call: Call, take: Callable[[Head], Taker], *, headers: Callable[[], Mapping[str, str]] = dict,
            accepted: frozenset[int] = frozenset({200}), resumes: Callable[[], bool] = lambda: False) -> Head:
        """The head of the answer once its body was taken whole.

        ``take`` is asked for a taker at the beginning of each answer, and may raise `Broken` where the answer is of no
        use and asking again may help. ``headers`` are asked for before each attempt. ``accepted``: the good statuses.
        ``resumes``: whether what came before a cut is kept, so that an attempt with a byte is no failure in a row.

        Raises
        ------
        DeepSoilError
            as `network.Network` says; OSError of the taker passes through.
        """
        if self.offline:
            raise failures.offline(call.archive, call.shown)
        tries, renewed = 0, False
        for _ in range(_MOST_TRIES):
            attempt = Attempt(self._session, call.archive, call.shown, accepted, self.limits)
            with self._pacer.turn(call.address, lambda pause_s: self.wait(call, pause_s)):
                try:
                    head = self._attempt(attempt, call, headers, take)
                finally:
                    self.traffic.add(call.address, attempt.received)
            if head is not None:
                return head
            problem = attempt.problem
            if isinstance(problem, Fatal):
                if problem.status in (401, 403) and callable(call.secret) and not renewed:
                    renewed = True
                    continue
                if problem.status == 401 or (problem.status == 403 and call.has_key):
                    raise failures.refused(call.archive, call.shown, problem.status) from None
                raise problem.error from None
            if not isinstance(problem, Broken):
                raise problem or AssertionError("an attempt without an end")
            broken = problem
            cost = (self.limits.tries + 1) // 2 if broken.silent else 1
            tries = cost if attempt.received and resumes() else tries + cost
            if tries >= self.limits.tries:
                break
            self.wait(call, self._pause_s(tries, broken))
        raise _given_up(call, broken) from None

    def _attempt(self, attempt: Attempt, call: Call, headers: Callable[[], Mapping[str, str]],
                 take: Callable[[Head], Taker]) -> Head | None:
        address = call.sent()
        asked = {"User-Agent": AGENT, "Accept-Encoding": unpacking.ASKED_FOR, **call.headers, **headers()}
        thread = threading.Thread(target=attempt.work, daemon=True, name="deepsoil-archive", args=(
            address, call.body, asked, lambda one: proxies.for_address(one, self._table),
            lambda answer, sent_on: take(_head_of(answer, sent_on, call))))
        thread.start()
        told, began = 0, time.monotonic()
        while True:
            done = attempt.done.wait(0.05)
            if attempt.received > told:
                self._on_bytes(attempt.received - told)
                told = attempt.received
            if done:
                return None if attempt.problem is not None else _head_of(
                    attempt.answer, attempt.sent_on, call)
            if self._cancelled():
                attempt.abandon()
                raise failures.stopped(call.archive, call.shown)
            if attempt.answer is None and time.monotonic() - began > self.limits.longest_head_s:
                attempt.abandon()
                attempt.problem = Broken(Text("the head of the answer did not come to its end"), silent=True)
                return None

    def wait(self, call: Call, pause_s: float) -> None:
        """Raises ``cancelled`` as soon as it is."""
        until = time.monotonic() + pause_s
        while True:
            if self._cancelled():
                raise failures.stopped(call.archive, call.shown)
            if (left_s := until - time.monotonic()) <= 0:
                return
            time.sleep(min(left_s, 0.1))

    def _pause_s(self, tries: int, problem: Broken) -> float:
        """What the server asks for, within limits; else twice as long each time."""
        asked_s = None
        if problem.retry_after:
            with suppress(InvalidHeader, ValueError, OverflowError):  # also a year or a number beyond all bounds
                asked_s = Retry().parse_retry_after(problem.retry_after)  # seconds or a date
        if asked_s is None and (found := _WAIT_FOR.search(problem.reason)):
            asked_s = float(found.group(1))
        if asked_s is None:
            asked_s = self.limits.first_pause_s * 2 ** (tries - 1)
        return min(asked_s, self.limits.longest_pause_s)


class _Adapter(HTTPAdapter):
    """Trusts the certificates that the system trusts, such as an office's own."""

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, ssl_context=_context(), **keywords)

    def proxy_manager_for(self, proxy: str, **keywords: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=_context(), **keywords)


def with_params(address: str, params: Mapping[str, str]) -> str:
    """The address with parameters added; ``:``, ``,``, ``*`` and ``/`` in them stay readable."""
    if not params:
        return address
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(params, safe=":,*/()")) if part)
    return urlunsplit(parts._replace(query=query))


def _given_up(call: Call, problem: Broken) -> DeepSoilError:
    if problem.unknown_name:
        return failures.no_network(call.archive, call.shown)
    return failures.failed(call.archive, call.shown, problem.reason, status=problem.status)


def _head_of(answer: requests.Response | None, sent_on: bool, call: Call) -> Head:
    assert answer is not None
    address = call.shown
    if sent_on:  # the query of another address may hold a key
        address = urlunsplit(urlsplit(answer.url)._replace(query="", fragment="", netloc=_host_of(answer.url)))
    return Head(answer.status_code, answer.headers, address)


def _host_of(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]


def _context() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
