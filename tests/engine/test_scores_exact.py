"""Intervals, baselines, seasons and percentiles against second ways of working them out."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from deepsoil.evaluation import baselines, metrics, score_table, seasons
from deepsoil.evaluation.pairs import left_out, on_common_pairs
from deepsoil.experiments.distribution import FINE_BINS, Distribution
from deepsoil.inference.pixels import group_pixels


def test_an_interval_of_independent_days_is_that_of_the_textbook() -> None:
    """95 %: 1.96 standard errors either side of the mean of 3000 independent errors; blocks make no difference."""
    error = 0.02 + 0.03 * np.random.default_rng(5).standard_normal(3000)
    low, high = metrics.score(np.zeros(3000), error, repetitions=2000).intervals["bias"]
    half = 1.96 * error.std() / np.sqrt(3000)
    assert (low, high) == pytest.approx((error.mean() - half, error.mean() + half), abs=0.16 * half)
    # both tails, not one: 90 % and 98 % would be 0.84 and 1.19 as wide
    assert 0.87 < (high - low) / (2 * half) < 1.14


def test_an_interval_has_the_two_and_a_half_per_cent_at_either_end_of_the_drawn_series() -> None:
    rng = np.random.default_rng(6)
    observed, predicted = rng.uniform(0.1, 0.4, (2, 120))
    observed[:7], predicted[-4:], observed[50:60] = np.nan, np.nan, np.nan
    found = metrics.score(observed, predicted, repetitions=400, seed=3).intervals
    o, p = observed[7:-4], predicted[7:-4]
    starts = np.random.default_rng(3).integers(0, 109, (400, 4))  # four blocks of 30 days for 109 days
    drawn: dict[str, list[float]] = {name: [] for name in metrics.NAMES}
    for row in starts:
        days = [(first + day) % 109 for first in row for day in range(30)][:109]
        one = metrics.score(o[days], p[days], repetitions=0)
        for name, values in drawn.items():
            values.append(getattr(one, name))
    for name, values in drawn.items():
        ordered = np.sort(values)
        for edge, share in zip(found[name], (0.025, 0.975), strict=True):
            at = share * 399
            below = int(at)
            assert edge == pytest.approx(ordered[below] + (at - below) * (ordered[below + 1] - ordered[below]))


@pytest.mark.parametrize(("days", "there"), [(90, True), (89, False)])
def test_three_months_have_an_interval_and_less_has_none(days: int, there: bool) -> None:
    observed, predicted = np.random.default_rng(1).uniform(0.1, 0.4, (2, 200))
    observed[days:] = np.nan
    assert (metrics.score(observed, predicted, repetitions=20).intervals != {}) == there


def test_blocks_go_round_and_every_day_is_drawn_equally_often() -> None:
    drawn = metrics.moving_blocks(100, 30, 4000, seed=1)
    assert drawn.shape == (4000, 100) and drawn.min() == 0 and drawn.max() == 99
    steps = np.diff(drawn, axis=1)
    inside = np.delete(steps, [29, 59, 89], axis=1)
    assert set(np.unique(inside % 100)) == {1}
    counts = np.bincount(drawn.ravel())
    assert np.abs(counts / 4000 - 1).max() < 0.12
    assert metrics.moving_blocks(60, 30, 5, seed=1).shape == (5, 60)


def test_ten_days_make_a_score_and_nine_do_not() -> None:
    observed = np.linspace(0.1, 0.3, 10)
    assert metrics.score(observed, observed + 0.01).mae == pytest.approx(0.01)
    few = metrics.score(observed[:9], observed[:9])
    assert few.n == 9 and np.isnan(few.mae) and few.intervals == {}
    assert few.to_dict()["mae"] is None and metrics.score(observed, observed + 0.01).to_dict()["mae"] == 0.01


def test_opposite_series_correlate_by_minus_one_and_a_summary_has_quartiles() -> None:
    observed = np.linspace(0.1, 0.3, 20)
    found = metrics.score(observed, 0.5 - observed)
    assert found.r == pytest.approx(-1) and found.ubrmsd == pytest.approx(2 * observed.std())
    many = [metrics.score(observed, observed + shift) for shift in (0.0, 0.01, 0.02, 0.03)]
    summary = metrics.summarise(many).to_dict()
    assert (summary["stations"], summary["lower_quartile"]["mae"], summary["median"]["mae"],
            summary["upper_quartile"]["mae"]) == (4, 0.0075, 0.015, 0.0225)
    assert metrics.summarise([]).to_dict()["median"]["rmse"] is None


# ---- baselines

def by_hand(theta: np.ndarray, days: np.ndarray, station: int, target: int) -> float:
    """The climatology of one day, by its own sentence."""
    def of(day: np.datetime64) -> date:
        return day.astype(object)

    here = of(days[target])
    others, far = [], []
    for number, day in enumerate(days):
        there = of(day)
        value = theta[station, number]
        if not np.isfinite(value) or abs((there - here).days) < 30:
            continue
        far.append(value)
        a, b = ((one - date(one.year, 1, 1)).days for one in (there, here))
        if there.year != here.year and min(abs(a - b), 366 - abs(a - b)) <= 15:
            others.append(value)
    return float(np.mean(others or far)) if others or far else np.nan


def test_climatology_is_its_sentence_on_every_day_also_round_new_year() -> None:
    days = np.arange("2019-11-20", "2021-02-20", dtype="datetime64[D]")  # with 29 February, and three Januaries' ends
    theta = np.random.default_rng(2).uniform(0.1, 0.4, (2, days.size))
    theta[1, ::3] = np.nan
    theta[1, 200:260] = np.nan
    found = baselines.climatology(theta, days)
    for target in [*range(0, 70), *range(380, days.size), 100, 101, 200, 300]:
        for station in range(2):
            np.testing.assert_allclose(found[station, target], by_hand(theta, days, station, target), rtol=1e-9)


def test_more_days_than_are_looked_at_at_once_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    days = np.arange("2019-06-01", "2021-06-01", dtype="datetime64[D]")
    theta = np.random.default_rng(3).uniform(0.1, 0.4, (1, days.size))
    whole = baselines.climatology(theta, days)
    monkeypatch.setattr(baselines, "_TARGETS_AT_ONCE", 97)
    np.testing.assert_allclose(baselines.climatology(theta, days), whole, rtol=1e-12)


def test_persistence_is_a_week_old_and_the_network_leaves_the_station_out() -> None:
    theta = np.arange(40.0).reshape(4, 10) / 100
    theta[1, 9] = np.nan
    np.testing.assert_array_equal(baselines.persistence(theta)[:, 7:], theta[:, :3])
    np.testing.assert_array_equal(baselines.persistence(theta, 2)[:, 2:], theta[:, :8])
    found = baselines.network_mean(theta, ["A", "A", "A", "B"])
    assert found[0, 0] == pytest.approx((theta[1, 0] + theta[2, 0]) / 2) and found[0, 9] == pytest.approx(theta[2, 9])
    assert found[1, 9] == pytest.approx((theta[0, 9] + theta[2, 9]) / 2) and np.isnan(found[3]).all()


# ---- seasons and pairs

def test_each_month_is_in_its_season() -> None:
    days = np.array([f"2020-{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 21)], "datetime64[D]")
    observed = np.random.default_rng(1).uniform(0.1, 0.3, (1, days.size))
    shift = np.repeat(np.arange(1, 13) / 1000, 20)
    found = seasons.by_season(observed, observed + shift, days)
    wanted = {"DJF": (12, 1, 2), "MAM": (3, 4, 5), "JJA": (6, 7, 8), "SON": (9, 10, 11),
              "without DJF": tuple(range(3, 12)), "all": tuple(range(1, 13))}
    assert found.keys() == wanted.keys()
    for name, months in wanted.items():
        assert found[name].pairs == 20 * len(months) and found[name].stations == 1
        assert found[name].pooled["bias"] == pytest.approx(np.mean(months) / 1000)
        assert found[name].median["mae"] == pytest.approx(np.mean(months) / 1000)
    assert seasons.months(np.array(["1969-12-31", "1970-01-01", "2023-12-01"], "datetime64[D]")).tolist() == [12, 1, 12]


def test_pairs_are_those_that_every_prediction_has_and_an_empty_one_is_named() -> None:
    nan = np.nan
    observed = np.array([[0.1, 0.2, nan, 0.4, 0.5]])
    a, b = np.array([[1.0, nan, 1.0, 1.0, 1.0]]), np.array([[[1.0, 1, 1, 1, 1]], [[1, 1, 1, 1, nan]]])
    none = np.array([[nan, nan, 1.0, nan, nan]])
    known, kept = on_common_pairs(observed, {"a": a, "b": b, "none": none})
    np.testing.assert_array_equal(known, [[0.1, nan, nan, 0.4, nan]])
    assert list(kept) == ["a", "b"]
    assert left_out({"a": a, "none": none}, kept) == ("Without a value on these days: none.",)
    assert left_out(kept, kept) == ()
    for wrong in (np.ones((1, 4)), np.ones(5)):
        with pytest.raises(ValueError, match="expected"):
            on_common_pairs(observed, {"wrong": wrong})


def test_pixels_far_apart_have_windows_of_their_own_and_windows_are_exact() -> None:
    groups = group_pixels([(100, 200), (109, 190), (5000, 9000)], 16, 64)
    windows = [(window.column, window.row, window.width, window.height) for window, _ in groups]
    assert windows == [(100, 190, 10, 11), (5000, 9000, 1, 1)] and [members for _, members in groups] == [[0, 1], [2]]


# ---- percentiles of many values

@pytest.mark.parametrize(("values", "percent", "expected"), [
    ([0.1] * 50 + [0.2] * 50, 50, 0.1), ([0.1] * 50 + [0.2] * 50, 51, 0.2), ([0.1] * 50 + [0.2] * 50, 0, 0.1),
    ([0.1] * 50 + [0.2] * 50, 100, 0.2), ([0.3], 5, 0.3), ([0.1, 0.2, 0.3, 0.4], 25, 0.1),
    ([0.1, 0.2, 0.3, 0.4], 26, 0.2), ([0.1, 0.2, 0.3, 0.4], 75, 0.3), ([0.25] * 99 + [0.9], 99, 0.25),
    ([0.25] * 99 + [0.9], 99.5, 0.9), ([-0.5, 0.1, 0.2, 1.5], 25, -0.5), ([-0.5, 0.1, 0.2, 1.5], 100, 1.5)])
def test_a_percentile_is_the_value_that_this_share_does_not_exceed_also_with_ties(
        values: list[float], percent: float, expected: float) -> None:
    found = Distribution.of(np.array(values)).percentile(percent)
    assert found == pytest.approx(expected, abs=1.0 / FINE_BINS)
    ordered = np.sort(values)
    assert (ordered <= found + 1e-4).mean() >= percent / 100 - 1e-9, "no fewer do not exceed it"


def test_the_percentile_of_nothing_is_missing_and_days_make_periods() -> None:
    assert np.isnan(Distribution.of([]).percentile(50))
    assert timedelta(days=baselines.GAP_DAYS).days == 30 and baselines.PERSISTENCE_DAYS == 7


def test_lines_of_the_table_for_the_terminal() -> None:
    numbers = dict(zip(score_table.NAMES, ("1", "2", "3", "4", "5"), strict=True))
    assert score_table._line("a station of a long name", "7", numbers, "1-2", "kriging 0.1", "worse") == (
        "a station of a lon     7        1        2        3        4        5            1-2              kriging 0.1"
        "  worse")
    assert score_table._line("", "7", numbers) == f"{'':18}     7        1        2        3        4        5"
    assert [score_table._number(value) for value in (0.12345, -0.0004, float("nan"), float("inf"))] == [
        "0.123", "-0.000", "-", "-"]
    assert score_table._number(7.0, 0) == "7"
