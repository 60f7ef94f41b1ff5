"""Small rules of trainings, files, models and requests, each by the sentence that stands with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.irrigation_maps import Refill, Zones
from deepsoil.inference.quantities import OF_ROOT_ZONE, SOIL_MOISTURE
from deepsoil.io import regular
from deepsoil.models import arrival
from deepsoil.stations.reading_text import parse_reading
from deepsoil.training.configuration_schedule import Monthly, Schedule, Stage, StepDecay
from pydantic import ValidationError

# ---- readings in words

@pytest.mark.parametrize(("text", "theta"), [
    ("0.22 at 20 cm on 2023-07-12 at -96.6,39.1", 0.22), ("22 % at 20 cm on 2023-07-12 at -96.6, 39.1", 0.22),
    ("22percent at 20cm on 2023-07-12 at -96.6 39.1", 0.22), ("0,22 m³/m³ at 20 cm on 2023-07-12 at −96.6;39.1", 0.22),
    ("  0.22 m3/m3 at 20 cm on 2023-07-12 at -96.6,39.1 ", 0.22)])
def test_a_reading_is_read_as_it_is_said(text: str, theta: float) -> None:
    found = parse_reading(text, "probe")
    assert (found.theta, found.depth_cm, found.longitude, found.latitude) == (pytest.approx(theta), 20, -96.6, 39.1)
    assert found.date.isoformat() == "2023-07-12" and found.sensor == "probe"
    assert parse_reading(text).sensor == "reading"


@pytest.mark.parametrize(("text", "said"), [
    ("wet", "cannot be read"), ("0.22 at 20 cm on 2023-07-12", "cannot be read"),
    ("22 at 20 cm on 2023-07-12 at -96.6,39.1", "no soil holds that"),
    ("0 at 20 cm on 2023-07-12 at -96.6,39.1", "no soil holds that"),
    ("-0.1 at 20 cm on 2023-07-12 at -96.6,39.1", "no soil holds that"),
    ("120 % at 20 cm on 2023-07-12 at -96.6,39.1", "no soil holds that"),
    ("0.22 at 20 cm on 2023-02-30 at -96.6,39.1", "does not exist"),
    ("0.22 at -5 cm on 2023-07-12 at -96.6,39.1", "does not exist"),
    ("0.22 at 20 cm on 2023-07-12 at -196.6,39.1", "does not exist")])
def test_a_reading_that_cannot_be_is_refused_with_an_example(text: str, said: str) -> None:
    with pytest.raises(DeepSoilError, match=said) as refused:
        parse_reading(text)
    assert refused.value.code == "readings_invalid"
    assert "22 %" in refused.value.hint or "at 20 cm" in refused.value.hint


# ---- files

def test_a_file_is_read_up_to_its_most_and_a_longer_one_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"12345678")
    assert regular.read(file, 8) == regular.read(file, 9) == b"12345678" and regular.read_tail(file, 3) == b"678"
    assert regular.read_tail(file, 99) == b"12345678" and regular.read_tail(file, 0) == b""
    with pytest.raises(OSError, match="more than 7 bytes"):
        regular.read(file, 7)
    file.write_bytes(b"a\xff")
    assert regular.read_text(file, 9) == "a\N{REPLACEMENT CHARACTER}"
    for wrong in (tmp_path, tmp_path / "none", Path("a\0b")):
        with pytest.raises(OSError):
            regular.read(wrong, 9)


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="a file whose size is not known")
def test_a_file_that_does_not_say_its_size_is_read_whole() -> None:
    assert Path("/proc/version").stat().st_size == 0
    whole = Path("/proc/version").read_bytes()
    assert regular.read(Path("/proc/version"), 10_000) == whole and len(whole) > 10
    with pytest.raises(OSError, match="more than"):
        regular.read(Path("/proc/version"), len(whole) - 1)


def test_no_part_of_a_name_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "b").symlink_to(tmp_path / "real" / "a")
    with regular.open_inside(tmp_path, "real/a") as file:
        assert file.read() == b"1"
    for folder, name in ((tmp_path, "link/a"), (tmp_path, "real/b"), (tmp_path / "link", "a")):
        with pytest.raises(OSError, match="it is a link"):
            regular.open_inside(folder, name)


# ---- models

def test_a_model_that_comes_with_deepsoil_is_known_by_its_content(tmp_path: Path,
                                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "m-1.onnx").write_bytes(b"abc")
    monkeypatch.setattr(arrival, "shipped_resources", lambda: tmp_path)
    monkeypatch.setattr(arrival, "sha256_of_file", lambda path: f"hash of {path.read_bytes().decode()}")
    assert arrival.comes_with_deepsoil("m-1", "hash of abc") and not arrival.comes_with_deepsoil("m-2", "hash of abc")
    with pytest.raises(DeepSoilError) as refused:
        arrival.comes_with_deepsoil("m-1", "hash of b")
    assert refused.value.code == "model_exists"
    monkeypatch.setattr(arrival, "shipped_resources", lambda: None)
    assert not arrival.comes_with_deepsoil("m-1", "hash of abc")


# ---- what is asked of maps

def test_a_refill_goes_to_field_capacity_without_rain_unless_it_is_said() -> None:
    assert Refill().model_dump() == {"target": 1.0, "rain_days": 0, "only_where_needed": False}
    assert Zones().minimum_ha == 0.5
    for good in ({"target": 0.1}, {"target": 1}, {"rain_days": 0}, {"rain_days": 10}):
        Refill(**good)
    for bad in ({"target": 0.09}, {"target": 1.01}, {"rain_days": -1}, {"rain_days": 11}, {"other": 1}):
        with pytest.raises(ValidationError):
            Refill(**bad)
    for hectares, good in ((0.09, False), (0.1, True), (1000, True), (1001, False)):
        if good:
            Zones(minimum_ha=hectares)
        else:
            with pytest.raises(ValidationError):
                Zones(minimum_ha=hectares)


def test_products_are_stored_in_steps_that_hold_what_there_can_be() -> None:
    assert (SOIL_MOISTURE.scale, SOIL_MOISTURE.least, SOIL_MOISTURE.most * SOIL_MOISTURE.scale) == (1e-4, 1, 1.0)
    assert SOIL_MOISTURE.sign == "m³/m³"
    assert {name: one.unit for name, one in OF_ROOT_ZONE.items()} == {
        "available_mm": "mm", "available_percent": "%", "depletion_mm": "mm", "drainage_mm": "mm/day",
        "refill_mm": "mm"}
    for name, one in OF_ROOT_ZONE.items():
        assert (one.name, one.scale, one.least, one.most, one.sign) == (name, 0.1, 0, 65_534, one.unit)


# ---- the schedule of a training

def schedule(*shares: float, **more: Any) -> Schedule:
    stages = [Stage(share=share, patch=16 * (number + 1), batch=8) for number, share in enumerate(shares or (1.0,))]
    return Schedule(**{"epochs": 10, "steps_per_epoch": 10, "learning_rate": 0.001, "stages": stages, **more})


def test_every_step_has_the_stage_of_its_share_and_steps_beyond_have_the_last() -> None:
    found = [schedule(0.2, 0.5, 0.3).stage(step).patch for step in range(110)]
    assert found == [16] * 20 + [32] * 50 + [48] * 40
    assert [schedule(0.105, 0.895).stage(step).patch for step in (9, 10)] == [16, 32]
    for shares in ((0.5, 0.4), (0.6, 0.5)):
        with pytest.raises(ValidationError, match="sum to 1"):
            schedule(*shares)


def test_a_monthly_phase_comes_first_with_its_own_epochs() -> None:
    both = schedule(monthly=Monthly(epochs=3, steps_per_epoch=7))
    assert (both.monthly_epochs, both.all_epochs, both.steps) == (3, 13, 100)
    first, number = both.phase(2)
    assert (first.epochs, first.steps_per_epoch, first.learning_rate, number) == (3, 7, 0.001, 2)
    then, number = both.phase(3)
    assert (then.epochs, then.steps_per_epoch, number, then.monthly) == (10, 10, 0, None)
    assert schedule().phase(4)[1] == 4 and schedule().all_epochs == 10
    own = schedule(monthly=Monthly(epochs=1, learning_rate=0.5)).phase(0)[0]
    assert (own.learning_rate, own.steps_per_epoch) == (0.5, 10)


def test_a_step_decay_falls_at_the_end_of_each_of_its_spans() -> None:
    decay = StepDecay()
    assert [decay.share(epoch) for epoch in (0, 99, 100, 199, 200)] == pytest.approx([1, 1, 0.8, 0.8, 0.64])
    assert [StepDecay(factor=0.5, epochs=1).share(epoch) for epoch in range(4)] == [1, 0.5, 0.25, 0.125]
