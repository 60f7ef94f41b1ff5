"""The tables of ``docs/contract.md``. Its prose is written by hand; between two marks stands what is made here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from deepsoil.contract.error_codes import CLIENT_CODES, ERROR_CODES
from deepsoil.contract.events import EVENTS
from deepsoil.contract.host import Connection, Host, HostResources
from deepsoil.contract.method import Method
from deepsoil.contract.methods import METHODS
from deepsoil.contract.model import ModelContract
from deepsoil.contract.resources import Resources
from deepsoil.contract.specification import Specification
from deepsoil.contract.summary import OutputFile, Summary
from deepsoil.contract.version import SCHEMA
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.contract.python_types import text_of

_MARK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_SCOPES = {"here": "this computer", "host": "the host", "job": "the job's host"}


def filled(text: str) -> str:
    """The document with every generated part as it is now. KeyError for a mark that nothing is made for."""
    return _MARK.sub(lambda found: f"{found[1]}{_PARTS[found[2]]()}\n{found[3]}", text)


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _methods() -> str:
    return _table(("method", "parameters", "result", "answered by", "limit", "what it does"),
                  [(f"`{method.name}`", _parameters(method), method.result, _SCOPES[method.scope],
                    f"{method.timeout_s:g} s", method.about) for method in METHODS.values()])


def _parameters(method: Method) -> str:
    return ", ".join(f"`{one.name}` ({one.type}{'' if one.required else ', optional'})" for one in method.parameters)


def _events() -> str:
    return _table(("event", "fields", "what it says"),
                  [(f"`{event.name}`", ", ".join(f"`{field}`" for field in event.fields), event.about)
                   for event in EVENTS.values()])


def _errors() -> str:
    return _table(("code", "meaning"), [(f"`{code}`", meaning) for code, meaning in
                                        {**ERROR_CODES, **CLIENT_CODES}.items()])


def _fields(model: type[BaseModel]) -> Callable[[], str]:
    def table() -> str:
        return _table(("field", "type", "default"),
                      [(f"`{field.alias or name}`", f"`{text_of(field.annotation)}`", _default(field))
                       for name, field in model.model_fields.items()])

    return table


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    default: Any = field.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        return "all defaults"
    return "null" if default is None else f"`{default!r}`".replace("'", '"')


_PARTS: dict[str, Callable[[], str]] = {
    "version": lambda: f"Schema version: {SCHEMA}.",
    "methods": _methods, "events": _events, "errors": _errors,
    "specification": _fields(Specification), "resources": _fields(Resources), "host": _fields(Host),
    "host_resources": _fields(HostResources), "connection": _fields(Connection), "summary": _fields(Summary),
    "output": _fields(OutputFile), "model": _fields(ModelContract),
}
