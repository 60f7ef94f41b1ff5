"""Secrets of accounts at public archives, in QGIS's auth manager and nowhere else. From the main thread only."""

from __future__ import annotations

from ..text.translate import tr
from .credentials import SecretKey, Secrets

EARTHDATA = "earthdata"
ACCOUNTS = (EARTHDATA,)
_OWNER = "+archives"  # no host is called so


class ArchiveAccounts:
    """What QGIS's store gave is remembered while QGIS runs, so that it is not unlocked for every job."""

    def __init__(self) -> None:
        self._secrets = Secrets()
        self._known: dict[str, str] = {}

    def known(self) -> dict[str, str]:
        """Kind of account → secret, as far as the user need not be asked for it."""
        return dict(self._known)

    def has(self, account: str) -> bool:
        """Whether there is a secret; needs no master password."""
        return self._secrets.has(_key(account))

    def unlock(self) -> None:
        """Read what is stored; QGIS asks for its master password where it must, and only where there is something."""
        for account in ACCOUNTS:
            if account not in self._known and (secret := self._secrets.find(_key(account))):
                self._known[account] = secret

    def keep(self, account: str, secret: str) -> bool:
        """Store a secret in place of an older one; False where QGIS's store stays locked."""
        if not self._secrets.unlock() or not self._secrets.keep(_key(account), title_of(account), secret):
            return False
        self._known[account] = secret
        return True

    def forget(self, account: str) -> None:
        self._secrets.forget(_key(account))
        self._known.pop(account, None)


def title_of(account: str) -> str:
    """How the entry is called in QGIS's list of authentications."""
    return tr("DeepSoil: account {0}").format(account.capitalize())


def _key(account: str) -> SecretKey:
    return SecretKey(_OWNER, account, account, "")
