"""Optimal interpolation of readings: the reference solution, what it may never do, and sensors of their own."""

from __future__ import annotations

import numpy as np
import pytest
from deepsoil.field.covariance import ErrorCovariance, Part, Places
from deepsoil.field.error_settings import ErrorSettings
from deepsoil.field.interpolate import Readings, depth_weights, interpolate, thinned
from deepsoil.field.sensors import REFERENCE_THETA, SensorSpread

DEPTHS = ErrorSettings().depth_correlation(np.array([5.0, 20.0]))
NO_SENSORS = SensorSpread(0.0, 0.0, 0.01)


def places(count: int, seed: int = 0, span_km: float = 3.0) -> Places:
    rng = np.random.default_rng(seed)
    return Places(rng.uniform(0, span_km, count), rng.uniform(0, span_km, count), rng.uniform(10, 60, count),
                  rng.uniform(10, 40, count), rng.integers(0, 2, count), rng.random(count) < 0.3)


def readings(at: Places, theta: np.ndarray, place: np.ndarray, day: np.ndarray, depth: np.ndarray) -> Readings:
    return Readings(theta, at, place, day, place * 2 + depth, np.eye(2)[depth], np.full(len(theta), 0.01))


def joint_covariance(settings: ErrorCovariance, at: Places, place: np.ndarray, day: np.ndarray, depth: np.ndarray,
                     ) -> np.ndarray:
    """(n, n) written out reading by reading, as the definition says."""
    matrix = np.zeros((len(place), len(place)))
    for i in range(len(place)):
        for j in range(len(place)):
            a, b = place[i], place[j]
            distance = np.hypot(at.x_km[a] - at.x_km[b], at.y_km[a] - at.y_km[b])
            alike = np.exp(-np.hypot(at.sand[a] - at.sand[b], at.clay[a] - at.clay[b]) / settings.texture_percent)
            alike *= 1.0 if at.cover[a] == at.cover[b] else settings.other_cover
            alike *= 1.0 if at.irrigated[a] == at.irrigated[b] else settings.other_water
            for part in settings.parts:
                here = not part.irrigated or (at.irrigated[a] and at.irrigated[b])
                matrix[i, j] += (part.sd ** 2 * np.exp(-distance / part.length_km - abs(day[i] - day[j]) / part.days)
                                 * (alike if part.local else 1.0) * here * DEPTHS[depth[i], depth[j]])
    return matrix


def test_it_is_the_direct_kriging_solution() -> None:
    settings, rng = ErrorSettings().covariance, np.random.default_rng(1)
    at = places(6, 1)
    place, day, depth = rng.integers(0, 5, 14), rng.integers(0, 20, 14), rng.integers(0, 2, 14)
    theta, background = rng.uniform(0.1, 0.3, 14), np.full(14, 0.2)
    solved = interpolate(readings(at, theta, place, day, depth), background, settings, DEPTHS, NO_SENSORS, doubt=False)
    whole = joint_covariance(settings, at, np.append(place, 5), np.append(day, 21), np.append(depth, 1))
    inner, shared = whole[:14, :14] + 0.01 ** 2 * np.eye(14), whole[14, :14]
    expected = shared @ np.linalg.solve(inner, theta - background)
    variance = whole[14, 14] - shared @ np.linalg.solve(inner, shared)
    assert solved.increments(at, 1, 21)[5] == pytest.approx(expected, abs=1e-12)
    assert solved.variances(at, 1, 21)[5] == pytest.approx(variance, abs=1e-12)


def test_every_covariance_is_one() -> None:
    at, rng = places(40, 2), np.random.default_rng(2)
    place, day, depth = rng.integers(0, 40, 120), rng.integers(0, 90, 120), rng.integers(0, 2, 120)
    eigenvalues = np.linalg.eigvalsh(joint_covariance(ErrorSettings().covariance, at, place, day, depth))
    assert eigenvalues.min() > -1e-12


def test_without_readings_nothing_changes() -> None:
    at, nothing = places(4), np.empty(0, np.int64)
    solved = interpolate(readings(at, np.empty(0), nothing, nothing, nothing), np.empty(0),
                         ErrorSettings().covariance, DEPTHS)
    assert not solved.increments(at, 0, 5).any() and solved.at_sensor(0, 0.2, 0, 0, 5) == (0.0, 0.0)
    assert (solved.variances(at, 0, 5) == ErrorSettings().covariance.variances(at)).all()


def test_more_readings_leave_less_error_and_far_ones_change_nothing() -> None:
    at = Places(np.array([0.0, 0.2, 5000.0]), np.zeros(3), np.full(3, 30.0), np.full(3, 20.0), np.zeros(3, int),
                np.zeros(3, bool))
    covariance, zero = ErrorSettings().covariance, np.array([0])
    one = interpolate(readings(at, np.array([0.3]), zero, zero, zero), np.array([0.2]), covariance, DEPTHS)
    near, far = one.increments(at, 0, 0)[1:]
    assert 0.04 < near < 0.1 and abs(far) < 1e-9
    assert (one.variances(at, 0, 0) <= covariance.variances(at) + 1e-15).all()
    two = interpolate(readings(at, np.full(2, 0.3), np.array([0, 0]), np.array([0, -1]), np.array([0, 0])),
                      np.full(2, 0.2), covariance, DEPTHS)
    assert (two.variances(at, 0, 0) <= one.variances(at, 0, 0) + 1e-12).all()
    assert one.increments(at, 0, 7)[0] < one.increments(at, 0, 0)[0], "a week later it says less"
    assert one.increments(at, 1, 0)[0] < one.increments(at, 0, 0)[0], "at the other depth it says less"


def test_unlike_soil_and_cover_tell_less_than_like_ones() -> None:
    """What stations on one soil map have in common is mostly that map's error; another soil does not share it."""
    at = Places(np.array([0.0, 2.0, 2.0]), np.zeros(3), np.array([30.0, 30.0, 65.0]), np.array([30.0, 30.0, 10.0]),
                np.array([0, 0, 1]), np.zeros(3, bool))
    zero = np.array([0])
    solved = interpolate(readings(at, np.array([0.3]), zero, zero, zero), np.array([0.2]), ErrorSettings().covariance,
                         DEPTHS)
    _, like, unlike = solved.increments(at, 0, 0)
    assert 0.0 < unlike < 0.5 * like
    left = solved.left_share(at, 0, 0)
    assert left[0] < left[1] < 0.75 < 0.9 < left[2] < 1.0


def test_no_number_of_readings_tells_what_a_sensor_of_its_own_adds() -> None:
    count = 200
    at = Places(np.linspace(0.0, 0.01, count), np.zeros(count), np.full(count, 30.0), np.full(count, 20.0),
                np.zeros(count, int), np.zeros(count, bool))
    settings, every = ErrorSettings(), np.arange(count)
    nothing = np.zeros(count, int)
    solved = interpolate(readings(at, np.full(count, 0.2), every, nothing, nothing), np.full(count, 0.2),
                         settings.covariance, DEPTHS, settings.sensors, doubt=False)
    sensor = np.hypot(settings.sensors.offset, settings.sensors.noise)
    before = np.sqrt(settings.covariance.variances(at)[0] + sensor ** 2)
    assert sensor <= solved.left_share(at, 0, 0)[0] * before < 1.2 * sensor


def test_readings_far_from_the_map_widen_its_interval_and_near_ones_do_not() -> None:
    at, settings, days = places(12), ErrorSettings(), np.arange(3)

    def widening(error: float, sensors: int) -> float:
        place, day = np.repeat(np.arange(sensors), 3), np.tile(days, sensors)
        used = readings(at, np.full(place.size, 0.2 + error), place, day, 0 * place)
        return interpolate(used, np.full(place.size, 0.2), settings.covariance, DEPTHS, doubt=False).widening(0.05)

    assert widening(0.02, 12) == widening(0.0, 3) == 1.0
    few, many = widening(0.1, 1), widening(0.1, 12)
    true = 0.1 * 1.645 / 0.05
    assert 1.2 < few < 0.6 * true < 0.85 * true < many < true, "each sensor counts once, whatever its readings"
    assert few == pytest.approx(np.sqrt((4 + true ** 2) / 5))
    assert widening(0.4, 1) == widening(0.3, 1) == pytest.approx(2.0), "what no map could show says little of this one"


def test_an_irrigated_field_does_not_wet_the_dry_land_around_it() -> None:
    at = Places(np.array([0.0, 0.1, 0.1]), np.zeros(3), np.full(3, 30.0), np.full(3, 20.0), np.zeros(3, int),
                np.array([True, True, False]))
    local = ErrorCovariance((Part(0.05, 2.0, 30.0),))
    solved = interpolate(readings(at, np.array([0.35]), np.array([0]), np.array([0]), np.array([0])), np.array([0.2]),
                         local, DEPTHS)
    _, irrigated, dry = solved.increments(at, 0, 0)
    assert dry == pytest.approx(0.1 * irrigated) and irrigated > 0.08


def test_a_reading_that_contradicts_everything_is_reported_and_counts_for_less() -> None:
    at = places(8, 3)
    place, zeros = np.arange(8), np.zeros(8, int)
    theta = np.full(8, 0.22)
    calm = interpolate(readings(at, theta, place, zeros, zeros), np.full(8, 0.2), ErrorSettings().covariance, DEPTHS)
    assert calm.contradictions == ()
    theta = theta.copy()
    theta[3] = 0.7
    solved = interpolate(readings(at, theta, place, zeros, zeros), np.full(8, 0.2), ErrorSettings().covariance, DEPTHS)
    assert [one.readings for one in solved.contradictions] == [(3,)]
    assert solved.contradictions[0].deviations > 3.5 and solved.contradictions[0].amount > 0.3
    others = np.arange(8) != 3
    change = solved.increments(at, 0, 0)[others] - calm.increments(at, 0, 0)[others]
    assert np.abs(change).max() < 0.025


def test_a_sensor_that_is_off_all_the_time_is_found_as_a_whole() -> None:
    at = places(6, 4)
    place, day = np.repeat(np.arange(6), 5), np.tile(np.arange(5), 6)
    theta = np.where(place == 2, 0.62, 0.22)
    solved = interpolate(readings(at, theta, place, day, 0 * day), np.full(30, 0.2), ErrorSettings().covariance, DEPTHS)
    assert any(set(one.readings) == set(np.flatnonzero(place == 2)) for one in solved.contradictions)


def test_no_later_reading_is_chosen_unless_wanted() -> None:
    for seed in range(50):
        rng = np.random.default_rng(seed)
        days, sensor, day = rng.integers(0, 400, 200), rng.integers(0, 5, 200), int(rng.integers(0, 400))
        chosen = thinned(days, sensor, day, later=False)
        assert (days[chosen] <= day).all()
        for one in range(5):
            before = days[(sensor == one) & (days <= day) & (day - days <= 400)]
            if before.size:
                assert before.max() in days[chosen][sensor[chosen] == one], "the youngest always counts"
        both = thinned(days, sensor, day, later=True)
        assert set(chosen) <= set(both) and (np.abs(days[both] - day) <= 400).all()


def test_depths_between_are_interpolated() -> None:
    weights, beyond = depth_weights(np.array([5.0, 10.0, 40.0]), np.array([5.0, 20.0]))
    assert weights == pytest.approx(np.array([[1, 0], [2 / 3, 1 / 3], [0, 1]]))
    assert beyond == pytest.approx([0, 5, 20])


def test_a_sensors_offset_and_slope_are_the_bayesian_regression_on_its_readings() -> None:
    """Offset and slope with the usual spread as their prior; with no reading none, with many nearly those it has."""
    settings, spread, rng = ErrorCovariance((Part(0.02, 1.0, 0.5),)), SensorSpread(), np.random.default_rng(5)
    at = Places(*np.zeros((2, 1)), *np.full((2, 1), np.nan), np.zeros(1, np.int64), np.zeros(1, bool))
    told = []
    for count in (0, 1, 300):
        background, day = rng.uniform(0.1, 0.4, count), 40 * np.arange(count)
        theta = background + 0.02 + 0.2 * (background - REFERENCE_THETA)
        some = Readings(theta, at, np.zeros(count, int), day, np.zeros(count, int), np.tile([1.0, 0.0], (count, 1)),
                        np.full(count, spread.noise))
        solved = interpolate(some, background, settings, DEPTHS, spread, doubt=False)
        design = np.stack([np.ones(count), background - REFERENCE_THETA], axis=1)
        error = np.exp(-np.abs(np.subtract.outer(day, day)) / 0.5) * 0.02 ** 2 + spread.noise ** 2 * np.eye(count)
        weighted = np.linalg.solve(error, design)
        offset, slope = np.linalg.solve(np.diag([spread.offset ** -2, spread.slope ** -2]) + design.T @ weighted,
                                        weighted.T @ (theta - background))
        field, own = solved.at_sensor(0, 0.35, 0, 0, 40 * count + 2000)
        assert field == pytest.approx(0.0, abs=1e-6)
        assert own == pytest.approx(offset + slope * (0.35 - REFERENCE_THETA), abs=1e-9)
        told.append(own)
    assert told[0] == 0.0 < told[1] < told[2] == pytest.approx(0.04, abs=0.004)
