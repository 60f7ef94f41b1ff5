"""What the columns of the table of fields say of a field, in words and for sorting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..text import units
from ..text.formatting import number_text
from ..text.quantities import MM, Shown
from ..text.translate import tr
from .rows import HIGH, LOW, MEDIUM, FieldRow, depths_of, has_water

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True)
class Column:
    """``text`` is what is read, ``rank`` what is sorted by, the largest on top; None: not known, at the end."""

    title: str
    tip: str
    text: Callable[[FieldRow], str]
    rank: Callable[[FieldRow], float | str | None]


def columns_of(rows: list[FieldRow]) -> list[Column]:
    """Those of which these fields have figures, in the units that the user chose; the first is the name, the second
    what they are sorted by.
    """
    found = [Column(tr("Field"), tr("Name of the field, with its colour on the map"), lambda row: row.title,
                    lambda row: row.title.casefold()),
             Column(tr("Need"), tr("What is used of the water that the crop may use without stress. From 100 % on the "
                                   "limit is reached"), _need, lambda row: row.figure("need"))]
    if has_water(rows):
        found += [
            _with_interval("refill_mm", tr("Refill ({0})"), tr("What an irrigation is to give, with the 90 % "
                                                               "interval")),
            Column(tr("Limit in (days)"), tr("Days until the crop has used what it may without stress, if nothing is "
                                             "irrigated: half of the simulations, earliest and latest"), _days,
                   _days_rank),
            Column(tr("Available (%)"), tr("Plant-available water, share of what the root zone can hold"),
                   lambda row: _number(row, "available_percent", 0), lambda row: row.figure("available_percent")),
            _with_interval("depletion_mm", tr("Depletion ({0})"), tr("What lacks to field capacity, with the 90 % "
                                                                     "interval")),
            Column(tr("Beyond limit (%)"), tr("Share of the field that has used what the crop may use"),
                   lambda row: _number(row, "below_share", 0, 100.0), lambda row: row.figure("below_share"))]
    found += [_moisture(depth) for depth in depths_of(rows)]
    return [*found, Column(tr("Area (ha)"), tr("True area of the outline"), lambda row: _number(row, "area_ha", 1),
                           lambda row: row.figure("area_ha"))]


def level_text(level: str) -> str:
    """What a class of need is called."""
    return {HIGH: tr("Limit reached"), MEDIUM: tr("More than half used"), LOW: tr("Enough water")}.get(
        level, tr("Not known"))


def problem_text(row: FieldRow) -> str:
    """Why a field has no figures, in one line; empty where it has."""
    problem = row.word("problem")
    if problem == "outside":
        return tr("Outside the region: it has no data there")
    if problem == "no_soil":
        return tr("No map: open water, or no soil data")
    if problem:
        return row.word("problem_text") or tr("No map")
    return ""


def _need(row: FieldRow) -> str:
    if problem := problem_text(row):
        return problem
    return _number(row, "need", 0, 100.0, " %")


def _days(row: FieldRow) -> str:
    days = row.figure("days_to_limit")
    if days == 0:
        return tr("reached")
    if days is None:
        ahead = row.figure("days_ahead")
        return tr("more than {0}").format(number_text(ahead)) if ahead else NOTHING
    return number_text(days)


def _days_rank(row: FieldRow) -> float | None:
    """The sooner, the higher."""
    if row.figure("days_ahead") is None:
        return None
    days = row.figure("days_to_limit")
    return -1e6 if days is None else -days


def _with_interval(name: str, title: str, tip: str) -> Column:
    """A height of water; ``title`` with a place for the unit."""
    shown = units.chosen(MM)
    return Column(title.format(shown.unit), tip, lambda row: _between(row, name, ("lower", "upper"), 0, shown),
                  lambda row: row.figure(name))


def _moisture(depth_cm: int) -> Column:
    name, shown = f"theta_{depth_cm}cm", units.chosen()
    return Column(tr("θ {0} cm ({1})").format(depth_cm, shown.unit),
                  tr("Mean soil moisture of the field, with the 10th and 90th percentile of its map"),
                  lambda row: _between(row, name, ("p10", "p90"), 3, shown), lambda row: row.figure(name))


def _between(row: FieldRow, name: str, ends: tuple[str, str], decimals: int, shown: Shown) -> str:
    """``22 (18–27)``; without ends that are not known."""
    mean, low, high = (row.figure(one) for one in (name, *(f"{name}_{end}" for end in ends)))
    if mean is None:
        return NOTHING
    text = units.value_text(mean, decimals, shown)
    if low is None or high is None:
        return text
    return f"{text} ({units.value_text(low, decimals, shown)}{NOTHING}{units.value_text(high, decimals, shown)})"


def _number(row: FieldRow, name: str, decimals: int, factor: float = 1.0, unit: str = "") -> str:
    value = row.figure(name)
    return NOTHING if value is None else number_text(factor * value, decimals) + unit
