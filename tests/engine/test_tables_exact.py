"""Tables of an evaluation against sums done by hand or one by one: knowledge, measured scores, SMAP's cells, fields."""

from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import Metric
from deepsoil.evaluation import knowledge_table, measured
from deepsoil.evaluation.cell_comparison import FLAGGED, RECOMMENDED, CellComparison
from deepsoil.evaluation.residuals import Residuals
from deepsoil.field import field_figures
from deepsoil.field.root_zone import RootZoneWater

RNG = np.random.default_rng(11)


# ---- what readings make of the scores

def test_rows_are_means_over_stations_on_the_days_that_all_have() -> None:
    observed = RNG.uniform(0.1, 0.4, (4, 14))
    observed[3, :5] = np.nan  # nine days: too few
    guesses = {"no reading": observed + np.array([[0.05], [-0.02], [0.03], [0.5]]),
               "the readings": observed + 0.01}
    guesses["the readings"][0, :4] = np.nan
    guesses["no reading"][0, :4] += 9.0  # these days are compared with nothing
    rows = knowledge_table.rows_of(["a", "b", "c", "d"], observed, guesses, [True, False, None, True])
    assert [row.title for row in rows] == list(guesses)
    first = rows[0]
    assert first.mae == pytest.approx({"all stations": 0.1 / 3, "irrigated": 0.05, "rainfed": 0.02})
    assert (first.worst_station, first.worst_mae) == ("a", pytest.approx(0.05))
    assert rows[1].mae == pytest.approx({"all stations": 0.01, "irrigated": 0.01, "rainfed": 0.01})
    assert first.to_dict() == {"title": "no reading", "worst_station": "a", "worst_mae": 0.05,
                               "mae": {"all stations": 0.033333, "irrigated": 0.05, "rainfed": 0.02}}
    lines = knowledge_table.table_text(knowledge_table.rows_of(["b"], observed[1:2], {"none": observed[1:2] - 0.02},
                                                               [False]))
    assert lines[0].split() == ["what", "is", "known", "irrigated", "rainfed", "all", "stations", "worst", "station"]
    assert lines[1].split() == ["none", "-", "0.020", "0.020", "0.020", "b"]
    assert knowledge_table.rows_of(["d"], observed[3:], {"none": observed[3:]}, [True]) == []


# ---- the measured score of a model

def residuals() -> Residuals:
    """Station a: every day; b: out of order, and one pair a week apart; c: none a week apart."""
    first = np.datetime64("2023-06-01")
    days = {"a": first + np.arange(20), "b": first + np.array([9, 0, 7, 3]), "c": first + np.array([0, 8])}
    observed = {"a": 0.2 + 0.001 * np.arange(20.0), "b": np.array([0.3, 0.1, 0.16, 0.2]), "c": np.array([0.1, 0.2])}
    errors = {"a": np.where(np.arange(20) < 7, 0.9, -0.03), "b": np.array([0.5, 0.7, 0.01, 0.6]), "c": np.ones(2)}
    return Residuals(20, errors, observed, days)


def test_a_score_is_the_median_of_stations_beside_their_own_reading_of_a_week_before() -> None:
    score = measured.measured_score(residuals(), "stations", "leave_station_out")
    assert (score.value, score.baseline_value) == (pytest.approx((0.03 + 0.01) / 2), pytest.approx((0.007 + 0.06) / 2,
                                                                                                   abs=1e-4))
    assert (score.name, score.unit, score.n, score.days, score.period) == ("MAE", "m3/m3", 2, 7,
                                                                           "2023-06-01 to 2023-06-20")
    assert (score.reference, score.split, score.measured, score.group) == ("stations", "leave_station_out", True, None)
    only = measured.measured_score(residuals(), "r", "s", stations=["b"], group="irrigated", measured=False)
    assert (only.value, only.n, only.days, only.group, only.measured) == (0.01, 1, 1, "irrigated", False)
    assert only.period == "2023-06-01 to 2023-06-10"
    for stations, code in ((["c"], "no_observations"), (["x"], "station_unknown")):
        with pytest.raises(DeepSoilError) as refused:
            measured.measured_score(residuals(), "r", "s", stations=stations)
        assert refused.value.code == code


def test_a_score_takes_the_place_of_the_measured_one_of_its_stations_and_of_no_other() -> None:
    class Contract:
        def __init__(self, metrics: list[Metric]) -> None:
            self.metrics = metrics

        def model_copy(self, update: dict[str, Any]) -> Any:
            return update["metrics"]

    def metric(value: float, measured_: bool, group: str | None = None) -> Metric:
        return Metric(name="MAE", value=value, unit="m3/m3", reference="r", split="s", baseline="b",
                      baseline_value=0.1, measured=measured_, group=group)

    before = [metric(0.1, True), metric(0.2, False), metric(0.3, True, "irrigated"), metric(0.4, False, "irrigated")]

    def after(score: Metric) -> set[float]:
        return {one.value for one in measured.with_score(Contract(before), score)}  # type: ignore[arg-type]

    assert after(metric(0.5, True)) == {0.5, 0.2, 0.3, 0.4}, "the score on simulated columns stays"
    assert after(metric(0.5, True, "irrigated")) == {0.5, 0.1, 0.2}
    assert after(metric(0.5, True, "rainfed")) == {0.5, 0.1, 0.2, 0.3, 0.4}


# ---- SMAP's cells

def comparison(covered: float = 0.8) -> CellComparison:
    days = [date(2023, 5, 1) + timedelta(number) for number in range(14)]
    smap = RNG.uniform(0.1, 0.4, (14, 2, 3))
    flagged = np.where(RNG.random(smap.shape) < 0.3, smap, np.nan)
    good = np.where(np.isfinite(flagged), np.nan, smap)
    good[5:, 1, 2] = np.nan  # too few days at this cell
    predicted = smap + RNG.normal(0.02, 0.03, smap.shape)
    predicted[3, 0] = np.nan
    return CellComparison("Made", days, np.array([-97.0, -96.7, -96.4]), np.array([39.2, 38.9]), good, flagged,
                          predicted, np.full((2, 3), covered))


def own_scores(found: CellComparison, observed: np.ndarray) -> dict[str, float]:
    def series(o: np.ndarray, p: np.ndarray, least: int) -> tuple[float, float] | None:
        pairs = [(a, b) for a, b in zip(o, p, strict=True) if np.isfinite(a) and np.isfinite(b)]
        if len(pairs) < least:
            return None
        a, b = (np.array(one) for one in zip(*pairs, strict=True))
        error = b - a
        return float(np.sqrt(((error - error.mean()) ** 2).mean())), float(np.corrcoef(a, b)[0, 1])

    pairs = [(o, p) for o, p in zip(observed.ravel(), found.predicted.ravel(), strict=True) if np.isfinite(o + p)]
    errors = [p - o for o, p in pairs]
    cells = [(observed[:, j, i], found.predicted[:, j, i]) for j in range(2) for i in range(3)]
    in_time = [one for o, p in cells if (one := series(o, p, 10))]
    in_space = [one for o, p in zip(observed, found.predicted, strict=True) if (one := series(o.ravel(), p.ravel(), 4))]
    return {"cells": sum(bool(np.isfinite(o + p).any()) for o, p in cells), "cell_days": len(pairs),
            "bias": float(np.mean(errors)), "mae": float(np.mean(np.abs(errors))),
            "ubrmsd_in_time": median([one[0] for one in in_time]) if in_time else np.nan,
            "r_in_time": median([one[1] for one in in_time]) if in_time else np.nan,
            "r_in_space": median([one[1] for one in in_space]) if in_space else np.nan}


def test_smap_s_cells_are_compared_in_time_and_in_space(tmp_path: Path) -> None:
    found = comparison()
    scores = found.scores()
    for kind, observed in ((RECOMMENDED, found.retrieved), (FLAGGED, found.flagged)):
        assert scores[kind] == pytest.approx(own_scores(found, observed), nan_ok=True)
    table = found.table()
    assert [row[0] for row in table.rows] == ["recommended", "flagged"]
    assert table.rows[0][1:] == tuple(scores[RECOMMENDED].values()) and len(table.head) == len(table.rows[0])
    found.write(tmp_path / "a.csv", tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["rows"][0]["bias"] == scores[RECOMMENDED]["bias"] and document["rows"][1]["ubRMSD in time"] is None
    assert document["depth_cm"] == 5 and document["notes"] == list(table.notes)
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(score["cell_days"] for score in scores.values())
    for row in rows:
        at = (found.days.index(date.fromisoformat(row["date"])),
              np.argmin(abs(found.latitudes - float(row["latitude"]))),
              np.argmin(abs(found.longitudes - float(row["longitude"]))))
        smap = found.retrieved if row["recommended"] == "1" else found.flagged
        assert float(row["smap"]) == pytest.approx(smap[at], abs=6e-5)
        assert float(row["predicted"]) == pytest.approx(found.predicted[at], abs=6e-5) and row["covered"] == "0.800"


def test_a_region_smaller_than_a_cell_says_so_and_constant_series_have_no_correlation() -> None:
    assert "30% of one cell" in comparison(0.3).table().notes[1] and "less than 50%" in comparison(0.5).table().notes[1]
    found = comparison()
    flat = CellComparison("Flat", found.days, found.longitudes, found.latitudes, 0 * found.retrieved + 0.2,
                          found.flagged * np.nan, found.predicted, found.covered)
    assert list(flat.scores()) == [RECOMMENDED] and np.isnan(flat.scores()[RECOMMENDED]["r_in_time"])


# ---- the water of a field

def test_figures_of_a_field_are_means_over_its_ground_of_each_member_and_then_of_the_members() -> None:
    members, columns, days = 5, 4, 3
    capacity = RNG.uniform(80, 120, (members, columns)).astype(np.float32)
    used = RNG.uniform(0.2, 0.5, (members, columns, 1))
    depletion = (capacity[..., None] * used + np.arange(days)).astype(np.float32)
    ahead = depletion[..., -1:] + 9.0 * (1 + np.arange(6))
    refill = RNG.uniform(0, 30, (members, columns, days)).astype(np.float32)
    shares, weights = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.3, 0.2, 0.25, 0.15])
    rain = np.array([4.0, 0.0, 2.0, 1.0])
    for array in (capacity, depletion, ahead, refill):
        array[2, 1] = np.nan  # a member whose column could not be simulated

    def water(lack: np.ndarray) -> RootZoneWater:
        return RootZoneWater(capacity[..., None] - lack, lack, 0 * lack, 0 * lack, capacity)

    tally = field_figures.FieldTally(np.datetime64("2023-06-30"), 0.45)
    assert tally.figures(weights, 4) is None
    for part in (slice(0, 2), slice(2, 4)):
        def of(lack: np.ndarray, part: slice = part) -> RootZoneWater:
            whole = water(lack)
            return RootZoneWater(*(getattr(whole, name)[:, part] for name in (
                "available_mm", "depletion_mm", "drainage_mm", "irrigation_mm", "capacity_mm")))
        tally.add(of(depletion), refill[:, part], of(ahead), rain[part], shares[part], weights)
    found = tally.figures(weights, 4)
    assert found is not None

    def over_ground(values: np.ndarray) -> np.ndarray:
        return np.array([sum(s * v for s, v in zip(shares, row, strict=True) if np.isfinite(v))
                         / sum(s for s, v in zip(shares, row, strict=True) if np.isfinite(v)) for row in values])

    lack, held = over_ground(depletion[..., -1]), over_ground(capacity)
    assert found.depletion_mm.mean == pytest.approx(float(weights @ lack), rel=1e-5)
    assert found.refill_mm.mean == pytest.approx(float(weights @ over_ground(refill[..., -1])), rel=1e-5)
    percent = 100 * over_ground(capacity - depletion[..., -1]) / held
    assert found.available_percent.mean == pytest.approx(float(weights @ percent), rel=1e-5)
    assert min(lack) - 1e-4 <= found.depletion_mm.lower < found.depletion_mm.mean < found.depletion_mm.upper
    assert found.need.limit_mm == pytest.approx(0.45 * float(weights @ held), rel=1e-5)
    # the day on which half of the members, by their weight, have used what they may
    course = np.stack([lack, *(over_ground(ahead[..., day]) for day in range(6))], axis=1)
    reached = [float(weights @ (course[:, day] >= 0.45 * held)) for day in range(7)]
    day = next(number for number, share in enumerate(reached) if share >= 0.5)
    assert found.need.day == np.datetime64("2023-06-30") + day and 0 < day < 6
    below = [float(np.nansum(weights * depletion[:, n, -1]) / weights[np.isfinite(depletion[:, n, -1])].sum())
             >= 0.45 * float(np.nansum(weights * capacity[:, n]) / weights[np.isfinite(capacity[:, n])].sum())
             for n in range(columns)]
    assert found.below_share == pytest.approx(float(shares @ np.array(below)))
    assert (found.days_ahead, found.known_days, found.rain_mm) == (6, 4, pytest.approx(2.1))
    document = found.document()
    assert set(document) == set(field_figures.FIGURES) and document["days_to_limit"] == day
    assert document["limit_day"] == str(found.need.day) and document["days_with_weather"] == 4
    assert document["depletion_mm"] == round(found.depletion_mm.mean, 1) and document["rain_mm"] == 2.1
    assert document["refill_mm_upper"] == round(found.refill_mm.upper, 1)
