"""Runs APSIM's program ``Models``: finds it, gets its version, runs it on files with progress, and stops it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from deepsoil.contract.errors import DeepSoilError

VARIABLE = "DEEPSOIL_APSIM"
PROGRAM = "Models"
_END_TIMEOUT_S = 5.0
_VERSION_TIMEOUT_S = 60.0
_LINES_KEPT = 40
_ERROR_LINE = re.compile(r"error|exception|could not|cannot|unable", re.IGNORECASE)


@dataclass(frozen=True)
class Outcome:
    """The outcome of one file; words: APSIM's message if it failed, else empty."""

    file: Path
    words: str
    seconds: float

    @property
    def good(self) -> bool:
        return not self.words


def find_models(given: str | None = None) -> list[str]:
    """The command that starts APSIM: from `given`, else from the variable DEEPSOIL_APSIM, else from the search path.

    given may be the program, its .NET assembly (`Models.dll`), or the folder of either. Raises DeepSoilError
    ``apsim_missing``, which says what to install and what is possible without it.
    """
    named = given or os.environ.get(VARIABLE)
    if not named:
        found = shutil.which(PROGRAM)
        if found:
            return [found]
        raise _missing(f"APSIM is not installed here: no program {PROGRAM} is on the search path.")
    path = Path(named).expanduser()
    candidates = [path] if not path.is_dir() else [
        path / part / name for part in ("", "bin") for name in (PROGRAM, f"{PROGRAM}.exe", f"{PROGRAM}.dll")
    ]
    for candidate in candidates:
        if candidate.is_file():
            dotnet = shutil.which("dotnet")
            if candidate.suffix == ".dll":
                if dotnet is None:
                    raise _missing(f"{candidate.name} needs the program dotnet, which is not on the search path.")
                return [dotnet, str(candidate)]
            return [str(candidate)]
    raise _missing(f"There is no APSIM program {PROGRAM} at {named}.")


def _missing(message: str) -> DeepSoilError:
    return DeepSoilError(
        "apsim_missing",
        "{message_text}",
        "Install APSIM Next Generation (October 2022 or later, with the .NET runtime it asks for), or say where it is"
        " with --models or {variable}. Without it you can still write the files, run them elsewhere and read the"
        " reports here; and the soil column's own swim3 mode needs no APSIM.",
        "models",
        message_text=message, variable=VARIABLE)


def models_version(command: Sequence[str]) -> str:
    """APSIM's version, such as ``2023.2.7164.0``; empty if unknown."""
    try:
        output = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False,
                              timeout=_VERSION_TIMEOUT_S, errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(r"\d+(?:\.\d+){2,3}", output.stdout + output.stderr)
    return found[0] if found else ""


def run_files(
    command: Sequence[str],
    files: Sequence[Path],
    *,
    threads: int,
    on_progress: Callable[[int, int], None] | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Outcome]:
    """Run APSIM on the files one after another, with a number of threads for the simulations of a file.

    A file that fails does not stop the others. on_progress(files done, all); on_line gets the lines that APSIM
    prints. cancelled is called a few times a second; if it returns True, or on an exception (Ctrl-C), APSIM and
    its children are stopped; in the first case DeepSoilError ``cancelled`` is raised. Reports written so far are kept.
    """
    outcomes: list[Outcome] = []
    for done, file in enumerate(files):
        if on_progress is not None:
            on_progress(done, len(files))
        outcomes.append(_run_file(command, file, threads, on_line, cancelled))
    if on_progress is not None:
        on_progress(len(files), len(files))
    return outcomes


def _run_file(
    command: Sequence[str],
    file: Path,
    threads: int,
    on_line: Callable[[str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Outcome:
    began = time.monotonic()
    own_session = sys.platform != "win32"
    try:
        process = subprocess.Popen(
            [*command, str(file), "--cpu-count", str(threads)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", cwd=file.parent, start_new_session=own_session,
        )
    except OSError as error:
        raise DeepSoilError("apsim_missing", "{command} cannot be started: {strerror}.",
                            "Check that it is APSIM's program Models and may be executed.", "models",
                            command=command[0], strerror=error.strerror) from error
    output: list[str] = []

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line.rstrip())
            if on_line is not None:
                on_line(output[-1])

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        while True:
            try:
                code = process.wait(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                if cancelled is not None and cancelled():
                    raise DeepSoilError("cancelled", "APSIM was stopped while it ran {name}.",
                                        "Run again: files that are done are not run twice.",
                                        name=file.name) from None
    finally:
        if process.poll() is None:
            _stop(process, own_session)
        listener.join(timeout=_END_TIMEOUT_S)
    return Outcome(file, "" if code == 0 else _failure_text(output, code), time.monotonic() - began)


def _stop(process: subprocess.Popen[str], own_session: bool) -> None:
    """End APSIM and the workers it started."""
    if not own_session:
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_END_TIMEOUT_S)
        os.killpg(process.pid, signal.SIGKILL)  # those that did not react
    except ProcessLookupError:
        return
    process.wait()


def _failure_text(output: list[str], code: int) -> str:
    """APSIM's output from the first error on, or its last lines."""
    first = next((n for n, line in enumerate(output) if _ERROR_LINE.search(line)), max(len(output) - _LINES_KEPT, 0))
    return "\n".join(output[first : first + _LINES_KEPT]).strip() or f"APSIM ended with code {code} and said nothing."
