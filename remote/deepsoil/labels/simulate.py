"""Makes the labels of a store: prepares them once, simulates shard by shard, and continues where it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.text import Text
from deepsoil.labels import layout
from deepsoil.labels.column_weather import ColumnWeather, read_weather
from deepsoil.labels.distinct_columns import Ground, find_ground
from deepsoil.labels.run import simulate_range
from deepsoil.labels.settings import LabelSettings
from deepsoil.store.store import Store

Progress = Callable[[int, int, str], None]
"""(columns done, total columns, current step)"""


@dataclass(frozen=True)
class SimulationResult:
    """Counts of a run. ``columns``: in total; ``simulated``: by this run; ``finished``: whether all are done."""

    attributes: dict[str, Any]
    columns: int
    simulated: int
    failed: int
    finished: bool


def simulate(store: Store, settings: LabelSettings | None = None, *, share: tuple[int, int] = (1, 1),
             restart: bool = False, threads: int | None = None, on_progress: Progress | None = None,
             cancelled: Callable[[], bool] | None = None, shard_columns: int = layout.SHARD_COLUMNS,
             ) -> SimulationResult:
    """Simulate the labels of a store, or the rest of them.

    share: (k, n) does the k-th of n parts of the shards, for n parallel processes; the last of
    them finishes the labels. restart: delete existing labels. cancelled: called every few seconds; finished shards
    are kept.

    Raises ``labels_differ`` (labels with other settings exist), ``cancelled``, ``bad_option``, ``disk_full``,
    ``store_not_writable``, and what `read_weather` and `find_ground` raise.
    """
    settings = settings or LabelSettings()
    _check_share(share, restart)
    tell = on_progress or (lambda done, total, message: None)
    stop_if(cancelled)
    with layout.writing(store), threads_used(threads):
        if restart:
            layout.remove(store)
        weather = None
        if layout.read_attributes(store) is None:
            tell(0, 1, "Finding the distinct soil columns")
            ground, weather = find(store, settings, cancelled)
            layout.begin(store, settings, weather, ground, shard_columns)
        attributes = layout.read_attributes(store)
        if attributes is None:
            raise layout.damaged(store, "they disappeared while they were being made")
        _refuse_other(store, attributes, settings)
        return _simulate(store, attributes, settings, weather, share, tell, cancelled)


def find(store: Store, settings: LabelSettings, cancelled: Callable[[], bool] | None = None,
         ) -> tuple[Ground, ColumnWeather]:
    """The columns that `simulate` would simulate, and their weather."""
    weather = read_weather(store)
    return find_ground(store, settings, weather, lambda done, total: stop_if(cancelled)), weather


def parse_share(text: str) -> tuple[int, int]:
    """(3, 19) from ``3/19``. Raises ``bad_option``."""
    first, _, second = text.partition("/")
    if not (first.isdecimal() and second.isdecimal()):
        raise DeepSoilError("bad_option", "{text!r} does not name a part of the work.",
                            "Write it as 3/19: the third of 19 parts.",
                            "shard",
                            text=text)
    return int(first), int(second)


def stop_if(cancelled: Callable[[], bool] | None) -> None:
    if cancelled is not None and cancelled():
        raise DeepSoilError("cancelled", "The simulation was stopped; its finished parts are kept.",
                            "Run it again to continue.")


def _check_share(share: tuple[int, int], restart: bool) -> None:
    number, parts = share
    if not 1 <= number <= parts:
        raise DeepSoilError("bad_option", "There is no part {number} of {parts}.",
                            "Give a part from 1/{last} to {last}/{last}.", "shard",
                            number=number, parts=parts, last=max(parts, 1))
    if restart and parts > 1:
        raise DeepSoilError("bad_option", "A run that does one of several parts cannot restart the others.",
                            "Remove the old labels first: run with --restart and without --shard.", "restart")


def _refuse_other(store: Store, attributes: dict[str, Any], settings: LabelSettings) -> None:
    there, wanted = attributes["settings"], settings.to_dict()
    differ = [name for name in wanted if there.get(name) != wanted[name]]
    if differ:
        detail = ", ".join(f"{name} {there.get(name)} instead of {wanted[name]}" for name in differ)
        raise DeepSoilError("labels_differ", "The region {title!r} has labels made with other settings: {detail}.",
                            "Ask for the same settings to continue them, or make new ones with --restart.", "region",
                            title=store.title, detail=detail)


def _simulate(store: Store, attributes: dict[str, Any], settings: LabelSettings, weather: ColumnWeather | None,
              share: tuple[int, int], tell: Progress, cancelled: Callable[[], bool] | None) -> SimulationResult:
    draft = layout.Draft(store, attributes)
    number, parts = share
    mine = range((number - 1) * draft.shards // parts, number * draft.shards // parts)
    total = sum(stop - first for first, stop in map(draft.range, mine))
    left = [shard for shard in mine if not draft.is_done(shard)]
    done = total - sum(stop - first for first, stop in map(draft.range, left))
    simulated = failed = 0
    if left:
        weather = weather or read_weather(store)
        units, columns, lai = draft.units(), draft.column_table(), draft.leaf_area()

        def report(position: int) -> None:
            tell(done + position, max(total, 1), _simulated(done + position, total))
            stop_if(cancelled)

        for shard in left:
            first, stop = draft.range(shard)
            report(0)
            result = simulate_range(units, columns, weather, settings, lai, np.arange(first, stop), report)
            draft.write_shard(shard, result.codes, result.failed, result.mass_error_cm)
            done, simulated, failed = done + stop - first, simulated + stop - first, failed + int(result.failed.sum())
    finished = draft.finish()
    tell(max(total, 1), max(total, 1), _simulated(total, total))
    return SimulationResult(layout.read_attributes(store) or attributes, draft.columns, simulated, failed, finished)


def _simulated(done: int, total: int) -> Text:
    return Text("Simulated {done:,} of {total:,} soil columns", done=done, total=total)


@contextmanager
def threads_used(wanted: int | None) -> Iterator[int]:
    """Use the wanted number of threads, limited to those available; restored afterwards. Yields the number."""
    before = numba.get_num_threads()
    used = max(1, min(wanted or before, numba.config.NUMBA_NUM_THREADS))
    numba.set_num_threads(used)
    try:
        yield used
    finally:
        numba.set_num_threads(before)

