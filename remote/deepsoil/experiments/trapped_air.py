"""Soils wetted from above keep air in their pores. Does less water at saturation, or another middle of the draws, help?

    deepsoil sample build/stores/sample --irrigation-logs logs.yaml
    python -m deepsoil.experiments.trapped_air --region build/stores/kings_creek --sample build/stores/sample \
        --logs logs.yaml --uscrn ../shared/data/kings_creek/uscrn_manhattan_6_ssw_daily.csv \
        [--regions build/stores/regions] [--output FOLDER]

Water content at saturation is multiplied by 0.95, 0.90 and 0.85: trapped air keeps 5 to 15 % of the pores empty
(Faybishenko 1995, Water Resour. Res. 31:2421; Constantz, Herkelrath and Murphy 1988, Soil Sci. Soc. Am. J. 52:10).
"Drawn": each draw has its own, evenly between 0.85 and 0.95. The form of the curve and its conductivities stay. Then,
with the saturation as it is, the map is a mixture of the best guess and of the mean of the draws.

No reading. 32 draws, seed 0; of Kings Creek every third station, of USCRN the first 1,200 days, of the sample region
July 2023 under the water of the log, of generated regions every fourth station at 5 cm and 16 draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.contract.management import IrrigationLog, Management
from deepsoil.depths import simulated_depths_cm
from deepsoil.evaluation.station_water import read_management
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments.column_places import region, uscrn
from deepsoil.experiments.irrigated_columns import Fields, fields_of
from deepsoil.experiments.place_arguments import and_the_sample
from deepsoil.experiments.readings_worth import DEPTHS_CM, MEMBERS, SEED, STATIONS_APART, first_days, model_of
from deepsoil.field.ground import Columns
from deepsoil.field.simulation import FieldModel
from deepsoil.field.uncertainty import PARAMETERS, SOIL, draw, score_roots
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.rosetta_spread import soil_covariance
from deepsoil.soil.vegetation import GROUPS
from deepsoil.store.store import Store

Array = NDArray[np.float64]

FACTORS = (1.0, 0.95, 0.90, 0.85)
DRAWN = (0.85, 0.95)
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Of the mean of the draws, in a mixture with the best guess."""
REGIONS_APART, REGIONS_MEMBERS = 4, 16
FIRST, LAST = np.datetime64("2023-07-01"), np.datetime64("2023-07-31")

_THETA_S = SOIL.index("theta_s")


@dataclass(frozen=True)
class Ground:
    """Models of one column each, and what was observed there: arrays (2, T) of 5 and 20 cm, NaN missing."""

    title: str
    models: list[FieldModel]
    observed: list[Array]
    members: int = MEMBERS

    def found(self, factor: float | None) -> tuple[list[Array], list[Array]]:
        """θ (2, T) of the best guess and of the mean of the draws, for each model; no factor: one for each draw."""
        middle = np.full(1, np.mean(DRAWN) if factor is None else factor)
        each = evenly(self.members) if factor is None else np.full(self.members, factor)
        zero, z = np.zeros((1, len(PARAMETERS))), draw(self.members, SEED)
        made = [(_mean(model, satiated(model, zero, middle)), _mean(model, satiated(model, z, each)))
                for model in self.models]
        return [one for one, _ in made], [mean for _, mean in made]

    def scores(self, found: Sequence[Array]) -> list[Cell]:
        """Bias and MAE at both depths, mean over the stations; empty for a depth without readings."""
        cells: list[Cell] = []
        for level in range(2):
            errors = [one[level] - observed[level] for one, observed in zip(found, self.observed, strict=True)
                      if np.isfinite(observed[level]).any()]
            cells += [float(np.mean([np.nanmean(of(error)) for error in errors])) if errors else ""
                      for of in (np.asarray, np.abs)]
        return cells


def satiated(model: FieldModel, z: Array, factors: Array) -> Array:
    """Scores (E, P) of the draws ``z`` whose water content at saturation is less by what the factors (E,) take off the
    best guess of the model's one column."""
    texture = model.columns.textures
    less = np.zeros((len(SOIL), len(factors)))
    less[_THETA_S] = (factors - 1.0) * float(parameters(*texture.T).theta_s[0])
    moved = z.copy()
    moved[:, :len(SOIL)] += np.linalg.solve(score_roots(soil_covariance(*texture.T))[0], less).T
    return moved


def evenly(members: int) -> Array:
    """Factors (members,) evenly between the limits of `DRAWN`, in an order of no meaning."""
    low, high = DRAWN
    return np.random.default_rng(SEED).permutation(low + (high - low) * (np.arange(members) + 0.5) / members)


def _mean(model: FieldModel, z: Array) -> Array:
    return np.asarray(model.run(z).theta[:, 0].astype(np.float64).mean(axis=0))


def of_fields(fields: Fields, station: int, log: IrrigationLog | None) -> FieldModel:
    """The column of one station under its water."""
    columns = Columns(fields.texture[[station]], np.array([GROUPS.index(fields.plants[station].group)]),
                      np.zeros(1, bool), np.zeros(1, np.int64), np.zeros(1), fields.latitudes[[station]])
    weather = (values[[station]] for values in (fields.forcing.precipitation, fields.forcing.pet,
                                                fields.forcing.temperature))
    return FieldModel(columns, fields.dates, Forcing(*weather), DEPTHS_CM, fields.dates[0], log)


def real_grounds(store: Store, table: Path) -> Iterator[Ground]:
    """Kings Creek and USCRN Manhattan."""
    first = region(store)
    for place, stations in ((first, range(0, len(first.names), STATIONS_APART)),
                            (first_days(uscrn(table, first.texture[0])), range(1))):
        yield Ground(place.title, [model_of(place, one) for one in stations],
                     [place.observed[one] for one in stations])


def sample_grounds(store: Store, entries: Sequence[Management]) -> Iterator[Ground]:
    """Irrigated and rainfed stations of the sample region in July."""
    logs = {entry.field: entry.irrigation for entry in entries
            if entry.field is not None and isinstance(entry.irrigation, IrrigationLog)}
    fields, stations = fields_of(store, logs), store.stations()
    levels = [list(simulated_depths_cm()).index(depth) for depth in DEPTHS_CM]
    of_day = np.where((fields.dates >= FIRST) & (fields.dates <= LAST), fields.observed[:, levels], np.nan)
    known = [logs.get(one, logs.get(name)) for one, name in zip(stations.ids, stations.names, strict=True)]
    for title, watered in (("irrigated", True), ("rainfed", False)):
        some = [number for number, log in enumerate(known) if (log is not None) is watered]
        yield Ground(f"sample region, July, {title}", [of_fields(fields, one, known[one]) for one in some],
                     [of_day[one] for one in some])


def generated_ground(folder: Path) -> Ground:
    """Stations of generated regions at 5 cm; nothing is said of irrigation."""
    models, observed = [], []
    for path in sorted(one for one in folder.iterdir() if one.is_dir()):
        fields = fields_of(Store.open(path), {})
        level = list(simulated_depths_cm()).index(DEPTHS_CM[0])
        for station in range(0, len(fields.plants), REGIONS_APART):
            readings = fields.observed[station, level]
            if np.isfinite(readings).any() and np.isfinite(fields.texture[station]).all():
                models.append(of_fields(fields, station, None))
                observed.append(np.stack([readings, np.full(readings.size, np.nan)]))
    return Ground("generated regions", models, observed, REGIONS_MEMBERS)


def table(ground: Ground) -> Tabular:
    """Bias and MAE at 5 and 20 cm by factor, then by weight of the mean of the draws."""
    cells: list[tuple[Cell, ...]] = []
    usual: tuple[list[Array], list[Array]] = ([], [])
    for factor in (*FACTORS, None):
        guess, mean = ground.found(factor)
        if factor == 1.0:
            usual = guess, mean
        title = f"saturation × {factor:.2f}" if factor else "saturation × {:g} to {:g}, drawn".format(*DRAWN)
        cells += [(f"{title}: {name}", *ground.scores(values))
                  for name, values in (("best guess", guess), ("mean of draws", mean))]
    for weight in WEIGHTS[1:-1]:
        mixed = [weight * mean + (1.0 - weight) * guess for guess, mean in zip(*usual, strict=True)]
        cells.append((f"mixture, {weight:.0%} mean of draws", *ground.scores(mixed)))
    heads = tuple(f"{what}, {depth:g} cm" for depth in DEPTHS_CM for what in ("bias", "MAE"))
    return Tabular(f"{ground.title}: {len(ground.models)} stations, no reading, m3/m3", ("columns", *heads), cells)


def main() -> int:
    parser = and_the_sample(__doc__)
    parser.add_argument("--regions", type=Path, help="folder of the stores of generated regions")
    arguments = parser.parse_args()
    grounds = [*real_grounds(Store.open(arguments.region), arguments.uscrn),
               *sample_grounds(Store.open(arguments.sample), read_management(arguments.logs))]
    if arguments.regions:
        grounds.append(generated_ground(arguments.regions))
    for number, ground in enumerate(grounds):
        made = table(ground)
        print(f"\n{made.markdown()}", flush=True)
        if arguments.output:
            arguments.output.mkdir(parents=True, exist_ok=True)
            made.write(arguments.output, f"trapped_air_{number + 1}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
