"""The region assistant with the real engine: files are recognised, questions answered, and the region is built."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from qgis.PyQt.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton

from deepsoil_plugin.components import Components
from deepsoil_plugin.dock.assistant.files_table import ASKED, FilesTable
from deepsoil_plugin.dock.assistant.said import Answers, numbers_from
from deepsoil_plugin.dock.assistant.window import RegionAssistant

_MAKE = """
import sys
from pathlib import Path
from test_recognise import netcdf, raster
folder = Path(sys.argv[1])
for name, value in (("sand", 40.0), ("silt", 40.0), ("clay", 19.0)):
    raster(folder / "soil" / f"{name}.tif", value, unit="%")
raster(folder / "dem.tif", 300.0, nodata=None, corner=-32768.0)
netcdf(folder / "pr_2023.nc", "precipitation_amount", "mm", 2.0)
netcdf(folder / "tmean.nc", "mean_temperature", "degC", 12.0)
netcdf(folder / "vpd_2023.nc", "vpd", "kPa", 0.7)
netcdf(folder / "pet_2023.nc", "potential_evapotranspiration", "mm", 1.0)
raster(folder / "unknown.tif", 7.0)
"""


@pytest.fixture
def folder(real_python, tmp_path):
    made = tmp_path / "files"
    made.mkdir()
    engine_tests = Path(__file__).parents[1] / "engine"
    subprocess.run([str(real_python), "-c", _MAKE, str(made)], check=True, capture_output=True,
                   env={**os.environ, "PYTHONPATH": str(engine_tests)})
    return made


@pytest.fixture
def parts(window, qgis_new_project, real_python, own_home, qtbot, monkeypatch):
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    window.window.show()
    made = Components(window)
    made.open_dock()
    qtbot.waitUntil(lambda: made.client.is_ready and made.dock.request.data.answered, timeout=120_000)
    yield made
    made.close()


def asked(table):
    rows = {table.key_of(row): table.item(row, ASKED).text() for row in range(table.rowCount())}
    return {key: text for key, text in rows.items() if text}


def pick(table, key, column, value):
    row = next(row for row in range(table.rowCount()) if table.key_of(row) == key)
    combo = table.cellWidget(row, column)
    index = combo.findData(value)
    assert index >= 0, [combo.itemData(one) for one in range(combo.count())]
    combo.setCurrentIndex(index)
    combo.activated.emit(index)
    table.setCurrentCell(row, 0)


def shot(widget, name):
    shots = Path(__file__).parents[2] / "build" / "screenshots"
    shots.mkdir(parents=True, exist_ok=True)
    widget.grab().save(str(shots / f"{name}.png"))


def test_own_files_become_a_region_once_what_they_do_not_say_is_said(parts, folder, qtbot):
    parts.show_assistant()
    window = parts.iface.mainWindow().findChild(RegionAssistant)
    table, go = window.findChild(FilesTable), window.findChild(QPushButton, "deepsoilAssistantGo")
    problem = window.findChild(QLabel, "deepsoilAssistantProblem")
    window.look_at(str(folder))
    qtbot.waitUntil(lambda: table.rowCount() == 9, timeout=60_000)
    assert asked(table) == {"dem.tif": "the unit", "unknown.tif": "what it is"} and not go.isEnabled()
    assert "2 files" in problem.text()
    shot(window, "assistant_asked")
    pick(table, "unknown.tif", 1, "")
    qtbot.waitUntil(lambda: "unknown.tif" not in asked(table), timeout=60_000)
    pick(table, "dem.tif", 2, "m")
    qtbot.waitUntil(lambda: asked(table) == {"dem.tif": "which values are missing"}, timeout=60_000)
    suggest = window.findChild(QPushButton, "deepsoilAssistantSuspects")
    assert suggest.isVisible() and "-32768" in suggest.text()
    shot(window, "assistant_missing")
    suggest.click()
    title = window.findChild(QLineEdit, "deepsoilAssistantTitle")
    title.setText("North farm")
    title.editingFinished.emit()
    qtbot.waitUntil(go.isEnabled, timeout=60_000)
    assert problem.text() == ""
    (folder / "deepsoil-recipe.yaml").write_text("mine: true\n")
    go.click()
    replace = []
    qtbot.waitUntil(lambda: bool(replace.extend(window.findChildren(QMessageBox, "deepsoilAssistantReplace"))
                                 or replace), timeout=60_000)
    assert (folder / "deepsoil-recipe.yaml").read_text() == "mine: true\n", "nothing is replaced unasked"
    replace[0].findChild(QPushButton, "deepsoilAssistantReplaceYes").click()
    data = parts.dock.request.data
    qtbot.waitUntil(lambda: [region["name"] for region in data.regions] == ["North farm"], timeout=180_000)
    region = data.regions[0]
    assert region["problem"] is None and "elevation" in region["channels"]
    assert region["last_date"] == "2023-03-11" and not region["made_here"], "it lies with the user's files"
    recipe = (folder / "deepsoil-recipe.yaml").read_text()
    assert "nodata: -32768.0" in recipe and "unknown.tif" not in recipe


def test_a_folder_without_files_and_one_that_is_gone_say_what_to_do(parts, tmp_path, qtbot):
    parts.show_assistant()
    window = parts.iface.mainWindow().findChild(RegionAssistant)
    problem = window.findChild(QLabel, "deepsoilAssistantProblem")
    window.look_at(str(tmp_path))
    qtbot.waitUntil(lambda: problem.text().startswith("No GeoTIFF"), timeout=60_000)
    window.look_at(str(tmp_path / "gone"))
    qtbot.waitUntil(lambda: "There is no folder" in problem.text(), timeout=60_000)


def test_another_channel_takes_back_what_was_said_of_the_former():
    answers = Answers().with_file("a.tif", "unit", "ft").with_file("a.tif", "crs", "EPSG:4326")
    changed = answers.with_file("a.tif", "channel", "sand")
    assert changed.document()["files"] == {"a.tif": {"crs": "EPSG:4326", "channel": "sand"}}
    assert answers.with_file("a.tif", "unit", None).with_file("a.tif", "crs", None).document()["files"] == {}


def test_missing_values_are_read_in_any_usual_form():
    assert numbers_from("-9999; 0") == [-9999.0, 0.0] and numbers_from("") == [] and numbers_from("−1,5") == [-1.5]
    assert numbers_from("none") is None
