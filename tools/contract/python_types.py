"""Types of the contract's models as source text for a module that has the standard library only."""

from __future__ import annotations

import datetime as dt
import textwrap
import types
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

from pydantic import BaseModel

_LONGEST_LINE = 120


def models_of(*roots: type[BaseModel]) -> list[type[BaseModel]]:
    """The models and those they are made of, each after what it needs."""
    found: list[type[BaseModel]] = []
    begun: set[type[BaseModel]] = set()  # a model may be a part of itself

    def visit(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            if annotation in begun:
                return
            begun.add(annotation)
            for field in annotation.model_fields.values():
                visit(field.annotation)
            if annotation.model_fields:
                found.append(annotation)
        else:
            for one in get_args(annotation):
                visit(one)

    for root in roots:
        visit(root)
    return found


def typed_dict(model: type[BaseModel], total: bool) -> str:
    """The class text of a TypedDict with the fields of a model."""
    lines = [f"class {model.__name__}(TypedDict{'' if total else ', total=False'}):"]
    if model.__doc__:
        lines += [*_docstring(model.__doc__), ""]
    for name, field in model.model_fields.items():
        lines.append(f"    {field.alias or name}: {text_of(field.annotation)}")
    return "\n".join(lines)


def _docstring(text: str) -> list[str]:
    whole = f'    """{text.strip()}"""'
    if len(whole) <= _LONGEST_LINE and "\n" not in whole:
        return [whole]
    paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    lines = [line for part in paragraphs for line in [*textwrap.wrap(part, _LONGEST_LINE - 8), ""]][:-1]
    return [f'    """{lines[0]}', *(f"    {line}".rstrip() for line in lines[1:]), '    """']


def text_of(annotation: Any) -> str:
    """A type as Python source, without bounds and patterns."""
    if annotation is Any:
        return "Any"
    if annotation is None or annotation is type(None):
        return "None"
    if isinstance(annotation, ForwardRef):  # a model that is a part of itself
        return annotation.__forward_arg__
    if annotation is dt.date:
        return "str"
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return text_of(arguments[0])
    if origin is Literal:
        return f"Literal[{', '.join(map(_quoted, arguments))}]"
    if origin in (Union, types.UnionType):
        # typing keeps one object for equal unions, so their order is that of whichever was made first in the process
        return " | ".join(sorted({text_of(one) for one in arguments}, key=lambda text: (text == "None", text)))
    if origin is not None:
        return f"{origin.__name__}[{', '.join(text_of(one) for one in arguments)}]"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and not annotation.model_fields:
        return "dict[str, Any]"
    return str(annotation.__name__)


def _quoted(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
