"""The colours of every step of a soil moisture map, as its layers have them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from qgis.PyQt.QtGui import QColor

from .style import SOIL_MOISTURE


@lru_cache(maxsize=4)
def colour_table(scale: float) -> np.ndarray:
    """(65536,) ARGB as 32-bit numbers, by the steps of ``scale`` m³/m³ of a product; the last one is transparent."""
    values = np.arange(65536) * scale
    stops = np.array([value for value, _ in SOIL_MOISTURE.stops])
    colours = np.array([QColor(colour).getRgb()[:3] for _, colour in SOIL_MOISTURE.stops], float)
    mixed = np.stack([np.interp(values, stops, colours[:, channel]) for channel in range(3)], axis=-1)
    for beyond, end in ((values > stops[-1] + SOIL_MOISTURE.half_step, SOIL_MOISTURE.above),
                        (values < stops[0] - SOIL_MOISTURE.half_step, SOIL_MOISTURE.below)):
        if end is not None:
            mixed[beyond] = QColor(end[0]).getRgb()[:3]
    red, green, blue = (mixed[:, channel].round().astype(np.uint32) for channel in range(3))
    table: np.ndarray = (0xFF000000 | red << 16 | green << 8 | blue).astype(np.uint32)
    table[-1] = 0
    return table
