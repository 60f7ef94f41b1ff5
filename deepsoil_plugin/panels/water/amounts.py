"""Amounts of water in the unit that the user chose. Pure; everything inside is in mm."""

from __future__ import annotations

from typing import Literal

from ...text.formatting import number_text

Unit = Literal["mm", "in"]
UNITS: tuple[Unit, ...] = ("mm", "in")
MM_PER_INCH = 25.4


def shown(mm: float, unit: Unit) -> float:
    """A value in mm in the unit."""
    return mm / MM_PER_INCH if unit == "in" else mm


def in_mm(value: float, unit: Unit) -> float:
    """A value in the unit in mm."""
    return value * MM_PER_INCH if unit == "in" else value


def amount(mm: float, unit: Unit, named: bool = False) -> str:
    """``22``, or ``0.87`` in inches; ``named``: with the unit."""
    text = number_text(shown(mm, unit), 2 if unit == "in" else 0)
    return f"{text} {unit}" if named else text
