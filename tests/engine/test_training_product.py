"""What the labels of a training weigh, whose soil its suction has, and how its weights and rates fall (Eqs. 1 to 4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from deepsoil.channels import ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.grid import Window
from deepsoil.inputs import coverage
from deepsoil.inputs.stack import Stack
from deepsoil.soil.rosetta import parameters
from deepsoil.store.series import Stations
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from deepsoil.training import loop
from deepsoil.training.batches import tensors
from deepsoil.training.configuration import Configuration, LossChoice, Schedule, StepDecay, read_configuration
from deepsoil.training.loss_soil import soil_of
from deepsoil.training.losses import composite, data_weight
from deepsoil.training.product_patches import ProductPatches
from deepsoil.training.station_patches import MIDDLE, StationInputs, StationPatches
from deepsoil.training.supervision import Supervised
from deepsoil.training.train import Training
from labels_tools import DATES, HERE, axes, maps, weather
from test_training_loop import root, settings  # noqa: F401  the fixture is used by its name

USES = [ChannelUse(name, 0.5, True) for name in ("sand", "silt", "clay", "precipitation", "pet", "temperature", "vpd")]
ROW, COLUMN, STATION, PRODUCT = 201, 300, 0.12, 0.34
SEEN = DATES[20:40]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A surface product of one value on twenty days, a station that disagrees, and retention parameters of its own."""
    store = StoreWriter.create(tmp_path_factory.mktemp("product") / "region", name="p", title="Product", window=HERE)
    for name, values in maps().items():
        store.write_static(name, values, "made up")
    shape = HERE.shape
    for name, value in (("theta_r", 0.03), ("theta_s", 0.47), ("log10_vg_alpha", -1.3), ("vg_n", 1.7)):
        store.write_static(name, np.full(shape, value), "made up")
    for name, values in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        store.write_coarse(name, DATES, *axes(1), values, "made up")
    product = np.full(shape, PRODUCT, np.float32)
    product[:, :50] = np.nan
    store.write_dated("hydroblocks", [day.item() for day in SEEN], (product for _ in SEEN), "made up")
    lon, lat = HERE.lonlat_centres()
    theta = np.full((1, 1, DATES.size), STATION, np.float32)
    store.write_stations(Stations(["s"], ["s"], ["N"], lon[[COLUMN]], lat[[ROW]], np.array([5.0]), DATES, theta,
                                  np.full_like(theta, 12.0)))
    return coverage.finish(store)


@pytest.fixture(scope="module")
def inputs(region: Store) -> StationInputs:
    return StationInputs.read(region, USES, 5)


def day_number(day: np.datetime64) -> int:
    return int(np.flatnonzero(day == DATES)[0])


def test_around_a_station_the_product_labels_and_the_station_weighs_more(inputs: StationInputs) -> None:
    seen, unseen = day_number(SEEN[15]), day_number(DATES[50])
    batch = inputs.batch(np.array([[0, seen], [0, unseen]]), 4, weight=10.0, around=True)
    own = np.zeros((16, 16), bool)
    own[MIDDLE - 1:MIDDLE + 3, MIDDLE - 1:MIDDLE + 3] = True
    assert batch.weight is not None
    np.testing.assert_allclose(batch.theta[0], np.where(own, STATION, PRODUCT), atol=1e-3)
    np.testing.assert_array_equal(batch.weight, np.broadcast_to(np.where(own, 10, 1), (2, 16, 16)))
    np.testing.assert_array_equal(np.isfinite(batch.theta[1]), own)
    assert np.isfinite(inputs.batch(np.array([[0, seen]]), 4).theta).sum() == 16, "scores never meet the product"


def test_the_weight_of_eq_2_is_in_the_data_term(inputs: StationInputs) -> None:
    batch = inputs.batch(np.array([[0, day_number(SEEN[15])]]), 4, weight=10.0, around=True)
    shown = tensors(batch, torch.device("cpu"))
    predicted = torch.full_like(shown.theta, 0.2)
    choice = LossChoice(theta_scale=1.0)
    data = composite(predicted, shown.theta, shown.mask, shown.soil, 1.0, choice, shown.weight)["data"]
    expected = (160 * (0.2 - STATION) ** 2 + 240 * (0.2 - PRODUCT) ** 2) / (160 + 240)
    assert float(data) == pytest.approx(expected, rel=2e-3)


def test_windows_of_the_product_hold_the_stations_that_lie_in_them(region: Store, inputs: StationInputs) -> None:
    allowed = np.ones(inputs.observed.shape, bool)
    source = ProductPatches(Stack(region, USES), inputs, allowed, 4, 10.0, 5, "auto")
    with_station = 0
    for number in range(6):
        batch = source.draw((1, number), 2, 256)
        assert batch.weight is not None and batch.x.shape == (2, len(USES), 256, 256)
        np.testing.assert_allclose(batch.theta[batch.weight == 10], STATION, atol=1e-6)
        known = np.isfinite(batch.theta) & (batch.weight == 1)
        np.testing.assert_allclose(batch.theta[known], PRODUCT, atol=1e-6)
        with_station += int((batch.weight == 10).any(axis=(1, 2)).sum())
    assert with_station > 0
    hidden = ProductPatches(Stack(region, USES), inputs, ~allowed, 4, 10.0, 5, "auto")
    assert all((hidden.draw((1, number), 2, 256).weight == 1).all() for number in range(6)), "held out is held out"


def test_the_surface_has_the_region_s_parameters_and_20_cm_those_of_the_texture(region: Store) -> None:
    window = Window(HERE.column + 100, HERE.row + 100, 16, 16)
    texture = parameters(*(region.read_static(name, window) for name in ("sand", "silt", "clay")))
    own = soil_of(region, window, 5, "auto")
    assert own.vg_alpha_per_cm == pytest.approx(10**-1.3, rel=1e-5) and own.theta_s == pytest.approx(0.47)
    np.testing.assert_allclose(own.ks_cm_per_day, texture.ks_cm_per_day)
    for depth, choice in ((20, "auto"), (5, "rosetta")):
        found = soil_of(region, window, depth, choice)  # type: ignore[arg-type]
        np.testing.assert_allclose(found.vg_alpha_per_cm, texture.vg_alpha_per_cm)
    assert soil_of(region, window, 20, "store").vg_n == pytest.approx(1.7)


def test_parameters_without_a_slope_are_widened_and_gaps_have_the_texture_s(tmp_path: Path) -> None:
    store = StoreWriter.create(tmp_path / "region", name="p", title="P", window=HERE)
    for name, values in maps().items():
        store.write_static(name, values, "made up")
    for name, value in (("theta_r", 0.3), ("theta_s", 0.31), ("log10_vg_alpha", -1.3), ("vg_n", 1.0)):
        layer = np.full(HERE.shape, value)
        layer[:, 8:] = np.nan
        store.write_static(name, layer, "made up")
    window = Window(HERE.column, HERE.row, 16, 16)
    found = soil_of(store, window, 5, "auto")
    texture = parameters(*(store.read_static(name, window) for name in ("sand", "silt", "clay")))
    assert (found.theta_s - found.theta_r)[:, :8] == pytest.approx(0.05) and found.vg_n[:, :8] == pytest.approx(1.05)
    np.testing.assert_allclose(found.vg_n[:, 8:], texture.vg_n[:, 8:])


@pytest.mark.parametrize(("epoch", "share"), [(0, 1.0), (99, 1.0), (100, 0.8), (250, 0.64), (5000, 0.1)])
def test_the_data_weight_falls_in_steps_to_its_least(epoch: int, share: float) -> None:
    assert data_weight(epoch, 6000, LossChoice(weight_decay=StepDecay())) == pytest.approx(share)


def test_the_learning_rate_falls_in_steps_of_epochs() -> None:
    schedule = Schedule(epochs=10, steps_per_epoch=20, learning_rate=0.01, warm_up=0.05,
                        rate_decay=StepDecay(factor=0.5, epochs=4), stages=[{"share": 1, "patch": 16, "batch": 1}])  # type: ignore[list-item]
    rates = [loop.learning_rate(step, schedule) for step in range(200)]
    assert rates[:10] == pytest.approx([0.001 * (n + 1) for n in range(10)])
    assert set(np.round(rates[10:80], 9)) == {0.01} and set(np.round(rates[80:160], 9)) == {0.005}
    assert set(np.round(rates[160:], 9)) == {0.0025}


def configuration(root: Path, region: Store, folder: Path, **supervision: Any) -> Configuration:  # noqa: F811
    data = settings(root, 5) | {
        "supervision": {"region": str(region.path), "simulated": "hydroblocks", "simulated_share": 0.5, **supervision},
        "split": {"kind": "none"}, "warm_start": None}
    data["schedule"] |= {"keep": "last", "epochs": 2, "rate_decay": {"factor": 0.5, "epochs": 1}}
    data["loss"] = {"weight_decay": {"factor": 0.5, "epochs": 1}}
    file = folder / "product.yaml"
    file.write_text(yaml.safe_dump(data))
    return read_configuration(file)


def test_a_whole_training_on_the_product_uses_weights_and_soil(root: Path, region: Store, tmp_path: Path,  # noqa: F811
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def spy(predicted, target, mask, soil, weight_of_data, choice, weight=None, suction_target=None):
        seen.append((weight_of_data, weight, soil.vg_n))
        return composite(predicted, target, mask, soil, weight_of_data, choice, weight, suction_target)

    monkeypatch.setattr(loop, "composite", spy)
    Training(configuration(root, region, tmp_path, station_weight=7.0), tmp_path / "run", lambda line: None).run()
    assert {weight for weight, _, _ in seen} == {1.0, 0.5}
    assert any(weight is not None and (weight == 7).any() and (weight == 1).any() for _, weight, _ in seen)
    assert all(torch.allclose(n, torch.tensor(1.7), atol=1e-4) for _, _, n in seen)


def test_a_region_without_the_product_or_with_other_years_is_refused(root: Path, region: Store,  # noqa: F811
                                                                     tmp_path: Path) -> None:
    chosen = configuration(root, region, tmp_path)
    bare = StoreWriter.create(tmp_path / "bare", name="b", title="Bare", window=HERE)
    for name, values in maps().items():
        bare.write_static(name, values, "made up")
    for name, values in (weather(1) | {"vpd": np.ones((DATES.size, 1, 1))}).items():
        bare.write_coarse(name, DATES, *axes(1), values, "made up")
    bare.write_stations(region.stations())
    coverage.finish(bare)
    other = chosen.model_copy(update={"supervision": chosen.supervision.model_copy(  # type: ignore[union-attr]
        update={"region": str(tmp_path / "bare")})})
    fills = dict.fromkeys(other.channels, 0.5)
    columns = StationPatches(StationInputs.read(region, USES, 5), np.ones((1, DATES.size), bool), 4)
    with pytest.raises(DeepSoilError) as caught:
        Supervised.of(other, columns, fills)
    assert caught.value.code == "no_product" and caught.value.field == "supervision.simulated"
