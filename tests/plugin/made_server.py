"""Serves what the made archives have, until its stdin ends; says its address first. Run by the engine's Python."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "engine" / "archives"))

from gather_tools import made_server

if __name__ == "__main__":
    with made_server() as server:
        print(server.address, flush=True)
        sys.stdin.read()
