"""What a model says of its accuracy: stations first, the worst group beside it, simulated columns called so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from deepsoil.cli import main
from deepsoil.contract.model import Metric, headline_first
from deepsoil.models.library import Library
from deepsoil.training.station_scores import held_out_metrics, station_scores

ROOT = Path(__file__).resolve().parents[2]


def metric(value: float, **more: object) -> Metric:
    return Metric(name="MAE", value=value, unit="m3/m3", reference="", split="", baseline="b", baseline_value=1.0,
                  **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_stations_come_first_whatever_the_order_in_the_file(seed: int) -> None:
    metrics = [metric(0.008), metric(0.009), metric(0.03, measured=True, n=10), metric(0.14, group="irrigated fields"),
               metric(0.2, measured=True, group="wet")]
    order = np.random.default_rng(seed).permutation(len(metrics))
    found = headline_first([metrics[n] for n in order])
    assert found[0].value == 0.03 and {one.value for one in found[1:3]} == {0.14, 0.2}
    assert all(not one.measured and one.group is None for one in found[3:])


def test_shipped_models_tell_what_they_reach_at_stations(tmp_path: Path) -> None:
    at_stations = {"deepsoil-5cm": 0.029, "deepsoil-20cm": 0.029, "pixels-5cm": 0.0279, "pixels-20cm": 0.0248}
    models = Library(tmp_path, ROOT / "resources").list()
    assert {model["id"] for model in models} == set(at_stations)
    assert [model["id"] for model in models if model["default"]] == ["deepsoil-5cm", "deepsoil-20cm"]
    for model in models:
        first, second, third = model["metrics"][:3]
        assert (first["measured"], first["value"], first["n"]) == (True, at_stations[model["id"]], 10)
        assert first["baseline"] == "the station a week before" and first["days"] > 330 and "2023" in first["period"]
        assert second["group"] == "irrigated fields" and second["value"] > 0.07
        assert second["baseline"] == "the station a week before", "the same stations, and no others"
        assert not third["measured"] and "simulation" in third["reference"]
        card = model["card"]
        order = [card.index(word) for word in ("Accuracy at stations", "irrigated", "simulated soil columns (synth")]
        assert order == sorted(order)


def test_the_list_of_models_names_each_score(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSOIL_HOME", str(tmp_path))
    assert main(["models"]) == 0
    said = capsys.readouterr().out
    assert "MAE at stations" in said and "0.029" in said and "10 stations" in said and "0.008 (synthetic)" in said
    assert "0.122 for irrigated fields" in said


def test_a_training_tells_its_score_on_days_that_it_did_not_see() -> None:
    days = np.arange("2023-01-01", "2023-04-11", dtype="datetime64[D]")
    observed = np.tile(np.linspace(0.1, 0.3, len(days), dtype=np.float32), (3, 1))
    observed[1, 50:] = np.nan
    test = np.zeros(observed.shape, bool)
    test[:, 40:60] = True
    parts = SimpleNamespace(_asdict=lambda: {"train": ~test, "validation": ~test, "test": test})
    inputs = SimpleNamespace(observed=observed, predict=lambda _: observed + 0.02, stations=SimpleNamespace(dates=days))
    scores = station_scores(SimpleNamespace(inputs=inputs, parts=parts), lambda x: x)  # type: ignore[arg-type]
    (found,) = held_out_metrics(scores)
    assert (found.value, found.n, found.days, found.measured) == (0.02, 3, 50, True)
    assert found.period == "2023-02-10 to 2023-03-01"
    assert found.baseline_value == pytest.approx(7 * 0.2 / 99, rel=1e-3)
    assert held_out_metrics(scores[:1]) == [], "days that were learnt from test nothing"
