"""Predictions at 5 cm as means of SMAP's cells, beside SMAP: in time at every cell, and in space on every day.

SMAP is an input of the 5 cm network, so its agreement is no independent proof; where it saw rain that the weather data
missed, or the network follows something else, the comparison shows it. Retrievals that SMAP does not recommend are
scored apart (the channel ``smap_flagged`` of a region).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deepsoil import __version__
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.table_cells import guarded_row
from deepsoil.contract.text import Text
from deepsoil.evaluation import metrics
from deepsoil.evaluation.coarse_cells import Array, CoarseCells
from deepsoil.evaluation.table_files import Tabular
from deepsoil.grid import Window
from deepsoil.inference.predict import predict_window
from deepsoil.inputs.stack import Stack
from deepsoil.models.library import Model
from deepsoil.store.series import CoarseSeries
from deepsoil.store.store import Store

DEPTH_CM = 5
SMAP, FLAGGED = "smap", "smap_flagged"
LEAST_COVERED = 0.5
"""Share of a cell that must be predicted: of a cell that the region only touches, the mean is another place's. A region
smaller than that, such as a field's, is compared with the cell that has most of it, and the table says so.
"""
FEWEST_DAYS, FEWEST_CELLS = metrics.FEWEST_DAYS, 4
_SIDE = 512

Step = Callable[[float, str], None]


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
        rows = []
        for title, observed in (("recommended", self.retrieved), ("flagged", self.flagged)):
            both = np.isfinite(observed) & np.isfinite(self.predicted)
            if not both.any():
                continue
            difference = (self.predicted - observed)[both]
            rows.append((title, int(both.any(0).sum()), int(both.sum()), float(difference.mean()),
                         float(np.abs(difference).mean()), *self._medians(observed, in_time=True),
                         self._medians(observed, in_time=False)[1]))
        return Tabular(f"{self.region}: 5 cm map against SMAP, {self.days[0]} to {self.days[-1]}, m3/m3",
                       ("retrievals", "cells", "cell days", "bias", "MAE", "ubRMSD in time", "r in time",
                        "r in space"), rows,
                       (f"In time: median over cells with at least {FEWEST_DAYS} days. In space: median over days with "
                        f"at least {FEWEST_CELLS} cells.",
                        self._cover_note(),
                        "SMAP is an input of the 5 cm network: agreement is not independent."))

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


def compare_with_smap(store: Store, model: Model, days: Sequence[date], *, threads: int = 0,
                      step: Step = lambda share, message: None) -> CellComparison:
    """The network's maps of the days on which SMAP passed, as means of its cells.

    Raises DeepSoilError ``no_smap`` where the region has no retrieval of these days, and what the stack raises.
    """
    series = [store.coarse(name) if name in store.channels() else None for name in (SMAP, FLAGGED)]
    grid = next((one for one in series if one is not None), None)
    if grid is None:
        raise DeepSoilError("no_smap", "The region '{title}' has no SMAP soil moisture.",
                            "Add the channel smap to its recipe and ingest again.", "region", title=store.title)
    if min(grid.values.shape[1:]) < 2:
        raise DeepSoilError("no_smap", "The region '{title}' has a single row or column of SMAP's cells, which does "
                            "not say how large they are.", "Ingest SMAP with the cells around the area.", "region",
                            title=store.title)
    first, last = store.map_dates()
    possible = [day for day in days if first <= day <= last]
    fields = [[_of_day(one, grid, day) for day in possible] for one in series]
    seen = [number for number in range(len(possible))
            if any(np.isfinite(field[number]).any() for field in fields)]
    if not seen:
        raise DeepSoilError("no_smap", "SMAP has no retrieval over '{title}' from {start} to {end}.",
                            "Choose other days. It passes every two or three days and sees no frozen ground.", "dates",
                            title=store.title, start=days[0], end=days[-1])
    cells = CoarseCells.of(grid.longitudes, grid.latitudes, store.window)
    stack = Stack(store, model.contract.channel_uses())
    predicted, covered = [], []
    for number, index in enumerate(seen):
        day = possible[index]
        step(number / len(seen), Text("Map of {day}, {number} of {total}", day=day, number=number + 1, total=len(seen)))
        mean, share = cells.mean(_whole_map(model, stack, day, threads))
        predicted.append(mean)
        covered.append(share)
    least = min(LEAST_COVERED, max(float(share.max()) for share in covered))
    maps = [np.where(share >= least, mean, np.nan) for mean, share in zip(predicted, covered, strict=True)]
    retrieved, flagged = (np.stack([field[index] for index in seen]).astype(np.float64) for field in fields)
    return CellComparison(store.title, [possible[index] for index in seen], grid.longitudes, grid.latitudes, retrieved,
                          flagged, np.stack(maps), np.mean(covered, axis=0))


def _median(values: Iterable[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else float("nan")


def _correlation(observed: Array, predicted: Array) -> float:
    """r; NaN of a constant series."""
    if min(np.ptp(observed), np.ptp(predicted)) < 1e-9:
        return float("nan")
    return float(np.corrcoef(observed, predicted)[0, 1])


def _of_day(series: CoarseSeries | None, grid: CoarseSeries, day: date) -> NDArray[np.float32]:
    nothing = np.full(grid.values.shape[1:], np.nan, np.float32)
    if series is None:
        return nothing
    if not series.same_grid(grid):
        raise DeepSoilError("no_smap", "The channels smap and smap_flagged of the region lie on different grids.",
                            "Ingest both from the same files.", "region")
    index = series.index(day)
    return series.values[index] if 0 <= index < len(series.values) else nothing


def _whole_map(model: Model, stack: Stack, day: date, threads: int) -> NDArray[np.float32]:
    """θ (H, W) of the whole region on a day, NaN where it cannot be predicted."""
    whole = stack.store.window
    result = np.full(whole.shape, np.nan, np.float32)
    for top in range(whole.row, whole.bottom, _SIDE):
        for left in range(whole.column, whole.right, _SIDE):
            part = Window(left, top, min(_SIDE, whole.right - left), min(_SIDE, whole.bottom - top))
            result[part.slices_in(whole)] = predict_window(model, stack, day, part, threads)
    return result
