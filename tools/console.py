"""Says what happens, asks before it changes the machine, runs programs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"


class Stop(Exception):
    """Ends the command with a message for the user and exit code 1."""


def say(text: str) -> None:
    print(text, flush=True)


def step(text: str) -> None:
    say(f"── {text}")


class ProgressLine:
    """One line that moves on a terminal; elsewhere a line a few seconds apart, so that a log stays readable."""

    def __init__(self) -> None:
        self._last = 0.0
        self._moving = sys.stdout.isatty()

    def __call__(self, message: str, fraction: float) -> None:
        if self._moving:
            width = shutil.get_terminal_size().columns - 1
            line = f"   {fraction:4.0%}  {message}"[:width]
            print(f"\r{line:<{width}}", end="\n" if fraction >= 1 else "", flush=True)
        elif time.monotonic() - self._last > 5 or fraction >= 1:
            self._last = time.monotonic()
            say(f"   {fraction:4.0%}  {message}")


def ask(question: str, yes: bool) -> bool:
    """Whether the user agrees; where nobody can answer, yes."""
    if yes or not sys.stdin.isatty():
        say(f"{question} yes")
        return True
    return input(f"{question} [Y/n] ").strip().lower() in ("", "y", "yes")


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT,
        what: str | None = None) -> None:
    """Run a program with its output on the screen. Stop where it fails."""
    words = [str(word) for word in command]
    if subprocess.run(words, env=dict(env) if env is not None else None, cwd=cwd, check=False).returncode:
        raise Stop(f"{what or words[0]} failed; its own words stand above.")


def output_of(command: Sequence[str | Path], **options: object) -> str | None:
    """What a program prints, or None where it is missing or fails."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                              timeout=60, **options)  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired):
        return None
    return str(done.stdout).strip() if done.returncode == 0 else None
