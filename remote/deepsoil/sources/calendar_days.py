"""The days of a time axis of NetCDF, also of calendars that have no 29 February."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import xarray as xr

from deepsoil.store.series import Days

_SINCE = re.compile(r"(days|hours) since (\d{1,4})-(\d{1,2})-(\d{1,2})")
_COMMON_YEAR = 2001


def days_of(axis: xr.DataArray) -> Days:
    """The days (T,) of an axis of numbers with its ``units`` and ``calendar``; ValueError for what they do not say.

    A calendar of 365 days has no 29 February; that day is then absent.
    """
    if axis.attrs.get("calendar", "standard").lower() not in ("noleap", "365_day"):
        return np.asarray(xr.decode_cf(axis.to_dataset(name="days"))["days"]).astype("datetime64[D]")
    found = _SINCE.match(str(axis.attrs.get("units", "")))
    if found is None:
        raise ValueError(f"its times are in {axis.attrs.get('units')!r}, not in days or hours since a date")
    year, month, first = (int(part) for part in found.groups()[1:])
    passed = np.floor(np.asarray(axis, np.float64) / (24 if found[1] == "hours" else 1)).astype(int)
    passed += (date(_COMMON_YEAR, month, first) - date(_COMMON_YEAR, 1, 1)).days
    within_year = np.datetime64(date(_COMMON_YEAR, 1, 1)) + passed % 365
    years = year + passed // 365
    return np.array([date(int(y), d.month, d.day) for y, d in zip(years, within_year.tolist(), strict=True)],
                    dtype="datetime64[D]")
