"""Runs a scheduler's commands in an environment that does not alter them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Reply:
    """How a command ended; ``code``: None if it did not end in time or could not be started."""

    code: int | None
    out: str
    err: str

    @property
    def words(self) -> str:
        return (self.err.strip() or self.out.strip() or f"exit code {self.code}")[:2000]


def run(command: Sequence[str], environment: Mapping[str, str], timeout_s: float = TIMEOUT_S) -> Reply:
    """Run a command to its end; never raises."""
    try:
        done = subprocess.run(command, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=timeout_s, check=False, cwd="/")
    except subprocess.TimeoutExpired:
        return Reply(None, "", f"{command[0]} did not answer within {timeout_s:.0f} s")
    except OSError as error:
        return Reply(None, "", f"{command[0]} cannot be started: {error.strerror}")
    return Reply(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

def login_environment(own: Mapping[str, str] | None = None, *more: str) -> dict[str, str]:
    """An environment for a scheduler's commands: the login variables and ``more``, nothing that alters a command."""
    own = os.environ if own is None else own
    kept = ("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", *more)
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C", **{name: own[name] for name in kept if name in own}}
