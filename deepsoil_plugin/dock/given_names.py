"""Which name the user gave to which area: it goes with that area, and not with the next one. Pure."""

from __future__ import annotations

import json
from typing import Any

_MOST = 1_000


class GivenNames:
    """A name that was typed is for the area that stands there, or for the next one until a request was sent with it."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._open = False  # typed, and not sent yet

    def typed(self, name: str) -> None:
        self._open = bool(name.strip())

    def settle(self, area: Any, name: str) -> None:
        """The name belongs to this area from now on: a request for it was sent, or the project keeps it."""
        if area is not None and name.strip():
            self._known.pop(_key(area), None)
            self._known[_key(area)] = name
            while len(self._known) > _MOST:
                del self._known[next(iter(self._known))]
        self._open = False

    def for_area(self, area: Any, standing: str, suggested: str) -> str:
        """The name of a new area, where ``standing`` stands in the field."""
        if self._open and standing.strip():
            return standing
        return self._known.get(_key(area), suggested)


def _key(area: Any) -> str:
    return json.dumps(area, sort_keys=True)
