"""The dock as its user sees it: it says what is missing, what it will take and what is wrong, and sends the rest."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QTreeWidget,
)

from deepsoil_plugin import preferences
from deepsoil_plugin.components import Components
from deepsoil_plugin.dock.dates_section import date_problem
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.widgets.date_field import day_from

FOOTPRINT = {"type": "Polygon", "coordinates": [[[-105.1, 40.3], [-104.7, 40.3], [-104.7, 40.6], [-105.1, 40.6],
                                                 [-105.1, 40.3]]]}
REGION = {"id": "sample", "path": "/r/sample", "name": "Sample", "synthetic": True, "footprint": FOOTPRINT,
          "first_date": "2021-07-30", "last_date": "2023-12-31", "channels": [], "stations": 0, "problem": None}
MODELS = [{"id": f"m{depth}", "depth_cm": depth, "title": "Plains", "version": "1.2", "default": True, "channels": [],
           "card": "# Plains", "problem": None} for depth in (5, 20)]
ESTIMATE = {"area_ha": 64.2, "pixels": 714, "windows": 1, "seconds": 4.1, "bytes": 1000, "problems": [],
            "region": "sample"}


@pytest.fixture
def open_dock(window, fake_engine, qtbot, monkeypatch):
    made = []

    def make(log=None, files=None, **results):
        usual = {"list": [], "regions": [REGION], "models": MODELS, "estimate": ESTIMATE, "hosts": []}
        client = fake_engine(results=usual | results, files=files or {},
                             **({"log": str(log)} if log else {}))
        monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(client._python))
        window.window.show()
        parts = Components(window)
        made.append(parts)
        parts.open_dock()
        qtbot.waitUntil(lambda: parts.client.is_ready and parts.dock.request.data.known, timeout=20_000)
        return parts

    yield make
    for parts in made:
        parts.close()


def part(parts, kind, name):
    found = parts.dock.findChild(kind, name)
    assert found is not None, name
    return found


def button(parts):
    return part(parts, QPushButton, "deepsoilMapIt")


def problem(parts):
    return part(parts, QLabel, "deepsoilProblem").text()


def look_at_the_region(window):
    window.canvas.setExtent(QgsRectangle(-11_690_000, 4_925_000, -11_688_000, 4_926_500))


def choose_view(parts, window):
    look_at_the_region(window)
    part(parts, QToolButton, "deepsoilMapView").click()


def test_the_button_says_why_it_cannot_be_pressed_until_it_can(open_dock, window, qtbot):
    parts = open_dock()
    assert not button(parts).isEnabled()
    assert "Draw or select a field" in button(parts).toolTip()
    assert problem(parts) == button(parts).toolTip()
    choose_view(parts, window)
    assert part(parts, QLineEdit, "deepsoilFieldName").text() == "Map view"
    assert "ha · " in part(parts, QLabel, "deepsoilArea").text()
    qtbot.waitUntil(lambda: part(parts, QLabel, "deepsoilEstimate").text() == "about 4 seconds", timeout=10_000)
    assert button(parts).isEnabled()
    assert problem(parts) == ""
    for depth in (5, 20):
        part(parts, QCheckBox, f"deepsoilDepth{depth}").setChecked(False)
    assert not button(parts).isEnabled()
    assert "Tick" in problem(parts)


def test_what_the_engine_says_against_it_is_shown_with_what_to_do(open_dock, window, qtbot):
    refusal = {"code": "area_outside", "message": "The area lies outside.", "hint": "Move it.", "field": "area"}
    parts = open_dock(estimate={"problems": [refusal]})
    choose_view(parts, window)
    qtbot.waitUntil(lambda: problem(parts) == "The area lies outside. Move it.", timeout=10_000)
    assert not button(parts).isEnabled()
    assert "outside" in button(parts).toolTip()


def test_without_data_the_dock_says_how_to_get_some(window, fake_engine, qtbot, monkeypatch):
    client = fake_engine(results={"list": [], "regions": [], "models": MODELS})
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(client._python))
    parts = Components(window)
    window.window.show()
    parts.open_dock()
    qtbot.waitUntil(lambda: "add a region folder" in problem(parts), timeout=20_000)
    parts.close()


def test_a_model_is_named_without_its_depth(open_dock, qtbot):
    parts = open_dock(models=[{**model, "title": f"Plains, {model['depth_cm']} cm"} for model in MODELS])
    model = part(parts, QComboBox, "deepsoilModel20")
    qtbot.waitUntil(lambda: model.currentText() == "Plains 1.2", timeout=10_000)


def test_a_click_sends_what_stands_there_once(open_dock, window, qtbot):
    parts = open_dock()
    choose_view(parts, window)
    part(parts, QCheckBox, "deepsoilDepth5").setChecked(False)
    parts.dock.request.dates._date.setDate(QDate(2023, 7, 15))
    # Pressed before the estimate has come: the click is not lost.
    QTest.mouseClick(button(parts), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(job["state"] == "running" for job in parts.session.model.jobs()), timeout=10_000)
    assert len(parts.session.model.jobs()) == 1
    specification = parts.session.model.jobs()[0]["specification"]
    assert specification["dates"] == {"start": "2023-07-15", "end": "2023-07-15"}
    assert specification["depths_cm"] == [20]
    assert specification["models"] == {"20": "m20"}
    longitude, latitude = specification["area"]["coordinates"][0][0]
    assert (longitude, latitude) == pytest.approx((-105.01, 40.41), abs=0.03)
    assert parts.dock.jobs.current == specification["id"], "the new job is not the chosen one"


def test_a_date_without_data_is_said_with_the_day_that_would_do(open_dock, window, qtbot):
    parts = open_dock()
    when = parts.dock.request.dates
    assert when.start == dt.date(2023, 12, 31), "a day that nobody chose is the last one with data"
    choose_view(parts, window)
    when._date.setDate(QDate(2024, 2, 1))
    message = part(parts, QLabel, "deepsoilDateMessage")
    assert "up to 31 Dec 2023" in message.text()
    assert not button(parts).isEnabled()
    message.linkActivated.emit("use")
    assert when.start == dt.date(2023, 12, 31)
    assert message.text() == ""
    part(parts, QToolButton, "deepsoilDayBefore").click()
    assert when.start == dt.date(2023, 12, 30)
    part(parts, QCheckBox, "deepsoilUntil").setChecked(True)
    when._until_date.setDate(QDate(2023, 12, 29))
    assert "before the first" in problem(parts)


def test_a_date_can_be_typed_over_in_any_usual_form(open_dock, qtbot):
    parts = open_dock()
    field = parts.dock.request.dates._date
    field.setFocus()
    for text, day in (("15 Jul 2023", QDate(2023, 7, 15)), ("2022-03-04", QDate(2022, 3, 4)),
                      ("1.2.2023", QDate(2023, 2, 1)), ("nonsense", QDate(2023, 2, 1))):
        field.lineEdit().selectAll()
        QTest.keyClicks(field, text[0])
        QTest.keyClicks(field._over, text[1:])
        QTest.keyClick(field._over, Qt.Key.Key_Return)
        assert field.date() == day, text
    assert "“nonsense” is not a date" in part(parts, QLabel, "deepsoilDateMessage").text()


def test_tab_takes_the_date_that_was_typed_over(open_dock, qtbot):
    field = open_dock().dock.request.dates._date
    field.setFocus()
    field.selectAll()  # as Ctrl+A: the cursor is in the day, from where Tab leads to the month as a rule
    QTest.keyClicks(field, "4")
    QTest.keyClicks(field._over, " Mar 2022")
    QTest.keyClick(field._over, Qt.Key.Key_Tab)
    assert field.date() == QDate(2022, 3, 4) and field._over.isHidden()


@pytest.mark.parametrize(("text", "day"), [
    ("15 Jul 2023", (2023, 7, 15)), ("July 15, 2023", (2023, 7, 15)), ("2023-7-5", (2023, 7, 5)),
    ("20230705", (2023, 7, 5)),
    ("31 Feb 2023", None), ("", None)])
def test_days_are_read_as_people_write_them(qgis_app, text, day):
    assert day_from(text) == (QDate(*day) if day else None)


def test_what_is_wrong_with_a_period():
    day = dt.date.fromisoformat
    first, last = day("2021-07-30"), day("2023-12-31")
    assert date_problem(day("2023-07-15"), day("2023-07-15"), first, last) == ("", None)
    assert date_problem(day("2021-07-29"), day("2021-08-15"), first, last)[1] == first
    assert date_problem(day("2023-12-01"), day("2024-01-01"), first, last)[1] == last
    assert date_problem(day("2023-12-02"), day("2023-12-01"), first, last)[0]


def test_another_area_can_be_undone_and_redone_with_its_name(open_dock, window):
    parts = open_dock()
    where = parts.dock.request.area
    choose_view(parts, window)
    first = where.area
    window.canvas.setExtent(QgsRectangle(-11_680_000, 4_925_000, -11_679_000, 4_926_500))
    part(parts, QToolButton, "deepsoilMapView").click()
    second = where.area
    assert second != first
    part(parts, QToolButton, "deepsoilAreaUndo").click()
    assert where.area == first
    part(parts, QToolButton, "deepsoilAreaRedo").click()
    assert where.area == second
    assert not part(parts, QToolButton, "deepsoilAreaRedo").isEnabled()


def test_selected_features_of_any_layer_are_an_area(open_dock, window, qtbot):
    parts = open_dock()
    layer = QgsVectorLayer("Polygon?crs=EPSG:32613&field=name:string(20)", "Fields", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttribute("name", "Creek field")
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(500_000, 4_475_000, 500_800, 4_475_800)))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    chosen = part(parts, QToolButton, "deepsoilSelectedFeatures")
    chosen.click()
    message = part(parts, QLabel, "deepsoilWhereMessage")
    assert "No polygon is selected" in message.text()
    layer.selectAll()
    chosen.click()
    qtbot.waitUntil(lambda: parts.dock.request.area.area is not None, timeout=5_000)
    assert part(parts, QLineEdit, "deepsoilFieldName").text() == "Creek field"
    assert part(parts, QLabel, "deepsoilArea").text().startswith("64.1 ha")
    assert message.text() == ""


def test_the_request_comes_back_with_the_project(open_dock, window, qtbot, tmp_path):
    parts = open_dock()
    choose_view(parts, window)
    parts.dock.request.dates._date.setDate(QDate(2023, 7, 15))
    part(parts, QCheckBox, "deepsoilUntil").setChecked(True)
    parts.dock.request.dates._until_date.setDate(QDate(2023, 7, 20))
    part(parts, QCheckBox, "deepsoilDepth5").setChecked(False)
    wanted = parts.dock.request.request()
    path = str(tmp_path / "p.qgz")
    QgsProject.instance().write(path)
    QgsProject.instance().clear()
    assert parts.dock.request.request().area is None
    QgsProject.instance().read(path)
    assert parts.dock.request.request() == wanted
    assert isinstance(wanted, MapRequest)
    assert not QgsProject.instance().isDirty(), "opening a project changed it"


def test_the_dock_fits_into_360_pixels_and_every_control_has_a_name(open_dock, window, qtbot):
    parts = open_dock()
    # The usual 9 points at 96 dots an inch, whatever the test's screen has.
    font = parts.dock.font()
    font.setPixelSize(12)
    parts.dock.setFont(font)
    qtbot.wait(100)
    form = parts.dock.findChild(QScrollArea, "deepsoilRequestScroll").widget()
    assert form.minimumSizeHint().width() <= 350
    controls = [widget for kind in (QToolButton, QPushButton, QLineEdit, QCheckBox, QComboBox)
                for widget in parts.dock.request.findChildren(kind)]
    own = [widget for widget in controls if not widget.objectName().startswith("qt_")]
    unnamed = [widget for widget in own if not widget.objectName() and not isinstance(widget.parent(), QLineEdit)]
    assert unnamed == []
    assert len({widget.objectName() for widget in own}) > 15


def test_a_synthetic_region_is_called_so(open_dock, window):
    parts = open_dock()
    assert part(parts, QLabel, "deepsoilRegion").text().endswith("synthetic")


def hydra(state, **more):
    return {"id": "hydra", "title": "Hydra", "address": "h", "scheduler": "slurm",
            "resources": {"partition": "gpu", "account": None, "gpus": 1, "minutes": 240},
            "connection": {"state": state, "message": "", "hint": "", "code": None} | more}


def choose_hydra(parts, qtbot):
    host = part(parts, QComboBox, "deepsoilHost")
    qtbot.waitUntil(lambda: host.findData("hydra") >= 0, timeout=10_000)
    host.setCurrentIndex(host.findData("hydra"))
    host.activated.emit(host.findData("hydra"))
    return host


def requests_of(path, method):
    return [line["params"] for line in map(json.loads, path.read_text().splitlines()) if line["method"] == method]


def test_a_host_is_asked_for_its_data_and_its_estimate_and_gets_the_job(open_dock, window, qtbot, tmp_path):
    parts = open_dock(log=tmp_path / "log", hosts=[hydra("ready")])
    choose_hydra(parts, qtbot)
    assert part(parts, QComboBox, "deepsoilHost").currentText() == "Hydra"
    choose_view(parts, window)
    qtbot.waitUntil(lambda: part(parts, QLabel, "deepsoilEstimate").text() == "about 4 seconds", timeout=10_000)
    for method in ("regions", "models", "estimate"):
        assert requests_of(tmp_path / "log", method)[-1]["host"] == "hydra"
    QTest.mouseClick(button(parts), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(requests_of(tmp_path / "log", "submit")), timeout=10_000)
    sent, = requests_of(tmp_path / "log", "submit")
    assert sent["host"] == "hydra"
    assert sent["specification"]["resources"] == {"scheduler": "slurm", "partition": "gpu", "gpus": 1, "minutes": 240}
    assert preferences.chosen_host() == "hydra"


def test_a_request_can_go_to_a_host_that_does_not_answer_and_that_is_said(open_dock, window, qtbot, tmp_path):
    parts = open_dock(log=tmp_path / "log", hosts=[hydra("waiting")])
    host = choose_hydra(parts, qtbot)
    assert "not reachable" in host.currentText()
    choose_view(parts, window)
    assert problem(parts) == "The job will be sent as soon as Hydra answers."
    assert button(parts).isEnabled()
    QTest.mouseClick(button(parts), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(requests_of(tmp_path / "log", "submit")), timeout=10_000)
    assert not any("host" in asked for asked in requests_of(tmp_path / "log", "estimate"))
    # Then it answers: what it has is asked for without a click.
    parts.client.call("event", {"event": "host", "host": hydra("ready")})
    qtbot.waitUntil(lambda: any("host" in asked for asked in requests_of(tmp_path / "log", "regions")), timeout=10_000)
    qtbot.waitUntil(lambda: problem(parts) == "", timeout=10_000)


def test_nothing_is_sent_to_a_host_that_refuses(open_dock, window, qtbot):
    parts = open_dock(hosts=[hydra("refused", message="The password was refused.", hint="Try again.")])
    choose_hydra(parts, qtbot)
    choose_view(parts, window)
    assert problem(parts) == "Hydra: The password was refused. Try again."
    assert not button(parts).isEnabled()


def test_an_open_station_panel_leaves_the_legend_its_height_at_1366_pixels(open_dock, window, qtbot):
    layers = QDockWidget("Layers", window.window)
    layers.setWidget(QTreeWidget())
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, layers)
    parts = open_dock(observations={"dates": [], "precipitation": [], "depths": {}})
    window.window.resize(1366, 768)
    qtbot.wait(50)
    before, dock_before = layers.height(), parts.dock.height()
    corner = window.window.corner(Qt.Corner.BottomLeftCorner)
    parts._station_picked("sample", {"id": "s1", "name": "Lower pasture, north of the creek", "network": "USCRN"})
    panel = parts.panels.open("station")
    qtbot.waitUntil(lambda: panel.isVisible() and panel.height() > 100, timeout=5_000)
    assert (layers.height(), parts.dock.height()) == (before, dock_before), "the legend is squeezed"
    assert window.window.width() == 1366, "the panel is too wide for the host under the map"
    assert layers.width() >= 150
    for wait in (False, True):
        if wait:
            panel._header.waiting(0.4, "5 cm: 40 % of the days")
        assert panel.minimumSizeHint().width() <= 1366 - 360 - 300, "it pushes the legend aside"
    panel.close()
    assert window.window.corner(Qt.Corner.BottomLeftCorner) == corner, "the user's own layout did not come back"
    panel.show()
    qtbot.wait(50)
    assert layers.height() == before


def test_the_main_job_with_the_real_engine(window, real_python, sample_region, random_models, qtbot, monkeypatch):
    """From the map view to two maps in the layer tree; then the same again with what is already there."""
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    window.window.show()
    parts = Components(window)
    parts.open_dock()
    qtbot.waitUntil(lambda: parts.client.is_ready, timeout=60_000)
    parts.dock.request.data.add_folder(str(sample_region))
    qtbot.waitUntil(lambda: parts.dock.request.data.known, timeout=60_000)
    footprint = parts.dock.request.data.region["footprint"]["coordinates"][0]
    longitude = sum(host[0] for host in footprint[:4]) / 4
    latitude = sum(host[1] for host in footprint[:4]) / 4
    to_map = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"),
                                    window.canvas.mapSettings().destinationCrs(), QgsProject.instance())
    centre = to_map.transform(QgsPointXY(longitude, latitude))
    window.canvas.setExtent(QgsRectangle.fromCenterAndSize(centre, 1500, 1000))
    part(parts, QToolButton, "deepsoilMapView").click()
    qtbot.waitUntil(lambda: "second" in part(parts, QLabel, "deepsoilEstimate").text(), timeout=60_000)
    assert button(parts).isEnabled(), problem(parts)
    QTest.mouseClick(button(parts), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(job["state"] in ("succeeded", "failed") for job in parts.session.model.jobs()),
                    timeout=120_000)
    job = parts.session.model.jobs()[0]
    assert job["state"] == "succeeded", job["reason"]
    qtbot.waitUntil(lambda: sum(isinstance(layer, QgsRasterLayer) for layer in
                                QgsProject.instance().mapLayers().values()) == 2, timeout=20_000)
    # The sample has no SMAP on its last day, which is the date that stands there: its soil is frozen.
    assert [item.text() for item in window.bar.items()] == [
        "Ready: Map view. 1 warning: see the list of jobs."], job["warnings"]
    parts.close()
