"""The part ``outlook`` of a recipe: the next days continue the weather of the store, marked as forecast.

The newest issue gives the days after the last real one. All issues are kept beside it, so that the error of past
forecasts can be told once the real days are there (``evaluation.outlook``).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from deepsoil.inputs.short_gaps import LONGEST_GAP_DAYS
from deepsoil.sources import outlook_hours
from deepsoil.sources.outlook_hours import Daily, Hours
from deepsoil.sources.recipe_files import RecipeFiles
from deepsoil.sources.recipe_parts import Strict
from deepsoil.store.series import FORECAST, UNKNOWN_STATUS, CoarseSeries, Forecasts, status_code


class OutlookPart(Strict):
    """Files of issues, in the form of ``outlook_hours``; wildcards are allowed. ``note`` is for people."""

    files: list[str] = Field(min_length=1)
    note: str = ""


class Outlook:
    """The issues of a recipe."""

    def __init__(self, issues: Sequence[Hours]) -> None:
        self._issues = sorted(issues, key=lambda one: one.issued)
        self._newest = outlook_hours.merged(self._issues)
        self._days: dict[int, list[Daily]] = {}

    @classmethod
    def of(cls, part: OutlookPart, files: RecipeFiles) -> Outlook:
        """Raises ``source_missing``, ``source_invalid``."""
        return cls([outlook_hours.read(path, f"outlook.files.{number}") for number, pattern in enumerate(part.files)
                    for path in files.glob(pattern, f"outlook.files.{number}")])

    def continued(self, channel: str, series: CoarseSeries) -> tuple[CoarseSeries, str]:
        """The series of required weather with the days after its last one, on its own grid, and a note.

        Days between the last real day and the outlook stay missing, as short gaps are filled at reading; where they are
        more than a short gap, nothing is added.
        """
        days, values = self._newest.daily(series.day_ends_utc)
        known = np.flatnonzero(np.isfinite(series.values).any(axis=(1, 2)))
        if channel not in values or not known.size:
            return series, ""
        last = series.dates[known[-1]]
        later = (days > last) & np.isfinite(values[channel]).all(axis=(1, 2))
        days, fields = days[later], _on_grid(values[channel][later], self._newest, series)
        issue = f"the outlook of {outlook_hours.issued_on(self._newest)}"
        if not days.size:
            return series, f"{issue} has no day after {last}"
        if days[0] - last > np.timedelta64(LONGEST_GAP_DAYS + 1, "D"):
            return series, f"{issue} begins on {days[0]}, too long after {last}, and was left out"
        kept = slice(0, int(known[-1]) + 1)
        settled = np.full(series.dates.size, UNKNOWN_STATUS, np.uint8) if series.status is None else series.status
        return CoarseSeries.regular(
            np.concatenate([series.dates[kept], days]), series.longitudes, series.latitudes,
            np.concatenate([series.values[kept], fields]), series.day_ends_utc,
            np.concatenate([settled[kept], np.full(days.size, status_code(FORECAST), np.uint8)])), \
            f"{days[0]} to {days[-1]} are {issue}"

    def forecasts(self, channel: str, series: CoarseSeries) -> Forecasts | None:
        """The days of all issues on the grid of a channel, to be compared with what came."""
        issued, days, fields = [], [], []
        for issue, (found, values) in zip(self._issues, self._of_all_issues(series.day_ends_utc), strict=True):
            if channel in values and found.size:
                issued.append(np.full(found.size, np.datetime64(outlook_hours.issued_on(issue))))
                days.append(found)
                fields.append(_on_grid(values[channel], issue, series))
        if not issued:
            return None
        return Forecasts(np.concatenate(issued), np.concatenate(days), np.concatenate(fields))

    def _of_all_issues(self, day_ends_utc: int) -> list[Daily]:
        """The days of every issue; kept, because each channel asks for them."""
        if day_ends_utc not in self._days:
            self._days[day_ends_utc] = [issue.daily(day_ends_utc) for issue in self._issues]
        return self._days[day_ends_utc]


def _on_grid(values: NDArray[np.float32], issue: Hours, series: CoarseSeries) -> NDArray[np.float32]:
    """(D, ny, nx) at the cells of a series, each from the nearest cell of the issue; NaN where the series has none."""
    rows, columns = (np.abs(np.subtract.outer(wanted, given)).argmin(axis=1) for wanted, given in (
        (series.latitudes, issue.latitudes), (series.longitudes, issue.longitudes)))
    sea = ~np.isfinite(series.values).any(axis=0)
    return np.where(sea, np.float32(np.nan), values[:, rows][:, :, columns])
