"""``whatif``: a week ahead of a field of 65 ha with 64 members, for irrigation that is moved again and again.

From the millimetres to θ at the depths and the water of the root zone, with mean and interval, as the service gives
them: of a field's soils taken together, and of one place. *any*: every question has other water on any of the days;
*dragged*: one irrigation in the middle of the week is resized, so that the days before it stay. *first question*: the
field is simulated up to the day, from nothing or from the states that a map of the day left. CPU time, not halved: two
threads take less.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deepsoil.bench.farm import DAYS, FIELD_HA, FIRST_DAY, make_farm, outline
from deepsoil.bench.measure import Row, row
from deepsoil.field import uncertainty
from deepsoil.field.ground import Columns, ground_of, shares_of
from deepsoil.field.model import field_model
from deepsoil.field.series import DEPTHS_CM
from deepsoil.field.state_cache import states_in
from deepsoil.field.what_if import Ground, Prepared, prepare
from deepsoil.store.store import Store

HORIZON_DAYS, QUESTIONS = 7, 20
_AIM_S, _AIM_FIRST_S = 0.2, 3.0
_DAY = date.fromisoformat(str(FIRST_DAY + DAYS - 1 - HORIZON_DAYS))

Array = NDArray[np.float64]


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        store = make_farm(Path(folder) / "farm")
        ground = ground_of(store, outline(store))
        field = Ground.of(ground.columns, shares_of(ground, outline(store)))
        place = Ground.whole(ground.columns.select(np.array([0])), np.ones(1))
        return [*_rows(store, field, f"{FIELD_HA:g} ha, {len(field.chosen)} of {len(ground.columns)} columns"),
                *_rows(store, place, "a place, 1 column"), *_first(store, ground.columns, field, Path(folder))]


def _first(store: Store, columns: Columns, field: Ground, folder: Path) -> Iterator[Row]:
    """The first question about a field of which nothing is kept, and of one of which there is a map of the day."""
    prepare(store, field, _DAY - timedelta(days=1), HORIZON_DAYS, z=uncertainty.draw(2))  # compiled
    cold, mapped = states_in(folder / "cold"), states_in(folder / "mapped")
    field_model(store, columns, [_DAY], DEPTHS_CM, states=mapped).run(uncertainty.draw())
    for what, states in (("nothing kept", cold), ("after its map", mapped)):
        begun = time.process_time()
        prepare(store, field, _DAY, HORIZON_DAYS, states=states)
        taken = time.process_time() - begun
        yield row(f"what if, {FIELD_HA:g} ha, first question, {what}", taken, "s", aim=f"<= {_AIM_FIRST_S:g} s",
                  holds=taken <= _AIM_FIRST_S)


def _rows(store: Store, ground: Ground, what: str) -> list[Row]:
    prepared = prepare(store, ground, _DAY, HORIZON_DAYS)
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
