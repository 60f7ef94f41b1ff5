"""A host: a computer on which an engine runs, as the contract describes it. Pure: no disk, no network."""

from __future__ import annotations

import shlex
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.local import LOCAL
from deepsoil.contract.resources import (
    DEFAULT_ATTEMPTS,
    HINTS,
    Attempts,
    Cpus,
    Gpus,
    MemoryMb,
    Minutes,
    Processes,
    Tasks,
    Word,
)
from deepsoil.contract.schedulers import SCHEDULER_HINT, SchedulerName
from deepsoil.contract.strict import Strict

# Exit code of the engine's command if no engine is installed in the host's home (sysexits: EX_NOINPUT).
NO_ENGINE = 66

Authentication = Literal["agent", "key", "password", "interactive"]
ConnectionState = Literal["off", "connecting", "asking", "ready", "waiting", "refused", "no_engine", "other_engine"]
"""waiting: for the network, retried automatically · refused: waits for the user (host key, login) · other_engine: the
engine there is another version, jobs are not sent."""
ID_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,63}$"
ADDRESS_PATTERN = r"^[^\s\x00-\x1f\x7f@/-][^\s\x00-\x1f\x7f@/]*$"
_ONE_LINE = r"^[^\x00-\x1f\x7f]+$"
# A colon would split the entry of PATH that holds the Python environment.
HOME_PATTERN = r"^(~|~/[^\x00-\x1f\x7f:]*|/[^\x00-\x1f\x7f:]+)$"


class HostResources(Strict):
    """The default resources of a job on this host; memory in MB, time in minutes, for one task."""

    partition: Word | None = None
    account: Word | None = None
    qos: Word | None = None
    gpus: Gpus = 0
    cpus: Cpus | None = None
    memory_mb: MemoryMb | None = None
    minutes: Minutes | None = None
    tasks: Tasks = 1
    processes: Processes = 1
    attempts: Attempts = DEFAULT_ATTEMPTS


PROPOSED_RESOURCES = HostResources(cpus=4, memory_mb=8_000, minutes=240, tasks=16)
"""Default resources of a task on a new host: enough for a prediction, and acceptable for any queue."""


class Host(Strict):
    """One host as the user described it. ``home`` and ``python`` are of that host, ``key_file`` of this computer."""

    id: Annotated[str, Field(pattern=ID_PATTERN)]
    title: Annotated[str, Field(min_length=1, max_length=100)]
    address: Annotated[str, Field(pattern=ADDRESS_PATTERN, max_length=255)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    user: Annotated[str, Field(pattern=_ONE_LINE, max_length=255)] | None = None
    authentication: Authentication = "agent"
    key_file: Annotated[str, Field(pattern=_ONE_LINE, max_length=1000)] | None = None
    home: Annotated[str, Field(pattern=HOME_PATTERN, max_length=500)] = "~/deepsoil"
    python: Annotated[str, Field(pattern=_ONE_LINE, max_length=1000)] | None = None
    scheduler: SchedulerName = "slurm"
    resources: HostResources = HostResources()

    def to_dict(self) -> dict[str, Any]:
        """As the contract writes it, every field present, without ``connection``."""
        return self.model_dump(mode="json")

    @property
    def home_expression(self) -> str:
        """``home`` as a word for a POSIX shell on the host: a leading ``~`` becomes that shell's ``$HOME``."""
        return shell_path(self.home)

    def engine_command(self, *arguments: str) -> list[str]:
        """The argv that runs the installed engine on the host, e.g. ``engine_command("serve")``.

        ``DEEPSOIL_HOME`` is set to the host's home, variables that would affect another Python are removed.
        The link ``current`` is resolved first: a running engine keeps its files when a newer one is installed.
        Ends with ``NO_ENGINE`` and one line on stderr if no engine is installed.
        """
        script = (f"DEEPSOIL_HOME={self.home_expression}; export DEEPSOIL_HOME; "
                  "unset PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV DEEPSOIL_RESOURCES; "
                  "PYTHONNOUSERSITE=1; PYTHONUTF8=1; export PYTHONNOUSERSITE PYTHONUTF8; "
                  'e=$(cd "$DEEPSOIL_HOME/engine/current" 2>/dev/null && pwd -P) && p="$e/bin/python" || p=; '
                  f'[ -x "$p" ] || {{ echo "deepsoil: no engine in $DEEPSOIL_HOME" >&2; exit {NO_ENGINE}; }}; '
                  'exec "$p" -P -m deepsoil "$@"')
        return ["/bin/sh", "-c", script, "deepsoil", *arguments]


class Connection(Strict):
    """The status of the connection to a host; ``engine``: the version of its engine."""

    state: ConnectionState
    message: str = ""
    hint: str = ""
    code: str | None = None
    since: str | None = None
    next_try_s: float | None = None
    engine: str | None = None
    templates: list[str] = Field(default_factory=list)
    values: dict[str, Any] = Field(default_factory=dict)


def shell_path(path: str) -> str:
    """A path as one word for a POSIX shell; ``~`` and ``~/…`` begin with the shell's own ``$HOME``."""
    if path == "~":
        return '"$HOME"'
    if path.startswith("~/"):
        return '"$HOME"/' + shlex.quote(path[2:]) if path[2:] else '"$HOME"'
    return shlex.quote(path)


def parse_host(document: Any) -> Host:
    """The host in a document.

    Raises
    ------
    DeepSoilError
        ``host_invalid`` with the field and the valid values.
    """
    if not isinstance(document, dict):
        raise DeepSoilError("host_invalid", "A host is described by an object.", "Give its fields by name.")
    try:
        host = Host.model_validate(document)
    except ValidationError as error:
        raise _translate(error.errors()[0]) from error
    if host.id == LOCAL:
        raise DeepSoilError("host_invalid", "The id '{id}' stands for this computer.", "Choose another id.", "id",
                            id=LOCAL)
    if host.authentication == "key" and host.key_file is None:
        raise DeepSoilError("host_invalid", "The login on '{title}' uses a key, and no key file is "
                            "named.", "Choose the private key, e.g. ~/.ssh/id_ed25519.", "key_file",
                            title=host.title)
    return host


_OF_FIELD = {
    "id": "It must be 1 to 64 small letters, digits, - or _.",
    "title": "It must be a text of 1 to 100 characters.",
    "address": "It must be a host name, an address, or an alias of the SSH configuration; the user has its own field.",
    "port": "It must be a number from 1 to 65535, or null.",
    "user": "It must be a user name, or null.",
    "authentication": "It must be agent, key, password or interactive.",
    "key_file": "It must be the path of a private key on this computer, or null.",
    "home": "It must be a whole path there, or begin with ~/; a colon cannot be part of it.",
    "python": "It must be a Python of that host from 3.11 on, e.g. /usr/bin/python3.12, or null.",
    "scheduler": SCHEDULER_HINT,
    **{field: hint for field, hint in HINTS.items() if field != "resources.scheduler"},
}


def _translate(error: ErrorDetails) -> DeepSoilError:
    """pydantic's first error as a message for users."""
    parts = [str(part) for part in error["loc"]]
    field = ".".join(parts)
    if error["type"] == "missing":
        return DeepSoilError("host_invalid", "A host needs the field '{name}'.", "Add it.", field, name=field)
    if error["type"] == "extra_forbidden":
        return DeepSoilError("host_invalid", "A host has no field '{name}'.", "Check the spelling.", field, name=field)
    hint = _OF_FIELD.get(field) or error["msg"][:1].upper() + error["msg"][1:] + "."
    return DeepSoilError("host_invalid", "The value {value!r} cannot be used.", "{expected}", field,
                         value=str(error["input"])[:60], expected=hint)
