"""The paper's tables in form: their figures are those of numpy on the whole, and their rows are over the same days."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from deepsoil.evaluation import metrics
from deepsoil.evaluation.seasons import PERIODS, by_season, months, season_table
from deepsoil.evaluation.table_files import Spread, Tabular
from deepsoil.experiments.distribution import Distribution, distribution_table, gather, histogram_distance
from deepsoil.experiments.runs import run_table
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

# ---- distributions

labels = hnp.arrays(np.float32, st.integers(1, 200), elements=st.floats(-0.125, 1.125, width=32) | st.just(np.nan))


@settings(max_examples=100, deadline=None)
@given(values=labels, cut=st.lists(st.integers(0, 200), max_size=4))
def test_chunks_merge_to_what_numpy_says_of_the_whole(values: np.ndarray, cut: list[int]) -> None:
    whole = gather(np.split(values, sorted(cut)))
    x = values[np.isfinite(values)].astype(np.float64)
    assert whole.rows == x.size and whole.histogram.sum() == x.size
    if not x.size:
        assert np.isnan(whole.deviation) and np.isnan(whole.percentile(50))
        return
    assert (whole.minimum, whole.maximum) == (x.min(), x.max())
    np.testing.assert_allclose([whole.mean, whole.deviation], [x.mean(), x.std()], atol=1e-12)
    for percent in (1, 5, 50, 95, 99):
        exact = np.percentile(x, percent, method="inverted_cdf")
        if -1e-6 <= exact <= 1 + 1e-6:
            assert whole.percentile(percent) == pytest.approx(exact, abs=1e-4)
        else:
            assert whole.percentile(percent) in (whole.minimum, whole.maximum)
    np.testing.assert_array_equal(whole.histogram, Distribution.of(values).histogram)


def test_moments_do_not_suffer_from_many_equal_chunks() -> None:
    """A spread of 1e-5 around 0.25 in a thousand chunks: plain sums of squares would lose digits of it."""
    rng = np.random.default_rng(0)
    values = rng.normal(0.25, 1e-5, (1000, 100))
    whole = gather(values)
    assert whole.deviation == pytest.approx(values.std(), rel=1e-9) and whole.mean == pytest.approx(values.mean())


def test_a_column_counts_as_often_as_it_has_pixels() -> None:
    rng = np.random.default_rng(1)
    columns, pixels = rng.uniform(0.1, 0.4, (7, 30)), rng.integers(0, 5, 7)
    weighted = Distribution.of(columns, pixels[:, None])
    every = Distribution.of(np.repeat(columns, pixels, axis=0))
    np.testing.assert_array_equal(weighted.histogram, every.histogram)
    assert (weighted.rows, weighted.minimum, weighted.maximum) == (every.rows, every.minimum, every.maximum)
    np.testing.assert_allclose([weighted.mean, weighted.deviation], [every.mean, every.deviation])


@settings(max_examples=50, deadline=None)
@given(a=labels, b=labels)
def test_the_distance_is_that_of_histograms_with_bins_of_a_hundredth(a: np.ndarray, b: np.ndarray) -> None:
    a, b = (np.round(x[np.isfinite(x)].astype(np.float64), 6) for x in (a, b))
    found = histogram_distance(Distribution.of(a), Distribution.of(b))
    if not (a.size and b.size):
        assert np.isnan(found)
        return
    edges = np.concatenate([[-np.inf], np.arange(101) / 100, [np.nextafter(1.0, 2), np.inf]])
    hundredths = [np.histogram(np.round(x, 6), edges)[0] / x.size for x in (a, b)]
    # The last bin holds 1 itself, as numpy's last bin does.
    for shares in hundredths:
        shares[100] += shares[101]
    p, q = (np.delete(shares, 101) for shares in hundredths)
    assert found == pytest.approx(np.abs(p - q).sum(), abs=1e-12)
    assert found == histogram_distance(Distribution.of(b), Distribution.of(a)) and 0 <= found <= 2 + 1e-12
    assert histogram_distance(Distribution.of(a), Distribution.of(a)) == 0


def test_values_on_an_edge_fall_to_the_same_side_whatever_their_precision() -> None:
    steps = np.arange(0, 101) / 100
    assert histogram_distance(Distribution.of(steps), Distribution.of(steps.astype(np.float32))) == 0
    inside = Distribution.of(steps).shares()[1:-1] * 101
    np.testing.assert_allclose(inside, [*np.ones(99), 2])


def test_the_table_of_distributions_has_the_rows_of_the_paper() -> None:
    simulated, measured = np.full(100, 0.2), np.linspace(0, 0.5, 101)
    text = distribution_table({"simulated": Distribution.of(simulated), "in situ": Distribution.of(measured)}).csv()
    first, second = csv.DictReader(io.StringIO(text))
    assert list(first) == ["labels", "rows", "mean", "std", "min", "max", "P1", "P5", "P50", "P95", "P99", "L1"]
    assert (first["rows"], first["L1"]) == ("100", "")
    assert float(second["P50"]) == pytest.approx(0.25, abs=1e-4)
    assert float(second["L1"]) == pytest.approx(2 - 2 * 2 / 101, abs=0.05)


# ---- seasons

YEAR = np.arange("2022-01-01", "2024-01-01", dtype="datetime64[D]")


def observations(seed: int = 0, stations: int = 4) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    observed = rng.uniform(0.1, 0.4, (stations, YEAR.size))
    observed[rng.random(observed.shape) < 0.2] = np.nan
    predicted = observed + rng.normal(0.01, 0.03, observed.shape)
    predicted[rng.random(observed.shape) < 0.1] = np.nan
    return observed, predicted


def test_scores_by_season_are_those_of_its_days() -> None:
    observed, predicted = observations()
    found = by_season(observed, predicted, YEAR)
    months_of = {"DJF": (12, 1, 2), "MAM": (3, 4, 5), "JJA": (6, 7, 8), "SON": (9, 10, 11)}
    of_day = np.array([int(str(day)[5:7]) for day in YEAR])
    np.testing.assert_array_equal(months(YEAR), of_day)
    for season, wanted in months_of.items():
        part = np.isin(of_day, wanted)
        both = np.isfinite(observed) & np.isfinite(predicted) & part
        d = predicted[both] - observed[both]
        assert found[season].pairs == both.sum() and found[season].stations == 4
        assert found[season].pooled == pytest.approx(
            {"bias": d.mean(), "mae": np.abs(d).mean(), "rmse": np.sqrt((d**2).mean()), "ubrmsd": d.std(),
             "r": np.corrcoef(observed[both], predicted[both])[0, 1]}, abs=1e-9)
        each = [np.abs((predicted - observed)[s][both[s]]).mean() for s in range(4)]
        assert found[season].median["mae"] == pytest.approx(np.median(each))
    assert sum(found[season].pairs for season in months_of) == found["all"].pairs
    assert found["without DJF"].pairs == found["all"].pairs - found["DJF"].pairs


def test_a_pooled_r_says_little_of_the_stations_and_both_are_told() -> None:
    """Every station is followed exactly but for its level: the pooled r drops, the median r is 1."""
    rng = np.random.default_rng(3)
    observed = 0.25 + rng.normal(0, 0.02, (5, YEAR.size))
    predicted = observed + np.array([[-0.1], [0.1], [0.0], [-0.05], [0.05]])
    found = by_season(observed, predicted, YEAR)["JJA"]
    assert found.median["r"] == pytest.approx(1) and found.pooled["r"] < 0.4


def test_a_station_with_few_days_counts_in_the_pool_only() -> None:
    observed, predicted = observations()
    summer = np.isin(months(YEAR), (6, 7, 8))
    observed[0, np.flatnonzero(summer)[metrics.FEWEST_DAYS - 1:]] = np.nan
    found = by_season(observed, predicted, YEAR)["JJA"]
    assert found.stations == 3 and found.pairs > (np.isfinite(observed[1:, summer] + predicted[1:, summer])).sum()


def test_all_rows_of_the_season_table_are_over_the_same_pairs() -> None:
    observed, predicted = observations()
    late = np.where(np.arange(YEAR.size) < 100, np.nan, observed)
    table = season_table(observed, {"model": predicted, "late": late, "never": np.full_like(observed, np.nan)}, YEAR,
                         "20 cm")
    rows = list(csv.DictReader(io.StringIO(table.csv())))
    assert [(row["prediction"], row["period"]) for row in rows] == [(name, period) for name in ("model", "late")
                                                                    for period in PERIODS]
    pairs = {name: [row["pairs"] for row in rows if row["prediction"] == name] for name in ("model", "late")}
    assert pairs["model"] == pairs["late"]
    assert int(pairs["model"][-1]) == np.isfinite(observed + predicted + late).sum()


# ---- runs


def test_runs_have_their_spread_over_seeds_and_baselines_the_same_pairs() -> None:
    observed, _ = observations()
    rng = np.random.default_rng(5)
    runs = {f"p = {p}": observed + 0.01 * p + rng.normal(0, 0.02, (3, *observed.shape)) for p in (0, 1)}
    runs["p = 1"][2, :, :50] = np.nan
    train = np.arange(YEAR.size) < 400
    test = np.arange(YEAR.size) >= 430
    baseline = np.full_like(observed, np.nan)
    baseline[:, 7:] = observed[:, :-7]
    table = run_table(observed, runs, train, test, {"persistence": baseline, "network": np.full_like(observed, np.nan)})
    assert list(table.scores) == ["p = 0", "p = 1", "persistence"]
    assert "Without a value on these days: network." in table.tabular("20 cm").markdown()
    both = np.isfinite(observed) & np.isfinite(baseline)
    both[:, :50] = False
    assert table.pairs == {"train": (both & train).sum(), "test": (both & test).sum()}
    d = [np.abs(seed - observed)[both & test].mean() for seed in runs["p = 1"]]
    found = table.scores["p = 1"]["test"]["mae"]
    assert (found.mean, found.deviation, found.count) == pytest.approx((np.mean(d), np.std(d, ddof=1), 3))
    alone = table.scores["persistence"]["train"]["mae"]
    assert alone.mean == pytest.approx(np.abs(baseline - observed)[both & train].mean()) and np.isnan(alone.deviation)


def test_the_median_over_stations_may_be_asked_for() -> None:
    observed, predicted = observations()
    train, test = np.array([[True], [True], [False], [False]]), np.array([[False], [False], [True], [True]])
    found = run_table(observed, {"run": predicted[None]}, train, test, over="stations")
    mae = np.nanmean(np.abs(predicted - observed), axis=1)
    assert found.scores["run"]["test"]["mae"].mean == pytest.approx(np.median(mae[2:]))
    assert found.scores["run"]["train"]["mae"].mean == pytest.approx(np.median(mae[:2]))


def test_a_day_in_training_and_test_and_a_wrong_shape_are_refused() -> None:
    observed, predicted = observations()
    everything = np.ones(YEAR.size, bool)
    with pytest.raises(ValueError, match="in training and in test"):
        run_table(observed, {"run": predicted[None]}, everything, everything)
    with pytest.raises(ValueError, match="shape"):
        run_table(observed, {"run": predicted[None, :, 1:]}, everything, ~everything)


# ---- writing


def test_a_table_is_written_for_people_and_for_programs(tmp_path: Path) -> None:
    table = Tabular("Runs", ("run", "MAE", "pairs"), [("a", Spread(0.05723, 0.00121, 3), 35457),
                                                      ("b", Spread(0.1, float("nan"), 1), None)], ("A note.",))
    paths = table.write(tmp_path, "runs")
    text = paths[0].read_text(encoding="utf-8")
    assert "| a | 0.0572 ± 0.0012 | 35,457 |" in text and "| b | 0.1000 | – |" in text
    assert "| --- | ---: | ---: |" in text and text.endswith("A note.\n")
    rows = list(csv.DictReader(paths[1].read_text(encoding="utf-8").splitlines()))
    assert rows[0] == {"run": "a", "MAE": "0.05723", "MAE_sd": "0.00121", "pairs": "35457"}
    assert rows[1] == {"run": "b", "MAE": "0.1", "MAE_sd": "", "pairs": ""}
