"""A field without data becomes two maps: the plugin and the real engine, archives on local servers."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_engine import CENTRE, CORNERS, made_engine
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
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
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QCheckBox, QDialog, QLabel, QPushButton

from deepsoil_plugin.components import Components
from deepsoil_plugin.processing.provider import DeepSoilProvider

FIELD = {"type": "Polygon", "coordinates": [[*map(list, CORNERS), list(CORNERS[0])]]}


@pytest.fixture
def variables(real_python, tmp_path, monkeypatch):
    with made_engine(Path(real_python), tmp_path) as found:
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture
def parts(window, variables):
    window.window.show()
    made = Components(window)
    made.open_dock()
    yield made
    made.close()


def test_from_a_drawn_field_to_two_maps_in_two_clicks(parts, window, qtbot, own_home):
    request = parts.dock.request
    qtbot.waitUntil(lambda: parts.client.is_ready and request.data.answered, timeout=180_000)
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"),
                                    window.canvas.mapSettings().destinationCrs(), QgsProject.instance())
    window.canvas.setCenter(to_map.transform(QgsPointXY(*CENTRE)))
    request.area.set_area(FIELD, "North")
    cost, get = (parts.dock.findChild(kind, name) for kind, name in ((QLabel, "deepsoilDataCost"),
                                                                     (QPushButton, "deepsoilGetData")))
    qtbot.waitUntil(lambda: "from 4 archives" in cost.text(), timeout=180_000)
    QTest.mouseClick(get, Qt.MouseButton.LeftButton)
    dialog = window.window.findChild(QDialog, "deepsoilGatherDialog")
    go = dialog.findChild(QPushButton, "deepsoilGatherGo")
    qtbot.waitUntil(go.isEnabled, timeout=180_000)
    assert "Not to be sold." in dialog.findChild(QLabel, "deepsoilGatherTerms_owned").text()
    assert not dialog.findChild(QCheckBox, "deepsoilGatherAgree_owned").isChecked()
    QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sum(isinstance(layer, QgsRasterLayer) and layer.isValid()
                                for layer in QgsProject.instance().mapLayers().values()) == 2, timeout=180_000)
    # The maps are shown as they come, a moment before their job has ended.
    qtbot.waitUntil(lambda: {job["kind"]: job["state"] for job in parts.session.model.jobs()}
                    == {"gather": "succeeded", "predict": "succeeded"}, timeout=60_000)
    region = request.data.region
    assert region["gathered"] and Path(region["gathered"]).is_relative_to(own_home)
    assert "Made sky of nowhere" in parts.dock.findChild(QLabel, "deepsoilRegion").toolTip()


@pytest.fixture
def provider(qgis_app):
    made = DeepSoilProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


def run(parameters, feedback):
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("deepsoil:gather")
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    assert algorithm.checkParameterValues(parameters, context)[0]
    assert algorithm.prepareAlgorithm(parameters, context, feedback)
    return algorithm.processAlgorithm(parameters, context, feedback)


def test_the_algorithm_makes_the_region_and_says_whose_data_it_took(provider, variables, qgis_new_project, own_home):
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326", "fields", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromPolygonXY([[QgsPointXY(*corner) for corner in CORNERS]]))
    layer.dataProvider().addFeature(feature)
    feedback = QgsProcessingFeedback()
    planned = run({"AREA": layer, "PLAN_ONLY": True}, feedback)
    assert planned["REGION_ID"] == "" and not (own_home / "regions-data").exists()
    assert "The made sky" in feedback.textLog() and "CC BY 4.0" in feedback.textLog()
    made = run({"AREA": layer, "NAME": "North of here"}, feedback)
    assert made["REGION_ID"] and list((own_home / "regions-data").glob("*/store"))
    with pytest.raises(QgsProcessingException, match="both days"):
        run({"AREA": layer, "START": "2023-01-01"}, feedback)
