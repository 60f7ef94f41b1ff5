"""The table of crops: stages, coefficients, roots and allowed depletion of FAO-56, and when each crop is planted. Pure.

All coefficients are those of Allen, Pereira, Raes and Smith (1998), FAO Irrigation and Drainage Paper 56: lengths of
the four stages from Table 11 (the row whose region is named), crop coefficient and height from Table 12, basal crop
coefficient from Table 17, depth of the roots and depletion fraction from Table 22. They hold for crops that lack
nothing, in a subhumid climate.

``planted_at_celsius``: a crop is planted when the mean annual course of temperature rises (in autumn: falls) through
it, after Waha et al. (2012, Global Ecology and Biogeography 21:247) and Sacks et al. (2010, the same 19:607: maize
12-17 °C, spring wheat 8-14 °C). Corn, soybean, sorghum, cotton and winter wheat are set so that Kansas has the usual
dates there of USDA's Agricultural Handbook 628 (2010); the others are our own choice within usual practice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deepsoil.contract.errors import DeepSoilError

Season = Literal["summer", "winter", "perennial"]


@dataclass(frozen=True)
class Crop:
    """A crop.

    stages_days  initial, development, mid-season and late season (Table 11); a winter crop's are stretched to the
                 climate (``soil.crop_growth``), a perennial's are not used
    kc, kcb      single and basal coefficient: initial, mid-season, end (Tables 12, 17)
    height_m     largest (Table 12)
    roots_m      least and greatest maximum depth of the roots (Table 22): the smaller is that of irrigated fields
    depletion    share of the available water used before the crop suffers, at 5 mm/day (Table 22)
    cdl          classes of USDA's Cropland Data Layer
    """

    key: str
    title: str
    season: Season
    planted_at_celsius: float
    stages_days: tuple[int, int, int, int]
    stages_of: str
    kc: tuple[float, float, float]
    kcb: tuple[float, float, float]
    height_m: float
    roots_m: tuple[float, float]
    depletion: float
    cdl: tuple[int, ...] = ()

    @property
    def root_depth_cm(self) -> float:
        """Depth of the roots of a grown crop in cm, the middle of Table 22's range."""
        return 50.0 * sum(self.roots_m)


_SUMMER = (
    Crop("corn", "Corn (maize)", "summer", 15, (30, 40, 50, 30), "Spain, California, April", (0.30, 1.20, 0.35),
         (0.15, 1.15, 0.15), 2.0, (1.0, 1.7), 0.55, (1, 12, 13, 241)),
    Crop("soybean", "Soybean", "summer", 19, (20, 35, 60, 25), "central USA, May", (0.50, 1.15, 0.50),
         (0.15, 1.10, 0.30), 0.75, (0.6, 1.3), 0.50, (5, 239, 240)),
    Crop("sorghum", "Grain sorghum", "summer", 21, (20, 35, 40, 30), "USA, May to June", (0.30, 1.05, 0.55),
         (0.15, 1.00, 0.35), 1.5, (1.0, 2.0), 0.55, (4,)),
    Crop("cotton", "Cotton", "summer", 21, (30, 50, 55, 45), "Texas, April", (0.35, 1.17, 0.60),
         (0.15, 1.12, 0.45), 1.35, (1.0, 1.7), 0.65, (2, 232)),
    Crop("sunflower", "Sunflower", "summer", 17, (25, 35, 45, 25), "California, April to May", (0.35, 1.10, 0.35),
         (0.15, 1.10, 0.25), 2.0, (0.8, 1.5), 0.45, (6,)),
    Crop("peanut", "Peanut (groundnut)", "summer", 19, (35, 45, 35, 25), "Mediterranean, May to June",
         (0.40, 1.15, 0.60), (0.15, 1.10, 0.50), 0.4, (0.5, 1.0), 0.50, (10,)),
    Crop("rice", "Rice", "summer", 18, (30, 30, 60, 30), "Mediterranean, May", (1.05, 1.20, 0.75),
         (1.00, 1.15, 0.57), 1.0, (0.5, 1.0), 0.20, (3,)),
    Crop("dry_bean", "Dry bean", "summer", 17, (25, 25, 30, 20), "Idaho, June", (0.40, 1.15, 0.35),
         (0.15, 1.10, 0.25), 0.4, (0.6, 0.9), 0.45, (42,)),
    Crop("potato", "Potato", "summer", 10, (45, 30, 70, 20), "Idaho, April to May", (0.50, 1.15, 0.75),
         (0.15, 1.10, 0.65), 0.6, (0.4, 0.6), 0.35, (43,)),
    Crop("sugar_beet", "Sugar beet", "summer", 9, (50, 40, 50, 40), "Idaho, April", (0.35, 1.20, 0.70),
         (0.15, 1.15, 0.50), 0.5, (0.7, 1.2), 0.55, (41,)),
    Crop("millet", "Millet", "summer", 18, (20, 30, 55, 35), "central USA, April", (0.30, 1.00, 0.30),
         (0.15, 0.95, 0.20), 1.5, (1.0, 2.0), 0.55, (29,)),
    Crop("tomato", "Tomato", "summer", 16, (35, 40, 50, 30), "California, April to May", (0.60, 1.15, 0.80),
         (0.15, 1.10, 0.70), 0.6, (0.7, 1.5), 0.40, (54,)),
    Crop("spring_wheat", "Spring wheat", "summer", 9, (20, 25, 60, 30), "35-45 degrees latitude, March to April",
         (0.30, 1.15, 0.25), (0.15, 1.10, 0.15), 1.0, (1.0, 1.5), 0.55, (22, 23, 234)),
    Crop("barley", "Barley", "summer", 9, (20, 25, 60, 30), "35-45 degrees latitude, March to April",
         (0.30, 1.15, 0.25), (0.15, 1.10, 0.15), 1.0, (1.0, 1.5), 0.55, (21, 233, 235, 237, 254)),
    Crop("oats", "Oats", "summer", 9, (20, 25, 60, 30), "35-45 degrees latitude, March to April", (0.30, 1.15, 0.25),
         (0.15, 1.10, 0.15), 1.0, (1.0, 1.5), 0.55, (28, 226)),
    Crop("canola", "Spring canola (rapeseed)", "summer", 9, (25, 35, 55, 30), "safflower, high latitudes",
         (0.35, 1.10, 0.35), (0.15, 1.10, 0.25), 0.6, (1.0, 1.5), 0.60, (31, 34)),
    Crop("pea", "Dry pea", "summer", 9, (35, 25, 30, 20), "Idaho, April", (0.50, 1.15, 0.30), (0.15, 1.10, 0.20), 0.5,
         (0.6, 1.0), 0.40, (53,)),
    Crop("lentil", "Lentil", "summer", 9, (20, 30, 60, 40), "Europe, April", (0.40, 1.10, 0.30), (0.15, 1.05, 0.20),
         0.5, (0.6, 0.8), 0.50, (52,)),
)
_OTHERS = (
    Crop("winter_wheat", "Winter wheat", "winter", 16.5, (160, 75, 75, 25), "Idaho, October",
         (0.40, 1.15, 0.25), (0.15, 1.10, 0.15), 1.0, (1.5, 1.8), 0.55, (24, 26, 27, 205, 225, 228, 236, 238)),
    # Table 17 has the basal coefficient of single cuttings only; this is the mean over cuttings of Table 12, less 0.05
    Crop("alfalfa", "Alfalfa", "perennial", 5, (10, 30, 0, 0), "between the frosts of -4 degC", (0.40, 0.95, 0.90),
         (0.30, 0.90, 0.85), 0.7, (1.0, 2.0), 0.55, (36,)),
    Crop("pasture", "Grazed pasture", "perennial", 5, (10, 20, 0, 0), "between the frosts of -4 degC",
         (0.40, 0.90, 0.85), (0.30, 0.90, 0.80), 0.22, (0.5, 1.5), 0.60),
    Crop("hay", "Grass hay", "perennial", 5, (10, 20, 0, 0), "between the frosts of -4 degC", (0.95, 1.05, 1.00),
         (0.85, 1.00, 0.95), 0.3, (0.6, 1.0), 0.60, (37,)),
)

CROPS: dict[str, Crop] = {crop.key: crop for crop in (*_SUMMER, *_OTHERS)}

OF_CDL: dict[int, str] = {code: crop.key for crop in CROPS.values() for code in crop.cdl}
"""Class of the Cropland Data Layer → crop. Of two crops in a year (26 and others) the first that is in the table."""


def crop_of(key: str) -> Crop:
    """The crop of a key. Raises DeepSoilError ``crop_unknown``, which lists all keys."""
    if key not in CROPS:
        raise DeepSoilError("crop_unknown", "There is no crop '{crop}' in the table of crops.",
                            "Use one of these: {crops}.", "crop", crop=key, crops=", ".join(sorted(CROPS)))
    return CROPS[key]
