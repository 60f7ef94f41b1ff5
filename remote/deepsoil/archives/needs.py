"""What a region needs, in words, and without which of it no map can be made. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from deepsoil.channels import REQUIRED

TITLES: dict[str, str] = {
    "elevation": "Elevation", "soil_refined": "Soil in more detail", "soil": "Soil",
    "land_cover": "Land cover", "koppen": "Climate zone",
    "weather": "Weather", "stations": "Stations", "ndvi": "Green leaves (NDVI)", "lai": "Leaf area",
    "smap": "SMAP soil moisture", "crops": "Crops", "outlook": "Weather of the next days",
}
"""By name of the need; what is not here (field outlines) belongs to no region."""

OUTLOOK = timedelta(days=7)
"""How far the weather of the next days goes beyond today."""

TOGETHER = frozenset({"stations", "smap"})
"""Needs of which every archive is asked; of the others the first one that answers serves."""

BESIDE = frozenset({"soil_refined"})
"""Needs whose channels another one serves too: what they give counts first, and without them nothing is missing."""


OF_THE_FIELD = frozenset({"ndvi"})
"""Needs that are served for the field and a little around it, not for all that the region has."""

ONCE = frozenset({"outlook"})
"""Needs of a region that a further field in it does not have of its own."""


def is_required(need: str, provided: Iterable[frozenset[str]]) -> bool:
    """Whether maps need what archives provide: one of the required channels is among it."""
    return need not in BESIDE and any(channels & REQUIRED for channels in provided)
