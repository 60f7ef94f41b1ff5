"""Sensors differ: each has an offset and a slope of its own, shrunk towards what is usual. Pure.

A reading is ``theta + offset + slope (theta - REFERENCE_THETA) + noise``. Offsets and slopes of sensors in the ground
have standard deviations of about 0.025 m³/m³ and 0.15: field-calibrated probes of one type differ by 0.02 to 0.03
(Rosenbaum et al. 2010, Vadose Zone J. 9:345, doi:10.2136/vzj2009.0102; Cosh et al. 2016, Vadose Zone J. 15(4),
doi:10.2136/vzj2015.10.0129), and ranges of a sensor and of a core differ by some 15 per cent. What a single sensor has
of it, the interpolation finds together with the errors of the map (`field.interpolate`, ``at_sensor``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REFERENCE_THETA = 0.25
"""m³/m³; a slope turns a sensor's readings round this value."""


@dataclass(frozen=True)
class SensorSpread:
    """What is usual for sensors: standard deviations of offset (m³/m³), slope and the noise of a day (m³/m³)."""

    offset: float = 0.025
    slope: float = 0.15
    noise: float = 0.008

    def covariance(self, sensor: NDArray[np.integer], theta: Array, other: NDArray[np.integer], other_theta: Array,
                   ) -> Array:
        """(n, m) of what two sets of readings share because the sensor is the same; noise is not in it.

        ``theta`` (n,), ``other_theta`` (m,): expected water contents, from which the slope acts.
        """
        same = sensor[:, None] == other[None, :]
        slopes = self.slope ** 2 * np.outer(theta - REFERENCE_THETA, other_theta - REFERENCE_THETA)
        return np.where(same, self.offset ** 2 + slopes, 0.0)
