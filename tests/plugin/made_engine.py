"""The real engine over local servers: it knows the made archives of the engine's tests, and no other."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
MADE = ROOT / "tests" / "engine" / "archives" / "made"
CENTRE = (-96.59, 39.09)  # of what the servers have
CORNERS = [(-96.595, 39.086), (-96.586, 39.086), (-96.586, 39.093), (-96.595, 39.093)]


@contextmanager
def made_engine(python: Path, folder: Path) -> Iterator[dict[str, str]]:
    """The variables with which the plugin starts that engine; the servers run until the end of the block."""
    server = subprocess.Popen([str(python), str(ROOT / "tests" / "plugin" / "made_server.py")], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None and server.stdout is not None
    try:
        addresses = folder / "archives.json"
        addresses.write_text(json.dumps({"made": server.stdout.readline().strip()}))
        wrapper = folder / "engine-python"
        wrapper.write_text(f"#!/bin/sh\nPYTHONPATH='{MADE}' exec '{python}' -P \"$@\"\n")
        wrapper.chmod(0o755)
        yield {"DEEPSOIL_ENGINE_PYTHON": str(wrapper), "DEEPSOIL_ARCHIVES": str(addresses), "DEEPSOIL_PROXIES": "{}"}
    finally:
        server.stdin.close()
        server.wait(10)
        server.stdout.close()
