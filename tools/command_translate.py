"""``build.py translate``: brings ``resources/i18n`` up to date with the texts in the sources.

Afterwards translate what is marked ``unfinished`` in the .ts files (any text editor, or Qt Linguist), and run it again.
"""

from __future__ import annotations

import argparse
import shutil

from . import translations
from .console import Stop, say, step


def main(arguments: argparse.Namespace) -> int:
    missing = [name for name in ("pylupdate5", "lrelease") if shutil.which(name) is None]
    if missing:
        raise Stop(f"Not found: {', '.join(missing)}. On Debian or Ubuntu: apt install pyqt5-dev-tools "
                   "qttools5-dev-tools.")
    for language in translations.LANGUAGES:
        step(f"Texts in {language}")
        translations.update(language)
        translations.compile_(language)
        if left := translations.unfinished(language):
            say(f"   {len(left)} texts of {translations.ts_file(language).name} are not translated yet")
    return 0
