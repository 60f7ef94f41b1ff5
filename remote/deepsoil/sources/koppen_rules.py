"""The Köppen-Geiger class of a climate by the rules of Beck et al. (2018, Table 2; 2023 uses the same). Pure.

Beck, H. E. et al. (2018), doi:10.1038/sdata.2018.214, after Peel et al. (2007): the border between temperate and cold
is 0 degC, summer is the warmer of April–September and October–March, and dry climates come before all others. Where a
climate has a dry summer and a dry winter, the half of the year with less rain counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

NAMES = ("Af", "Am", "Aw", "BWh", "BWk", "BSh", "BSk", "Csa", "Csb", "Csc", "Cwa", "Cwb", "Cwc", "Cfa", "Cfb", "Cfc",
         "Dsa", "Dsb", "Dsc", "Dsd", "Dwa", "Dwb", "Dwc", "Dwd", "Dfa", "Dfb", "Dfc", "Dfd", "ET", "EF")
"""By number: ``NAMES[14 - 1]`` is Cfa."""
NUMBERS = {name: number for number, name in enumerate(NAMES, 1)}
_APRIL_TO_SEPTEMBER = np.arange(12) // 3 % 3 > 0  # months 4 to 9
_MONTH_DAYS = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def classes(temperature: ArrayLike, precipitation: ArrayLike) -> NDArray[np.float32]:
    """The class 1 to 30 (…) of monthly means of temperature in degC and sums of precipitation in mm (12, …).

    January first. NaN where a month is missing.
    """
    t, p = np.asarray(temperature, np.float64), np.asarray(precipitation, np.float64)
    known = np.isfinite(t).all(axis=0) & np.isfinite(p).all(axis=0)
    t, p = np.where(known, t, 0.0), np.where(known, p, 0.0)
    half = _APRIL_TO_SEPTEMBER.reshape((12,) + (1,) * (t.ndim - 1))
    summer = np.where(_mean(t, half) >= _mean(t, ~half), half, ~half)
    year, mean = p.sum(axis=0), t.mean(axis=0)
    coldest, hottest, warm_months = t.min(axis=0), t.max(axis=0), (t > 10.0).sum(axis=0)
    rain, winter_rain = np.where(summer, p, 0.0).sum(axis=0), np.where(summer, 0.0, p).sum(axis=0)
    threshold = 2.0 * mean + np.where(winter_rain > 0.7 * year, 0.0, np.where(rain > 0.7 * year, 28.0, 14.0))
    driest = p.min(axis=0)
    summer_dry, winter_dry = np.where(summer, p, np.inf).min(axis=0), np.where(summer, np.inf, p).min(axis=0)
    summer_wet, winter_wet = np.where(summer, p, 0.0).max(axis=0), np.where(summer, 0.0, p).max(axis=0)
    dry_summer = (summer_dry < 40.0) & (summer_dry < winter_wet / 3.0)
    dry_winter = winter_dry < summer_wet / 10.0
    both = dry_summer & dry_winter
    dry_summer, dry_winter = dry_summer & ~(both & (rain > winter_rain)), dry_winter & ~(both & (rain <= winter_rain))
    season = np.where(dry_summer, 0, np.where(dry_winter, 1, 2))

    desert = np.where(year < 5.0 * threshold, NUMBERS["BWh"], NUMBERS["BSh"]) + (mean < 18.0)
    tropical = np.where(driest >= 60.0, NUMBERS["Af"], np.where(driest >= 100.0 - year / 25.0, NUMBERS["Am"],
                                                                NUMBERS["Aw"]))
    heat = np.where(hottest >= 22.0, 0, np.where(warm_months >= 4, 1, 2))
    temperate = NUMBERS["Csa"] + 3 * season + heat
    cold = NUMBERS["Dsa"] + 4 * season + np.where((heat == 2) & (coldest < -38.0), 3, heat)
    polar = np.where(hottest > 0.0, NUMBERS["ET"], NUMBERS["EF"])
    found = np.select([year < 10.0 * threshold, coldest >= 18.0, hottest <= 10.0, coldest > 0.0],
                      [desert, tropical, polar, temperate], cold)
    return np.where(known, found, np.nan).astype(np.float32)


def monthly(days: NDArray[np.datetime64], values: ArrayLike, total: bool) -> NDArray[np.float64]:
    """Usual months (12, …) of daily values (T, …): means, or (``total``) sums of a whole month. NaN without a day."""
    daily = np.asarray(values, np.float64)
    month = days.astype("datetime64[M]").astype(int) % 12
    result = np.full((12, *daily.shape[1:]), np.nan)
    for number in range(12):
        part = daily[month == number]
        count = np.isfinite(part).sum(axis=0)
        mean = np.nansum(part, axis=0) / np.where(count, count, np.nan)
        result[number] = mean * (_MONTH_DAYS[number] if total else 1.0)
    return result


def _mean(values: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.where(chosen, values, 0.0).sum(axis=0) / 6.0
    return found
