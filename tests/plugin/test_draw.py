"""Drawing an area: corners, corrections, keys, and what is refused without losing anything."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

from deepsoil_plugin.map.area import AreaBand, AreaError, geojson_from, geometry_from, hectares, to_wgs84, view_area
from deepsoil_plugin.map.draw_tools import DrawBox, DrawPolygon
from deepsoil_plugin.map.selection import SelectionPicker

UTM = QgsCoordinateReferenceSystem("EPSG:32614")
WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
PLAIN, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(qgis_app, qtbot):
    canvas = QgsMapCanvas()
    qtbot.addWidget(canvas)
    canvas.setDestinationCrs(UTM)
    canvas.resize(600, 600)
    canvas.setExtent(QgsRectangle(500_000, 4_400_000, 506_000, 4_406_000))
    canvas.show()
    qtbot.waitExposed(canvas)
    yield canvas
    canvas.unsetMapTool(canvas.mapTool())


class Hand:
    """A mouse and a keyboard over the canvas; positions in pixels."""

    def __init__(self, canvas):
        self.canvas, self.view = canvas, canvas.viewport()

    def click(self, x, y, button=Qt.MouseButton.LeftButton):
        QTest.mouseMove(self.view, QPoint(x, y))
        QTest.mouseClick(self.view, button, PLAIN, QPoint(x, y))

    def drag(self, start, end):
        QTest.mousePress(self.view, Qt.MouseButton.LeftButton, PLAIN, QPoint(*start))
        for step in (1, 2, 3):
            x, y = (round(a + (b - a) * step / 3) for a, b in zip(start, end, strict=True))
            self._move_pressed(x, y)
        QTest.mouseRelease(self.view, Qt.MouseButton.LeftButton, PLAIN, QPoint(*end))

    def _move_pressed(self, x, y):
        # QTest.mouseMove says nothing of pressed buttons.
        from qgis.PyQt.QtCore import QEvent, QPointF
        from qgis.PyQt.QtGui import QMouseEvent
        from qgis.PyQt.QtWidgets import QApplication

        place = QPointF(x, y)
        QApplication.sendEvent(self.view, QMouseEvent(
            QEvent.Type.MouseMove, place, QPointF(self.view.mapToGlobal(QPoint(x, y))), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, PLAIN))

    def key(self, key, modifier=PLAIN):
        QTest.keyClick(self.canvas, key, modifier)

    def place(self, x, y):
        return self.canvas.getCoordinateTransform().toMapCoordinates(x, y)


@pytest.fixture
def polygon(canvas):
    tool = DrawPolygon(canvas)
    tool.areas, tool.words, tool.left = [], [], []
    tool.finished.connect(tool.areas.append)
    tool.said.connect(tool.words.append)
    tool.abandoned.connect(lambda: tool.left.append(True))
    canvas.setMapTool(tool)
    return tool


def marks(canvas):
    return [item for item in canvas.scene().items() if isinstance(item, (QgsRubberBand, QgsVertexMarker))]


@pytest.mark.parametrize("end", ["right", "double", "enter", "first corner"])
def test_a_field_is_drawn_corner_by_corner_and_ended_in_any_of_four_ways(canvas, polygon, end):
    hand = Hand(canvas)
    corners = [(100, 100), (400, 120), (380, 400), (120, 380)]
    for corner in corners:
        hand.click(*corner)
    if end == "right":
        hand.click(300, 300, Qt.MouseButton.RightButton)
    elif end == "double":
        QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, PLAIN, QPoint(120, 380))
    elif end == "enter":
        hand.key(Qt.Key.Key_Return)
    else:
        hand.click(101, 101)
    assert len(polygon.areas) == 1
    ring = polygon.areas[0].asPolygon()[0]
    assert len(ring) == 5
    for found, (x, y) in zip(ring[:4], corners, strict=True):
        assert found.distance(hand.place(x, y)) < 1e-6
    assert polygon.corners == []
    assert marks(canvas) == [], "something was left on the map"


def test_backspace_and_ctrl_z_take_back_a_corner_and_ctrl_y_puts_it_again(canvas, polygon):
    hand = Hand(canvas)
    for corner in [(100, 100), (400, 120), (380, 400), (120, 380)]:
        hand.click(*corner)
    hand.key(Qt.Key.Key_Backspace)
    assert len(polygon.corners) == 3
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert len(polygon.corners) == 2
    hand.key(Qt.Key.Key_Y, CONTROL)
    hand.key(Qt.Key.Key_Y, CONTROL)
    hand.key(Qt.Key.Key_Y, CONTROL)
    assert len(polygon.corners) == 4
    hand.key(Qt.Key.Key_Escape)
    assert polygon.corners == []
    assert polygon.left == [True]
    assert marks(canvas) == []


def test_an_outline_that_crosses_itself_is_said_and_kept_until_it_is_corrected(canvas, polygon):
    hand = Hand(canvas)
    for corner in [(100, 100), (400, 400), (400, 100), (100, 400)]:
        hand.click(*corner)
    assert "crosses itself" in polygon.words[-1]
    crosses = [mark for mark in marks(canvas) if isinstance(mark, QgsVertexMarker)
               and mark.pos().toPoint() == QPoint(250, 250)]
    assert crosses, "the place where it crosses is not marked"
    hand.click(300, 50, Qt.MouseButton.RightButton)
    hand.key(Qt.Key.Key_Return)
    assert polygon.areas == []
    assert len(polygon.corners) == 4, "the corners were lost"
    hand.drag((400, 400), (450, 40))
    assert polygon.corners[1].distance(hand.place(450, 40)) < 1e-6
    assert "crosses" not in polygon.words[-1]
    hand.key(Qt.Key.Key_Return)
    assert len(polygon.areas) == 1
    assert polygon.areas[0].isGeosValid()


@pytest.mark.parametrize(("right", "down", "held"), [
    (9, 0, True), (0, -9, True), (-5, 4, True), (10, 0, False), (-5, -5, False), (0, 30, False)])
def test_a_corner_is_taken_up_from_nine_pixels_away(canvas, polygon, right, down, held):
    hand = Hand(canvas)
    for corner in [(100, 100), (400, 120), (380, 400)]:
        hand.click(*corner)
    hand.drag((400 + right, 120 + down), (450, 50))
    assert len(polygon.corners) == (3 if held else 4)
    assert polygon.corners[1].distance(hand.place(*((450, 50) if held else (400, 120)))) < 1e-6


def test_three_corners_in_a_line_are_not_called_crossing(canvas, polygon):
    hand = Hand(canvas)
    for corner in [(100, 100), (200, 200), (300, 300)]:
        hand.click(*corner)
    assert polygon.words[-1] == polygon.guide()
    hand.key(Qt.Key.Key_Return)
    assert polygon.areas == [] and "straight line" in polygon.words[-1]


def test_two_corners_are_no_field_and_stay(canvas, polygon):
    hand = Hand(canvas)
    hand.click(100, 100)
    hand.click(300, 300)
    hand.key(Qt.Key.Key_Return)
    assert polygon.areas == []
    assert "three corners" in polygon.words[-1]
    assert len(polygon.corners) == 2


def test_keys_of_the_tool_win_over_shortcuts_of_the_window(canvas, polygon, qtbot):
    from qgis.PyQt.QtCore import QEvent
    from qgis.PyQt.QtGui import QKeyEvent
    from qgis.PyQt.QtWidgets import QApplication

    def taken(key, modifier):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, int(key), modifier)
        event.setAccepted(False)
        QApplication.sendEvent(canvas, event)
        return event.isAccepted()

    assert taken(Qt.Key.Key_Z, CONTROL)
    assert taken(Qt.Key.Key_Backspace, PLAIN)
    assert not taken(Qt.Key.Key_S, CONTROL)
    canvas.unsetMapTool(polygon)
    assert not taken(Qt.Key.Key_Z, CONTROL)


def test_a_box_is_dragged_or_set_with_two_clicks(canvas):
    tool = DrawBox(canvas)
    areas = []
    tool.finished.connect(areas.append)
    canvas.setMapTool(tool)
    hand = Hand(canvas)
    hand.drag((100, 100), (300, 250))
    hand.click(400, 400)
    hand.click(500, 450)
    expected = [((100, 100), (300, 250)), ((400, 400), (500, 450))]
    assert len(areas) == 2
    for area, (start, end) in zip(areas, expected, strict=True):
        box = QgsRectangle(hand.place(*start), hand.place(*end))
        assert area.boundingBox().center().distance(box.center()) < 1e-6
        assert area.area() == pytest.approx(box.width() * box.height())
    assert marks(canvas) == []


def test_an_area_keeps_its_place_and_size_whatever_the_maps_crs(qgis_new_project):
    there = QgsCoordinateTransform(WGS84, UTM, QgsProject.instance())
    corner = there.transform(QgsPointXY(-99.0, 39.75))
    square = QgsGeometry.fromRect(QgsRectangle(corner.x(), corner.y(), corner.x() + 800, corner.y() + 800))
    area = geojson_from(square, to_wgs84(UTM))
    assert area["type"] == "Polygon"
    longitude, latitude = area["coordinates"][0][0]
    assert (longitude, latitude) == pytest.approx((-99.0, 39.75), abs=1e-6)
    # On the central meridian of the zone the scale is 0.9996.
    assert hectares(area) == pytest.approx(64 / 0.9996**2, rel=2e-4)
    assert geometry_from(area).isGeosValid()


def test_areas_that_cannot_be_are_refused_with_advice(canvas, qgis_new_project):
    bow = QgsGeometry.fromPolygonXY([[QgsPointXY(*p) for p in [(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]]])
    with pytest.raises(AreaError, match="crosses itself"):
        geojson_from(bow, to_wgs84(WGS84))
    with pytest.raises(AreaError, match="no size"):
        geojson_from(QgsGeometry.fromPolygonXY([[QgsPointXY(0, 0), QgsPointXY(1, 1), QgsPointXY(0, 0)]]),
                     to_wgs84(WGS84))
    with pytest.raises(AreaError, match="180° meridian"):
        geojson_from(QgsGeometry.fromRect(QgsRectangle(-179, 10, 179, 11)), to_wgs84(WGS84))
    over = QgsCoordinateReferenceSystem("EPSG:3857")
    with pytest.raises(AreaError, match="180° meridian"):
        geojson_from(QgsGeometry.fromRect(QgsRectangle(20_000_000, 0, 20_100_000, 100_000)), to_wgs84(over))
    canvas.setDestinationCrs(over)
    canvas.setExtent(QgsRectangle(-11_100_000, 4_700_000, -11_000_000, 4_800_000))
    assert view_area(canvas)["type"] == "Polygon"


def test_the_shown_area_follows_the_maps_crs(canvas):
    band = AreaBand(canvas)
    band.follow_canvas()
    square = QgsGeometry.fromRect(QgsRectangle(501_000, 4_401_000, 502_000, 4_402_000))
    band.show_area(geojson_from(square, to_wgs84(UTM)))
    shown = next(item for item in marks(canvas))
    assert shown.asGeometry().boundingBox().center().distance(square.boundingBox().center()) < 0.1
    canvas.setDestinationCrs(WGS84)
    assert shown.asGeometry().boundingBox().center().x() == pytest.approx(-98.98, abs=0.02)
    band.remove()
    assert marks(canvas) == []


def layer_of(rings, crs="EPSG:32614", names=None):
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=name:string(40)", "Fields", "memory")
    for number, ring in enumerate(rings):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPolygonXY([[QgsPointXY(*p) for p in [*ring, ring[0]]]]))
        feature.setAttribute("name", (names or {}).get(number, f"F{number}"))
        layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    return layer


def ring(x, y, side=500):
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]


def pick(qtbot, layer, repair=False):
    picker = SelectionPicker()
    seen = []
    picker.picked.connect(seen.append)
    picker.refused.connect(seen.append)
    picker.pick(layer, repair)
    qtbot.waitUntil(lambda: bool(seen), timeout=5_000)
    return seen[0]


def test_selected_features_are_fields_whatever_their_crs(qgis_new_project, qtbot):
    layer = layer_of([ring(500_000, 4_400_000), ring(500_500, 4_400_000), ring(503_000, 4_400_000), ring(0, 0)])
    layer.selectByIds([1, 2, 3])
    found = pick(qtbot, layer)
    assert (found.title, found.remark) == ("Fields", "")
    assert found.area["type"] == "FeatureCollection" and found.names == ["F0", "F1", "F2"]
    assert hectares(found.area) == pytest.approx(75, rel=2e-3)
    assert len(found.as_one["coordinates"]) == 2, "neighbours were not joined"
    layer.selectByIds([1])
    found = pick(qtbot, layer)
    assert (found.area["type"], found.title) == ("Polygon", "F0")


def test_only_the_feature_that_is_not_valid_is_left_out_or_repaired(qgis_new_project, qtbot):
    bow = [(500_000, 4_400_000), (501_000, 4_401_000), (501_000, 4_400_000), (500_000, 4_401_000)]
    layer = layer_of([ring(500_000, 4_400_000), bow, ring(502_000, 4_400_000)], names={1: "Bow"})
    layer.selectAll()
    found = pick(qtbot, layer)
    assert found.names == ["F0", "F2"] and found.invalid == ["Bow"]
    assert "Left out" in found.remark and "“Bow”" in found.remark
    found = pick(qtbot, layer, repair=True)
    assert found.names == ["F0", "Bow", "F2"] and "Repaired outlines: “Bow”" in found.remark
    assert hectares(found.outlines[1]) == pytest.approx(50, rel=2e-3)

