"""The user name and the SSH methods for a login. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deepsoil.contract.host import Authentication
from deepsoil.hosts.ssh.config import Hop

KEY, PASSWORD, INTERACTIVE = "publickey", "password", "keyboard-interactive"
METHODS: dict[Authentication, tuple[str, ...]] = {
    "agent": (KEY,), "key": (KEY,), "password": (PASSWORD, INTERACTIVE), "interactive": (INTERACTIVE, KEY),
}
# On a jump host, and after an accepted first step: whatever the host asks for.
ANY_METHOD = (KEY, INTERACTIVE, PASSWORD)


@dataclass(frozen=True)
class LoginRequest:
    """The user and credentials of a login. ``host``: its id, for questions; ``title``: the host's name for the user;
    ``methods`` of SSH in the order to be tried; ``key_file``: instead of the agent and the default keys."""

    host: str
    title: str
    hop: Hop
    methods: tuple[str, ...]
    key_file: Path | None = None

    @property
    def account(self) -> str:
        return f"{self.hop.user}@{self.hop.host}:{self.hop.port}"
