"""The panel SMAP: it reads a map in pieces, shows cells, days and scores as the engine says, marks what is meant."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QEvent, Qt
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QPushButton, QTableWidget, QToolButton
from summaries import OUTPUT, summary
from test_dock import open_dock  # noqa: F401

from deepsoil_plugin.panels.smap.cell_maps import CellMaps
from deepsoil_plugin.panels.smap.comparison import FLAGGED, NONE, RECOMMENDED, Comparison
from deepsoil_plugin.panels.smap.words import notes, share_text

DAYS = ["2023-07-13", "2023-07-14", "2023-07-15", "2023-07-17"]
JOB = {**summary(outputs=[{**OUTPUT, "name": f"soil_moisture_05cm_{day}.tif", "date": day, "sha256": "0" * 64}
                          for day in DAYS[1:3]]), "name": "North quarter"}
DEEP = {**summary(1, outputs=[{**OUTPUT, "name": "soil_moisture_20cm_2023-07-15.tif", "depth_cm": 20,
                               "sha256": "1" * 64}]), "name": "Roots"}


def cell(number, share=0.9, **figures):
    west, north = -105.0 + 0.1 * (number % 2), 40.5 - 0.1 * (number // 2)
    return {"west": west, "south": north - 0.1, "east": west + 0.1, "north": north, "share": share,
            "scored": share >= 0.5, "figures": figures}


def of(smap, theta):
    return {"n": 1, "smap": smap, "map": theta, "bias": theta - smap, "mae": abs(theta - smap), "ubrmsd": None,
            "r": None}


ANSWER = {
    "read": 2, "of": 2, "map_days": DAYS[1:3], "input_of_map": True, "title": "Region", "depth_cm": 5,
    "grid": "EASE-Grid 2.0, 9 km (M09)", "has_flags": True, "part_of_a_cell": False, "fewest_days": 10,
    "fewest_cells": 4, "days": DAYS,
    "cells": [cell(0, recommended=of(0.20, 0.25)), cell(1, recommended=of(0.31, 0.24)), cell(2, flagged=of(0.40, 0.26)),
              cell(3, share=0.2, recommended=of(0.22, 0.27))],
    "recommended": [[0.19, 0.3, None, 0.2], [None] * 4, [0.2, 0.31, None, 0.22], [0.21, 0.3, None, 0.22]],
    "flagged": [[None] * 4, [None] * 4, [None, None, 0.4, None], [None] * 4],
    "map": [[None] * 4, [0.24, 0.23, 0.25, 0.26], [0.25, 0.24, 0.26, 0.27], [None] * 4],
    "scores": {"recommended": {"cells": 2, "cell_days": 2, "bias": -0.01, "mae": 0.06, "ubrmsd_in_time": None,
                               "r_in_time": None, "r_in_space": -0.5},
               "flagged": {"cells": 1, "cell_days": 1, "bias": -0.14, "mae": 0.14, "ubrmsd_in_time": None,
                           "r_in_time": None, "r_in_space": None}}}


def opened(open_dock, tmp_path, **results):  # noqa: F811
    log = tmp_path / "log"
    parts = open_dock(log=log, **({"list": [DEEP, JOB], "compare_smap": ANSWER} | results))
    return parts, parts.panels.open("smap"), log


def asked(log):
    return [line["params"] for line in map(json.loads, log.read_text().splitlines())
            if line["method"] == "compare_smap"]


def text(panel, name):
    return panel.findChild(QLabel, name).text()


def shown(panel, qtbot):
    qtbot.waitUntil(lambda: "SMAP 0.200" in text(panel, "smapCell"), timeout=10_000)


def layers():
    return {layer.name(): layer for layer in QgsProject.instance().mapLayers().values()
            if layer.customProperty("deepsoil/smap")}


@pytest.fixture
def picture():
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return lambda panel, name: panel.grab().save(str(folder / name))


def test_the_map_is_compared_and_scores_and_cells_are_those_of_the_engine(open_dock, qtbot, tmp_path,  # noqa: F811
                                                                          picture):
    _, panel, log = opened(open_dock, tmp_path)
    shown(panel, qtbot)
    assert asked(log) == [{"id": JOB["id"]}], "the map of 20 cm is not what SMAP sees"
    maps, day = (panel.findChild(QComboBox, name) for name in ("smapMap", "smapDay"))
    assert maps.count() == 1 and day.currentText() == "15 Jul 2023" and "no pass" in day.itemText(1)
    scores = panel.findChild(QTableWidget, "smapScores")
    rows = {scores.verticalHeaderItem(row).text(): [scores.item(row, column).text() for column in (0, 1)]
            for row in range(scores.rowCount())}
    assert rows["Bias"] == ["−0.010", "−0.140"] and rows["R in space"] == ["−0.50", "–"]
    cells = panel.findChild(QTableWidget, "smapCells")
    assert [cells.item(2, column).text() for column in range(6)] == [
        "3", "0.400", "0.260", "−0.140", "flagged", "90 %"]
    assert "not an independent proof" in text(panel, "smapNotes") and "3 cell" in text(panel, "smapNotes")
    panel.resize(1366, 300)
    qtbot.wait(200)
    picture(panel, "smap_panel.png")
    panel.resize(590, 300)
    qtbot.wait(200)
    picture(panel, "smap_panel_narrow.png")


def test_what_is_pointed_at_or_picked_anywhere_is_marked_everywhere(open_dock, qtbot, tmp_path):  # noqa: F811
    _, panel, _ = opened(open_dock, tmp_path)
    shown(panel, qtbot)
    panel.resize(1200, 320)
    qtbot.wait(100)
    maps, cells = panel.findChild(CellMaps), panel.findChild(QTableWidget, "smapCells")
    nothing = Qt.MouseButton.NoButton
    QApplication.sendEvent(maps, QMouseEvent(QEvent.Type.MouseMove, maps.rectangle(2, 1).center(), nothing, nothing,
                                             Qt.KeyboardModifier.NoModifier))
    assert text(panel, "smapCell").startswith("Cell 2")
    qtbot.mouseClick(maps, Qt.MouseButton.LeftButton, pos=maps.rectangle(1, 2).center().toPoint())
    assert cells.selectedIndexes()[0].row() == 2 and panel._plot is not None
    cells.cellEntered.emit(3, 0)
    assert "20 % of the cell" in text(panel, "smapCell")
    cells.left.emit()
    panel._plot.pointPicked.emit(0, Comparison.of(ANSWER).days[2])
    assert cells.selectedIndexes()[0].row() == 0 and not panel._band.asGeometry().isEmpty()
    maps.setFocus()
    qtbot.keyClick(maps, Qt.Key.Key_Right)
    assert cells.selectedIndexes()[0].row() == 1


def test_a_day_without_a_pass_names_the_nearest_and_the_mean_is_of_days_with_both(open_dock, qtbot,  # noqa: F811
                                                                                  tmp_path):
    _, panel, _ = opened(open_dock, tmp_path)
    shown(panel, qtbot)
    panel.findChild(QToolButton, "smapBack").click()
    assert "no retrieval here on 14 Jul 2023" in text(panel, "smapProblem")
    assert "13 Jul 2023, 15 Jul 2023" in text(panel, "smapProblem")
    panel.findChild(QToolButton, "smapBack").click()
    assert "mean of the days" in text(panel, "smapCell") and text(panel, "smapProblem") == ""
    found = Comparison.of(ANSWER)
    assert [one.flag for one in found.values(found.days[2])] == [RECOMMENDED, RECOMMENDED, FLAGGED, RECOMMENDED]
    assert [one.flag for one in found.values(found.days[1])] == [NONE] * 4
    smap, theta, _, columns = found.pairs(RECOMMENDED)
    assert smap.tolist() == [0.2, 0.31] and theta.tolist() == [0.25, 0.24] and columns.tolist() == [0, 1]
    days, filled = found.daily(found.map[:, 0])
    assert len(days) == 5 and [bool(value == value) for value in filled] == [False, True, True, False, False]


def test_reading_shows_how_far_it_is_and_can_be_cancelled_and_gone_on_with(open_dock, qtbot, tmp_path):  # noqa: F811
    part = {**ANSWER, "read": 1}
    _, panel, log = opened(open_dock, tmp_path, compare_smap=part)
    stop, go_on = (panel.findChild(QPushButton, name) for name in ("smapStop", "smapGoOn"))
    qtbot.waitUntil(lambda: len(asked(log)) > 3, timeout=10_000)
    assert stop.isVisible() and panel.findChild(QComboBox, "smapDay").isEnabled()
    stop.click()
    assert "1 of 2 maps are read" in text(panel, "smapProblem") and go_on.isVisible() and not stop.isVisible()
    qtbot.wait(300)
    before = len(asked(log))
    qtbot.wait(300)
    assert len(asked(log)) == before
    go_on.click()
    qtbot.waitUntil(lambda: len(asked(log)) > before, timeout=10_000)
    stop.click()


def test_without_smap_or_a_map_it_says_what_to_do_and_own_files_can_be_chosen(open_dock, qtbot, tmp_path):  # noqa: F811
    error = {"code": "no_smap", "message": "The region has no SMAP soil moisture.", "hint": "Gather it.",
             "field": "region"}
    refusal = tmp_path / "refusal.json"
    refusal.write_text(json.dumps({"error": error}))
    _, panel, log = opened(open_dock, tmp_path, files={"compare_smap": str(refusal)})
    qtbot.waitUntil(lambda: "Gather it." in text(panel, "smapProblem"), timeout=10_000)
    assert not panel.findChild(QToolButton, "smapLayers").isEnabled()
    source = panel.findChild(QComboBox, "smapSource")
    source.setCurrentIndex(1)
    source.activated.emit(1)
    dialog = next(one for one in panel.window().findChildren(QFileDialog) if one.objectName() == "smapFolder")
    dialog.fileSelected.emit(str(tmp_path))
    qtbot.waitUntil(lambda: asked(log)[-1] == {"id": JOB["id"], "path": str(tmp_path)}, timeout=10_000)
    dialog.close()
    assert source.currentText() == tmp_path.name


def test_there_is_no_map_of_this_depth(open_dock, qtbot, tmp_path):  # noqa: F811
    _, panel, log = opened(open_dock, tmp_path, list=[DEEP])
    qtbot.waitUntil(lambda: "no finished map of 5 cm" in text(panel, "smapProblem"), timeout=10_000)
    assert asked(log) == []


def test_the_cells_become_layers_with_all_attributes_and_go_with_the_panel(open_dock, qtbot, tmp_path):  # noqa: F811
    _, panel, _ = opened(open_dock, tmp_path)
    shown(panel, qtbot)
    for _ in range(2):
        panel.findChild(QToolButton, "smapLayers").click()
    assert set(layers()) == {"SMAP", "Map, mean of the cells", "Map − SMAP"}
    third = next(layers()["SMAP"].getFeatures("cell = 3"))
    assert [third[name] for name in ("smap", "map", "difference", "flag", "share", "scored")] == [
        0.4, 0.26, -0.14, "flagged", 0.9, 1]
    assert all(one.featureCount() == 4 and len(one.renderer().ranges()) > 6 for one in layers().values())
    panel.close()
    assert not layers() and not [group for group in QgsProject.instance().layerTreeRoot().findGroups()
                                 if "SMAP" in group.name()]


def test_a_field_in_a_cell_is_called_a_part_of_it():
    field = copy.deepcopy(ANSWER)
    field |= {"part_of_a_cell": True, "cells": [cell(0, share=0.0005, recommended=of(0.2, 0.25))], "has_flags": False,
              "input_of_map": False,
              **{name: [row[:1] for row in ANSWER[name]] for name in ("recommended", "flagged", "map")}}
    said = notes(Comparison.of(field))
    assert "less than 0.1 % of one SMAP cell" in said and "land around" in said and "do not say" in said
    assert "proof" not in said and share_text(0.018) == "1.8 %"
