"""Mixed supervision (paper §4.4.2): simulated and station batches within one training, and their held-out parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deepsoil.channels import REQUIRED, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.inputs.stack import Stack
from deepsoil.labels.label_reader import Labels
from deepsoil.store.store import Store
from deepsoil.training.batches import DailySource, Labelled, Source
from deepsoil.training.cluster_trainings import stations_of, windows_of
from deepsoil.training.configuration import Configuration
from deepsoil.training.product_patches import ProductPatches
from deepsoil.training.regional import RegionPatches
from deepsoil.training.splits import Parts, split_dates, station_fold
from deepsoil.training.station_patches import StationInputs, StationPatches

MIXING = 16             # last word of the random keys
VALIDATION_PAIRS = 512  # station days used to select the weights to keep


@dataclass(frozen=True)
class Mixed:
    """A batch is ``simulated`` with probability ``share`` (p of the paper), else from ``stations``."""

    simulated: Source
    stations: Source
    share: float

    def is_simulated(self, key: Sequence[int]) -> bool:
        return bool(np.random.default_rng([*key, MIXING]).random() < self.share)

    def draw(self, key: Sequence[int], batch: int, size: int) -> Labelled:
        return (self.simulated if self.is_simulated(key) else self.stations).draw(key, batch, size)


@dataclass(frozen=True)
class MixedDays(Mixed):
    """A mixture of days, which can also show months."""

    simulated: DailySource
    stations: DailySource

    def months(self, least_days: int) -> Mixed:
        return Mixed(self.simulated.months(least_days), self.stations.months(least_days), self.share)


def read_inputs(configuration: Configuration, fills: dict[str, float]) -> StationInputs:
    """The stations of the region of a configuration; equal for every fold, seed and share."""
    choice = configuration.supervision
    assert choice is not None
    store = Store.open(Path(choice.region))
    only = None if configuration.cluster is None else stations_of(configuration.cluster, store.stations())
    return StationInputs.read(store, _uses(configuration, fills), configuration.depth_cm, configuration.loss.soil, only)


@dataclass(frozen=True)
class Supervised:
    """Sources of a mixed training; ``parts`` are masks (S, T) of station days."""

    training: MixedDays
    validation: list[Labelled]
    inputs: StationInputs
    parts: Parts

    @classmethod
    def of(cls, configuration: Configuration, columns: DailySource, fills: dict[str, float],
           inputs: StationInputs | None = None) -> Supervised:
        """``columns`` draws the simulated batches unless the region's labels are used. ``inputs`` avoids another
        reading.

        Raises the DeepSoilErrors of the store, its labels and its stations, and ``too_few_stations``.
        """
        choice = configuration.supervision
        assert choice is not None
        inputs = inputs or read_inputs(configuration, fills)
        parts = station_parts(configuration, inputs)
        simulated: DailySource = columns
        if choice.simulated == "region" and choice.simulated_share > 0:
            simulated = region_patches(configuration, fills, "train", choice.sampled)
        elif choice.simulated == "hydroblocks" and choice.simulated_share > 0:
            stack = Stack(Store.open(Path(choice.region)), _uses(configuration, fills))
            simulated = ProductPatches(stack, inputs, parts.train, choice.station_window, choice.station_weight,
                                       configuration.depth_cm, configuration.loss.soil,
                                       windows_of(stack.store, configuration.cluster))
        at_stations = StationPatches(inputs, parts.train, choice.station_window, choice.station_weight,
                                     around=True)
        training = MixedDays(simulated, at_stations, choice.simulated_share)
        validation = StationPatches(inputs, parts.validation, choice.station_window)
        held_out = [validation.draw((configuration.seed, MIXING, n), 64, 16) for n in range(VALIDATION_PAIRS // 64)]
        return cls(training, list(held_out), inputs, parts)


def station_parts(configuration: Configuration, inputs: StationInputs) -> Parts:
    """Station days (S, T) for training, validation and test. DeepSoilError ``too_few_stations``."""
    split, stations, shape = configuration.split, inputs.stations, inputs.observed.shape
    if split.kind == "leave_station_out" or split.kind == "leave_station_and_year_out":
        fold = station_fold(split, stations)
        if split.kind == "leave_station_out":
            return Parts(*(np.broadcast_to(mask[:, None], shape) for mask in fold))
        year = _year(stations.dates, split.year, "split.year")
        tested = fold.test[:, None] & year
        return Parts(~fold.test[:, None] & ~_near(year, split.gap_days), tested, tested)
    if split.kind == "leave_year_out":
        tested = _year(stations.dates, split.fold, "split.fold")
        return Parts(*(np.broadcast_to(mask[None], shape) for mask in (~tested, tested, tested)))
    if split.kind == "none":
        return Parts(np.ones(shape, bool), np.ones(shape, bool), np.zeros(shape, bool))
    dates = split_dates(split.kind, stations.dates, split.block_days, split.gap_days, split.seed)
    return Parts(*(np.broadcast_to(mask[None], shape) for mask in dates))


def _year(dates: NDArray[np.datetime64], number: int, field: str) -> NDArray[np.bool_]:
    """Days of the calendar year with an index counted from 0. DeepSoilError ``year_missing``."""
    year = dates.astype("datetime64[Y]")
    years = np.unique(year)
    if number >= len(years):
        raise DeepSoilError("year_missing", "The stations have {count} calendar years; there is no year "
                            "number {number}.", "Set {field} to a number from 0 to {last}.", field,
                            count=len(years), number=number, last=len(years) - 1, field=field)
    return np.asarray(year == years[number])


def _near(days: NDArray[np.bool_], gap_days: int) -> NDArray[np.bool_]:
    """Those days (T,) of a calendar and the ``gap_days`` before and after each."""
    reach = np.convolve(days, np.ones(2 * gap_days + 1), mode="full")
    return np.asarray(reach[gap_days:gap_days + days.size] > 0.5)


def region_patches(configuration: Configuration, fills: dict[str, float], part: Literal["train", "test"],
                   sampled: bool) -> RegionPatches:
    """Patches of the region with its simulated labels, on the days of a part; all days if only stations are split."""
    choice, split = configuration.supervision, configuration.split
    assert choice is not None
    store = Store.open(Path(choice.region))
    labels = Labels.open(store)
    days = np.ones(len(labels.dates), bool)
    if split.kind == "blocked" or split.kind == "paper":
        days = getattr(split_dates(split.kind, labels.dates, split.block_days, split.gap_days, split.seed), part)
    return RegionPatches(Stack(store, _uses(configuration, fills)), labels, configuration.depth_cm, days, sampled,
                         windows_of(store, configuration.cluster))


def _uses(configuration: Configuration, fills: dict[str, float]) -> list[ChannelUse]:
    return [ChannelUse(name, fills[name], name in REQUIRED) for name in configuration.channels]
