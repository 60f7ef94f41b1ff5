"""The only error type shown to users: what happened, to what, and what to do now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deepsoil.contract.text import Text, plain

LONGEST_VALUE = 500
"""Characters of one value in a message: what a damaged request names is not repeated in full."""


class DeepSoilError(Exception):
    """An error with a message for users.

    code     stable identifier for programs and tests, e.g. ``area_outside``
    message  what happened, to what; a template for ``str.format`` if there are ``values``
    hint     what to do now; also a template
    field    the field of a specification or recipe it is about, e.g. ``dates.start``
    values   the values of the templates' placeholders

    The templates and the values are kept separately, so that a client can translate the error.
    """

    def __init__(self, code: str, message: str, hint: str = "", field: str | None = None, /, **values: Any) -> None:
        values = {name: _cut(value) for name, value in values.items()}
        self.code = code
        self.templates = (message, hint)
        self.values = {name: plain(value) for name, value in values.items()}
        self.message = message.format_map(values) if values else message
        self.hint = hint.format_map(values) if values else hint
        self.field = field
        super().__init__(self.message)

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")

    @property
    def text(self) -> Text:
        """The message with its template and values, to be a part of another text."""
        return Text.restored(self.message, self.templates[0], self.values)

    @property
    def hint_text(self) -> Text:
        """The hint with its template and values."""
        return Text.restored(self.hint, self.templates[1], self.values)

    def reworded(self, message: Text) -> DeepSoilError:
        """The same error with another message; code, hint and field are kept."""
        error = DeepSoilError(self.code, str(message), self.hint, self.field)
        error.templates, error.values = (message.template, self.templates[1]), {**self.values, **message.values}
        return error

    def to_dict(self) -> dict[str, Any]:
        """The error object of the contract."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "field": self.field,
                "templates": list(self.templates), "values": self.values}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> DeepSoilError:
        """The error that `to_dict` described; missing fields and fields of another type are left empty."""
        def text(name: str) -> str:
            return document[name] if isinstance(document.get(name), str) else ""

        field = document.get("field")
        error = cls(text("code") or "internal", text("message"), text("hint"),
                    field if isinstance(field, str) else None)
        templates, values = document.get("templates"), document.get("values")
        if (isinstance(templates, list) and len(templates) == 2 and all(isinstance(one, str) for one in templates)
                and isinstance(values, dict)):
            error.templates, error.values = (templates[0], templates[1]), values
        return error


def _cut(value: Any) -> Any:
    """The value; a string that is no text of ours no longer than ``LONGEST_VALUE``."""
    if type(value) is str and len(value) > LONGEST_VALUE:
        return value[:LONGEST_VALUE - 1] + "…"
    return value
