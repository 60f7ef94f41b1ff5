"""SMAP beside a map's means over its cells: one comparison, in time at every cell, and in space on every day. Pure,
but for `CellComparison.write`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from deepsoil import __version__
from deepsoil.contract.table_cells import guarded_row
from deepsoil.evaluation import metrics
from deepsoil.evaluation.coarse_cells import Array
from deepsoil.evaluation.table_files import Cell, Tabular

DEPTH_CM = 5
LEAST_COVERED = 0.5
"""Share of a cell that must be predicted: of a cell that the region only touches, the mean is another place's. A region
smaller than that, such as a field's, is compared with the cell that has most of it, and the table says so.
"""
RECOMMENDED, FLAGGED = "recommended", "flagged"
FEWEST_DAYS, FEWEST_CELLS = metrics.FEWEST_DAYS, 4


@dataclass(frozen=True)
class CellComparison:
    """SMAP and the map's means on the days with a retrieval.

    longitudes (nx,), latitudes (ny,)  middles of the cells, degrees
    retrieved, flagged, predicted      (T, ny, nx) m³/m³, NaN missing; ``flagged``: retrievals that are not recommended
    covered                            (ny, nx) share of the cell that was predicted, mean of the days
    """

    region: str
    days: list[date]
    longitudes: Array
    latitudes: Array
    retrieved: Array
    flagged: Array
    predicted: Array
    covered: Array

    def table(self) -> Tabular:
        """Recommended and flagged retrievals, each in time (median over cells) and in space (median over days)."""
        rows: list[tuple[Cell, ...]] = [(title, *found.values()) for title, found in self.scores().items()]
        return Tabular(f"{self.region}: 5 cm map against SMAP, {self.days[0]} to {self.days[-1]}, m3/m3",
                       ("retrievals", "cells", "cell days", "bias", "MAE", "ubRMSD in time", "r in time",
                        "r in space"), rows,
                       (f"In time: median over cells with at least {FEWEST_DAYS} days. In space: median over days with "
                        f"at least {FEWEST_CELLS} cells.",
                        self._cover_note(),
                        "SMAP is an input of the 5 cm network: agreement is not independent."))

    def scores(self) -> dict[str, dict[str, float]]:
        """By kind of retrieval, where there is one beside a mean of the map: cells, cell_days, bias, mae,
        ubrmsd_in_time and r_in_time (medians over cells), r_in_space (median over days); m³/m³, NaN with too few."""
        found: dict[str, dict[str, float]] = {}
        for kind, observed in self.kinds():
            both = np.isfinite(observed) & np.isfinite(self.predicted)
            if not both.any():
                continue
            difference = (self.predicted - observed)[both]
            ubrmsd, in_time = self._medians(observed, in_time=True)
            found[kind] = {"cells": int(both.any(0).sum()), "cell_days": int(both.sum()),
                           "bias": float(difference.mean()), "mae": float(np.abs(difference).mean()),
                           "ubrmsd_in_time": ubrmsd, "r_in_time": in_time,
                           "r_in_space": self._medians(observed, in_time=False)[1]}
        return found

    def kinds(self) -> tuple[tuple[str, Array], tuple[str, Array]]:
        """Both kinds of retrievals by their name, (T, ny, nx)."""
        return (RECOMMENDED, self.retrieved), (FLAGGED, self.flagged)

    def _cover_note(self) -> str:
        if (most := float(self.covered.max())) < LEAST_COVERED:
            return (f"The region is smaller than SMAP's cells: {most:.0%} of one cell was predicted and stands for all "
                    "of it, so that bias and MAE have the difference between the field and the land around in them.")
        return f"Cells of which less than {LEAST_COVERED:.0%} is predicted are left out."

    def _medians(self, observed: Array, *, in_time: bool) -> tuple[float, float]:
        """Median (ubRMSD, r) of the cells over their days, or of the days over their cells; NaN without enough."""
        flat = (values.reshape(len(self.days), -1) for values in (observed, self.predicted))
        pairs = [values.T if in_time else values for values in flat]
        found = []
        for o, p in zip(*pairs, strict=True):
            known = np.isfinite(o) & np.isfinite(p)
            if known.sum() >= (FEWEST_DAYS if in_time else FEWEST_CELLS):
                found.append((float((p - o)[known].std()), _correlation(o[known], p[known])))
        return _median(one[0] for one in found), _median(one[1] for one in found)

    def to_dict(self) -> dict[str, Any]:
        """``smap_metrics.json``: the table, row by row; missing figures are null."""
        table = self.table()
        rows = [{name: None if isinstance(cell, float) and not np.isfinite(cell) else cell
                 for name, cell in zip(table.head, row, strict=True)} for row in table.rows]
        return {"schema": 1, "engine": __version__, "region": self.region, "depth_cm": DEPTH_CM, "rows": rows,
                "notes": list(table.notes)}

    def write(self, path: Path, scores: Path | None = None) -> None:
        """``smap_comparison.csv``: a line for each cell and day with a retrieval; ``scores``: `to_dict` as JSON."""
        if scores is not None:
            scores.write_text(json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["date", "longitude", "latitude", "smap", "recommended", "predicted", "covered"])
            for number, day in enumerate(self.days):
                for observed, good in ((self.retrieved[number], 1), (self.flagged[number], 0)):
                    for row, column in np.argwhere(np.isfinite(observed) & np.isfinite(self.predicted[number])):
                        writer.writerow(guarded_row([
                            day.isoformat(), f"{self.longitudes[column]:.5f}", f"{self.latitudes[row]:.5f}",
                            f"{observed[row, column]:.4f}", str(good), f"{self.predicted[number, row, column]:.4f}",
                            f"{self.covered[row, column]:.3f}"]))


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")


def _correlation(observed: Array, predicted: Array) -> float:
    """r; NaN of a constant series."""
    if min(np.ptp(observed), np.ptp(predicted)) < 1e-9:
        return float("nan")
    return float(np.corrcoef(observed, predicted)[0, 1])
