"""Where a generated region lies and what its climate, relief, soils and stations are. Pure data.

Beside the sample region there are seven small ones for experiments: of different climate, relief and soils, with 60
stations of three kinds of sensors in all. In each, five or six stations stand together in the south-east and three
alone, 10 km or more from any other. Fixed before any model was trained on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from deepsoil.sample.landcover import HIGH_PLAINS as STEPPE
from deepsoil.sample.landcover import Zones
from deepsoil.sample.observations import SITES, SensorKind, Site
from deepsoil.sample.terrain import STEEP, Heights
from deepsoil.sample.weather import HIGH_PLAINS, Climate

REGION_SIZE = 512
HELD_OUT = ("prairie", "valley")
"""Regions that no training sees: one whose climate lies between those of others, and the only one with winter rain."""


@dataclass(frozen=True)
class Setting:
    """One region.

    corner: longitude and latitude of its north-western corner, before alignment
    sand, clay: per cent more than in the sample region's soils
    apart: the least distance between stations, as a share of the region's shorter side
    experiment: whether SMAP is that of cells of 36 km, with flags, and there is a dense product with a model's errors
    """

    name: str
    title: str
    corner: tuple[float, float]
    heights: Heights = STEEP
    climate: Climate = HIGH_PLAINS
    zones: Zones = STEPPE
    sand: float = 0.0
    clay: float = 0.0
    sites: tuple[Site, ...] = field(default=SITES, repr=False)
    apart: float = 1 / 7
    experiment: bool = False


SAMPLE = Setting("sample", "Synthetic sample region (farmland under a mountain front)", (-105.05, 40.55))

KINDS = (SensorKind("Synthetic, time domain", 0.5, 0.5, 0.006), SensorKind("Synthetic, capacitance", 1.2, 1.2, 0.012),
         SensorKind("Synthetic, heat dissipation", 1.5, 1.5, 0.018))
_ALONE = ((0.06, 0.93), (0.93, 0.06), (0.06, 0.06))
_TOGETHER = ((0.85, 0.94), (0.94, 0.85), (0.87, 0.87), (0.94, 0.94), (0.90, 0.90), (0.85, 0.90))


def _sites(together: int, first_kind: int) -> tuple[Site, ...]:
    """Three stations alone and some together, the kinds of sensors in turn."""
    places = [*(("Lone", one) for one in _ALONE), *(("Group", one) for one in _TOGETHER[:together])]
    return tuple(Site(f"{name} {number}", None, near=near, kind=KINDS[(number + first_kind) % len(KINDS)])
                 for number, (name, near) in enumerate(places, 1))


def _region(name: str, what: str, corner: tuple[float, float], heights: Heights, climate: Climate, zones: Zones,
            sand: float, clay: float, together: int, first_kind: int) -> Setting:
    return Setting(name, f"Synthetic region: {what}", corner, heights, climate, zones, sand, clay,
                   _sites(together, first_kind), apart=0.03, experiment=True)


def _one_zone(koppen: int, trees_above_m: float) -> Zones:
    return Zones(koppen, koppen, koppen, trees_above_m=trees_above_m)


REGIONS: tuple[Setting, ...] = (
    _region("steppe", "cool steppe under mountains", (-104.90, 40.60), STEEP, HIGH_PLAINS, STEPPE, 0, 0, 6, 0),
    _region("prairie", "humid prairie on clay loam", (-96.60, 39.20), Heights(320, 0.12),
            Climate(360, 850, 0, 12.5, 13.5, 0.7), _one_zone(14, 420), -15, 8, 6, 1),
    _region("north", "cold plains", (-98.60, 43.60), Heights(520, 0.15), Climate(560, 430, 0, 5.5, 16.0, 0.9),
            _one_zone(26, 650), -5, 5, 6, 2),
    _region("coast", "humid coastal plain on sand", (-82.30, 31.90), Heights(40, 0.08),
            Climate(70, 1150, 1, 18.5, 8.5, 0.6), _one_zone(14, 60), 20, -4, 6, 0),
    _region("valley", "valley with dry summers", (-121.00, 37.60), Heights(60, 0.35),
            Climate(90, 380, 8, 16.5, 8.0, 1.3), _one_zone(8, 400), 0, 5, 5, 1),
    _region("desert", "desert under mountains", (-106.90, 32.60), Heights(1250, 0.8),
            Climate(1310, 230, 1, 16.0, 10.0, 1.5), _one_zone(5, 1700), 12, -5, 5, 2),
    _region("lakes", "cold humid hills", (-89.80, 43.30), Heights(270, 0.2),
            Climate(290, 830, 0, 7.5, 14.5, 0.65), _one_zone(25, 400), -5, 0, 5, 0),
)
