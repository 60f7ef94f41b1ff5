"""An HTTP proxy with a password, which nothing may bypass: only it knows the names of the servers behind it.

What it imitates (RFC 9110 §11.7, RFC 9112 §3.2.2): requests in absolute form, CONNECT for encrypted connections, 407
with ``Proxy-Authenticate: Basic`` without the right password. Names such as ``archive.test`` are known to no name
server (RFC 6761), so whoever does not go through the proxy fails.
"""

from __future__ import annotations

import base64
import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """``names``: host → (address, port) behind the proxy. ``asked``: every request line; ``refused``: how many 407."""

    def __init__(self, names: Mapping[str, tuple[str, int]], user: str, password: str) -> None:
        self.names, self.asked, self.refused = dict(names), list[str](), 0
        self.wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        proxy = self

        class Handler(_Handler):
            served = proxy

        self._http = _Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def proxy_to(names: Mapping[str, tuple[str, int]], user: str = "ann", password: str = "secret-of-ann",
             ) -> Iterator[Proxy]:
    proxy = Proxy(names, user, password)
    try:
        yield proxy
    finally:
        proxy.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass


class _Handler(BaseHTTPRequestHandler):
    served: Proxy
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        known = self._let_through(parts.hostname or "")
        if known is None:
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        behind = http.client.HTTPConnection(*known, timeout=30)
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        behind.request(self.command, urlunsplit(("", "", parts.path, parts.query, "")), body or None, headers)
        answer = behind.getresponse()
        content = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        behind.close()

    do_POST = do_GET

    def do_CONNECT(self) -> None:
        known = self._let_through(self.path.partition(":")[0])
        if known is None:
            return
        behind = socket.create_connection(known, 30)
        self.send_response(200)
        self.end_headers()
        back = threading.Thread(target=_pump, args=(behind, self.connection), daemon=True)
        back.start()
        _pump(self.connection, behind)
        back.join(5)
        self.close_connection = True

    def _let_through(self, host: str) -> tuple[str, int] | None:
        """Where a host is; None: answered already, with 407 or 502."""
        self.served.asked.append(f"{self.command} {self.path}")
        if self.headers.get("Proxy-Authorization") == self.served.wanted:
            if host not in self.served.names:
                self.send_error(502)
            return self.served.names.get(host)
        self.served.refused += 1
        self.send_response(407)
        self.send_header("Proxy-Authenticate", 'Basic realm="office"')
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def log_message(self, *_: object) -> None:
        pass


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(1 << 16):
            target.sendall(block)
        target.shutdown(socket.SHUT_WR)
