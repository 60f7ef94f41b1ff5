"""Saturation vapour pressure. Pure."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Temperature = TypeVar("Temperature", NDArray[np.float64], pd.Series)


def saturation_kpa(temperature_c: Temperature) -> Temperature:
    """Saturation vapour pressure over water in kPa at temperatures in °C (FAO-56, eq. 11)."""
    return 0.6108 * np.exp(17.27 * temperature_c / (temperature_c + 237.3))
