"""The monthly phase: batches are means over a month's valid days, and daily training starts from its weights."""

from __future__ import annotations

from pathlib import Path

import cluster_tools
import numpy as np
import pytest
import torch
from deepsoil.channels import CHANNELS, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.inputs.stack import Stack
from deepsoil.store.store import Store
from deepsoil.training.configuration import parse_configuration
from deepsoil.training.loop import learning_rate
from deepsoil.training.regional import RegionPatches
from deepsoil.training.station_patches import MIDDLE, PATCH, StationInputs, StationPatches
from deepsoil.training.train import Training
from tasks_tools import configuration, weather

CHANNELS_20 = DEPTHS[20].channels
USES = [ChannelUse(name, 0.5, False) for name in CHANNELS_20]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return cluster_tools.make(tmp_path_factory.mktemp("monthly") / "region")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return weather(tmp_path_factory.mktemp("weather"))


def monthly(ground: Path, **changes: object):  # type: ignore[no-untyped-def]
    return parse_configuration(configuration(
        ground, epochs=2, steps_per_epoch=2, keep="last", averaging=0.5,
        monthly={"epochs": 2, "steps_per_epoch": 3, "learning_rate": 0.02}) | changes, "here")


def test_a_station_batch_is_the_mean_of_the_month_s_days_with_a_reading(region: Store) -> None:
    inputs = StationInputs.read(region, USES, 20, only=np.arange(18) == 4)
    dates = inputs.stations.dates
    allowed = np.ones(inputs.observed.shape, bool)
    allowed[:, dates < np.datetime64("2022-05-01")] = False
    allowed[:, dates >= np.datetime64("2022-06-05")] = False
    allowed[:, (dates >= np.datetime64("2022-05-10")) & (dates < np.datetime64("2022-05-20"))] = False
    months = StationPatches(inputs, allowed, 4, 7.0).months(5)
    batch = months.draw((1, 2), 3, 16)
    valid = np.flatnonzero(allowed[4] & (dates < np.datetime64("2022-06-01")))
    assert len(valid) == 21, "of June four days are left, too few"
    x = np.mean([inputs.x[4][inputs.row[4, day]].astype(np.float64) for day in valid], axis=0)
    np.testing.assert_allclose(batch.x[0], x, atol=1e-6)
    assert batch.theta[0, MIDDLE, MIDDLE] == pytest.approx(inputs.observed[4, valid].mean(dtype=float), abs=1e-6)
    assert batch.x.shape == (3, len(USES), PATCH, PATCH) and np.isfinite(batch.theta[0]).sum() == 16
    assert batch.weight is not None and batch.weight[0, MIDDLE, MIDDLE] == 7
    with pytest.raises(DeepSoilError) as caught:
        StationPatches(inputs, allowed, 4).months(25)
    assert caught.value.code == "no_whole_month"


class EveryDay:
    """Labels of a region as a reader gives them: a value of its own for every day, with holes."""

    dates = np.arange("2022-03-01", "2022-05-01", dtype="datetime64[D]")
    sampled_years = ()

    def theta(self, depth_cm, day, window, sampled=False):  # type: ignore[no-untyped-def]
        theta = np.full(window.shape, 0.1 + 0.001 * day.toordinal() % 1 * 0.1, np.float32)
        theta[0, 0] = 0.2 if day.day <= 10 else np.nan
        return theta

    def soil(self, window):  # type: ignore[no-untyped-def]
        from deepsoil.soil.rosetta import parameters

        return parameters(*(np.full(window.shape, value) for value in (40.0, 40.0, 20.0)))


def test_a_region_batch_is_the_mean_of_all_days_of_its_month(region: Store) -> None:
    stack, labels = Stack(region, USES), EveryDay()
    source = RegionPatches(stack, labels, 20, np.ones(labels.dates.size, bool))  # type: ignore[arg-type]
    batch = source.months(5).draw((3, 4), 1, 16)
    assert batch.theta[0, 0, 0] == pytest.approx(0.2), "the mean of the days with a value"
    rng = np.random.default_rng([3, 4])
    window = source.windows.draw(rng, 16)
    days = [source.days[:31], source.days[31:]][rng.integers(2)]
    shown = [stack.read(day.item(), window)[0].astype(np.float64) for day in days]
    np.testing.assert_allclose(batch.x[0], np.mean(shown, axis=0), atol=1e-6)
    changing = [CHANNELS_20.index(name) for name in ("precipitation", "temperature")]
    assert (np.ptp([x[changing, 0, 0] for x in shown], axis=0) > 0.01).all(), "a single day would differ"


def test_a_batch_of_simulated_columns_is_the_mean_of_the_month(ground: Path, tmp_path: Path) -> None:
    training = Training(monthly(ground), tmp_path / "tiny", say=lambda line: None)
    days, months = training.training, training.training.months(5)
    run, number = months.run_day[1]
    dates = days.table.dates[run].astype("datetime64[M]")
    month = np.unique(dates)[number]
    allowed = [day for r, day in days.run_day if r == run and dates[day] == month]
    np.testing.assert_allclose(months.saturation[run, number],
                               np.mean([days.saturation[run, day] for day in allowed], axis=0), atol=1e-6)
    for name in ("precipitation", "temperature", "precipitation_30d"):
        mean = np.mean([days.features[name][run, day] for day in allowed])
        assert months.features[name][run, number] == pytest.approx(mean, rel=1e-4), CHANNELS[name].title
    batch = months.draw((5, 6), 4, 16)
    assert np.isfinite(batch.x).all() and np.isfinite(batch.theta).any()


def test_the_daily_phase_starts_from_the_monthly_weights_with_a_fresh_optimiser(ground: Path, tmp_path: Path) -> None:
    training = Training(monthly(ground), tmp_path / "tiny", say=lambda line: None)
    trainer = training.trainer
    trainer.run(until_epoch=2)
    averaged = {name: value.clone() for name, value in trainer.averaged.state_dict().items()}
    assert training.folder.load("best.pt") is None, "monthly weights are not what is kept"
    seen: list[tuple[dict[str, torch.Tensor], int]] = []

    class Watched:
        """The daily source, which looks at the network when it is first asked."""

        def draw(self, *key: object) -> object:
            if not seen:
                state = {name: value.clone() for name, value in trainer.network.state_dict().items()}
                seen.append((state, len(trainer.optimiser.state)))
            return training.training.draw(*key)  # type: ignore[arg-type]

    trainer.training = Watched()  # type: ignore[assignment]
    trainer.run()
    state, moments = seen[0]
    assert all(torch.equal(state[name], averaged[name]) for name in averaged) and moments == 0
    rows = training.folder.curves()
    assert [row["epoch"] for row in rows] == [0, 1, 2, 3] and [row.get("monthly") for row in rows] == [1, 1, None, None]
    schedule, _ = training.configuration.schedule.phase(1)
    assert rows[1]["learning_rate"] == learning_rate(5, schedule), "with the rate of its own phase"


def test_a_training_stopped_between_the_phases_ends_with_the_weights_of_one_that_was_not(ground: Path, tmp_path: Path,
                                                                                        ) -> None:
    settings, ends = monthly(ground), []
    for name, stops in (("whole", ()), ("stopped", (1, 2, 3))):
        for until in (*stops, None):
            source = Training(settings, tmp_path / name / "tiny", say=lambda line: None, columns=tmp_path)
            source.trainer.run(until_epoch=until)
        ends.append(source.trainer.network.state_dict())
    assert all(torch.equal(value, ends[1][name]) for name, value in ends[0].items())
    plain = parse_configuration(settings.resolved() | {"schedule": settings.resolved()["schedule"] | {"monthly": None}},
                                "here")
    source = Training(plain, tmp_path / "plain" / "tiny", say=lambda line: None, columns=tmp_path)
    source.trainer.run()
    assert not all(torch.equal(value, ends[0][name]) for name, value in source.trainer.network.state_dict().items())
