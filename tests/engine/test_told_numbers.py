"""What warnings, plans and progress say is what their words mean: counted, named and rounded right."""

from __future__ import annotations

import datetime as dt
import sys
import time
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from deepsoil.archives import cache
from deepsoil.ease_grid import GRIDS, grid_of
from deepsoil.evaluation.conformal import left_out
from deepsoil.grid import Window
from deepsoil.hosts.remote_host import _skew_s
from deepsoil.inference import foreseen
from deepsoil.inference.pixels import group_pixels
from deepsoil.io import progress_line
from deepsoil.labels.command import describe_plan
from deepsoil.schedulers.slurm import refusals
from deepsoil.soil.vegetation import LIKE, NO_SOIL, group_lookup
from deepsoil.sources.koppen_climate import _years
from deepsoil.store.store import Store

FIRST_FORESEEN = dt.date(2026, 6, 3)


def weather_until_forecast() -> Store:
    return cast(Store, SimpleNamespace(is_forecast=lambda day: day >= FIRST_FORESEEN,
                                       forecast_from=lambda: FIRST_FORESEEN))


def test_of_the_days_asked_for_those_that_are_foreseen_are_counted() -> None:
    store, days = weather_until_forecast(), [dt.date(2026, 6, day) for day in (1, 2, 3, 5)]
    (warning,) = foreseen.warnings(store, days)
    assert warning.message == "The weather from 2026-06-03 on is a forecast; 2 of 4 days rest on it."
    assert foreseen.warnings(store, days[:2]) == [] == foreseen.warnings(store, [])
    assert foreseen.tags(store, days[1]) == {} and foreseen.in_title(store, days[1]) == ""
    assert foreseen.tags(store, days[2]) == {"DEEPSOIL_FORECAST": "yes", "DEEPSOIL_FORECAST_FROM": "2026-06-03"}
    assert foreseen.in_title(store, days[2]) == ", forecast"


@pytest.mark.parametrize(("days", "text"), [(200, "1 year"), (365, "1 year"), (731, "2 years"), (1096, "3 years"),
                                            (10_957, "30 years")])
def test_years_of_weather_are_counted_from_days(days: int, text: str) -> None:
    assert _years(np.arange(days)) == text


def plan_of(whole_cells: int, cells: int = 1) -> Any:
    costs = SimpleNamespace(columns=1200, seconds=90.0, bytes=3_000_000)
    return SimpleNamespace(
        here=costs, units=40, cells=cells, pixels=SimpleNamespace(labelled=5000), days=365, trial=100,
        us_per_column_day=12.34, threads=4, bytes_per_value=0.5, elsewhere=SimpleNamespace(
            whole_cells=whole_cells, pixels=9_000_000, cells=30, days=730, columns_per_cell=133.4, costs=costs))


def test_an_extrapolation_says_what_it_rests_on() -> None:
    store = cast(Store, SimpleNamespace(title="A field"))
    whole, part = (describe_plan(store, plan_of(cells)) for cells in (3, 0))
    assert "what lies wholly in this region, 3 weather cells (133 columns a cell)" in whole
    assert "the fullest weather cell of this region (none lies wholly in it" in part and "wholly in this" not in part
    assert "1,200 distinct soil columns (40 soils in 1 weather cell) label 5,000 pixels on 365 days" in whole
    assert "9,000,000 pixels in 30 weather cells on 730 days" in whole


def test_slurms_words_stand_in_one_line_each_once() -> None:
    said = "\nsbatch: error: A is wrong\n\n  \nsbatch: error: B is wrong\nsbatch: error: A is wrong\n\n"
    assert refusals.plain(said) == "A is wrong B is wrong"


@pytest.mark.parametrize("moving", [True, False])
def test_the_last_step_is_shown_however_quickly_it_came(moving: bool, capsys: pytest.CaptureFixture[str],
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: moving, raising=False)
    moments = iter([100.0, 100.0, 101.0, 106.0, 106.0, *[106.1] * 9])
    monkeypatch.setattr(progress_line.time, "monotonic", lambda: next(moments))
    show = progress_line.progress_line()
    for fraction, message in ((0.1, "one"), (0.2, "two"), (0.5, "three"), (1.0, "four")):
        show(fraction, message)
    shown = capsys.readouterr().err
    if moving:
        assert shown.count("\r") == 4 and shown.endswith("\n") and shown.count("\n") == 1
    else:
        assert shown.split() == ["10%", "one", "50%", "three", "100%", "four"]


def test_a_class_of_the_far_north_uses_water_as_the_class_that_it_is_like() -> None:
    groups = group_lookup()
    assert LIKE.keys() == {51, 72, 73, 74}
    for one, other in LIKE.items():
        assert groups[one] == groups[other] >= 0, "the class that it is like must be one itself"
    assert groups[51] == groups[52] and groups[72] == groups[71] and groups[73] == groups[74] == groups[31]
    assert {code for code in range(256) if groups[code] == -1} == set(NO_SOIL)


def test_both_grids_of_smap_have_cells_of_their_size_and_one_lies_in_the_other() -> None:
    coarse, fine = GRIDS
    assert (fine.columns, fine.rows) == (4 * coarse.columns, 4 * coarse.rows), "Brodzik et al. 2012, table 5"
    assert coarse.cell_m == pytest.approx(36_032.22084)
    assert fine.cell_m == pytest.approx(9_008.05521)
    for grid in GRIDS:
        height = 2 * 7_314_540.8306386 / grid.rows
        assert height == pytest.approx(grid.cell_m, rel=1e-6), "cells are square"
        assert grid_of(grid.shape) is grid
    assert grid_of((406, 963)) is None


def test_each_station_is_judged_by_all_others() -> None:
    errors = {name: np.full(20, size) for name, size in zip("abcdefghijk", np.arange(1, 12) / 100, strict=True)}
    errors["none"] = np.array([np.nan])
    found = {one.group: one for one in left_out(errors)}
    assert list(found) == list("abcdefghijk") and {one.days for one in found.values()} == {20}
    assert found["a"].half_width == pytest.approx(0.10) and found["k"].half_width == pytest.approx(0.09)
    assert [found[name].covered for name in "aijk"] == [1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(("text", "quota"), [("", 2 << 30), ("0", 2 << 30), ("-5", 2 << 30), ("many", 2 << 30),
                                             ("1", 1_000_000), ("250", 250_000_000)])
def test_the_cache_holds_what_the_user_says_or_what_is_usual(text: str, quota: int,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.QUOTA_VARIABLE, text)
    assert cache.chosen_quota_bytes() == quota


@pytest.mark.parametrize("behind_s", [-7200, -31, -29, 0, 29, 31, 7200])
def test_a_clock_that_is_off_is_noticed_whether_it_is_ahead_or_behind(behind_s: int,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_780_000_000.0
    monkeypatch.setattr(time, "time", lambda: now)
    there = dt.datetime.fromtimestamp(now - behind_s, dt.UTC).isoformat()
    assert _skew_s(there) == (behind_s if abs(behind_s) > 30 else 0)
    assert _skew_s(None) == 0


@pytest.mark.parametrize("seed", range(5))
def test_each_pixel_is_in_one_group_and_its_window_is_the_smallest_round_its_pixels(seed: int) -> None:
    dice = np.random.default_rng(seed)
    centres = dice.integers(0, 900, (4, 2))
    pixels = [tuple(map(int, centre + dice.integers(0, spread, 2))) for centre, spread in product(centres, (9, 60))]
    groups = group_pixels(pixels, 16, 40)  # type: ignore[arg-type]
    assert sorted(index for _, members in groups for index in members) == list(range(len(pixels)))
    for window, members in groups:
        columns, rows = zip(*(pixels[index] for index in members), strict=True)
        assert window == Window(min(columns), min(rows), max(columns) - min(columns) + 1, max(rows) - min(rows) + 1)
