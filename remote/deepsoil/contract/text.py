"""A text for users that a client can translate: the English string with its template and values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Integral, Real
from typing import Any

_DEEPEST = 5   # texts within texts


class Text(str):
    """``Text("Epoch {done} of {total}", done=3, total=20)`` is the string ``Epoch 3 of 20``.

    template  the English text with placeholders; always a literal, so that ``build.py translate`` finds it
    values    the values of the placeholders, as JSON; a text within the text is ``{"template": …, "values": …}``
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Text:
        return cls.restored(template.format_map(values) if values else template, template,
                            {name: plain(value) for name, value in values.items()})

    @classmethod
    def restored(cls, message: str, template: str, values: dict[str, Any]) -> Text:
        """A text from its parts; ``values`` as JSON."""
        text = str.__new__(cls, message)
        text.template, text.values = template, values
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return Text.restored, (str(self), self.template, self.values)

    def to_dict(self) -> dict[str, Any]:
        """The template and the values, as JSON."""
        return {"template": self.template, "values": self.values}


def fields(message: str | None, name: str = "message") -> dict[str, Any]:
    """The two fields of a document that hold a message: the English text, and its template and values or None."""
    return {name: None if message is None else str(message), f"{name}_text": text_of(message)}


def text_of(message: Any) -> dict[str, Any] | None:
    """Template and values of a message; None for a plain string."""
    return message.to_dict() if isinstance(message, Text) else None


def error_fields(message: str, hint: str) -> dict[str, Any]:
    """``templates`` and ``values`` of a message and a hint, as an error object has them; their values share names."""
    templates, values = [], {}
    for text in (message, hint):
        templates.append(text.template if isinstance(text, Text) else str(text))
        values.update(text.values if isinstance(text, Text) else {})
    return {"templates": templates, "values": values}


def from_fields(document: Mapping[str, Any], name: str = "message") -> str:
    """The message in the fields that `fields` made; a plain string if the template is missing or damaged.

    KeyError if the document has no such message.
    """
    message, record = str(document[name]), document.get(f"{name}_text")
    if not isinstance(record, dict) or not _is_text(record, _DEEPEST):
        return message
    return Text.restored(message, record["template"], record["values"])


def plain(value: Any) -> Any:
    """A value that JSON can hold: finite numbers unchanged (numpy's too), a `Text` as its template, else a string."""
    if isinstance(value, Text):
        return value.to_dict()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real) and math.isfinite(value):
        return float(value)
    return str(value)


def _is_text(record: Any, deepest: int) -> bool:
    return (isinstance(record, dict) and isinstance(record.get("template"), str)
            and isinstance(values := record.get("values"), dict) and deepest > 0
            and all(_is_text(value, deepest - 1) if isinstance(value, dict)
                    else isinstance(value, (str, int, float)) and not isinstance(value, bool)
                    for value in values.values()))
