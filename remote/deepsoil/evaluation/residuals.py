"""Reads tables of readings and predictions (``station_comparison.csv``, ``held_out.csv``) for a calibration."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError

COLUMNS = ("station", "depth_cm", "date", "observed", "predicted")


@dataclass(frozen=True)
class Residuals:
    """At one depth, by station: predicted - observed and observed in m³/m³ (T,), on ``days`` (T,)."""

    depth_cm: int
    errors: dict[str, NDArray[np.float64]]
    observed: dict[str, NDArray[np.float64]]
    days: dict[str, NDArray[np.datetime64]]

    @property
    def period(self) -> str:
        """The first and the last day of all stations."""
        every = np.concatenate(list(self.days.values()))
        return f"{every.min()} to {every.max()}"

    @property
    def count(self) -> int:
        """Station days."""
        return sum(len(values) for values in self.errors.values())


def read_residuals(files: Sequence[Path], depth_cm: int) -> Residuals:
    """All rows of a depth that have both values. Raises DeepSoilError ``residuals_invalid``, ``no_observations``."""
    found: dict[str, dict[date, tuple[float, float]]] = {}
    for file in files:
        for line, (station, day, observed, predicted) in _rows(file, depth_cm):
            if day in found.setdefault(station, {}):
                raise _invalid(file, f"line {line}: {station} has {day} twice",
                               "Give each station day once: of the training that has not learnt from it.")
            found[station][day] = observed, predicted - observed
    if not found:
        raise DeepSoilError("no_observations", "The tables have no reading beside a prediction at {depth_cm} cm.",
                            "Give the tables of an evaluation at this depth.", "residuals", depth_cm=depth_cm)
    columns = {station: np.array(list(rows.values())).T for station, rows in found.items()}
    return Residuals(depth_cm, {station: column[1] for station, column in columns.items()},
                     {station: column[0] for station, column in columns.items()},
                     {station: np.array(list(rows), "datetime64[D]") for station, rows in found.items()})


def _rows(file: Path, depth_cm: int) -> list[tuple[int, tuple[str, date, float, float]]]:
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise _invalid(file, f"it has no column {missing[0]}",
                               "Use station_comparison.csv of an evaluation, or held_out.csv of a training.")
            return [(reader.line_num, (row["station"], date.fromisoformat(row["date"]), float(row["observed"]),
                                       float(row["predicted"])))
                    for row in reader if int(row["depth_cm"]) == depth_cm and row["observed"] and row["predicted"]]
    except (OSError, ValueError, TypeError, csv.Error) as error:
        raise _invalid(file, str(error), "Make the table again.") from error


def _invalid(file: Path, problem: str, hint: str) -> DeepSoilError:
    return DeepSoilError("residuals_invalid", "{file} cannot be used: {problem}.", hint, "residuals", file=file,
                         problem=problem)
