"""Code in ``docs/`` that comes from tests, so that it cannot be wrong without a test that fails.

A snippet is a class or function of a test, by its name, or the lines between ``# docs: NAME`` and ``# docs: end``. In a
page, the comment ``<!-- code: tests/engine/test_x.py NAME -->`` is followed by that snippet, in a fenced block that
``build.py docs`` writes.
"""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

_PLACE = re.compile(r"(<!-- code: (?P<file>\S+) (?P<name>[\w-]+) -->\n)(?:```python\n.*?```\n)?", re.DOTALL)


def pages(root: Path) -> list[Path]:
    return sorted((root / "docs").glob("*.md"))


def filled(page: str, root: Path) -> str:
    """The page with the snippets as they are in the tests now. KeyError where a file or a snippet is missing."""
    return _PLACE.sub(lambda found: f"{found[1]}```python\n{snippet(root / found['file'], found['name'])}```\n", page)


def snippet(file: Path, name: str) -> str:
    """One snippet of a test, without the indentation that all its lines share."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = re.search(rf"^ *# docs: {re.escape(name)}\n(.*?)^ *# docs: end$", text, re.DOTALL | re.MULTILINE)
    lines = found[1] if found else _definition(text, name)
    if lines is None:
        raise KeyError(f"{file} has no class, function or marked lines {name}")
    return textwrap.dedent(lines).strip("\n") + "\n"


def _definition(text: str, name: str) -> str | None:
    """The source of a class or function at the top of a module, with its decorators."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            return "".join(text.splitlines(keepends=True)[first - 1:node.end_lineno])
    return None


def outdated(root: Path) -> list[str]:
    """The pages whose code is not that of the tests, one line each."""
    problems = []
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        try:
            if filled(text, root) != text:
                problems.append(f"{page.relative_to(root)}: its code is not that of the tests; run build.py docs")
        except KeyError as error:
            problems.append(f"{page.relative_to(root)}: {error.args[0]}")
    return problems


def refresh(root: Path) -> None:
    """Write the snippets into the pages."""
    for page in pages(root):
        text = page.read_text(encoding="utf-8")
        if (new := filled(text, root)) != text:
            page.write_text(new, encoding="utf-8")
