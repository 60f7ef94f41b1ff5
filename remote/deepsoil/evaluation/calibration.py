"""The calibration of a model's intervals from errors at stations, and what it says as a table. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.model import Intervals
from deepsoil.evaluation import conformal
from deepsoil.evaluation.residuals import Residuals
from deepsoil.evaluation.table_files import Cell, Tabular

SEASONS = ("DJF", "MAM", "JJA", "SON")


def intervals_of(residuals: Residuals, reference: str, source: str) -> Intervals:
    """For the contract of a model. DeepSoilError ``too_few_stations``."""
    errors = residuals.errors
    conformal.check_groups(errors)
    judged = [one.covered for one in conformal.left_out(errors)]
    every = list(errors.values())
    return Intervals(coverage=conformal.COVERAGE, half_width=round(conformal.half_width(every), 4),
                     guaranteed_half_width=round(conformal.half_width(every, guaranteed=True), 4), groups=len(errors),
                     days=residuals.count, period=residuals.period, reference=reference, source=source,
                     covered=round(float(np.mean(judged)), 4), worst=round(min(judged), 4))


def left_out_table(residuals: Residuals) -> Tabular:
    """Each station judged by intervals from all others: pooled (which is used), and guaranteed."""
    pooled = conformal.left_out(residuals.errors)
    guaranteed = conformal.left_out(residuals.errors, guaranteed=True)
    rows: list[tuple[Cell, ...]] = [
        (one.group, one.days, float(np.abs(residuals.errors[one.group]).mean()),
         float(residuals.errors[one.group].mean()), one.half_width, one.covered, sure.half_width, sure.covered)
        for one, sure in zip(pooled, guaranteed, strict=True)]
    numbers = np.array([row[1:] for row in rows], np.float64)
    rows.append(("mean", int(numbers[:, 0].sum()), *(float(value) for value in numbers[:, 1:].mean(0))))
    worst = min(pooled, key=lambda one: one.covered)
    return Tabular(f"{residuals.depth_cm} cm, each station left out of the calibration",
                   ("station", "days", "MAE", "bias", "half-width", "covered", "guaranteed half-width", "covered"),
                   rows, (f"Worst: {worst.group}, {worst.covered:.1%} of its days inside.",))


def season_table(residuals: Residuals, half_width: float) -> Tabular:
    """What one half-width covers in each season, and what would cover 90 % of the days of that season."""
    rows: list[tuple[Cell, ...]] = []
    for number, name in enumerate(SEASONS):
        of_season = {station: errors[_season(residuals.days[station]) == number]
                     for station, errors in residuals.errors.items()}
        known = [errors for errors in of_season.values() if errors.size]
        if known:
            covered = float(np.mean([(np.abs(errors) <= half_width).mean() for errors in known]))
            rows.append((name, len(known), sum(errors.size for errors in known), covered,
                         conformal.half_width(known)))
    return Tabular(f"{residuals.depth_cm} cm, by season, with the half-width {half_width:.4f}",
                   ("season", "stations", "days", "covered", "half-width of the season alone"), rows)


def check_table(residuals: Residuals, half_width: float) -> Tabular:
    """What the half-width covers at stations that took no part."""
    rows: list[tuple[Cell, ...]] = [
        (station, errors.size, float(np.abs(errors).mean()), float(errors.mean()),
         float((np.abs(errors) <= half_width).mean()), conformal.half_width([errors]))
        for station, errors in residuals.errors.items()]
    return Tabular(f"{residuals.depth_cm} cm, stations that took no part, with the half-width {half_width:.4f}",
                   ("station", "days", "MAE", "bias", "covered", "half-width that would cover 90 %"), rows)


def _season(days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Number in ``SEASONS``."""
    return np.asarray((days.astype("datetime64[M]").astype(np.int64) % 12 + 1) % 12 // 3)
