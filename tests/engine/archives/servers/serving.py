"""What the local servers share: an HTTP server in a thread that writes down what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """``pairs``: the query as it came, names in small letters; a name may stand in it twice."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes

    def get(self, name: str, default: str = "") -> str:
        return next((value for key, value in self.pairs if key == name), default)

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]


@dataclass(frozen=True)
class Reply:
    content: bytes = b""
    kind: str = "application/octet-stream"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Server:
    """``base``: the address without a slash at its end; ``asked``: every request so far."""

    base: str
    asked: list[Request] = field(default_factory=list)


@contextmanager
def serving(answer: Callable[[Request], Reply]) -> Iterator[Server]:
    """A server on this computer that answers by a function, until the block ends."""
    asked: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(self.command, parts.path,
                              tuple((name.lower(), value) for name, value in
                                    parse_qsl(parts.query, keep_blank_values=True)),
                              {name.lower(): value for name, value in self.headers.items()}, body)
            asked.append(request)
            reply = answer(request)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, "Content-Length": str(len(reply.content)),
                                **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.content)

        do_POST = do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_address[1]}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ranged(request: Request, content: bytes, etag: str = '"1"') -> Reply:
    """A file, or the range of it that was asked for (RFC 9110 §14)."""
    wanted = request.headers.get("range", "")
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    if not wanted.startswith("bytes="):
        return Reply(content, headers=headers)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    start = int(first) if first else max(len(content) - int(last), 0)
    stop = min(int(last) + 1, len(content)) if first and last else len(content)
    if start >= len(content):
        return Reply(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    return Reply(content[start:stop], status=206,
                 headers={**headers, "Content-Range": f"bytes {start}-{stop - 1}/{len(content)}"})
