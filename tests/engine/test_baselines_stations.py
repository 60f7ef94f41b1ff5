"""Baselines from other stations: none uses the station it predicts; kriging is pykrige's; few stations are enough."""

from __future__ import annotations

import numpy as np
import pytest
from deepsoil.evaluation import baselines
from deepsoil.evaluation.baselines_kriging import ordinary_kriging, regression_kriging, weights
from deepsoil.evaluation.baselines_neighbours import inverse_distance, nearest_station, week_and_change
from deepsoil.evaluation.groups import Surroundings, by_group
from deepsoil.evaluation.paired import compare
from deepsoil.evaluation.pairs import common_days
from deepsoil.evaluation.variogram import PURE_NUGGET, Variogram, fit_variogram
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

DAYS = np.arange("2022-11-01", "2023-03-01", dtype="datetime64[D]")
records = hnp.arrays(np.float64, (5, 120), elements=st.floats(0.05, 0.5) | st.just(np.nan))
OF_OTHERS = ("nearest", "network", "inverse_distance", "kriging", "regression_kriging")


def places(count: int, seed: int = 0) -> baselines.Places:
    rng = np.random.default_rng(seed)
    return baselines.Places(-96 + rng.uniform(0, 0.3, count), 39 + rng.uniform(0, 0.3, count), ["N"] * count,
                            rng.normal(size=(count, 2)))


def apart(count: int, seed: int = 0) -> np.ndarray:
    return places(count, seed).distance_km()


@settings(max_examples=25, deadline=None)
@given(theta=records, station=st.integers(0, 4), seed=st.integers(0, 99))
def test_what_is_said_to_come_from_others_does_not_change_with_the_stations_own_record(
        theta: np.ndarray, station: int, seed: int) -> None:
    before = baselines.all_baselines(theta, DAYS, places(5))
    other = theta.copy()
    other[station] = np.random.default_rng(seed).uniform(3, 9, theta.shape[1])
    after = baselines.all_baselines(other, DAYS, places(5))
    for name in OF_OTHERS:
        np.testing.assert_allclose(before[name][station], after[name][station], rtol=1e-9, err_msg=name)
    known = np.isfinite(theta).sum(0) - np.isfinite(theta[station])
    for name in OF_OTHERS:
        np.testing.assert_array_equal(np.isfinite(before[name][station]), known > 0, err_msg=name)


def test_kriging_has_the_weights_of_pykrige() -> None:
    """pykrige 1.7.3: OrdinaryKriging(x, y, z, "exponential", {"psill": 9e-4, "range": 6, "nugget": 2e-4})."""
    x, y = np.array([0.0, 1.2, 3.5, 2.0, 4.1]), np.array([0.0, 0.4, 1.0, 3.0, 2.2])
    among, to = np.hypot(x[:, None] - x, y[:, None] - y), np.hypot(x - 1.0, y - 1.5)
    found = weights(Variogram(2e-4, 9e-4, 2.0), among, to, np.ones((1, 5), bool))
    np.testing.assert_allclose(found[0], [0.196263, 0.37211, 0.101224, 0.267465, 0.062938], atol=1e-6)
    present = np.array([[True, False, True, True, False]])
    some = weights(Variogram(2e-4, 9e-4, 2.0), among, to, present)
    less = weights(Variogram(2e-4, 9e-4, 2.0), among[np.ix_(present[0], present[0])], to[present[0]],
                   np.ones((1, 3), bool))
    np.testing.assert_allclose(some[0, present[0]], less[0], atol=1e-12)
    assert (some[0, ~present[0]] == 0).all() and some.sum() == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(count=st.integers(2, 10), seed=st.integers(0, 999), together=st.booleans(), gaps=st.floats(0, 0.6))
def test_kriging_of_two_to_ten_stations_stays_among_what_was_measured(count: int, seed: int, together: bool,
                                                                      gaps: float) -> None:
    """No wild weights: also with sensors in one pit and with days that have one station."""
    rng = np.random.default_rng(seed)
    theta = 0.25 + 0.05 * rng.standard_normal((count, 1)) + 0.03 * rng.standard_normal((count, 60))
    theta[rng.random(theta.shape) < gaps] = np.nan
    distance = apart(count, seed)
    if together:
        distance[0, 1] = distance[1, 0] = 0.0
        distance[2:, 1] = distance[2:, 0]
        distance[1, 2:] = distance[0, 2:]
    covariates = rng.normal(size=(count, 3))
    spread = np.nanmax(theta) - np.nanmin(theta) if np.isfinite(theta).any() else 0.0
    for found in (ordinary_kriging(theta, distance), regression_kriging(theta, distance, covariates)):
        known = found[np.isfinite(found)]
        assert ((known > np.nanmin(theta) - spread) & (known < np.nanmax(theta) + spread)).all() if known.size else True


def test_two_other_stations_are_averaged_and_one_is_taken_as_it_is() -> None:
    theta = np.random.default_rng(1).uniform(0.1, 0.4, (3, 50))
    theta[2, :10] = np.nan
    found = ordinary_kriging(theta, apart(3))
    np.testing.assert_allclose(found[0, 10:], theta[1:, 10:].mean(0))
    np.testing.assert_allclose(found[0, :10], theta[1, :10])
    assert np.isnan(ordinary_kriging(theta[:1], np.zeros((1, 1)))).all()


def test_a_variogram_pooled_over_days_finds_the_one_that_was_put_in() -> None:
    rng = np.random.default_rng(2)
    position = rng.uniform(0, 40, (12, 2))
    distance = np.hypot(*(position[:, None] - position).transpose(2, 0, 1))
    covariance = 9e-4 * np.exp(-distance / 8.0) + 1e-4 * np.eye(12)
    theta = 0.25 + (np.linalg.cholesky(covariance) @ rng.standard_normal((12, 4000)))
    found = fit_variogram(theta, distance)
    far = np.array([3.0, 8.0, 20.0, 40.0])
    np.testing.assert_allclose(found(far), 1e-4 - 9e-4 * np.expm1(-far / 8.0), rtol=0.1)
    assert fit_variogram(theta[:3], distance[:3, :3]) == PURE_NUGGET
    assert fit_variogram(rng.standard_normal((12, 1)) * np.ones((12, 5)), np.zeros((12, 12))) == PURE_NUGGET
    error = {method: np.abs(method(theta, distance) - theta).mean()
             for method in (ordinary_kriging, inverse_distance, nearest_station)}
    assert min(error, key=error.__getitem__) is ordinary_kriging


def test_a_trend_with_clay_is_found_and_noise_is_not_taken_for_one() -> None:
    rng = np.random.default_rng(3)
    clay = rng.uniform(5, 45, 10)
    day = 0.05 * np.sin(np.arange(300) / 20)
    theta = 0.1 + 0.005 * clay[:, None] + day + 0.005 * rng.standard_normal((10, 300))
    distance = apart(10)
    plain = np.abs(ordinary_kriging(theta, distance) - theta).mean()
    assert np.abs(regression_kriging(theta, distance, clay[:, None]) - theta).mean() < 0.4 * plain
    blank = np.column_stack([np.full(10, 3.0), np.where(np.arange(10) == 4, np.nan, clay)])
    np.testing.assert_allclose(regression_kriging(theta, distance, blank)[5], ordinary_kriging(theta, distance)[5])


def test_nearest_inverse_distance_and_change_are_their_sentences() -> None:
    distance = np.array([[0, 1.0, 2.0], [1.0, 0, 4.0], [2.0, 4.0, 0]])
    theta = np.array([[0.1, 0.2], [0.3, np.nan], [0.5, 0.6]])
    np.testing.assert_allclose(nearest_station(theta, distance), [[0.3, 0.6], [0.1, 0.2], [0.1, 0.2]])
    np.testing.assert_allclose(inverse_distance(theta, distance)[0], [(0.3 + 0.5 / 4) / 1.25, 0.6])
    np.testing.assert_allclose(inverse_distance(theta, np.zeros((3, 3)))[0], [0.4, 0.6])
    np.testing.assert_allclose(week_and_change(np.array([[0.1, 9.0], [0.3, 0.35], [0.5, 0.45]]), 1),
                               [[np.nan, 0.1], [np.nan, 0.3 + (8.9 - 0.05) / 2], [np.nan, 0.5 + (8.9 + 0.05) / 2]])


# ---- the same days, paired

def test_all_are_compared_on_the_same_days_and_a_baseline_with_hardly_any_is_left_out() -> None:
    observed = np.full((2, 20), 0.2)
    model, week, lonely = observed.copy(), observed.copy(), np.full((2, 20), np.nan)
    model[0, 0], week[:, :7], lonely[0, :3], lonely[1] = np.nan, np.nan, 0.2, 0.2
    known, compared = common_days(observed, model, {"week": week, "lonely": lonely}, 10)
    assert compared["week"].all() and compared["lonely"].tolist() == [False, True]
    assert np.isfinite(known).sum(1).tolist() == [13, 13]


def test_a_station_is_not_lost_to_the_baselines_with_the_fewest_days() -> None:
    """14 days with a reading, of which nine have one a week before, as after a gap of a logger."""
    observed = np.full((1, 14), 0.2)
    week, change, other = observed.copy(), observed.copy(), observed.copy()
    week[0, :5], change[0, :5], other[0, :2] = np.nan, np.nan, np.nan
    known, compared = common_days(observed, observed, {"week": week, "change": change, "other": other}, 10)
    assert np.isfinite(known).sum() == 12
    assert {name: bool(used[0]) for name, used in compared.items()} == {"week": False, "change": False, "other": True}
    few = common_days(observed[:, :8], observed[:, :8], {"other": other[:, :8]}, 10)
    assert np.isfinite(few[0]).sum() == 8, "all that the model has"


@pytest.mark.parametrize(("extra", "verdict"), [(0.02, "better"), (-0.005, "worse"), (0.0, "not distinguishable")])
def test_the_verdict_follows_the_interval_of_the_difference(extra: float, verdict: str) -> None:
    rng = np.random.default_rng(4)
    observed = rng.uniform(0.1, 0.4, (6, 300))
    model = observed + 0.01 + 0.001 * rng.standard_normal(observed.shape)
    baseline = observed - 0.01 - extra + 0.001 * rng.standard_normal(observed.shape)
    found = compare(observed, model, baseline)
    assert found.verdict == verdict and found.difference == pytest.approx(-extra, abs=2e-4)
    assert found.low <= found.difference <= found.high and (found.stations, found.days) == (6, 1800)
    assert compare(observed[:, :80], model[:, :80], baseline[:, :80]).verdict == "too few days"
    assert compare(observed[:, :5], model[:, :5], baseline[:, :5]).to_dict()["difference"] is None


def test_one_odd_station_does_not_make_a_model_better_everywhere() -> None:
    """Errors of one station among five are no evidence about others: its interval is wide."""
    rng = np.random.default_rng(5)
    observed = rng.uniform(0.1, 0.4, (5, 365))
    baseline = observed + 0.01
    baseline[0] += 0.2
    model = observed + 0.011
    assert compare(observed, model, baseline).verdict == "not distinguishable"
    assert compare(observed[:1], model[:1], baseline[:1]).verdict == "better"


def test_groups_come_with_the_worst_first_and_name_the_best_baseline() -> None:
    rng = np.random.default_rng(6)
    observed = rng.uniform(0.1, 0.4, (4, 200))
    model = observed + np.array([[0.15], [0.01], [0.02], [0.1]])
    good, bad = observed + 0.05, observed + 0.3
    distance = np.array([[0, 3, 30, 300], [3, 0, 30, 300], [30, 30, 0, 300], [300, 300, 300, 0]], float)
    around = Surroundings.of(distance, np.ones(4, bool), [True, False, False, None])
    found = by_group(["a", "b", "c", "d"], observed, model, {"good": good, "bad": bad}, around)
    assert [group.model_mae for group in found] == sorted((group.model_mae for group in found), reverse=True)
    named = {group.title: group for group in found}
    water = named["irrigated"]
    assert (water.stations, water.best, water.against.verdict) == (["a"], "good", "worse")
    assert named["rainfed"].worst_station == "c" and named["rainfed"].against.verdict == "better"
    assert named["nearest other station within 5 km"].stations == ["a", "b"]
    assert named["nearest other station 20 to 50 km"].stations == ["c"]
    assert named["no other station within 50 km"].stations == ["d"]
    assert named["2 to 4 other stations within 50 km"].stations == ["a", "b", "c"]
    assert around.to_dict(2)["others_within_km"] == {"5": 0, "20": 0, "50": 2}
    silent = Surroundings.of(distance, np.array([True, False, False, False]), [None] * 4)
    assert silent.to_dict(0) == {"irrigated": None, "nearest_km": None, "others_within_km": {"5": 0, "20": 0, "50": 0}}
