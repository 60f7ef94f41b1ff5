"""The paper's sampling: strata, proportional allocation, representatives of large strata, a set of points per year."""

from __future__ import annotations

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.labels.sampling import allocate, sample_points, tag_strata
from deepsoil.labels.sampling_clusters import GROUP_POINTS, representatives
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial import cKDTree

COUNTS = st.lists(st.one_of(st.just(0), st.integers(1, 20), st.integers(1, 300_000_000)), min_size=1, max_size=40)


@settings(max_examples=300, deadline=None)
@given(counts=COUNTS, share=st.floats(0.0, 1.0))
def test_allocation_is_exact_bounded_and_within_one_point_of_proportional(counts: list[int], share: float) -> None:
    n = np.array(counts)
    strata, total = int((n > 0).sum()), int(n.sum())
    if not strata:
        return
    budget = strata + int(share * (min(total, 500_000) - strata)) if total >= strata else strata
    points = allocate(n, budget)
    assert points.sum() == budget
    assert (points[n > 0] >= 1).all() and (points <= n).all()
    # one rate for all strata above one point, each within one point of it
    larger = points > 1
    if larger.any():
        assert ((points[larger] - 1) / n[larger]).max() < ((points[larger] + 1) / n[larger]).min()
    # what the strata below one point have more, the others have less
    assert (points <= np.maximum(np.ceil(n * (budget / total)), 1)).all()
    by_size = np.lexsort((points, n))
    assert (np.diff(points[by_size]) >= 0).all()  # a larger stratum never has fewer points


def test_allocation_of_a_worked_example() -> None:
    # a budget of 10 over 1000: 7.0, 2.5, 0.49 and 0.01; the last two have one each, which leaves 8 for 950
    np.testing.assert_array_equal(allocate([700, 250, 49, 1, 0], 10), [6, 2, 1, 1, 0])
    np.testing.assert_array_equal(allocate([10, 10, 10], 10), [4, 3, 3])


@pytest.mark.parametrize(("counts", "budget"), [([5, 5, 0], 11), ([5, 5, 5], 2), ([0], 1), ([5], 0)])
def test_an_impossible_budget_is_refused(counts: list[int], budget: int) -> None:
    with pytest.raises(DeepSoilError, match="cannot be chosen") as caught:
        allocate(counts, budget)
    assert caught.value.code == "bad_budget"


def candidates(n: int, seed: int = 5) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Strata of very different sizes, and features in their own units."""
    rng = np.random.default_rng(seed)
    row, column = rng.integers(0, 40, (2, n))
    sand = np.clip(rng.normal(30.0 + row, 12.0), 2.0, 96.0)
    clay = np.minimum(np.clip(rng.normal(20.0, 8.0, n), 1.0, 60.0), 100.0 - sand)
    height = rng.normal(1500.0 + 30.0 * column, 80.0)
    features = np.stack([sand, 100.0 - sand - clay, clay, height, row, column], axis=1).astype(np.float32)
    nlcd = rng.choice([11, 52, 71, 82, 24], n, p=[0.1, 0.2, 0.6, 0.095, 0.005])
    return tag_strata(nlcd, rng.choice([0, 7, 26], n, p=[0.05, 0.7, 0.25]), features), features


STRATA, CANDIDATE_FEATURES = candidates(12_000)


@settings(max_examples=12, deadline=None)
@given(budget=st.integers(8, 10_000), year=st.integers(2000, 2030), above=st.sampled_from([0, 200, 10**9]))
def test_a_sample_has_its_budget_its_strata_and_no_candidate_twice(budget: int, year: int, above: int) -> None:
    chosen = sample_points(STRATA, CANDIDATE_FEATURES, budget, seed=1, year=year, cluster_above=above)
    assert len(chosen) == budget and (np.diff(chosen) > 0).all()
    assert (STRATA[chosen] >= 0).all()
    codes, counts = np.unique(STRATA[STRATA >= 0], return_counts=True)
    np.testing.assert_array_equal([(STRATA[chosen] == code).sum() for code in codes], allocate(counts, budget))


def test_the_same_seed_and_year_give_the_same_points_and_another_year_others() -> None:
    def sample(seed: int, year: int) -> set[int]:
        return set(sample_points(STRATA, CANDIDATE_FEATURES, 1000, seed, year).tolist())

    first = sample(3, 2023)
    assert first == sample(3, 2023)
    # chance alone would share about 1000² / 10,000
    assert len(first & sample(3, 2024)) < 400 and len(first & sample(4, 2023)) < 400


def test_units_of_the_features_do_not_matter() -> None:
    scaled = CANDIDATE_FEATURES * np.array([0.25, 0.25, 0.25, 0.5, 8.0, 8.0], np.float32)
    np.testing.assert_array_equal(
        sample_points(STRATA, CANDIDATE_FEATURES, 600, 1, 2023), sample_points(STRATA, scaled, 600, 1, 2023)
    )


def test_representatives_cover_the_candidates_better_than_chance() -> None:
    rng = np.random.default_rng(0)
    dense, rare = rng.normal(0.0, 0.3, (5000, 6)), rng.normal(4.0, 1.0, (600, 6))
    features = np.concatenate([dense, rare]).astype(np.float32)

    def squared_distance_to_the_nearest(rows: NDArray[np.int64]) -> float:
        return float((cKDTree(features[rows]).query(features)[0] ** 2).mean())

    for points in (60, 2 * GROUP_POINTS + 1):  # fitted at once, and in groups
        chosen = representatives(features, points, np.random.default_rng(1))
        assert len(np.unique(chosen)) == points
        by_chance = rng.choice(len(features), points, replace=False)
        assert squared_distance_to_the_nearest(chosen) < 0.75 * squared_distance_to_the_nearest(by_chance)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 700), st.integers(0, 5))
def test_candidates_that_are_all_alike_are_still_chosen_once(different: int, copies: int, seed: int) -> None:
    features = np.repeat(np.arange(different, dtype=np.float32)[:, None] * np.ones(2, np.float32), copies, axis=0)
    points = max(1, len(features) * 2 // 3)
    assert len(np.unique(representatives(features, points, np.random.default_rng(seed)))) == points


def test_water_ice_missing_classes_and_missing_features_are_no_candidates() -> None:
    features = np.ones((7, 6), np.float32)
    features[6, 3] = np.nan
    strata = tag_strata(np.uint8([82, 11, 12, 0, 250, 71, 71]), np.uint8([7, 7, 7, 7, 7, 0, 7]), features)
    np.testing.assert_array_equal(strata, [8207, -1, -1, -1, -1, -1, -1])
    with pytest.raises(DeepSoilError, match="1 of 7 candidates have a missing value"):
        sample_points(np.zeros(7, np.int32), features, 3, 0, 2023)


def test_the_choice_reports_its_progress_and_can_be_stopped() -> None:
    seen: list[tuple[int, int]] = []
    sample_points(STRATA, CANDIDATE_FEATURES, 300, 0, 2023, on_progress=lambda done, all_: seen.append((done, all_)))
    assert seen[-1] == (300, 300) and [d for d, _ in seen] == sorted(d for d, _ in seen) and len(seen) == 8

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sample_points(STRATA, CANDIDATE_FEATURES, 300, 0, 2023, on_progress=stop)
