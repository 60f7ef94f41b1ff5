"""What a comparison with SMAP says, in words. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ...text import units
from ...text.dates import day_text
from ...text.formatting import number_text
from ...text.translate import tr
from .comparison import FLAGGED, NONE, RECOMMENDED, CellValues, Comparison

MINUS = "\N{MINUS SIGN}"


def theta(value: float | None, signed: bool = False) -> str:
    """In the user's unit, without it; a dash where there is none."""
    if value is None:
        return "–"
    return ("+" if signed and value >= 0 else "") + units.theta_text(value).replace("-", MINUS)


def share_text(share: float) -> str:
    """A share in %, small ones with a decimal: a field is less than a hundredth of a cell."""
    percent = 100 * share
    if percent < 0.1:
        return tr("less than {0} %").format(number_text(0.1, 1))
    return f"{number_text(percent, 1 if percent < 10 else 0)} %"


def flag_text(flag: str) -> str:
    return {RECOMMENDED: tr("recommended"), FLAGGED: tr("flagged"), NONE: tr("no retrieval")}[flag]


def day_choice(comparison: Comparison, day: dt.date | None) -> str:
    """A line of the list of days."""
    if day is None:
        return tr("Mean of the days")
    return day_text(day) if comparison.has_pass(day) else tr("{0}, no pass").format(day_text(day))


def cell_text(comparison: Comparison, number: int, day: dt.date | None) -> str:
    """One cell in a sentence."""
    values, cell = comparison.values(day)[number], comparison.cells[number]
    when = tr("mean of the days") if day is None else day_text(day)
    return tr("Cell {0}, {1}: SMAP {2} ({3}), map {4}, difference {5} {6}. The map covers {7} of the cell.").format(
        number + 1, when, theta(values.smap), flag_text(values.flag), theta(values.map),
        theta(values.difference, signed=True), units.theta_unit(), share_text(cell["share"]))


def no_pass_text(comparison: Comparison, day: dt.date | None) -> str:
    """That SMAP did not see the map's day, and when it did; empty where it did."""
    if day is None or comparison.has_pass(day):
        return ""
    near = [day_text(one) for one in comparison.nearest_passes(day)]
    text = tr("SMAP has no retrieval here on {0}.").format(day_text(day))
    nearest = tr("The nearest are of {0}.").format(", ".join(near))
    return f"{text} {nearest}" if near else text


def notes(comparison: Comparison) -> str:
    """What is compared with what, and what that proves."""
    answer = comparison.answer
    cells = answer["cells"]
    scored = sum(bool(cell["scored"]) for cell in cells)
    most = max((cell["share"] for cell in cells), default=0.0)
    if answer["part_of_a_cell"]:
        parts = [tr("The map covers {0} of one SMAP cell. The mean of that part is compared with the whole cell: bias "
                    "and MAE also hold the difference between the mapped area and the land around it.").format(
                        share_text(most))]
    else:
        parts = [tr("Compared are means of the whole map over {0}. Cells that the map covers by less than a half are "
                    "drawn pale and have no part in the scores.").format(tr("%n cell(s)", n=scored))]
    if FLAGGED in answer["scores"]:
        parts.append(tr("Flagged retrievals are those that SMAP does not recommend; they have scores of their own."))
    if not answer["has_flags"]:
        parts.append(tr("The files do not say which retrievals are recommended."))
    if answer["input_of_map"]:
        parts.append(tr("SMAP is an input of this map's network: agreement is not an independent proof."))
    return " ".join(parts)


def progress_text(comparison: Comparison) -> str:
    return tr("{0} of {1} maps are read").format(comparison.answer["read"], comparison.answer["of"])


def score_rows(comparison: Comparison) -> list[tuple[str, str, str, str]]:
    """(what, of recommended retrievals, of the others, what it means)."""
    answer = comparison.answer
    unit, days, cells = units.theta_unit(), answer["fewest_days"], answer["fewest_cells"]
    rows = [("cells", tr("Cells"), tr("Cells that have part in the scores")),
            ("cell_days", tr("Values"), tr("Retrievals with a value of the map beside them, over all cells and days")),
            ("bias", tr("Bias"), tr("Mean of map minus SMAP, {0}. Above zero the map is wetter").format(unit)),
            ("mae", tr("MAE"), tr("Mean absolute difference, {0}").format(unit)),
            ("ubrmsd_in_time", tr("ubRMSD in time"), tr(
                "Root mean square difference without the bias, {0}: median over cells with at least {1} days").format(
                    unit, days)),
            ("r_in_time", tr("R in time"), tr(
                "Do both rise and fall on the same days? Correlation, median over cells with at least {0} days").format(
                    days)),
            ("r_in_space", tr("R in space"), tr(
                "Are the same cells wet in both? Correlation, median over days with at least {0} cells").format(cells))]
    scores = answer["scores"]
    return [(title, _figure(name, scores.get(RECOMMENDED) or {}), _figure(name, scores.get(FLAGGED) or {}), hint)
            for name, title, hint in rows]


def cell_row(number: int, cell: Mapping[str, Any], values: CellValues) -> list[str]:
    return [str(number + 1), theta(values.smap), theta(values.map), theta(values.difference, signed=True),
            flag_text(values.flag), share_text(cell["share"])]


def _figure(name: str, scores: Mapping[str, Any]) -> str:
    value = scores.get(name)
    if value is None:
        return "–"
    if name in ("cells", "cell_days"):
        return str(round(value))
    if name.startswith("r_"):
        return number_text(value, 2).replace("-", MINUS)
    return theta(value, signed=name == "bias")
