"""What the made archives share: an HTTP server in a thread that answers by a function and keeps every request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Request:
    """``raw`` is the path with its query as it came, encoded or not."""

    path: str
    query: dict[str, str]
    raw: str
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Reply:
    content: bytes
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Any, status: int = 200) -> Reply:
        return cls(json.dumps(document).encode(), status)


@dataclass
class Made:
    """A running server: its base address, and every request so far."""

    url: str
    asked: list[Request]

    def paths(self, part: str = "") -> list[str]:
        return [one.raw for one in self.asked if part in one.raw]


@contextmanager
def serving(answer: Callable[[Request, str], Reply]) -> Iterator[Made]:
    """A server on this computer; ``answer`` gets the request and the server's address. It may be used by threads."""
    made = Made("", [])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            asked = Request(parts.path, {name: values[-1] for name, values in parse_qs(
                parts.query, keep_blank_values=True).items()}, self.path, dict(self.headers), body)
            made.asked.append(asked)
            reply = answer(asked, made.url)
            content, status = reply.content, reply.status
            headers = {"Content-Type": reply.kind, **reply.headers}
            wanted = self.headers.get("Range", "")
            if status == 200 and wanted.startswith("bytes="):
                first, _, last = wanted.removeprefix("bytes=").partition("-")
                start = int(first)
                end = min(int(last) if last else len(content) - 1, len(content) - 1)
                headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
                content, status = content[start:end + 1], 206
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_POST = do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
