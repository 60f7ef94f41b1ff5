"""The keyboard: a shortcut opens the dock and puts the focus into it, and Tab goes on from the map to the dock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QDockWidget, QLineEdit

from deepsoil_plugin.plugin import DeepSoilPlugin


@pytest.fixture
def plugin(window: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeepSoilPlugin]:
    monkeypatch.setattr("deepsoil_plugin.engine.client.EngineClient.start", lambda *_: None)
    made = DeepSoilPlugin(window)
    made.initGui()
    window.window.show()
    yield made
    made.unload()


def in_dock() -> bool:
    widget = QApplication.focusWidget()
    while widget is not None and not isinstance(widget, QDockWidget):
        widget = widget.parentWidget()
    return widget is not None and widget.objectName() == "DeepSoilDock"


def test_tab_goes_from_the_map_to_the_dock_before_what_keeps_it(plugin: DeepSoilPlugin, window: Any,
                                                                 qtbot: Any) -> None:
    class Locator(QLineEdit):
        """As in QGIS's status bar: Tab chooses among what was found."""

        def focusNextPrevChild(self, _next: bool) -> bool:
            return True

    window.window.statusBar().addWidget(Locator())
    plugin.components.open_dock()
    QApplication.setActiveWindow(window.window)
    qtbot.wait(100)
    window.canvas.setFocus()
    seen = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert in_dock()
        seen.append(QApplication.focusWidget().objectName())
    assert seen == ["deepsoilDrawPolygon", "deepsoilDrawBox", "deepsoilSelectedFeatures", "deepsoilMapView"]
    late = QLineEdit(plugin.components.dock.request)  # made while the dock is open
    late.show()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Tab)
    widget, count = QApplication.focusWidget(), 0
    while widget is not late and count < 2000:
        widget, count = widget.nextInFocusChain(), count + 1
        assert not isinstance(widget, Locator), "what is made later is reached before the locator too"
    assert widget is late


def test_the_shortcut_opens_the_dock_and_the_keyboard_goes_on_there(plugin: DeepSoilPlugin, window: Any,
                                                                    qtbot: Any) -> None:
    action = next(action for action in window.menu if action.objectName() == "deepsoilOpenAction")
    assert action.shortcut().toString() == "Ctrl+Alt+F"
    QApplication.setActiveWindow(window.window)
    window.canvas.setFocus()
    for _ in range(2):  # where it is open already, it stays open
        action.trigger()
        qtbot.waitUntil(in_dock, timeout=10_000)
        assert plugin.components.dock.isVisible()
        window.canvas.setFocus()
