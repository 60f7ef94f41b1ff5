"""An HTTP server in a process of its own that writes down what it is asked: ``python counting_server.py LOG``.

In a process of its own, because GDAL holds Python while it waits for an answer.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass(frozen=True)
class CountingServer:
    url: str
    log: Path

    def requests(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with Path(sys.argv[1]).open("a", encoding="utf-8") as log:
            log.write(f"{self.command} {self.path}\n")
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_OPTIONS = do_GET

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def counting_server(log: Path) -> Iterator[CountingServer]:
    """A server that answers 404 and keeps a line for each request."""
    log.write_text("", encoding="utf-8")
    with subprocess.Popen([sys.executable, __file__, str(log)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield CountingServer(f"http://127.0.0.1:{int(process.stdout.readline())}", log)
        finally:
            process.kill()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
