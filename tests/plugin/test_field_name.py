"""The name of a field: for the area that stands in the dock until its map is sent, and for that field from then on."""

from __future__ import annotations

import json

from qgis.core import QgsProject, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLineEdit, QToolButton
from test_dock import button, choose_view, open_dock, part

__all__ = ["open_dock"]  # a fixture


def test_a_name_that_the_user_gave_stays_with_the_next_area(open_dock, window):
    parts = open_dock()
    choose_view(parts, window)
    name = part(parts, QLineEdit, "deepsoilFieldName")
    name.selectAll()
    QTest.keyClicks(name, "North quarter")
    QTest.keyClick(name, Qt.Key.Key_Return)
    choose_view(parts, window)
    assert name.text() == "North quarter"
    kept = json.loads(QgsProject.instance().readEntry("DeepSoil", "request", "")[0])
    assert kept["name"] == "North quarter"


def test_the_name_of_a_field_whose_map_was_sent_stays_with_that_field(open_dock, window, qtbot):
    parts = open_dock()
    where, name = parts.dock.request.area, part(parts, QLineEdit, "deepsoilFieldName")
    choose_view(parts, window)
    first = where.area
    name.selectAll()
    QTest.keyClicks(name, "North quarter")
    QTest.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(button(parts).isEnabled, timeout=10_000)
    with qtbot.waitSignal(parts.dock.request.submitted, timeout=10_000) as sent:
        button(parts).click()
    assert sent.args[0].name == name.text() == "North quarter"
    window.canvas.setExtent(QgsRectangle(-11_690_500, 4_925_000, -11_689_000, 4_926_500))
    part(parts, QToolButton, "deepsoilMapView").click()
    assert where.area != first and name.text() == "Map view", "another field under the name of the former"
    choose_view(parts, window)
    assert where.area == first and name.text() == "North quarter", "the same field again has its name"
    part(parts, QToolButton, "deepsoilAreaUndo").click()
    assert name.text() == "Map view"
