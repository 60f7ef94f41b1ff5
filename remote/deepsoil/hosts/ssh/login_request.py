"""As whom and by which methods of SSH to log in on a host. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from deepsoil.contract.host import Authentication
from deepsoil.hosts.ssh.config import Hop

KEY, PASSWORD, INTERACTIVE = "publickey", "password", "keyboard-interactive"
METHODS: dict[Authentication, tuple[str, ...]] = {
    "agent": (KEY,), "key": (KEY,), "password": (PASSWORD, INTERACTIVE), "interactive": (INTERACTIVE, KEY),
}
# On a jump host, and after a first step that was accepted: whatever the host asks for.
ANY_METHOD = (KEY, INTERACTIVE, PASSWORD)


@dataclass(frozen=True)
class LoginRequest:
    """As whom to log in, and with what. ``host``: its id, for questions; ``title``: the host in the user's words;
    ``methods`` of SSH in the order to be tried; ``key_file``: instead of the agent and the default keys."""

    host: str
    title: str
    hop: Hop
    methods: tuple[str, ...]
    key_file: Path | None = None

    @property
    def account(self) -> str:
        return f"{self.hop.user}@{self.hop.host}:{self.hop.port}"
