"""What the plugin's tests share: a home of their own, an engine (fake or real), a QGIS window without a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from auth_tools import Credentials
from gather_parts import open_dock  # noqa: F401 - a fixture
from qgis.core import QgsApplication, QgsCoordinateReferenceSystem, QgsSettings
from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QMainWindow

from deepsoil_plugin.engine.client import EngineClient
from deepsoil_plugin.text import translator

ROOT = Path(__file__).parents[2]
FAKE_ENGINE = Path(__file__).with_name("fake_engine.py")
ENGINE_VARIABLE = "DEEPSOIL_ENGINE_PYTHON"
# Read once: the fixtures below hide it from tests that do not ask for the real engine.
_REAL_ENGINE = os.environ.get(ENGINE_VARIABLE)


@pytest.fixture(autouse=True, scope="session")
def english(qgis_app: Any) -> Iterator[None]:
    """English with its plural forms, as the plugin loads it."""
    found = translator.load(ROOT / "resources" / "i18n", "en")
    assert found is not None
    QCoreApplication.installTranslator(found)
    yield
    QCoreApplication.removeTranslator(found)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A DeepSoil home that no other test sees, and no remembered setting."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("DEEPSOIL_HOME", str(home))
    monkeypatch.delenv(ENGINE_VARIABLE, raising=False)
    QgsSettings().remove("DeepSoil")
    return home


class Window(QObject):
    """QGIS's interface with a real window, map and message bar; what a plugin adds is kept and can be asked for."""

    initializationCompleted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.window = QMainWindow()
        self.canvas = QgsMapCanvas(self.window)
        self.window.setCentralWidget(self.canvas)
        self.bar = QgsMessageBar(self.window)
        self.tool_bar: list[Any] = []
        self.menu: list[Any] = []
        self.factories: list[Any] = []
        self.active: Any = None
        self.select = QAction("Select Features", self.window)
        self.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
        self.window.resize(1366, 768)

    def mainWindow(self) -> QMainWindow:
        return self.window

    def mapCanvas(self) -> QgsMapCanvas:
        return self.canvas

    def messageBar(self) -> QgsMessageBar:
        return self.bar

    def actionSelect(self) -> QAction:
        return self.select

    def activeLayer(self) -> Any:
        return self.active

    def addDockWidget(self, area: Any, dock: Any) -> None:
        self.window.addDockWidget(area, dock)
        dock.show()

    def removeDockWidget(self, dock: Any) -> None:
        self.window.removeDockWidget(dock)

    def docks(self) -> list[QDockWidget]:
        return self.window.findChildren(QDockWidget)

    def addToolBarIcon(self, action: Any) -> None:
        self.tool_bar.append(action)

    def removeToolBarIcon(self, action: Any) -> None:
        self.tool_bar.remove(action)

    def addPluginToMenu(self, _name: str, action: Any) -> None:
        self.menu.append(action)

    def removePluginMenu(self, _name: str, action: Any) -> None:
        self.menu.remove(action)

    def addCustomActionForLayerType(self, action: Any, _menu: str, _kind: Any, _all: bool) -> None:
        self.menu.append(action)

    def addCustomActionForLayer(self, _action: Any, _layer: Any) -> None:
        pass

    def removeCustomActionForLayerType(self, action: Any) -> None:
        self.menu.remove(action)

    def registerMainWindowAction(self, action: QAction, keys: str) -> bool:
        action.setShortcut(keys)
        return True

    def unregisterMainWindowAction(self, _action: QAction) -> bool:
        return True

    def registerOptionsWidgetFactory(self, factory: Any) -> None:
        self.factories.append(factory)

    def unregisterOptionsWidgetFactory(self, factory: Any) -> None:
        self.factories.remove(factory)


@pytest.fixture
def window(qgis_new_project: Any) -> Iterator[Window]:
    """A QGIS window without a screen, over an empty project."""
    made = Window()
    yield made
    made.canvas.unsetMapTool(made.canvas.mapTool())
    made.window.close()
    made.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def credentials(qgis_app: Any) -> Credentials:
    """QGIS keeps one for the whole process."""
    return Credentials()


@pytest.fixture
def master(credentials: Credentials) -> Iterator[Credentials]:
    """An empty auth manager of this test's own; the user gives the master password when asked for it."""
    manager = QgsApplication.authManager()
    if ".qgis-settings" not in Path(manager.authenticationDatabasePath()).parts:
        pytest.skip("the auth manager is not the tests' own")
    manager.eraseAuthenticationDatabase(False)
    credentials.word, credentials.asked, credentials.meanwhile = "master", 0, lambda: None
    yield credentials
    manager.eraseAuthenticationDatabase(False)
    manager.clearMasterPassword()


@pytest.fixture
def fake_engine(tmp_path: Path, qgis_app: Any, monkeypatch: pytest.MonkeyPatch
                ) -> Iterator[Callable[..., EngineClient]]:
    """``fake_engine(**script)`` gives a client of a fake engine; see ``fake_engine.py`` for the script."""
    python = tmp_path / "fake-python"
    python.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{FAKE_ENGINE}'\n")
    python.chmod(0o755)
    clients = []

    def make(**script: Any) -> EngineClient:
        monkeypatch.setenv("DEEPSOIL_FAKE", json.dumps(script))
        clients.append(EngineClient(python=python))
        return clients[-1]

    yield make
    for client in clients:
        client.stop()


@pytest.fixture(scope="session")
def real_python() -> Path:
    """The Python of the real engine; the test is skipped where there is none."""
    if not _REAL_ENGINE:
        pytest.skip(f"{ENGINE_VARIABLE} does not name the engine's Python")
    return Path(_REAL_ENGINE)


@pytest.fixture(scope="session")
def sample_region(real_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic sample region: the one that stands in ``build/``, else one built for this run."""
    standing = ROOT / "build" / "sample" / "region"
    variables = {**os.environ, "DEEPSOIL_HOME": str(tmp_path_factory.mktemp("home"))}
    asked = subprocess.run([str(real_python), "-m", "deepsoil", "regions", "--add", str(standing)], check=False,
                           capture_output=True, env=variables)
    if asked.returncode == 0:
        return standing
    folder = tmp_path_factory.mktemp("sample") / "sample"
    done = subprocess.run([str(real_python), "-m", "deepsoil", "sample", str(folder)], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        pytest.fail(f"the sample region could not be built:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return folder


@pytest.fixture
def random_models(real_python: Path, own_home: Path) -> Path:
    """Small untrained models for both depths in this test's home: maps without meaning, of the right form."""
    code = ("import sys; from deepsoil.networks.export import export_random\n"
            "for depth in (5, 20): export_random(f'{sys.argv[1]}/random-{depth}cm.onnx', depth)")
    models = own_home / "models"
    done = subprocess.run([str(real_python), "-c", code, str(models)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no models could be made (is torch there?): {done.stderr[-300:]}")
    return models


@pytest.fixture
def real_engine(real_python: Path, qgis_app: Any) -> Iterator[EngineClient]:
    """A client of the real engine, in this test's own home."""
    client = EngineClient(python=real_python)
    yield client
    client.stop()


@pytest.fixture
def answer(qtbot: Any) -> Callable[..., Any]:
    """``answer(client, method, params)`` waits for the result; an error from the engine is raised as AssertionError."""

    def ask(client: EngineClient, method: str, params: dict[str, Any] | None = None, seconds: float = 60) -> Any:
        box: list[tuple[str, Any]] = []
        client.call(method, params, lambda result: box.append(("result", result)),
                    lambda error: box.append(("error", error)), timeout_s=seconds)
        qtbot.waitUntil(lambda: bool(box), timeout=int(seconds * 1000) + 5000)
        assert box[0][0] == "result", f"{method}: {box[0][1]}"
        return box[0][1]

    return ask
