"""``build.py engine``: the engine's environment alone, for the command line."""

from __future__ import annotations

import argparse

from . import environments, preflight
from .console import Stop, say, shown


def main(arguments: argparse.Namespace) -> int:
    extras: tuple[str, ...] = tuple(arguments.extras)
    if unknown := [extra for extra in extras if extra not in environments.EXTRAS]:
        raise Stop(f"There is no extra {', '.join(unknown)}; there are {' and '.join(environments.EXTRAS)}.")
    preflight.check(arguments.yes)
    environments.engine(extras=extras)
    command = shown(environments.COMMAND)
    say(f"The engine's command is {command}; {command} --help lists what it can do.")
    return 0
