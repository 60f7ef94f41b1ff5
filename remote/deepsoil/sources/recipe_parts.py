"""Common parts of a recipe's models."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

DayEnd = Annotated[int, Field(ge=-23, le=23)]
"""Hours from the UTC midnight at the end of a date to the end of its day: gridMET 7, PRISM -12, UTC days 0."""


class Strict(BaseModel):
    """Refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(Strict):
    start: date
    end: date

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError("the end lies before the start")
        return self


class Time(Strict):
    column: str
    zone: str = "UTC"
    stamp: Literal["start", "end"] = "start"
    format: str | None = None


class Point(Strict):
    file: str
    longitude: float = Field(ge=-180, le=180)
    latitude: float = Field(ge=-85, le=85)
