"""The parts of the 5 cm experiment: Fig. 7, data sets left out, warm starts, costs, and runs that go on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.evaluation.table_files import Tabular
from deepsoil.experiments import command
from deepsoil.experiments.regions_batches import land_cover_codes
from deepsoil.experiments.regions_data import Scored, Windows, read_months, read_scored, read_windows, scored_input
from deepsoil.experiments.regions_data_sets import DATA_SETS, DataSetTables
from deepsoil.experiments.regions_experiment import RegionsExperiment
from deepsoil.experiments.regions_networks import RegionTrainings, Run
from deepsoil.experiments.regions_plan import PARTS, RegionsPlan
from deepsoil.experiments.regions_starts import RANDOM, StartTables
from deepsoil.experiments.regions_water import Shores, WaterTables, wetter
from deepsoil.training.loop import Trainer
from deepsoil.training.run_folder import RunFolder
from regions_tools import (
    DAYS,
    GRASS,
    OPEN_WATER,
    SIDE,
    TOO_WET,
    WETLAND,
    WETTER,
    make_regions,
    small_plan,
)
from tasks_tools import configuration, weather
from torch import nn

CHANNELS = DEPTHS[5].channels
HIDDEN = {"water": {"variant": "MSE", "windows": 2, "hidden": {"wetland": [WETLAND]}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("experiment")
    make_regions(made / "regions", wet=True)
    columns = configuration(weather(made / "weather")) | {"depth_cm": 5}
    (made / "columns.yaml").write_text(yaml.safe_dump(columns))
    return made


@pytest.fixture(scope="module")
def plan(folder: Path) -> RegionsPlan:
    return small_plan(folder, **HIDDEN, starts={
        "variant": "MSE", "columns": "columns.yaml", "columns_in": "columns", "pixel_steps": 2, "column_steps": 4,
        "least_days": 2, "steps": [4]})


@pytest.fixture(scope="module")
def scored(plan: RegionsPlan) -> Scored:
    return read_scored(plan)


@pytest.fixture(scope="module")
def windows(plan: RegionsPlan, scored: Scored) -> Windows:
    return read_windows(plan, scored, CHANNELS, "auto", lambda line: None)


@pytest.fixture(scope="module")
def shown(scored: Scored) -> np.ndarray:
    return scored_input(scored, CHANNELS)


@pytest.fixture
def trainings(plan: RegionsPlan, scored: Scored, windows: Windows, shown: np.ndarray, tmp_path: Path,
              ) -> RegionTrainings:
    return RegionTrainings(plan, scored, windows, shown, CHANNELS, tmp_path / "runs", lambda line: None)


def rows_of(table: Tabular) -> dict[tuple[object, ...], dict[str, object]]:
    """The cells by the first two columns and by the head."""
    return {row[:2]: dict(zip(table.head, row, strict=True)) for row in table.rows}


class Shows(nn.Module):
    """Predicts the mean of some channels of its input."""

    def __init__(self, *channels: str) -> None:
        super().__init__()
        self.numbers = [CHANNELS.index(name) for name in channels]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x[:, self.numbers].mean(1, keepdim=True)


def test_a_class_without_labels_teaches_nothing_and_a_data_set_that_is_left_out_shows_its_mean(
        trainings: RegionTrainings, windows: Windows) -> None:
    wet = land_cover_codes(windows.x, CHANNELS) == WETLAND
    which = np.flatnonzero(wet.any((1, 2)))
    assert which.size, "some windows show wetland"
    everything = trainings._batches(Run("MSE", 0), windows, which).batch(which)
    run = Run("MSE", 0, hidden=(WETLAND,), left_out=DATA_SETS["POLARIS"][:1])
    batch = trainings._batches(run, windows, which).batch(which)
    for mine, theirs in ((batch.theta, everything.theta), (batch.suction_theta, everything.suction_theta)):
        assert mine is not None and theirs is not None and np.isnan(mine[wet[which]]).all()
        np.testing.assert_array_equal(mine[~wet[which]], theirs[~wet[which]])
    sand = CHANNELS.index("sand")
    np.testing.assert_allclose(batch.x[:, sand], windows.x[:, sand].mean(dtype=float), atol=1e-4)
    others = np.delete(np.arange(len(CHANNELS)), sand)
    np.testing.assert_array_equal(batch.x[:, others], everything.x[:, others])


def test_every_channel_belongs_to_one_data_set_and_the_one_that_matters_helps(
        trainings: RegionTrainings, scored: Scored, shown: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CHANNELS:
        assert sum(name in group for group in DATA_SETS.values()) == 1, name
    clay = shown[:, :, CHANNELS.index("clay")].astype(np.float32)
    monkeypatch.setattr(RegionTrainings, "network", lambda self, run: Shows("clay"))
    monkeypatch.setattr(RegionTrainings, "predicted", lambda self, run: clay)
    monkeypatch.setattr(scored.__class__, "observed", property(lambda self: clay[..., SIDE // 2, SIDE // 2]))
    table, = DataSetTables(trainings, range(1)).tables().values()
    rows = rows_of(table)
    assert rows["POLARIS", "at prediction"]["it, unseen stations"] == "helps"
    change = rows["POLARIS", "at prediction"]["change, unseen stations"]
    assert isinstance(change, float) and change > 0.03
    for name in ("NLCD", "gridMET", "SMAP"):
        assert rows[name, "at prediction"]["change, unseen stations"] == 0.0
        assert rows[name, "at prediction"]["it, unseen stations"] == "not distinguishable"


def test_without_the_product_or_without_stations_a_training_learns_from_the_other(
        trainings: RegionTrainings, windows: Windows, plan: RegionsPlan) -> None:
    part = DataSetTables(trainings, range(1))
    labels = {run.what: trainings._variant(run) for run in part.runs() if run.labels is not None}
    assert labels["without product (HydroBlocks)"].labels == "stations"
    assert labels["without product (HydroBlocks)"].suction_of == "stations", "nor its suction"
    assert labels["without stations"].labels == "product"
    names = [run.name for run in part.runs()]
    assert len(names) == len(set(names)), "each in a folder of its own"


def test_water_without_a_trace_in_the_inputs_cannot_be_told_from_land(trainings: RegionTrainings, shown: np.ndarray,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    shores = Shores.of(shown, CHANNELS)
    assert len(shores.water) == 3 and (shores.water.sum((1, 2)) == 15).all(), "the pond, in a window of each region"
    assert not (shores.shore & shores.water).any() and shores.shore.any()
    lacking = shores.without(CHANNELS, DATA_SETS["NLCD"])
    assert (land_cover_codes(lacking, CHANNELS) == GRASS).all(), "what was the pond looks like its shore"
    sand = CHANNELS.index("sand")
    np.testing.assert_array_equal(lacking[:, :, sand], shores.shown[:, :, sand])
    monkeypatch.setattr(RegionTrainings, "network", lambda self, run: Shows("land_cover"))
    monkeypatch.setattr(RegionTrainings, "predicted", lambda self, run: self.scored.maps)
    rows = {row[0]: dict(zip(table.head[1:], row[1:], strict=True))
            for table in [WaterTables(trainings, range(1)).tables()["figure-7"]] for row in table.rows}
    assert rows["as they are"]["water is wetter"] == 0.0, "the class of water is the lowest"
    assert rows["as they are"]["change on water"] == 0.0
    assert rows["land cover lacks the water"]["water is wetter"] == pytest.approx(0.5, abs=0.01)
    assert rows["land cover lacks the water"]["change on water"] == pytest.approx((GRASS - OPEN_WATER) / 84, abs=1e-3)
    assert rows["land cover lacks the water"]["change on the shore"] == 0.0
    water = np.zeros((1, 4, 4), bool)
    water[0, 0, :2] = True
    maps = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    assert wetter(-maps, water) == 1.0 and wetter(maps, water) == 0.0


def test_a_class_that_was_not_learnt_is_scored_on_its_truth(trainings: RegionTrainings, scored: Scored,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    grass = scored.maps - WETTER * (land_cover_codes(trainings.shown[:, 0], CHANNELS) == WETLAND)[:, None]
    monkeypatch.setattr(RegionTrainings, "network", lambda self, run: Shows("clay"))
    monkeypatch.setattr(RegionTrainings, "predicted", lambda self, run: grass if run.hidden else scored.maps)
    rows = rows_of(WaterTables(trainings, range(2)).tables()["figure-7-labels"])
    learnt, none = rows["wetland", "everywhere"], rows["wetland", "none on this class"]
    assert learnt["MAE on it"].mean == 0.0 and none["MAE on it"].mean == pytest.approx(WETTER, abs=1e-4)  # type: ignore
    assert none["bias on it"].mean == pytest.approx(-WETTER, abs=1e-4)  # type: ignore[attr-defined]
    apart = learnt["truth differs"]
    assert none["differs from around"].mean == pytest.approx(apart - WETTER, abs=1e-4)  # type: ignore
    assert none["change of MAE"] == pytest.approx(WETTER, abs=1e-4) and none["it is"] == "worse"


def test_monthly_means_are_of_days_that_may_be_learnt_from(plan: RegionsPlan, scored: Scored) -> None:
    months = read_months(plan, scored, CHANNELS, "auto", lambda line: None, 2)
    known = np.isfinite(months.reading)
    middle = months.product[:, SIDE // 2, SIDE // 2]
    wet = land_cover_codes(months.x, CHANNELS)[:, SIDE // 2, SIDE // 2] == WETLAND
    assert known.sum() and not wet[known].any()
    np.testing.assert_allclose(middle[known] - months.reading[known], TOO_WET, atol=2e-3)
    last = scored.last_to_learn(plan.gap_days)
    days = np.array([day for day in DAYS if day < last])
    several = [month for month in np.unique(days.astype("datetime64[M]"))
               if (days.astype("datetime64[M]") == month).sum() >= 2]
    assert known.sum() == scored.seen.sum() * len(several)
    one = int(np.flatnonzero(scored.seen)[0])
    in_month = days[days.astype("datetime64[M]") == several[0]]
    mean = scored.theta[one, np.searchsorted(scored.dates, in_month)].mean()
    assert months.reading[known][0] == pytest.approx(mean, abs=1e-6)
    with pytest.raises(DeepSoilError, match="No month of the product has 28 days"):
        read_months(plan, scored, CHANNELS, "auto", lambda line: None, 28)


def test_starts_have_the_weights_of_the_columns_and_months_come_first(trainings: RegionTrainings, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[tuple[str, torch.Tensor]] = []
    train = Trainer._train_epoch

    def noted(self: Trainer, epoch: int) -> dict[str, float]:
        if epoch == 0:
            begun.append((self.folder.path.name, self.network.encoder1[0].weight.detach().clone()))
        return train(self, epoch)

    monkeypatch.setattr(Trainer, "_train_epoch", noted)
    part = StartTables(trainings, range(1))
    rows = [row[:2] for row in part.tables()["starts"].rows]
    assert rows == [("4", start) for start in (RANDOM, "random weights, monthly means first", "simulated columns",
                                               "simulated columns, monthly means first")]
    learnt = RunFolder(tmp_path / "runs" / "simulated columns-seed0").load("best.pt")
    assert learnt is not None
    at_first = dict(begun)
    for name, weights in at_first.items():
        from_columns = "simulated columns-4steps" in name or "simulated columns, monthly" in name
        assert torch.equal(weights, learnt["network"]["encoder1.0.weight"]) == from_columns, name
    for run in part.runs():
        curves = RunFolder(tmp_path / "runs" / run.name).curves()
        assert [row.get("monthly", 0) for row in curves] == ([1, 0] if "monthly" in run.name else [0, 0])
    begun.clear()
    part.tables()
    assert not begun, "nothing is trained again"


def test_costs_come_first_and_what_is_done_is_not_left(folder: Path, tmp_path: Path) -> None:
    said: list[str] = []
    plan = small_plan(folder, water={"variant": "MSE", "windows": 2})
    RegionsExperiment(plan, tmp_path, 1, said.append, ["water"]).run()
    told = next(n for n, line in enumerate(said) if line.startswith("water: 1 of 1 trainings are left"))
    assert told < next(n for n, line in enumerate(said) if line.startswith("MSE-seed0: "))
    assert [path.name for path in tmp_path.glob("*.md")] == ["figure-7.md"]
    (tmp_path / "figure-7.md").unlink()
    said.clear()
    RegionsExperiment(plan, tmp_path, 1, said.append, ["water"]).run(costs_only=True)
    assert any(line.startswith("water: 0 of 1 trainings are left") for line in said)
    assert float(next(line for line in said if "s a step" in line).split()[0]) > 0.0, "measured anew"
    assert not list(tmp_path.glob("*.md")), "only the costs"
    with pytest.raises(DeepSoilError, match="has no section data_sets"):
        RegionsExperiment(small_plan(folder, data_sets=None), tmp_path, 1, said.append, ["data_sets"])


def test_another_plan_does_not_get_the_trainings_of_this_one(trainings: RegionTrainings, folder: Path) -> None:
    trainings.predicted(Run("MSE", 0))
    for changes, field in (({"steps": 6}, "schedule"), ({"station_weight": 9.0}, "station_weight"),
                           ({"variants": {"MSE": {"suction_of": "product", "labels": "stations"}}}, "labels")):
        trainings.plan = small_plan(folder, clustered=None, data_sets=None, starts=None, water=None, **changes)
        with pytest.raises(DeepSoilError, match="another setting of") as caught:
            trainings.predicted(Run("MSE", 0))
        assert caught.value.code == "run_differs" and caught.value.field == field


def test_the_command_offers_the_parts_of_a_plan() -> None:
    assert command.REGIONS_PARTS == PARTS
