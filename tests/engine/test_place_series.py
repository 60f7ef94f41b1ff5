"""The series at a place by the networks is what the pixels of their maps have, with what is known of the field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.model import Intervals
from deepsoil.grid import Window, pixel_to_lonlat
from deepsoil.inference.predict import predict_window
from deepsoil.models.library import Library, Model
from deepsoil.service.series import series
from deepsoil.store.store import Store
from inference_tools import DAYS, HERE, built, open_model, stack_for

PERIOD = DAYS[37:60]
COLUMN, ROW = HERE.column + 70, HERE.row + 61


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory)


def found(ground: Path, **changes: Any) -> dict[str, Any]:
    place = [float(value) for value in pixel_to_lonlat(COLUMN + 0.5, ROW + 0.5)]
    given = {"start": str(PERIOD[0]), "end": str(PERIOD[-1]), "method": "network", **changes}
    return series(Store.open(ground / "store"), Library.in_folder(ground / "models"), place, **given)


def test_it_is_the_pixel_of_the_maps(ground: Path) -> None:
    answer = found(ground)
    assert answer["dates"] == [str(day) for day in PERIOD] and answer["members"] is None
    assert answer["depletion_mm"] is None and len(answer["precipitation_mm"]) == len(PERIOD)
    for depth in (5, 20):
        model = open_model(ground, depth)
        stack = stack_for(ground, model)
        pixel = [predict_window(model, stack, day, Window(COLUMN, ROW, 1, 1))[0, 0] for day in PERIOD]
        np.testing.assert_allclose(answer["depths"][str(depth)]["mean"], pixel, atol=1.5e-4)
        assert set(answer["depths"][str(depth)]["lower"]) == {None}, "an untrained model has no calibration"


def test_the_interval_is_that_of_the_model(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = Library.find

    def calibrated(self: Library, which: int | str) -> Model:
        model = find(self, which)
        intervals = Intervals.model_construct(half_width=0.05)
        return Model(model.path, model.contract.model_copy(update={"intervals": intervals}))

    monkeypatch.setattr(Library, "find", calibrated)
    band = found(ground)["depths"]["20"]
    for low, middle, high in zip(band["lower"], band["mean"], band["upper"], strict=True):
        assert high - middle == pytest.approx(0.05, abs=2e-4) and low == pytest.approx(max(middle - 0.05, 0), abs=2e-4)


def test_the_water_of_the_field_is_seen(ground: Path) -> None:
    day = PERIOD[10]
    log = {"type": "log", "applications": [{"date": str(day), "mm": 60.0}]}
    dry, wet = found(ground), found(ground, management={"irrigation": log})
    before, after = slice(0, 10), slice(10, len(PERIOD))
    for depth in ("5", "20"):
        assert dry["depths"][depth]["mean"][before] == wet["depths"][depth]["mean"][before]
        assert dry["depths"][depth]["mean"][after] != wet["depths"][depth]["mean"][after]


def test_a_library_without_models_is_said(ground: Path, tmp_path: Path) -> None:
    place = [float(value) for value in pixel_to_lonlat(COLUMN + 0.5, ROW + 0.5)]
    with pytest.raises(DeepSoilError) as caught:
        series(Store.open(ground / "store"), Library.in_folder(tmp_path), place, "2023-01-01", "2023-01-02", "network")
    assert caught.value.code == "model_missing"
