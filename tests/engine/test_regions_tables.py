"""The 5 cm experiment: what is held out teaches nothing, rivals know what they may, the tables say what they should."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.experiments import regions_tables
from deepsoil.experiments.regions_batches import LABEL_WINDOW, RegionBatches
from deepsoil.experiments.regions_data import Scored, Windows, read_scored, read_windows
from deepsoil.experiments.regions_experiment import RegionsExperiment
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_plan import RegionsPlan, Variant, is_regions_plan
from deepsoil.experiments.regions_rivals import of_sources, of_stations
from deepsoil.training.batches import Batch
from regions_tools import FULL, HELD_OUT, ROWS, SCORED, SHIPPED, SIDE, TOO_WET, make_regions, small_plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("experiment")
    make_regions(made / "regions")
    return made


@pytest.fixture(scope="module")
def plan(folder: Path) -> RegionsPlan:
    return small_plan(folder)


@pytest.fixture(scope="module")
def scored(plan: RegionsPlan) -> Scored:
    return read_scored(plan)


@pytest.fixture(scope="module")
def windows(plan: RegionsPlan, scored: Scored) -> Windows:
    return read_windows(plan, scored, plan.configuration(FULL, 0, SIDE).channels, "auto", lambda line: None)


def test_nothing_that_is_held_out_is_learnt_from(scored: Scored, windows: Windows) -> None:
    assert scored.station.sum() == 3 * len(ROWS) and scored.seen.sum() == 2 * 3, "without 0 and 3 of two regions"
    unseen = next(n for n, region in enumerate(scored.regions) if region.name == HELD_OUT)
    assert unseen not in windows.region
    known = np.isfinite(windows.reading)
    at = {(int(region), *map(int, place))
          for region, place in zip(windows.region[known], windows.place[known], strict=True)}
    places = np.concatenate([region.place for region in scored.regions])
    assert at == {(int(scored.region[n]), *map(int, places[n])) for n in np.flatnonzero(scored.seen)}
    changed = scored.theta.copy()
    changed[~scored.seen] = 0.5
    changed[:, scored.dates >= scored.last_to_learn(30)] = 0.5
    other = read_windows(small_plan(scored.regions[0].store.path.parents[1]), Scored(
        **{name: getattr(scored, name) for name in Scored.__dataclass_fields__} | {"theta": changed}),
        ("sand", "clay"), "auto", lambda line: None)
    np.testing.assert_array_equal(other.reading, windows.reading)


def test_rivals_use_the_readings_of_known_stations_alone(plan: RegionsPlan, scored: Scored) -> None:
    rivals = of_stations(scored)
    places = np.concatenate([region.place for region in scored.regions])
    held_out = int(np.flatnonzero(scored.station & ~scored.seen & (scored.region == 0))[0])
    known = np.flatnonzero(scored.seen & (scored.region == 0))
    nearest = known[np.hypot(*(places[known] - places[held_out]).T).argmin()]
    np.testing.assert_allclose(rivals["nearest station"][held_out], scored.observed[nearest], atol=1e-6)
    for name in ("inverse distance", "kriging", "kriging with soil and terrain"):
        assert np.isfinite(rivals[name]).all(), "also far away"
    sources = of_sources(scored, scored.last_to_learn(plan.gap_days))
    np.testing.assert_allclose(sources["product"], scored.truth + TOO_WET, atol=2e-3)
    np.testing.assert_allclose(sources["product, stations' bias removed"], scored.truth, atol=2e-3)


def test_labels_are_those_of_the_variant(windows: Windows) -> None:
    known = np.isfinite(windows.reading)
    which = np.array([int(np.flatnonzero(known)[0]), int(np.flatnonzero(~known)[0])])
    start = SIDE // 2 - (LABEL_WINDOW - 1) // 2
    middle = slice(start, start + LABEL_WINDOW)

    def batch(**changes: Any) -> Batch:
        return RegionBatches(windows, Variant(**changes), 0.5, 10.0, np.arange(len(windows))).batch(which)

    both = batch(suction_of="product")
    assert both.weight is not None and both.suction_theta is not None
    np.testing.assert_allclose(both.theta[0, middle, middle], windows.reading[which[0]])
    np.testing.assert_array_equal(both.weight[0, middle, middle], 10.0)
    np.testing.assert_array_equal(both.suction_theta, windows.product[which])
    np.testing.assert_array_equal(both.theta[1], windows.product[which[1]])
    assert batch(suction_of="stations").suction_theta is None
    np.testing.assert_array_equal(batch(labels="product").theta, windows.product[which])
    assert np.isfinite(batch(labels="stations").theta[0]).sum() == LABEL_WINDOW**2


def test_the_tables_are_printed_and_trainings_are_not_repeated(plan: RegionsPlan, scored: Scored, windows: Windows,
                                                               tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The columns have tests of their own, and compile for a minute.
    monkeypatch.setattr(regions_tables, "simulated_column", lambda scored: scored.truth + np.float32(0.1))
    said: list[str] = []
    tables = RegionsExperiment(plan, tmp_path, 2, said.append, ["tables"]).run()
    three, paired, images, clusters = tables
    rows = {row[0]: row[1:] for row in three.rows}
    assert rows["product"][0] == pytest.approx(TOO_WET, abs=3e-3) and rows["product, stations' bias removed"][0] < 3e-3
    assert {name for name in rows if name.startswith("DeepSoil")} == {
        f"DeepSoil, {name}{mean}" for name in (*plan.variants, f"{FULL}, by cluster")
        for mean in ("", ", mean with the column")}
    assert rows[f"DeepSoil, {FULL}"][0].count == 2
    assert rows["simulated column"][0] == pytest.approx(0.1, abs=1e-4)
    assert rows["trees, stations, mean with the column"][0] < 0.5 * (rows["trees, stations"][0] + 0.1) + 1e-6
    verdict = {row[0]: row[-1] for row in paired.rows}
    assert verdict[f"DeepSoil, {FULL} − product, stations' bias removed"] == "worse", "after four steps"
    assert len(images.rows) == len(plan.variants) + 1 and len(clusters.rows) == 2
    assert all((tmp_path / f"{name}.csv").is_file() for name in ("table-3", "paired", "figure-5", "figure-8"))
    assert f"{SCORED.size} days" in images.notes[0]
    assert any(f"{FULL}-seed1: " in line for line in said)
    monkeypatch.setattr(RegionTrainings, "_trainer", None)
    shown = np.empty((*scored.maps.shape[:2], 0, SIDE, SIDE), np.float16)
    kept = RegionTrainings(plan, scored, windows, shown, (), tmp_path / "runs", said.append).predicted(Run(FULL, 1))
    assert kept.shape == scored.maps.shape and np.isfinite(kept).all()


def test_a_wrong_plan_names_its_field(folder: Path) -> None:
    assert is_regions_plan(SHIPPED)
    for changes, message in (({"stepz": 3}, "stepz: is not a setting"), ({"held_out": ["moon"]}, "the region moon"),
                             ({"held_out": ["east", "north", "west"]}, "every region"),
                             ({"clustered": "none"}, "the variant none"),
                             ({"data_sets": {"variant": "none"}}, r"data_sets.variant names the variant none"),
                             ({"water": {"variant": "MSE", "hidden": {"sea": [11]}}}, "sea is not a list of classes"),
                             ({"starts": {"variant": "MSE", "steps": [4]}}, "starts.columns")):
        with pytest.raises(DeepSoilError, match=message):
            small_plan(folder, **changes)
