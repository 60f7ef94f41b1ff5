"""Loaded by every Python that has this folder in PYTHONPATH: it knows the made archives, and no other.

``MADE_STOP_AT``: a pattern of paths; the process stops (SIGSTOP) when it first makes or opens one.
"""

from __future__ import annotations

import fnmatch
import os
import signal
import sys
from datetime import date
from typing import Any

import made_archives
from deepsoil.archives import registry
from deepsoil.kinds import gather_planning

made_archives.install(registry.ARCHIVES, registry.NEEDS)
gather_planning.today = lambda: date.fromisoformat(os.environ.get("MADE_TODAY", str(made_archives.TODAY)))


def _stop_at(pattern: str) -> None:
    left = [pattern]

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if left and event in ("open", "os.mkdir") and fnmatch.fnmatch(str(args[0]), left[0]):
            left.clear()
            os.kill(os.getpid(), signal.SIGSTOP)

    sys.addaudithook(hook)


if "MADE_STOP_AT" in os.environ:
    _stop_at(os.environ["MADE_STOP_AT"])
