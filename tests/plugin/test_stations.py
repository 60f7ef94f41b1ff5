"""Stations on the map: points that a click picks, on top of the maps, and there again when the project is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from products import JOB, maps, summary
from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsPointXY, QgsProject, QgsRectangle
from qgis.gui import QgsMapToolEmitPoint, QgsMapToolPan, QgsVertexMarker
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction

from deepsoil_plugin.map.result_layers import ResultLayers
from deepsoil_plugin.map.station_layers import StationLayers

SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
REGION = {"id": "sample", "name": "Sample region"}
GEOJSON = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 38.8]},
     "properties": {"id": ident, "name": name, "network": "Synthetic", "depths_cm": [5, 20],
                    "first_date": "2021-01-01", "last_date": "2023-12-31"}}
    for ident, name, lon in [("s1", "North", -99.02), ("s2", "South", -98.98)]]}


@pytest.fixture
def stations(qgis_iface: Any, qgis_canvas: Any, qgis_new_project: None) -> Iterator[StationLayers]:
    qgis_canvas.resize(600, 400)
    made = StationLayers(qgis_iface)
    yield made
    made.close()
    qgis_canvas.unsetMapTool(qgis_canvas.mapTool()) if qgis_canvas.mapTool() else None


def look_at(canvas: Any, layer: Any) -> None:
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    canvas.setLayers([layer])
    canvas.setExtent(QgsRectangle(-11_040_000, 4_690_000, -11_000_000, 4_710_000))


def position_of(canvas: Any, number: int) -> QPoint:
    longitude, latitude = GEOJSON["features"][number]["geometry"]["coordinates"]  # type: ignore[index]
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"),
                                    QgsCoordinateReferenceSystem("EPSG:3857"), QgsProject.instance())
    pixel = canvas.getCoordinateTransform().transform(to_map.transform(QgsPointXY(longitude, latitude)))
    return QPoint(round(pixel.x()), round(pixel.y()))


def click(canvas: Any, position: QPoint) -> None:
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, position)


def test_a_click_near_a_station_picks_it_and_one_elsewhere_none(stations: StationLayers, qgis_canvas: Any,
                                                                qtbot: Any) -> None:
    look_at(qgis_canvas, stations.show(REGION, GEOJSON))
    picked: list[Any] = []
    stations.stationPicked.connect(lambda region, properties: picked.append((region, properties["id"])))
    pan = QgsMapToolPan(qgis_canvas)
    qgis_canvas.setMapTool(pan)
    click(qgis_canvas, position_of(qgis_canvas, 1) + QPoint(5, -4))
    qtbot.waitUntil(lambda: picked == [("sample", "s2")])
    click(qgis_canvas, position_of(qgis_canvas, 0) + QPoint(40, 0))
    QTest.qWait(20)
    assert picked == [("sample", "s2")]


def test_dragging_the_map_or_drawing_picks_nothing(stations: StationLayers, qgis_canvas: Any) -> None:
    look_at(qgis_canvas, stations.show(REGION, GEOJSON))
    picked: list[Any] = []
    stations.stationPicked.connect(lambda *station: picked.append(station))
    position = position_of(qgis_canvas, 0)
    QTest.mousePress(qgis_canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
                     position - QPoint(60, 0))
    QTest.mouseRelease(qgis_canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, position)
    drawing = QgsMapToolEmitPoint(qgis_canvas)
    qgis_canvas.setMapTool(drawing)
    click(qgis_canvas, position_of(qgis_canvas, 0))
    QTest.qWait(20)
    assert picked == []


def test_the_selection_tool_of_qgis_picks_stations_too(window: Any, qtbot: Any) -> None:
    made = StationLayers(window)
    window.canvas.resize(600, 400)
    look_at(window.canvas, made.show(REGION, GEOJSON))
    picked: list[Any] = []
    made.stationPicked.connect(lambda _region, properties: picked.append(properties["id"]))
    tools = [QgsMapToolEmitPoint(window.canvas) for _ in range(2)]
    tools[0].setAction(QAction("Measure", window.window))
    tools[1].setAction(window.select)
    for tool in tools:
        window.canvas.setMapTool(tool)
        click(window.canvas, position_of(window.canvas, 1))
        QTest.qWait(20)
    assert picked == ["s2"], "only the selection tool, not the one that measures"
    made.close()


def test_hidden_stations_are_not_picked(stations: StationLayers, qgis_canvas: Any) -> None:
    look_at(qgis_canvas, stations.show(REGION, GEOJSON))
    qgis_canvas.setLayers([])
    picked: list[Any] = []
    stations.stationPicked.connect(lambda *station: picked.append(station))
    click(qgis_canvas, position_of(qgis_canvas, 0))
    QTest.qWait(20)
    assert picked == []


def test_showing_again_keeps_one_layer_and_brings_it_up_to_date(stations: StationLayers) -> None:
    layer = stations.show(REGION, GEOJSON)
    assert stations.show(REGION, GEOJSON) is layer
    fewer = {**GEOJSON, "features": GEOJSON["features"][:1]}
    assert stations.show(REGION, fewer) is layer and layer.featureCount() == 1
    assert len(QgsProject.instance().mapLayers()) == 1


def test_a_saved_project_has_its_stations_again(stations: StationLayers, tmp_path: Path) -> None:
    stations.show(REGION, GEOJSON)
    project = QgsProject.instance()
    assert project.write(str(tmp_path / "p.qgz"))
    project.clear()
    assert project.read(str(tmp_path / "p.qgz"))
    layer = next(iter(project.mapLayers().values()))
    assert sorted(feature["name"] for feature in layer.getFeatures()) == ["North", "South"]
    assert layer.labelsEnabled()
    assert stations.show(REGION, GEOJSON).id() == layer.id()


def test_stations_lie_on_top_of_the_newest_group(stations: StationLayers, qgis_iface: Any, tmp_path: Path,
                                                 qtbot: Any) -> None:
    root = QgsProject.instance().layerTreeRoot()
    layer_id = stations.show(REGION, GEOJSON).id()
    assert root.children()[0].name() == "Stations"
    results = ResultLayers(qgis_iface)
    made = maps(tmp_path, ["2023-07-15"])
    for job in (JOB, "1" * 32):
        group = results.show(summary(made, job=job))
        qtbot.waitUntil(lambda: not results._queue, timeout=10_000)
        assert [node.name() for node in group.children()] == ["Stations", "Soil moisture 5 cm", "Soil moisture 20 cm"]
        assert [node.layerId() for node in root.findLayers() if node.name() == "Stations"] == [layer_id]
    results.remove("1" * 32)
    assert root.children()[0].name() == "Stations", "the job goes, the stations stay"
    results.close()


def test_the_picked_station_is_marked_and_the_map_keeps_its_scale_while_the_panel_takes_room(
        window: Any, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from deepsoil_plugin.components import Components

    monkeypatch.setattr("deepsoil_plugin.engine.client.EngineClient.call", lambda *_, **__: None)
    components, canvas = Components(window), window.canvas
    window.window.show()
    look_at(canvas, components.stations.show(REGION, GEOJSON))
    # The station lies low in the map, where the panel is going to be.
    canvas.setCenter(QgsPointXY(-11_020_000, position_on_map(1).y() + 0.4 * canvas.extent().height()))
    qtbot.wait(50)
    scale, high = canvas.scale(), canvas.height()
    click(canvas, position_of(canvas, 1))
    qtbot.waitUntil(lambda: canvas.height() < high, timeout=5000)
    qtbot.wait(100)
    assert canvas.scale() == pytest.approx(scale, rel=1e-6)
    assert canvas.extent().contains(position_on_map(1)), "the station is still seen"
    rings = [item for item in canvas.scene().items() if isinstance(item, QgsVertexMarker)]
    assert rings and all(ring.center().distance(position_on_map(1)) < 1 for ring in rings)
    assert not canvas.scaleLocked(), "the user's own switch is left as it was"
    canvas.grab().save(str(SHOTS / "look_station_marked.png"))
    components.panels.open("station").close()
    qtbot.waitUntil(lambda: canvas.height() == high, timeout=5000)
    qtbot.wait(100)
    assert canvas.scale() == pytest.approx(scale, rel=1e-6)
    assert not [item for item in canvas.scene().items() if isinstance(item, QgsVertexMarker)]
    window.window.resize(1366, 600)  # as QGIS gives room back: some turns of its event loop later
    qtbot.waitUntil(lambda: canvas.height() < high, timeout=5000)
    qtbot.wait(50)
    assert canvas.scale() == pytest.approx(scale, rel=1e-6)
    components.close()


def position_on_map(number: int) -> QgsPointXY:
    longitude, latitude = GEOJSON["features"][number]["geometry"]["coordinates"]  # type: ignore[index]
    return QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), QgsCoordinateReferenceSystem("EPSG:3857"),
                                  QgsProject.instance()).transform(QgsPointXY(longitude, latitude))
