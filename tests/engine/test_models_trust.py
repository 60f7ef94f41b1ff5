"""A model is trusted by name, version and SHA-256: no file becomes a default, or takes one's place, unseen."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

import onnx
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import METADATA_KEY
from deepsoil.models import defaults
from deepsoil.models.arrival import check_arrival, comes_with_deepsoil
from deepsoil.models.defaults import Trusted
from deepsoil.models.library import LONGEST_CARD_BYTES, Library
from deepsoil.models.register import register
from inference_tools import built


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory) / "models"


def copy(source: Path, folder: Path, name: str, depth: int = 20, file: str = "", **changes: Any) -> Path:
    """A model of that name in a folder; ``file``: the name of the file where it is another one."""
    model = onnx.load(source / f"random-{depth}cm.onnx")
    contract = json.loads(next(p.value for p in model.metadata_props if p.key == METADATA_KEY))
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(contract | {"name": name} | changes)})
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{file or name}.onnx"
    onnx.save(model, target)
    return target


@pytest.fixture
def places(source: Path, tmp_path: Path) -> tuple[Path, Path]:
    """(HOME/models, resources) where resources ship a model for each depth."""
    for depth in (5, 20):
        copy(source, tmp_path / "resources" / "models", f"deepsoil-{depth}cm", depth)
    (tmp_path / "home" / "models").mkdir(parents=True)
    return tmp_path / "home" / "models", tmp_path / "resources"


def library(places: tuple[Path, Path]) -> Library:
    return Library(places[0].parent, places[1])


def listed(places: tuple[Path, Path]) -> dict[str, dict[str, Any]]:
    return {document["path"]: document for document in library(places).list()}


def refused(code: str, action: Any, *arguments: object) -> DeepSoilError:
    with pytest.raises(DeepSoilError) as caught:
        action(*arguments)
    assert caught.value.code == code and caught.value.hint
    return caught.value


ATTACKS = [
    {"name": "deepsoil-20cm"}, {"name": "deepsoil-20cm", "file": "friendly"}, {"name": "deepsoil-20cm", "file": "a"},
    {"name": "deepsoil-20cm", "depth_cm": 5, "file": "b"}, {"name": "aaa"},
    {"name": "deepsoil-20cm", "version": "99.0"},
    {"name": "friendly", "file": "deepsoil-20cm"}, {"name": "../deepsoil-20cm", "file": "c"}, {"name": "", "file": "d"},
    {"name": "deepsoil-5cm", "depth_cm": 20, "file": "deepsoil-5cm"},
]


@pytest.mark.parametrize("seed", range(8))
def test_no_file_that_is_copied_changes_a_default(source: Path, places: tuple[Path, Path], seed: int) -> None:
    chance = random.Random(seed)
    for attack in chance.sample(ATTACKS, chance.randint(1, 5)):
        copy(source, places[0], **{"title": "Copied", **attack})  # type: ignore[arg-type]
        for depth in (5, 20):
            assert library(places).find(depth).path.parent == places[1] / "models"
            assert library(places).find(f"deepsoil-{depth}cm").path.parent == places[1] / "models"
        chosen = [document for document in library(places).list() if document["default"]]
        assert sorted(document["id"] for document in chosen) == ["deepsoil-20cm", "deepsoil-5cm"]
        assert all(document["title"] != "Copied" for document in chosen)


def test_a_file_that_is_not_named_like_its_model_is_not_used(source: Path, places: tuple[Path, Path]) -> None:
    path = copy(source, places[0], "north", file="south")
    assert listed(places)[str(path)]["problem"]["code"] == "model_name"
    refused("model_missing", library(places).find, "north")
    assert "'north'" in refused("model_name", library(places).find, "south").message
    refused("model_name", check_arrival, path)
    check_arrival(path.rename(path.with_name("north.onnx")))
    assert library(places).find("north").path.name == "north.onnx"


def test_a_copy_of_a_shipped_model_is_no_problem_and_another_of_its_name_is_said(places: tuple[Path, Path], source: Path
                                                                                ) -> None:
    shutil.copy(places[1] / "models" / "deepsoil-20cm.onnx", places[0])
    assert [document["problem"] for document in library(places).list()] == [None, None]
    path = copy(source, places[0], "deepsoil-20cm", title="Mine")
    assert listed(places)[str(path)]["problem"]["code"] == "model_exists"
    assert "not replaced" in register(path, places[0].parent, places[1])


def trusted(places: tuple[Path, Path], path: Path) -> Trusted:
    return Trusted.of(listed(places)[str(path)])


def test_the_user_chooses_a_default_and_goes_back(source: Path, places: tuple[Path, Path]) -> None:
    path = copy(source, places[0], "north", version="2.0")
    library(places).set_default(20, trusted(places, path))
    assert library(places).find(20).id == "north" and library(places).find(5).id == "deepsoil-5cm"
    assert [name for name, one in listed(places).items() if one["default"]] == [
        str(places[1] / "models" / "deepsoil-5cm.onnx"), str(path)]
    library(places).set_default(20, trusted(places, places[1] / "models" / "deepsoil-20cm.onnx"))
    assert library(places).find(20).id == "deepsoil-20cm" and defaults.read(places[0].parent) == {}


def test_only_the_model_that_was_seen_becomes_the_default(source: Path, places: tuple[Path, Path]) -> None:
    path = copy(source, places[0], "north")
    seen = trusted(places, path)
    copy(source, places[0], "north", title="Another")
    refused("default_changed", library(places).set_default, 20, seen)
    refused("default_changed", library(places).set_default, 20, Trusted("north", "9", trusted(places, path).sha256))
    refused("model_depth", library(places).set_default, 5, trusted(places, path))
    refused("model_missing", library(places).set_default, 20, Trusted("south", "1", "0" * 64))
    assert library(places).find(20).id == "deepsoil-20cm"


@pytest.mark.parametrize("what", ["replaced", "replaced, same size and date", "removed", "renamed inside", "damaged"])
def test_a_chosen_default_that_is_exchanged_is_not_used(source: Path, places: tuple[Path, Path], what: str) -> None:
    path = copy(source, places[0], "north", title="Aa")
    library(places).set_default(20, trusted(places, path))
    before = path.stat()
    if what == "removed":
        path.unlink()
    elif what == "damaged":
        path.write_bytes(b"x")
    else:
        copy(source, places[0], "south" if what == "renamed inside" else "north", file="north", title="Bb")
    if "same" in what:
        assert path.stat().st_size == before.st_size
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    error = refused("default_changed", library(places).find, 20)
    assert "north" in error.message and error.field == "models.20"
    assert [one["id"] for one in listed(places).values() if one["default"]] == ["deepsoil-5cm"]
    library(places).set_default(20, trusted(places, places[1] / "models" / "deepsoil-20cm.onnx"))
    assert library(places).find(20).id == "deepsoil-20cm"


def test_where_none_comes_with_deepsoil_the_first_stays_the_default(source: Path, tmp_path: Path) -> None:
    places = tmp_path / "home" / "models", tmp_path / "nothing"
    copy(source, places[0], "middle")
    assert library(places).find(20).id == "middle"
    copy(source, places[0], "above")
    copy(source, places[0], "deepsoil-20cm")
    assert library(places).find(20).id == "middle"


def test_a_damaged_model_of_deepsoil_is_not_replaced_by_another(source: Path, places: tuple[Path, Path]) -> None:
    copy(source, places[0], "north")
    (places[1] / "models" / "deepsoil-20cm.onnx").write_bytes(b"x")
    refused("model_invalid", library(places).find, 20)
    assert library(places).find("north").id == "north"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"20": 3}', '{"20": {"id": 1}}', '{"x": {}}', "[" * 9_000,
                                  '{"20": {"id": "north", "version": "0"}}', '{"²": {}}', "\0", '{"-5": null}'])
def test_a_damaged_choice_counts_as_none(places: tuple[Path, Path], text: str) -> None:
    (places[0].parent / defaults.FILE).write_text(text)
    assert library(places).find(20).id == "deepsoil-20cm"


def test_a_model_of_a_host_is_checked_before_it_lies_among_the_others(monkeypatch: pytest.MonkeyPatch,
                                                                     places: tuple[Path, Path]) -> None:
    monkeypatch.setenv("DEEPSOIL_RESOURCES", str(places[1]))
    shipped = listed(places)[str(places[1] / "models" / "deepsoil-5cm.onnx")]
    assert comes_with_deepsoil("deepsoil-5cm", shipped["sha256"])
    refused("model_exists", comes_with_deepsoil, "deepsoil-5cm", "0" * 64)
    assert not comes_with_deepsoil("north", "0" * 64)


@pytest.mark.parametrize("card", [b"\xe9" * 30, b"x" * 3_000_000, b"\0", "θ".encode() * LONGEST_CARD_BYTES])
def test_a_card_of_any_kind_is_read_within_bounds(source: Path, places: tuple[Path, Path], card: bytes) -> None:
    path = copy(source, places[0], "north")
    path.with_suffix(".md").write_bytes(card)
    assert len(listed(places)[str(path)]["card"]) <= LONGEST_CARD_BYTES
