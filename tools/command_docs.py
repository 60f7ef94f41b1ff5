"""``build.py docs``: the API reference from docstrings and the pages of ``docs/``, as HTML in ``build/docs``."""

from __future__ import annotations

import argparse
import os
import shutil
from pathlib import Path

from . import environments, preflight, snippets
from .console import BUILD, ROOT, run_logged, say, shown, step

OUT = BUILD / "docs"
# Pages outside of docs/ that belong to them.
_BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def main(arguments: argparse.Namespace) -> int:
    preflight.check(arguments.yes, testing=True)
    python = environments.engine(testing=True)
    snippets.refresh(ROOT)
    shutil.rmtree(OUT, ignore_errors=True)
    step("API reference of the engine")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "remote")])
    variables = environments.engine_variables(python, BUILD / "docs-home") | {"PYTHONPATH": paths}
    run_logged([python, "-m", "pdoc", "--docformat", "markdown", "-o", OUT / "api", "deepsoil"], "docs", env=variables,
               what="pdoc")
    step("Pages")
    run_logged([python, ROOT / "tools" / "pages.py", OUT, *_sources()], "docs", what="The pages")
    say(f"Open {shown(OUT / 'index.html')}.")
    return 0


def _sources() -> list[Path]:
    return [*(ROOT / name for name in _BESIDE), *snippets.pages(ROOT)]
