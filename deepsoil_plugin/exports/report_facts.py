"""What a report says in words and numbers: of a field, on a day, by its maps' figures and tags. Pure but for `tr`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..map.metadata import Product
from ..text import quantities, units
from ..text.dates import day_text
from ..text.formatting import area_text, number_from, number_text, plain_error
from ..text.quantities import INCHES, M3_M3, MM, PERCENT, Shown, sign
from ..text.translate import tr
from .figures import Figures

_MOST_WARNINGS = 4
_LONGEST_WARNING = 260
_DECIMALS = {M3_M3: 3, PERCENT: 1, "mm/10 cm": 1, "in/ft": 2, MM: 0, INCHES: 2}


@dataclass(frozen=True)
class Facts:
    """The texts of one report. numbers: rows of cells, the first a heading."""

    title: str
    subtitle: str
    map_title: str
    facts: str
    numbers: list[list[str]]
    notes: str
    footer: str


Maps = Mapping[str, tuple[Product, Figures]]
"""By what they show, see ``quantities``."""


def facts_of(field: str, day: dt.date, shown: str, maps: Maps, outline_ha: float | None, job: Mapping[str, Any],
             height: Shown, no_series: str = "") -> Facts:
    """``shown``: what the page's map shows. ``outline_ha``: of the field's outline, where it is known. ``height``: how
    mm are shown. ``no_series``: why there is no series; empty where there is one.
    """
    product, figures = next(iter(maps.values()))
    words = [tr("Soil moisture on {0}").format(day_text(day))]
    if any(one.forecast for one, _ in maps.values()):
        words.append(tr("FORECAST"))
    if product.synthetic:
        words.append(tr("synthetic data: nothing here is about a real place"))
    notes = _notes([one for one, _ in maps.values()], job, height, no_series)
    return Facts(field or tr("Field"), " · ".join(words), quantities.title(shown), _area(figures, outline_ha),
                 _numbers(maps), "\n".join(f"•  {line}" for line in notes), _footer(product))


def _area(figures: Figures, outline_ha: float | None) -> str:
    """The field's size, and how much of it has values."""
    lines = [tr("Field: {0}").format(area_text(outline_ha if outline_ha else figures.area_ha))]
    if outline_ha:
        share = min(100.0, 100 * figures.area_ha / outline_ha)
        lines.append(tr("Mapped: {0} % of the field").format(number_text(share, 0)))
    lines.append(tr("%n pixel(s)", None, figures.pixels))
    return "\n".join(lines)


def _numbers(maps: Maps) -> list[list[str]]:
    below = any(math.isfinite(figures.below) for _, figures in maps.values())
    rows = [["", tr("Mean"), tr("Interval (90 %)"), tr("Drier tenth"), tr("Wetter tenth"),
             *([tr("Share below")] if below else [])]]
    for what in sorted(maps, key=quantities.order):
        figures = maps[what][1]
        unit = sign(figures.unit)
        decimals = _DECIMALS.get(figures.unit, 1)

        def text(value: float, decimals: int = decimals) -> str:
            return number_text(value, decimals) if math.isfinite(value) else "–"

        title = quantities.title(what).split(" (")[0]
        half = figures.half_width
        row = [title, f"{text(figures.mean)} {unit}", f"± {text(half)}" if math.isfinite(half) else tr("not known"),
               text(figures.p10), text(figures.p90)]
        if what.startswith(("depletion", "refill")):  # the more, the drier
            row[3:5] = row[4:2:-1]
        if below:
            row.append(tr("{0} % below {1}").format(number_text(figures.below, 0), text(figures.threshold))
                       if math.isfinite(figures.below) else "–")
        rows.append(row)
    return rows


def _notes(products: Sequence[Product], job: Mapping[str, Any], height: Shown, no_series: str) -> list[str]:
    product = products[0]
    tags = product.tags
    made = list(dict.fromkeys(_made_by(one) for one in products))
    lines = [" ".join(line for line in made if line), _irrigation(tags, height), _readings(tags)]
    if any(one.unsure_interval for one in products):
        lines.append(tr("The interval is not reliable: the field is irrigated. In synthetic tests, often fewer than "
                        "nine days in ten lay inside it on irrigated fields."))
    elif any(one.interval for one in products):
        lines.append(tr("The interval is that of one pixel: nine readings of ten lie inside mean ± interval."))
    else:
        lines.append(tr("How sure the values are is not known: these maps have no interval."))
    if product.missing:
        lines.append(tr("Without data here, and filled with usual values: {0}.").format(", ".join(product.missing)))
    if withheld := str(tags.get("DEEPSOIL_WITHHELD", "")):
        lines.append(tr("Not used, because the model has met no measured values of it: {0}.").format(withheld))
    if product.forecast:
        lines.append(tr("Weather from {0} on is a forecast.").format(tags.get("DEEPSOIL_FORECAST_FROM", "?")))
    if no_series:
        lines.append(tr("No plot of the last weeks: {0}").format(no_series))
    for warning in list(job.get("warnings") or ())[:_MOST_WARNINGS]:
        text = plain_error(warning)
        lines.append(text if len(text) <= _LONGEST_WARNING else f"{text[:_LONGEST_WARNING - 1]}…")
    return [line for line in lines if line]


def _made_by(product: Product) -> str:
    if product.tags.get("DEEPSOIL_METHOD") == "column":
        return tr("Simulated field: mean of {0} simulations of its soil, each with other draws of what is not known."
                  ).format(product.tags.get("DEEPSOIL_MEMBERS", "?"))
    return tr("Predicted by the model {0} {1}.").format(product.model, product.model_version) if product.model else ""


def _irrigation(tags: Mapping[str, str], height: Shown) -> str:
    kind = str(tags.get("DEEPSOIL_IRRIGATION", "none"))
    crop = str(tags.get("DEEPSOIL_CROP", ""))
    crop_text = " " + tr("Crop: {0}.").format(crop) if crop else " " + tr("Crop: not given.")
    if kind == "rainfed":
        return tr("Not irrigated.") + crop_text
    if (given := number_from(str(tags.get("DEEPSOIL_IRRIGATION_MM", "")))) is not None:
        water = f"{units.value_text(given, 0, height)} {height.unit}"
        return tr("Irrigation: {0} on {1} days of the year before.").format(
            water, tags.get("DEEPSOIL_IRRIGATION_DAYS", "?")) + crop_text
    if kind in ("irrigated", "map", "habit", "log"):
        return tr("Irrigated, but how much water was given is not known.") + crop_text
    return tr("Irrigation: not given. If the field was irrigated, it is wetter than shown.") + crop_text


def _readings(tags: Mapping[str, str]) -> str:
    if used := str(tags.get("DEEPSOIL_READINGS", "")):
        return tr("Corrected by readings: {0}.").format(used)
    return tr("No soil moisture readings of this field were used.")


def _footer(product: Product) -> str:
    parts = [tr("Data: {0}").format(product.attribution) if product.attribution else "",
             tr("Made with DeepSoil {0}, job {1}").format(product.engine or "?", product.job or "?")]
    return " · ".join(part for part in parts if part)
