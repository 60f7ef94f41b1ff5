"""The error of a background map as it is assumed where readings correct it: figures, and where they are from. Pure.

Estimated by maximum likelihood from what a column without any fitting (Kings Creek, ten stations, July 2021 to
December 2022, every sixth day) misses at 5, 20 and 40 cm, rounded, and not tuned to the days that are scored. What
cannot be estimated there, where all is rainfed grass over one soil map, is an assumption: the likeness of soils,
covers and waters, the error of irrigated fields, and how much of what these stations have in common (0.055 m³/m³ over
40 km and 60 days) other soils and covers would share. Of its variance a fifth is taken to be everybody's, as wrong
weather is, and the rest to belong to places that are alike: with all of it everybody's, readings of unlike places made
the sample region worse and its intervals too narrow (resources/training/RESULTS.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deepsoil.field.covariance import ErrorCovariance, Part
from deepsoil.field.sensors import SensorSpread

Array = NDArray[np.float64]

DEPTH_LENGTH_CM = 38.0
"""Errors at 5 and 20 cm correlate by 0.68, at 5 and 40 cm by 0.41, at 20 and 40 cm by 0.59 (Kings Creek)."""

DEFAULT_COVARIANCE = ErrorCovariance((
    Part(sd=0.025, length_km=40.0, days=60.0, local=False),
    Part(sd=0.049, length_km=40.0, days=60.0),
    Part(sd=0.025, length_km=40.0, days=4.0, local=False),
    Part(sd=0.012, length_km=2.0, days=200.0),
    Part(sd=0.015, length_km=0.3, days=10.0),
    Part(sd=0.04, length_km=0.4, days=20.0, irrigated=True),
))


@dataclass(frozen=True)
class ErrorSettings:
    """Covariance of the background's error, what is usual for sensors, and how far errors go together with depth."""

    covariance: ErrorCovariance = DEFAULT_COVARIANCE
    sensors: SensorSpread = field(default_factory=SensorSpread)
    depth_length_cm: float = DEPTH_LENGTH_CM

    def depth_correlation(self, depths_cm: Array) -> Array:
        """(D, D) of the errors at the depths of a background."""
        return np.asarray(np.exp(-np.abs(np.subtract.outer(depths_cm, depths_cm)) / self.depth_length_cm))
