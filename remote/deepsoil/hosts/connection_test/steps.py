"""*Test connection*: performs a login step by step; each step reports its finding and what to do about a failure."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import NO_ENGINE, Host
from deepsoil.contract.resources import Resources
from deepsoil.contract.text import Text, error_fields
from deepsoil.hosts.install.disk_usage import parse_df, parse_quota
from deepsoil.hosts.prompts.prompt import Ask
from deepsoil.hosts.ssh import connection as ssh_connection
from deepsoil.hosts.ssh import script_runner
from deepsoil.hosts.ssh.quoting import script
from deepsoil.schedulers import registry

StepState = Literal["running", "passed", "warning", "failed", "skipped"]
STEPS = ("reach", "host_key", "login", "shell", "files", "disk", "scheduler", "engine")

_LOGGED_IN = {"agent": Text("Logged in with a key."),
              "key": Text("Logged in with the key file."),
              "password": Text("Logged in with the password."),
              "interactive": Text("Logged in with password and code.")}
_SLOW_SHELL_S = 2.0
_ENOUGH_BYTES = 3_000_000_000      # space for an engine and a few results
_TOO_LITTLE_BYTES = 100_000_000
_ODD_NAME = "check {} a'b \"$(touch pwned)\" é"


@dataclass(frozen=True)
class Step:
    """The state of a step. ``details``: further lines, shown on request."""

    step: str
    state: StepState
    message: str = ""
    hint: str = ""
    details: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {"step": self.step, "state": self.state, "message": self.message, "hint": self.hint,
                "details": self.details, **error_fields(self.message, self.hint)}


def check_host(host: Host, ask: Ask, home: Path, on_step: Callable[[dict[str, Any]], None],
                timeout_s: float = 15.0) -> list[dict[str, Any]]:
    """Run all steps; ``on_step`` is called when each begins and ends. Returns the final states in order."""
    last: dict[str, dict[str, Any]] = {}
    for step in steps(host, ask, home, timeout_s):
        on_step(step.to_dict())
        last[step.step] = step.to_dict()
    return [last[name] for name in STEPS]


def steps(host: Host, ask: Ask, home: Path, timeout_s: float = 15.0) -> Iterator[Step]:
    """Every step as ``running`` and then as it ended. After a failure that makes the rest impossible, the rest is
    ``skipped``; if the connection breaks, the current step fails."""
    connection: ssh_connection.Connection | None = None
    done = 0
    try:
        logging_in = ssh_connection.phases(host, ask, home, timeout_s)
        passed = {"reach": Text("{address} answers.", address=host.address), "host_key": Text("Its host key is known.")}
        while done < 3:
            yield Step(STEPS[done], "running")
            try:
                phase = next(logging_in)
            except StopIteration as finished:
                connection = finished.value
                yield Step("login", "passed", _LOGGED_IN[host.authentication])
                done = 3
                break
            if phase == STEPS[done]:
                yield Step(phase, "passed", passed[phase])
                done += 1
        assert connection is not None
        for name, look in _LOOKS.items():
            yield Step(name, "running")
            found = look(connection, host)
            yield found
            done += 1
            if found.state == "failed" and name == "shell":
                break
    except DeepSoilError as error:
        yield Step(STEPS[done], "failed", error.text, error.hint_text)
        done += 1
    finally:
        if connection is not None:
            connection.close()
    for name in STEPS[done:]:
        yield Step(name, "skipped", "Not tried, because an earlier step failed.")


def _shell(connection: ssh_connection.Connection, _host: Host) -> Step:
    begun = time.monotonic()
    answers = script_runner.ask(connection, {"who": 'printf "user %s\\nhost %s\\nsystem %s\\nshell %s\\n" "$(id -un)" '
                                   '"$(hostname)" "$(uname -sm)" "$SHELL"'})
    took_s = time.monotonic() - begun
    who = answers["who"]
    if not who.ok:
        return Step("shell", "failed", "Commands cannot be run there after the login.",
                    "The account may have no shell, or be allowed one command only: ask the administrators.",
                    answers.noise[:2000])
    details = who.text + f"\none command takes {took_s:.1f} s"
    if answers.noise:
        return Step("shell", "warning", Text("The login shell prints something: {line!r}.",
                                                line=answers.noise.splitlines()[0]),
                    "DeepSoil ignores it; other programs may not. Let ~/.bashrc or ~/.cshrc print only in an "
                    "interactive shell.", f"{details}\n{answers.noise[:2000]}")
    if took_s > _SLOW_SHELL_S:
        return Step("shell", "warning", Text("The login shell is slow: one command takes {seconds:.1f} s.",
                                                seconds=took_s),
                    "See what ~/.bashrc loads (conda, modules). Every exchange with this host takes that much longer.",
                    details)
    runs = Text("Commands run as {user} on {machine}.", user=who.value("user"), machine=who.value("host"))
    return Step("shell", "passed", runs, details=details)


_PREPARE = """
h={home}
[ -d "$h" ] && made=0 || made=1
mkdir -p "$h" || exit 1
cd "$h" || exit 1
printf 'made %s\\n' "$made"
printf 'folder %s\\n' "$(pwd -P)"
printf '#!/bin/sh\\necho ran\\n' > "$1.sh" && chmod 700 "$1.sh" || exit 1
printf 'program %s\\n' "$("./$1.sh" 2>&1)"
rm -f "$1.sh"
"""
_WRITE = """
cd {home} && cat > "$1"
"""
_READ = """
cd {home} || exit 1
printf '%s\\n' "$2"
cat "$1"
"""
_FINISH = """
cd {home} || exit 1
rm -f "$1"
[ "$2" = 1 ] && cd / && rmdir {home} 2>/dev/null
exit 0
"""


def _files(connection: ssh_connection.Connection, host: Host) -> Step:
    token = f"@ds-{secrets.token_hex(8)}"
    name = _ODD_NAME.format(token)
    home = host.home_expression
    prepared = script_runner.ask(connection, {"it": _PREPARE.format(home=home)}, name)["it"]
    folder = prepared.value("folder")
    if not prepared.ok or folder is None:
        return Step("files", "failed", Text("The folder {home} there cannot be made or written.", home=host.home),
                    "Choose another folder, one that the nodes of the cluster see as well.", prepared.text)
    content = os.urandom(70_000) + b"\r\n\x00\n"
    wrote = connection.run(script(_WRITE.format(home=home), name), stdin=content)
    read = connection.run(script(_READ.format(home=home), name, token))
    script_runner.ask(connection, {"it": _FINISH.format(home=home)}, name, prepared.value("made") or "0")
    came_back = read.out.partition(f"{token}\n".encode())[2]
    if wrote.code != 0 or read.code != 0:
        return Step("files", "failed", Text("A file could not be written to {folder} and read again.", folder=folder),
                    "Check whether the disk there is full, a quota is used up, or the folder is read-only.",
                    (wrote.err + read.err).decode("utf-8", "replace")[-4000:])
    if came_back != content:
        return Step("files", "failed", Text("A file that was written to {folder} came back changed.", folder=folder),
                    "Ask the administrators: something between this computer and that disk changes data.")
    if prepared.value("program") != "ran":
        return Step("files", "failed", Text("Programs cannot be run from {folder}: {problem}", folder=folder,
                                             problem=prepared.value("program")),
                    "Choose a folder on a disk that allows programs (mounted without noexec).", prepared.text)
    return Step("files", "passed", Text("A file went to {folder} and came back whole.", folder=folder))


_SCHEDULER_TIMEOUT_S = 90.0
_SPACE = """
d={home}
while [ ! -d "$d" ]; do d=$(dirname "$d"); done
cd "$d" && df -Pk .
"""


def _disk(connection: ssh_connection.Connection, host: Host) -> Step:
    answers = script_runner.ask(connection, {"df": _SPACE.format(home=host.home_expression),
                                   "quota": "command -v quota >/dev/null && quota -w"})
    free = parse_df(answers["df"].text)
    left = parse_quota(answers["quota"].text, answers["df"].text)
    details = "\n".join(part for part in (answers["df"].text, answers["quota"].text) if part.strip())
    if free is None:
        return Step("disk", "warning", "The free space there is not known.", "", details)
    usable = min(free, left) if left is not None else free
    by_quota = left is not None and left < free
    size = {"gigabytes": usable / 1e9, "home": host.home}
    only = Text("Only {gigabytes:.1f} GB are left of your quota in {home}.", **size) if by_quota else \
        Text("Only {gigabytes:.1f} GB are free in {home}.", **size)
    if usable < _TOO_LITTLE_BYTES:
        return Step("disk", "failed", only, "Remove something there, or choose another "
                    "folder, for example on the cluster's work disk.", details)
    if usable < _ENOUGH_BYTES:
        return Step("disk", "warning", only,
                    Text("The engine needs 1.5 GB, with training 6 GB; below {enough:.0f} GB there may not be enough.",
                         enough=_ENOUGH_BYTES / 1e9), details)
    space = Text("{gigabytes:.1f} GB are left of your quota.", **size) if by_quota else \
        Text("{gigabytes:.1f} GB are free.", **size)
    return Step("disk", "passed", space, details=details)


def _scheduler(connection: ssh_connection.Connection, host: Host) -> Step:
    resources = Resources(scheduler=host.scheduler, **host.resources.model_dump())
    found = registry.find(host.scheduler).probe(
        lambda pieces: script_runner.ask(connection, pieces, timeout_s=_SCHEDULER_TIMEOUT_S), resources)
    return Step("scheduler", found.state, found.message, found.hint, found.details)


def _engine(connection: ssh_connection.Connection, host: Host) -> Step:
    result = connection.run(host.engine_command("--version"), timeout_s=60.0)
    printed = (result.out + result.err).decode("utf-8", "replace")
    if result.code == NO_ENGINE:
        return Step("engine", "warning", "No engine is installed there yet.", "Install it. That takes a few minutes.")
    version = next((line.split()[1] for line in reversed(printed.splitlines())
                    if line.startswith("deepsoil ") and len(line.split()) == 2), None)
    if result.code != 0 or version is None:
        return Step("engine", "failed", "The engine there does not start.", "Install it again.", printed[-4000:])
    if version != __version__:
        other = Text("The engine there is {version}, this computer's is {own}: no jobs are sent.",
                     version=version, own=__version__)
        return Step("engine", "warning", other, "Install it again. Jobs that are running there continue.")
    return Step("engine", "passed", Text("The engine {version} is installed.", version=version))


_LOOKS: dict[str, Callable[[ssh_connection.Connection, Host], Step]] = {
    "shell": _shell, "files": _files, "disk": _disk, "scheduler": _scheduler, "engine": _engine}
