"""Groups of stations, coverage, tables of residuals and rivals of the other stations, each counted one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.evaluation import baselines_neighbours, coverage, residuals
from deepsoil.evaluation.covariates import CHANNELS
from deepsoil.evaluation.groups import Surroundings, by_group

RNG = np.random.default_rng(7)


def surroundings(nearest: list[float], within_50: list[int],
                 irrigated: list[bool | None] | None = None) -> Surroundings:
    count = np.array(within_50)
    return Surroundings(np.array(nearest), {5: count, 20: count, 50: count}, irrigated or [None] * len(nearest))


@pytest.mark.parametrize(("km", "title"), [
    (0.0, "nearest other station within 5 km"), (5.0, "nearest other station within 5 km"),
    (5.1, "nearest other station 5 to 20 km"), (20.0, "nearest other station 5 to 20 km"),
    (20.1, "nearest other station 20 to 50 km"), (50.0, "nearest other station 20 to 50 km"),
    (50.1, "no other station within 50 km"), (np.inf, "no other station within 50 km")])
def test_a_station_is_in_the_group_of_its_nearest_other(km: float, title: str) -> None:
    found = surroundings([km], [3 if km <= 50 else 0]).members()
    assert [name for name in found if "2 to 4" not in name] == [title]


@pytest.mark.parametrize(("count", "title"), [(0, "no other station"), (1, "1 other station"),
                                              (2, "2 to 4 other stations"), (4, "2 to 4 other stations"),
                                              (5, "5 to 9 other stations"), (9, "5 to 9 other stations"),
                                              (10, "10 or more other stations"), (99, "10 or more other stations")])
def test_a_station_is_in_the_group_of_its_number_of_others(count: int, title: str) -> None:
    assert [name for name in surroundings([1.0], [count]).members() if not name.startswith("nearest")] == [
        f"{title} within 50 km"]


def test_only_stations_that_report_are_neighbours_and_a_limit_belongs_to_its_own_side() -> None:
    km = np.array([[0.0, 5.0, 20.0, 51.0], [5.0, 0.0, 1.0, 50.0], [20.0, 1.0, 0.0, 3.0], [51.0, 50.0, 3.0, 0.0]])
    found = Surroundings.of(km, np.array([True, True, False, True]), [True, False, None, None])
    assert found.nearest_km.tolist() == [5.0, 5.0, 1.0, 50.0]
    assert {limit: counts.tolist() for limit, counts in found.within.items()} == {
        5: [1, 1, 2, 0], 20: [1, 1, 3, 0], 50: [1, 2, 3, 1]}
    assert found.to_dict(1) == {"irrigated": False, "nearest_km": 5.0,
                                "others_within_km": {"5": 1, "20": 1, "50": 2}}
    some = found.select([2, 0])
    assert (some.nearest_km.tolist(), some.irrigated) == ([1.0, 5.0], [None, True])
    assert {title: mask.tolist() for title, mask in found.members().items() if "irrigat" in title or title == "rainfed"
            } == {"irrigated": [True, False, False, False], "rainfed": [False, True, False, False],
                  "irrigation not known": [False, False, True, True]}
    alone = Surroundings.of(np.zeros((1, 1)), np.array([True]), [None])
    assert alone.to_dict(0)["nearest_km"] is None and "irrigation not known" not in alone.members()


def test_groups_name_their_worst_station_and_the_best_rival_that_has_all_of_them() -> None:
    observed = RNG.uniform(0.1, 0.4, (4, 40))
    observed[3, :35] = np.nan  # too few days for a score
    model = observed + np.array([[0.01], [-0.05], [0.03], [0.9]])
    partial = observed + 0.001
    partial[1] = np.nan
    rivals = {"good": observed - 0.02, "bad": observed + 0.07, "partial": partial}
    found = by_group(["a", "b", "c", "d"], observed, model, rivals,
                     surroundings([1, 1, 30, 1], [2, 2, 0, 2], [True, True, False, True]))
    assert [group.model_mae for group in found] == sorted((group.model_mae for group in found), reverse=True)
    of = {group.title: group for group in found}
    water = of["irrigated"]
    assert (water.stations, water.days, water.model_mae) == (["a", "b"], 80, pytest.approx(0.03))
    assert (water.worst_station, water.worst_mae, water.best) == ("b", pytest.approx(0.05), "good")
    assert water.against is not None and water.against.difference == pytest.approx(0.01)
    assert of["rainfed"].best == "partial" and of["rainfed"].stations == ["c"]
    document = water.to_dict()
    assert document["best_baseline"] == "good" and document["against_best"]["stations"] == 2
    assert (document["worst_mae"], document["model_mae"]) == (0.05, 0.03)


# ---- the other stations of a day

def theta_of_day() -> tuple[np.ndarray, np.ndarray]:
    theta = RNG.uniform(0.1, 0.4, (5, 20)).astype(np.float32)
    theta[RNG.random(theta.shape) < 0.4] = np.nan
    x, y = RNG.uniform(0, 30, (2, 5))
    x[4], y[4] = x[0], y[0]  # two sensors in one pit
    return theta, np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y))


def test_neighbours_are_used_as_their_sentences_say_and_never_the_station_itself() -> None:
    theta, km = theta_of_day()
    nearest = baselines_neighbours.nearest_station(theta, km)
    weighted = baselines_neighbours.inverse_distance(theta, km)
    changed = baselines_neighbours.week_and_change(theta, 7)
    for station in range(5):
        for day in range(20):
            others = [one for one in range(5) if one != station and np.isfinite(theta[one, day])]
            if not others:
                assert np.isnan(nearest[station, day]) and np.isnan(weighted[station, day])
            else:
                assert nearest[station, day] == theta[min(others, key=lambda one: km[station, one]), day]
                weights = [max(km[station, one], 0.001) ** -2 for one in others]
                mean = np.average(theta[others, day], weights=weights)
                assert weighted[station, day] == pytest.approx(mean, abs=1e-6)
            change = [theta[one, day] - theta[one, day - 7] for one in range(5) if one != station and day >= 7
                      and np.isfinite(theta[one, day] - theta[one, day - 7])]
            wanted = theta[station, day - 7] + np.mean(change) if change else np.nan
            assert changed[station, day] == pytest.approx(wanted, nan_ok=True, abs=1e-6)


def test_the_covariates_of_kriging_are_soil_and_terrain() -> None:
    assert set(CHANNELS) == {"sand", "clay", "elevation", "slope"}


# ---- intervals

def test_coverage_counts_days_with_all_three_and_a_reading_on_the_edge_lies_inside() -> None:
    predicted = np.full((3, 4), 0.25, np.float32)
    observed = np.array([[0.25, 0.375, 0.4, np.nan], [0.125, 0.1, 0.3, 0.25], [np.nan] * 4], np.float32)
    width = np.full((3, 4), 0.125, np.float32)
    width[1, 3] = np.nan
    shares = coverage.covered_share(observed, predicted, width)
    np.testing.assert_allclose(shares, [2 / 3, 2 / 3, np.nan])
    covered = {"a": 0.9, "b": 0.5, "c": 0.7}
    water = {"a": True, "b": False, "c": False}
    by_water = coverage.covered_by_water(covered, water)
    assert by_water == pytest.approx({"irrigated": 0.9, "rainfed": 0.6})
    assert coverage.covered_by_water(covered, {"a": True, "b": True, "c": None}) == {}
    text = coverage.coverage_text(covered, by_water, 0.0481)
    assert text.startswith("90% interval of the map: 70.0% of the days") and "mean of 3" in text
    assert "irrigated 90.0%, rainfed 60.0%; worst b, 50.0%; half-width 0.048" in text
    assert coverage.coverage_document(covered, by_water) == {
        "aim": 0.9, "mean": 0.7, "worst": 0.5, "groups": {"irrigated": 0.9, "rainfed": 0.6}, "stations": covered}
    assert coverage.coverage_document({}, {}) is None


# ---- tables of residuals

HEAD = "station,depth_cm,date,observed,predicted\n"


def test_a_table_of_residuals_gives_errors_by_station_at_one_depth(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(HEAD + "x,20,2023-01-02,0.3,0.25\nx,5,2023-01-02,0.1,0.9\nx,20,2023-01-03,,0.2\n"
                     "x,20,2023-01-04,0.2,\ny,20,2023-01-02,0.2,0.26\n")
    second.write_text(HEAD + "x,20,2023-02-01,0.1,0.2\n")
    found = residuals.read_residuals([first, second], 20)
    assert (found.depth_cm, found.count, found.period) == (20, 3, "2023-01-02 to 2023-02-01")
    assert found.errors["x"].tolist() == pytest.approx([-0.05, 0.1]) and found.errors["y"] == pytest.approx([0.06])
    assert found.observed["x"].tolist() == [0.3, 0.1]
    assert [str(day) for day in found.days["x"]] == ["2023-01-02", "2023-02-01"]


@pytest.mark.parametrize(("text", "code", "said"), [
    (HEAD + "x,20,2023-01-02,0.3,0.2\nx,20,2023-01-02,0.3,0.2\n", "residuals_invalid",
     "line 3: x has 2023-01-02 twice"),
    ("station,depth_cm,date,observed\n", "residuals_invalid", "no column predicted"),
    (HEAD + "x,20,2 Jan,0.3,0.2\n", "residuals_invalid", "2 Jan"), (HEAD + "x,20,2023-01-02,a,0.2\n",
                                                                  "residuals_invalid", "'a'"),
    (HEAD + "x,5,2023-01-02,0.3,0.2\n", "no_observations", "20 cm")])
def test_a_table_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, text: str, code: str,
                                                                 said: str) -> None:
    file = tmp_path / "made.csv"
    file.write_text(text)
    with pytest.raises(DeepSoilError) as refused:
        residuals.read_residuals([file], 20)
    assert refused.value.code == code and said in refused.value.message
    assert code == "no_observations" or "made.csv" in refused.value.message
