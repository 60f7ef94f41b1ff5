"""Land cover for the columns and the patches: groups of NLCD classes, and what leaves do to light and water. Pure.

When leaves are there is in ``soil.phenology`` and ``soil.crops``; ``soil.land`` puts all of it together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import COVER_CLASSES

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Land cover with the same water use: NLCD classes and their sampling frequency, leaf area, root depth.

    litter: share of the soil covered by dead leaves and residue.
    """

    name: str
    classes: dict[int, float]
    smallest_lai: float
    largest_lai: float
    root_depth_cm: float
    litter: float
    seasonal_crop: bool = False
    wet: bool = False


def _drawn(name: str, *shares: float) -> dict[int, float]:
    """The NLCD classes of a group, which are those of its input channel, and their sampling frequency."""
    return dict(zip(COVER_CLASSES[f"cover_{name}"], shares, strict=True))


GROUPS: tuple[Group, ...] = (
    Group("grass", _drawn("grass", 0.17, 0.13, 0.03), 0.3, 3.5, 60.0, 0.7),
    Group("crop", _drawn("crop", 0.24), 0.1, 4.0, 90.0, 0.3, seasonal_crop=True),
    Group("forest", _drawn("forest", 0.06, 0.08, 0.03), 1.2, 4.5, 120.0, 0.9),
    Group("shrub", _drawn("shrub", 0.13), 0.4, 1.0, 90.0, 0.3),
    Group("bare", _drawn("bare", 0.03, 0.03, 0.02, 0.01), 0.05, 0.15, 30.0, 0.0),
    Group("wetland", _drawn("wetland", 0.01, 0.01), 0.6, 3.5, 60.0, 0.0, wet=True),
)
LITTER_EXPONENT = 0.44
LEAF_RAIN_MM, LITTER_RAIN_MM = 0.25, 2.0
SOIL_NDVI, NDVI_SPAN = 0.15, 0.75
LARGEST_SEEN_LAI = 6.0
"""NDVI is blind to more leaves."""
WATER = 11
WATER_SHARE = 0.02
NO_SOIL = (11, 12)
"""NLCD classes without soil: open water, perennial ice and snow."""
LIKE = {51: 52, 72: 71, 73: 31, 74: 31}
"""NLCD classes of the far north, and the class whose water use they share: dwarf scrub, sedge, lichens, moss."""


def class_table() -> tuple[NDArray[np.int64], Array, NDArray[np.int64]]:
    """(NLCD codes, probabilities, index of the group or -1 for open water), one entry per class."""
    rows = [(code, share, number) for number, group in enumerate(GROUPS) for code, share in group.classes.items()]
    codes, shares, groups = zip(*([*rows, (WATER, WATER_SHARE, -1)]), strict=True)
    return np.array(codes), np.array(shares) / sum(shares), np.array(groups)


def group_lookup() -> NDArray[np.int16]:
    """(256,) index of the group of every NLCD code; -1 where there is no soil, -2 for what is no NLCD code."""
    groups = np.full(256, -2, np.int16)
    for number, group in enumerate(GROUPS):
        groups[list(group.classes)] = number
    groups[list(LIKE)] = groups[list(LIKE.values())]
    groups[list(NO_SOIL)] = -1
    return groups


def trailing_mean(values: Array, days: int) -> Array:
    """Mean of the last ``days`` values including today's, of fewer at the start; along the last axis."""
    total = np.cumsum(values, axis=-1, dtype=np.float64)
    count = np.minimum(np.arange(1, values.shape[-1] + 1), days)
    total[..., days:] = total[..., days:] - total[..., :-days].copy()
    return total / count


def transpiration_fraction(lai: Array) -> Array:
    """Share of PET taken by roots: light intercepted by the leaves (Beer's law, extinction 0.55)."""
    return np.minimum(1 - np.exp(-0.55 * lai), 0.95)


def water_use(lai: Array, litter: Array | float, pet: Array) -> tuple[Array, Array]:
    """(demand in mm/day of roots and soil together, share of it taken by roots), each (…, T).

    lai, pet (…, T); litter (…, 1) share of the soil covered by dead leaves. Leaves shade the soil, and litter reduces
    the remaining evaporation: demand of the soil = PET (1 - share of leaves) (1 - litter)^0.44, the exponent of APSIM's
    residue cover.
    """
    leaves = transpiration_fraction(lai)
    part = leaves + (1 - leaves) * (1 - np.asarray(litter)) ** LITTER_EXPONENT
    return pet * part, leaves / part


def intercepted(rain: Array, lai: Array, litter: Array | float, pet: Array) -> Array:
    """Rain in mm/day that leaves and litter keep and that evaporates from them, (…, T); litter (…, 1) or a number.

    Leaves: a LAI (1 - 1 / (1 + b P / (a LAI))) with a = 0.25 mm and b the share of ground that they cover (von
    Hoyningen-Huene 1981 and Braden 1985, as in SWAP, Kroes et al. 2017). Litter keeps up to 2 mm where it covers the
    ground; both together keep about a tenth of the rain of a tallgrass prairie, where 19 % (burned) and 38 % (unburned)
    were measured (Gilliam, Seastedt and Knapp 1987, Southwestern Naturalist 32:267). No more than PET evaporates.
    """
    room, covered = LEAF_RAIN_MM * np.maximum(lai, 1e-6), transpiration_fraction(lai)
    leaves = np.minimum(room * (1.0 - 1.0 / (1.0 + covered * rain / room)), pet * covered)
    ground = np.minimum(rain - leaves, LITTER_RAIN_MM * np.asarray(litter))
    return leaves + np.minimum(ground, (pet - leaves) * (1.0 - covered))


def lai_of_ndvi(greenness: NDArray[np.floating]) -> NDArray[np.floating]:
    """Leaf area index of an NDVI: ``ndvi`` solved for it, 0 below bare soil's and at most ``LARGEST_SEEN_LAI``."""
    covered = np.clip((greenness - SOIL_NDVI) / NDVI_SPAN, 0.0, 1.0 - np.exp(-0.6 * LARGEST_SEEN_LAI))
    return -np.log(1.0 - covered) / 0.6


def ndvi(lai: NDArray[np.floating]) -> NDArray[np.floating]:
    """NDVI of a canopy: 0.15 over bare soil, towards 0.9 when closed."""
    return SOIL_NDVI + NDVI_SPAN * (1 - np.exp(-0.6 * lai))
