"""The comparison with SMAP as a Processing algorithm: cells with values, and the engine's scores as numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from products import maps
from qgis.core import QgsProcessingContext, QgsProcessingException, QgsProject, QgsRasterLayer
from test_processing import engine, provider, run  # noqa: F401
from test_smap_panel import ANSWER, JOB

from deepsoil_plugin.map import layer_tree
from deepsoil_plugin.processing.provider import DeepSoilProvider


def test_cells_and_days_with_both_become_features_and_scores_numbers(
        provider: DeepSoilProvider, engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    (made, *_) = maps(tmp_path, ["2023-07-15"])
    requests = engine()
    monkeypatch.setenv("DEEPSOIL_FAKE_SMAP", json.dumps(ANSWER))
    layer = QgsRasterLayer(made["path"], "map")
    layer.setCustomProperty(layer_tree.JOB, JOB["id"])
    context = QgsProcessingContext()
    found = run("deepsoil:comparesmap", {"MAP": layer, "SMAP": str(tmp_path), "CELLS": "memory:"}, context=context)
    assert [one["params"] for one in requests() if one["method"] == "compare_smap"] == [
        {"id": JOB["id"], "path": str(tmp_path)}]
    cells = context.getMapLayer(found["CELLS"])
    rows = [[one[name] for name in ("cell", "date", "smap", "map", "difference", "flag", "scored")]
            for one in cells.getFeatures()]
    assert rows[2] == [3, "2023-07-15", 0.4, 0.26, -0.14, "flagged", 1] and len(rows) == 4
    assert rows[3][-1] == 0, "covered by a fifth"
    assert found["RECOMMENDED_BIAS"] == -0.01 and found["FLAGGED_MAE"] == 0.14 and found["FLAGGED_R_IN_TIME"] is None


def test_a_raster_that_deepsoil_has_not_made_is_refused(provider: DeepSoilProvider, engine: Any) -> None:  # noqa: F811
    engine()
    file = Path(__file__).parents[2] / "resources" / "help" / "main.png"
    layer = QgsRasterLayer(str(file), "other")
    QgsProject.instance().addMapLayer(layer)  # the project owns it: an error's traceback must not keep it alive
    with pytest.raises(QgsProcessingException, match="not a map of DeepSoil"):
        run("deepsoil:comparesmap", {"MAP": layer.id(), "CELLS": "memory:"})
    QgsProject.instance().removeMapLayer(layer)
