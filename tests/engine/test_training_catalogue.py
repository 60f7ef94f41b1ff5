"""The training configurations that a client can start from."""

from __future__ import annotations

from pathlib import Path

from deepsoil.training.catalogue import described, listed

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
