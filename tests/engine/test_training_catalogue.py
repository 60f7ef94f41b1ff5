"""The training configurations that a client can start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.models.library import Library, Model
from deepsoil.models.register import register
from deepsoil.training.configuration import parse_configuration
from deepsoil.training.configuration_catalogue import described, listed, require_files

RESOURCES = Path(__file__).parents[2] / "resources"


def test_shipped_and_own_configurations_are_listed_with_whole_paths(tmp_path):
    own = tmp_path / "configurations"
    own.mkdir()
    text = (RESOURCES / "training" / "columns-20cm.yaml").read_text("utf-8")
    (own / "mine.yaml").write_text(text.replace("name: columns-20cm", "name: mine"), "utf-8")
    (own / "broken.yaml").write_text("name: [", "utf-8")
    found = {one["id"]: one for one in listed(tmp_path, RESOURCES)}
    assert {"columns-20cm", "columns-5cm", "deepsoil-20cm", "deepsoil-5cm", "mine", "broken"} <= set(found)
    assert not any(name.startswith("tables") for name in found), "a table's plan is no training configuration"
    assert found["mine"]["document"]["name"] == "mine"
    for one in found.values():
        if one["document"] is not None:
            assert Path(one["document"]["weather"]["root"]).is_absolute()
    assert found["broken"]["document"] is None
    assert found["broken"]["problem"]["code"] == "configuration_invalid"


def test_a_file_that_is_not_there_is_told_not_raised(tmp_path):
    assert described(tmp_path / "no.yaml")["problem"]["code"] == "configuration_missing"
    assert described(tmp_path)["problem"]["code"] == "configuration_missing"


def test_what_a_configuration_names_must_be_there(tmp_path):
    base = next(one["document"] for one in listed(tmp_path, RESOURCES) if one["id"] == "deepsoil-20cm")
    weather, region, start = tmp_path / "weather", tmp_path / "region", tmp_path / "start"
    for series in base["weather"]["series"]:
        (weather / series["file"]).parent.mkdir(parents=True, exist_ok=True)
        (weather / series["file"]).touch()
    region.mkdir()
    start.mkdir()

    def problem(root=weather, of=region, begin=None):
        document = {**base, "weather": {**base["weather"], "root": str(root)},
                    "supervision": {**base["supervision"], "region": str(of), "start": begin and str(begin)}}
        with pytest.raises(DeepSoilError) as caught:
            require_files([parse_configuration(document, "x")])
        return caught.value.code, caught.value.field

    assert problem(root=tmp_path) == ("weather_missing", "options.configurations.0.weather.root")
    assert problem(of=tmp_path / "no") == ("region_missing", "options.configurations.0.supervision.region")
    assert problem(begin=start) == ("start_missing", "options.configurations.0.supervision.start")


def test_a_trained_model_is_entered_with_its_card_and_never_takes_a_shipped_ones_place(tmp_path):
    export = pytest.importorskip("deepsoil.networks.export")
    run, home = tmp_path / "run", tmp_path / "home"
    run.mkdir()
    export.export_random(str(run / "north.onnx"), 20)
    name = Model.open(run / "north.onnx").id
    (run / "north.md").write_text("# North", "utf-8")
    assert "in the list" in register(run / "north.onnx", home, tmp_path / "none")
    entered, = Library.in_folder(home / "models").list()
    assert (entered["id"], entered["card"]) == (name, "# North")
    assert sorted(file.name for file in (home / "models").iterdir()) == [f"{name}.md", f"{name}.onnx"]
    other = tmp_path / "other"
    shipped = tmp_path / "shipped"
    (shipped / "models").mkdir(parents=True)
    theirs = (run / "north.onnx").rename(shipped / "models" / f"{name}.onnx")
    assert "is not replaced" in register(theirs, other, shipped)
    assert not other.exists()
