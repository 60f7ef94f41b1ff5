"""The pure part of the station panel: days side by side, gaps that stay gaps, scores that are the engine's."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from deepsoil_plugin.panels import day_ticks
from deepsoil_plugin.panels import station_series as series
from deepsoil_plugin.panels.forecast_days import halves
from deepsoil_plugin.widgets import plot_colours

START, END = dt.date(2023, 7, 1), dt.date(2023, 7, 20)


def test_observations_become_every_day_with_gaps() -> None:
    document = {"dates": ["2023-07-03", "2023-07-04", "2023-08-30"], "precipitation": [1.5, None, 9.0],
                "depths": {"5": [0.2, None, 0.4], "20": [0.3, 0.31, 0.4], "40": [0.4, 0.4, 0.4]}}
    comparison = series.from_observations(document, START, END)
    assert len(comparison.days) == 20 and str(comparison.days[2]) == "2023-07-03"
    assert list(comparison.observed) == [5, 20], "other depths are not what DeepSoil maps"
    assert np.flatnonzero(np.isfinite(comparison.observed[5])).tolist() == [2]
    assert comparison.rain_mm[2] == 1.5 and np.isnan(comparison.rain_mm[3])
    assert comparison.measured_cm == [5, 20]


def test_observations_and_predictions_are_read_for_the_one_station() -> None:
    lines = ["station,name,longitude,latitude,depth_cm,date,observed,predicted,precipitation_mm",
             "s1,A,0,0,5,2023-07-02,,0.21,0", "s2,B,0,0,5,2023-07-02,,0.99,0", "s1,A,0,0,20,2023-07-20,0.3,0.33,0",
             "s1,A,0,0,5,2023-07-04,0.2,,0"]
    table = series.read_table(lines, "s1", series.every_day(START, END))
    observed, predicted = table.observed, table.predicted
    assert not table.lower and not table.upper, "the table of an earlier engine has no intervals"
    assert sorted(observed) == sorted(predicted) == [5, 20]
    assert predicted[5][1] == 0.21 and np.isnan(predicted[5][3]) and predicted[20][19] == 0.33
    assert np.isnan(observed[5][1]) and observed[5][3] == 0.2 and observed[20][19] == 0.3


def test_scores_are_those_of_the_engine_by_depth_and_name() -> None:
    figures = {"n": 80, "bias": 0.001, "mae": 0.04, "rmse": 0.05, "ubrmsd": 0.05, "r": None, "intervals": {}}
    metrics = {"baselines": {"persistence": "…", "network": "…"},
               "depths": {"5": {"stations": [{"id": "s2"}, {"id": "s1", "model": {**figures, "mae": 0.03},
                                                            "persistence": figures}]}}}
    scores, baselines = series.read_scores(metrics, "s1")
    assert list(scores) == [5] and scores[5].n == 80 and scores[5].mae == 0.03 and np.isnan(scores[5].r)
    assert list(baselines) == [5] and list(baselines[5]) == ["persistence"]
    assert baselines[5]["persistence"].mae == 0.04


def test_observations_that_quality_control_rejects_leave_the_comparison() -> None:
    days = series.every_day(START, END)
    before = series.Comparison(days, np.zeros(20), {5: np.full(20, 0.3), 20: np.full(20, 0.2)})
    passed = np.full(20, 0.3)
    passed[7] = np.nan
    after = before.compared(series.Table({5: passed}, {5: np.full(20, 0.31)}))
    assert np.flatnonzero(np.isnan(after.observed[5])).tolist() == [7]
    assert np.isfinite(after.observed[20]).all(), "a depth that was not compared stays as it was"


@pytest.mark.parametrize(("day", "length", "expected"), [
    ("2023-07-15", 30, ("2023-06-30", "2023-07-29")), ("2023-01-03", 30, ("2023-01-01", "2023-01-30")),
    ("2023-12-30", 90, ("2023-10-03", "2023-12-31")), ("2023-07-15", 999, ("2023-01-01", "2023-12-31"))])
def test_the_period_lies_round_the_day_and_inside_the_region(day: str, length: int, expected: tuple[str, str]) -> None:
    start, end = series.period_around(dt.date.fromisoformat(day), length, dt.date(2023, 1, 1), dt.date(2023, 12, 31))
    assert (start.isoformat(), end.isoformat()) == expected


def test_days_between_gaps_are_found() -> None:
    gap = np.nan
    assert series.lone_days(np.array([1, gap, 1, gap, 1, 1, gap, 1])).tolist() == [
        True, False, True, False, False, False, False, True]


def test_the_axis_does_not_make_noise_look_big() -> None:
    quiet = series.Comparison(series.every_day(START, END), np.zeros(20), {5: np.full(20, 0.231)})
    low, high = series.theta_range(quiet)
    assert low <= 0.2 and high >= 0.25 and high - low >= 0.15 - 1e-9
    assert series.theta_range(series.Comparison(quiet.days, quiet.rain_mm)) == (0.05, 0.45)


def test_a_day_in_words_uses_the_figures_that_are_read() -> None:
    gap = np.full(20, np.nan)
    comparison = series.Comparison(series.every_day(START, END), np.r_[3.21, np.zeros(19)],
                                   {5: np.full(20, 0.2814), 20: gap}, {5: np.full(20, 0.2766), 20: gap})
    assert series.description(comparison, 0) == ("1 Jul 2023 · rain 3.2 mm · 5 cm: observed 0.281, predicted 0.277, "
                                              "0.004 too dry · 20 cm: no data (m³/m³)")


def test_days_whose_weather_is_foreseen_are_told_apart_and_both_lines_meet() -> None:
    theta = np.arange(20.0)
    comparison = series.Comparison(series.every_day(START, END), np.zeros(20), {}, {5: theta},
                                   forecast_from=dt.date(2023, 7, 18))
    settled, coming = halves(theta, comparison.foreseen)
    assert np.flatnonzero(np.isfinite(settled)).tolist() == list(range(17))
    assert np.flatnonzero(np.isfinite(coming)).tolist() == [16, 17, 18, 19], "from the last day before it on"
    assert "18 Jul 2023 · forecast · no rain" in series.description(comparison, 17)
    assert "forecast" not in series.description(comparison, 16)
    observed = series.Comparison(comparison.days, comparison.rain_mm, {}, {5: theta})
    assert not np.isfinite(halves(theta, observed.foreseen)[1]).any()


def test_the_interval_is_read_where_there_is_one_and_said_beside_the_prediction() -> None:
    lines = ["station,depth_cm,date,observed,predicted,lower,upper", "s1,5,2023-07-01,0.2,0.25,0.19,0.31",
             "s1,5,2023-07-03,0.2,0.25,0.19,0.31", "s1,20,2023-07-01,,0.3,,"]
    table = series.read_table(lines, "s1", series.every_day(START, END))
    assert list(table.lower) == list(table.upper) == [5] and table.upper[5][2] == 0.31 and np.isnan(table.lower[5][1])
    comparison = series.Comparison(series.every_day(START, END), np.full(20, np.nan)).compared(table)
    assert series.description(comparison, 0) == ("1 Jul 2023 · 5 cm: observed 0.200, predicted 0.250 (0.190 to 0.310), "
                                              "0.050 too wet · 20 cm: predicted 0.300, not observed (m³/m³)")
    low, high = series.theta_range(comparison)
    assert low <= 0.19 and high >= 0.31


@pytest.mark.parametrize(("length", "most"), [(14, 12), (30, 12), (90, 12), (90, 5), (365, 12), (365, 4), (1500, 6)])
def test_named_days_fit_and_are_not_too_few(length: int, most: int) -> None:
    ticks = day_ticks.day_ticks(19_000.4, 19_000.4 + length, most)
    assert 1 <= len(ticks) <= most and all(19_000.4 <= tick <= 19_000.4 + length for tick in ticks)
    assert day_ticks.day_labels(ticks)[0].count("\n") == 1, "the year below the first day"


@pytest.mark.parametrize(("base", "text", "highlight"), [
    ("#ffffff", "#000000", "#308cc6"), ("#232629", "#eff0f1", "#3daee9"), ("#ffffff", "#000000", "#fff2b0"),
    ("#1e1e1e", "#d4d4d4", "#202020")])
def test_lines_are_seen_in_every_theme(base: str, text: str, highlight: str) -> None:
    from qgis.PyQt.QtGui import QColor, QPalette

    theme = QPalette()
    for role, colour in ((QPalette.ColorRole.Base, base), (QPalette.ColorRole.Text, text),
                         (QPalette.ColorRole.Highlight, highlight)):
        theme.setColor(role, QColor(colour))
    colours = plot_colours.plot_colours(theme)
    for line in (colours.text, colours.accent, colours.rain):
        assert plot_colours.contrast(line, colours.background) >= 3.0
    assert plot_colours.contrast(colours.hint, colours.background) >= 4.5, "remarks are text"
