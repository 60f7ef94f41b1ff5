"""Causes of the 5 cm error: what each lesson learns from, where it is scored, and that trees of the truth find it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from deepsoil.depths import DEPTHS
from deepsoil.experiments import regions_causes
from deepsoil.experiments.regions_causes import ALL, READINGS, SAME, WHOLE, CauseTables
from deepsoil.experiments.regions_data import read_scored, read_windows, scored_input
from deepsoil.experiments.regions_networks import RegionTrainings
from deepsoil.experiments.regions_rivals import COLUMN
from regions_tools import HELD_OUT, SIDE, make_regions, small_plan

CHANNELS = DEPTHS[5].channels
WRONG = 0.08        # m³/m³ that every reading is too wet by


@pytest.fixture(scope="module")
def trainings(tmp_path_factory: pytest.TempPathFactory) -> RegionTrainings:
    folder: Path = tmp_path_factory.mktemp("causes")
    make_regions(folder / "regions")
    plan = small_plan(folder, clustered=None, water=None, data_sets=None, starts=None)
    right = read_scored(plan)
    scored = replace(right, theta=right.theta + np.float32(WRONG))
    return RegionTrainings(plan, scored, read_windows(plan, scored, CHANNELS, "auto", lambda line: None),
                           scored_input(scored, CHANNELS), CHANNELS, folder / "runs", lambda line: None)


def test_lessons_are_of_other_regions_and_have_the_labels_they_say(trainings: RegionTrainings) -> None:
    scored, lessons = trainings.scored, CauseTables(trainings, range(1)).lessons
    unseen = [region.name for region in scored.regions].index(HELD_OUT)
    days, middle = len(scored.days), SIDE // 2
    counts = {}
    for name, lesson in lessons.items():
        windows, which = lesson.windows, lesson.labelled
        assert not (windows.region[which] == unseen).any()
        counts[name] = len(which) // days
        truth = windows.product[which, middle, middle]
        if name == WHOLE:
            assert lesson.labels == "product" and np.isnan(windows.reading).all()
        else:
            off = WRONG if name == READINGS else 0.0
            np.testing.assert_allclose(windows.reading[which], truth + off, atol=1e-5)
    known, others = int(scored.seen.sum()), int((~scored.unseen_region).sum())
    assert counts == {READINGS: known, SAME: known, ALL: others, WHOLE: others} and known < others


def test_the_error_of_the_readings_is_seen_where_they_are_learnt_from(trainings: RegionTrainings,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions_causes, "simulated_column", lambda scored: scored.truth)
    cause = CauseTables(trainings, range(1))
    table = cause.tables()["causes"]
    rows = {(row[0], row[1]): dict(zip(table.head, row, strict=True)) for row in table.rows}
    assert len(rows) == 1 + 2 * 4 and rows[COLUMN, "–"]["MAE"] == 0.0
    assert rows["trees", READINGS]["change"] is None
    for name in (SAME, ALL, WHOLE):
        assert rows["trees", name]["MAE"] < rows["trees", READINGS]["MAE"] - WRONG / 4  # type: ignore[operator]
        assert rows["trees", name]["it is"] == "better"
    assert all(trainings.done(run) for run in cause.runs()), "those that were announced"
