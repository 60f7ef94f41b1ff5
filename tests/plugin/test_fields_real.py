"""78 fields of the sample region for real: selected in a layer, sent once, and each with its own map, row and file."""

from __future__ import annotations

import csv
import math
import os
import random
import subprocess
from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QPushButton, QToolButton

from deepsoil_plugin.components import Components
from deepsoil_plugin.exports import items as exported
from deepsoil_plugin.exports.run import export
from deepsoil_plugin.exports.wishes import Wishes
from deepsoil_plugin.map import layer_tree
from deepsoil_plugin.processing.provider import DeepSoilProvider

CENTRE = (505_500.0, 4_475_500.0)
DAY = "2023-07-15"


@pytest.fixture
def fields(qgis_new_project, real_python, sample_region, own_home, random_models) -> QgsVectorLayer:
    """Sections, half sections, pivots with corners left out, a field in two parts; neighbours share their borders."""
    subprocess.run([str(real_python), "-m", "deepsoil", "regions", "--add", str(sample_region)], check=True,
                   capture_output=True, env={**os.environ, "DEEPSOIL_HOME": str(own_home)})
    rng = random.Random(78)
    layer = QgsVectorLayer("MultiPolygon?crs=EPSG:32613&field=id:integer&field=field_name:string", "My farm", "memory")
    made = []
    for number in range(78):
        column, row = number % 13, number // 13
        x, y = CENTRE[0] + 402.336 * (column - 6), CENTRE[1] + 402.336 * (row - 3)
        square = [(x, y), (x + 402.336, y), (x + 402.336, y + 402.336), (x, y + 402.336), (x, y)]
        pivot = [(x + 201 + 195 * math.cos(math.radians(a)), y + 201 + 195 * math.sin(math.radians(a)))
                 for a in (*range(0, 360, 2), 0)]
        parts = rng.choice([[[square]], [[pivot]], [[square, pivot]], [[[(px, y + (py - y) / 3) for px, py in square]],
                                                            [[(px, y + 260 + (py - y) / 3) for px, py in square]]]])
        feature = QgsFeature(layer.fields(), number + 1)
        feature.setGeometry(QgsGeometry.fromMultiPolygonXY([[[QgsPointXY(*p) for p in ring] for ring in part]
                                                            for part in parts]))
        assert feature.geometry().isGeosValid()
        feature.setAttributes([number, f"Field {number // 2}" if number < 40 else f"Ñ {number}/a"])
        made.append(feature)
    layer.dataProvider().addFeatures(made)
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_78_selected_fields_are_one_job_with_a_map_each(window, fields, real_python, qtbot, monkeypatch, tmp_path):
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    window.window.show()
    parts = Components(window)
    try:
        parts.open_dock()
        request = parts.dock.request
        qtbot.waitUntil(lambda: parts.client.is_ready and request.data.known, timeout=120_000)
        fields.selectAll()
        parts.dock.findChild(QToolButton, "deepsoilSelectedFeatures").click()
        size = parts.dock.findChild(QLabel, "deepsoilArea")
        qtbot.waitUntil(lambda: size.text().startswith("78 fields, "), timeout=20_000)
        request.dates._date.setDate(QDate.fromString(DAY, Qt.DateFormat.ISODate))
        go = parts.dock.findChild(QPushButton, "deepsoilMapIt")
        qtbot.waitUntil(lambda: go.isEnabled() and "about" in
                        parts.dock.findChild(QLabel, "deepsoilEstimate").text(), timeout=120_000)
        estimate = request._estimate
        assert estimate["fields"] == 78 and estimate["problems"] == []
        QTest.mouseClick(go, Qt.MouseButton.LeftButton)

        def layers():
            return [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsRasterLayer)]

        qtbot.waitUntil(lambda: len(layers()) == 156, timeout=300_000)
        named = {(layer.name(), layer.customProperty(layer_tree.DEPTH)) for layer in layers()}
        assert len(named) == 156 and ("Field 3 (2)", 5) in named and ("Ñ 77/a", 20) in named
        items = exported.of_layers(layers())
        export(items, tmp_path / "out", Wishes(), lambda _: None)
        rows = list(csv.DictReader(next((tmp_path / "out").glob("*.csv")).open(encoding="utf-8")))
        assert len(rows) == 156 and len({row["field"] for row in rows}) == 78
        assert len({row["file"] for row in rows}) == 156 == len(list((tmp_path / "out").glob("*.tif")))
        by_name = {feature["field_name"]: feature.geometry() for feature in fields.getFeatures()
                   if feature["field_name"].startswith("Ñ")}
        for row in rows:
            if row["field"] in by_name:
                shape = by_name[row["field"]]  # at most half a pixel along the outline is lost or won
                assert int(row["pixels"]) * 900 == pytest.approx(shape.area(), abs=15 * shape.length())
        QgsProject.instance().write(str(tmp_path / "farm.qgz"))
        QgsProject.instance().read(str(tmp_path / "farm.qgz"))
        qtbot.waitUntil(lambda: size.text().startswith("78 fields, "), timeout=20_000)
        assert len(layers()) == 156
    finally:
        parts.close()


def test_processing_maps_each_field(fields, real_python, monkeypatch, tmp_path):
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    provider = DeepSoilProvider()
    QgsApplication.processingRegistry().addProvider(provider)

    def run(**more):
        context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
        context.setProject(QgsProject.instance())
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("deepsoil:mapsoilmoisture")
        results, well = algorithm.run({"AREA": fields, "START": DAY, "DEPTHS": [1], "NAME": "farm", "LOAD": False,
                                       "REGION": "sample", "OUTPUT": str(tmp_path / "maps"), **more}, context, feedback,
                                      catchExceptions=False)
        assert well, feedback.textLog()
        return results

    try:
        found = [Path(path).name for path in run()["MAPS"]]
        assert len(found) == 78 == len(set(found)) and "Ñ_77_a_soil_moisture_20cm_2023-07-15.tif" in found
        bow = QgsFeature(fields.fields(), 100)
        x, y = CENTRE
        bow.setGeometry(QgsGeometry.fromWkt(f"MULTIPOLYGON((({x} {y}, {x + 90} {y + 90}, {x + 90} {y}, {x} {y + 90}, "
                                            f"{x} {y})))"))
        bow.setAttributes([100, "Bow"])
        fields.dataProvider().addFeatures([bow])
        with pytest.raises(QgsProcessingException, match="touches itself: Bow"):
            run()
        assert len(run(REPAIR=True, NAMES="id", OUTPUT=str(tmp_path / "again"))["MAPS"]) == 79
        assert (tmp_path / "again" / "100_soil_moisture_20cm_2023-07-15.tif").exists()
    finally:
        QgsApplication.processingRegistry().removeProvider(provider)
