"""Distinguishes prompts for lasting answers, such as passwords, from prompts for one-time codes. Pure.

The only place that decides this: the engine keeps an answer in memory, and the plugin in QGIS's authentication store,
only if this module says so.
"""

from __future__ import annotations

import re

_LASTING = re.compile(r"pass\s?(word|phrase|wort)|kennwort|mot de passe|contraseña|senha", re.IGNORECASE)
# Each names a one-time answer, even beside the word "password": Duo password, password or token.
_ONCE = re.compile(r"code|token|otp|one.?time|einmal|verif|factor|duo\b|passcode|pin\b|challenge|response|código|jeton",
                   re.IGNORECASE)


def is_lasting(prompt: str, echo: bool) -> bool:
    """Whether the answer to a prompt of a login will be the same next time. ``echo``: it may be visible, so it is not a
    secret."""
    return not echo and bool(_LASTING.search(prompt)) and not _ONCE.search(prompt)
