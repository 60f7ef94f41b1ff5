"""Scores are what their formulas say, baselines never look at what they predict, files hold what was compared."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.cli import main
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.evaluation import baselines, metrics
from deepsoil.evaluation.networks import Networks
from deepsoil.evaluation.score_table import table
from deepsoil.evaluation.stations import Evaluation, evaluate
from deepsoil.grid import Window, lonlat_to_pixel
from deepsoil.inference.pixels import group_pixels
from deepsoil.inference.point_series import TOLERANCE, _Places, point_series
from deepsoil.inference.predict import predict_window
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Model
from deepsoil.stations.nearest import coarse_at, static_at
from deepsoil.stations.quality_report import REASONS
from deepsoil.store.store import CoarseSeries, Stations, Store
from deepsoil.training.station_patches import StationInputs
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from inference_tools import DAYS, HERE, built, make_context, new_job, open_model, stack_for

PERIOD = DAYS[37:60]


def by_networks(store: Any, models: dict[int, Model], days: list[date], **more: Any) -> Evaluation:
    return evaluate(store, Networks(store, models), days, **more)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


# ---- metrics

series = hnp.arrays(np.float64, 40, elements=st.floats(0.01, 0.6) | st.just(np.nan))


@settings(max_examples=80, deadline=None)
@given(observed=series, predicted=series)
def test_scores_are_their_formulas_on_the_common_days(observed: np.ndarray, predicted: np.ndarray) -> None:
    found = metrics.score(observed, predicted, repetitions=0)
    both = np.isfinite(observed) & np.isfinite(predicted)
    o, p = observed[both], predicted[both]
    assert found.n == o.size
    if o.size < metrics.FEWEST_DAYS:
        assert np.isnan(found.mae) and np.isnan(found.r)
        return
    assert found.bias == pytest.approx(np.mean(p - o), abs=1e-12)
    assert found.mae == pytest.approx(np.mean(np.abs(p - o)), abs=1e-12)
    assert found.rmse == pytest.approx(np.sqrt(np.mean((p - o) ** 2)), abs=1e-12)
    assert found.ubrmsd == pytest.approx(np.std(p - o), abs=1e-7)
    if o.std() > 1e-4 and p.std() > 1e-4:
        assert found.r == pytest.approx(np.corrcoef(o, p)[0, 1], abs=1e-6)


def test_a_shift_is_bias_and_nothing_else() -> None:
    observed = np.random.default_rng(0).uniform(0.1, 0.4, 200)
    found = metrics.score(observed, observed + 0.05)
    assert (found.bias, found.mae, found.rmse) == pytest.approx((0.05, 0.05, 0.05))
    assert found.ubrmsd == pytest.approx(0, abs=1e-7) and found.r == pytest.approx(1)
    assert np.isnan(metrics.score(observed, np.full(200, 0.3)).r)


def remembering(rng: np.random.Generator, days: int, memory: float) -> np.ndarray:
    noise = rng.normal(0, 1, days)
    values = np.empty(days)
    values[0] = noise[0]
    for day in range(1, days):
        values[day] = memory * values[day - 1] + np.sqrt(1 - memory**2) * noise[day]
    return values


def test_intervals_know_that_soil_moisture_remembers() -> None:
    """The true bias is 0: an interval from 30-day blocks holds it far more often than one from single days."""
    rng = np.random.default_rng(1)
    inside, inside_single = 0, 0
    for _ in range(100):
        error = 0.03 * remembering(rng, 365, 0.9)
        low, high = metrics.score(np.zeros(365), error, repetitions=200).intervals["bias"]
        inside += low <= 0 <= high
        half = 1.96 * error.std() / np.sqrt(365)
        inside_single += abs(error.mean()) <= half
    assert inside >= 75 and inside_single <= 45


def test_an_interval_holds_its_own_estimate_and_a_short_series_has_none() -> None:
    rng = np.random.default_rng(2)
    observed, predicted = rng.uniform(0.1, 0.4, (2, 365))
    observed[100:150] = np.nan
    found = metrics.score(observed, predicted)
    for name, (low, high) in found.intervals.items():
        assert low < getattr(found, name) < high
    assert metrics.score(observed[:80], predicted[:80]).intervals == {}


def test_the_summary_is_median_and_quartiles_over_stations_with_scores() -> None:
    observed = np.random.default_rng(3).uniform(0.1, 0.4, 50)
    values = [metrics.score(observed, observed + shift, repetitions=0) for shift in (0.01, 0.02, 0.03, 0.04, 0.05)]
    found = metrics.summarise([*values, metrics.score(observed[:3], observed[:3])])
    assert found.stations == 5
    assert (found.lower_quartile["bias"], found.median["bias"], found.upper_quartile["bias"]) == pytest.approx(
        (0.02, 0.03, 0.04))


# ---- baselines

THREE = baselines.Places(np.array([-96.0, -96.1, -96.3]), np.array([39.0, 39.1, 39.0]), ["N", "N", "M"],
                         np.array([[20.0], [30.0], [25.0]]))


@settings(max_examples=40, deadline=None)
@given(theta=hnp.arrays(np.float64, (3, 120), elements=st.floats(0.05, 0.5) | st.just(np.nan)),
       station=st.integers(0, 2), day=st.integers(0, 119), value=st.floats(5, 9))
def test_no_baseline_looks_at_what_it_predicts(theta: np.ndarray, station: int, day: int, value: float) -> None:
    days = np.arange("2022-11-01", "2023-03-01", dtype="datetime64[D]")
    before = baselines.all_baselines(theta, days, THREE)
    peeked = theta.copy()
    peeked[station, day] = value
    after = baselines.all_baselines(peeked, days, THREE)
    assert set(before) == set(baselines.DESCRIPTIONS)
    for name in before:
        np.testing.assert_allclose(before[name][station, day], after[name][station, day], rtol=1e-9, err_msg=name)
    nearby = slice(max(0, day - 29), day + 30)
    np.testing.assert_allclose(before["climatology"][station, nearby], after["climatology"][station, nearby],
                               rtol=1e-12)


def test_the_baselines_are_what_they_say() -> None:
    days = np.arange("2020-01-01", "2022-01-01", dtype="datetime64[D]")
    of_year = (days - days.astype("datetime64[Y]").astype("datetime64[D]")).astype(int)
    theta = np.stack([0.2 + 0.001 * of_year, np.full(days.size, 0.4), np.full(days.size, 0.1)])
    theta[2, 50] = np.nan
    found = baselines.all_baselines(theta, days, THREE)
    np.testing.assert_allclose(found["persistence"][:, 7:], theta[:, :-7])
    assert np.isnan(found["persistence"][:, :7]).all()
    np.testing.assert_allclose(found["network"][0], theta[1])
    np.testing.assert_allclose(found["network"][1], theta[0])
    assert np.isnan(found["network"][2]).all()
    middle = (of_year > 20) & (of_year < 340)
    np.testing.assert_allclose(found["climatology"][0, middle], theta[0, middle], atol=0.0011)


def test_climatology_of_a_single_year_is_the_mean_of_the_days_far_away() -> None:
    days = np.arange("2023-01-01", "2023-07-01", dtype="datetime64[D]")
    theta = np.random.default_rng(4).uniform(0.1, 0.4, (1, days.size))
    found = baselines.climatology(theta, days)
    day = 90
    assert found[0, day] == pytest.approx(np.mean(np.r_[theta[0, :61], theta[0, 120:]]))


# ---- at stations


@settings(max_examples=60, deadline=None)
@given(pixels=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), min_size=1, max_size=12))
def test_every_pixel_is_in_one_group_and_neighbours_share(pixels: list[tuple[int, int]]) -> None:
    groups = group_pixels(pixels, 16, 64)
    assert sorted(index for _, members in groups for index in members) == list(range(len(pixels)))
    for window, members in groups:
        assert all(window.contains(Window(*pixels[index], 1, 1)) for index in members)
    assert len(group_pixels([pixels[0], (pixels[0][0] + 20, pixels[0][1] + 9)], 16, 64)) == 1


def test_predictions_at_stations_are_those_of_the_map(ground: Path) -> None:
    model = open_model(ground, 20)
    stack = stack_for(ground, model)
    stations = stack.store.stations()
    found = point_series(model, stack, PERIOD, stations.longitudes, stations.latitudes, 1, lambda share: None)
    whole = predict_window(model, stack, PERIOD[9], HERE)
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    expected = whole[rows.astype(int) - HERE.row, columns.astype(int) - HERE.column]
    np.testing.assert_allclose(found[:, 9], expected, atol=1e-5)


def test_a_halo_that_was_taken_for_too_small_is_noticed_and_all_is_computed_with_the_whole(
        ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = open_model(ground, 5)
    stack = stack_for(ground, model)
    stations = stack.store.stations()
    position = stations.longitudes[:1], stations.latitudes[:1]
    monkeypatch.setattr(_Places, "_needed_halo", lambda self, probes: 0)
    alone = _Places._with_halo
    worst: list[float] = []

    def watched(self: _Places, *given: object) -> np.ndarray:
        found = alone(self, *given)
        worst.append(float(np.abs(found - self._as_maps(PERIOD)).max()))
        return found

    monkeypatch.setattr(_Places, "_with_halo", watched)
    found = point_series(model, stack, PERIOD, *position, 1)
    expected = [predict_window(model, stack, day, HERE) for day in PERIOD]
    column, row = (int(value[0]) for value in lonlat_to_pixel(*position))
    np.testing.assert_allclose(found[0], [one[row - HERE.row, column - HERE.column] for one in expected], atol=1e-5)
    assert worst[0] > TOLERANCE, "without a halo this network has other values, so the check had something to notice"


class Observed:
    """A store with other observations: what the models predict, shifted by 0.02 at 20 cm, with a gap."""

    def __init__(self, ground: Path) -> None:
        self._store = Store.open(ground / "store")
        plain = self._store.stations()
        theta = np.full_like(plain.theta, np.nan)
        for level, depth in enumerate((5, 20)):
            model = open_model(ground, depth)
            theta[:, level, 30:] = point_series(model, stack_for(ground, model), DAYS[30:], plain.longitudes,
                                              plain.latitudes, 1, lambda share: None) - 0.02 * level
        theta[0, :, 40:43] = np.nan
        self._stations = Stations(plain.ids, plain.names, plain.networks, plain.longitudes, plain.latitudes,
                                  plain.depths_cm, plain.dates, theta)

    def stations(self) -> Stations:
        return self._stations

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


@pytest.fixture(scope="module")
def observed(ground: Path) -> Observed:
    return Observed(ground)


def test_an_evaluation_finds_the_error_that_was_put_in(ground: Path, observed: Observed) -> None:
    found = by_networks(observed, {depth: open_model(ground, depth) for depth in (5, 20)}, PERIOD)
    for comparison, error in zip(found.comparisons, (0.0, 0.02), strict=True):
        own = comparison.summaries()["model"].median
        assert own["mae"] == pytest.approx(error, abs=1e-4) and own["bias"] == pytest.approx(error, abs=1e-4)
        assert comparison.scores["a"]["model"].n == len(PERIOD) - 6, "the gap, and the days a week after it"
        assert {score.n for score in comparison.scores["a"].values()} == {0, len(PERIOD) - 6}, "one n in all rows"
        assert comparison.scores["b"]["model"].n == len(PERIOD)
        assert comparison.summaries()["persistence"].median["mae"] > 0.001
    text = table(found)
    for word in ("synthetic", *baselines.DESCRIPTIONS, "ubRMSD", "worst first", "20 cm"):
        assert word in text


def test_the_job_writes_the_table_and_the_scores(ground: Path, observed: Observed, tmp_path: Path,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    context = make_context(ground, tmp_path / "home")
    folder = new_job(context, kind="evaluate", area=None, depths_cm=[20], options={"stations": ["c", "a"]},
                     dates={"start": str(PERIOD[0]), "end": str(PERIOD[-1])})
    monkeypatch.setattr(type(context.regions), "get", lambda self, region: observed)
    find_kind("evaluate").run(folder.specification(), folder, context)
    assert [(r["name"], r["kind"]) for r in folder.output_records()] == [
        ("station_comparison.csv", "table"), ("station_metrics.json", "metrics")]
    with (folder.outputs_path / "station_comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["station", "name", "longitude", "latitude", "depth_cm", "date", "observed", "predicted",
                             "precipitation_mm", "lower", "upper"]
    assert [(row["station"], row["date"]) for row in rows] == [(s, str(day)) for s in "ca" for day in PERIOD]
    gap = next(row for row in rows if (row["station"], row["date"]) == ("a", str(DAYS[41])))
    assert gap["observed"] == "" and 0 < float(gap["predicted"]) < 1
    for row in rows:
        if row["observed"]:
            assert float(row["predicted"]) - float(row["observed"]) == pytest.approx(0.02, abs=2e-4)
    scores = json.loads((folder.outputs_path / "station_metrics.json").read_text(encoding="utf-8"))
    assert [entry["id"] for entry in scores["depths"]["20"]["stations"]] == ["c", "a"]
    assert set(scores["depths"]["20"]["summary"]) == {"model", *baselines.DESCRIPTIONS}


class Rainless:
    """A store without precipitation on a day of the period."""

    def __init__(self, store: Observed) -> None:
        self._store = store

    def coarse(self, channel: str) -> CoarseSeries:
        series = self._store.coarse(channel)
        if channel != "precipitation":
            return series
        values = series.values.copy()
        values[series.index(PERIOD[3])] = np.nan
        return replace(series, values=values)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def test_a_missing_day_of_rain_is_no_end(ground: Path, observed: Observed) -> None:
    """It is filled as for the soil columns, and the other days are what they were."""
    model = {20: open_model(ground, 20)}
    whole, found = (by_networks(store, model, PERIOD, raw=True).comparisons[0].predicted
                    for store in (observed, Rainless(observed)))
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[:, :3], whole[:, :3])
    assert 0 < np.abs(found - whole)[:, 3:].max() < 0.1


class Faulty:
    """As observed, but for a value that no soil can hold at one station, and a day that the source took out."""

    def __init__(self, observed: Observed) -> None:
        self._observed = observed
        plain = observed.stations()
        theta, rejected = plain.theta.copy(), np.zeros(plain.theta.shape, np.uint8)
        theta[1, 1, 42], theta[2, 1, 43] = 0.9, np.nan
        rejected[2, 1, 43] = REASONS.index("flagged")
        self._stations = replace(plain, theta=theta, rejected=rejected)

    def stations(self) -> Stations:
        return self._stations

    def __getattr__(self, name: str) -> object:
        return getattr(self._observed, name)


def test_what_quality_control_rejects_is_left_out_and_told(ground: Path, observed: Observed) -> None:
    models = {20: open_model(ground, 20)}
    (kept,) = by_networks(Faulty(observed), models, PERIOD).comparisons
    assert kept.scores["b"]["model"].n == len(PERIOD) - 2 and kept.scores["b"]["model"].mae < 0.021
    told = by_networks(Faulty(observed), models, PERIOD, only=["b", "c"])
    quality = told.to_dict()["depths"]["20"]["quality"]
    assert (quality["unphysical"], quality["flagged"], quality["kept"]) == (1, 1, 2 * len(PERIOD) - 2)
    assert set(quality["stations"]) == {"b", "c"}
    assert "2 of 46 station-days rejected: 1 flagged, 1 unphysical" in table(told)
    raw = by_networks(Faulty(observed), models, PERIOD, raw=True)
    assert raw.comparisons[0].scores["b"]["model"].n == len(PERIOD)
    assert raw.comparisons[0].scores["b"]["model"].mae > 0.04
    assert raw.to_dict()["depths"]["20"]["quality"] is None and "rejected" not in table(raw)


def test_what_the_store_knows_of_soil_and_rain_is_taken_at_the_stations(ground: Path) -> None:
    store = Store.open(ground / "store")
    stations = store.stations()
    found = static_at(store, "sand", stations.longitudes, stations.latitudes)
    columns, rows = lonlat_to_pixel(stations.longitudes, stations.latitudes)
    whole = store.read_static("sand", store.window)
    np.testing.assert_array_equal(found, whole[rows.astype(int) - store.window.row,
                                               columns.astype(int) - store.window.column])
    days = np.arange(stations.dates[0] - 2, stations.dates[-1] + 1)
    rain = coarse_at(store, "precipitation", stations.longitudes, stations.latitudes, days)
    series = store.coarse("precipitation")
    for s in range(len(stations)):
        row = np.abs(series.latitudes - stations.latitudes[s]).argmin()
        column = np.abs(series.longitudes - stations.longitudes[s]).argmin()
        inside = np.isin(days, series.dates)
        np.testing.assert_array_equal(rain[s, inside], series.values[np.isin(series.dates, days), row, column])
        assert np.isnan(rain[s, ~inside]).all()


def test_scores_by_season_are_printed_and_written(ground: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                  monkeypatch: pytest.MonkeyPatch, observed: Observed) -> None:
    monkeypatch.setattr(Store, "open", lambda path: observed)
    models = open_model(ground, 20).path.parent
    assert main(["evaluate", "x", "--start", str(PERIOD[0]), "--end", str(PERIOD[-1]), "--depth", "20", "--by-season",
                 "--models", str(models), "--output", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "20 cm by season" in printed and "season_20cm.csv" in printed
    rows = list(csv.DictReader((tmp_path / "season_20cm.csv").read_text(encoding="utf-8").splitlines()))
    assert {row["prediction"] for row in rows} == {"model", *baselines.DESCRIPTIONS} - {"climatology"}
    assert "Without a value on these days: climatology." in printed, "a month knows no other days a month away"
    whole = next(row for row in rows if (row["prediction"], row["period"]) == ("model", "all"))
    assert float(whole["MAE pooled"]) == pytest.approx(0.02, abs=1e-3)
    assert whole["stations"] == "3"


def test_what_cannot_be_compared_is_said(ground: Path, observed: Observed) -> None:
    models = {20: open_model(ground, 20)}
    with pytest.raises(DeepSoilError, match="'x'") as caught:
        by_networks(observed, models, PERIOD, only=["x"])
    assert caught.value.code == "station_unknown"
    with pytest.raises(DeepSoilError, match="No station has readings") as caught:
        by_networks(Store.open(ground / "store"), models, PERIOD[:2])
    assert caught.value.code == "no_observations"


def test_training_and_evaluation_refuse_the_same_sensors(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sensor at 10 cm does not stand for 5 cm, whoever asks."""
    store = Store.open(ground / "store")
    deeper = replace(store.stations(), depths_cm=np.array([10.0, 30.0]))
    monkeypatch.setattr(Store, "stations", lambda self: deeper)
    for depth_cm in DEPTHS:
        model = open_model(ground, depth_cm)
        with pytest.raises(DeepSoilError, match=f"measures near {depth_cm} cm"):
            by_networks(store, {depth_cm: model}, PERIOD)
        with pytest.raises(DeepSoilError, match=f"measures near {depth_cm} cm"):
            StationInputs.read(store, model.contract.channel_uses(), depth_cm)
