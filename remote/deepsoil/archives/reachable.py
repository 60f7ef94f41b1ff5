"""Whether a failure is that of one archive, for which another may stand in, or of this computer's own connection."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from deepsoil.archives import failures
from deepsoil.archives.archive import Piece
from deepsoil.contract.errors import DeepSoilError

_HOSTS = 4
"""That are looked up: more take long where no answer comes."""


def concerns_all(error: DeepSoilError, pieces: Iterable[Piece]) -> bool:
    """Whether no archive can be asked: the proxy refuses the user, or no name of a server is known.

    ``pieces`` of all archives say which names. Without a name server, as when a computer just woke up, everything that
    maps can do without would fail, and be left out of the region.
    """
    if failures.status_of(error) == 407:
        return True
    if not failures.is_unknown_name(error):
        return False
    hosts = dict.fromkeys(host for piece in pieces if (host := urlsplit(piece.address).hostname))
    return not any(_is_known(host) for host in list(hosts)[:_HOSTS])


def _is_known(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return True
