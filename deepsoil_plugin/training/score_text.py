"""How accurate a model is, in words: first at stations, then for the worst group, last against the simulation. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..text.formatting import number_text
from ..text.translate import tr

Metric = Mapping[str, Any]


def score_text(model: Mapping[str, Any]) -> str:
    """The error at stations; where none is known, that against simulated columns, said to be so."""
    station, _, simulated = _chosen(model)
    if station is not None:
        return tr("{0} at stations").format(_error(station))
    return tr("{0} in simulation only").format(_error(simulated)) if simulated is not None else ""


def score_lines(model: Mapping[str, Any]) -> list[str]:
    """One line for each of them; the first says so where the model was never compared with stations."""
    station, group, simulated = _chosen(model)
    if not model.get("metrics"):
        return []
    lines = [tr("At stations: not known. It was never compared with readings.")]
    if station is not None:
        text = tr("At stations: {0} {1} m³/m³ ({2} stations, {3} days, {4}; {5}). Simple estimate there: {6} ({7}).")
        lines = [text.format(station["name"], _error(station), station["n"], station["days"], station["period"],
                             station["split"], number_text(station["baseline_value"], 3), station["baseline"])]
    if group is not None:
        lines.append(tr("Worst group: {0}, {1} {2} m³/m³ ({3} stations, {4}; {5}). {6}: {7}.").format(
            str(group["group"]), group["name"], _error(group), group["n"], group["period"],
            str(group["reference"]), str(group["baseline"]).capitalize(),
            number_text(group["baseline_value"], 3)))
    if simulated is not None:
        lines.append(tr("Against simulated soil columns (synthetic, nothing measured): {0} {1} m³/m³.").format(
            simulated["name"], _error(simulated)))
    return lines


def _chosen(model: Mapping[str, Any]) -> tuple[Metric | None, Metric | None, Metric | None]:
    """The first score at all stations, the worst one of a group of stations, the first against the simulation.

    Scores of an earlier engine do not say what they are: they are against the simulation.
    """
    metrics = [metric for metric in model.get("metrics") or () if metric.get("unit") == "m3/m3"]
    whole = [metric for metric in metrics if not metric.get("group")]
    groups = sorted((metric for metric in metrics if metric.get("group")), key=lambda metric: -metric["value"])
    return (next((metric for metric in whole if metric.get("measured")), None), next(iter(groups), None),
            next((metric for metric in whole if not metric.get("measured")), None))


def _error(metric: Metric) -> str:
    return number_text(metric["value"], 3)
