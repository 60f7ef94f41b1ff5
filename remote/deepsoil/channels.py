"""Every input channel: name, unit, physical range, kind; and the two input stacks.

A channel's range is fixed and physical; it normalises the channel to 0-1 and travels with the model
(paper §3.1; never a range per tile). ``kind`` says where values come from:

static   one array on the grid          dated    arrays on the grid with dates (NDVI, LAI)
coarse   daily fields on their own grid derived  computed from the date or from coarse daily fields
class    1 where a static map of classes shows one of some classes, else 0
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["static", "dated", "coarse", "derived", "class"]


@dataclass(frozen=True)
class Channel:
    """One input of a network. ``classes``: values are codes, resampled by nearest neighbour only."""

    name: str
    unit: str
    kind: Kind
    minimum: float
    maximum: float
    title: str
    classes: bool = False
    circular: bool = False

    def normalise(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Physical values to 0-1, clipped; NaN stays NaN."""
        return self.normalise_in_place(np.array(values, np.float32))

    def normalise_in_place(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """``normalise`` without another array; the values themselves."""
        np.subtract(values, self.minimum, out=values)
        np.divide(values, self.maximum - self.minimum, out=values)
        return np.clip(values, 0.0, 1.0, out=values)


@dataclass(frozen=True)
class ChannelUse:
    """How a network uses a channel: ``fill`` is the normalised value (0-1) that stands for a missing one."""

    name: str
    fill: float
    required: bool


BUCKETS_MM: dict[str, float] = {f"bucket_{size}mm": float(size) for size in (10, 30, 60, 120, 250, 500)}
"""Capacity in mm of the soil water stores that keep the past weather, see ``inputs.water_memory``."""

SNOW = "snow_water"
MEMORY: tuple[str, ...] = (SNOW, *BUCKETS_MM)

COVER_CLASSES: dict[str, tuple[int, ...]] = {
    "cover_grass": (71, 81, 21), "cover_crop": (82,), "cover_forest": (41, 42, 43), "cover_shrub": (52,),
    "cover_bare": (31, 22, 23, 24), "cover_wetland": (90, 95),
}
"""NLCD classes that use water alike. As numbers on one axis, classes would lie between others that they are not."""

_CHANNELS = (
    Channel("sand", "%", "static", 0, 100, "Sand"),
    Channel("silt", "%", "static", 0, 100, "Silt"),
    Channel("clay", "%", "static", 0, 100, "Clay"),
    Channel("bulk_density", "g/cm3", "static", 0.5, 2.0, "Bulk density"),
    Channel("theta_r", "m3/m3", "static", 0, 0.3, "Residual water content"),
    Channel("theta_s", "m3/m3", "static", 0.2, 0.8, "Saturated water content"),
    Channel("log10_vg_alpha", "log10(1/cm)", "static", -3.5, 0, "van Genuchten alpha"),
    Channel("vg_n", "-", "static", 1, 5, "van Genuchten n"),
    Channel("log10_ks", "log10(cm/day)", "static", -1, 4, "Saturated hydraulic conductivity"),
    Channel("organic_matter", "%", "static", 0, 20, "Organic matter"),
    Channel("available_water_storage", "mm", "static", 0, 270, "Available water storage 0-5 cm"),
    Channel("elevation", "m", "static", -122.35, 4500, "Elevation"),
    Channel("slope", "degree", "static", 0, 60, "Slope"),
    Channel("aspect", "degree", "static", 0, 360, "Aspect, clockwise from north", circular=True),
    Channel("northness", "-", "static", -1, 1, "cos(aspect) times sin(slope)"),
    Channel("land_cover", "NLCD class", "static", 11, 95, "Land cover", classes=True),
    Channel("koppen", "Koeppen class", "static", 1, 30, "Koeppen-Geiger climate", classes=True),
    Channel("red", "reflectance", "static", 0, 0.6, "Landsat red"),
    Channel("green", "reflectance", "static", 0, 0.6, "Landsat green"),
    Channel("blue", "reflectance", "static", 0, 0.6, "Landsat blue"),
    Channel("ndvi", "-", "dated", -0.2, 1, "NDVI"),
    Channel("lai", "m2/m2", "dated", 0, 10, "Leaf area index"),
    Channel("smap", "m3/m3", "coarse", 0, 0.6, "SMAP surface soil moisture"),
    Channel("precipitation", "mm/day", "coarse", 0, 100, "Precipitation of the day"),
    Channel("temperature", "degC", "coarse", -40, 45, "Mean air temperature of the day"),
    Channel("vpd", "kPa", "coarse", 0, 6, "Vapour pressure deficit, daily mean"),
    Channel("pet", "mm/day", "coarse", 0, 15, "Reference evapotranspiration (grass)"),
    Channel("precipitation_3d", "mm", "derived", 0, 150, "Precipitation of 3 days"),
    Channel("precipitation_7d", "mm", "derived", 0, 200, "Precipitation of 7 days"),
    Channel("precipitation_30d", "mm", "derived", 0, 400, "Precipitation of 30 days"),
    Channel("pet_7d", "mm", "derived", 0, 90, "Reference evapotranspiration of 7 days"),
    Channel("pet_30d", "mm", "derived", 0, 350, "Reference evapotranspiration of 30 days"),
    Channel("water_balance_7d", "mm", "derived", -100, 200, "Precipitation minus PET of 7 days"),
    Channel("water_balance_30d", "mm", "derived", -350, 400, "Precipitation minus PET of 30 days"),
    Channel("season_sin", "-", "derived", -1, 1, "sin of the day of the year"),
    Channel("season_cos", "-", "derived", -1, 1, "cos of the day of the year"),
    Channel(SNOW, "mm", "derived", 0, 300, "Water of the snow on the ground"),
    *(Channel(name, "-", "derived", 0, 1, f"Fill of a soil water store of {size:g} mm")
      for name, size in BUCKETS_MM.items()),
    *(Channel(name, "-", "class", 0, 1, f"Land cover is {name.removeprefix('cover_')}") for name in COVER_CLASSES),
)

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in _CHANNELS}

WEATHER = ("precipitation", "temperature", "vpd", "pet")

# Paper §3.6.2: 8 static and 12 dynamic channels.
STACK_20CM_PAPER: tuple[str, ...] = (
    "sand", "silt", "clay", "elevation", "slope", "aspect", "land_cover", "koppen",
    "precipitation", "temperature", "vpd", "pet",
    "precipitation_7d", "precipitation_30d", "pet_7d", "pet_30d", "water_balance_7d", "water_balance_30d",
    "season_sin", "season_cos",
)

# The paper names the data sets of the 5 cm network but not its channels (reference §5 item 19).
STACK_5CM_PAPER: tuple[str, ...] = (
    "sand", "clay", "bulk_density", "theta_r", "theta_s", "log10_vg_alpha", "vg_n", "log10_ks",
    "organic_matter", "available_water_storage", "elevation", "slope", "northness", "koppen",
    "land_cover", "red", "green", "blue", "ndvi", "lai", "smap",
    "precipitation", "temperature", "vpd", "pet",
    "precipitation_3d", "precipitation_7d", "precipitation_30d", "pet_7d", "pet_30d",
    "season_sin", "season_cos",
)

# The paper's channels, with the memory of the weather and with land cover as what it is.
STACK_20CM: tuple[str, ...] = (*STACK_20CM_PAPER, *MEMORY, *COVER_CLASSES)
STACK_5CM: tuple[str, ...] = (*STACK_5CM_PAPER, *MEMORY, *COVER_CLASSES)

# Fused again before the last convolution of the 5 cm network (paper §3.3).
LATE_FUSION_5CM: tuple[str, ...] = ("ndvi", "land_cover", "red", "green", "blue")

# Without one of these no model predicts; every other channel has a fill value in the model contract.
REQUIRED = frozenset({"sand", "silt", "clay", "elevation", *WEATHER})

LONGEST_WINDOW_DAYS = 30


def in_words(missing: Sequence[str]) -> list[str]:
    """Missing channels as a person would name what a region lacks: causes once, not everything that follows."""
    words = [name for name in missing if name not in MEMORY and name not in COVER_CLASSES]
    return [*words, "year of weather"] if set(missing) & set(MEMORY) else words
