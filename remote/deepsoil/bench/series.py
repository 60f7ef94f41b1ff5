"""``series``: a year at a place as `deepsoil series` makes it, against the solver alone on the same columns.

Warm: the solver is compiled and the store is open. CPU time, halved for two threads.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numba

from deepsoil.bench.farm import DAYS, FIRST_DAY, make_farm, outline
from deepsoil.bench.measure import Row, row
from deepsoil.field import member_batch
from deepsoil.models.library import Library
from deepsoil.service.series import series
from deepsoil.soil.column import simulate_columns

THREADS, ROUNDS = 2, 5
_AIM_S = 1.0


def run() -> list[Row]:
    threads = numba.get_num_threads()
    numba.set_num_threads(min(THREADS, numba.config.NUMBA_NUM_THREADS))
    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def noted(*given: Any, **named: Any) -> Any:
        calls.append((given, named))
        return simulate_columns(*given, **named)

    try:
        with tempfile.TemporaryDirectory() as folder:
            store, no_models = make_farm(Path(folder) / "farm"), Library.in_folder(Path(folder))
            middle = outline(store).centroid
            first, last = str(FIRST_DAY + DAYS - 365), str(FIRST_DAY + DAYS - 1)
            member_batch.simulate_columns = noted  # type: ignore[assignment]
            series(store, no_models, [middle.x, middle.y], first, last)
            member_batch.simulate_columns = simulate_columns
            ours, bare = [], []
            for _ in range(ROUNDS):
                begun = time.process_time()
                series(store, no_models, [middle.x, middle.y], first, last)
                ours.append((time.process_time() - begun) / THREADS)
                begun = time.process_time()
                for given, named in calls:
                    simulate_columns(*given, **named)
                bare.append((time.process_time() - begun) / THREADS)
    finally:
        member_batch.simulate_columns = simulate_columns
        numba.set_num_threads(threads)
    return [row("series, a year at a place on 2 threads", min(ours), "s", reference="the solver alone",
                reference_value=min(bare), aim=f"<= {_AIM_S:g} s", holds=min(ours) <= _AIM_S)]
