"""The aims of the simulated field, what is reached, and what is not, in one table: soil columns, no network.

    deepsoil sample build/stores/sample
    deepsoil sample build/stores/sample --irrigation-logs logs.yaml
    python -m deepsoil.experiments.aims --region build/stores/kings_creek --sample build/stores/sample \
        --logs logs.yaml --uscrn ../shared/data/kings_creek/uscrn_manhattan_6_ssw_daily.csv [--output FOLDER]

Errors are MAE in m³/m³ at the sensors, mean over stations. The sample region is scored in July 2023, Kings Creek in
2023; what is known in each row is said in the modules that make it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from deepsoil.contract.management import Irrigated, IrrigationHabit, Management
from deepsoil.contract.station_readings import OwnReadings, StationReadings
from deepsoil.evaluation.columns import SoilColumns
from deepsoil.evaluation.station_water import read_management
from deepsoil.evaluation.stations import Evaluation, evaluate
from deepsoil.evaluation.table_files import Cell, Tabular
from deepsoil.experiments import narrowed_intervals
from deepsoil.experiments.column_places import region, uscrn
from deepsoil.experiments.narrowed_intervals import DEPTHS_CM
from deepsoil.experiments.place_arguments import and_the_sample
from deepsoil.experiments.readings_worth import by_others, by_own, first_days
from deepsoil.store.store import Store

JULY = [date(2023, 7, 1) + timedelta(days=number) for number in range(31)]
YEAR = [date(2023, 1, 1) + timedelta(days=number) for number in range(365)]
HABIT = IrrigationHabit(type="habit", mm=25.0, depletion=0.4)
MOST_RATIO = 1.3
COVERED = (0.85, 0.95)
USCRN_BEFORE = (0.072, 0.100)
"""Of the columns of before leaves by cover, K0 and L."""


@dataclass(frozen=True)
class Reached:
    """What was found at the two depths, at most what is aimed at, and for both at least ``least``."""

    what: str
    found: tuple[float, float]
    most: tuple[float, float]
    least: float = 0.0

    def cells(self) -> tuple[Cell, ...]:
        held = [self.least <= found <= most for found, most in zip(self.found, self.most, strict=True)]
        aims = [f"{self.least:g} to {most:g}" if self.least else f"≤ {most:.3g}" for most in self.most]
        said = "held" if all(held) else "missed" if not any(held) else f"missed at {DEPTHS_CM[held.index(False)]} cm"
        return (self.what, *aims, *self.found, said)


def on_sample(store: Store, logs: Sequence[Management]) -> list[Reached]:
    """Irrigated and rainfed stations, by what is said of the water; then with a reading a week."""
    rows = []
    ratios = []
    for name, entries, most in (("a log", logs, 0.02), ("a habit", _instead(logs, HABIT), 0.04),
                                ('"irrigated" alone', _instead(logs, Irrigated(type="irrigated")), 0.06)):
        irrigated, rainfed = (_of_group(_evaluated(store, JULY, entries), group) for group in ("irrigated", "rainfed"))
        rows.append(Reached(f"sample region, July: irrigated stations, with {name}", irrigated, (most, most)))
        if most < 0.06:
            ratios.append(Reached(f"the same, times the rainfed error, with {name}",
                                  _pair(a / b for a, b in zip(irrigated, rainfed, strict=True)),
                                  (MOST_RATIO, MOST_RATIO)))
    weekly = StationReadings(own=OwnReadings(every_days=7), values=[], after=[])
    for name, entries, most in (("no log", (), 0.035), ("a log", logs, 0.025)):
        told = _evaluated(store, JULY, entries, weekly)
        for group in ("irrigated", "rainfed"):
            found = _pair(next(row.mae[group] for row in one.known if row.title.endswith("at the sensor"))
                          for one in told.comparisons)
            ratios.append(Reached(f"one reading a week, {name}: {group} stations", found, (most, most)))
    return rows + ratios


def at_kings_creek(store: Store) -> list[Reached]:
    """Without a reading by the simulated field; with readings of others and old ones, as in `readings_worth`."""
    told = _evaluated(store, YEAR, ())
    found = _pair(float(np.mean([scores["model"].mae for scores in one.scores.values()])) for one in told.comparisons)
    rows = [Reached("Kings Creek 2023: no reading", found, (0.033, 0.031))]
    by = {str(row[0]): _pair(numbers(row[1:3])) for row in by_others(store, region(store)).rows}
    return [*rows,
            Reached("the same, one other station: better than it alone", by["column and nearest station"],
                    by["nearest station alone"]),
            Reached("the same, nine others: not worse than their mean", by["column and nine others"],
                    by["mean of the nine others"]),
            Reached("the same, nine others and its own reading a week old",
                    by["column, nine others, own readings at least a week old"], (0.014, 0.011))]


def at_uscrn(path: Path, store: Store) -> list[Reached]:
    """Without a reading, and after three of an earlier time."""
    place = first_days(uscrn(path, region(store).texture[0]))
    row = next(row for row in by_own(place, range(1), 250, 700, len(place.dates)).rows if row[0] == 3)
    return [Reached("USCRN Manhattan: no reading", _pair(numbers(row[1:3])), USCRN_BEFORE),
            Reached("the same, three readings", _pair(numbers(row[7:9])), USCRN_BEFORE)]


def intervals(store: Store, days: Sequence[date], every: int, name: str) -> list[Reached]:
    """Share of the days inside the 90 % interval at stations that are held out."""
    made = narrowed_intervals.table(store, SoilColumns(store, DEPTHS_CM), days, every)
    return [Reached(f"{name}: share inside the interval, {row[0]} (half-width {row[9]:.3f}, {row[10]:.3f})",
                    _pair(numbers(row[3:5])), (COVERED[1], COVERED[1]), COVERED[0])
            for row in made.rows]


def _instead(logs: Sequence[Management], irrigation: IrrigationHabit | Irrigated) -> list[Management]:
    return [one.model_copy(update={"irrigation": irrigation}) for one in logs]


def _evaluated(store: Store, days: Sequence[date], entries: Sequence[Management],
               readings: StationReadings | None = None) -> Evaluation:
    return evaluate(store, SoilColumns(store, DEPTHS_CM), days, management=entries, readings=readings)


def _of_group(told: Evaluation, title: str) -> tuple[float, float]:
    return _pair(next(group.model_mae for group in one.groups if group.title == title) for one in told.comparisons)


def numbers(cells: Iterable[Cell]) -> list[float]:
    """The cells of a table that are numbers."""
    return [float(cell) for cell in cells if isinstance(cell, float)]


def _pair(values: Iterable[float]) -> tuple[float, float]:
    first, second = values
    return float(first), float(second)


def table(rows: Sequence[Reached]) -> Tabular:
    heads = (f"{what}, {depth} cm" for what in ("aim", "found") for depth in DEPTHS_CM)
    return Tabular("The aims of the simulated field, soil columns: MAE at the sensor in m3/m3, or as said",
                   ("what", *heads, ""), [row.cells() for row in rows])


def main() -> int:
    arguments = and_the_sample(__doc__).parse_args()
    real, sample = Store.open(arguments.region), Store.open(arguments.sample)
    parts: tuple[Callable[[], list[Reached]], ...] = (
        lambda: on_sample(sample, read_management(arguments.logs)), lambda: at_kings_creek(real),
        lambda: at_uscrn(arguments.uscrn, real), lambda: intervals(real, YEAR, 12, "Kings Creek 2023"),
        lambda: intervals(sample, JULY, 3, "sample region, July"))
    rows: list[Reached] = []
    for part in parts:
        rows += part()
        print(f"{len(rows)} rows", flush=True)
    made = table(rows)
    print(made.markdown())
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        made.write(arguments.output, "aims")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
