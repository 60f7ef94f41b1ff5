"""From address to address where servers send on: each with the proxy of its own host, and no key of another host.

``requests`` keeps the proxy of the first address, and may send its password to a host that is asked directly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

_SENT_ON = frozenset({301, 302, 303, 307, 308})
_KEEPS_BODY = frozenset({307, 308})
_MOST = 10
_KEYS = frozenset({"authorization", "cookie"})


def follow(session: requests.Session, address: str, body: Any, headers: Mapping[str, str],
           proxies_of: Callable[[str], Mapping[str, str]], timeout: tuple[float, float],
           ) -> tuple[requests.Response, bool]:
    """The answer, its body not yet read, and whether it is of another address. With a ``body`` a POST of JSON.

    Raises requests.RequestException; TooManyRedirects after ten, InvalidURL where a server sends on to no address.
    """
    try:
        return _follow(session, address, body, headers, proxies_of, timeout)
    except requests.RequestException:
        raise
    except ValueError as error:  # of urllib and requests, which read the new address
        raise requests.exceptions.InvalidURL from error


def _follow(session: requests.Session, address: str, body: Any, headers: Mapping[str, str],
            proxies_of: Callable[[str], Mapping[str, str]], timeout: tuple[float, float],
            ) -> tuple[requests.Response, bool]:
    sent = dict(headers)
    for hop in range(_MOST + 1):
        answer = session.request("GET" if body is None else "POST", address, json=body, headers=sent,
                                 proxies=dict(proxies_of(address)), stream=True, timeout=timeout, allow_redirects=False)
        onward = answer.headers.get("Location")
        if answer.status_code not in _SENT_ON or not onward:
            return answer, hop > 0
        answer.close()
        if answer.status_code not in _KEEPS_BODY:
            body = None
        there = urljoin(address, onward)
        if urlsplit(there)[:2] != urlsplit(address)[:2]:
            sent = {name: value for name, value in sent.items() if name.lower() not in _KEYS}
        address = there
    raise requests.TooManyRedirects
