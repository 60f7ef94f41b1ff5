"""An SSH server in this process, behind a pair of sockets: real messages, no sshd. Commands run on this computer."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import paramiko

HOST_KEY = paramiko.ECDSAKey.generate()


class Server(paramiko.ServerInterface):
    """Accepts user ``ana`` by ``steps``: groups of methods, one of each group after the other.

    ``password``, ``code`` and ``keys`` are right; ``rounds``: the prompts of keyboard-interactive, each a list of
    (text, echo). ``tried``: every attempt. ``silent_s``: how long an answer to a password takes.
    """

    def __init__(self, *steps: str, password: str = "right", code: str = "123", keys: Sequence[paramiko.PKey] = (),
                 rounds: Sequence[Sequence[tuple[str, bool]]] = ((("Password: ", False),),)) -> None:
        self.steps = [step.split(",") for step in steps]
        self.password, self.code, self.keys, self.rounds = password, code, list(keys), rounds
        self.tried: list[str] = []
        self.waits: Callable[[], None] = lambda: None
        self.environment = dict(os.environ)
        self.before = ""  # what a login shell runs before every command
        self._round = 0

    def get_allowed_auths(self, username: str) -> str:
        return ",".join(self.steps[0]) if self.steps else ""

    def _accept(self, method: str, right: bool) -> int:
        if not right or not self.steps or method not in self.steps[0]:
            return int(paramiko.AUTH_FAILED)
        del self.steps[0]
        return int(paramiko.AUTH_PARTIALLY_SUCCESSFUL if self.steps else paramiko.AUTH_SUCCESSFUL)

    def check_auth_none(self, username: str) -> int:
        return int(paramiko.AUTH_SUCCESSFUL if not self.steps else paramiko.AUTH_FAILED)

    def check_auth_password(self, username: str, password: str) -> int:
        self.tried.append(f"password {password}")
        self.waits()
        return self._accept("password", username == "ana" and password == self.password)

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self.tried.append(f"key {key.get_base64()[-8:]}")
        return self._accept("publickey", username == "ana" and key in self.keys)

    def check_auth_interactive(self, username: str, submethods: str) -> Any:
        self._round = 0
        return self._ask()

    def _ask(self) -> Any:
        return paramiko.InteractiveQuery("Two steps", f"Step {self._round + 1}\x07", *self.rounds[self._round])

    def check_auth_interactive_response(self, responses: Sequence[str]) -> Any:
        self.tried.append(f"answers {' '.join(responses)}")
        wanted = [self.password if "assword" in text else self.code for text, _ in self.rounds[self._round]]
        if list(responses) != wanted:
            return int(paramiko.AUTH_FAILED)
        self._round += 1
        return self._ask() if self._round < len(self.rounds) else self._accept("keyboard-interactive", True)

    def check_channel_request(self, kind: str, number: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        threading.Thread(target=_run, args=(channel, self.before + command.decode(), self.environment),
                         daemon=True).start()
        return True


def _run(channel: paramiko.Channel, command: str, environment: Mapping[str, str]) -> None:
    with contextlib.suppress(OSError, EOFError), subprocess.Popen(
            ["/bin/sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment, cwd=environment.get("HOME")) as process:
        assert process.stdin and process.stdout and process.stderr
        feeding = threading.Thread(target=_feed, args=(channel, process.stdin), daemon=True)
        feeding.start()
        telling = threading.Thread(target=_tell, args=(process.stderr, channel.sendall_stderr), daemon=True)
        telling.start()
        _tell(process.stdout, channel.sendall)
        telling.join()
        channel.send_exit_status(process.wait())
        channel.close()


def _feed(channel: paramiko.Channel, stdin: Any) -> None:
    with contextlib.suppress(OSError), stdin:
        while data := channel.recv(1 << 15):
            stdin.write(data)
            stdin.flush()


def _tell(stream: Any, send: Callable[[bytes], object]) -> None:
    with contextlib.suppress(OSError):
        while data := stream.read1(1 << 15):
            send(data)


def connected(server: Server, kind: type[paramiko.Transport] = paramiko.Transport
              ) -> tuple[paramiko.Transport, paramiko.Transport]:
    """(the client's transport before its login, the server's one); close both."""
    mine, theirs = socket.socketpair()
    there = paramiko.Transport(theirs)
    there.add_server_key(HOST_KEY)
    there.start_server(event=threading.Event(), server=server)
    here = kind(mine)
    here.start_client(timeout=30)
    return here, there


@contextlib.contextmanager
def listening(make: Callable[[], Server]) -> Iterator[int]:
    """A port of this computer where every connection meets a server of its own."""
    open_ones: list[paramiko.Transport] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                transport = paramiko.Transport(connection)
                transport.add_server_key(HOST_KEY)
                open_ones.append(transport)
                transport.start_server(event=threading.Event(), server=make())

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    for transport in open_ones:
        transport.close()
