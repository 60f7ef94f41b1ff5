"""The user's SSH configuration: the address of a host name, its jump hosts, and the aliases."""

from __future__ import annotations

import getpass
import glob
import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import paramiko

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Host

_DEEPEST_INCLUDE = 16
_LONGEST_ROUTE = 8
_GLOBAL_KNOWN_HOSTS = ("/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2")


@dataclass(frozen=True)
class Hop:
    """One host on the way to a host, as the configuration resolves it.

    ``key_name``   name of its host key: ``host``, ``[host]:port`` or a HostKeyAlias
    ``identities`` private key files the configuration names, in its order
    ``only``       no other keys are offered (IdentitiesOnly)
    ``known_hosts``the user's files of host keys, which may not exist
    ``agent``      socket of the agent (IdentityAgent); None: the usual one; "none": no agent
    ``command``    program whose stdin and stdout lead to the host (ProxyCommand)
    """

    name: str
    host: str
    port: int
    user: str
    key_name: str
    identities: tuple[Path, ...]
    only: bool
    known_hosts: tuple[Path, ...]
    agent: str | None
    command: str | None

    @property
    def address(self) -> str:
        return self.host if self.port == 22 else f"{self.host}, port {self.port}"


def route(host: Host, config_file: Path | None = None) -> list[Hop]:
    """The hosts to log in to, in order; the last is the host itself.

    Raises
    ------
    DeepSoilError
        ``ssh_config_unreadable``: the file cannot be read or understood, or its ProxyJumps form a loop.
    """
    config = read_config(config_file or user_folder() / "config")
    return _route(config, host.address, host.user, host.port, ())


def user_folder() -> Path:
    """The folder of the user's SSH configuration, keys and known hosts."""
    return Path.home() / ".ssh"


def read_config(file: Path) -> paramiko.SSHConfig:
    """The configuration in ``file``; empty if there is none. DeepSoilError ``ssh_config_unreadable``."""
    try:
        return paramiko.SSHConfig.from_text(_with_includes(file, 0))
    except (OSError, UnicodeDecodeError, paramiko.SSHException, ValueError) as error:
        raise _unreadable(file, str(error)) from error


def aliases(config_file: Path | None = None) -> list[str]:
    """The names after ``Host`` that are not patterns, in the order of the configuration and its includes.

    DeepSoilError ``ssh_config_unreadable``.
    """
    file = config_file or user_folder() / "config"
    names: dict[str, None] = {}
    try:
        for line in _with_includes(file, 0).splitlines():
            setting = paramiko.SSHConfig.SETTINGS_REGEX.match(line.strip())
            if setting is not None and setting[1].lower() == "host":
                names.update(dict.fromkeys(word for word in shlex.split(setting[2]) if not set(word) & set("*?!")))
    except (OSError, ValueError) as error:
        raise _unreadable(file, str(error)) from error
    return list(names)


def _with_includes(file: Path, depth: int) -> str:
    """The text of ``file`` with its includes inserted; paramiko does not support Include."""
    if depth > _DEEPEST_INCLUDE:
        raise ValueError(f"{file} is included by itself")
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    lines: list[str] = []
    for line in text.splitlines():
        word, _, patterns = line.strip().replace("=", " ", 1).partition(" ")
        if word.lower() != "include":
            lines.append(line)
            continue
        for pattern in shlex.split(patterns):
            whole = user_folder() / Path(pattern).expanduser()
            lines += [_with_includes(Path(found), depth + 1) for found in sorted(glob.glob(str(whole)))]  # noqa: PTH207
    return "\n".join(lines)


def _route(config: paramiko.SSHConfig, name: str, user: str | None, port: int | None,
           passed: tuple[str, ...]) -> list[Hop]:
    if name in passed or len(passed) >= _LONGEST_ROUTE:
        raise DeepSoilError("ssh_config_unreadable", "The jump hosts of {host} lead in a circle: {jumps}.",
                            "Correct ProxyJump in the SSH configuration.", "address",
                            host=passed[0], jumps=" → ".join([*passed, name]))
    settings = _lookup(config, name)
    jumps = str(settings.get("proxyjump") or "none")
    before: list[Hop] = []
    if jumps.lower() != "none":
        for index, jump in enumerate(jumps.split(",")):
            jump_name, jump_user, jump_port = _split(jump.strip())
            way = _route(config, jump_name, jump_user, jump_port, (*passed, name))
            before += way if index == 0 else way[-1:]
    hop = _hop(settings, name, user, port)
    return [*before, hop]


def _lookup(config: paramiko.SSHConfig, name: str) -> paramiko.SSHConfigDict:
    try:
        return config.lookup(name)
    except Exception as error:  # Match exec runs the user's commands, canonical names need the network
        raise _unreadable(user_folder() / "config", f"{type(error).__name__}: {error}") from error


def _hop(settings: paramiko.SSHConfigDict, name: str, user: str | None, port: int | None) -> Hop:
    host = str(settings.get("hostname") or name)
    number = port or _port(settings.get("port"))
    alias = settings.get("hostkeyalias")
    key_name = str(alias) if alias else host.lower() if number == 22 else f"[{host.lower()}]:{number}"
    command = settings.get("proxycommand") if not settings.get("proxyjump") else None
    agent = settings.get("identityagent")
    return Hop(
        name=name, host=host, port=number, user=user or str(settings.get("user") or getpass.getuser()),
        key_name=key_name,
        identities=tuple(Path(file).expanduser() for file in settings.get("identityfile", ())
                         if file.lower() != "none"),
        only=str(settings.get("identitiesonly", "no")).lower() == "yes",
        known_hosts=(*_files(settings.get("userknownhostsfile"), _usual_known_hosts),
                     *_files(settings.get("globalknownhostsfile"), lambda: tuple(map(Path, _GLOBAL_KNOWN_HOSTS)))),
        agent=None if agent is None or agent == "SSH_AUTH_SOCK" else os.path.expandvars(str(Path(agent).expanduser())),
        command=str(command) if command else None)


def _usual_known_hosts() -> tuple[Path, ...]:
    return user_folder() / "known_hosts", user_folder() / "known_hosts2"


def _files(setting: str | None, usual: Callable[[], tuple[Path, ...]]) -> tuple[Path, ...]:
    if not setting:
        return usual()
    words = shlex.split(setting)
    return tuple(Path(word.replace("%d", str(Path.home()))).expanduser() for word in words if word.lower() != "none")


def _port(setting: str | None) -> int:
    if setting is None:
        return 22
    if setting.isdecimal() and 1 <= int(setting) <= 65535:
        return int(setting)
    raise _unreadable(user_folder() / "config", f"the port {setting!r}")


def _split(jump: str) -> tuple[str, str | None, int | None]:
    """``[user@]host[:port]``, with or without ``ssh://``; an IPv6 address is in brackets."""
    rest = jump.removeprefix("ssh://")
    user, at, rest = rest.rpartition("@")
    host, port = rest, ""
    if rest.startswith("["):
        host, _, port = rest[1:].partition("]")
        port = port.removeprefix(":")
    elif rest.count(":") == 1:
        host, _, port = rest.partition(":")
    return host, user if at else None, _port(port) if port else None


def _unreadable(file: Path, detail: str) -> DeepSoilError:
    return DeepSoilError("ssh_config_unreadable", "The SSH configuration {file} cannot be used ({detail}).",
                         "Correct it ('ssh -G HOST' shows how ssh reads it), or type the host's own name instead of "
                         "the alias.", "address",
                         file=file, detail=detail)
