"""Mixed supervision: what a batch shows, what is held out, and a whole mixed training at the smallest size."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from deepsoil.channels import ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.depths import DEPTHS
from deepsoil.inputs import coverage
from deepsoil.inputs.stack import Stack
from deepsoil.labels.label_reader import Labels
from deepsoil.labels.settings import LabelSettings
from deepsoil.labels.simulate import simulate
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from deepsoil.training.configuration import Configuration, read_configuration
from deepsoil.training.regional import RegionPatches
from deepsoil.training.station_patches import MIDDLE, StationInputs, StationPatches
from deepsoil.training.supervision import Supervised, station_parts
from deepsoil.training.train import Training
from labels_tools import DATES, HERE, axes, maps, weather
from test_training_loop import root, settings  # noqa: F401  the fixture is used by its name

STACK_20CM = DEPTHS[20].channels
USES = [ChannelUse(name, 0.5, name in ("sand", "silt", "clay")) for name in STACK_20CM]


def stations() -> Stations:
    """Four stations at known pixels, each with a value of its own that rises a little day by day."""
    rows, columns = np.array([130, 130, 380, 382]), np.array([130, 380, 130, 384])
    longitudes, latitudes = (axis[i] for axis, i in zip(HERE.lonlat_centres(), (columns, rows), strict=True))
    level = np.array([0.10, 0.20, 0.30, 0.25])[:, None, None] + 0.001 * np.arange(DATES.size) * np.ones((1, 1, 1))
    names = [f"s{n}" for n in range(4)]
    return Stations(names, names, ["made up"] * 4, longitudes, latitudes, np.array([20.0]), DATES,
                    level.astype(np.float32), np.full(level.shape, 8.0, np.float32))


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    path = tmp_path_factory.mktemp("mixed") / "region"
    store = StoreWriter.create(path, name="mixed", title="Mixed ground", window=HERE, synthetic=True)
    for name, values in maps().items():
        store.write_static(name, values, "made up")
    for name, values in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        store.write_coarse(name, DATES, *axes(1), values, "made up")
    store.write_stations(stations())
    coverage.finish(store)
    finished = Store.open(path)
    simulate(finished, LabelSettings(texture_step=10))
    return finished


def mixed_settings(root: Path, region: Store, folder: Path, **changes: object) -> Configuration:  # noqa: F811
    data = settings(root, 20) | {
        "supervision": {"region": str(region.path), "simulated": "region", "simulated_share": 0.5},
        "split": {"kind": "leave_station_out", "folds": 4, "distance_km": 0},
        "warm_start": {"steps": 3, "pixels": 64}, **changes}
    file = folder / "mixed.yaml"
    file.write_text(yaml.safe_dump(data))
    return read_configuration(file)


def test_a_station_batch_shows_the_day_and_labels_the_station_s_window_only(region: Store) -> None:
    inputs = StationInputs.read(region, USES, 20)
    day = int(np.flatnonzero(np.datetime64("2023-01-10") == DATES)[0])
    batch = inputs.batch(np.array([[2, day]]), 4)
    assert np.isfinite(batch.theta).sum() == 16 and np.isfinite(batch.theta[0, MIDDLE, MIDDLE])
    assert np.nanmax(np.abs(batch.theta - (0.3 + 0.001 * day))) < 1e-6
    from deepsoil.grid import Window

    there = Window(HERE.column + 130 - MIDDLE, HERE.row + 380 - MIDDLE, 16, 16)
    x, _ = Stack(region, USES).read(date(2023, 1, 10), there)
    np.testing.assert_allclose(batch.x[0], x, atol=1e-3)
    small = inputs.batch(np.array([[2, day]]), 4, 4)
    assert small.x.shape[2:] == (4, 4) and np.isfinite(small.theta).all()
    assert np.isnan(inputs.observed[:, np.datetime64("2022-12-30") > DATES]).all(), "no weather of thirty days yet"


def test_a_region_batch_has_the_labels_of_its_windows_and_pieces_stay_together(region: Store) -> None:
    labels = Labels.open(region)
    source = RegionPatches(Stack(region, USES), labels, 20, np.ones(labels.dates.size, bool))
    large, small = source.draw((1, 2), 3, 64), source.draw((1, 2), 48, 4)
    again = source.draw((1, 2), 3, 64)
    np.testing.assert_array_equal(large.x, again.x)
    assert large.x.shape == (3, len(USES), 64, 64) and small.theta.shape == (48, 4, 4)
    for batch in (large, small):
        known = np.isfinite(batch.theta)
        assert known.mean() > 0.5
        assert (batch.theta[known] >= batch.soil.theta_r[known] - 1e-6).all(), "label and soil belong together"
        assert (batch.theta[known] <= batch.soil.theta_s[known] + 1e-6).all()


def test_every_station_is_tested_once_and_never_where_it_was_learnt(region: Store, root: Path,  # noqa: F811
                                                                    tmp_path: Path) -> None:
    inputs = StationInputs.read(region, USES, 20)
    tested = np.zeros(4, int)
    for fold in range(4):
        split = {"kind": "leave_station_out", "folds": 4, "distance_km": 0, "fold": fold}
        parts = station_parts(mixed_settings(root, region, tmp_path, split=split), inputs)
        assert not (parts.train & parts.test).any() and not (parts.train & parts.validation).any()
        tested += parts.test.all(1)
    assert (tested == 1).all()
    near = mixed_settings(root, region, tmp_path, split={"kind": "leave_station_out", "distance_km": 1000})
    with pytest.raises(DeepSoilError) as caught:
        station_parts(near, inputs)
    assert caught.value.code == "too_few_stations"


def test_the_share_of_simulated_batches_is_as_asked_and_drawn_by_key(region: Store, root: Path,  # noqa: F811
                                                                     tmp_path: Path) -> None:
    configuration = mixed_settings(root, region, tmp_path)
    supervised = Supervised.of(configuration, None, dict.fromkeys(configuration.channels, 0.5))  # type: ignore[arg-type]
    mixed = supervised.training
    drawn = [mixed.is_simulated((0, 10, step)) for step in range(600)]
    assert 0.44 < np.mean(drawn) < 0.56 and drawn == [mixed.is_simulated((0, 10, step)) for step in range(600)]
    labelled = {mixed.is_simulated((0, 10, step)): np.isfinite(mixed.draw((0, 10, step), 2, 16).theta).sum()
                for step in range(8)}
    assert labelled[False] == 2 * 16 and labelled[True] > 200
    with pytest.raises(DeepSoilError):
        StationPatches(supervised.inputs, np.zeros(supervised.inputs.observed.shape, bool), 4)


def test_a_mixed_training_scores_left_out_stations_and_continues_another(region: Store, root: Path,  # noqa: F811
                                                                         tmp_path: Path) -> None:
    configuration = mixed_settings(root, region, tmp_path)
    first = Training(configuration, tmp_path / "first", say=lambda line: None)
    first.run()
    rows = {row["part"]: row for row in json.loads((tmp_path / "first" / "metrics.json").read_text())["stations"]}
    assert {name: row["stations"] for name, row in rows.items()} == {"train": 2, "validation": 1, "test": 1}
    assert "those of the region region" in (tmp_path / "first" / "tiny-20cm.md").read_text()
    changes = {"supervision": {"region": str(region.path), "start": str(tmp_path / "first"), "simulated_share": 0.0},
               "split": {"kind": "leave_year_out", "fold": 0}}
    schedule = configuration.schedule.model_dump() | {"keep": "last", "trained": "full_resolution"}
    changed = mixed_settings(root, region, tmp_path, schedule=schedule, **changes)
    second = Training(changed, tmp_path / "second", say=lambda line: None)
    second.run()
    before, after = (torch.load(tmp_path / name / "best.pt")["network"] for name in ("first", "second"))
    kept = {name for name, values in after.items() if torch.equal(values, before[name]) and "batches" not in name}
    assert not any(name.startswith(("encoder1.0", "head")) for name in kept), "full resolution has learnt"
    below_weights = {name for name in after if name.startswith(("encoder2", "up1", "decoder2"))}
    assert {name for name in below_weights if name.endswith("weight")} <= kept
    below = second.trainer.network.up1.out_channels
    torch.testing.assert_close(after["decoder1.0.weight"][:, :below], before["decoder1.0.weight"][:, :below],
                               atol=1e-4, rtol=0)
    rows = {row["part"]: row for row in json.loads((tmp_path / "second" / "metrics.json").read_text())["stations"]}
    assert rows["test"]["days"] == 8 and "validation" not in rows, "two days of 2022 come after a month"
