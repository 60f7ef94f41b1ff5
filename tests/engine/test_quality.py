"""Bad station values are found for the reason they are bad; what rain or frost nearby explains is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from deepsoil.stations.quality_control import screen
from deepsoil.stations.quality_report import REASONS
from deepsoil.store.series import Stations

DAYS = 120
DEPTHS = [5.0, 20.0]


def network(count: int = 4, *, depths: list[float] | None = None, temperature: bool = True, seed: int = 0) -> Stations:
    """Stations a few km apart that are wetted together by rain and dry out in their own way, with sensor noise."""
    rng = np.random.default_rng(seed)
    depths = DEPTHS if depths is None else depths
    rain = np.where(rng.random(DAYS) < 0.06, rng.uniform(0.03, 0.13, DAYS), 0.0)
    theta = np.empty((count, len(depths), DAYS))
    for s in range(count):
        for d in range(len(depths)):
            level = 0.2
            for day in range(DAYS):
                level = 0.12 + (level - 0.12) * (0.94 + 0.005 * s) + rain[day] / (1 + 0.5 * d)
                theta[s, d, day] = min(level, 0.45)
    theta += rng.normal(0, 0.0005, theta.shape)
    warm = np.full(theta.shape, 12.0, np.float32) if temperature else None
    ids = [f"s{number}" for number in range(count)]
    return Stations(ids, ids, ["N"] * count, -96.6 + 0.02 * np.arange(count), np.full(count, 39.1), np.array(depths),
                    np.arange("2023-01-01", DAYS, dtype="datetime64[D]"), theta.astype(np.float32), warm)


def reason(stations: Stations, s: int, d: int, t: int, **given: object) -> str:
    theta, report = screen(stations, **given)  # type: ignore[arg-type]
    code = REASONS[report.reasons[s, d, t]]
    assert np.isnan(theta[s, d, t]) == (code != "kept")
    return code


def dry_day(stations: Stations) -> int:
    """A day about which nothing moves, so that a movement then has no explanation."""
    moves = np.abs(np.diff(stations.theta, axis=2)).max(axis=(0, 1))
    calm = [t for t in range(20, DAYS - 20) if moves[t - 3:t + 3].max() < 0.004]
    return calm[0]


def test_good_values_are_kept_as_they_are() -> None:
    for seed in range(10):
        stations = network(seed=seed)
        theta, report = screen(stations, 0.45)
        np.testing.assert_array_equal(theta, stations.theta)
        assert report.counts()["kept"].sum() == theta.size and not report.unchecked.any()


@pytest.mark.parametrize(("value", "saturated", "expected"), [
    (0.0, None, "unphysical"), (-0.01, None, "unphysical"), (0.66, None, "unphysical"), (0.996, 0.9, "unphysical"),
    (0.5, 0.45, "unphysical"), (0.49, 0.45, "spike"), (np.nan, None, "missing")])
def test_a_value_that_cannot_be_is_rejected(value: float, saturated: float | None, expected: str) -> None:
    """0.49 lies below 1.1 x 0.45; it is a spike all the same."""
    stations = network()
    day = dry_day(stations)
    stations.theta[1, 1, day] = value
    assert reason(stations, 1, 1, day, saturated=saturated) == expected
    assert reason(stations, 2, 1, day, saturated=saturated) == "kept"


def test_saturation_is_that_of_each_station_and_depth() -> None:
    stations = network()
    stations.theta[:] = 0.40
    of_station = np.array([0.3, 0.45, np.nan, 0.45])
    for saturated in (of_station, np.repeat(of_station[:, None], 2, axis=1)):
        _, report = screen(stations, saturated)
        assert (report.counts()["unphysical"] > 0).tolist() == [[True, True], [False] * 2, [False] * 2, [False] * 2]


def test_frozen_soil_is_found_at_its_own_depth_and_without_temperature_it_is_told() -> None:
    stations = network()
    assert stations.soil_temperature is not None
    stations.soil_temperature[0, 0, 10:15] = [1.0, 0.2, -3.0, 1.1, np.nan]
    stations.theta[0, 0, 12] = np.nan
    _, report = screen(stations)
    assert [REASONS[code] for code in report.reasons[0, 0, 10:15]] == ["frozen", "frozen", "frozen", "kept", "kept"]
    assert report.counts()["frozen"].tolist() == [[3, 0], [0, 0], [0, 0], [0, 0]]
    assert np.argwhere(report.unchecked).tolist() == [[0, 0, 14]]
    _, blind = screen(network(temperature=False))
    assert blind.unchecked.all() and "not checked for frost" in blind.text()


def test_a_stuck_sensor_is_rejected_only_where_others_change() -> None:
    stations = network()
    stations.theta[2, 0, 30:60] = 0.217
    theta, report = screen(stations)
    assert np.isnan(theta[2, 0, 30:60]).all() and report.counts()["stuck"].sum() >= 30
    assert np.isfinite(theta[2, 0, :28]).all() and np.isfinite(theta[2, 0, 62:]).all()
    stations.theta[:, :, 30:60] = 0.217
    assert screen(stations)[1].counts()["stuck"].sum() == 0, "a drought holds all of them"
    alone = network(1)
    alone.theta[0, 0, 30:60] = 0.217
    assert screen(alone)[1].counts()["stuck"].sum() == 0, "nobody to compare with"


@pytest.mark.parametrize("size", [0.08, -0.06])
def test_a_spike_is_rejected_unless_a_witness_moves_along(size: float) -> None:
    stations = network()
    day = dry_day(stations)
    stations.theta[0, 1, day] += size
    assert reason(stations, 0, 1, day) == "spike"
    for witness in ((0, 0), (3, 1)):
        moved = network()
        moved.theta[0, 1, day] += size
        moved.theta[(*witness, day)] += 0.5 * size
        assert reason(moved, 0, 1, day) == "kept"
    rain = np.zeros((4, DAYS))
    rain[0, day] = 12.0
    assert reason(stations, 0, 1, day, precipitation_mm=rain) == ("kept" if size > 0 else "spike")


def test_a_rise_whose_cause_nobody_could_have_seen_is_kept() -> None:
    alone = network(1, depths=[20.0])
    day = dry_day(alone)
    alone.theta[0, 0, day] += 0.08
    assert reason(alone, 0, 0, day) == "kept"
    assert reason(alone, 0, 0, day, precipitation_mm=np.zeros((1, DAYS))) == "spike"
    above = network(1)
    above.theta[0, :, day] += [0.08, 0.0]
    assert reason(above, 0, 0, day) == "kept", "a storm that did not reach the sensor below"


def test_a_dry_day_between_two_rains_is_no_spike() -> None:
    stations = network()
    day = dry_day(stations)
    stations.theta[0, 0, [day - 1, day + 1]] += 0.07
    assert reason(stations, 0, 0, day) == "kept"


def test_far_stations_are_no_witnesses() -> None:
    stations = network(2, depths=[20.0])
    day = dry_day(stations)
    stations.theta[:, 0, day] += 0.08
    assert reason(stations, 0, 0, day, precipitation_mm=np.zeros((2, DAYS))) == "kept"
    stations.longitudes[1] += 1.0
    assert reason(stations, 0, 0, day, precipitation_mm=np.zeros((2, DAYS))) == "spike"


def test_a_break_rejects_its_day_and_is_named() -> None:
    stations = network()
    day = dry_day(stations)
    stations.theta[1, 1, day:] += 0.15
    theta, report = screen(stations)
    assert np.isnan(theta[1, 1, day]) and np.isfinite(theta[1, 1, day + 1])
    (found,) = report.breaks
    assert (found.station, found.depth_cm, found.day) == ("s1", 20.0, stations.dates[day])
    assert found.step == pytest.approx(0.15, abs=0.01) and str(found.day) in report.text()


def test_irrigation_is_no_break() -> None:
    """Nobody nearby moves, no rain falls and the water does not reach the sensor below."""
    stations = network()
    day = dry_day(stations)
    stations.theta[1, 0, day:] += 0.15
    assert not screen(stations, precipitation_mm=np.zeros((4, DAYS)))[1].breaks


def test_what_the_source_took_out_keeps_its_reason() -> None:
    stations = network()
    rejected = np.zeros(stations.theta.shape, np.uint8)
    rejected[3, 0, 7:9] = REASONS.index("flagged")
    stations.theta[3, 0, 7:10] = np.nan
    stations = replace(stations, rejected=rejected)
    assert [reason(stations, 3, 0, day) for day in (7, 8, 9)] == ["flagged", "flagged", "missing"]


def test_every_day_has_one_reason_and_parts_of_the_report_add_up() -> None:
    stations = network()
    stations.theta[0, 0, 3], stations.theta[1, 1, 90], stations.theta[2, 0, 50] = 0.0, np.nan, 0.99
    _, report = screen(stations)
    assert sum(int(values.sum()) for values in report.counts().values()) == stations.theta.size
    days = np.arange(DAYS) < 60
    parts = [report.select([0, 1, 2, 3], [d], mask) for d in (0, 1) for mask in (days, ~days)]
    for name, whole in report.counts().items():
        assert sum(int(part.counts()[name].sum()) for part in parts) == whole.sum()
    told = report.to_dict()
    assert told["5"]["unphysical"] == 2 and told["5"]["stations"]["s2"]["unphysical"] == 1
    assert told["20"]["missing"] == 1 and told["20"]["kept"] == 4 * DAYS - 1


def test_shapes_that_do_not_fit_are_refused() -> None:
    for given in ({"saturated": np.zeros(3)}, {"precipitation_mm": np.zeros((4, 3))}):
        with pytest.raises(ValueError, match="shape"):
            screen(network(), **given)  # type: ignore[arg-type]
