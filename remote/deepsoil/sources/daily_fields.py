"""Common functions of sources of daily fields: the days of the recipe, and filling of short gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.sources.recipe_parts import Period
from deepsoil.store.series import CoarseSeries


def bridge(values: NDArray[np.float32], days: int) -> NDArray[np.float32]:
    """Fields (T, ny, nx) with gaps of at most ``days`` days filled linearly between the days before and after."""
    if days == 0:
        return values
    table = pd.DataFrame(values.reshape(values.shape[0], -1))
    missing = table.isna()
    lengths = missing.apply(lambda column: column.groupby((~column).cumsum()).transform("sum"))
    filled = table.interpolate(limit_area="inside").where(~missing | (lengths <= days))
    return filled.to_numpy(np.float32).reshape(values.shape)


def within(period: Period | None, name: str, fields: CoarseSeries) -> CoarseSeries:
    """The fields of the days of a recipe; raises ``source_invalid`` if there are none."""
    kept = np.ones(fields.dates.size, bool)
    if period is not None:
        kept = (fields.dates >= np.datetime64(period.start)) & (fields.dates <= np.datetime64(period.end))
    if not np.isfinite(fields.values[kept]).any():
        raise DeepSoilError("source_invalid", "The source of {channel} has nothing within the dates of the recipe; it "
                            "covers {first} to {last}.", "Correct the dates or the files.", f"channels.{name}",
                            channel=name, first=fields.dates[0], last=fields.dates[-1])
    return replace(fields, dates=fields.dates[kept], values=fields.values[kept],
                   status=None if fields.status is None else fields.status[kept])
