"""Installs the engine of this computer on a host: a separate environment in the host's home, without root.

Finished steps are kept: an upload is continued where it broke off, and the installation itself continues on the host
while the connection is lost. The link ``engine/current`` changes only when everything is installed.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import deepsoil
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host, shell_path
from deepsoil.contract.text import Text
from deepsoil.hosts.install import scripts
from deepsoil.hosts.install.disk_usage import parse_df
from deepsoil.hosts.install.progress import Progress, failure
from deepsoil.hosts.install.wheel import Payload, build_resources, build_wheel
from deepsoil.hosts.prompts.prompt import Ask
from deepsoil.hosts.ssh import connection as ssh_connection
from deepsoil.hosts.ssh import script_runner
from deepsoil.hosts.ssh.channel import lost
from deepsoil.hosts.ssh.connection import Connection
from deepsoil.hosts.ssh.quoting import script

OnProgress = Callable[[str, float], None]

# Jobs of every kind are sent to a host, so its engine has all extras.
EXTRAS = ("train", "sources")

_NEEDED_BYTES = {False: 1_500_000_000, True: 4_000_000_000}
_ATTEMPTS = 4
_AGAIN_AFTER_S = 3.0
_POLL_S = 1.0
_SILENCE_S = 90.0
_EXIT_WITHIN_S = 10.0
_PIECE = 1 << 17
_UPLOADED = 0.25   # overall fraction when the files are uploaded


def install_engine(host: Host, ask: Ask, home: Path, on_progress: OnProgress, cancelled: Callable[[], bool], *,
                   extras: tuple[str, ...] = EXTRAS, timeout_s: float = 15.0) -> str:
    """Install the running engine at ``host``; returns its version. Quick if it is already installed.

    on_progress(message, fraction 0-1) is called often.

    Raises
    ------
    DeepSoilError
        As `ssh.connect`; ``install_cancelled``, ``python_missing``, ``host_disk_full``, ``packages_unreachable`` (the
        host has no network), ``packages_missing``, ``engine_broken``, ``install_failed``, ``connection_lost`` (after
        several attempts; finished steps are kept).
    """
    wheel, resources = build_wheel(), build_resources()
    work = _Installation(host, wheel, resources, extras, on_progress, cancelled)
    for attempt in range(1, _ATTEMPTS + 1):
        on_progress(Text("Connecting to {host}", host=host.title), 0.0)
        try:
            connection = ssh_connection.connect(host, ask, home, timeout_s)
            try:
                work.continue_over(connection)
                return deepsoil.__version__
            finally:
                connection.close()
        except DeepSoilError as error:
            # A failure of the first login is shown to the user; a later failure is one of the network.
            again = error.code == "connection_lost" or (error.code == "host_unreachable" and work.begun)
            if not again or attempt == _ATTEMPTS or cancelled():
                raise
            on_progress(Text("{problem} Trying again.", problem=error.text), 0.0)
            time.sleep(_AGAIN_AFTER_S)
    raise AssertionError("the last attempt returns or raises")


class _Installation:
    """One installation over as many connections as needed. ``name``: its folder, named after all its inputs."""

    def __init__(self, host: Host, wheel: Payload, resources: Payload, extras: tuple[str, ...], on_progress: OnProgress,
                 cancelled: Callable[[], bool]) -> None:
        self._host, self._wheel, self._resources, self._extras = host, wheel, resources, extras
        self._report, self._cancelled = on_progress, cancelled
        parts = "\n".join([wheel.sha256, resources.sha256, *sorted(extras)])
        self.name = f"{deepsoil.__version__}-{hashlib.sha256(parts.encode()).hexdigest()[:12]}"
        self.begun = False

    def continue_over(self, connection: Connection) -> None:
        """Continue over this connection. DeepSoilError ``connection_lost``, and other errors of the installation."""
        answers = self._ask(connection, {"state": scripts.LOOK})
        self.begun = True
        state = answers["state"]
        if state.value("complete"):
            self._report("The engine is installed", 1.0)
            return
        if state.code is None:
            raise DeepSoilError("connection_lost", "{title} did not answer in time.",
                                title=self._host.title)
        if not state.value("running"):
            self._prepare(connection, state)
        self._follow(connection)
        if not self._ask(connection, {"state": scripts.LOOK})["state"].value("complete"):
            raise DeepSoilError("install_failed", "The installed engine was not found.", "Install it again.")
        self._report("The engine is ready", 1.0)

    def _prepare(self, connection: Connection, state: script_runner.ScriptResult) -> None:
        self._stop_if_cancelled()
        self._report("Looking for Python and free space", 0.01)
        wanted = (self._host.python,) if self._host.python else scripts.CANDIDATES
        python = scripts.PYTHON.replace("{candidates}", "\n".join(f"try {shell_path(one)}" for one in wanted))
        answers = self._ask(connection, {"python": python, "space": 'mkdir -p {home}/engine && df -Pk {home}/engine'})
        found = answers["python"].value("python")
        if found is None:
            raise self._no_python(connection, answers["python"])
        if not answers["space"].ok:
            raise DeepSoilError("host_read_only", "The folder {home}/engine cannot be made on {title}: "
                                "{detail}", "Choose a folder that you may write.", "home",
                                home=self._host.home, title=self._host.title, detail=answers['space'].text.strip())
        free, needed = parse_df(answers["space"].text), _NEEDED_BYTES["train" in self._extras]
        if free is not None and free < needed:
            raise DeepSoilError("host_disk_full", "Only {free:.1f} GB are free in {home} on "
                                "{title}; the engine needs {needed:.1f}.",
                                "Free some space there, or choose a folder on another disk.", "home",
                                free=free / 1e9, home=self._host.home, title=self._host.title,
                                needed=needed / 1e9)
        here = state.values("have")
        missing = [payload for payload in (self._wheel, self._resources) if payload.sha256 not in here]
        total, before = sum(len(payload.content) for payload in missing), 0
        for payload in missing:
            self._upload(connection, payload, found, (before / total, len(payload.content) / total))
            before += len(payload.content)
        self._stop_if_cancelled()
        extras = f"[{','.join(self._extras)}]" if self._extras else ""
        words = [self.name, found, self._wheel.sha256, self._wheel.name, self._resources.sha256, extras]
        started = connection.run(script(self._at_home(scripts.START), *words),
                                 stdin=scripts.INSTALL.encode(), timeout_s=60)
        if b"@started" not in started.out:
            if started.code is None:
                raise DeepSoilError("connection_lost", "It is not known whether the installation started.")
            raise DeepSoilError("install_failed", "The installation could not be started: {detail}",
                                "Check the folder there.",
                                detail=started.err.decode("utf-8", "replace").strip()[-300:])

    def _upload(self, connection: Connection, payload: Payload, python: str, share: tuple[float, float]) -> None:
        """Send a file, continuing an existing part; if it arrives damaged, it is sent once more completely.
        ``share``: where in the total upload the file begins, and its fraction."""
        if not self._send(connection, payload, python, share) and not self._send(connection, payload, python, share):
            raise DeepSoilError("install_failed", "{name} arrives damaged on {title}.",
                                "Ask its administrators: something changes data on the way or on that disk.",
                                name=payload.name, title=self._host.title)

    def _send(self, connection: Connection, payload: Payload, python: str, share: tuple[float, float]) -> bool:
        words = [payload.sha256, str(len(payload.content)), python]
        pipe = connection.pipe(script(self._at_home(scripts.RECEIVE), *words), 60.0)
        try:
            offset = int(_read_until(pipe, b"@receive "))
            for begin in range(offset, len(payload.content), _PIECE):
                self._stop_if_cancelled()
                pipe.write(payload.content[begin:begin + _PIECE])
                done = share[0] + share[1] * begin / len(payload.content)
                self._report(Text("Sending {file}", file=payload.name), 0.02 + (_UPLOADED - 0.02) * done)
            return b"whole" in _read_until(pipe, b"@received ")
        except (EOFError, DeepSoilError) as error:
            if isinstance(error, DeepSoilError) and error.code != "connection_lost":
                raise
            if not _ended_by_itself(pipe, connection):
                raise lost(str(error)) from error
            raise DeepSoilError("host_disk_full", "{name} could not be written on {title}: {detail}",
                                "Check whether the disk there is full or a quota is used up.", "home",
                                name=payload.name, title=self._host.title,
                                detail=pipe.err.decode("utf-8", "replace").strip()[-300:]) from error
        finally:
            pipe.close()

    def _follow(self, connection: Connection) -> None:
        """Report the progress of the installation until it has ended."""
        progress, offset, silent_since, asked_to_end = Progress(), 0, time.monotonic(), False
        while True:
            if self._cancelled() and not asked_to_end:
                self._ask(connection, {"it": scripts.CANCEL})
                asked_to_end = True
            answers = self._ask(connection, {"watch": scripts.WATCH, "log": scripts.LOG}, str(offset))
            watch, log = answers["watch"], answers["log"]
            following = log.value("next")
            if following is not None and int(following) > offset:
                offset = int(following)
                message, fraction = progress.take(log.text.partition("\n")[2])
                self._report(message, _UPLOADED + (0.99 - _UPLOADED) * fraction)
            end = watch.value("end")
            if end == "done" or watch.code == 1:  # 1: another process that followed it has cleaned up
                return
            if end == "cancelled":
                raise DeepSoilError("install_cancelled", "The installation was cancelled.",
                                    "What was copied there is kept; install again to continue.")
            if end is not None:
                raise failure(end, progress.lines, self._host)
            if watch.ok and watch.value("beat"):
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > _SILENCE_S:
                raise DeepSoilError("install_failed", "The installation on {title} was stopped from "
                                    "outside.", "Install again: it continues. Some hosts stop long processes on a "
                                    "login node.",
                                    title=self._host.title)
            time.sleep(_POLL_S)

    def _no_python(self, connection: Connection, tried: script_runner.ScriptResult) -> DeepSoilError:
        if self._host.python:
            problem = "; ".join(tried.values("tried")) or "it does not exist"
            return DeepSoilError("python_missing", "{python} on {title} cannot create the "
                                 "engine's environment ({problem}).",
                                 "Give the path of a Python 3.11 to 3.14 with venv there, or leave the field empty.",
                                 "python",
                                 python=self._host.python, title=self._host.title, problem=problem)
        others = self._ask(connection, {"it": scripts.MODULES})["it"].text.split("\n")
        known = ", ".join(line.strip() for line in others if line.strip())
        hint = (f"Found: {known}. Load one ('module load …', 'conda create -n py312 python=3.12'), see its path "
                "with 'command -v python', and put that path into the host's field Python." if known else
                "Ask the administrators for Python 3.12, or install Miniforge in your home there, and put its path "
                "into the host's field Python.")
        return DeepSoilError("python_missing",
                             "No Python 3.11 to 3.14 that can create virtual environments was found on {title}.",
                             "{advice}", "python", title=self._host.title, advice=hint)

    def _ask(self, connection: Connection, pieces: dict[str, str], *more: str) -> script_runner.ScriptResults:
        placed = {name: self._at_home(piece) for name, piece in pieces.items()}
        return script_runner.ask(connection, placed, self.name, *more)

    def _at_home(self, text: str) -> str:
        """One of `scripts` for this host's home."""
        return text.replace("{home}", self._host.home_expression)

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise DeepSoilError("install_cancelled", "The installation was cancelled.",
                                "What was copied there is kept; install again to continue.")


def _ended_by_itself(pipe: ssh_connection.Pipe, connection: Connection) -> bool:
    """Whether a program that reads no more input has ended, rather than the connection."""
    deadline = time.monotonic() + _EXIT_WITHIN_S
    while pipe.code is None and connection.alive and time.monotonic() < deadline:
        time.sleep(0.05)
    return pipe.code is not None


def _read_until(pipe: ssh_connection.Pipe, mark: bytes) -> bytes:
    """The rest of the line with ``mark``; a greeting may come before it. EOFError if the program ends earlier."""
    received = b""
    while True:
        for line in received.split(b"\n")[:-1]:
            if mark in line:
                return line.partition(mark)[2]
        data = pipe.read(1 << 14)
        if not data:
            raise EOFError
        received += data
