"""Finds the texts of the engine that a user can meet: error messages, hints, and what jobs say about themselves.

They are written by the engine in English; the plugin translates them (context ``engine``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

# Calls whose literal arguments a job shows as its message.
_MESSAGE_CALLS = {"progress", "report", "tell"}
_MESSAGE_KEYWORDS = {"message", "hint", "waiting_for"}
# A table of (pattern, message, hint).
_ADVICE = "_CASES"
# Keywords of these are something else.
_NO_MESSAGES = {"filterwarnings"}
# Their errors are for developers and the command line.
_LEFT_OUT = {"bench", "sample"}


def engine_messages(*packages: Path) -> list[str]:
    """Every text of the engine, and of its installer, in these folders; sorted and without repetitions."""
    found: set[str] = set()
    for package in packages:
        for path in package.rglob("*.py"):
            if path.relative_to(package).parts[0] not in _LEFT_OUT:
                found.update(_texts(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found)


def _texts(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == _ADVICE:
            for case in node.value.elts if isinstance(node.value, ast.Tuple) else []:
                yield from _literals(case.elts[1:] if isinstance(case, ast.Tuple) else [])
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _NO_MESSAGES:
            continue
        if name == "DeepSoilError":
            yield from _literals(node.args[1:3])
        elif name == "InstallError":
            yield from _literals(node.args[:2])
        elif name in _MESSAGE_CALLS:
            yield from _literals(node.args)
        yield from _literals([keyword.value for keyword in node.keywords if keyword.arg in _MESSAGE_KEYWORDS])


def _literals(nodes: list[ast.expr]) -> Iterator[str]:
    """Literal texts that are more than a word for programs, also in either branch of a choice."""
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _literals([node.body, node.orelse])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_text(node.value):
            yield node.value


def _is_text(value: str) -> bool:
    return bool(value[:1].strip()) and (" " in value or value[0].isupper())
