"""An archive of ISMN in the dock: its sensors and days are shown, chosen, and used or only compared."""

from __future__ import annotations

import json

from qgis.PyQt.QtCore import QDate, Qt
from qgis.PyQt.QtWidgets import QCheckBox, QDateEdit, QLabel, QListWidget, QPushButton, QTreeWidget
from test_dock import FOOTPRINT, open_dock, part  # noqa: F401
from test_readings import DAILY, ROW_3, UNKNOWN, asked, dialog_of

from deepsoil_plugin.dock.readings.archive_dialog import ArchiveDialog

_PLACE = {"longitude": -104.91, "latitude": 40.42}
SENSORS = [
    {"sensor": "NET_one", "depth_cm": 5.0, **_PLACE, "days": 2, "first": "2023-07-10", "last": "2023-07-11"},
    {"sensor": "NET_one", "depth_cm": 20.0, **_PLACE, "days": 3, "first": "2023-07-09", "last": "2023-07-11"},
    {"sensor": "NET_two", "depth_cm": 5.0, **_PLACE, "days": 0, "first": None, "last": None}]
FOUND = {**UNKNOWN, "file": "net.zip", "head": [], "first": [], "asked": [], "sensors": SENSORS, "readings": DAILY,
         "refused": [{"row": 0, "error": ROW_3}], "refused_count": 1}


def test_sensors_and_days_are_chosen_and_only_compared(open_dock, window, qtbot, tmp_path):  # noqa: F811
    answer, log = tmp_path / "answer.json", tmp_path / "log"
    answer.write_text(json.dumps({"probe_table": FOUND}))
    parts = open_dock(log=log, files={"probe_table": str(answer)})
    parts.dock.request.area.set_area(FOOTPRINT, "North pivot")
    parts.dock.request.readings.add_file("/data/net.ZIP")
    dialog = dialog_of(parts, ArchiveDialog)
    add = dialog.findChild(QPushButton, "deepsoilArchiveAdd")
    qtbot.waitUntil(add.isEnabled, timeout=10_000)
    rows = dialog.findChild(QTreeWidget, "deepsoilArchiveSensors")
    assert [rows.topLevelItem(n).text(1) for n in range(3)] == ["5 cm", "20 cm", "5 cm"]
    assert rows.topLevelItem(2).isDisabled() and rows.topLevelItem(2).checkState(0) == Qt.CheckState.Unchecked
    first = dialog.findChild(QDateEdit, "deepsoilArchiveFirst")
    assert first.date() == QDate(2023, 7, 9)
    assert "row 3" in dialog.findChild(QListWidget, "deepsoilArchiveRefused").item(0).text()
    assert "2 daily means, 5 cm" in dialog.findChild(QLabel, "deepsoilArchiveFound").text()
    rows.topLevelItem(1).setCheckState(0, Qt.CheckState.Unchecked)
    first.setDate(QDate(2023, 7, 10))
    assert not add.isEnabled()
    qtbot.waitUntil(add.isEnabled, timeout=10_000)
    said = [json.loads(line)["params"]["said"] for line in log.read_text().splitlines()
            if json.loads(line)["method"] == "probe_table"]
    assert said == [{}, {"sensors": [0], "first": "2023-07-10", "last": "2023-07-11"}]
    dialog.findChild(QCheckBox, "deepsoilArchiveUsed").setChecked(False)
    add.click()
    (file,) = parts.dock.request.readings.known.files
    assert (file.name, file.used, list(file.values)) == ("net.ZIP", False, DAILY)
    assert asked(parts) is None


def test_a_file_that_is_no_archive_says_what_to_do(open_dock, window, qtbot, tmp_path):  # noqa: F811
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"probe_table": {**FOUND, "sensors": [], "readings": [], "problem": ROW_3}}))
    parts = open_dock(files={"probe_table": str(answer)})
    parts.dock.request.readings.add_file("/data/NET/one/a.stm")
    dialog = dialog_of(parts, ArchiveDialog)
    problem = dialog.findChild(QLabel, "deepsoilArchiveProblem")
    qtbot.waitUntil(lambda: "Correct it" in problem.text(), timeout=10_000)
    assert not dialog.findChild(QPushButton, "deepsoilArchiveAdd").isEnabled()
    assert dialog.windowTitle() == "DeepSoil: Readings of one"
