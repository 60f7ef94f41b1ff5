"""Checks a document against the contract before it is sent or kept. Standard library only; the words are the caller's.

``contract_schema`` has the rules, as a JSON Schema; this is the part of JSON Schema that they use.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from .contract_schema import DEFINITIONS

_TYPES: dict[str, tuple[type, ...]] = {"object": (dict,), "array": (list,), "string": (str,), "boolean": (bool,),
                                       "integer": (int,), "number": (int, float), "null": (type(None),)}


@dataclass(frozen=True)
class Problem:
    """``field``: the path of the field, such as ``dates.start``; empty for the document itself."""

    field: str
    what: Literal["unknown", "missing", "wrong"]


def problem(document: Any, name: str) -> Problem | None:
    """The first thing that is wrong with a document of the contract, e.g. a ``Specification``; None where nothing is.
    """
    try:
        return next(_problems(document, DEFINITIONS[name], ()), None)
    except RecursionError:
        return Problem("", "wrong")


def _problems(value: Any, rule: dict[str, Any], path: tuple[str, ...]) -> Iterator[Problem]:
    if "$ref" in rule:
        yield from _problems(value, DEFINITIONS[rule["$ref"].rpartition("/")[2]], path)
        return
    if choices := rule.get("anyOf") or rule.get("oneOf"):
        yield from _of_choices(value, choices, path)
        return
    if not _fits(value, rule):
        yield Problem(".".join(path), "wrong")
    elif isinstance(value, dict):
        yield from _of_object(value, rule, path)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _problems(one, rule.get("items", {}), (*path, str(number)))


def _of_choices(value: Any, choices: list[dict[str, Any]], path: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong by the choice that was meant: the one of the value's type, or of its ``type`` field."""
    types = [_type_of(choice) for choice in choices]
    if isinstance(value, dict) and "type" in value and all(types):
        choices = [choice for choice, name in zip(choices, types, strict=True) if name == value["type"]]
        if not choices:
            yield Problem(".".join((*path, "type")), "wrong")
            return
    found = [list(_problems(value, choice, path)) for choice in choices]
    if all(found):
        meant = [problems for problems in found if problems[0].field != ".".join(path)]
        yield (meant or found)[0][0]


def _type_of(choice: dict[str, Any]) -> Any:
    """What the ``type`` field of a choice must be; None where it has none."""
    rule = DEFINITIONS[choice["$ref"].rpartition("/")[2]] if "$ref" in choice else choice
    return rule.get("properties", {}).get("type", {}).get("const")


def _of_object(value: dict[str, Any], rule: dict[str, Any], path: tuple[str, ...]) -> Iterator[Problem]:
    fields, others = rule.get("properties", {}), rule.get("additionalProperties", True)
    for name in rule.get("required", ()):
        if name not in value:
            yield Problem(".".join((*path, name)), "missing")
    for condition in rule.get("allOf", ()):
        if all(value.get(name) == given["const"] for name, given in condition["if"]["properties"].items()):
            fields = {**fields, **condition["then"]["properties"]}
    for name, one in value.items():
        inner = (*path, str(name))
        if name in fields:
            yield from _problems(one, fields[name], inner)
        elif others is False or not _fits(name, rule.get("propertyNames", {})):
            yield Problem(".".join(inner), "unknown")
        elif isinstance(others, dict):
            yield from _problems(one, others, inner)


def _fits(value: Any, rule: dict[str, Any]) -> bool:
    """Whether a value alone is as it must be, whatever is in it."""
    if "type" in rule and not _is_of(value, rule["type"]):
        return False
    if "const" in rule and value != rule["const"]:
        return False
    if "enum" in rule and value not in rule["enum"]:
        return False
    if isinstance(value, str):
        return _text_fits(value, rule)
    if isinstance(value, list):
        return bool(rule.get("minItems", 0) <= len(value) <= rule.get("maxItems", len(value)))
    if isinstance(value, int | float):
        return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value)
                    and value > rule.get("exclusiveMinimum", -math.inf))
    return True


def _is_of(value: Any, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, _TYPES[name]) and not (isinstance(value, float) and not math.isfinite(value))


def _text_fits(text: str, rule: dict[str, Any]) -> bool:
    if not rule.get("minLength", 0) <= len(text) <= rule.get("maxLength", len(text)):
        return False
    if "pattern" in rule and not re.search(rule["pattern"].removesuffix("$") + r"\Z", text):
        return False
    return rule.get("format") != "date" or _is_date(text)


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and dt.date.fromisoformat(text) is not None
    except ValueError:
        return False
