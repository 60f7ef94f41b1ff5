"""The box around the lower 48 states of the USA, which most archives here cover. Pure."""

from __future__ import annotations

from deepsoil.archives.archive import Bounds
from deepsoil.archives.coverage_grid import outside

LOWER_48: Bounds = (-124.85, 24.4, -66.8, 49.45)
"""(west, south, east, north) in degrees around CONUS; parts of Canada, of Mexico and of the sea lie in it too."""


def require(bounds: Bounds, title: str) -> None:
    """Raise ``archive_outside`` for a box that cannot touch the lower 48 states; the archive ``title`` is named."""
    west, south, east, north = bounds
    if east < LOWER_48[0] or west > LOWER_48[2] or north < LOWER_48[1] or south > LOWER_48[3]:
        raise outside(title)
