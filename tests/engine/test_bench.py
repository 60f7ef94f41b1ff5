"""Benchmarks have the form that was agreed on, and say so where an aim is missed."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
from deepsoil.bench import command, context, measure, plan, seams
from deepsoil.contract.errors import DeepSoilError
from deepsoil.models.library import Model
from deepsoil.networks.export import export_random

KEYS = {"name", "value", "unit", "reference", "reference_value", "ratio", "aim", "holds"}


def test_the_seams_are_measured_and_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    model = Model.open(export_random(tmp_path / "m.onnx", 20))
    monkeypatch.setattr(seams, "models", lambda folder: [model])
    file = tmp_path / "figures.json"
    assert command.run(argparse.Namespace(names=["seams"], json=file)) == 0
    rows = json.loads(file.read_text(encoding="utf-8"))
    assert [set(row) for row in rows] == [KEYS] and rows[0]["value"] <= 1e-5 and rows[0]["holds"] is True
    assert "seams 20 cm" in capsys.readouterr().out
    monkeypatch.setattr(seams, "AIM", -1.0)
    assert command.run(argparse.Namespace(names=["seams"], json=None)) == 1
    assert "MISSED" in capsys.readouterr().out


def test_an_unknown_benchmark_is_said() -> None:
    assert {"preview", "map", "seams"} <= set(command.names())
    with pytest.raises(DeepSoilError, match="preview"):
        command.run(argparse.Namespace(names=["prevew"], json=None))


def test_figures_of_numpy_are_written_and_missed_aims_seen() -> None:
    row = measure.row("x", np.float64(2), "s", reference_value=np.float64(4), holds=np.bool_(False))
    assert json.loads(json.dumps(row))["ratio"] == 0.5 and row["holds"] is False


def test_the_ratio_is_that_of_the_rounds() -> None:
    row = measure.compared("x", {"a": [2.0, 20.0, 3.0], "b": [1.0, 10.0, 2.0]}, "a", "b", "b", 1.9)
    assert row["ratio"] == 2.0 and row["holds"] is False and row["value"] == 3.0 and row["reference_value"] == 2.0


def test_the_region_of_the_plan_is_cut_whole(tmp_path: Path) -> None:
    outline, file = plan.region(3000), tmp_path / "plan.json"
    plan.plain(outline, file)
    tiles = len(json.loads(file.read_text(encoding="utf-8")))
    assert 2900 < tiles < 3300
    plan.plan(outline, 64, file)
    tasks = json.loads(file.read_text(encoding="utf-8"))
    windows = sum(last - first for task in tasks for _, _, first, last in task)
    assert len(tasks) == plan.TASKS and plan.DAYS * tiles <= windows <= 1.1 * plan.DAYS * tiles


@pytest.mark.parametrize(("depth", "kind"), [(20, "light_pixels"), (20, "light_unet"), (5, "surface_pixels")])
def test_only_a_network_that_looks_around_changes_with_its_surroundings(depth: int, kind: str, tmp_path: Path) -> None:
    model = Model.open(export_random(tmp_path / "m.onnx", depth, kind=kind, weights="float32"))
    side = 2 * context.margin(model) + model.contract.multiple
    x = np.random.default_rng(0).random((2, len(model.contract.channels), side, side), np.float32)
    rows = {row["name"].split(", ", 1)[1]: row for row in context.rows(model, x)}
    halo = model.contract.halo
    for what in ("noise", "another place"):
        values = [rows[f"{what} beyond r = {radius}, largest"]["value"] for radius in (0, 1, 4, 16)]
        assert all(value > 1e-6 for value in values) if halo else max(values) == 0
        whole = rows[f"{what} beyond r = 0, largest"]["reference_value"]
        assert whole > 1e-3, "the pixel itself counts"
        assert rows[f"{what} beyond r = {halo}, largest"]["holds"] is True
        assert rows[f"{what} beyond r = 48, mean"]["holds"] is True
