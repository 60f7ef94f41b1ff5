"""Data for a field that has none: the offer with its cost, the plan before anything is fetched, the maps afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
from gather_parts import ESTIMATE, PLAN, REGION, ready_dialog, refusal
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QToolButton,
    QTreeWidget,
)

from deepsoil_plugin import preferences
from deepsoil_plugin.jobs.gather_request import GatherRequest, cost_text, fitted, is_old
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.settings.archives_group import ArchivesGroup


def test_the_line_says_that_there_are_no_data_and_what_getting_them_takes(open_dock, qtbot):
    dock = open_dock()
    dock.choose_view()
    assert dock.text("deepsoilNoData") == "DeepSoil has no data for this field yet."
    assert dock.part(QPushButton, "deepsoilGetData").isVisible()
    qtbot.waitUntil(lambda: dock.text("deepsoilDataCost") == "40 MB, about 2 minutes, from 3 archives", timeout=10_000)
    assert "Get it…" in dock.text("deepsoilProblem")
    assert not dock.part(QPushButton, "deepsoilMapIt").isEnabled()
    assert dock.asked("gather_plan")[-1]["area"]["type"] == "Polygon"
    assert not dock.asked("estimate"), "there is nothing to be estimated"


def test_the_plan_names_every_archive_and_asks_for_terms_before_anything_is_sent(open_dock, qtbot):
    dock = open_dock()
    dialog, go = ready_dialog(dock, qtbot)
    table = dialog.findChild(QTreeWidget, "deepsoilGatherArchives")
    rows = [[table.topLevelItem(row).text(column) for column in range(4)] for row in range(table.topLevelItemCount())]
    assert rows[0] == ["Gridmet", "weather", "20.0 MB", "public domain"]
    assert [row[0] for row in rows] == ["Gridmet", "Survey", "Elevation"], "the others need the user's word first"
    assert "Last checked live: never" in table.topLevelItem(0).toolTip(0)
    agree = dialog.findChild(QCheckBox, "deepsoilGatherAgree_polaris")
    assert agree.isEnabled() and not agree.isChecked()
    assert "CC BY-NC 4.0" in dialog.findChild(QLabel, "deepsoilGatherTerms_polaris").text()
    account = dialog.findChild(QCheckBox, "deepsoilGatherAgree_smap_l3")
    assert not account.isEnabled()
    assert "urs.earthdata.nasa.gov" in dialog.findChild(QLabel, "deepsoilGatherTerms_smap_l3").text()
    without = dialog.findChild(QLabel, "deepsoilGatherWithout").text()
    assert "stations: None is near." in without and without.startswith("This makes another region beside West <b>field")
    agree.click()
    table.topLevelItem(1).setCheckState(0, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: (last := dock.asked("gather_plan")[-1])["agreed"] == ["polaris"]
                    and last["off"] == ["survey"], timeout=10_000)
    qtbot.waitUntil(go.isEnabled, timeout=10_000)
    assert not dock.asked("submit"), "nothing may be fetched before the user says so"
    go.click()
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)
    sent = dock.asked("submit")[0]["specification"]
    assert sent["kind"] == "gather" and sent["options"] == {"off": ["survey"], "agreed": ["polaris"], "offline": False,
                                                            "title": "Map view"}
    qtbot.waitUntil(lambda: dock.text("deepsoilNoData") == "The data of this field are being fetched.", timeout=10_000)
    assert not dock.part(QPushButton, "deepsoilGetData").isVisible()


def test_that_a_region_takes_the_field_in_is_told_before_anything_is_sent(open_dock, qtbot):
    extended = {**PLAN, "extends": "West <b>field", "near": [], "title": "West <b>field", "folder": "/r/west"}
    dock = open_dock(gather_plan=extended)
    dialog, go = ready_dialog(dock, qtbot)
    said, name = dialog.findChild(QLabel, "deepsoilGatherWithout"), dialog.findChild(QLineEdit, "deepsoilGatherTitle")
    assert said.text().startswith("The region West <b>field takes this field in")
    assert name.text() == "West <b>field" and not name.isEnabled(), "the region keeps its name"
    assert not dock.asked("submit")
    go.click()
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)
    assert not {"title", "folder"} & set(dock.asked("submit")[0]["specification"]["options"])


@pytest.mark.parametrize("tick", [True, False])
def test_the_maps_are_made_when_the_data_have_come(open_dock, qtbot, tick):
    dock = open_dock()
    dock.parts.dock.request.dates.restore("2023-07-15", None)
    dialog, go = ready_dialog(dock, qtbot)
    assert dock.asked("gather_plan")[-1]["start"] == "2023-07-15", "the day that was asked for is fetched too"
    box = dialog.findChild(QCheckBox, "deepsoilGatherMaps")
    assert box.isChecked()
    box.setChecked(tick)
    go.click()
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)
    job = next(one for one in dock.parts.session.model.jobs() if one["kind"] == "gather")
    dock.has([REGION])
    dock.parts.client.call("event", {"event": "job", "job": {**job, "state": "succeeded", "region": "gathered"}})
    qtbot.waitUntil(lambda: dock.text("deepsoilRegion").startswith("My field · until"), timeout=10_000)
    assert "gridMET (Abatzoglou 2013)" in dock.part(QLabel, "deepsoilRegion").toolTip()
    if not tick:
        qtbot.wait(300)
        assert len(dock.asked("submit")) == 1
        return
    qtbot.waitUntil(lambda: len(dock.asked("submit")) == 2, timeout=10_000)
    maps = dock.asked("submit")[1]["specification"]
    assert maps["kind"] == "predict" and maps["depths_cm"] == [5, 20] and "region" not in maps
    # The day that stood there had no data in that region: the nearest that has.
    assert maps["dates"] == {"start": REGION["first_date"], "end": REGION["first_date"]}


def test_trying_a_failed_job_again_takes_the_maps_along(open_dock, qtbot):
    dock = open_dock(silent=["retry"])
    _, go = ready_dialog(dock, qtbot)
    go.click()
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)
    job = next(one for one in dock.parts.session.model.jobs() if one["kind"] == "gather")
    qtbot.waitUntil(lambda: not dock.parts.session.model.job(job["id"]).get("unsent"), timeout=10_000)
    job = dock.parts.session.model.job(job["id"])
    failed = {**job, "state": "failed", "reason": refusal("archive_failed", "The server does not answer.")}
    dock.parts.client.call("event", {"event": "job", "job": failed})
    qtbot.waitUntil(lambda: dock.parts.session.model.job(job["id"])["state"] == "failed", timeout=10_000)
    dock.parts.session.retry(job["id"])
    qtbot.waitUntil(lambda: bool(dock.asked("retry")), timeout=10_000)
    again = dock.asked("retry")[0]["new_id"]
    dock.has([REGION])
    dock.parts.client.call("event", {"event": "job", "job": {**job, "id": again, "state": "succeeded",
                                                             "region": "gathered"}})
    qtbot.waitUntil(lambda: len(dock.asked("submit")) == 2, timeout=10_000)


def test_old_data_are_brought_up_to_today_by_one_button(open_dock, qtbot):
    plan = {**PLAN, "region": "gathered", "bytes": 900_000, "seconds": 9}
    dock = open_dock([{**REGION, "last_date": "2026-07-03"}], refresh_plan=plan)
    update = dock.part(QPushButton, "deepsoilUpdateData")
    qtbot.waitUntil(lambda: dock.text("deepsoilDataCost").startswith("Data until 3 Jul 2026. 900 kB"), timeout=10_000)
    update.click()
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)
    sent = dock.asked("submit")[0]["specification"]
    assert sent["region"] == "gathered" and sent["options"]["update"] is True and "area" not in sent


def test_where_nothing_newer_is_published_there_is_no_button(open_dock, qtbot):
    archives = [{**one, "pieces": 0, "bytes": 0} for one in PLAN["archives"]]
    dock = open_dock([{**REGION, "last_date": "2026-07-03"}],
                     refresh_plan={**PLAN, "bytes": 0, "seconds": 0, "archives": archives})
    qtbot.waitUntil(lambda: dock.text("deepsoilDataCost").endswith("2026. Nothing newer is published yet."),
                    timeout=10_000)
    assert not dock.part(QPushButton, "deepsoilUpdateData").isVisible()


def test_a_fresh_profile_has_two_ways_out(open_dock, qtbot, window):
    dock = open_dock()
    mine, sample = (dock.part(QPushButton, name) for name in ("deepsoilGetMyData", "deepsoilTrySample"))
    assert mine.isVisible() and sample.isVisible()
    mine.click()
    assert dock.part(QToolButton, "deepsoilDrawPolygon").isChecked(), "the field has to be drawn first"
    dock.parts.dock.request.area.set_area(REGION["footprint"], "Drawn")
    assert dock.dialog(qtbot).isVisible(), "the plan comes by itself then"
    assert not mine.isVisible()


def test_what_prevents_it_is_said_where_the_button_is(open_dock, qtbot):
    away = {**PLAN, "bytes": 0, "archives": [], "problems": [refusal("archive_outside", "The field is in Canada.")]}
    dock = open_dock(gather_plan=away)
    dock.choose_view()
    qtbot.waitUntil(lambda: dock.text("deepsoilDataCost") == "The field is in Canada.", timeout=10_000)
    dock.part(QPushButton, "deepsoilGetData").click()
    dialog = dock.dialog(qtbot)
    line = dialog.findChild(QLabel, "deepsoilGatherProblem")
    qtbot.waitUntil(lambda: line.text() == "The field is in Canada.", timeout=10_000)
    assert not dialog.findChild(QPushButton, "deepsoilGatherGo").isEnabled()


def test_what_the_engine_lacks_is_installed_first_without_another_click(open_dock, qtbot, monkeypatch):
    lacking = {"code": "extra_missing", "message": "", "hint": "", "field": None, "values": {"extra": "sources"}}
    dock = open_dock(estimate={**ESTIMATE, "problems": [lacking]})
    dialog, go = ready_dialog(dock, qtbot)
    extra = dialog.findChild(QPushButton, "deepsoilInstallExtra").parent()
    qtbot.waitUntil(lambda: extra.missing == "sources", timeout=10_000)
    begun = []
    monkeypatch.setattr(extra, "start", lambda: begun.append(True))
    go.click()
    assert begun and not dock.asked("submit")
    extra._ended("", well=True)
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)


def test_a_field_is_picked_at_a_click_from_public_outlines(open_dock, qtbot, window):
    outline = REGION["footprint"]
    around = {"type": "Polygon", "coordinates": [[[-106, 40], [-104, 40], [-104, 41], [-106, 41], [-106, 40]]]}
    found = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": geometry, "properties": {}} for geometry in (around, outline)]}
    dock = open_dock(field_outlines=found)
    button = dock.part(QToolButton, "deepsoilPickField")
    button.click()
    assert button.isChecked()
    dock.parts.dock.request._picker._tool.picked.emit(-104.9, 40.45)
    qtbot.waitUntil(lambda: dock.parts.dock.request.area.area == outline, timeout=10_000)
    assert dock.asked("field_outlines") == [{"area": {"type": "Point", "coordinates": [-104.9, 40.45]}}]
    dock.part(QToolButton, "deepsoilDrawPolygon").click()
    assert not button.isChecked(), "another tool is in hand"
    dock.parts.dock.request._picker._tool.picked.emit(10.0, 50.0)
    qtbot.waitUntil(lambda: "No outline of a field is known here" in dock.text("deepsoilWhereMessage"), timeout=10_000)
    preferences.set_archives_offline(True)
    dock.parts.dock.request._picker._tool.picked.emit(10.0, 51.0)
    qtbot.waitUntil(lambda: dock.asked("field_outlines")[-1].get("offline") is True, timeout=10_000)


def test_the_options_switch_archives_off_and_empty_the_cache(open_dock, qtbot):
    archives = [{key: one[key] for key in ("name", "title", "licence", "attribution", "terms", "last_checked")}
                for one in PLAN["archives"]]
    dock = open_dock(archives=archives, archive_cache={"bytes": 812_000_000, "quota_bytes": 2 << 30})
    group = ArchivesGroup(dock.parts)
    qtbot.addWidget(group)
    group.ask()
    size, names = group.findChild(QLabel, "deepsoilCacheSize"), group.findChild(QListWidget, "deepsoilArchives")
    qtbot.waitUntil(lambda: size.text() == "812.0 MB" and names.count() == 5, timeout=10_000)
    assert "Last checked live: never" in names.item(0).toolTip()
    group.findChild(QPushButton, "deepsoilCacheClear").click()
    qtbot.waitUntil(lambda: {"clear": True} in dock.asked("archive_cache"), timeout=10_000)
    names.item(2).setCheckState(Qt.CheckState.Unchecked)
    group.findChild(QCheckBox, "deepsoilOffline").setChecked(True)
    group.findChild(QDoubleSpinBox, "deepsoilCacheQuota").setValue(5.0)
    assert preferences.archives_off() == () and not preferences.archives_offline(), "only with OK"
    group.apply()
    assert preferences.archives_off() == ("elevation",) and preferences.archives_offline()
    assert preferences.engine_variables()["DEEPSOIL_CACHE_MB"] == "5000"


def test_words_of_a_plan_and_days_that_fit():
    assert cost_text({}) == "" and cost_text({**PLAN, "archives": PLAN["archives"][:1]}).endswith("from 1 archive")
    assert is_old({**REGION, "last_date": "2026-11-20"}, dt.date(2026, 11, 30))
    assert not is_old(REGION, dt.date(2026, 11, 30))
    assert not is_old({**REGION, "gathered": None, "last_date": "2020-01-01"}, dt.date(2026, 11, 30))
    request = MapRequest(start="2023-07-15", end="2030-01-01").specification("0" * 32)
    moved = fitted(request, dt.date(2024, 1, 1), dt.date(2024, 2, 1))
    assert moved == {**request, "dates": {"start": "2024-01-01", "end": "2024-02-01"}}
    asked = GatherRequest({"type": "Polygon", "coordinates": []}, "North", title="  ")
    assert asked.specification("0" * 32)["name"] == "Field"


def test_archives_that_are_off_stay_off(open_dock, qtbot):
    preferences.set_archives_off(["gridmet"])
    dock = open_dock()
    dock.choose_view()
    qtbot.waitUntil(lambda: bool(dock.asked("gather_plan")), timeout=10_000)
    assert dock.asked("gather_plan")[0]["off"] == ["gridmet"]


@pytest.mark.parametrize("typed", ["31 Brumaire", "20 Jul 2024"])
def test_the_click_that_ends_the_typing_of_a_date_is_a_click(open_dock, qtbot, typed):
    """The message about the date comes between it and the button: it waits until the button has been clicked."""
    dock = open_dock()
    dock.choose_view()
    qtbot.waitUntil(lambda: "archives" in dock.text("deepsoilDataCost"), timeout=10_000)
    dates, get = dock.parts.dock.request.dates, dock.part(QPushButton, "deepsoilGetData")
    dates._date.setFocus()
    dates._date.selectAll()
    QTest.keyClicks(dates._date, typed[0])
    QTest.keyClicks(dates._date._over, typed[1:])
    handle = dock.window.window.windowHandle()
    place = get.mapTo(dock.window.window, get.rect().center())
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    qtbot.wait(100)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert dock.dialog(qtbot).isVisible()
    message = dock.part(QLabel, "deepsoilDateMessage")
    qtbot.waitUntil(lambda: message.isVisible() == (typed == "31 Brumaire"), timeout=5_000)
