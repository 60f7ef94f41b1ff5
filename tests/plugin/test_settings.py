"""Loading and unloading leaves nothing; the options take effect; the first-run page installs, cancels and advises."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.gui import QgsRubberBand, QgsVertexMarker
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QLabel, QLineEdit, QProgressBar, QPushButton, QSpinBox

from deepsoil_plugin import classFactory, paths, preferences
from deepsoil_plugin.dock.setup_page import SetupPage
from deepsoil_plugin.engine import installer as installer_module
from deepsoil_plugin.engine.installer import Installer
from deepsoil_plugin.help_window import HelpWindow
from deepsoil_plugin.panels.registry import panels
from deepsoil_plugin.preferences import RememberedIds

ROOT = Path(__file__).parents[2]


def runs(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def with_fake_engine(fake_engine, monkeypatch):
    """Plugins that are loaded here start the fake engine."""
    client = fake_engine(results={"list": [], "regions": [], "models": []})
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(client._python))


def test_the_plugin_comes_and_goes_and_comes_again_without_a_trace(window, with_fake_engine, qtbot):
    registry = QgsApplication.processingRegistry()
    window.window.show()
    items_before = set(window.canvas.scene().items())
    for _ in range(2):
        plugin = classFactory(window)
        plugin.initGui()
        assert len(window.tool_bar) == len(window.factories) == 1
        assert [action.objectName() for action in window.menu] == [
            f"deepsoil{name}Action" for name in ("", "Open", *(f"Panel{panel.name.capitalize()}" for panel in panels()),
                                                 "Train", "Models", "Export", "FirstSteps", "Help")]
        assert registry.providerById("deepsoil") is not None
        window.tool_bar[0].trigger()
        qtbot.waitUntil(lambda plugin=plugin: plugin._components is not None and plugin.components.client.is_ready,
                        timeout=20_000)
        number = plugin.components.client.process_id
        assert runs(number)
        assert [dock.objectName() for dock in window.docks()] == ["DeepSoilDock"]
        plugin.components.dock.request.area._draw.click()
        plugin.unload()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert window.tool_bar == window.menu == window.factories == []
        assert window.docks() == []
        assert registry.providerById("deepsoil") is None
        left = [item for item in set(window.canvas.scene().items()) - items_before
                if isinstance(item, (QgsRubberBand, QgsVertexMarker))]
        assert left == []
        qtbot.waitUntil(lambda number=number: not runs(number), timeout=10_000)
        # Nothing answers any more when projects come and go.
        QgsProject.instance().clear()


def test_nothing_starts_before_the_dock_is_seen(window, with_fake_engine, qtbot):
    preferences.set_dock_open(False)
    window.window.show()
    plugin = classFactory(window)
    plugin.initGui()
    window.initializationCompleted.emit()
    qtbot.wait(200)
    assert plugin._components is None
    window.tool_bar[0].trigger()
    qtbot.waitUntil(lambda: plugin._components is not None and plugin.components.client.is_ready, timeout=20_000)
    assert preferences.dock_open()
    window.tool_bar[0].trigger()
    assert not preferences.dock_open()
    assert plugin.components.dock.isHidden()
    plugin.unload()


def test_a_project_with_jobs_starts_the_engine_without_opening_the_dock(window, with_fake_engine, qtbot, tmp_path):
    from deepsoil_plugin.jobs.project_state import ProjectMemory

    preferences.set_dock_open(False)
    memory = ProjectMemory()
    memory.keep("a" * 32, {"id": "a" * 32, "kind": "predict", "name": "x"}, accepted=True)
    memory.close()
    path = str(tmp_path / "p.qgz")
    QgsProject.instance().write(path)
    QgsProject.instance().clear()
    plugin = classFactory(window)
    plugin.initGui()
    QgsProject.instance().read(path)
    qtbot.waitUntil(lambda: plugin._components is not None and plugin.components.client.is_ready, timeout=20_000)
    assert plugin.components.dock.isHidden()
    plugin.unload()


def test_importing_the_plugin_brings_nothing_heavy():
    code = textwrap.dedent("""
        import sys
        import deepsoil_plugin
        assert not any(name.startswith("qgis") for name in sys.modules), "QGIS is imported before it is needed"
        import qgis.core, qgis.gui
        there = set(sys.modules)
        import deepsoil_plugin.plugin
        heavy = [name for name in set(sys.modules) - there
                 if name.startswith(("pyqtgraph", "numpy", "osgeo", "deepsoil_plugin.dock", "deepsoil_plugin.map"))]
        assert not heavy, heavy
    """)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr


def test_the_options_show_the_engine_and_take_effect(window, with_fake_engine, qtbot, monkeypatch):
    plugin = classFactory(window)
    plugin.initGui()
    page = window.factories[0].createWidget(None)
    qtbot.addWidget(page)
    client = plugin.components.client
    with qtbot.waitSignal(client.ready, timeout=20_000):
        client.start()
    assert "ready" in page.findChild(QLabel, "deepsoilEngineState").text()
    number = client.process_id
    page.findChild(QSpinBox, "deepsoilThreads").setValue(1)
    page.findChild(QSpinBox, "deepsoilAtOnce").setValue(3)
    page.apply()
    assert preferences.threads() == 1
    qtbot.waitUntil(lambda: client.is_ready and client.process_id != number, timeout=20_000)
    assert client.variables["DEEPSOIL_JOBS_AT_ONCE"] == "3"
    plugin.unload()


def test_the_home_folder_of_the_environment_wins_over_the_options(qgis_app, monkeypatch, tmp_path):
    QgsSettings().setValue(paths.HOME_SETTING, str(tmp_path / "chosen"))
    assert paths.home() == Path(os.environ["DEEPSOIL_HOME"])
    monkeypatch.delenv("DEEPSOIL_HOME")
    assert paths.home() == tmp_path / "chosen"


def test_remembered_ids_outlive_a_restart_and_do_not_grow_for_ever(qgis_app, own_home):
    ids = RememberedIds("test")
    for number in range(2_100):
        ids.add(str(number))
    ids.flush()
    again = RememberedIds("test")
    assert "2099" in again
    assert "0" not in again
    assert len((own_home / "plugin" / "test.txt").read_text().split()) == 2_000


def test_ids_remembered_in_the_settings_are_taken_over_once(qgis_app, qtbot):
    QgsSettings().setValue("DeepSoil/test", '["first", 2, "second"]')
    ids = RememberedIds("test", "DeepSoil/test")
    ids.add("third")
    qtbot.waitUntil(lambda: not QgsSettings().contains("DeepSoil/test"), timeout=10_000)
    again = RememberedIds("test", "DeepSoil/test")
    assert all(name in again for name in ("first", "second", "third"))
    assert 2 not in again


def test_two_qgis_remember_in_the_same_file_and_a_lost_disk_costs_nothing_but_the_memory(qgis_app, own_home):
    one, other = RememberedIds("test"), RememberedIds("test")
    one.add("of one")
    one.flush()
    other.add("of the other")
    other.flush()
    again = RememberedIds("test")
    assert "of one" in again
    assert "of the other" in again
    (own_home / "plugin" / "test.txt").unlink()
    (own_home / "plugin").rmdir()
    (own_home / "plugin").write_text("no folder")
    again.add("later")
    again.flush()
    assert "later" in again


@pytest.fixture
def setup_page(qgis_app, qtbot, monkeypatch, tmp_path):
    """A first-run page whose worker process runs a script of the test's own."""
    def make(script):
        fake = tmp_path / "python"
        fake.write_text(f"#!/bin/sh\n{script}\n")
        fake.chmod(0o755)
        monkeypatch.setattr(installer_module.environment, "base_pythons", lambda: iter([fake]))
        page = SetupPage(Installer())
        qtbot.addWidget(page)
        page.show()
        return page
    return make


def button(page, name):
    return page.findChild(QPushButton, name)


def test_the_first_run_page_says_what_where_and_how_large_and_shows_progress(setup_page, qtbot):
    page = setup_page("""echo '{"message": "Downloading numpy", "fraction": 0.5}'; read x; echo '{"python": "/p"}'""")
    text = page.findChild(QLabel, "deepsoilSetupText").text()
    assert str(paths.home()) in text
    assert "400 MB" in text
    assert not page.findChild(QProgressBar).isVisible()
    button(page, "deepsoilSetup").click()
    qtbot.waitUntil(lambda: page.findChild(QProgressBar).value() == 500, timeout=10_000)
    assert page.findChild(QLabel, "deepsoilSetupStep").text() == "Downloading numpy"
    assert button(page, "deepsoilSetupCancel").isVisible()
    with qtbot.waitSignal(page.done, timeout=10_000):
        page._installer._process.write(b"\n")
    assert button(page, "deepsoilSetup").isVisible()


def test_a_failed_installation_says_what_to_do_and_can_be_tried_again(setup_page, qtbot):
    page = setup_page("""echo '{"error": "The disk is full.", "hint": "Free space.", "details": "ENOSPC"}'; exit 1""")
    button(page, "deepsoilSetup").click()
    problem = page.findChild(QLabel, "deepsoilSetupProblem")
    qtbot.waitUntil(lambda: problem.text() == "The disk is full. Free space.", timeout=10_000)
    assert page._details.toPlainText() == "ENOSPC"
    assert button(page, "deepsoilSetup").isVisible()


def test_an_installation_can_be_cancelled_and_takes_its_children_with_it(qgis_app, qtbot, monkeypatch, tmp_path):
    source = tmp_path / "engine_source"
    source.mkdir()
    (source / "metadata.txt").write_text("version=9.9\n")
    (source / "pyproject.toml").write_text("")
    # The real worker with an installation that only waits for a child of its own.
    child = tmp_path / "child"
    worker = tmp_path / "worker.py"
    worker.write_text(textwrap.dedent(f"""
        import subprocess, sys
        sys.path.insert(0, {str(ROOT)!r})
        from deepsoil_plugin.engine import environment, install_worker
        def install(home, source, progress):
            process = subprocess.Popen(["sleep", "600"])
            open({str(child)!r}, "w").write(str(process.pid))
            progress("Waiting", 0.1)
            process.wait()
        environment.install = install
        from pathlib import Path
        sys.exit(install_worker.main(Path(sys.argv[3]), Path(sys.argv[4]), False))
    """))
    fake = tmp_path / "python"
    fake.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{worker}' \"$@\"\n")
    fake.chmod(0o755)
    monkeypatch.setattr(installer_module.environment, "base_pythons", lambda: iter([fake]))
    installer = Installer()
    with qtbot.waitSignal(installer.progressed, timeout=20_000):
        installer.start(tmp_path / "home", source)
    number = int(child.read_text())
    assert runs(number)
    with qtbot.waitSignal(installer.cancelled, timeout=10_000):
        installer.cancel()
    qtbot.waitUntil(lambda: not runs(number), timeout=5_000)
    assert not installer.running


def test_an_engine_that_is_not_installed_leads_to_the_first_run_page(window, qtbot, monkeypatch):
    plugin = classFactory(window)
    plugin.initGui()
    window.window.show()
    window.tool_bar[0].trigger()
    qtbot.waitUntil(lambda: plugin._components is not None and plugin.components.client.state == "missing",
                    timeout=20_000)
    assert plugin.components.dock.findChild(QPushButton, "deepsoilSetup").isVisible()
    assert not plugin.components.dock.findChild(QLineEdit, "deepsoilFieldName").isVisible()
    plugin.unload()


def test_the_help_is_read_in_qgis(window, qtbot):
    shown = HelpWindow()
    qtbot.addWidget(shown)
    assert "litres of water" in shown.text.toPlainText()
