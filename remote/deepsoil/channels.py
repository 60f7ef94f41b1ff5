"""Every input channel: name, unit, physical range, kind, and what it is computed from.

A channel's range is fixed and physical; it normalises the channel to 0-1 and travels with the model
(paper §3.1; never a range per tile). ``kind`` says where its values come from:

static     a map of the store                  class     1 where the map ``sources`` shows one of ``codes``, else 0
dated      maps of the store, each with a date (NDVI, LAI)
coarse     daily fields of the store on their own grid
sum        the coarse channel ``sources`` summed over ``days``; with two sources, the first minus the second
memory     what the whole weather so far has left behind (``inputs.water_memory``)
calendar   computed from the date alone (``inputs.features``)

Another package adds a channel with ``register_channel`` or with an entry point of the group ``deepsoil.channels``;
docs/extending.md has an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the service reads the depths, and with them this table, before anything heavy
    import numpy as np
    from numpy.typing import NDArray

from deepsoil import extensions

Kind = Literal["static", "dated", "coarse", "class", "sum", "memory", "calendar"]

STORED: tuple[Kind, ...] = ("static", "dated", "coarse")
"""Kinds that a store holds; the others are computed when an input is read."""


@dataclass(frozen=True)
class Channel:
    """One input of a network.

    classes      values are codes, resampled by nearest neighbour only
    circular     the range closes on itself, as the directions of a compass do
    carry_days   of a coarse channel: a day without a value takes the last one of so many days before; None = the day
                 itself must have one
    sources      channels of the store that it is computed from
    days         of a sum: how many days, the day itself included
    codes        of a class: the codes of the map that it stands for
    """

    name: str
    unit: str
    kind: Kind
    minimum: float
    maximum: float
    title: str
    classes: bool = False
    circular: bool = False
    carry_days: int | None = None
    sources: tuple[str, ...] = ()
    days: int = 1
    codes: tuple[int, ...] = ()

    @property
    def read_from(self) -> tuple[str, ...]:
        """The channels of a store that it is read or computed from; none for the calendar."""
        return (self.name,) if self.kind in STORED else self.sources

    def normalise(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Physical values to 0-1, clipped; NaN stays NaN."""
        return self.normalise_in_place(values.astype("float32"))

    def normalise_in_place(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """``normalise`` without another array; the values themselves."""
        values -= self.minimum
        values /= self.maximum - self.minimum
        return values.clip(0.0, 1.0, out=values)


@dataclass(frozen=True)
class ChannelUse:
    """How a network uses a channel: ``fill`` is the normalised value (0-1) that stands for a missing one.

    ``measured``: it learned from measured values of it, not from made-up ones alone. ``low`` and ``high``, normalised:
    nearly all values that it learned from lie between them.
    """

    name: str
    fill: float
    required: bool
    measured: bool = True
    low: float = 0.0
    high: float = 1.0


BUCKETS_MM: dict[str, float] = {f"bucket_{size}mm": float(size) for size in (10, 30, 60, 120, 250, 500)}
"""Capacity in mm of the soil water stores that keep the past weather, see ``inputs.water_memory``."""

SNOW = "snow_water"
MEMORY: tuple[str, ...] = (SNOW, *BUCKETS_MM)
MEMORY_SOURCES: tuple[str, ...] = ("precipitation", "pet", "temperature")

COVER_CLASSES: dict[str, tuple[int, ...]] = {
    "cover_grass": (71, 81, 21), "cover_crop": (82,), "cover_forest": (41, 42, 43), "cover_shrub": (52,),
    "cover_bare": (31, 22, 23, 24), "cover_wetland": (90, 95),
}
"""NLCD classes that use water alike. As numbers on one axis, classes would lie between others that they are not."""

_RAIN, _PET = ("precipitation",), ("pet",)
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
    Channel("field_capacity", "m3/m3", "static", 0, 0.7, "Measured water content at 33 kPa"),
    Channel("wilting_point", "m3/m3", "static", 0, 0.5, "Measured water content at 1500 kPa"),
    Channel("organic_matter", "%", "static", 0, 20, "Organic matter"),
    Channel("available_water_storage", "mm", "static", 0, 270, "Available water storage 0-5 cm"),
    Channel("soil_thickness", "cm", "static", 0, 150, "Thickness of the soil"),
    Channel("available_water_content", "m3/m3", "static", 0, 0.5, "Available water content"),
    Channel("survey_field_capacity", "m3/m3", "static", 0, 0.7, "Field capacity (33 kPa) of the soil survey"),
    Channel("porosity", "m3/m3", "static", 0.2, 0.9, "Porosity"),
    Channel("elevation", "m", "static", -122.35, 4500, "Elevation"),
    Channel("slope", "degree", "static", 0, 60, "Slope"),
    Channel("aspect", "degree", "static", 0, 360, "Aspect, clockwise from north", circular=True),
    Channel("northness", "-", "static", -1, 1, "cos(aspect) times sin(slope)"),
    Channel("land_cover", "NLCD class", "static", 11, 95, "Land cover", classes=True),
    Channel("crop", "CDL class", "static", 1, 254, "Crop", classes=True),
    Channel("koppen", "Koeppen class", "static", 1, 30, "Koeppen-Geiger climate", classes=True),
    Channel("irrigated", "1 = irrigated", "static", 0, 1, "Irrigated land", classes=True),
    Channel("red", "reflectance", "static", 0, 0.6, "Landsat red"),
    Channel("green", "reflectance", "static", 0, 0.6, "Landsat green"),
    Channel("blue", "reflectance", "static", 0, 0.6, "Landsat blue"),
    Channel("nir", "reflectance", "static", 0, 0.8, "Landsat near infrared"),
    Channel("ndvi", "-", "dated", -0.2, 1, "NDVI"),
    Channel("lai", "m2/m2", "dated", 0, 10, "Leaf area index"),
    Channel("hydroblocks", "m3/m3", "dated", 0, 0.8, "SMAP-HydroBlocks surface soil moisture (a target, no input)"),
    Channel("smap", "m3/m3", "coarse", 0, 0.6, "SMAP surface soil moisture", carry_days=3),
    Channel("smap_flagged", "m3/m3", "coarse", 0, 0.6, "SMAP soil moisture that is not recommended (for comparison)"),
    Channel("smap_1km", "m3/m3", "coarse", 0, 0.6, "SMAP soil moisture at 1 km (for comparison)"),
    Channel("precipitation", "mm/day", "coarse", 0, 100, "Precipitation of the day"),
    Channel("temperature", "degC", "coarse", -40, 45, "Mean air temperature of the day"),
    Channel("vpd", "kPa", "coarse", 0, 6, "Vapour pressure deficit, daily mean"),
    Channel("pet", "mm/day", "coarse", 0, 15, "Reference evapotranspiration (grass)"),
    Channel("precipitation_3d", "mm", "sum", 0, 150, "Precipitation of 3 days", sources=_RAIN, days=3),
    Channel("precipitation_7d", "mm", "sum", 0, 200, "Precipitation of 7 days", sources=_RAIN, days=7),
    Channel("precipitation_30d", "mm", "sum", 0, 400, "Precipitation of 30 days", sources=_RAIN, days=30),
    Channel("pet_7d", "mm", "sum", 0, 90, "Reference evapotranspiration of 7 days", sources=_PET, days=7),
    Channel("pet_30d", "mm", "sum", 0, 350, "Reference evapotranspiration of 30 days", sources=_PET, days=30),
    Channel("water_balance_7d", "mm", "sum", -100, 200, "Precipitation minus PET of 7 days",
            sources=(*_RAIN, *_PET), days=7),
    Channel("water_balance_30d", "mm", "sum", -350, 400, "Precipitation minus PET of 30 days",
            sources=(*_RAIN, *_PET), days=30),
    Channel("season_sin", "-", "calendar", -1, 1, "sin of the day of the year"),
    Channel("season_cos", "-", "calendar", -1, 1, "cos of the day of the year"),
    Channel(SNOW, "mm", "memory", 0, 300, "Water of the snow on the ground", sources=MEMORY_SOURCES),
    *(Channel(name, "-", "memory", 0, 1, f"Fill of a soil water store of {size:g} mm", sources=MEMORY_SOURCES)
      for name, size in BUCKETS_MM.items()),
    *(Channel(name, "-", "class", 0, 1, f"Land cover is {name.removeprefix('cover_')}", sources=("land_cover",),
              codes=codes) for name, codes in COVER_CLASSES.items()),
)

CHANNELS: dict[str, Channel] = {channel.name: channel for channel in _CHANNELS}

WEATHER = ("precipitation", "temperature", "vpd", "pet")

REQUIRED = frozenset({"sand", "silt", "clay", "elevation", *WEATHER})
"""Without one of these no model predicts; every other channel has a fill value in the model's contract."""

LONGEST_WINDOW_DAYS = max(channel.days for channel in CHANNELS.values())
"""Days of weather, the day itself included, that a map needs."""


def register_channel(channel: Channel) -> None:
    """Add a channel of another package, before the first store, recipe or model is opened.

    ValueError where its name is taken or a source is not a channel. Its sum may not reach further back than the
    longest one here: the dates for which a store can make maps are written down in it.
    """
    if CHANNELS.get(channel.name) == channel:
        return
    if channel.name in CHANNELS:
        raise ValueError(f"the channel {channel.name!r} is registered already")
    if channel.maximum <= channel.minimum:
        raise ValueError(f"the range of {channel.name} is empty")
    if channel.kind in ("memory", "calendar"):
        raise ValueError(f"{channel.name}: a {channel.kind} channel needs its own formula in deepsoil.inputs")
    wanted = {"class": "static", "sum": "coarse"}.get(channel.kind)
    if (wanted is None) != (not channel.sources) or any(
            name not in CHANNELS or CHANNELS[name].kind != wanted for name in channel.sources):
        raise ValueError(f"{channel.name} is of the kind {channel.kind}: its sources must be "
                         f"{wanted + ' channels' if wanted else 'left out'}")
    if channel.days > LONGEST_WINDOW_DAYS:
        raise ValueError(f"{channel.name} sums {channel.days} days; at most {LONGEST_WINDOW_DAYS} are kept ready")
    CHANNELS[channel.name] = channel


def in_words(missing: Sequence[str]) -> list[str]:
    """Missing channels as a person would name them: what the region lacks, not everything computed from it."""
    words = [CHANNELS[name].title if name in CHANNELS else name for name in missing
             if name not in MEMORY and name not in COVER_CLASSES]
    return [*words, "year of weather"] if set(missing) & set(MEMORY) else words


extensions.load("deepsoil.channels", register_channel)
