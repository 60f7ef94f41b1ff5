"""Says what happens, asks before it changes the machine, runs programs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LOGS = BUILD / "logs"
_TAIL = 20
_SECONDS_BETWEEN_LINES = 10.0

# What a line of a program's output means: (what is going on, fraction done from 0 to 1); None for nothing new.
Reader = Callable[[str], tuple[str, float] | None]


class Stop(Exception):
    """Ends the command with a message for the user and exit code 1."""


def say(text: str) -> None:
    print(text, flush=True)


def step(text: str) -> None:
    say(f"── {text}")


class ProgressLine:
    """One line that moves on a terminal; elsewhere a line a few seconds apart, so that a log stays readable."""

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._moving = sys.stdout.isatty()

    def __call__(self, message: str, fraction: float) -> None:
        if self._moving:
            width = shutil.get_terminal_size().columns - 1
            line = f"   {fraction:4.0%}  {message}"[:width]
            print(f"\r{line:<{width}}", end="\n" if fraction >= 1 else "", flush=True)
        elif time.monotonic() - self._last > _SECONDS_BETWEEN_LINES or fraction >= 1:
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
        raise Stop(f"{what or words[0]} failed; its messages are above.")


def run_logged(command: Sequence[str | Path], log: str, *, what: str, env: Mapping[str, str] | None = None,
               cwd: Path = ROOT, reader: Reader | None = None) -> None:
    """Run a program with its output in ``build/logs/<log>.log``; the screen shows what is going on, in one line.

    The log keeps what earlier runs wrote. Stop where the program fails or is missing, with the end of its output.
    """
    show, tail = ProgressLine(), deque[str](maxlen=_TAIL)
    path = LOGS / f"{log}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n$ {' '.join(words)}\n")
        try:
            process = subprocess.Popen(words, env=dict(env) if env is not None else None, cwd=cwd, text=True,
                                       errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        except OSError as error:
            raise Stop(f"{what} could not be started: {error}.") from error
        with process:
            assert process.stdout is not None
            for line in process.stdout:
                file.write(line)
                tail.append(line.rstrip())
                if reader and (news := reader(line)):
                    show(news[0], min(news[1], 0.99))
    if process.returncode:
        ending = "\n".join(f"   {line}" for line in tail)
        raise Stop(f"{ending}\n{what} failed. These are the last lines of {shown(path)}.")
    if reader:
        show("done", 1.0)


def engine_progress(line: str) -> tuple[str, float] | None:
    """The reader for commands of the engine, which say ``12 %  what they do``."""
    found = re.match(r" *(\d+) ?%  (.+)", line)
    return (found[2], int(found[1]) / 100) if found else None


def shown(path: Path) -> str:
    """A path as a message shows it: from the checkout's folder where it is inside."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def output_of(command: Sequence[str | Path], **options: object) -> str | None:
    """What a program prints, or None where it is missing or fails."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                              timeout=60, **options)  # type: ignore[call-overload]
    except (OSError, subprocess.TimeoutExpired):
        return None
    return str(done.stdout).strip() if done.returncode == 0 else None
