"""What several parts of a recipe are made of."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Time(Strict):
    column: str
    zone: str = "UTC"
    stamp: Literal["start", "end"] = "start"
    format: str | None = None
