"""What a place is made from, in words: its soil, cover and weather, and what stands in for data. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.PyQt.QtCore import QT_TRANSLATE_NOOP

from .formatting import number_text
from .translate import engine_text, tr

_SAND = QT_TRANSLATE_NOOP("@default", "sand")
_LOAMY_SAND = QT_TRANSLATE_NOOP("@default", "loamy sand")
_SANDY_LOAM = QT_TRANSLATE_NOOP("@default", "sandy loam")
_LOAM = QT_TRANSLATE_NOOP("@default", "loam")
_SILT_LOAM = QT_TRANSLATE_NOOP("@default", "silt loam")
_SILT = QT_TRANSLATE_NOOP("@default", "silt")
_SANDY_CLAY_LOAM = QT_TRANSLATE_NOOP("@default", "sandy clay loam")
_CLAY_LOAM = QT_TRANSLATE_NOOP("@default", "clay loam")
_SILTY_CLAY_LOAM = QT_TRANSLATE_NOOP("@default", "silty clay loam")
_SANDY_CLAY = QT_TRANSLATE_NOOP("@default", "sandy clay")
_SILTY_CLAY = QT_TRANSLATE_NOOP("@default", "silty clay")
_CLAY = QT_TRANSLATE_NOOP("@default", "clay")

_COVER = {
    11: QT_TRANSLATE_NOOP("@default", "open water"), 12: QT_TRANSLATE_NOOP("@default", "ice and snow"),
    21: QT_TRANSLATE_NOOP("@default", "developed, open space"),
    22: QT_TRANSLATE_NOOP("@default", "developed, low intensity"),
    23: QT_TRANSLATE_NOOP("@default", "developed, medium intensity"),
    24: QT_TRANSLATE_NOOP("@default", "developed, high intensity"), 31: QT_TRANSLATE_NOOP("@default", "barren land"),
    41: QT_TRANSLATE_NOOP("@default", "deciduous forest"), 42: QT_TRANSLATE_NOOP("@default", "evergreen forest"),
    43: QT_TRANSLATE_NOOP("@default", "mixed forest"), 51: QT_TRANSLATE_NOOP("@default", "dwarf scrub"),
    52: QT_TRANSLATE_NOOP("@default", "shrub"), 71: QT_TRANSLATE_NOOP("@default", "grassland"),
    72: QT_TRANSLATE_NOOP("@default", "sedge"), 73: QT_TRANSLATE_NOOP("@default", "lichens"),
    74: QT_TRANSLATE_NOOP("@default", "moss"), 81: QT_TRANSLATE_NOOP("@default", "pasture or hay"),
    82: QT_TRANSLATE_NOOP("@default", "cultivated crops"), 90: QT_TRANSLATE_NOOP("@default", "woody wetland"),
    95: QT_TRANSLATE_NOOP("@default", "herbaceous wetland"),
}
"""By the code of the National Land Cover Database."""


def texture_class(sand: float, silt: float, clay: float) -> str:
    """The English name of a soil's class by its shares in %: Soil Survey Manual, USDA Handbook 18 (2017), ch. 3."""
    if silt + 1.5 * clay < 15:
        return _SAND
    if silt + 2 * clay < 30:
        return _LOAMY_SAND
    if (clay < 7 and silt < 50) or (7 <= clay < 20 and sand > 52):
        return _SANDY_LOAM
    if silt >= 80 and clay < 12:
        return _SILT
    if silt >= 50 and clay < 27:
        return _SILT_LOAM
    if clay < 27 and sand <= 52:
        return _LOAM if silt >= 28 else _SANDY_CLAY_LOAM
    if clay < 35 and sand > 45:
        return _SANDY_CLAY_LOAM
    if clay >= 35 and sand > 45:
        return _SANDY_CLAY
    if clay < 40:
        return _SILTY_CLAY_LOAM if sand <= 20 else _CLAY_LOAM
    return _SILTY_CLAY if silt >= 40 else _CLAY


def made_from_text(region: str, ground: Mapping[str, Any]) -> str:
    """The engine's answer to ``ground`` in a few words, after the region's name."""
    parts = [region, _soil(ground), _cover(ground), _water(ground), _weather(ground["weather"])]
    for name, text in (("filled", tr("no values here, the models' means instead: {0}")),
                       ("withheld", tr("values here that the models have not learned: {0}"))):
        if ground.get(name):
            parts.append(text.format(_listed(ground[name])))
    return " · ".join(part for part in parts if part)


def _soil(ground: Mapping[str, Any]) -> str:
    shares = [float(ground[name]) for name in ("sand", "silt", "clay") if ground.get(name) is not None]
    if len(shares) < 3:
        return tr("no soil texture")
    text = texture_class(*shares)
    return tr("{0} ({1} % sand, {2} % silt, {3} % clay)").format(
        tr(text), *(number_text(share) for share in shares))


def _cover(ground: Mapping[str, Any]) -> str:
    code = ground.get("land_cover")
    text = _COVER.get(code, "") if isinstance(code, int) else ""
    return tr(text) if text else "" if code is None else tr("land cover {0}").format(code)


def _water(ground: Mapping[str, Any]) -> str:
    return tr("irrigated by the region's map") if ground.get("irrigated") else ""


def _weather(cell: Mapping[str, Any]) -> str:
    return tr("weather of a cell whose middle is {0} km away").format(number_text(cell["distance_km"], 1))


def _listed(titles: Sequence[str]) -> str:
    return ", ".join(engine_text(str(title)) for title in titles)
