"""Values of an outlook by the hour, checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from deepsoil.archives.outlook import implausible
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.sources.outlook_hours import Hours

LEAST_DAYS = {"temperature": 5, "vpd": 5, "precipitation": 2}
"""From today on. Some forecast offices give amounts of rain for three days only; maps then end with them."""
_LIMITS = {"precipitation": (0.0, 200.0), "temperature": (-60.0, 60.0), "vpd": (0.0, 15.0), "pet": (-0.2, 2.5)}

Values = Mapping[str, NDArray[np.float64]]


def hours_of(title: str, address: str, issued: datetime, begin: np.datetime64, values: Values, longitude: float,
             latitude: float, today: date) -> Hours:
    """An issue at one place; ``values`` (T,) by channel from the hour ``begin`` on, NaN missing.

    Raises
    ------
    DeepSoilError
        ``archive_implausible``: too old or too short, or values that cannot be.
    """
    if (today - issued.astimezone(UTC).date()).days > 1:
        raise implausible(title, address, f"it was issued on {issued:%Y-%m-%d}, so it is an old copy")
    size = next(iter(values.values())).size
    hours = begin.astype("datetime64[h]") + np.arange(size)
    for name, one in values.items():
        known = one[np.isfinite(one)]
        low, high = _LIMITS[name]
        if known.size and (known.min() < low or known.max() > high):
            raise implausible(title, address, f"{name} goes from {known.min():g} to {known.max():g}")
    ahead = hours >= np.datetime64(today)
    for name, days in LEAST_DAYS.items():
        if (count := int(np.isfinite(values[name][ahead]).sum())) < 24 * days:
            raise implausible(title, address, f"it has {name} for {count} hours from {today} on")
    fields = {name: np.maximum(one, 0.0) if name == "pet" else one for name, one in values.items()}
    return Hours(issued, hours, np.array([longitude]), np.array([latitude]),
                 {name: one.astype(np.float32)[:, None, None] for name, one in fields.items()})


def notes(outlook: Hours) -> tuple[str, ...]:
    """That amounts of rain end before the temperatures do, if so."""
    last = {name: outlook.hours[np.flatnonzero(np.isfinite(outlook.values[name][:, 0, 0]))[-1]] for name in
            ("precipitation", "temperature")}
    if last["precipitation"] >= last["temperature"] - np.timedelta64(24, "h"):
        return ()
    return (f"amounts of rain are foreseen until {last['precipitation']} UTC only; maps end there",)


def vapour_pressure_deficit(temperature: NDArray[np.float64], humidity_percent: NDArray[np.float64],
                            ) -> NDArray[np.float64]:
    """kPa, from degC and relative humidity."""
    share = np.clip(humidity_percent, 0.0, 100.0) / 100.0
    return np.asarray(saturation_kpa(temperature) * (1.0 - share), np.float64)
