"""Which assumptions of the soil columns bring them nearer to real stations: leaves, interception, conductivity, stress.

    python -m deepsoil.experiments.column_skill --region build/stores/kings_creek \
        --uscrn ../shared/data/kings_creek/uscrn_manhattan_6_ssw_daily.csv [--output FOLDER] \
        [--gauge ../shared/data/kings_creek/weather/ashland_bottoms_local_time.csv.gz]

No reading enters the columns. Kings Creek has six NDVI maps; USCRN Manhattan has none, so that there the phenology is
judged, and not what is seen. Both have the texture of the same three measured sites nearby.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.column_places import Place, rain_hours, region, uscrn
from deepsoil.experiments.place_arguments import at_two_places
from deepsoil.soil.column import simulate_columns
from deepsoil.soil.column_settings import LAND_SETTINGS, ColumnSettings
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.land import LandForcing, Plant, land_forcing
from deepsoil.soil.retention import VanGenuchten, theta
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.seen_leaves import daily_ndvi
from deepsoil.soil.vegetation import Group, lai_of_ndvi, ndvi, trailing_mean, water_use
from deepsoil.store.store import Store

Array = NDArray[np.float64]

SPINUP_DAYS = 365
FIXED_GRASS_LAI = 2.5
FIELD_CAPACITY, WILTING_POINT = 0.388, 0.217  # means of the three sites of measured_soil_nearby.csv at 20 cm
FIXED, PHENOLOGY, SEEN, BY_CLASS = "fixed season", "phenology", "seen at the pixel", "seen by class"


@dataclass(frozen=True)
class Variant:
    """Assumptions of a row: where leaves come from, whether leaves and litter keep back rain, the settings of the
    columns, and whether retention is the one measured nearby."""

    leaves: str = SEEN
    interception: bool = True
    settings: ColumnSettings = field(default_factory=ColumnSettings)
    measured: bool = False

    @property
    def name(self) -> str:
        parts = [self.leaves] if self.interception else [self.leaves, "no interception"]
        parts += ["K0 and L"] * self.settings.matching_point
        parts += [f"rain in {self.settings.rain_hours:g} h"] * (self.settings.rain_hours < 24)
        parts += ["log stress"] * (self.settings.root_stress == "logarithmic")
        parts += ["measured retention"] * self.measured
        return ", ".join(parts)


def variants() -> list[Variant]:
    """From what the columns assumed at first, one change at a time; the last of each kind of leaves is the default."""
    conductivity = ColumnSettings(matching_point=True)
    rows = [Variant(FIXED, False), Variant(FIXED, False, conductivity), Variant(FIXED, False, LAND_SETTINGS)]
    rows += [Variant(PHENOLOGY, False), Variant(PHENOLOGY), Variant(PHENOLOGY, settings=ColumnSettings(rain_hours=6.0)),
             Variant(PHENOLOGY, settings=ColumnSettings(root_stress="logarithmic")),
             Variant(PHENOLOGY, settings=conductivity),
             Variant(PHENOLOGY, settings=replace(LAND_SETTINGS, root_stress="logarithmic")),
             Variant(PHENOLOGY, settings=LAND_SETTINGS, measured=True), Variant(PHENOLOGY, settings=LAND_SETTINGS)]
    for leaves in (SEEN, BY_CLASS):
        rows += [Variant(leaves), Variant(leaves, settings=LAND_SETTINGS)]
    return rows


def simulate(place: Place, variant: Variant) -> Array:
    """θ (S, 2, T) of the stations' columns at 5 and 20 cm."""
    count = len(place.names)
    forcing = place.forcing.repeated(count)
    latitudes = np.full(count, place.latitude)
    plants = [Plant(group) for group in place.groups]
    seen = {SEEN: seen_at_stations(place), BY_CLASS: place.class_lai}.get(variant.leaves)
    land = land_forcing(plants, forcing, place.dates, latitudes, seen)
    if variant.leaves == FIXED:
        land = _with_leaves(land, place, np.stack([_fixed_season(group, forcing.temperature[0], place.dates)
                                                   for group in place.groups]))
    elif not variant.interception:
        land = _with_leaves(land, place, land.lai)
    soil = parameters(*place.texture.T)
    result = simulate_columns(through_points(soil) if variant.measured else soil, land.forcing, np.arange(count),
                              transpiration_fraction=land.share, irrigation=land.water, root_depth_cm=land.roots_cm,
                              depths_cm=(5.0, 20.0), spinup_days=SPINUP_DAYS, settings=variant.settings)
    return result.theta.astype(np.float64)


def through_points(soil: VanGenuchten) -> VanGenuchten:
    """Soils whose curves pass the field capacity (at 100 cm) and the wilting point measured near both places at 20 cm:
    theta_r and theta_s are moved, the form of the curve and its conductivity stay."""
    wet, dry = theta(100.0, soil), theta(15_000.0, soil)
    stretch = (FIELD_CAPACITY - WILTING_POINT) / (wet - dry)
    return replace(soil, theta_r=WILTING_POINT - stretch * (dry - soil.theta_r),
                   theta_s=FIELD_CAPACITY + stretch * (soil.theta_s - wet))


def seen_at_stations(place: Place) -> Array:
    """Leaf area (S, T) from the sightings of each station's own pixel, NaN where there are too few."""
    count = len(place.names)
    plants = [Plant(group) for group in place.groups]
    expected = ndvi(land_forcing(plants, place.forcing.repeated(count), place.dates,
                                 np.full(count, place.latitude)).lai)
    rows = [daily_ndvi(days, values.astype(np.float64), usual)
            for (days, values), usual in zip(place.sightings, expected, strict=True)]
    return np.stack([np.full(place.dates.size, np.nan) if row is None else lai_of_ndvi(row) for row in rows])


def _with_leaves(land: LandForcing, place: Place, lai: Array) -> LandForcing:
    """Without interception, under given leaves."""
    forcing = place.forcing.repeated(len(lai))
    demand, share = water_use(lai, np.array([[group.litter] for group in place.groups]), forcing.pet)
    return replace(land, forcing=Forcing(forcing.precipitation, demand, forcing.temperature), share=share, lai=lai)


def _fixed_season(group: Group, temperature: Array, dates: NDArray[np.datetime64]) -> Array:
    """Leaf area as it was assumed at first: green above 8 degC, a crop from mid-May to September."""
    day = (dates - dates.astype("datetime64[Y]")).astype(np.int64) + 1
    active = 1 / (1 + np.exp(-(trailing_mean(temperature, 30) - 8.0) / 2.0))
    if group.seasonal_crop:
        active = active / (1 + np.exp(-(day - 150) / 8.0)) / (1 + np.exp((day - 265) / 8.0))
    most = FIXED_GRASS_LAI if group.name == "grass" else group.largest_lai
    return np.asarray(group.smallest_lai + (most - group.smallest_lai) * active)


def table(place: Place, rows: Sequence[Variant]) -> Tabular:
    """Median over stations of r, bias, MAE and MAE without bias at 5 and 20 cm."""
    cells: list[tuple[Cell, ...]] = []
    for variant in rows:
        if variant.leaves in (SEEN, BY_CLASS) and place.class_lai is None:
            continue
        found = simulate(place, variant)
        line: list[Cell] = [variant.name]
        for depth in range(2):
            line += median_scores(place.observed[:, depth], found[:, depth])
        cells.append(tuple(line))
    heads = tuple(f"{what}, {depth} cm" for depth in (5, 20) for what in ("r", "bias", "MAE", "MAE without bias"))
    return Tabular(f"{place.title}: columns without any reading, median of {len(place.names)} stations, m3/m3",
                   ("leaves and water", *heads), cells)


def median_scores(observed: Array, found: Array) -> list[float]:
    """Medians over stations (S, T) with more than 30 days of r, bias, MAE and MAE without bias."""
    return [float(np.median(values)) for values in zip(*(
        _scores(*pair) for pair in zip(observed, found, strict=True) if np.isfinite(pair[0]).sum() > 30), strict=True)]


def _scores(observed: Array, found: Array) -> tuple[float, float, float, float]:
    known = np.isfinite(observed) & np.isfinite(found)
    error = found[known] - observed[known]
    return (float(np.corrcoef(observed[known], found[known])[0, 1]), float(error.mean()),
            float(np.abs(error).mean()), float(np.abs(error - error.mean()).mean()))


def main() -> int:
    parser = at_two_places(__doc__)
    parser.add_argument("--gauge", type=Path, help="hourly rain, to see in how many hours of a day it falls")
    arguments = parser.parse_args()
    if arguments.gauge:
        print("Rain falls in {:.1f} hours of a wet day; {:.1f} hours of even rain have its intensity.".format(
            *rain_hours(arguments.gauge)))
    first = region(Store.open(arguments.region))
    for number, place in enumerate((first, uscrn(arguments.uscrn, first.texture[0]))):
        made = table(place, variants())
        print(f"\n{made.markdown()}", flush=True)
        if arguments.output:
            arguments.output.mkdir(parents=True, exist_ok=True)
            made.write(arguments.output, f"column_skill_{number + 1}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
