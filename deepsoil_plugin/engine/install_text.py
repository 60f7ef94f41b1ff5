"""What the installer says, kept so that it can be translated. Standard library only; the engine has the like."""

from __future__ import annotations

from typing import Any


class Text(str):
    """``Text("Downloading {package}", package="numpy")``: the English string, with its ``template`` and ``values``."""

    template: str
    values: dict[str, str | int | float]

    def __new__(cls, template: str, /, **values: Any) -> Text:
        text = super().__new__(cls, template.format_map(values) if values else template)
        text.template = template
        text.values = {name: value if isinstance(value, (int, float)) else str(value)
                       for name, value in values.items()}
        return text


def fields(message: str, name: str = "message") -> dict[str, Any]:
    """The fields of a line that say ``message``: the English text, and its template and values or None."""
    record = {"template": message.template, "values": message.values} if isinstance(message, Text) else None
    return {name: str(message), f"{name}_text": record}
