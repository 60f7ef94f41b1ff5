"""The form of a training, its table and the window of its curves: what each field changes, and what stays."""

from __future__ import annotations

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QSpinBox, QTreeWidget
from summaries import away
from training_parts import Client, host

from deepsoil_plugin.hosts.model import HostsModel
from deepsoil_plugin.jobs.table_model import JobModel
from deepsoil_plugin.jobs.training_request import TrainingRow, problem_of
from deepsoil_plugin.training import curves_window
from deepsoil_plugin.training.curves import VALIDATION_MAE, run_from, runs_from
from deepsoil_plugin.training.curves_window import CurvesWindow
from deepsoil_plugin.training.form import TrainingForm
from deepsoil_plugin.training.rows_table import RowsModel


def configuration(name, depth_cm=20, **more):
    return {"name": name, "title": f"Title {name}", "depth_cm": depth_cm, "seed": 3,
            "weather": {"root": "/weather", "series": [{"name": "fort_peck"}, {"name": "kings"}]},
            "network": {"kind": "light_unet"}, "supervision": None, "schedule": {"epochs": 12, "steps_per_epoch": 60},
            "split": {"kind": "blocked", "block_days": 30, "folds": 5}} | more


STATIONS = {"region": "/own", "simulated_share": 0.25, "start": "/earlier"}


def entry(name, *, problem=None, **more):
    document = None if problem else configuration(name, **more)
    return {"id": name, "path": f"/c/{name}.yaml", "document": document, "problem": problem}


LISTED = [entry("columns"), entry("deepsoil-20cm", supervision=STATIONS), entry("deepsoil-5cm", depth_cm=5),
          entry("bad", problem={"code": "x", "message": "Line 3 is wrong.", "hint": ""})]
REGIONS = [{"path": f"/r/{name}", "name": f"Region {name}", "stations": stations, "problem": problem}
           for name, stations, problem in (("a", 4, None), ("b", 1, None), ("none", 0, None),
                                           ("gone", 3, {"code": "x"}))]


@pytest.fixture
def form(qgis_app, qtbot):
    client = Client(hosts=[host("hydra"), host("argos", "unreachable")], configurations=LISTED,
                    regions=lambda params: REGIONS if not params else REGIONS[:1])
    made = TrainingForm(client, HostsModel(client))
    qtbot.addWidget(made)
    made.client = client
    made.show()
    made.ask_host()
    return made


def field(form, kind, name):
    return form.findChild(kind, f"deepsoilTrain{name}")


def write(form, name, text):
    line = field(form, QLineEdit, name)
    line.setText(text)
    line.textEdited.emit(text)


def choose(form, name, text):
    combo = field(form, QComboBox, name)
    index = combo.findText(text)
    assert index >= 0, [combo.itemText(number) for number in range(combo.count())]
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def texts(form, name):
    combo = field(form, QComboBox, name)
    return [combo.itemText(number) for number in range(combo.count())]


def test_it_starts_from_the_configuration_of_the_shipped_model_of_the_root_zone(form):
    assert field(form, QComboBox, "Depth").currentData() == 20
    assert texts(form, "Start") == ["Title columns (columns)", "Title deepsoil-20cm (deepsoil-20cm)"]
    assert form.configuration.document["name"] == "deepsoil-20cm"
    assert [field(form, QLineEdit, name).text() for name in ("Name", "Weather", "Weights")] == [
        "Title deepsoil-20cm", "/weather", "/earlier"]
    assert field(form, QSpinBox, "Epochs").value() == 12 and field(form, QSpinBox, "Seeds").value() == 1
    assert form.rows.rows == (TrainingRow("title-deepsoil-20cm", 3, 12, "/own"),)
    words = field(form, QLabel, "Words").text()
    assert "75 % of the steps" in words and "Fort Peck, Kings" in words and "30 days" in words
    assert field(form, QLabel, "StartProblem").text() == "Line 3 is wrong."
    assert field(form, QComboBox, "Start").toolTip() == "/c/deepsoil-20cm.yaml"


def test_regions_with_stations_are_offered_beside_the_own_one_and_all_together(form):
    assert texts(form, "Region") == ["Region a", "Region b", "/own", "", "All regions: one model each (2)"]
    choose(form, "Region", "Region b")
    assert [row.region for row in form.rows.rows] == ["/r/b"]
    choose(form, "Region", "All regions: one model each (2)")
    assert [(row.region, row.name) for row in form.rows.rows] == [
        ("/r/a", "title-deepsoil-20cm-region-a"), ("/r/b", "title-deepsoil-20cm-region-b")]
    form.ask_host()
    assert len(form.rows.rows) == 2, "the choice is lost when the host is asked again"
    model = form.rows
    assert model.data(model.index(0, 1)) == "Region a"


def test_what_is_written_is_in_the_request_and_the_table_follows(form):
    write(form, "Name", "My Field")
    write(form, "Weather", " /other ")
    write(form, "Weights", "/start ")
    field(form, QSpinBox, "Epochs").setValue(7)
    field(form, QSpinBox, "Seeds").setValue(2)
    request = form.request()
    assert (request.name, request.weather, request.start) == ("My Field", "/other", "/start")
    assert request.rows == (TrainingRow("my-field-seed-3", 3, 7, "/own"), TrainingRow("my-field-seed-4", 4, 7, "/own"))
    form.add_button.click()
    assert form.rows.rows[2] == TrainingRow("my-field-seed-4-2", 5, 7, "/own")
    form.table.selectRow(1)
    assert form.table.selected() == [1]
    form.remove_button.click()
    assert [row.seed for row in form.rows.rows] == [3, 5] and problem_of(form.request()) == ""


def test_a_configuration_without_stations_hides_their_fields(form):
    choose(form, "Start", "Title columns (columns)")
    for kind, name in ((QComboBox, "Region"), (QLineEdit, "Weights")):
        assert not field(form, kind, name).isVisible()
        assert not form._form.labelForField(field(form, kind, name)).isVisible()
    assert [(row.name, row.seed, row.epochs) for row in form.rows.rows] == [("title-columns", 3, 12)]
    assert form.rows.data(form.rows.index(0, 1)) == "none" and form.request().start == ""
    assert not form.rows.flags(form.rows.index(0, 1)) & Qt.ItemFlag.ItemIsEnabled
    choose(form, "Start", "Title deepsoil-20cm (deepsoil-20cm)")
    assert field(form, QComboBox, "Region").isVisible()
    assert form.rows.flags(form.rows.index(0, 1)) & Qt.ItemFlag.ItemIsEditable


def test_another_depth_shows_its_configurations_and_what_was_written_stays_over_the_same_one(form):
    write(form, "Name", "Mine")
    form.ask_host()
    assert field(form, QLineEdit, "Name").text() == "Mine", "the same list has come again"
    depth = field(form, QComboBox, "Depth")
    depth.setCurrentIndex(depth.findData(5))
    depth.activated.emit(depth.currentIndex())
    assert texts(form, "Start") == ["Title deepsoil-5cm (deepsoil-5cm)"]
    assert field(form, QLineEdit, "Name").text() == "Title deepsoil-5cm"


def test_a_file_becomes_the_start_once_and_a_wrong_one_says_so(form):
    form.client.answers["read_configuration"] = entry("mine", depth_cm=5)
    form.configuration.add_file("/c/mine.yaml")
    form.configuration.add_file("/c/mine.yaml")
    assert form.client.of("read_configuration")[-1] == {"path": "/c/mine.yaml"}
    assert texts(form, "Start") == ["Title deepsoil-5cm (deepsoil-5cm)", "Title mine (mine)"]
    assert form.configuration.document["name"] == "mine" and field(form, QComboBox, "Depth").currentData() == 5
    form.client.answers["read_configuration"] = LISTED[-1]
    form.configuration.add_file("/c/bad.yaml")
    assert field(form, QLabel, "StartProblem").text() == "Line 3 is wrong."
    assert form.configuration.document["name"] == "mine"


def test_the_host_is_asked_for_what_it_has_and_an_unreachable_one_is_not(form):
    form.client.asked.clear()
    form.host.choose("hydra")
    assert form.client.of("configurations") == [{"host": "hydra"}] and form.client.of("regions") == [{"host": "hydra"}]
    assert texts(form, "Region") == ["Region a", "/own"], "one region needs no 'all'"
    form.client.asked.clear()
    form.host.choose("argos")
    assert {} in form.client.of("configurations") and {"host": "argos"} not in form.client.of("configurations")
    assert form.client.of("regions") == [] and texts(form, "Region") == ["/own"]


def test_a_host_without_configurations_is_trained_with_those_of_this_computer(form):
    form.client.answers["configurations"] = lambda params: [] if params else LISTED
    form.client.asked.clear()
    form.host.choose("hydra")
    assert form.client.of("configurations") == [{"host": "hydra"}, {}]
    assert form.configuration.document["name"] == "deepsoil-20cm"


def test_a_late_answer_of_another_host_changes_nothing(form):
    del form.client.answers["regions"], form.client.answers["configurations"]
    form.host.choose("hydra")
    late = list(form.client.waiting)
    form.host.choose("argos")
    for on_result, _ in late:
        on_result([])
    assert form.configuration.document["name"] == "deepsoil-20cm"
    assert texts(form, "Region") == ["/own"]


# ---- the table ----

def test_a_cell_takes_what_a_training_can_have(qgis_app):
    model = RowsModel()
    model.put([TrainingRow("a", 1, 12, "/r/a")])
    for column, value, becomes in ((2, -5, 0), (2, 2**40, 2**31 - 1), (3, -5, 1), (3, 2**40, 2**31 - 1), (3, 2, 2),
                                   (2, 0, 0), (0, " b ", "b"), (1, " /x ", "/x")):
        assert model.setData(model.index(0, column), value)
        assert model.data(model.index(0, column), int(Qt.ItemDataRole.EditRole)) == becomes
    assert not model.setData(model.index(0, 0), "c", int(Qt.ItemDataRole.DisplayRole))
    model.set_regions({"/x": "Field x"})
    assert model.data(model.index(0, 1)) == "Field x"
    assert model.data(model.index(0, 1), int(Qt.ItemDataRole.EditRole)) == "/x"
    assert model.data(model.index(0, 1), int(Qt.ItemDataRole.ToolTipRole)) == "/x"
    assert model.data(model.index(0, 1), int(Qt.ItemDataRole.DecorationRole)) is None
    assert model.data(model.index(9, 9)) is None
    assert (model.rowCount(), model.columnCount(), model.rowCount(model.index(0, 0)),
            model.columnCount(model.index(0, 0))) == (1, 4, 0, 0)
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(4)]
    assert titles == ["Name", "Stations of region", "Seed", "Epochs"]
    assert model.headerData(0, Qt.Orientation.Vertical) == 1
    assert model.headerData(0, Qt.Orientation.Vertical, int(Qt.ItemDataRole.ToolTipRole)) is None


# ---- the curves ----

def rows(epochs, level=1.0):
    return [{"epoch": epoch, "total": level / (epoch + 1), "validation_mae": 0.02 * level / (epoch + 1)}
            for epoch in range(epochs)]


def test_values_that_are_missing_are_left_out_and_epochs_are_counted_from_one():
    run = run_from(0, "a", [{"epoch": 2, "validation_mae": 0.5}, {"epoch": 0, "total": 1.0, "validation_mae": 0.4},
                            {"epoch": 1, "total": 2.0, "validation_mae": "lost"}], 7)
    assert run.done == 3 and run.epochs == 7 and run.last("total") == 2.0 and run.last("other") is None
    epochs, values = run.series(VALIDATION_MAE)
    assert epochs.tolist() == [1, 3] and values.tolist() == [0.4, 0.5] and run.best(VALIDATION_MAE) == (1, 0.4)
    wanted = {"options": {"configurations": [{"schedule": {}}, {"schedule": {"epochs": 5}}, None]}}
    found = runs_from([{"task": 1, "title": "b", "rows": None}, {"task": 0, "title": "a", "rows": rows(1)}], wanted)
    assert [(one.task, one.name, one.epochs, one.done) for one in found] == [(1, "b", 5, 0), (0, "a", 0, 1)]
    assert [one.epochs for one in runs_from([{"task": 0, "title": "a"}], None)] == [0]


@pytest.fixture
def curves(qgis_app, qtbot, monkeypatch):
    monkeypatch.setattr(curves_window, "_FOLLOW_MS", 20)

    def make(count, state="running", epochs=3):
        client = Client(curves=[{"task": task, "title": f"run {task}", "rows": rows(epochs, 1 + task)}
                                for task in range(count)])
        model = JobModel()
        wanted = [{"schedule": {"epochs": 8}}] * count
        job = away(1, state, kind="train", specification={"options": {"configurations": wanted}})
        model.put(job)
        window = CurvesWindow(client, model, job["id"])
        qtbot.addWidget(window)
        window.show()
        return window, client

    return make


def test_a_line_tells_the_epoch_the_loss_and_the_best_error(curves):
    window, _ = curves(2)
    names = window.findChild(QTreeWidget)
    line = names.topLevelItem(1)
    assert [line.text(column) for column in range(4)] == ["run 1", "3/8", "0.667", "0.0133"]
    assert line.toolTip(3) == "m³/m³, after epoch 3" and not line.icon(0).isNull()
    assert [item[1].text for item in window._plot.legend.items] == ["run 0", "run 1"]
    left, right = window._plot.loss.getViewBox().viewRange()[0]
    assert (left, right) == (0.5, 8.5)


def test_of_many_runs_the_first_are_ticked_and_a_legend_of_many_is_none(curves):
    window, _ = curves(21)
    assert [run.task for run in window.shown()] == list(range(19)) and window._plot.legend.items == []
    window.findChild(QPushButton, "deepsoilCurvesAll").click()
    assert len(window.shown()) == 21
    names = window.findChild(QTreeWidget)
    for number in (2, 20):
        names.topLevelItem(number).setSelected(True)
    window.findChild(QPushButton, "deepsoilCurvesSelected").click()
    assert [run.task for run in window.shown()] == [2, 20]
    plot = window._plot
    assert [len(curve.getData()[0]) if curve.getData()[0] is not None else 0 for curve in plot._maes][:3] == [3, 3, 0]
    names.clearSelection()
    names.topLevelItem(20).setSelected(True)
    pens = [curve.opts["pen"] for curve in plot._maes[:2]]
    assert pens[0].color().alphaF() < 0.5 and pens[1].color().alphaF() == 1.0
    assert pens[1].widthF() > pens[0].widthF() and plot._maes[1].zValue() > plot._maes[0].zValue()


def test_a_single_epoch_is_a_dot(curves):
    window, _ = curves(1, epochs=1)
    assert window._plot._losses[0].opts["symbol"] == "o" and window._plot.legend.items == []
    window, _ = curves(1, epochs=2)
    assert window._plot._losses[0].opts["symbol"] is None


def test_an_engine_that_does_not_answer_is_asked_again_and_a_job_that_has_ended_is_not(curves, qtbot):
    window, client = curves(1, "succeeded")
    qtbot.wait(100)
    assert len(client.of("curves")) == 1
    window, client = curves(1)
    answer, client.answers["curves"] = client.answers["curves"], OSError()
    said = window.findChild(QLabel, "deepsoilCurvesProblem")
    qtbot.waitUntil(lambda: said.text() == "It is gone. Wait.", timeout=10_000)
    client.answers["curves"] = answer
    qtbot.waitUntil(lambda: not said.text(), timeout=10_000)
