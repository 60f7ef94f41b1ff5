"""A file of probes for real: read by the engine in its window, used by a job, and named by the maps that rest on it."""

from __future__ import annotations

import os
import subprocess

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QDate
from qgis.PyQt.QtWidgets import QComboBox, QDateEdit, QLabel, QLineEdit, QPushButton

from deepsoil_plugin.components import Components
from deepsoil_plugin.dock.readings.probe_dialog import ProbeDialog

FIELD = {"type": "Polygon", "coordinates": [[[-104.935, 40.430], [-104.923, 40.430], [-104.923, 40.421],
                                             [-104.935, 40.421], [-104.935, 40.430]]]}
PROBES = ("Date/Time;Probe A (%);Note\n07/13/2023 09:00;22,5;\n07/14/2023 09:00;220;typing error\n"
          "07/15/2023 09:00;20,8;\n07/16/2023 09:00;20,1;\n")


def choose(dialog, name, data):
    combo = dialog.findChild(QComboBox, name)
    combo.setCurrentIndex(combo.findData(data))
    combo.activated.emit(combo.currentIndex())


@pytest.fixture
def parts(window, qgis_new_project, real_python, sample_region, own_home, random_models, qtbot, monkeypatch):
    subprocess.run([str(real_python), "-m", "deepsoil", "regions", "--add", str(sample_region)], check=True,
                   capture_output=True, env={**os.environ, "DEEPSOIL_HOME": str(own_home)})
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    window.window.show()
    made = Components(window)
    made.open_dock()
    qtbot.waitUntil(lambda: made.dock.request.data.known, timeout=120_000)
    yield made
    made.close()


def test_a_file_becomes_readings_and_the_map_says_so(parts, qtbot, tmp_path):
    dock = parts.dock
    dock.request.area.set_area(FIELD, "North quarter")
    dock.findChild(QDateEdit, "deepsoilDate").setDate(QDate(2023, 7, 15))
    file = tmp_path / "probe_a.csv"
    file.write_text(PROBES)
    dock.request.readings.add_file(str(file))
    dialog = dock.findChild(ProbeDialog)
    problem = dialog.findChild(QLabel, "deepsoilProbeProblem")
    qtbot.waitUntil(lambda: problem.text().startswith("Still to be said"), timeout=60_000)
    choose(dialog, "deepsoilProbeRole0", "time")
    choose(dialog, "deepsoilProbeRole1", "value")
    dialog.findChild(QLineEdit, "deepsoilProbeDepth1").setText("20")
    choose(dialog, "deepsoilProbeOrder", "mdy")
    choose(dialog, "deepsoilProbeZone", -360)
    dialog.set_place(-104.929, 40.4255)
    use = dialog.findChild(QPushButton, "deepsoilProbeUse")
    qtbot.waitUntil(use.isEnabled, timeout=60_000)
    assert dialog.findChild(QComboBox, "deepsoilProbeUnit").currentData() == "percent", "the column's name says it"
    assert "3 daily means, 20 cm, 13 – 16 Jul 2023. 1 value refused" in dialog.findChild(
        QLabel, "deepsoilProbeFound").text()
    use.click()
    warning = dock.findChild(QLabel, "deepsoilProblem")
    qtbot.waitUntil(lambda: "probe_a, 20 cm, 2023-07-16" in warning.text(), timeout=120_000)
    go = dock.findChild(QPushButton, "deepsoilMapIt")
    qtbot.waitUntil(go.isEnabled, timeout=60_000)
    go.click()

    def maps():
        return [layer for layer in QgsProject.instance().mapLayers().values() if isinstance(layer, QgsRasterLayer)]

    qtbot.waitUntil(lambda: len(maps()) == 2, timeout=240_000)
    for layer in maps():
        assert "Rests on 2 readings of 1 sensors, last 2023-07-15" in layer.metadata().abstract()
        assert any(line.startswith("Readings: 2 readings") for line in layer.metadata().history())
