"""The scores of an evaluation as a table for the terminal: every station, then the median, with the baselines."""

from __future__ import annotations

import math
from collections.abc import Mapping

from deepsoil.evaluation.baselines import DESCRIPTIONS
from deepsoil.evaluation.coverage import coverage_text
from deepsoil.evaluation.metrics import NAMES, Score
from deepsoil.evaluation.stations import MODEL, Comparison, Evaluation

_TITLES = {"bias": "bias", "mae": "MAE", "rmse": "RMSE", "ubrmsd": "ubRMSD", "r": "R"}


def table(evaluation: Evaluation) -> str:
    """All depths, one after another; errors in m³/m³."""
    head = [f"Region {evaluation.region}{' (synthetic)' if evaluation.synthetic else ''}, "
            f"{evaluation.days[0]} to {evaluation.days[-1]}, m3/m3"]
    tables = [_depth(comparison) for comparison in evaluation.comparisons]
    notes = [f"{name}: {text}" for name, text in DESCRIPTIONS.items()]
    return "\n\n".join(["\n".join(head), *tables, "\n".join(notes)])


def by_season(evaluation: Evaluation) -> str:
    """The tables by season of all depths, in Markdown."""
    return "\n".join(comparison.seasons(evaluation.days).markdown(3) for comparison in evaluation.comparisons)


def _depth(comparison: Comparison) -> str:
    contract = comparison.model.contract
    rivals = list(DESCRIPTIONS)
    title = (f"{comparison.depth_cm} cm: {contract.name} {contract.version} "
             f"(sensors at {comparison.observed_depth_cm:g} cm)")
    if comparison.missing:
        title += f"\nwithout {', '.join(comparison.missing)}: training means instead"
    if comparison.quality is not None:
        title += f"\nquality control at {comparison.quality.text()}"
    lines = [title, _line("station", "n", _TITLES, "MAE 95 %", {name: f"MAE {name}" for name in rivals})]
    for station, scores in comparison.scores.items():
        own = scores[MODEL]
        interval = "-".join(_number(edge) for edge in own.intervals["mae"]) if "mae" in own.intervals else "-"
        lines.append(_line(station, str(own.n), _numbers(own), interval,
                           {name: _number(scores[name].mae) for name in rivals}))
    summaries = comparison.summaries()
    for part in ("lower_quartile", "median", "upper_quartile"):
        values: Mapping[str, float] = getattr(summaries[MODEL], part)
        lines.append(_line(part.replace("_", " "), _number(values["n"], 0),
                           {name: _number(values[name]) for name in NAMES}, "",
                           {name: _number(getattr(summaries[name], part)["mae"]) for name in rivals}))
    lines.append("")
    lines.append(_line(f"median of {summaries[MODEL].stations}", "n", _TITLES, "", {}))
    for name in (MODEL, *rivals):
        values = summaries[name].median
        lines.append(_line(name, _number(values["n"], 0), {key: _number(values[key]) for key in NAMES}, "", {}))
    if comparison.covered:
        lines += ["", coverage_text(comparison.covered)]
    return "\n".join(lines)


def _line(first: str, n: str, numbers: Mapping[str, str], interval: str, rivals: Mapping[str, str]) -> str:
    cells = [f"{first:<18.18}", f"{n:>5}", *(f"{numbers[name]:>8}" for name in NAMES), f"{interval:>14}",
             *(f"{text:>16}" for text in rivals.values())]
    return " ".join(cells).rstrip()


def _numbers(score: Score) -> dict[str, str]:
    return {name: _number(getattr(score, name)) for name in NAMES}


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "-"
