"""What a model file says about itself: round trip, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import onnx
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import METADATA_KEY, ModelContract
from deepsoil.depths import DEPTHS
from deepsoil.networks.export import export_random
from deepsoil.networks.model_file import read_contract

STACK_5CM, STACK_20CM = DEPTHS[5].channels, DEPTHS[20].channels
SHIPPED = Path(__file__).parents[2] / "resources" / "models"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_random(tmp_path_factory.mktemp("models") / "random.onnx", 20)


def altered(model: Path, tmp_path: Path, change: object) -> Path:
    """A copy whose contract is ``change(contract as dict)``."""
    graph = onnx.load(str(model))
    data = json.loads({entry.key: entry.value for entry in graph.metadata_props}[METADATA_KEY])
    change(data)
    onnx.helper.set_model_props(graph, {METADATA_KEY: json.dumps(data)})
    onnx.save(graph, str(tmp_path / "altered.onnx"))
    return tmp_path / "altered.onnx"


def test_round_trip(model: Path) -> None:
    contract = read_contract(model)
    assert contract.depth_cm == 20 and contract.multiple == 8 and contract.halo == 40
    assert [channel.name for channel in contract.channels] == list(STACK_20CM)
    assert ModelContract.from_json(contract.to_json(), "again") == contract
    assert json.loads(contract.to_json())["schema"] == 1
    uses = contract.channel_uses()
    assert uses[0].name == "sand" and uses[0].required and uses[0].fill == 0.5
    assert not next(use for use in uses if use.name == "koppen").required


def _channel(which: str, **values: object) -> object:
    def change(data: dict) -> None:
        next(channel for channel in data["channels"] if channel["name"] == which).update(values)
    return change


@pytest.mark.parametrize(("change", "code", "words"), [
    (_channel("sand", unit="kg/kg"), "model_mismatch", "takes sand in kg/kg, this engine gives %"),
    (_channel("vpd", maximum=8.0), "model_mismatch", "scales vpd from 0 to 8 kPa"),
    (_channel("slope", name="snow_depth"), "model_mismatch", "'snow_depth', which this engine does not know"),
    (_channel("land_cover", classes=False), "model_mismatch", "land_cover as numbers"),
    (lambda data: data.update(halo=30), "model_mismatch", "halo of 30"),
    (lambda data: data["grid"].update(level=15), "model_mismatch", "quadkey 15"),
    (lambda data: data.update(schema=2), "model_invalid", "schema"),
    (lambda data: data.update(colour="blue"), "model_invalid", "colour"),
    (lambda data: data.pop("halo"), "model_invalid", "halo"),
    (lambda data: data["channels"].pop(), "model_mismatch", "does not take the channels"),
])
def test_a_model_for_something_else_is_refused(model: Path, tmp_path: Path, change: object, code: str,
                                               words: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        read_contract(altered(model, tmp_path, change))
    assert caught.value.code == code and words in caught.value.message and caught.value.hint


def test_no_channel_may_differ_in_unit_range_or_kind(model: Path) -> None:
    contract = read_contract(model)
    for number, channel in enumerate(contract.channels):
        for change in ({"unit": "furlong"}, {"minimum": channel.minimum - 0.5}, {"maximum": channel.maximum + 0.5},
                       {"minimum": channel.minimum + 1e-3}, {"classes": not channel.classes}, {"name": "snow_depth"}):
            channels = list(contract.channels)
            channels[number] = channel.model_copy(update=change)
            with pytest.raises(DeepSoilError) as caught:
                contract.model_copy(update={"channels": channels}).check("it")
            assert caught.value.code == "model_mismatch" and (channel.name in caught.value.message or "name" in change)
    contract.check("it")


@pytest.mark.parametrize(("path", "least", "most"), [
    (("channels", 0, "fill"), 0.0, 1.0), (("multiple",), 1, None), (("halo",), 0, None), (("schema",), 1, 1)])
def test_numbers_of_a_contract_have_their_limits(model: Path, path: tuple, least: float, most: float | None) -> None:
    def with_value(value: float) -> str:
        data = json.loads(read_contract(model).to_json())
        inner = data
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = value
        return json.dumps(data)

    for value in (least, most):
        if value is not None:
            try:
                ModelContract.from_json(with_value(value), "it")
            except DeepSoilError as error:
                assert error.code == "model_mismatch", "valid, but no multiple"
    for value in (least - 1, None if most is None else most + 1):
        if value is not None:
            with pytest.raises(DeepSoilError) as caught:
                ModelContract.from_json(with_value(value), "it")
            assert caught.value.code == "model_invalid"


def test_damaged_absent_and_foreign_files_are_refused(model: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.onnx"
    half.write_bytes(model.read_bytes()[:5000])
    foreign = tmp_path / "foreign.onnx"
    graph = onnx.load(str(model))
    graph.ClearField("metadata_props")
    onnx.save(graph, str(foreign))
    for path, code in ((half, "model_invalid"), (tmp_path / "absent.onnx", "model_missing"),
                       (foreign, "model_invalid")):
        with pytest.raises(DeepSoilError) as caught:
            read_contract(path)
        assert caught.value.code == code and path.name in caught.value.message


def test_reading_and_running_a_model_needs_no_torch(model: Path) -> None:
    program = ("import sys; from deepsoil.networks import model_file, session; model_file.read_contract(sys.argv[1]);"
               "session.open_session(sys.argv[1], 1); assert not {'torch', 'onnx'} & set(sys.modules)")
    subprocess.run([sys.executable, "-c", program, str(model)], check=True, timeout=60)


@pytest.mark.parametrize("depth", [5, 20])
def test_the_shipped_models_are_what_they_should_be(depth: int) -> None:
    path = SHIPPED / f"deepsoil-{depth}cm.onnx"
    contract = read_contract(path)
    assert contract.depth_cm == depth and contract.name == path.stem
    assert [channel.name for channel in contract.channels] == list(STACK_5CM if depth == 5 else STACK_20CM)
    assert contract.network.parameters == (12_905_601 if depth == 5 else 3_323_969)
    assert contract.network.quantisation_error is not None and contract.network.quantisation_error <= 0.002
    assert contract.metrics[0].measured and contract.metrics[1].group == "irrigated fields", "the stations come first"
    intervals = contract.intervals
    assert intervals is not None and intervals.groups == 10 and 0.85 <= intervals.covered <= 0.95
    assert 0.02 < intervals.half_width < intervals.guaranteed_half_width < 0.2
    emulated = [metric for metric in contract.metrics[2:] if metric.split != "required channels only"]
    assert len(emulated) >= 6 and all(metric.value < metric.baseline_value for metric in emulated)
    assert path.with_suffix(".md").is_file()
    assert sum(file.stat().st_size for file in SHIPPED.glob("*.onnx")) < 18e6
