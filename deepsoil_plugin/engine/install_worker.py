"""Runs in a process of its own: installs the engine and reports its progress as JSON lines. No Qt, no QGIS.

``python -m deepsoil_plugin.engine.install_worker HOME SOURCE [again]``; with ``again`` what is there is deleted
first. When stdin ends (cancelled, or QGIS is gone) it ends pip and itself; what was downloaded stays in pip's cache,
and the next attempt continues from there.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from . import environment
from .install_text import fields

_CANCELLED = 3


def say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def begin_group() -> None:
    """Make this process the head of a group, so that its end takes pip with it and nothing else."""
    if sys.platform != "win32":
        os.setsid()


def end_with_stdin() -> None:
    """Wait for the end of stdin, then end this process and everything it started."""
    while sys.stdin.read(1):
        pass
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(os.getpid())], check=False, capture_output=True)
    else:
        os.killpg(0, signal.SIGKILL)
    os._exit(_CANCELLED)


def main(home: Path, source: Path, again: bool) -> int:
    begin_group()
    threading.Thread(target=end_with_stdin, daemon=True).start()
    try:
        if again:
            shutil.rmtree(home / "engine" / environment.fingerprint(source), ignore_errors=True)
        python = environment.install(home, source, lambda message, fraction: say(**fields(message), fraction=fraction))
    except environment.InstallError as error:
        say(**fields(error.message, "error"), **fields(error.hint, "hint"), details=error.details[-20_000:])
        return 1
    environment.remove_old(home, source)
    say(python=str(python))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), "again" in sys.argv[3:]))
