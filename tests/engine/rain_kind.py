"""A kind of job of another package: the rain of a region, month by month, as a table.

Everything that another package needs is in this file, but for its entry point (see test_extending_kind.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any

import numpy as np
from deepsoil.contract.options import JobOptions
from deepsoil.contract.specification import Specification
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context, JobPlan, Kind, Task, TaskResult
from deepsoil.jobs.tasks.folder import TaskFolder
from pydantic import Field

MONTHS_A_SECOND = 100.0


class RainOptions(JobOptions):
    """Days with less rain than ``wet_mm`` count as dry."""

    needed = ("region", "dates")  # of the fields that all kinds of jobs have

    wet_mm: Annotated[float, Field(ge=0)] = 1.0


class RainPlan(JobPlan):
    """The months of the period, divided among the tasks; a merge puts their rows together."""

    merges = True

    def __init__(self, title: str, days: Sequence[date]) -> None:
        super().__init__(title)
        self.months = sorted({day.isoformat()[:7] for day in days})

    def estimate(self) -> dict[str, Any]:
        return {"seconds": len(self.months) / MONTHS_A_SECOND, "bytes": 32 * len(self.months)}

    def tasks(self, most: int) -> list[Task]:
        count = min(most, len(self.months))
        return self.numbered([{"months": self.months[first::count]} for first in range(count)])


class Rain(Kind):
    """Only `run` must be there; `run_task` and `merge` let a scheduler divide the work."""

    name = "rain"
    title = "Rain by month"
    options = RainOptions

    def prepare(self, specification: Specification, context: Context) -> Specification:
        context.regions.path(str(specification.region))  # an error here is one that the user can put right
        return specification

    def plan(self, specification: Specification, context: Context) -> RainPlan:
        return RainPlan(self.title, specification.days)

    def run(self, specification: Specification, folder: JobFolder, context: Context) -> None:
        _write(folder, _rows(specification, folder, context, RainPlan(self.title, specification.days).months))

    def run_task(self, specification: Specification, folder: TaskFolder, context: Context, task: Task) -> None:
        _write(folder, _rows(specification, folder, context, task.payload["months"]))

    def merge(self, specification: Specification, folder: JobFolder, context: Context, results: Sequence[TaskResult],
              published: Callable[[str], bool]) -> None:
        parts = [result.outputs for result in results if result.outputs is not None]
        if len(parts) == len(results) and not published("rain.csv"):
            _write(folder, sorted(row for part in parts for row in (part / "rain.csv").read_text().splitlines()[1:]))


def _rows(specification: Specification, folder: JobFolder, context: Context, months: Sequence[str]) -> list[str]:
    series = context.regions.get(str(specification.region)).coarse("precipitation")
    wet_mm, rows = specification.options_as(RainOptions).wet_mm, []
    for number, month in enumerate(months):
        folder.stop_if_cancelled()
        folder.progress(number, len(months), month)
        daily = [float(np.nanmean(series.values[series.index(day)])) for day in specification.days
                 if day.isoformat().startswith(month)]
        rows.append(f"{month},{sum(daily):.1f},{sum(rain >= wet_mm for rain in daily)}")
    return rows


def _write(folder: JobFolder, rows: Sequence[str]) -> None:
    draft = folder.temporary("rain.csv")
    draft.write_text("\n".join(["month,rain_mm,wet_days", *rows]) + "\n", encoding="utf-8")
    folder.add_output(draft, "table")


KIND = Rain()
