"""Finds the texts of the engine that a user can meet: error messages, hints, and what jobs say about themselves.

They are written by the engine in English; the plugin translates them (context ``engine``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

# Calls whose literal arguments a job shows as its message.
_MESSAGE_CALLS = {"progress", "report", "_report", "tell", "on_progress"}
_MESSAGE_KEYWORDS = {"message", "hint", "waiting_for"}
# What these are given is a literal or a `Text`.
_TOLD = _MESSAGE_CALLS | {"set_message"}
_TOLD_KEYWORDS = {"message", "waiting_for", "words"}
# A table of (pattern, message, hint).
_ADVICE = "_CASES"
# Calls with message and hint among other arguments: steps of the connection test, states of a connection.
_MESSAGE_PLACES = {"Step": slice(2, 4), "Finding": slice(1, 3), "_set": slice(1, 3)}
# Functions of a module that make an error from message and hint.
_OWN_ERRORS = {"_log_error": slice(0, 2)}
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
        name = _name(node)
        if name in _NO_MESSAGES:
            continue
        if name == "DeepSoilError":
            yield from _literals(node.args[1:3])
        elif name == "InstallError":
            yield from _literals(node.args[:2])
        elif name == "Text":
            yield from _literals(node.args[:1], always=True)
        elif name == "Crop":
            yield from _literals(node.args[1:2])
        elif name in _OWN_ERRORS:
            yield from _literals(node.args[_OWN_ERRORS[name]])
        elif name == "Channel":
            yield from _literals(node.args[5:6])
        elif name in _MESSAGE_PLACES:
            yield from _literals(node.args[_MESSAGE_PLACES[name]])
        elif name in _MESSAGE_CALLS:
            yield from _literals(node.args)
        yield from _literals([keyword.value for keyword in node.keywords if keyword.arg in _MESSAGE_KEYWORDS])


def untranslatable(package: Path) -> list[str]:
    """Where a message is put together before it is said, so that no translation can be found: ``file:line``."""
    return [f"{path.relative_to(package).as_posix()}:{argument.lineno}"
            for path in sorted(package.rglob("*.py")) if path.relative_to(package).parts[0] not in _LEFT_OUT
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
            for argument in _said(node)
            if any(isinstance(part, ast.JoinedStr) for part in _choices(argument))
            or (_name(node) == "Text" and not isinstance(argument, ast.Constant))]


def _said(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that are messages for users, or their templates."""
    name = _name(call)
    if name == "Text":
        return call.args[:1]
    if name in _MESSAGE_PLACES:
        return call.args[_MESSAGE_PLACES[name]]
    return (call.args if name in _TOLD else []) + [keyword.value for keyword in call.keywords
                        if keyword.arg in _TOLD_KEYWORDS and name not in _NO_MESSAGES]


def _choices(node: ast.expr) -> list[ast.expr]:
    """The expressions that a choice chooses between."""
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else \
        node.values if isinstance(node, ast.BoolOp) else []
    return [choice for part in parts for choice in _choices(part)] or [node]


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _literals(nodes: list[ast.expr], always: bool = False) -> Iterator[str]:
    """Literal texts that are more than a word for programs (or all), also in either branch of a choice."""
    for node in nodes:
        if isinstance(node, ast.IfExp):
            yield from _literals([node.body, node.orelse], always)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (always or _is_text(node.value)):
            yield node.value


def _is_text(value: str) -> bool:
    return bool(value[:1].strip()) and (" " in value or value[0].isupper())
