"""Sensors differ: each has an offset and a slope of its own, shrunk towards what is usual. Pure.

A reading is ``theta + offset + slope (theta - REFERENCE_THETA) + noise``. Offsets and slopes of sensors in the ground
have standard deviations of about 0.025 m³/m³ and 0.15: field-calibrated probes of one type differ by 0.02 to 0.03
(Rosenbaum et al. 2010, Vadose Zone J. 9:345, doi:10.2136/vzj2009.0102; Cosh et al. 2016, Vadose Zone J. 15(4),
doi:10.2136/vzj2015.10.0129), and ranges of a sensor and of a core differ by some 15 per cent.
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


@dataclass(frozen=True)
class Calibration:
    """Offset (m³/m³) and slope of a sensor: the mean, and the covariance (2, 2) of what is left unknown."""

    offset: float
    slope: float
    covariance: Array

    def reading(self, theta: Array) -> Array:
        """What the sensor would show for water contents ``theta``."""
        return theta + self.offset + self.slope * (theta - REFERENCE_THETA)


def calibrate(expected: Array, read: Array, error: Array, spread: SensorSpread | None = None) -> Calibration:
    """Offset and slope of a sensor from k readings and the water contents that were expected there.

    expected, read (k,) m³/m³; error (k, k): covariance of what makes them differ apart from the sensor, errors of
    ``expected`` included. Bayesian regression: with no readings the offset and slope are 0, with many those of least
    squares.
    """
    usual = spread or SensorSpread()
    prior = np.diag([1.0 / usual.offset ** 2, 1.0 / usual.slope ** 2])
    design = np.stack([np.ones_like(expected), expected - REFERENCE_THETA], axis=1)
    weighted = np.linalg.solve(error, design) if expected.size else design
    covariance = np.asarray(np.linalg.inv(prior + design.T @ weighted), np.float64)
    offset, slope = covariance @ (weighted.T @ (read - expected))
    return Calibration(float(offset), float(slope), covariance)
