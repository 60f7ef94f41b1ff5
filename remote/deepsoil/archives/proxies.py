"""Which proxy stands between this computer and a server.

``DEEPSOIL_PROXIES`` is JSON: {host or "*": "http://proxy:3128", or null for none}; an address may have user and
password in it. QGIS's settings come this way. Where it is set, the proxies of the environment and of the system are not
looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from importlib.util import find_spec
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from requests.utils import get_environ_proxies

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.secret_variables import PROXIES
from deepsoil.contract.text import Text

Proxies = Mapping[str, str | None]


def from_environment() -> Proxies | None:
    """What ``DEEPSOIL_PROXIES`` says; None: it is not set.

    Raises
    ------
    DeepSoilError
        ``archive_proxies_invalid``, without what it holds: there are passwords in it.
    """
    text = os.environ.get(PROXIES)
    return None if not text else checked(_read(text))


def checked(proxies: object) -> Proxies:
    """The table, if it is one. Raises ``archive_proxies_invalid``."""
    if not isinstance(proxies, Mapping):
        raise _invalid(Text("it is not an object of hosts"))
    for host, proxy in proxies.items():
        if not isinstance(host, str) or not isinstance(proxy, str | None):
            raise _invalid(Text("a proxy is neither a text nor null"))
        if proxy is not None and proxy.startswith("socks") and find_spec("socks") is None:
            raise _invalid(Text("the proxy for {host} is a SOCKS proxy, and DeepSoil can use only HTTP proxies",
                                host=host))
        if proxy is not None and not _is_proxy(proxy):
            raise _invalid(Text("the proxy for {host} is not an address such as http://proxy:3128", host=host))
    return {host.lower(): None if proxy is None else _in_utf8(proxy) for host, proxy in proxies.items()}


def for_address(address: str, proxies: Proxies | None) -> dict[str, str]:
    """What ``requests`` wants; empty: no proxy. ``proxies`` None: those of the environment and of the system."""
    if proxies is None:
        return dict(get_environ_proxies(address))
    host = (urlsplit(address).hostname or "").lower()
    proxy = proxies[host] if host in proxies else proxies.get("*")
    return {} if proxy is None else {"http": proxy, "https": proxy}


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise _invalid(Text("it is not JSON")) from None


def _is_proxy(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        known = parts.scheme in ("http", "https", "socks5", "socks5h")
        return known and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _in_utf8(proxy: str) -> str:
    """The address such that user and password are sent in UTF-8 (RFC 7617).

    ``requests`` sends Latin-1, and fails with the password in the error where that has no such letter.
    """
    parts = urlsplit(proxy)
    login, at, place = parts.netloc.rpartition("@")
    words = [quote(unquote(word).encode("utf-8").decode("latin-1"), safe="") for word in login.split(":", 1)]
    return urlunsplit(parts._replace(netloc=":".join(words) + at + place)) if at else proxy


def _invalid(reason: str) -> DeepSoilError:
    return DeepSoilError("archive_proxies_invalid", "The proxies in {variable} cannot be used: {reason}.",
                         "Correct them, or unset {variable}.", variable=PROXIES, reason=reason)
