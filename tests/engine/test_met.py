"""A network is honest about its inputs: which it has met measured, and which values lie outside of its training."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from deepsoil.channels import CHANNELS, ChannelUse
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import ContractChannel, Met
from deepsoil.grid import Window
from deepsoil.inputs import coverage, data_age, trained_range
from deepsoil.inputs.stack import Stack
from deepsoil.networks.export import export_random
from deepsoil.networks.model_file import read_contract
from deepsoil.networks.rewrite import rewrite_contract
from deepsoil.store.store import Store
from deepsoil.store.writer import StoreWriter
from deepsoil.training.met import met_of, with_met
from deepsoil.training.train import Training
from test_training_loop import root  # noqa: F401  the fixture is used by its name
from test_training_mixed import mixed_settings, region  # noqa: F401

WINDOW = Window(241664, 399872, 512, 512)
DAY = date(2023, 2, 5)
USES = [ChannelUse("sand", 0.5, True, measured=False), ChannelUse("lai", 0.25, False, measured=False),
        ChannelUse("ndvi", 0.25, False), ChannelUse("temperature", 0.5, False, low=0.4, high=0.6)]


def store(folder: Path, *, synthetic: bool) -> Store:
    """With leaf area and NDVI of one day, 20 degrees in the west and 45 in the east."""
    made = StoreWriter.create(folder, name="s", title="S", window=WINDOW, synthetic=synthetic)
    for name in ("sand", "silt", "clay"):
        made.write_static(name, np.full(WINDOW.shape, 33.3), "a test")
    for name, value in (("lai", 3.0), ("ndvi", 0.6)):
        made.write_dated(name, [DAY], [np.full(WINDOW.shape, value)], "a test")
    west, south, east, north = WINDOW.bounds_lonlat
    axes = np.linspace(west, east, 64), np.linspace(north, south, 64)
    fields = np.broadcast_to(np.where(np.arange(64) < 32, 20.0, 45.0), (60, 64, 64)).astype(np.float32)
    days = np.arange("2023-01-01", "2023-03-02", dtype="datetime64[D]")
    for name in ("precipitation", "temperature", "vpd", "pet"):
        made.write_coarse(name, days, *axes, fields if name == "temperature" else np.ones_like(fields), "a test")
    return coverage.finish(made)


def test_a_channel_of_which_only_made_up_values_were_met_is_not_used_in_a_real_region(tmp_path: Path) -> None:
    real = Stack(store(tmp_path / "real", synthetic=False), USES)
    assert (real.missing, real.withheld) == (["lai"], ["lai"])
    x, valid = real.read(DAY, WINDOW)
    assert valid.all() and np.all(x[1] == np.float32(0.25)), "its training mean"
    assert x[0, 0, 0] == pytest.approx(0.333, abs=1e-3), "a required channel is used"
    (told,) = (one for one in data_age.warnings([real], [DAY]) if one.code.startswith("channel_"))
    assert told.code == "channel_withheld" and "leaf area" in told.message.lower()

    made_up = Stack(store(tmp_path / "made_up", synthetic=True), USES)
    assert (made_up.missing, made_up.withheld) == ([], [])
    lai = CHANNELS["lai"]
    assert made_up.read(DAY, WINDOW)[0][1, 0, 0] == pytest.approx((3 - lai.minimum) / (lai.maximum - lai.minimum))


def test_values_outside_of_the_training_are_counted_and_told(tmp_path: Path) -> None:
    temperature = CHANNELS["temperature"]
    low, high = ((value - temperature.minimum) / (temperature.maximum - temperature.minimum) for value in (10, 30))
    uses = [replace(USES[3], low=low, high=high)]
    stack = Stack(store(tmp_path / "s", synthetic=False), uses)
    assert trained_range.unusual(stack, [DAY], WINDOW)["temperature"] == pytest.approx(0.5, abs=0.05)
    near = Stack(stack.store, [replace(uses[0], high=(42 - temperature.minimum) / (
        temperature.maximum - temperature.minimum))])
    assert trained_range.unusual(near, [DAY], WINDOW) == {}, "a little beyond is not unusual"
    west = Window(WINDOW.column, WINDOW.row, 64, 64)
    assert trained_range.unusual(stack, [DAY], west) == {}
    (told,) = trained_range.warnings([(stack, WINDOW)], [DAY])
    assert told.code == "inputs_unusual" and "%" in told.message and temperature.title in told.message
    assert trained_range.warnings([(stack, west)], [DAY]) == []
    assert trained_range.warnings([(stack, WINDOW)], [date(2030, 1, 1)]) == [], "told by the plan"


def test_a_model_file_keeps_what_was_met(tmp_path: Path) -> None:
    path = export_random(tmp_path / "m.onnx", 20)
    assert all(use.measured and (use.low, use.high) == (0, 1) for use in read_contract(path).channel_uses())
    met = {"vpd": Met(how="stations", product="kings_creek", low=0.1, high=3.0), "ndvi": Met(how="simulated")}
    rewrite_contract(path, lambda contract: with_met(contract, met))
    uses = {use.name: use for use in read_contract(path).channel_uses()}
    vpd = CHANNELS["vpd"]
    assert uses["vpd"].measured and uses["vpd"].high == pytest.approx((3 - vpd.minimum) / (vpd.maximum - vpd.minimum))
    assert "ndvi" not in uses or not uses["ndvi"].measured
    with pytest.raises(DeepSoilError):
        rewrite_contract(path, lambda contract: contract.model_copy(update={"channels": [
            ContractChannel.of("sand", 0.5).model_copy(update={"unit": "bananas"})]}))
        read_contract(path)


def test_a_training_notes_what_it_met_and_in_which_range(region: Store, root: Path, tmp_path: Path) -> None:  # noqa: F811
    training = Training(mixed_settings(root, region, tmp_path), tmp_path / "run", lambda line: None)
    inputs = training.supervised.inputs  # type: ignore[union-attr]
    made_up = training.met()
    assert {one.how for one in made_up.values()} == {"simulated"}, "a synthetic region has no measured values"
    met = met_of(training.configuration, training.validation, inputs)
    assert met["vpd"] == Met(how="stations", product="region", low=met["vpd"].low, high=met["vpd"].high)
    absent = [name for name in inputs.missing if name in met]
    assert absent and all(met[name].how == "simulated" for name in absent)
    number = training.configuration.channels.index("temperature")
    channel = CHANNELS["temperature"]
    shown = np.concatenate([one[:, number].ravel().astype(np.float32) for one in inputs.x])
    low, high = (channel.minimum + np.quantile(shown, level) * (channel.maximum - channel.minimum)
                 for level in (0.01, 0.99))
    assert met["temperature"].low <= low + 1e-3 and met["temperature"].high >= high - 1e-3  # type: ignore[operator]
