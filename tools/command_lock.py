"""``build.py lock``: exact versions and checksums of the engine's packages, proved; their licences."""

from __future__ import annotations

import argparse

from . import licences, locks, preflight
from .console import Stop, say, shown, step


def main(arguments: argparse.Namespace) -> int:
    preflight.check(arguments.yes)
    step("Looking up the newest versions in the ranges of remote/pyproject.toml")
    for name in locks.NAMES:
        say(f"   {shown(locks.file(name))}: {locks.write(name)} packages")
    step("Installing what was locked")
    python = locks.trial()
    step("Licences")
    text = licences.page(python)
    licences.FILE.write_text(text, encoding="utf-8")
    say(f"   {shown(licences.FILE)}: {text.count(chr(10) + '| ') - 3} packages")
    if unknown := licences.unknown(text):
        raise Stop(f"No licence is known of {', '.join(unknown)}. Look at them before a release.")
    return 0
