"""The window of the regions: what each is, where it lies on the map, and how it is removed."""

from __future__ import annotations

from pathlib import Path

import pytest
from gather_parts import FOOTPRINT, REGION, open_dock, refusal  # noqa: F401
from qgis.PyQt.QtWidgets import QDialog, QLabel, QMessageBox, QPushButton, QTreeWidget

from deepsoil_plugin.map.area import AreaBand

MINE = REGION | {"made_here": True}
OWN = REGION | {"id": "own", "name": "<b>Own</b>", "path": "/data/own", "gathered": None, "made_here": False,
                "attribution": "", "stations": 3}
BROKEN = REGION | {"id": "broken", "name": "Broken", "footprint": None, "first_date": None, "last_date": None,
                   "problem": refusal("store_missing", "There is no store in /r/broken.")}


@pytest.fixture
def opened(open_dock, qtbot):  # noqa: F811
    def make(**results):
        dock = open_dock(regions=[MINE, OWN, BROKEN], **results)
        dock.parts.show_regions()
        found = dock.window.window.findChild(QDialog, "deepsoilRegionsWindow")
        qtbot.waitUntil(lambda: table(found).topLevelItemCount() == 3, timeout=10_000)
        return dock, found

    return make


def table(found):
    return found.findChild(QTreeWidget, "deepsoilRegions")


def choose(found, row):
    table(found).setCurrentItem(table(found).topLevelItem(row))


def question(found):
    return found.findChild(QMessageBox, "deepsoilRemoveRegion")


def outlined(found):
    return not found.findChild(AreaBand).geometry().isEmpty()


def test_each_region_says_its_days_its_sources_and_what_is_wrong_with_it(opened):
    dock, found = opened()
    rows = [[table(found).topLevelItem(row).text(column) for column in range(5)] for row in range(3)]
    assert rows[0] == ["My field", "30 Nov 2023 – 28 Nov 2026", "28 Nov 2026", "",
                       "/r/gathered/store"]
    about = found.findChild(QLabel, "deepsoilRegionsAbout").text()
    assert "gridMET (Abatzoglou 2013); 3DEP (USGS)" in about and "/r/gathered/store" in about
    assert rows[1][0] == "<b>Own</b>" and rows[1][3] == "3", "a name is shown as it is"
    choose(found, 2)
    assert "no store in /r/broken" in found.findChild(QLabel, "deepsoilRegionsProblem").text()
    assert not found.findChild(QPushButton, "deepsoilRegionsZoom").isEnabled() and not outlined(found)
    choose(found, 0)
    assert outlined(found) and found.findChild(QLabel, "deepsoilRegionsProblem").text() == ""
    before = dock.window.canvas.extent()
    found.findChild(QPushButton, "deepsoilRegionsZoom").click()
    assert dock.window.canvas.extent() != before
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    found.grab().save(str(folder / "regions_window.png"))
    found.close()
    assert not outlined(found), "nothing stays on the map"


def test_files_are_deleted_only_where_they_were_made_and_only_when_asked_for(opened, qtbot):
    dock, found = opened(remove_region={"deleted": None})
    choose(found, 1)
    found.findChild(QPushButton, "deepsoilRegionsRemove").click()
    assert "did not make them" in question(found).text() and "/data/own" in question(found).text()
    assert question(found).findChild(QPushButton, "deepsoilDeleteRegion") is None
    question(found).button(QMessageBox.StandardButton.Cancel).click()
    qtbot.waitUntil(lambda: question(found) is None, timeout=5_000)
    assert not dock.asked("remove_region")
    choose(found, 0)
    found.findChild(QPushButton, "deepsoilRegionsRemove").click()
    dock.has([OWN, BROKEN])
    question(found).findChild(QPushButton, "deepsoilDeleteRegion").click()
    qtbot.waitUntil(lambda: table(found).topLevelItemCount() == 2, timeout=10_000)
    assert dock.asked("remove_region") == [{"region": "gathered", "files": True}]


def test_a_region_that_a_job_needs_stays_and_the_window_says_why(opened, qtbot):
    _dock, found = opened(errors={"remove_region": refusal("region_in_use", "The job 'Labels' needs this region.")})
    choose(found, 0)
    found.findChild(QPushButton, "deepsoilRegionsRemove").click()
    question(found).findChild(QPushButton, "deepsoilForgetRegion").click()
    problem = found.findChild(QLabel, "deepsoilRegionsProblem")
    qtbot.waitUntil(lambda: "Labels" in problem.text(), timeout=10_000)
    assert table(found).topLevelItemCount() == 3
