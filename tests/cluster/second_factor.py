"""A stand-in for a host that asks for second factors, in which a login has several steps and prompts.

OpenSSH asks such questions only through PAM, which a test cannot set up without touching the system; this small server
of paramiko speaks the same messages. It runs no commands: a login is all it knows.
"""

from __future__ import annotations

import contextlib
import socket
import threading

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_PARTIALLY_SUCCESSFUL, AUTH_SUCCESSFUL

PASSWORD, CODE = "right horse", "123456"


class SecondFactor(paramiko.ServerInterface):
    """What the host asks for. ``turns``: prompts of each turn of keyboard-interactive; ``right``: their answers;
    ``key``: a key that must be accepted first; ``password``: by the password method, no prompts at all."""

    def __init__(self, turns: list[list[str]], right: list[list[str]], key: paramiko.PKey | None = None,
                 password: str | None = None) -> None:
        self.turns, self.right, self.key, self.password = turns, right, key, password
        self.turn = 0
        self.first_done = key is None

    def get_allowed_auths(self, username: str) -> str:
        if not self.first_done:
            return "publickey"
        return "password" if self.password is not None else "keyboard-interactive"

    def check_auth_none(self, username: str) -> int:
        return AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        if self.first_done or key != self.key:
            return AUTH_FAILED
        self.first_done = True
        return AUTH_PARTIALLY_SUCCESSFUL

    def check_auth_password(self, username: str, password: str) -> int:
        return AUTH_SUCCESSFUL if password == self.password else AUTH_FAILED

    def check_auth_interactive(self, username: str, submethods: str) -> int | paramiko.InteractiveQuery:
        if not self.first_done:
            return AUTH_FAILED
        self.turn = 0
        return self._query()

    def check_auth_interactive_response(self, responses: list[str]) -> int | paramiko.InteractiveQuery:
        if list(responses) != self.right[self.turn]:
            return AUTH_FAILED
        self.turn += 1
        return AUTH_SUCCESSFUL if self.turn == len(self.turns) else self._query()

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def _query(self) -> paramiko.InteractiveQuery:
        return paramiko.InteractiveQuery("Two steps", "Look at your telephone.",
                                         *[(prompt, False) for prompt in self.turns[self.turn]])


class Host:
    """Listens on a free port of 127.0.0.1 and lets everybody meet a new `SecondFactor`."""

    def __init__(self, host_key: paramiko.PKey, *arguments: object, **named: object) -> None:
        self._host_key, self._make = host_key, lambda: SecondFactor(*arguments, **named)  # type: ignore[arg-type]
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.transports: list[paramiko.Transport] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                stream, _ = self._listener.accept()
                transport = paramiko.Transport(stream)
                transport.set_log_channel("deepsoil.ssh")
                transport.add_server_key(self._host_key)
                self.transports.append(transport)
                with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
                    transport.start_server(server=self._make())

    def close(self) -> None:
        self._listener.close()
        for transport in self.transports:
            transport.close()
