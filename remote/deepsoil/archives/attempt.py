"""One attempt at a request, in its own thread: from the connection to the last byte, or the reason why not."""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import requests
import urllib3

from deepsoil.archives import contents, failures, redirects, unpacking
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text

_CHUNK = 1 << 16
_SLOWEST_BYTES_PER_S = 500  # less, over the time that a server may be silent, is as bad as silence
_WRONG_TIME = ("certificate has expired", "certificate is not yet valid", "certificate is expired")
"""Of OpenSSL, and of macOS."""
_AGAIN = frozenset({429, 500, 502, 503, 504})


class Broken(Exception):
    """Asking again may help.

    reason        for people, without what is secret
    retry_after   the server's header, if it sent one
    unknown_name  the server's name is not known: perhaps there is no network at all
    silent        the server said nothing, which took long
    """

    def __init__(self, reason: str, *, status: int | None = None, retry_after: str | None = None,
                 unknown_name: bool = False, silent: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.status, self.retry_after = reason, status, retry_after
        self.unknown_name, self.silent = unknown_name, silent


class Fatal(Exception):
    """Asking again cannot help."""

    def __init__(self, error: DeepSoilError, status: int | None = None) -> None:
        super().__init__(error.code)
        self.error, self.status = error, status


class Taker(Protocol):
    """Gets the body of an answer as it comes, and is told its end; may raise `Broken`, `Fatal` and OSError."""

    def __call__(self, content: bytes) -> None: ...

    def end(self) -> None: ...


class Times(Protocol):
    @property
    def connect_s(self) -> float: ...
    @property
    def read_s(self) -> float: ...


class Attempt:
    """``done`` is set at the end; then ``problem`` says why it failed, or ``answer`` has the head.

    ``received`` counts the bytes of the body so far; ``sent_on``: the answer is of another address than was asked.
    """

    def __init__(self, session: requests.Session, archive: str, shown: str, accepted: frozenset[int],
                 times: Times) -> None:
        self.done = threading.Event()
        self.problem: Exception | None = None
        self.answer: requests.Response | None = None
        self.received = 0
        self.sent_on = False
        self._session, self._archive, self._shown = session, archive, shown
        self._accepted, self._times = accepted, times
        self._lock = threading.Lock()
        self._abandoned = False

    def abandon(self) -> None:
        """Nothing is taken any more when this returns; the thread ends when the server lets it."""
        with self._lock:
            self._abandoned = True

    def work(self, address: str, body: Any, headers: Mapping[str, str],
             proxies_of: Callable[[str], Mapping[str, str]], take: Callable[[requests.Response, bool], Taker]) -> None:
        """Everything of the attempt; raises nothing."""
        try:
            self._work(address, body, headers, proxies_of, take)
        except (Broken, Fatal, DeepSoilError, MemoryError) as error:
            self.problem = error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            self.problem = self._explained(error)
        except zlib.error:
            self.problem = Broken(Text("the answer is not packed as it says, or damaged"))
        except Exception as error:  # noqa: BLE001 - of the taker, such as a full disk; the waiting thread raises it
            self.problem = error
        finally:
            self.done.set()

    def _work(self, address: str, body: Any, headers: Mapping[str, str],
              proxies_of: Callable[[str], Mapping[str, str]], take: Callable[[requests.Response, bool], Taker]) -> None:
        answer, self.sent_on = redirects.follow(self._session, address, body, headers, proxies_of,
                                                (self._times.connect_s, self._times.read_s))
        with answer:
            self.answer = answer
            if answer.status_code not in self._accepted:
                raise self._refusal(answer)
            with self._lock:
                if self._abandoned:
                    return
                taker = take(answer, self.sent_on)
            since, came, unpacker = time.monotonic(), 0, unpacking.unpacker_of(answer.headers)
            while raw := answer.raw.read1(_CHUNK, decode_content=False):  # not a byte that came is lost by a cut
                for content in [raw] if unpacker is None else unpacker.unpacked(raw):
                    with self._lock:
                        if self._abandoned:
                            return
                        taker(content)
                    self.received += len(content)
                came += len(raw)
                if (now := time.monotonic()) - since > self._times.read_s:
                    if came < _SLOWEST_BYTES_PER_S * (now - since):
                        raise Broken(Text("only {count} bytes came in {seconds} s", count=came,
                                          seconds=round(now - since)))
                    since, came = now, 0
            if (unpacker is not None and self.received and not unpacker.is_whole) or (
                    not self.received and _may_be_cut(answer)):
                raise Broken(Text("the answer was cut off"))
            with self._lock:
                if not self._abandoned:
                    taker.end()

    def _refusal(self, answer: requests.Response) -> Exception:
        status = answer.status_code
        beginning = answer.raw.read(contents.BEGINNING, decode_content=True) or b""
        said = "" if contents.is_page(beginning) else contents.saying(beginning)
        reason = (Text("the server answers {status}: {said}", status=status, said=said) if said
                  else Text("the server answers {status}", status=status))
        if status == 407:
            return Fatal(failures.proxy_refused(self._archive, self._shown), status)
        if status in _AGAIN:
            return Broken(reason, status=status, retry_after=answer.headers.get("Retry-After"))
        return Fatal(failures.failed(self._archive, self._shown, reason, status=status), status)

    def _explained(self, error: Exception) -> Exception:
        """The texts of the libraries are looked at, never passed on: they hold addresses with passwords."""
        text = str(error)
        if "407" in text and isinstance(error, requests.exceptions.ProxyError):
            return Fatal(failures.proxy_refused(self._archive, self._shown), 407)
        if isinstance(error, requests.exceptions.ProxyError):
            return Broken(Text("the proxy does not answer"))
        if isinstance(error, requests.exceptions.SSLError):
            if any(words in text for words in _WRONG_TIME):
                return Fatal(failures.certificate_time(self._archive, self._shown))
            if "CERTIFICATE_VERIFY_FAILED" in text or "certificate" in text.lower():
                return Fatal(failures.certificate(self._archive, self._shown))
            return Broken(Text("the encrypted connection was broken off"))
        if isinstance(error, requests.exceptions.TooManyRedirects):
            return Fatal(failures.failed(self._archive, self._shown, Text(
                "the server sends from one address to another without end")))
        if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema,
                              requests.exceptions.MissingSchema)):
            return Fatal(failures.failed(self._archive, self._shown, Text(
                "the address, or one that the server sends on to, is not valid")))
        if isinstance(error, requests.ConnectTimeout):
            return Broken(Text("there was no connection within {seconds:g} s", seconds=self._times.connect_s),
                          silent=True)
        if isinstance(error, requests.Timeout) or "timed out" in text:
            return Broken(Text("nothing came for {seconds:g} s", seconds=self._times.read_s), silent=True)
        if "NameResolutionError" in text or "Failed to resolve" in text:
            return Broken(Text("the name of the server is not known"), unknown_name=True)
        if isinstance(error, urllib3.exceptions.ProtocolError | urllib3.exceptions.DecodeError):
            return Broken(Text("the answer was cut off"))
        return Broken(Text("the connection failed or was broken off"))


def _may_be_cut(answer: requests.Response) -> bool:
    """Whether only the end of the connection ends the body: one that broke off in the head looks like an empty one."""
    return (answer.status_code in (200, 206) and "Content-Length" not in answer.headers
            and "Transfer-Encoding" not in answer.headers)
