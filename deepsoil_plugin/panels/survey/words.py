"""What a comparison of readings with a map says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...jobs.readings import KnownReadings
from ...text.formatting import number_text
from ...text.translate import tr
from ...text.units import theta_text, theta_unit

_DECIMALS = 3
_WITHOUT_UNIT = ("n", "r", "inside")


def all_values(known: KnownReadings) -> list[dict[str, Any]]:
    """Every reading of the request, whether maps rest on it or not."""
    return [*(dict(value) for file in known.files for value in file.values), *map(dict, known.typed)]


def figures(scores: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, figure, what it means) of one depth."""
    rows = [("n", tr("Readings"), tr("Readings with a value of the map beside them")),
            ("bias", tr("Bias"), tr("Map minus readings; above 0 the map is wetter")),
            ("mae", tr("MAE"), tr("Mean absolute error")),
            ("mae_pattern", tr("MAE without bias"), tr("Error of the pattern: an offset of probe or map is taken out")),
            ("mae_mean", tr("MAE of the mean"), tr(
                "If every point had the mean of the readings. A map that knows the pattern is below it")),
            ("r", tr("R"), tr("Correlation over the points")),
            ("inside", tr("In the 90 % interval"), tr("Share of the readings in the map's interval; 90 % is right"))]
    return [(title if name in _WITHOUT_UNIT else f"{title} ({theta_unit()})", _figure(name, scores.get(name)), hint)
            for name, title, hint in rows]


def left_out_text(left_out: Mapping[str, int]) -> str:
    """How many readings are not compared, and why; empty where all are."""
    words = {"no_map": tr("no map of their day: {0}"), "too_deep": tr("no map near their depth: {0}"),
             "outside": tr("outside of the map: {0}")}
    parts = [words[why].format(count) for why, count in left_out.items() if count and why in words]
    return tr("Not compared ({0}).").format(", ".join(parts)) if parts else ""


def made_with_text(job: Mapping[str, Any]) -> str:
    """A warning where the map rests on own readings, which then are no check of it."""
    readings = ((job.get("specification") or {}).get("options") or {}).get("readings") or {}
    return tr("This map was made with own readings: those are no check of it.") if readings.get("values") else ""


def pattern_text(scores: Mapping[str, Any]) -> str:
    """Whether the map knows the pattern, in a sentence; empty where there are too few readings."""
    own, mean = scores.get("mae_pattern"), scores.get("mae_mean")
    if own is None or mean is None or scores.get("r") is None:
        return ""
    if own < mean:
        return tr("The map knows a part of the pattern.")
    return tr("The map does not know this pattern: the mean of the readings is as good.")


def _figure(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if name == "n":
        return str(round(value))
    if name == "inside":
        return f"{round(100 * value)} %"
    return number_text(value, 2) if name == "r" else theta_text(value, _DECIMALS)
