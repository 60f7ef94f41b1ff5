"""Daily reference evapotranspiration of grass, FAO-56 Penman-Monteith, by the library pyet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyet

_LOWEST_WIND = 0.5
"""m/s; FAO-56 (eq. 6, note) asks for at least this, since the boundary layer never rests."""


def wind_at_2_m(wind_m_s: pd.Series, height_m: float) -> pd.Series:
    """Wind at 2 m over grass from wind at another height (FAO-56 eq. 47)."""
    return wind_m_s if height_m == 2.0 else wind_m_s * 4.87 / np.log(67.8 * height_m - 5.42)


def penman_monteith(daily: pd.DataFrame, latitude: float, elevation_m: float) -> pd.Series:
    """mm/day from the columns tmin, tmax (degC), vapour_pressure (kPa), radiation (MJ/m2/day), wind (m/s at 2 m).

    Days that lack one of them are NaN.
    """
    columns = ["tmin", "tmax", "vapour_pressure", "radiation", "wind"]
    whole = daily[columns].dropna()
    if whole.empty:
        return pd.Series(np.nan, index=daily.index)
    result = pyet.pm_fao56(tmean=(whole.tmin + whole.tmax) / 2, tmax=whole.tmax, tmin=whole.tmin,
                           wind=whole.wind.clip(lower=_LOWEST_WIND), rs=whole.radiation, ea=whole.vapour_pressure,
                           elevation=elevation_m, lat=np.radians(latitude))
    return result.reindex(daily.index)
