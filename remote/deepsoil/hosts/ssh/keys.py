"""The user's private keys: those of the agent and those in files."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import paramiko
from paramiko.agent import AgentSSH

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.prompts import credential_cache
from deepsoil.hosts.prompts.prompt import Ask, Prompt, Question

TRIES = 3
_DEFAULT_NAMES = ("id_ed25519", "id_ecdsa", "id_rsa")
_AGENT_TIMEOUT_S = 60.0  # an agent may ask the user


class SocketAgent(AgentSSH):
    """The agent behind a socket. ``keys()`` is empty if none answers, and ``problem`` says why."""

    def __init__(self, path: str | None) -> None:
        super().__init__()
        self.problem: str | None = None
        if path is None:
            self.problem = "no SSH agent is running"
            return
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(_AGENT_TIMEOUT_S)
        try:
            connection.connect(path)
            self._connect(connection)
        except (OSError, paramiko.SSHException, EOFError) as error:
            connection.close()
            self.problem = f"the SSH agent at {path} does not answer ({error})"

    def close(self) -> None:
        self._close()


def open_agent(setting: str | None) -> SocketAgent | paramiko.Agent | None:
    """The agent named in a hop's ``agent``; None: use no agent."""
    if setting is not None and setting.lower() == "none":
        return None
    if sys.platform == "win32":
        return paramiko.Agent()
    return SocketAgent(setting or os.environ.get("SSH_AUTH_SOCK"))


def default_files(folder: Path) -> list[Path]:
    """The existing private keys among ssh's defaults."""
    return [folder / name for name in _DEFAULT_NAMES if (folder / name).is_file()]


def in_order(agent_keys: Sequence[paramiko.PKey], files: Sequence[Path], only: bool) -> list[paramiko.PKey]:
    """The agent's keys, those of ``files`` first, because a host may allow only few attempts.

    ``only``: no others. The key of a file is identified by its public half, NAME.pub.
    """
    wanted = [blob for file in files if (blob := _public_blob(file)) is not None]
    named = [key for blob in wanted for key in agent_keys if key.asbytes() == blob]
    return named if only else named + [key for key in agent_keys if key not in named]


def is_encrypted(file: Path) -> bool:
    """Whether a private key needs a passphrase. DeepSoilError ``key_unreadable``."""
    try:
        paramiko.PKey.from_path(file)
    except TypeError:
        return True
    except Exception as error:
        raise _unreadable(file, error) from error
    return False


def load(file: Path, host: str, ask: Ask) -> paramiko.PKey | None:
    """The private key in ``file``; its passphrase is requested up to three times, and kept in memory if correct.

    None: the passphrase was not answered. Raises DeepSoilError ``key_unreadable``, ``login_refused`` (three wrong
    passphrases).
    """
    if not is_encrypted(file):
        return paramiko.PKey.from_path(file)
    cache_key = (str(file), "passphrase")
    known = credential_cache.recall(cache_key)
    if known is not None:
        if (key := _opened(file, known)) is not None:
            return key
        credential_cache.forget(cache_key)
    again = ""
    for _ in range(TRIES):
        answer = ask(Question(host, "passphrase", "Passphrase of a key", f"{again}The key {file} is protected.",
                              (Prompt(f"Passphrase of {file.name}: ", lasting=True),), about=str(file)))
        if answer is None or len(answer) != 1:
            return None
        if (key := _opened(file, answer[0])) is not None:
            credential_cache.keep(cache_key, answer[0])
            return key
        again = "That was not the passphrase. "
    raise DeepSoilError("login_refused", "The passphrase of {file} was wrong {tries} times.",
                        "Connect again with the right one; 'ssh-keygen -y -f FILE' tests it.", "key_file",
                        file=file, tries=TRIES)


def _opened(file: Path, passphrase: str) -> paramiko.PKey | None:
    try:
        return paramiko.PKey.from_path(file, passphrase.encode())
    except (ValueError, paramiko.SSHException):
        return None
    except Exception as error:
        raise _unreadable(file, error) from error


def _public_blob(file: Path) -> bytes | None:
    try:
        return paramiko.PublicBlob.from_file(str(file) + ".pub").key_blob
    except (OSError, ValueError):
        return None


def _unreadable(file: Path, error: Exception) -> DeepSoilError:
    detail = error.strerror if isinstance(error, OSError) and error.strerror else str(error).split(".")[0]
    return DeepSoilError("key_unreadable", "The private key {file} cannot be read ({detail}).",
                         "Choose the private half of a key in the format of OpenSSH (ed25519, ecdsa, rsa); PuTTY's "
                         ".ppk must be exported first.", "key_file",
                         file=file, detail=detail)
