"""The scores of an evaluation as a table for the terminal: stations, baselines, groups with the worst first."""

from __future__ import annotations

import math
from collections.abc import Mapping

from deepsoil.contract.station_readings import StationReadings
from deepsoil.evaluation.comparison import MODEL, Comparison
from deepsoil.evaluation.coverage import coverage_text
from deepsoil.evaluation.groups import Group
from deepsoil.evaluation.knowledge_table import table_text
from deepsoil.evaluation.metrics import NAMES, Score
from deepsoil.evaluation.paired import Difference
from deepsoil.evaluation.stations import Evaluation

_TITLES = {"bias": "bias", "mae": "MAE", "rmse": "RMSE", "ubrmsd": "ubRMSD", "r": "R"}


def table(evaluation: Evaluation) -> str:
    """All depths, one after another; errors in m³/m³."""
    head = [f"Region {evaluation.region}{' (synthetic)' if evaluation.synthetic else ''}, "
            f"{evaluation.days[0]} to {evaluation.days[-1]}, m3/m3"]
    if evaluation.readings is not None:
        head.append(f"each station is predicted from {said(evaluation.readings)}; nothing is of a later day")
    head += [f"{warning.message} {warning.hint}" for warning in evaluation.warnings]
    tables = [_depth(comparison) for comparison in evaluation.comparisons]
    notes = [f"{name}: {text}" for name, text in evaluation.descriptions.items()]
    notes.append("All figures of a station are over the same days. The interval is that of the model's MAE minus the "
                 "baseline's.")
    return "\n\n".join(["\n".join(head), *tables, "\n".join(notes)])


def said(readings: StationReadings) -> str:
    """What is known of readings, in words."""
    parts = []
    if readings.other_stations:
        parts.append("all other stations" if readings.other_stations == "all" else "the nearest other station"
                     if readings.other_stations == 1 else f"the {readings.other_stations} nearest other stations")
    if (own := readings.own) is not None:
        age = f"at least {own.least_age_days} day{'s' * (own.least_age_days > 1)} old"
        every = "" if own.every_days == 1 else f", one in {own.every_days} days"
        most = "" if own.most is None else f", the youngest {own.most} at each depth"
        parts.append(f"its own readings {age}{every}{most}")
    if readings.values:
        parts.append(f"{len(readings.values)} readings of own probes")
    return " and ".join(parts)


def by_season(evaluation: Evaluation) -> str:
    """The tables by season of all depths, in Markdown."""
    return "\n".join(comparison.seasons(evaluation.days).markdown(3) for comparison in evaluation.comparisons)


def _depth(comparison: Comparison) -> str:
    title = (f"{comparison.depth_cm} cm: {comparison.made_by.id} {comparison.made_by.version} "
             f"(sensors at {comparison.observed_depth_cm:g} cm)")
    if comparison.missing:
        title += f"\nwithout {', '.join(comparison.missing)}: training means instead"
    if comparison.quality is not None:
        title += f"\nquality control at {comparison.quality.text()}"
    lines = [title, _line("station", "n", _TITLES, "MAE 95 %", "best baseline", "model is")]
    order = sorted(comparison.scores, key=lambda station: -_sortable(comparison.scores[station][MODEL].mae))
    for station in order:
        own = comparison.scores[station][MODEL]
        interval = "-".join(_number(edge) for edge in own.intervals["mae"]) if "mae" in own.intervals else "-"
        lines.append(_line(station, str(own.n), _numbers(own), interval,
                           *_rival(comparison.differences[station])))
    summaries = comparison.summaries()
    for part in ("lower_quartile", "median", "upper_quartile"):
        values: Mapping[str, float] = getattr(summaries[MODEL], part)
        lines.append(_line(part.replace("_", " "), _number(values["n"], 0),
                           {name: _number(values[name]) for name in NAMES}))
    lines += ["", f"{'all stations':<18} {'stations':>8} {'n':>7} {'MAE':>6} {'model':>6} {'difference 95 %':>17}  "
                  "model is"]
    lines += [_against(name, one) for name, one in sorted(comparison.pooled.items(),
                                                          key=lambda item: _sortable(item[1].baseline_mae))]
    lines += ["", f"{'group, worst first':<42} {'stations':>8} {'MAE':>6} {'worst':>6} {'best baseline':>24}  model is"]
    lines += [_group(group) for group in comparison.groups]
    lines += [f"{station} is not compared with {', '.join(names)}: too few days in common"
              for station, names in comparison.not_compared.items()]
    if comparison.known:
        lines += ["", *table_text(comparison.known)]
    if comparison.covered:
        lines += ["", coverage_text(comparison.covered, comparison.covered_by_water,
                                      comparison.mean_half_width)]
    return "\n".join(lines)


def _rival(differences: Mapping[str, Difference]) -> tuple[str, str]:
    """The baseline with the smallest error, and what the model is beside it."""
    known = {name: one for name, one in differences.items() if math.isfinite(one.baseline_mae)}
    if not known:
        return "-", "-"
    best = min(known, key=lambda name: known[name].baseline_mae)
    return f"{best} {_number(known[best].baseline_mae)}", known[best].verdict


def _against(name: str, one: Difference) -> str:
    interval = f"{one.low:+.3f} {one.high:+.3f}" if math.isfinite(one.low) else "-"
    return (f"{name:<18} {one.stations:>8} {one.days:>7} {_number(one.baseline_mae):>6} {_number(one.model_mae):>6} "
            f"{interval:>17}  {one.verdict}")


def _group(group: Group) -> str:
    best, verdict = ("-", "-") if group.best is None or group.against is None else (
        f"{group.best} {_number(group.against.baseline_mae)}", group.against.verdict)
    return (f"{group.title:<42} {len(group.stations):>8} {_number(group.model_mae):>6} {_number(group.worst_mae):>6} "
            f"{best:>24}  {verdict}")


def _line(first: str, n: str, numbers: Mapping[str, str], interval: str = "", best: str = "", verdict: str = "") -> str:
    cells = [f"{first:<18.18}", f"{n:>5}", *(f"{numbers[name]:>8}" for name in NAMES), f"{interval:>14}",
             f"{best:>24}", f" {verdict}"]
    return " ".join(cells).rstrip()


def _numbers(score: Score) -> dict[str, str]:
    return {name: _number(getattr(score, name)) for name in NAMES}


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else "-"


def _sortable(value: float) -> float:
    return value if math.isfinite(value) else -1.0
