"""One model, card, configuration or region that cannot be read hides none of the others; curves show what they have."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from deepsoil import regions
from deepsoil.contract.protocol import result_line
from deepsoil.io import json_files
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.tasks import curves
from deepsoil.models import library
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.training.configuration_catalogue import listed
from mutation_tools import Counts, Denied, changed_bytes, damage, mutated, removed

ROOT = Path(__file__).resolve().parents[2]
SEED = int(os.environ.get("DEEPSOIL_TEST_SEED", "1"))
INPUTS = int(os.environ.get("DEEPSOIL_TEST_INPUTS", "60"))


def usable(answer: Any) -> bool:
    """Whether an answer can be sent."""
    return bool(result_line(1, answer))


def check_list(counts: Counts, name: str, answer: Any, good: str) -> None:
    counts.run(f"sent {name}", lambda: usable(answer))
    found = {entry["id"]: entry for entry in answer or []}
    if good not in found or found[good]["problem"] is not None:
        counts.losses.append(f"{name}: {sorted(found)}")
    for entry in answer or []:
        counts.message(name, entry["problem"])


@pytest.mark.parametrize("what", ["bytes", "contract", "card"])
def test_a_damaged_model_hides_no_other(tmp_path: Path, what: str, capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts, denied = random.Random(SEED), Counts(f"model files: {what}"), Denied()
    folder = tmp_path / "models"
    folder.mkdir()
    for ending in ("onnx", "md"):
        shutil.copy(ROOT / "resources" / "models" / f"deepsoil-20cm.{ending}", folder)
    bad, card = folder / "deepsoil-5cm.onnx", folder / "deepsoil-5cm.md"
    content = (ROOT / "resources" / "models" / bad.name).read_bytes()
    at = content.rindex(b'{"schema"')
    for _ in range(INPUTS // 3):
        removed(bad)
        removed(card)
        name = what
        if what == "bytes":
            changed = bytearray(content)
            for _ in range(chance.choice((1, 5, 50))):
                changed[-chance.randrange(1, 8000)] = chance.randrange(256)
            bad.write_bytes(changed if chance.random() < 0.5 else changed_bytes(chance, content))
        elif what == "contract":
            # The length of the metadata stays: protobuf writes it before the text.
            text = content[at:content.index(b"}", content.rindex(b"licence")) + 1]
            other = mutated(chance, text)[:len(text)]
            bad.write_bytes(content.replace(text, other + b" " * (len(text) - len(other))))
        else:
            bad.write_bytes(content)
            card.write_text("# Über Kärtchen", encoding="latin-1")
            name = damage(chance, card, denied)
        counts.inputs += 1
        library._open.cache_clear()
        with denied:
            answer = counts.run(name, Library.in_folder(folder).list)
        denied.paths.clear()
        check_list(counts, name, answer, "deepsoil-20cm")
    capfd.readouterr()
    with capfd.disabled():
        counts.check()


def test_a_damaged_configuration_hides_no_other(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    chance, counts, denied = random.Random(SEED), Counts("training configurations"), Denied()
    folder, resources = tmp_path / "configurations", tmp_path / "resources"
    folder.mkdir()
    resources.mkdir()
    text = (ROOT / "resources" / "training" / "deepsoil-20cm.yaml").read_bytes()
    (folder / "good.yaml").write_bytes(text)
    bad = folder / "bad.yaml"
    for _ in range(INPUTS):
        removed(bad)
        bad.write_bytes(text)
        name = damage(chance, bad, denied)
        counts.inputs += 1
        with denied:
            answer = counts.run(name, lambda: listed(tmp_path, resources))
        denied.paths.clear()
        check_list(counts, name, answer, "good")
    with capfd.disabled():
        counts.check()


def test_a_number_of_a_configuration_that_is_not_finite_is_named(tmp_path: Path) -> None:
    (tmp_path / "configurations").mkdir()
    text = (ROOT / "resources" / "training" / "deepsoil-20cm.yaml").read_text("utf-8")
    for value in (".inf", ".nan"):
        changed = re.sub(r"(learning_rate|epochs|batch_size|seed): *\S+", rf"\1: {value}", text)
        (tmp_path / "configurations" / "bad.yaml").write_text(changed)
        (entry,) = listed(tmp_path, tmp_path / "none")
        assert usable([entry]) and entry["document"] is None and entry["problem"]["code"] == "configuration_invalid"


def test_a_damaged_region_hides_no_other(tmp_path: Path, capfd: pytest.CaptureFixture[str],
                                         monkeypatch: pytest.MonkeyPatch) -> None:
    chance, counts = random.Random(SEED), Counts("regions")
    usable_store = {"name": "Good", "synthetic": False, "footprint": None, "first_date": None, "last_date": None,
                    "channels": [], "stations": 0}
    real = regions._describe
    monkeypatch.setattr(regions, "_describe", lambda path, stamp: (
        usable_store if path == "/good" else real(path, stamp)))
    store = tmp_path / "store"
    for _ in range(INPUTS):
        shutil.rmtree(store, ignore_errors=True)
        store.mkdir()
        (store / "zarr.json").write_bytes(mutated(chance, json.dumps(
            {"zarr_format": 3, "node_type": "group", "attributes": {"name": "x", "grid": {"level": 14}}}).encode()))
        entries = [{"id": "good", "path": "/good", "name": "Good"}, {"id": "bad", "path": str(store), "name": "Bad"}]
        if chance.random() < 0.5:
            entries[1] = json.loads(json.dumps(chance.choice((None, 5, {}, {**entries[1], "path": 5}, {
                **entries[1], "id": None}, {**entries[1], "path": "x\0y"}, [], "bad"))))
        json_files.write(tmp_path / "regions.json", {"schema": 1, "regions": entries})
        counts.inputs += 1
        answer = counts.run(f"{entries[1]!r}", Regions(tmp_path).list)
        check_list(counts, f"{entries[1]!r} {(store / 'zarr.json').read_bytes()[:200]!r}", answer, "good")
    capfd.readouterr()
    with capfd.disabled():
        counts.check()


def test_curves_with_nan_are_shown_without_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "outputs" / "net" / "curves.jsonl"
    path.parent.mkdir(parents=True)
    good = b'{"epoch": 1, "loss": 0.5, "validation_mae": 0.04}\n{"epoch": 2, "loss": NaN, "validation_mae": Infinity}\n'
    path.write_bytes(good)
    (curve,) = curves.read(JobFolder(tmp_path))
    assert curve["rows"] == [{"epoch": 1, "loss": 0.5, "validation_mae": 0.04},
                             {"epoch": 2, "loss": None, "validation_mae": None}]
    chance, counts, denied = random.Random(SEED), Counts("curves"), Denied()
    other = tmp_path / "outputs" / "other" / "curves.jsonl"
    other.parent.mkdir()
    for _ in range(INPUTS):
        removed(other)
        other.write_bytes(good)
        name = damage(chance, other, denied)
        counts.inputs += 1
        with denied:
            found = counts.run(name, lambda: curves.read(JobFolder(tmp_path))) or []
        denied.paths.clear()
        counts.run(name, lambda found=found: usable(found))
        if not any(one["title"] == "net" and len(one["rows"]) == 2 for one in found):
            counts.losses.append(name)
    with capfd.disabled():
        counts.check()
