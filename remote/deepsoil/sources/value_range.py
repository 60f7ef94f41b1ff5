"""Detects maps whose values do not fit their channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import CHANNELS
from deepsoil.contract.errors import DeepSoilError


def check_range(name: str, values: NDArray[np.float32], field: str) -> NDArray[np.float32]:
    """The values unchanged; raises ``source_invalid`` if most of them are impossible for the channel.

    This detects a missing scale or nodata value: a channel with classes must contain its own codes, and of a continuous
    one at most half of the known pixels may be outside its range.
    """
    channel, known = CHANNELS[name], values[np.isfinite(values)]
    outside = (known < channel.minimum) | (known > channel.maximum)
    if outside.any() and (channel.classes or outside.mean() > 0.5):
        raise DeepSoilError("source_invalid", "{channel} should lie between {minimum:g} and {maximum:g} {unit}, but "
                            "{share:.0%} of the values lie outside; they range from {lowest:g} to {highest:g}.",
                            "Check unit, scale, offset, nodata and crosswalk of the source.", field,
                            channel=name, minimum=channel.minimum, maximum=channel.maximum, unit=channel.unit,
                            share=outside.mean(), lowest=known.min(), highest=known.max())
    return values
