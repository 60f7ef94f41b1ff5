"""Passwords and passphrases of hosts, in QGIS's auth manager and nowhere else. From the main thread only.

An entry's ``uri`` says what it is for: host, kind, and a digest of whom it is for and what was asked, so that a host
that was moved to another host is never told the old host's password.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from qgis.core import QgsApplication, QgsAuthMethodConfig

from ..text.translate import tr

_SCHEME = "deepsoil"
_METHOD = "Basic"
_FIELD = "password"


@dataclass(frozen=True)
class SecretKey:
    """What a secret is for; ``about``: user and host, or the key's file; ``asked``: the words of the prompt."""

    host: str
    kind: str
    about: str
    asked: str

    @property
    def uri(self) -> str:
        digest = hashlib.sha256(f"{self.about}\n{self.asked}".encode()).hexdigest()[:16]
        return f"{_SCHEME}:{self.host}/{self.kind}/{digest}"


class Secrets:
    """Reads ask for the master password at most once a session; a user who declines is left in peace."""

    def __init__(self) -> None:
        self._declined = False

    def unlock(self) -> bool:
        """Whether secrets can be kept; QGIS asks for its master password where it must."""
        manager = QgsApplication.authManager()
        if manager.isDisabled():
            return False
        self._declined = not manager.setMasterPassword(True)
        return not self._declined

    def has(self, key: SecretKey) -> bool:
        """Whether there is one; needs no master password."""
        return self._id(key) is not None

    def find(self, key: SecretKey) -> str | None:
        """The secret; None where there is none, or QGIS's store stays locked."""
        config_id = self._id(key)
        manager = QgsApplication.authManager()
        if config_id is None or (self._declined and not manager.masterPasswordIsSet()):
            return None
        if not self.unlock():
            return None
        config = QgsAuthMethodConfig()
        loaded, config = manager.loadAuthenticationConfig(config_id, config, True)
        return (str(config.config(_FIELD)) or None) if loaded else None

    def keep(self, key: SecretKey, title: str, secret: str) -> bool:
        """Store it in place of an older one; False where QGIS's store is locked. ``title`` is what its list shows."""
        manager = QgsApplication.authManager()
        if manager.isDisabled() or not manager.masterPasswordIsSet():
            return False
        config = QgsAuthMethodConfig(_METHOD)
        config.setName(title)
        config.setUri(key.uri)
        config.setConfig("username", key.about)
        config.setConfig(_FIELD, secret)
        self.forget(key)
        stored, _ = manager.storeAuthenticationConfig(config)
        return bool(stored)

    def forget(self, key: SecretKey) -> None:
        """Remove it, if it is there."""
        if (config_id := self._id(key)) is not None:
            QgsApplication.authManager().removeAuthenticationConfig(config_id)

    def forget_host(self, host: str) -> None:
        """Remove all of a host."""
        for config_id, uri in _entries():
            if uri.startswith(f"{_SCHEME}:{host}/"):
                QgsApplication.authManager().removeAuthenticationConfig(config_id)

    @staticmethod
    def _id(key: SecretKey) -> str | None:
        return next((config_id for config_id, uri in _entries() if uri == key.uri), None)


def _entries() -> list[tuple[str, str]]:
    """(id, uri) of what the store lists; needs no master password."""
    manager = QgsApplication.authManager()
    if manager.isDisabled():
        return []
    return [(str(config_id), str(config.uri())) for config_id, config in manager.availableAuthMethodConfigs().items()]


def entry_title(host_title: str, kind: str) -> str:
    """How an entry is called in QGIS's list of authentications."""
    word = tr("passphrase of the key") if kind == "passphrase" else tr("password")
    return f"DeepSoil: {host_title}, {word}"
