"""A server of files by HTTP ranges, with an ETag, that can be told to fail in every way that archives do.

What it imitates, and where that is known from (facts on public archives, November 2026, §11 and §14; RFC 9110):
- ``Range`` gives 206 with ``Content-Range``; ``If-Range`` with another version gives 200 and the whole (RFC 9110
  §13.1.5);
- a range past the end gives 416 with ``Content-Range: bytes */SIZE`` (§14.4, §15.5.17); ``If-None-Match`` gives 304;
- S3 and its like (3DEP, Sentinel-2): strong ETag, HEAD and GET alike;
- faults: 429 with and without ``Retry-After`` (as seconds or as a date), 503 twice, a hang, a cut range, ``Range``
  ignored, replaced in the middle, 200 with HTML (§11, Earthdata and hotels), an expired token in the middle (§7,
  Planetary Computer: query parameter, 403), 404 and later published.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = b"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><form>user</form></body></html>\n"
_BLOCK = 1 << 16


@dataclass
class Asked:
    """One request as it came, and what was answered; ``sent`` grows while the body is sent."""

    method: str
    path: str
    query: str
    range: str | None
    headers: dict[str, str]
    status: int
    sent: int


@dataclass
class Fault:
    """What happens to one request instead of, or before, its answer.

    status        this status with ``headers`` and ``body``
    hang_s        silence before the answer; ended by the server's end
    cut           bytes of the body after which the connection is closed
    slow_s        pause between blocks of 64 kB, or of ``drip`` bytes
    whole         the range is ignored: 200 with everything
    short         at most so many bytes of the range, which 206 may do (RFC 9110 §15.3.7)
    mixes         ``If-Range`` is ignored: a part of whatever file is there
    first         called before the answer: to replace or publish a file
    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    hang_s: float = 0.0
    cut: int | None = None
    slow_s: float = 0.0
    drip: int = _BLOCK
    whole: bool = False
    short: int | None = None
    mixes: bool = False
    first: Callable[[], object] | None = None


FINE = Fault()


def busy(retry_after_s: float | None = None, *, date: bool = False, status: int = 429, text: str = "") -> Fault:
    """429 or 503, with ``Retry-After`` in seconds or as a date."""
    headers = {}
    if retry_after_s is not None:
        headers["Retry-After"] = formatdate(time.time() + retry_after_s, usegmt=True) if date else f"{retry_after_s:g}"
    return Fault(status=status, headers=headers, body=text.encode())


def page() -> Fault:
    """200 with a login in HTML."""
    return Fault(status=200, headers={"Content-Type": "text/html"}, body=PAGE)


@dataclass
class _File:
    content: bytes | Path
    etag: str | None

    @property
    def size(self) -> int:
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size

    def blocks(self, start: int, end: int, size: int = _BLOCK) -> Iterator[bytes]:
        if isinstance(self.content, bytes):
            for at in range(start, end, size):
                yield self.content[at:min(at + size, end)]
            return
        with self.content.open("rb") as file:
            file.seek(start)
            while start < end and (block := file.read(min(size, end - start))):
                start += len(block)
                yield block


class RangeServer:
    """``address`` without a slash at its end. ``asked`` lists what came; ``token``: what ``?token=`` must be."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.token: str | None = None
        self.chunked = False
        self.versions = True
        self.answers: dict[str, Callable[[str], bytes]] = {}
        self.ended = threading.Event()
        self._lock = threading.Lock()
        self._files: dict[str, _File] = {}
        self._faults: dict[str, list[Fault]] = {}
        server = self

        class Handler(_Handler):
            served = server

        self._http = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wrap(self, wrapper: Callable[[Any], Any]) -> None:
        """Serve over TLS from now on."""
        self._http.socket = wrapper(self._http.socket)

    def serve(self, path: str, content: bytes | Path, etag: str | None = None) -> str:
        """Serve a file below ``path``, with a slash at its beginning; its address. Replaces one that is there."""
        if etag is None and self.versions:
            seed = content if isinstance(content, bytes) else str(content).encode()
            etag = f'"{hashlib.md5(seed, usedforsecurity=False).hexdigest()}"'
        with self._lock:
            self._files[path] = _File(content, etag)
        return self.address + path

    def answer(self, path: str, made: Callable[[str], bytes]) -> str:
        """Answer a path by what is made of the query; its address."""
        with self._lock:
            self.answers[path] = made
        return self.address + path

    def remove(self, path: str) -> None:
        with self._lock:
            del self._files[path]

    def fail(self, path: str, *faults: Fault) -> None:
        """The next requests for a path meet these, one each; afterwards all is well."""
        with self._lock:
            self._faults.setdefault(path, []).extend(faults)

    def heal(self, path: str) -> None:
        """Whatever faults are still to come for a path do not come."""
        with self._lock:
            self._faults.pop(path, None)

    def faults_left(self, path: str) -> int:
        with self._lock:
            return len(self._faults.get(path, []))

    def requests(self, path: str) -> list[Asked]:
        with self._lock:
            return [one for one in self.asked if one.path == path]

    def sent(self, path: str) -> int:
        """Bytes of bodies that were sent of a path."""
        return sum(one.sent for one in self.requests(path))

    def close(self) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()

    def next_fault(self, path: str) -> Fault:
        with self._lock:
            faults = self._faults.get(path)
            return faults.pop(0) if faults else FINE

    def file(self, path: str) -> _File | None:
        with self._lock:
            return self._files.get(path)

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)


@contextmanager
def range_server() -> Iterator[RangeServer]:
    server = RangeServer()
    try:
        yield server
    finally:
        server.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass  # a client that went away is part of the tests


class _Handler(BaseHTTPRequestHandler):
    served: RangeServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        fault = self.served.next_fault(parts.path)
        if fault.first is not None:
            fault.first()
        if fault.hang_s:
            self.served.ended.wait(fault.hang_s)
        if fault.status is not None:
            return self._say(fault.status, fault.body, fault.headers)
        token = parse_qs(parts.query).get("token", [None])[0]
        if self.served.token is not None and token != self.served.token:
            return self._say(403, b"<?xml version='1.0'?><Error><Code>AuthenticationFailed</Code></Error>")
        made = self.served.answers.get(parts.path)
        file = _File(made(parts.query), None) if made is not None else self.served.file(parts.path)
        if file is None:
            return self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
        return self._send(file, fault)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def _send(self, file: _File, fault: Fault) -> None:
        size, headers = file.size, {"Accept-Ranges": "bytes"}
        if file.etag is not None:
            headers["ETag"] = file.etag
            if self.headers.get("If-None-Match") == file.etag:
                return self._say(304, b"", headers)
        asked = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if fault.whole or (condition is not None and condition != file.etag and not fault.mixes):
            asked = None
        start, end, status = 0, size, 200
        if asked is not None:
            found = re.fullmatch(r"bytes=(\d+)-(\d*)", asked)
            assert found is not None, asked
            start, end, status = int(found.group(1)), int(found.group(2) or size - 1) + 1, 206
            end = min(end, size, start + (fault.short or size))
            if start >= size:
                return self._say(416, b"", {"Content-Range": f"bytes */{size}"})
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        return self._body(status, headers, file, start, end, fault)

    def _body(self, status: int, headers: dict[str, str], file: _File, start: int, end: int, fault: Fault) -> None:
        chunked = self.served.chunked and status == 200
        self._head(status, headers | ({"Transfer-Encoding": "chunked"} if chunked
                                      else {"Content-Length": str(end - start)}))
        asked = self._note(status)
        left = end - start if fault.cut is None else min(fault.cut, end - start)
        with suppress(OSError):
            if self.command != "HEAD":
                for block in file.blocks(start, start + left, fault.drip):
                    if self.served.ended.wait(fault.slow_s) and fault.slow_s:
                        break
                    asked.sent += len(block)
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block) if chunked else block)
                if chunked and fault.cut is None:
                    self.wfile.write(b"0\r\n\r\n")
        if fault.cut is not None:
            self.close_connection = True

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self._note(status).sent = len(body)
        self._head(status, {"Content-Length": str(len(body)), **(headers or {})})
        with suppress(OSError):
            if self.command != "HEAD" and status != 304:
                self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        with suppress(OSError):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

    def _note(self, status: int) -> Asked:
        parts = urlsplit(self.path)
        asked = Asked(self.command, parts.path, parts.query, self.headers.get("Range"), dict(self.headers), status, 0)
        self.served.note(asked)
        return asked

    def log_message(self, *_: object) -> None:
        pass
