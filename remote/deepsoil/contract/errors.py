"""The one error a user can meet: what happened, to which thing, and what to do now."""

from __future__ import annotations


class DeepSoilError(Exception):
    """An error in the user's words.

    code     stable word for programs and tests, e.g. ``area_outside``
    message  what happened, to which thing
    hint     what to do now
    field    the field of a specification or recipe it is about, e.g. ``dates.start``
    """

    def __init__(self, code: str, message: str, hint: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")

    def to_dict(self) -> dict[str, str | None]:
        return {"code": self.code, "message": self.message, "hint": self.hint, "field": self.field}
