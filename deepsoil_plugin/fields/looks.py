"""The colours of the classes of need, in the table and on the map: brown for dry, blue-green for wet. Pure."""

from __future__ import annotations

from .rows import HIGH, LOW, MEDIUM, UNKNOWN

COLOURS = {HIGH: "#a6611a", MEDIUM: "#dfc27d", LOW: "#35978f", UNKNOWN: "#9e9e9e"}
