"""Questions that only the user can answer during a login: a new host key, a password, a passphrase, a code. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Prompt:
    """One line to be answered.

    ``echo``: the input may be visible. ``lasting``: the answer will be the same next time, so it may be remembered.
    """

    text: str
    echo: bool = False
    lasting: bool = False


@dataclass(frozen=True)
class Question:
    """A question; ``host`` is the host's id, ``about`` the account or file that the answer belongs to:
    ``user@host:port``, or the file of a key.

    ``host_key`` has no prompts and a ``fingerprint`` (``SHA256:…``); it is answered with ``["yes"]``. The others are
    answered with one text per prompt.
    """

    host: str
    kind: Literal["host_key", "password", "passphrase", "interactive"]
    title: str
    text: str
    prompts: tuple[Prompt, ...] = ()
    fingerprint: str | None = None
    about: str = ""


# The answers in the order of the prompts; None: not answered (declined, or no user).
Ask = Callable[[Question], list[str] | None]


def nobody(_question: Question) -> None:
    """The ``Ask`` of a caller without a user."""
