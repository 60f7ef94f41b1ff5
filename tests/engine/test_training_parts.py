"""Parts of a training against values worked out a second way: weather, baselines, scores, textures, mixing."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.soil.rosetta import parameters
from deepsoil.soil.vegetation import GROUPS
from deepsoil.training import baselines, station_scores, supervision, weather_runs
from deepsoil.training.batches import complete
from deepsoil.training.column_tables import ColumnTable, _codes, _theta, lattice, lattice_weights
from deepsoil.training.configuration_columns import WeatherSeries
from deepsoil.training.scores import SimulationScore, contract_metrics, score, table
from deepsoil.training.splits import Parts
from deepsoil.training.weather_runs import WeatherRun

DATES = np.arange("2019-12-01", "2021-03-01", dtype="datetime64[D]")


def run(dates: np.ndarray = DATES, name: str = "w") -> WeatherRun:
    day = np.arange(len(dates), dtype=np.float32)
    return WeatherRun(name, dates, day, day + 1000, day + 2000, day + 3000)


# ---- weather

def test_a_part_of_the_weather_is_its_days_and_a_perturbed_site_follows_its_rules() -> None:
    part = run().part(np.datetime64("2020-02-28"), 3, "p")
    assert [str(day) for day in part.dates] == ["2020-02-28", "2020-02-29", "2020-03-01"] and part.name == "p"
    start = (np.datetime64("2020-02-28") - DATES[0]).astype(int)
    for offset, name in ((0, "precipitation"), (1000, "temperature"), (2000, "vpd"), (3000, "pet")):
        assert getattr(part, name).tolist() == [start + offset + n for n in range(3)]
        assert part.daily()[name] is getattr(part, name)
    warm = part.perturbed(1.2, 2.0, 0.9)
    np.testing.assert_allclose(warm.precipitation, part.precipitation * 1.2, rtol=1e-6)
    np.testing.assert_allclose(warm.temperature, part.temperature + 2, rtol=1e-6)
    np.testing.assert_allclose(warm.pet, part.pet * 0.9 * 1.08, rtol=1e-6)
    np.testing.assert_allclose(warm.vpd, part.vpd * 0.9 * np.exp(0.12), rtol=1e-6)
    assert (part.perturbed(1, -30.0, 1).pet == 0).all()


def csv(path: Path, **columns: Any) -> WeatherSeries:
    base = {"day": ["2020-01-01", "2020-01-02", "2020-01-03"], "rain": [1.0, -0.1, 3.0], "low": [0.0, 10.0, 20.0],
            "high": [10.0, 20.0, 30.0], "et": [1.0, -2.0, 3.0], "ea": [0.5, 9.0, 1.0]}
    pd.DataFrame({**base, **columns}).to_csv(path / "s.csv", index=False)
    return WeatherSeries(name="s", file="s.csv", date="day", precipitation="rain", temperature=["low", "high"],
                         pet="et", vapour_pressure="ea")


def test_a_series_is_read_with_its_means_and_nothing_below_zero(tmp_path: Path) -> None:
    found = weather_runs.read_series(csv(tmp_path), tmp_path)
    assert found.precipitation.tolist() == [1, 0, 3] and found.pet.tolist() == [1, 0, 3]
    assert found.temperature.tolist() == [5, 15, 25]
    # saturation at 0, 10, 20, 30 °C: 0.611, 1.228, 2.338, 4.243 kPa
    np.testing.assert_allclose(found.vpd, [(0.611 + 1.228) / 2 - 0.5, 0, (2.338 + 4.243) / 2 - 1], atol=1e-3)
    for columns, code in (({"day": ["2020-01-01", "2020-01-02", "2020-01-04"]}, "weather_invalid"),
                          ({"et": [1.0, None, 3.0]}, "weather_invalid")):
        with pytest.raises(DeepSoilError) as caught:
            weather_runs.read_series(csv(tmp_path, **columns), tmp_path)
        assert caught.value.code == code
    with pytest.raises(DeepSoilError) as caught:
        weather_runs.read_series(csv(tmp_path), tmp_path / "elsewhere")
    assert caught.value.code == "weather_missing"


@pytest.mark.parametrize(("years", "days"), [(1, 365), (3, 1095), (4, 1461), (8, 2922)])
def test_runs_lie_evenly_in_the_period_and_the_unseen_ones_begin_where_they_are_told(
        monkeypatch: pytest.MonkeyPatch, years: int, days: int) -> None:
    whole = run(np.arange("2000-06-01", "2021-06-02", dtype="datetime64[D]"), "w")
    monkeypatch.setattr(weather_runs, "read_series", lambda series, root: whole)
    choice: Any = SimpleNamespace(root="/w", series=[SimpleNamespace(name="w")])
    simulation: Any = SimpleNamespace(
        seed=1, years=years, runs_per_series=3, period=("2001-01-01", "2019-12-31"), unseen={"w": "2010-01-01"},
        irrigation=None, precipitation_factor=(0.5, 2.0), temperature_shift=(-3.0, 3.0), pet_factor=(0.8, 1.2))
    training, unseen = weather_runs.make_runs(choice, simulation)
    begins = [one.dates[0] for one in training]
    assert str(begins[0]) == "2001-01-01" and str(training[-1].dates[-1]) == "2019-12-31"
    assert {len(one.dates) for one in (*training, *unseen)} == {days}
    assert abs((begins[1] - begins[0]) - (begins[2] - begins[1])) <= np.timedelta64(1, "D")
    assert unseen[0].name == "w 2010-01-01" and training[0].name == "w 2001-01-01"
    for one in training[1:]:
        start = (one.dates[0] - whole.dates[0]).astype(int)
        assert 0.5 <= one.precipitation[0] / start <= 2.0 and -3.0 <= one.temperature[0] - start - 1000 <= 3.0
    assert training[1].precipitation[0] / (begins[1] - whole.dates[0]).astype(int) != pytest.approx(1.0, abs=1e-3)
    last = whole.dates[-1] - np.timedelta64(days - 1, "D")
    simulation.unseen = {"w": str(last)}
    weather_runs.make_runs(choice, simulation)
    simulation.unseen = {"w": str(last + 1)}
    with pytest.raises(DeepSoilError) as caught:
        weather_runs.make_runs(choice, simulation)
    assert caught.value.code == "weather_short"


# ---- textures and tables

@pytest.mark.parametrize("step", [5, 10, 50])
def test_a_texture_is_the_weighted_mean_of_three_points_of_the_lattice(step: int) -> None:
    nodes = lattice(step)
    assert (nodes.sum(1) == 100).all() and len(nodes) == (100 // step + 1) * (100 // step + 2) // 2
    rng = np.random.default_rng(1)
    drawn = 100 * np.concatenate([rng.dirichlet([1, 1, 1], 400), np.eye(3), [[0.5, 0.5, 0], [0, 0.5, 0.5]]])
    rows, weights = lattice_weights(drawn[:, 0].astype(np.float32), drawn[:, 1].astype(np.float32), step)
    np.testing.assert_allclose(weights.sum(0), 1.0, atol=1e-5)
    assert weights.min() > -1e-4
    used = np.where(weights[..., None] > 1e-4, nodes[rows] * weights[..., None], 0).sum(0)
    np.testing.assert_allclose(used, drawn, atol=0.02)
    spread = np.abs(np.where(weights[..., None] > 1e-4, nodes[rows] - drawn[None], 0))
    assert spread.max() <= step + 1e-3, "the nearest three, not any three"


def test_saturation_is_between_the_limits_of_each_soil_and_codes_keep_what_failed() -> None:
    textures = lattice(50).astype(np.float32)
    shape = (2, len(GROUPS), len(textures), len(DEPTHS), 5)
    theta = np.random.default_rng(2).uniform(0.1, 0.4, shape).astype(np.float32)
    made = ColumnTable([run(DATES[:5]), run(DATES[5:10])], textures, theta, 0)
    soil = parameters(*textures.T)
    for level, depth_cm in enumerate(DEPTHS):
        found = made.saturation(depth_cm)
        assert found.shape == (2, 5, len(GROUPS), len(textures))
        for r, t, k, m in ((0, 1, 2, 3), (1, 4, 0, 5)):
            wanted = (theta[r, k, m, level, t] - soil.theta_r[m]) / (soil.theta_s[m] - soil.theta_r[m])
            assert found[r, t, k, m] == pytest.approx(wanted, rel=1e-5)
    assert made.dates.shape == (2, 5) and made.dates[1, 0] == DATES[5]
    back = _theta(_codes(np.array([0.12345, np.nan, 0.0], np.float32)))
    assert back[0] == pytest.approx(0.12345, abs=6e-6) and np.isnan(back[1]) and back[2] == 0


def test_unknown_soil_is_a_loam_and_known_soil_stays() -> None:
    soil = complete(parameters([60.0, np.nan], [20.0, 20.0], [20.0, 20.0]))
    for values, known, loam in zip(soil.arrays(), parameters(60.0, 20.0, 20.0).arrays(),
                                   parameters(40.0, 40.0, 20.0).arrays(), strict=True):
        assert values.tolist() == [float(known), float(loam)]


# ---- baselines

def test_the_climatology_of_columns_is_the_mean_within_fifteen_days_of_the_year() -> None:
    rng = np.random.default_rng(3)
    saturation = rng.random((2, len(DATES), 2, 3)).astype(np.float32)
    dates = np.stack([DATES, DATES + np.timedelta64(100, "D")])
    known = rng.random(dates.shape) < 0.5
    known[:, (np.datetime64("2020-04-01") <= DATES) & (np.datetime64("2020-12-01") > DATES)] = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = baselines.climatology(saturation, dates, known)
    of_year = (dates - dates.astype("datetime64[Y]")).astype(int) + 1
    overall = saturation[known].mean(0)
    for number in (1, 2, 15, 16, 40, 100, 200, 250, 350, 365, 366):
        apart = np.minimum(np.abs(of_year - number), 366 - np.abs(of_year - number))
        near = known & (apart <= 15)
        np.testing.assert_allclose(found[number - 1], saturation[near].mean(0) if near.any() else overall, rtol=1e-5)
    week = baselines.persistence(saturation)
    np.testing.assert_array_equal(week[:, 7:], saturation[:, :-7])
    assert all((week[:, day] == saturation[:, 0]).all() for day in range(7))


@pytest.mark.parametrize("same_place", [True, False])
def test_trivial_tables_know_the_site_itself_or_the_mean_of_all(same_place: bool) -> None:
    rng = np.random.default_rng(4)
    dates = np.stack([DATES[:400], DATES[50:450]])
    maker: Any = SimpleNamespace(saturation=rng.random((2, 400, 1, 2)).astype(np.float32),
                                 table=SimpleNamespace(dates=dates))
    known = rng.random((2, 400)) < 0.7
    found = baselines.trivial_tables(maker, known, maker, same_place)
    assert all(values.shape == maker.saturation.shape for values in found.values())
    for r, t in ((0, 3), (1, 399), (1, 200)):
        sites = [r] if same_place else [0, 1]
        mean = np.concatenate([maker.saturation[s][known[s]] for s in sites]).mean(0)
        np.testing.assert_allclose(found["mean of texture and cover"][r, t], mean, rtol=1e-5)
        cut = [slice(s, s + 1) for s in sites] if same_place else [slice(0, 2)]
        own = baselines.climatology(maker.saturation[cut[0]], dates[cut[0]], known[cut[0]])
        day = int((dates[r, t] - dates[r, t].astype("datetime64[Y]")).astype(int))
        np.testing.assert_allclose(found["climatology"][r, t], own[day], rtol=1e-5)


def test_least_squares_find_a_plane() -> None:
    rng = np.random.default_rng(5)
    x = rng.random((200, 3)).astype(np.float32)
    predict = baselines.linear_regression(x, 0.1 + x @ np.array([0.2, -0.3, 0.05], np.float32))
    image = rng.random((2, 3, 4, 5)).astype(np.float32)
    np.testing.assert_allclose(predict(image), 0.1 + np.einsum("nchw,c->nhw", image, [0.2, -0.3, 0.05]), atol=1e-5)


# ---- scores

def test_scores_are_their_formulas_over_labelled_pixels() -> None:
    rng = np.random.default_rng(6)
    observed = [rng.random((2, 4, 4)).astype(np.float32) for _ in range(2)]
    predicted = [values + 0.1 * rng.standard_normal(values.shape).astype(np.float32) + 0.05 for values in observed]
    observed[0][0, 0], observed[1][:, 2] = np.nan, np.nan
    found = score("dates", "m", predicted, observed)
    o, p = (np.concatenate([part.ravel() for part in parts]) for parts in (observed, predicted))
    there = np.isfinite(o)
    error = (p - o)[there]
    assert found.pixels == there.sum() == 64 - 4 - 8
    assert (found.mae, found.rmse, found.bias) == pytest.approx(
        (np.abs(error).mean(), np.sqrt((error**2).mean()), error.mean()), rel=1e-5)
    assert found.r2 == pytest.approx(1 - (error**2).sum() / ((o[there] - o[there].mean()) ** 2).sum(), rel=1e-5)
    assert f"| dates | m | {found.mae:.4f} |" in table([found]) and f"{found.bias:+.4f}" in table([found])


def test_a_contract_names_the_best_trivial_baseline_of_each_set() -> None:
    rows = [SimulationScore(name, model, 9, mae, 2 * mae, 0.0, 0.5) for name, maes in (
        ("a", (0.01, 0.05, 0.03, 0.04, 0.001)), ("b", (0.02, 0.06, 0.09, 0.05, 0.001))) for model, mae in zip(
        ("this network", "climatology", "persistence 7 d", "mean of texture and cover", "linear regression"), maes,
        strict=True)]
    found = [(one.split, one.name, one.value, one.baseline, one.baseline_value) for one in contract_metrics(rows)]
    assert found == [("a", "MAE", 0.01, "persistence 7 d", 0.03), ("a", "RMSE", 0.02, "persistence 7 d", 0.06),
                     ("b", "MAE", 0.02, "mean of texture and cover", 0.05),
                     ("b", "RMSE", 0.04, "mean of texture and cover", 0.1)]


def test_stations_are_scored_by_part_and_a_part_that_is_another_is_left_out() -> None:
    observed = np.array([[0.1, 0.2, np.nan, 0.3], [0.2, 0.2, 0.4, 0.1]], np.float32)
    predicted = observed + np.array([[0.01, -0.03, 0.0, 0.02], [0.0, 0.0, 0.0, 0.0]], np.float32)
    first, second = np.array([[True] * 4, [False] * 4]), np.array([[False] * 4, [True] * 4])
    none = np.zeros((2, 4), bool)
    stations = SimpleNamespace(dates=np.arange("2023-01-01", "2023-01-05", dtype="datetime64[D]"))
    inputs = SimpleNamespace(observed=observed, predict=lambda network: predicted, stations=stations)

    def of(train: np.ndarray, validation: np.ndarray, test: np.ndarray) -> dict[str, Any]:
        made: Any = SimpleNamespace(inputs=inputs, parts=Parts(train, validation, test))
        return {row.part: row for row in station_scores.station_scores(made, lambda x: x[:, 0])}

    rows = of(first, second, none)
    assert list(rows) == ["train", "validation"]
    train = rows["train"]
    assert (train.stations, train.days) == (1, 3) and train.mae == pytest.approx(0.02)
    assert train.bias == pytest.approx(0.0, abs=1e-6) and train.rmse == pytest.approx(np.sqrt(0.0014 / 3), rel=1e-4)
    assert train.r == pytest.approx(np.corrcoef([0.11, 0.17, 0.32], [0.1, 0.2, 0.3])[0, 1], rel=1e-4)
    assert rows["validation"].mae == 0 and list(of(first, second, second)) == ["train", "test"]
    assert list(of(first, first, second)) == ["train", "test"]
    still = station_scores._score("x", 1, np.array([0.1, 0.1], np.float32), np.array([0.1, 0.2], np.float32))
    assert np.isnan(still.r) and still.mae == pytest.approx(0.05)


# ---- what is held out

def parts_of(kind: str, period: tuple[str, str] = ("2019-12-30", "2021-01-03"), **split: Any) -> Parts:
    dates = np.arange(*period, dtype="datetime64[D]")
    stations = SimpleNamespace(dates=dates, longitudes=np.array([0.0, 10.0, 20.0]), latitudes=np.zeros(3))
    usual = {"kind": kind, "folds": 3, "fold": 0, "seed": 0, "distance_km": 10.0, "block_days": 30, "gap_days": 30}
    configuration: Any = SimpleNamespace(split=SimpleNamespace(**{**usual, **split}))
    inputs: Any = SimpleNamespace(stations=stations, observed=np.zeros((3, len(dates))))
    return supervision.station_parts(configuration, inputs)


def test_a_year_a_station_or_blocks_are_held_out() -> None:
    for number, days in ((0, 2), (1, 366), (2, 2)):
        found = parts_of("leave_year_out", fold=number)
        assert found.test.sum() == 3 * days and (found.train ^ found.test).all()
        assert (found.validation == found.test).all()
    with pytest.raises(DeepSoilError) as caught:
        parts_of("leave_year_out", fold=3)
    assert caught.value.code == "year_missing" and caught.value.values["last"] == 2
    every = parts_of("none")
    assert every.train.all() and every.validation.all() and not every.test.any()
    tested = np.sum([parts_of("leave_station_out", fold=fold).test.all(1) for fold in range(3)], axis=0)
    assert tested.tolist() == [1, 1, 1]
    fifth, second = (parts_of("leave_station_out", fold=fold).test for fold in (4, 1))
    np.testing.assert_array_equal(fifth, second)
    last_days = ("2020-12-30", "2021-06-30")
    both = [parts_of("leave_station_and_year_out", last_days, fold=fold, year=0, gap_days=30) for fold in range(3)]
    for found in both:
        assert found.train[:, 32:].any(0).all() and not found.train[:, :32].any(), "30 days share the year's weather"
    both = [parts_of("leave_station_and_year_out", fold=fold, year=1, gap_days=0) for fold in range(3)]
    for found in both:
        assert not found.train[found.test.any(1)].any(), "a held-out station has no held-in day"
        assert not found.train[:, found.test.any(0)].any(), "the held-out year has no held-in station"
        assert (found.train.any(1) ^ found.test.any(1)).all() and (found.train.any(0) ^ found.test.any(0)).all()
        assert (found.validation == found.test).all(), "nothing of them chooses the weights: the last are kept"
    assert (np.sum([found.test for found in both], axis=0) == parts_of("leave_year_out", fold=1).test).all()
    blocks = parts_of("blocked")
    assert blocks.train.shape == (3, 370) and not (blocks.train & blocks.test).any() and blocks.train.any()


def test_batches_are_simulated_with_their_probability_and_drawn_from_where_they_say() -> None:
    def source(name: str) -> Any:
        return SimpleNamespace(draw=lambda key, batch, size: (name, key, batch, size))

    for share in (0.0, 0.3, 1.0):
        mixed = supervision.Mixed(source("simulated"), source("stations"), share)
        drawn = [mixed.draw((7, step), 5, 16) for step in range(1500)]
        assert np.mean([one[0] == "simulated" for one in drawn]) == pytest.approx(share, abs=0.04)
        assert drawn[9][1:] == ((7, 9), 5, 16) and drawn == [mixed.draw((7, step), 5, 16) for step in range(1500)]
