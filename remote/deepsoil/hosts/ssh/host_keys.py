"""Verifies a host by comparing its key with the known keys.

A known key is accepted. For an unknown one the user is asked once; it is stored in ``HOME/known_hosts``. A key that
differs from the known key, or was revoked, is refused without a question.
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import paramiko

from deepsoil.contract.errors import DeepSoilError
from deepsoil.hosts.prompts.prompt import Ask, Question
from deepsoil.io import atomic, locks

Verdict = Literal["known", "unknown", "changed", "revoked"]


@dataclass(frozen=True)
class KnownKey:
    """One line of a known_hosts file. ``names`` as written there: patterns, or one hashed name; ``blob``: the key."""

    names: str
    kind: str
    blob: bytes
    revoked: bool
    file: Path
    line: int

    def is_for(self, name: str) -> bool:
        """Whether the line is about the host ``name`` (``host`` or ``[host]:port``, lower case)."""
        if self.names.startswith("|1|"):
            return _hashed_matches(self.names, name)
        found = False
        for pattern in self.names.lower().split(","):
            negated = pattern.startswith("!")
            # Brackets are literal here; only * and ? are wildcards.
            if fnmatch.fnmatchcase(name, pattern.removeprefix("!").replace("[", "[[]")):
                if negated:
                    return False
                found = True
        return found


def parse(text: str, file: Path) -> list[KnownKey]:
    """The keys in a known_hosts text. Comments, certificate authorities and damaged lines are skipped."""
    keys = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        marker = words.pop(0) if words and words[0].startswith("@") else ""
        if len(words) < 3 or words[0].startswith("#") or marker not in ("", "@revoked"):
            continue
        try:
            blob = base64.b64decode(words[2], validate=True)
        except (binascii.Error, ValueError):
            continue
        keys.append(KnownKey(words[0], words[1], blob, marker == "@revoked", file, number))
    return keys


def judge(name: str, blob: bytes, known: Iterable[KnownKey]) -> tuple[Verdict, KnownKey | None]:
    """The verdict on a key, and the line it is based on.

    A key of another type than the known ones counts as changed: the known types are requested first, so a host that
    sends another one no longer has them.
    """
    ours = [key for key in known if key.is_for(name)]
    same = [key for key in ours if key.blob == blob]
    for key in same:
        if key.revoked:
            return "revoked", key
    if same:
        return "known", same[0]
    plain = [key for key in ours if not key.revoked]
    return ("changed", plain[0]) if plain else ("unknown", None)


def read(paths: Iterable[Path]) -> list[KnownKey]:
    """The keys of all existing files. DeepSoilError ``known_hosts_unreadable``: no known key may count as unknown."""
    keys = []
    for path in paths:
        try:
            keys += parse(path.read_text(encoding="utf-8", errors="replace"), path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise DeepSoilError("known_hosts_unreadable", "The known host keys in {path} cannot be read "
                                "({strerror}).", "Make the file readable for you.",
                                path=path, strerror=error.strerror) from error
    return keys


def preferred(available: Sequence[str], name: str, known: Iterable[KnownKey]) -> tuple[str, ...]:
    """The host key algorithms, those of its known keys first, so that the host sends a known key."""
    kinds = {key.kind for key in known if not key.revoked and key.is_for(name)}
    signatures = {"rsa-sha2-512": "ssh-rsa", "rsa-sha2-256": "ssh-rsa"}
    return tuple(sorted(available, key=lambda algorithm: signatures.get(algorithm, algorithm) not in kinds))


def check(name: str, title: str, host: str, key: paramiko.PKey, known: Sequence[KnownKey], ask: Ask,
          home: Path) -> None:
    """Accept the key of the host ``title``, ask the user about it, or refuse it.

    Raises
    ------
    DeepSoilError
        ``host_key_unknown`` (not confirmed), ``host_key_changed`` (also: revoked).
    """
    blob = key.asbytes()
    shown = fingerprint(blob)
    verdict, line = judge(name, blob, known)
    if verdict == "unknown":
        text = (f"You connect to {title} for the first time. Its key ({key.get_name()}) has the fingerprint\n{shown}\n"
                "Compare it with the one that its administrators publish. Is it the same?")
        answer = ask(Question(host, "host_key", f"Is this {title}?", text, fingerprint=shown))
        if answer != ["yes"]:
            raise DeepSoilError("host_key_unknown", "The key of {title} ({shown}) was not confirmed.",
                                "Connect again and confirm it when you know that it is right.", "address",
                                title=title, shown=shown)
        remember(home, name, key)
    elif verdict == "revoked":
        assert line is not None
        raise DeepSoilError("host_key_changed", "The key of {title} ({shown}) is marked as revoked in {file}, "
                            "line {line}.", "Do not log in. Ask the administrators of the host.", "address",
                            title=title, shown=shown, file=line.file, line=line.line)
    elif verdict == "changed":
        assert line is not None
        raise DeepSoilError(
            "host_key_changed", "{title} shows another key ({shown}) than the one known in {file}, line {line} "
                                "({fingerprint}). Somebody may be intercepting the connection, or the host was "
                                "reinstalled.",
            "Ask its administrators. If the new key is right: ssh-keygen -R '{name}' -f '{file}'", "address",
            title=title, shown=shown, file=line.file, line=line.line, fingerprint=fingerprint(line.blob),
            name=name)


def fingerprint(blob: bytes) -> str:
    """As ssh writes it: ``SHA256:`` and base64 without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def own_file(home: Path) -> Path:
    """The file of the keys that the user has confirmed."""
    return home / "known_hosts"


def remember(home: Path, name: str, key: paramiko.PKey) -> None:
    """Store a confirmed key."""
    home.mkdir(parents=True, exist_ok=True)
    path = own_file(home)
    with locks.locked(home / ".known_hosts.lock"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        text += "\n" if text and not text.endswith("\n") else ""
        atomic.write_text(path, f"{text}{name} {key.get_name()} {key.get_base64()}\n")
        os.chmod(path, 0o600)  # noqa: PTH101


def _hashed_matches(names: str, name: str) -> bool:
    try:
        _, _, salt, digest = names.split("|")
        wanted = base64.b64decode(digest)
        made = hmac.new(base64.b64decode(salt), name.encode(), hashlib.sha1).digest()
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(wanted, made)
