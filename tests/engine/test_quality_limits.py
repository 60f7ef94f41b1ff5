"""Quality control at its limits: each rule just reached and just missed, and what counts as a witness and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from deepsoil.stations.daily_means import StationQuality, sensor_days
from deepsoil.stations.nearest import coarse_at, on_days
from deepsoil.stations.quality_control import Rules, screen
from deepsoil.stations.quality_report import REASONS
from deepsoil.stations.readings import Quality, daily
from deepsoil.store.series import CoarseSeries, Stations

DAYS, DAY = 60, 30


def flat(levels: np.ndarray, depths: list[float], *, apart_km: float = 2.0) -> Stations:
    """Stations (S, D) in a row that hold their level; temperatures well above frost."""
    count = len(levels)
    theta = np.repeat(levels[..., None], DAYS, axis=2).astype(np.float32)
    theta += 0.001 * (np.arange(DAYS) % 2)  # a stuck sensor would be something else
    ids = [f"s{number}" for number in range(count)]
    return Stations(ids, ids, ["N"] * count, np.full(count, -96.6), 39.0 + apart_km / 111.19 * np.arange(count),
                    np.array(depths), np.arange("2023-01-01", DAYS, dtype="datetime64[D]"), theta,
                    np.full(theta.shape, 12.0, np.float32))


def pair(apart_km: float = 2.0) -> Stations:
    """Two stations with sensors at 5, 20 and 50 cm."""
    return flat(np.full((2, 3), 0.2), [5.0, 20.0, 50.0], apart_km=apart_km)


def reason(stations: Stations, place: tuple[int, int, int], **given: object) -> str:
    _, report = screen(stations, **given)  # type: ignore[arg-type]
    return REASONS[report.reasons[place]]


DRY = np.zeros((2, DAYS))


def rain(day: int, mm: float) -> np.ndarray:
    fallen = DRY.copy()
    fallen[0, day] = mm
    return fallen


@pytest.mark.parametrize(("offset", "mm", "kept"), [
    (-2, 50.0, False), (-1, 1.2, True), (0, 1.2, True), (1, 1.2, True), (2, 50.0, False), (-1, 0.9, False),
    (0, 0.9, False), (1, 0.9, False)])
def test_rain_of_the_day_before_the_day_and_the_day_after_explains_a_rise(offset: int, mm: float, kept: bool) -> None:
    stations = pair()
    stations.theta[0, 1, DAY] += 0.08
    assert reason(stations, (0, 1, DAY), precipitation_mm=rain(DAY + offset, mm)) == ("kept" if kept else "spike")
    lasting = pair()
    lasting.theta[0, 1, DAY:] += 0.12
    assert reason(lasting, (0, 1, DAY), precipitation_mm=rain(DAY + offset, mm)) == ("kept" if kept else "break")
    at_the_other = np.flipud(rain(DAY + offset, 50.0))
    assert reason(stations, (0, 1, DAY), precipitation_mm=at_the_other) == "spike", "rain elsewhere"


@pytest.mark.parametrize(("witness", "offset", "share", "kept"), [
    ((0, 0), -1, 0.25, True), ((0, 0), 0, 0.25, True), ((0, 2), 1, 0.25, True), ((1, 1), 0, 0.25, True),
    ((1, 2), -1, 0.25, True), ((0, 0), 0, 0.15, False), ((1, 1), 1, 0.15, False), ((0, 0), -2, 0.5, False),
    ((0, 2), 2, 0.5, False), ((0, 0), 0, -0.5, False)])
@pytest.mark.parametrize("size", [0.08, -0.08])
def test_a_witness_moves_the_same_way_by_a_fifth_within_a_day(witness: tuple[int, int], offset: int, share: float,
                                                               kept: bool, size: float) -> None:
    stations = pair()
    stations.theta[0, 1, DAY] += size
    stations.theta[(*witness, slice(DAY + offset, None))] += share * size  # to stay, so that it moves on that day only
    assert reason(stations, (0, 1, DAY), precipitation_mm=DRY) == ("kept" if kept else "spike")


@pytest.mark.parametrize(("apart_km", "kept"), [(9.9, True), (10.1, False)])
def test_a_witness_is_within_ten_kilometres(apart_km: float, kept: bool) -> None:
    stations = pair(apart_km)
    stations.theta[0, 1, DAY] += 0.08
    stations.theta[1, 1, DAY:] += 0.04
    assert reason(stations, (0, 1, DAY), precipitation_mm=DRY) == ("kept" if kept else "spike")


@pytest.mark.parametrize(("size", "after", "expected"), [
    (0.053, 0.0, "spike"), (0.047, 0.0, "kept"), (-0.053, 0.0, "spike"), (-0.047, 0.0, "kept"),
    # neighbours 0.024 and 0.03 apart: less and more than 0.3 of the distance to their mean, about 0.088
    (0.1, 0.024, "spike"), (0.1, 0.04, "kept")])
def test_a_spike_has_its_size_and_comes_back(size: float, after: float, expected: str) -> None:
    stations = pair()
    stations.theta[0, 1] = 0.2
    stations.theta[0, 1, DAY] += size
    stations.theta[0, 1, DAY + 1:] += after
    assert reason(stations, (0, 1, DAY), precipitation_mm=DRY) == expected


@pytest.mark.parametrize(("offset", "level", "expected"), [
    (-7, 0.07, "kept"), (7, 0.07, "kept"), (-8, 0.07, "spike"), (8, 0.07, "spike"), (-7, 0.03, "spike")])
def test_a_spike_stands_out_from_the_week_before_and_after(offset: int, level: float, expected: str) -> None:
    stations = pair()
    stations.theta[0, 1] = 0.2
    stations.theta[0, 1, DAY] += 0.08
    stations.theta[0, 1, DAY + offset] += level
    assert reason(stations, (0, 1, DAY), precipitation_mm=DRY) == expected


@pytest.mark.parametrize(("step", "days", "expected"), [
    (0.104, 25, "break"), (0.096, 25, "kept"), (-0.104, 25, "break"), (0.104, 6, "kept")])
def test_a_break_has_its_size_and_lasts(step: float, days: int, expected: str) -> None:
    stations = pair()
    stations.theta[0, 1] = 0.2
    stations.theta[0, 1, DAY:DAY + days] += step
    assert reason(stations, (0, 1, DAY), precipitation_mm=DRY) == expected


@pytest.mark.parametrize(("known", "expected"), [(7, "kept"), (8, "break")])
def test_a_break_needs_more_than_half_of_fifteen_days_on_either_side(known: int, expected: str) -> None:
    for side in (slice(0, DAY - known), slice(DAY + known, None)):
        stations = pair()
        stations.theta[0, 1] = 0.2
        stations.theta[0, 1, DAY:] -= 0.15
        stations.theta[0, 1, side] = np.nan
        assert reason(stations, (0, 1, DAY), precipitation_mm=DRY) == expected


def test_a_rise_is_judged_only_below_another_sensor_or_where_rain_or_a_neighbour_not_deeper_is_known() -> None:
    def of(*, above: bool, beside: str, known: bool) -> str:
        stations = pair()
        stations.theta[0, 1, DAY] += 0.08
        stations.theta[0, 2] = np.nan
        if not above:
            stations.theta[0, 0] = np.nan
        keep = {"none": [], "level": [1], "deeper": [2]}[beside]
        for depth in {0, 1, 2} - set(keep):
            stations.theta[1, depth] = np.nan
        given = DRY.copy()
        if not known:
            given[:, DAY + 1] = np.nan
        return reason(stations, (0, 1, DAY), precipitation_mm=given)

    assert of(above=False, beside="none", known=False) == "kept"
    assert of(above=False, beside="deeper", known=False) == "kept"
    assert of(above=False, beside="level", known=False) == "spike"
    assert of(above=True, beside="none", known=False) == "spike"
    assert of(above=False, beside="none", known=True) == "spike"


@pytest.mark.parametrize(("days", "spread", "others", "stuck"), [
    (10, 0.0, 0.03, True), (9, 0.0, 0.03, False), (12, 5e-5, 0.03, True), (12, 4e-4, 0.03, False),
    (12, 0.0, 0.015, False)])
def test_ten_equal_days_are_stuck_while_two_others_change(days: int, spread: float, others: float, stuck: bool) -> None:
    stations = flat(np.full((3, 1), 0.2), [20.0])
    ramp = np.abs(np.arange(DAYS) % 10 - 5) / 5.0  # any ten days have the whole range
    stations.theta[1:, 0] = 0.2 + others * ramp
    stations.theta[0, 0] = 0.2 + 0.01 * ramp
    stations.theta[0, 0, 20:20 + days] = 0.3 + spread * (np.arange(days) % 2)
    _, report = screen(stations, rules=Rules(spike_size=9, break_size=9))
    found = np.flatnonzero(report.reasons[0, 0] == REASONS.index("stuck"))
    assert found.tolist() == (list(range(20, 20 + days)) if stuck else [])
    lonely = replace(stations, theta=np.where(np.arange(3)[:, None, None] == 2, np.nan, stations.theta))
    assert not (screen(lonely, rules=Rules(spike_size=9, break_size=9))[1].reasons == REASONS.index("stuck")).any()


@pytest.mark.parametrize(("value", "saturated", "kept"), [
    (0.65, None, True), (0.6501, None, False), (0.0001, None, True), (0.0, None, False), (0.329, 0.3, True),
    (0.331, 0.3, False), (0.64, 0.62, True), (0.66, 0.62, False)])
def test_what_a_soil_can_hold(value: float, saturated: float | None, kept: bool) -> None:
    stations = flat(np.full((1, 1), value), [20.0])
    stations.theta[:] = value
    assert (reason(stations, (0, 0, 3), saturated=saturated) == "kept") == kept


# ---- readings of a day

HOURS = pd.date_range("2023-03-01", periods=96, freq="h")


def test_soil_temperature_counts_within_an_hour_and_no_further() -> None:
    theta = pd.Series(0.2, HOURS)
    quality = StationQuality()
    for minutes, frozen in ((0, True), (59, True), (61, False), (180, False)):
        # one reading of frost a day, at this distance from that of noon
        cold = pd.Series(-2.0, pd.DatetimeIndex([pd.Timestamp("2023-03-02 12:00") + pd.Timedelta(minutes=minutes)]))
        lonely = pd.Series(0.2, pd.DatetimeIndex([pd.Timestamp("2023-03-02 12:00")]))
        found = sensor_days(lonely, cold, quality)
        assert found.theta.dropna().empty == frozen
    warm = pd.Series(np.where(HOURS.hour < 8, 1.0, 1.01), HOURS)
    found = sensor_days(theta, warm, quality)
    assert found.theta.isna().all(), "a third of each day is frost"
    assert (found.rejected == REASONS.index("frozen")).all() and len(found.rejected) == 4
    assert sensor_days(theta, warm, StationQuality(warmer_than_c=0.99)).theta.notna().all()
    assert sensor_days(theta, warm, quality).temperature.tolist() == pytest.approx([(8 * 1.0 + 16 * 1.01) / 24] * 4)


def test_the_most_frequent_fault_names_the_day_and_missing_readings_are_none() -> None:
    values = pd.Series(0.2, HOURS)
    flagged = pd.Series(False, HOURS)
    values[:8], flagged[8:12] = 0.7, True                    # day 0: 8 impossible, 4 flagged
    values[24:28], flagged[28:40] = -1.0, True               # day 1: 4 impossible, 12 flagged
    values[48:70] = np.nan                                   # day 2: too few readings at all
    values[72:77] = 0.0                                      # day 3: 19 of 24 are left, enough
    found = sensor_days(values, None, StationQuality(), flagged)
    assert found.theta.isna().tolist() == [True, True, True, False]
    assert {str(day.date()): REASONS[code] for day, code in found.rejected.items()} == {
        "2023-03-01": "unphysical", "2023-03-02": "flagged"}
    assert found.temperature.empty


@pytest.mark.parametrize(("left", "kept"), [(18, True), (17, False)])
def test_a_day_needs_three_quarters_of_its_readings(left: int, kept: bool) -> None:
    readings = pd.Series(np.arange(72.0), HOURS[:72])
    readings[24 + left:48] = np.nan
    for statistic, value in (("mean", 24 + (left - 1) / 2), ("sum", left * (24 + (left - 1) / 2)), ("minimum", 24.0),
                             ("maximum", 23.0 + left)):
        found = daily(readings, statistic, Quality())  # type: ignore[arg-type]
        assert found.notna().tolist() == [True, kept, True]
        assert not kept or found.iloc[1] == pytest.approx(value)


def test_marker_values_and_impossible_readings_are_left_out_and_limits_are_not() -> None:
    readings = pd.Series([-9999.0, -5.0, -5.1, 40.0, 40.1, 7.0] * 4, pd.date_range("2023-03-01", periods=24, freq="h"))
    found = daily(readings, "mean", Quality(nodata=(-9999.0,), lowest=-5.0, highest=40.0, minimum_share=0.5))
    assert found.iloc[0] == pytest.approx(14.0)
    assert daily(readings[:0], "mean", Quality()).empty


# ---- values of a store on the days of a period

def test_days_outside_the_record_are_missing_and_nothing_wraps() -> None:
    dates = np.arange("2023-01-10", "2023-01-14", dtype="datetime64[D]")
    values = np.array([[1.0, 2.0, 3.0, 4.0]], np.float32)
    period = np.arange("2023-01-07", "2023-01-17", dtype="datetime64[D]")
    found = on_days(values, dates, period)
    np.testing.assert_array_equal(found, [[np.nan] * 3 + [1, 2, 3, 4] + [np.nan] * 3])
    assert np.isnan(on_days(values, dates, period[:2])).all()
    assert np.isnan(on_days(values[:, :0], dates[:0], period)).all()


def test_the_nearest_cell_of_the_weather_is_taken_by_column_and_by_row() -> None:
    days = np.arange("2023-01-01", "2023-01-03", dtype="datetime64[D]")
    values = np.arange(2 * 2 * 3, dtype=np.float32).reshape(2, 2, 3)

    class Store:
        def coarse(self, channel: str) -> CoarseSeries:
            assert channel == "precipitation"
            return CoarseSeries(days, np.array([-98.0, -97.0, -96.0]), np.array([40.0, 39.0]), values)

    found = coarse_at(Store(), "precipitation", np.array([-96.4, -99.0]), np.array([39.4, 39.9]), days)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found, [[values[0, 1, 2], values[1, 1, 2]], [values[0, 0, 0], values[1, 0, 0]]])
