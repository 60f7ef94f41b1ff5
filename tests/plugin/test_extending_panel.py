"""A panel from outside the package: one module, and a call of ``register``. The example of docs/extending.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtWidgets import QLabel

from deepsoil_plugin.components import Components
from deepsoil_plugin.panels import registry
from deepsoil_plugin.plugin import DeepSoilPlugin


# docs: panel
class JobCount(QgsDockWidget):
    """How many jobs there are."""

    def __init__(self, components: Any) -> None:
        super().__init__("Jobs", components.iface.mainWindow())
        self._label = QLabel()
        self.setWidget(self._label)
        self._model = components.session.model
        for signal in (self._model.modelReset, self._model.rowsInserted, self._model.rowsRemoved):
            signal.connect(self._count)
        self._count()

    def _count(self, *_: Any) -> None:
        self._label.setText(f"Jobs: {self._model.rowCount()}")


PANEL = registry.Panel("jobs", "Number of jobs", "host", JobCount, shortcut="Ctrl+Alt+J")
# docs: end


@pytest.fixture
def registered() -> Iterator[None]:
    registry.register(PANEL)
    yield
    registry.unregister("jobs")


def test_a_registered_panel_is_opened_below_the_map_and_closed_with_the_plugin(
        registered: None, window: Any, own_home: Any) -> None:
    components = Components(window)
    opened = components.panels.open("jobs")
    assert opened in window.docks() and opened.widget().text() == "Jobs: 0"
    components.session.model.put({"id": "a" * 32, "kind": "predict", "name": "North", "state": "running"})
    assert opened.widget().text() == "Jobs: 1"
    assert components.panels.open("jobs") is opened, "one of each"
    components.close()
    assert opened not in [dock for dock in window.docks() if dock.isVisible()]


def test_a_registered_panel_has_an_entry_with_its_shortcut_in_the_menu(registered: None, window: Any) -> None:
    plugin = DeepSoilPlugin(window)
    plugin.initGui()
    entry = next(action for action in window.menu if action.objectName() == "deepsoilPanelJobsAction")
    assert entry.text() == "Number of jobs" and entry.shortcut().toString() == "Ctrl+Alt+J"
    plugin.unload()
    assert window.menu == []


def test_a_panel_that_comes_later_gets_its_entry_too(window: Any) -> None:
    plugin = DeepSoilPlugin(window)
    plugin.initGui()
    registry.register(PANEL)
    assert "deepsoilPanelJobsAction" in [action.objectName() for action in window.menu]
    registry.unregister("jobs")
    plugin.unload()


def test_a_name_is_taken_once(registered: None) -> None:
    with pytest.raises(ValueError, match="jobs"):
        registry.register(PANEL)
