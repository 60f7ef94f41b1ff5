"""Which days of a store's weather are new or may still be revised. Pure."""

from __future__ import annotations

from datetime import date

import numpy as np

from deepsoil.store.series import FINAL, FORECAST, CoarseSeries, Days, status_code

SETTLED_AFTER_DAYS = 120
"""gridMET revises its last 60 days (public_data.md §5a). Older than twice that, a day is taken as final for good."""


def stale_days(series: CoarseSeries, today: date) -> Days:
    """The days (T,), ascending, that are to be fetched again or for the first time, until yesterday.

    Those are the days after the last one, forecast days, and days of the last ``SETTLED_AFTER_DAYS`` that are not
    final or of which it is not known.
    """
    yesterday = np.datetime64(today, "D") - 1
    oldest = yesterday - SETTLED_AFTER_DAYS + 1
    known = np.isfinite(series.values).any(axis=(1, 2))
    if series.status is None:
        real, settled = known, known & (series.dates < oldest)
    else:
        real, settled = known & (series.status != status_code(FORECAST)), known & (series.status == status_code(FINAL))
    first = max(oldest, series.dates[0])
    if real.any():
        first = min(first, series.dates[real][-1] + 1)
    return np.setdiff1d(np.arange(first, yesterday + 1), series.dates[settled])
