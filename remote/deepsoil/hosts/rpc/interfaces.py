"""The SSH interface that the connection to an engine needs, and the interface of its owner. Types only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from deepsoil.hosts.prompts.prompt import Ask
from deepsoil.hosts.rpc.connection_state import ConnectionStatus

if TYPE_CHECKING:
    from deepsoil.contract.host import Host


class Pipe(Protocol):
    """The required part of `ssh.channel.Pipe`."""

    def write(self, data: bytes) -> None: ...
    def read(self, size: int) -> bytes: ...
    def close(self) -> None: ...
    @property
    def code(self) -> int | None: ...
    @property
    def err(self) -> bytes: ...


class Connection(Protocol):
    """The required part of `ssh.connection.Connection`."""

    def pipe(self, command: Sequence[str], timeout_s: float) -> Any: ...
    def close(self) -> None: ...
    @property
    def alive(self) -> bool: ...


Connect = Callable[["Host", Ask, Path, float], Any]
"""(host, ask, HOME of this computer, seconds per step) -> `Connection`."""


class Listener(Protocol):
    """The owner of a connection. All methods are called from the connection's threads and must not wait for it."""

    def status_changed(self, status: ConnectionStatus) -> None: ...
    def event(self, message: dict[str, Any]) -> None: ...
    def connected(self, ask: Callable[..., Any]) -> None:
        """The host's engine has answered `hello`: watch and list with ``ask(method, params, timeout_s)``."""
        ...
