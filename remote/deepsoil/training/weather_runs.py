"""Daily weather for the simulated columns: reads series of real weather, cuts them into runs, perturbs and waters them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.management import IrrigationHabit
from deepsoil.inputs.vapour_pressure import saturation_kpa
from deepsoil.soil.forcing import Forcing
from deepsoil.soil.irrigation import practice_of, practised, usual_season, variants
from deepsoil.soil.land import Plant, leaf_area_of
from deepsoil.soil.vegetation import GROUPS
from deepsoil.training.configuration_columns import IrrigatedRuns, Simulation, WeatherChoice, WeatherSeries

Array = NDArray[np.float32]

IRRIGATION = 2  # last word of the random key of what is watered, and how


@dataclass(frozen=True)
class WeatherRun:
    """Continuous daily weather of one site: arrays (T,); units as in the channel registry.

    water    mm/day given beside the rain; None where nothing is given
    rainfed  of a run with water: the number, in the same list of runs, of the one without, that of the land around
    """

    name: str
    dates: NDArray[np.datetime64]
    precipitation: Array
    temperature: Array
    vpd: Array
    pet: Array
    latitude: float = 40.0
    water: Array | None = None
    rainfed: int | None = None

    def daily(self) -> dict[str, Array]:
        """Coarse channel → its values (T,) as networks are shown them: water counts as rain, as in `inputs.watered`."""
        rain = self.precipitation if self.water is None else self.precipitation + self.water
        return {"precipitation": rain, "temperature": self.temperature, "vpd": self.vpd, "pet": self.pet}

    def forcing(self) -> Forcing:
        """The weather of soil columns (1, T), without the water given: it falls on no leaves and changes no climate."""
        return Forcing(*(values[None].astype(np.float64)
                         for values in (self.precipitation, self.pet, self.temperature)))

    def group_leaf_area(self) -> Array:
        """Leaf area index (K, T) of every land-cover group under this weather."""
        together = self.forcing().repeated(len(GROUPS))
        latitudes = np.full(len(GROUPS), self.latitude)
        return leaf_area_of([Plant(group) for group in GROUPS], together, self.dates, latitudes).astype(np.float32)

    def part(self, first: np.datetime64, days: int, name: str) -> WeatherRun:
        start = int((first - self.dates[0]) / np.timedelta64(1, "D"))
        cut = slice(start, start + days)
        return WeatherRun(name, self.dates[cut], self.precipitation[cut], self.temperature[cut], self.vpd[cut],
                          self.pet[cut], self.latitude)

    def perturbed(self, precipitation_factor: float, temperature_shift: float, pet_factor: float) -> WeatherRun:
        """The same weather at a wetter or drier, warmer or cooler site.

        PET rises by 4 % and VPD by 6 % per degree, the usual sensitivities around 15 degC.
        """
        pet = self.pet * pet_factor * max(0.0, 1 + 0.04 * temperature_shift)
        vpd = self.vpd * pet_factor * np.exp(0.06 * temperature_shift)
        name = f"{self.name} P×{precipitation_factor:.2f} T{temperature_shift:+.1f} PET×{pet_factor:.2f}"
        return WeatherRun(name, self.dates, (self.precipitation * precipitation_factor).astype(np.float32),
                   (self.temperature + temperature_shift).astype(np.float32), vpd.astype(np.float32),
                   pet.astype(np.float32), self.latitude)

    def irrigated(self, choice: IrrigatedRuns, rainfed: int, rng: np.random.Generator) -> WeatherRun:
        """The same weather over a field that is watered by a habit drawn from ``choice``; its balance is that of a
        request's habit without a crop. ``rainfed``: the number of this run."""
        mm = float(np.exp(rng.uniform(*np.log(choice.mm))))
        habit = IrrigationHabit(type="habit", mm=mm, depletion=float(rng.uniform(*choice.depletion)))
        season, available_mm = usual_season(self.latitude), float(rng.uniform(*choice.available_mm))
        practice = variants(practice_of(habit, season), rng.standard_normal((1, 3)))
        zone = practised(practice, season, self.dates, self.precipitation.astype(np.float64),
                         self.pet.astype(np.float64), available_mm)
        return replace(self, name=f"{self.name} {mm:.0f} mm at {habit.depletion:.0%} of {available_mm:.0f} mm",
                       water=zone.irrigation[:, 0].astype(np.float32), rainfed=rainfed)


def read_series(series: WeatherSeries, root: Path) -> WeatherRun:
    """A whole series, gap-free. Raises DeepSoilError ``weather_missing`` or ``weather_invalid``."""
    path = root / series.file
    if not path.is_file():
        raise DeepSoilError("weather_missing", "The weather series {name} is not there: {path}.",
                            "Set weather.root in the configuration to the folder of the series.", "weather.root",
                            name=series.name, path=path)
    columns = [series.date, series.precipitation, series.pet, *series.temperature,
               series.vpd or series.vapour_pressure or ""]
    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    absent = [column for column in columns if column not in table.columns]
    if absent:
        raise DeepSoilError("weather_invalid", "{name} has no column {absent!r}.",
                            "It has: {columns}.", "weather.series",
                            name=path.name, absent=absent[0], columns=', '.join(map(str, table.columns)))
    dates = pd.to_datetime(table[series.date].astype(str)).to_numpy().astype("datetime64[D]")
    values = {column: table[column].to_numpy(np.float64) for column in columns[1:]}
    broken = np.any([~np.isfinite(v) for v in values.values()], axis=0)
    if (np.diff(dates) != np.timedelta64(1, "D")).any() or broken.any():
        raise DeepSoilError("weather_invalid", "{name} has gaps in its dates or values.",
                            "Fill them first: a soil column needs every day.", "weather.series",
                            name=path.name)
    temperature = [values[column] for column in series.temperature]
    if series.vpd is not None:
        vpd = values[series.vpd]
    else:
        vpd = np.mean([saturation_kpa(t) for t in temperature], axis=0) - values[str(series.vapour_pressure)]
    return WeatherRun(series.name, dates, np.maximum(values[series.precipitation], 0).astype(np.float32),
               np.mean(temperature, axis=0).astype(np.float32), np.maximum(vpd, 0).astype(np.float32),
               np.maximum(values[series.pet], 0).astype(np.float32), series.latitude)


def make_runs(weather: WeatherChoice, simulation: Simulation) -> tuple[list[WeatherRun], list[WeatherRun]]:
    """(training runs, unseen runs), all of the same number of days; those with water come last.

    Raises DeepSoilError ``weather_missing``, ``weather_invalid`` or ``weather_short`` (a series does not
    cover the period).
    """
    rng = np.random.default_rng(simulation.seed)
    days = simulation.years * 365 + simulation.years // 4
    training, unseen = [], []
    for series in weather.series:
        whole = read_series(series, Path(weather.root))
        period = (np.datetime64(simulation.period[0]), np.datetime64(simulation.period[1]))
        latest = min(period[1], whole.dates[-1]) - np.timedelta64(days - 1, "D")
        first = max(period[0], whole.dates[0])
        kept = simulation.unseen.get(series.name)
        if latest < first or (kept is not None and np.datetime64(kept) + np.timedelta64(days - 1, "D")
                              > whole.dates[-1]):
            raise DeepSoilError("weather_short", "The weather series {name} ends on {dates}: too "
                                "early for runs of {years} years.", "Change the period.",
                                "simulation.period",
                                name=series.name, dates=whole.dates[-1], years=simulation.years)
        starts = np.linspace(0, int((latest - first) / np.timedelta64(1, "D")), simulation.runs_per_series)
        for number, offset in enumerate(starts):
            start = first + np.timedelta64(round(offset), "D")
            run = whole.part(start, days, f"{series.name} {start}")
            training.append(run if number == 0 else run.perturbed(
                float(np.exp(rng.uniform(*np.log(simulation.precipitation_factor)))),
                float(rng.uniform(*simulation.temperature_shift)), float(rng.uniform(*simulation.pet_factor))))
        if kept is not None:
            unseen.append(whole.part(np.datetime64(kept), days, f"{series.name} {kept}"))
    if simulation.irrigation is not None:
        choice, drawn = simulation.irrigation, np.random.default_rng([simulation.seed, IRRIGATION])
        watered = sorted(drawn.permutation(len(training))[:max(1, round(choice.share * len(training)))])
        training += [training[number].irrigated(choice, int(number), drawn) for number in watered]
        unseen += [run.irrigated(choice, number, drawn) for number, run in enumerate(unseen)]
    return training, unseen
