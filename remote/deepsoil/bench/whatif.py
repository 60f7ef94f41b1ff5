"""``whatif``: a week ahead of a field of 65 ha with 64 members, for irrigation that is moved again and again.

From the millimetres to θ at the depths and the water of the root zone, with mean and interval, as the service gives
them: of a field's soils taken together, and of one place. *any*: every question has other water on any of the days;
*dragged*: one irrigation in the middle of the week is resized, so that the days before it stay. CPU time, not halved:
two threads take less.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.bench.farm import DAYS, FIELD_HA, FIRST_DAY, make_farm, outline
from deepsoil.bench.measure import Row, row
from deepsoil.field import alike
from deepsoil.field.ground import Columns, ground_of
from deepsoil.field.what_if import Prepared, prepare
from deepsoil.service.what_if import TOGETHER
from deepsoil.store.store import Store

HORIZON_DAYS, QUESTIONS = 7, 20
_AIM_S = 0.2

Array = NDArray[np.float64]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        store = make_farm(Path(folder) / "farm")
        ground = ground_of(store, outline(store))
        number = ground.column_of_pixel[ground.column_of_pixel >= 0]
        counts = np.bincount(number, minlength=len(ground.columns)).astype(np.float64)
        field, shares = alike.together(ground.columns, counts / counts.sum(), TOGETHER)
        what = f"{FIELD_HA:g} ha, {len(field)} of {len(ground.columns)} columns"
        return [*_rows(store, field, shares, what),
                *_rows(store, ground.columns.select(np.array([0])), np.ones(1), "a place, 1 column")]


def _rows(store: Store, columns: Columns, shares: Array, what: str) -> list[Row]:
    day = date.fromisoformat(str(FIRST_DAY + DAYS - 1 - HORIZON_DAYS))
    prepared = prepare(store, columns, shares, day, HORIZON_DAYS)
    return [_row(prepared, questions, f"what if, {what}, {HORIZON_DAYS} days, {kind}, p95")
            for kind, questions in (("any", _any()), ("dragged", _dragged()))]


def _row(prepared: Prepared, questions: Iterator[Array], name: str) -> Row:
    taken = []
    for given in questions:
        begun = time.process_time()
        prepared.answer(given)
        taken.append(time.process_time() - begun)
    worst = float(np.percentile(taken[1:], 95))  # the first fills the caches
    return row(name, worst, "s", aim=f"<= {_AIM_S:g} s", holds=worst <= _AIM_S)


def _any() -> Iterator[Array]:
    rng = np.random.default_rng(0)
    for _ in range(QUESTIONS):
        yield np.where(rng.random(HORIZON_DAYS) < 0.3, 25.0, 0.0)


def _dragged() -> Iterator[Array]:
    for number in range(QUESTIONS):
        given = np.zeros(HORIZON_DAYS)
        given[HORIZON_DAYS // 2] = 10.0 + number
        yield given
