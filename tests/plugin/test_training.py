"""Training and models: a wish becomes a job, its curves are drawn as they grow, its models are brought here."""

from __future__ import annotations

import json

import numpy as np
import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTextBrowser,
    QTreeWidget,
)
from summaries import away, summary

from deepsoil_plugin.components import Components
from deepsoil_plugin.contract import LOCAL
from deepsoil_plugin.jobs import training_request
from deepsoil_plugin.jobs.table_model import JobModel
from deepsoil_plugin.jobs.training_request import TrainingRequest, TrainingRow
from deepsoil_plugin.training.curves import TRAINING_LOSS, VALIDATION_MAE, run_from
from deepsoil_plugin.training.curves_window import CurvesWindow
from deepsoil_plugin.training.rows_table import RowsModel


def configuration(name, depth_cm=20, **more):
    return {"name": name, "title": f"Root zone {name}", "depth_cm": depth_cm, "seed": 3,
            "weather": {"root": "/data/weather", "series": [{"name": "fort_peck"}]},
            "network": {"kind": "light_unet"}, "supervision": None,
            "split": {"kind": "blocked", "block_days": 30, "folds": 5},
            "schedule": {"epochs": 12, "steps_per_epoch": 60}} | more


STATIONS = {"region": "/data/kings", "simulated_share": 0.2, "start": None}
LISTED = [{"id": name, "path": f"/c/{name}.yaml", "document": document, "problem": None} for name, document in (
    ("columns-20cm", configuration("columns-20cm")),
    ("deepsoil-20cm", configuration("deepsoil-20cm", supervision=STATIONS)),
    ("deepsoil-5cm", configuration("deepsoil-5cm", 5)))]
REGIONS = [{"id": f"r{number}", "path": f"/regions/{number}", "name": f"Region {number}", "stations": 4,
            "footprint": None, "first_date": None, "last_date": None, "synthetic": False, "problem": None}
           for number in range(1, 20)]
SLURM = {"partition": "gpu", "account": "soil", "gpus": 2, "minutes": 240, "tasks": 19, "processes": 1}


def hydra(state="ready"):
    return {"id": "hydra", "title": "Hydra", "address": "h", "scheduler": "slurm", "resources": SLURM,
            "connection": {"state": state, "message": "", "hint": "", "code": None}}


def requests_of(path, method):
    return [line["params"] for line in map(json.loads, path.read_text().splitlines()) if line["method"] == method]


def test_rows_for_regions_and_seeds_have_names_of_their_own():
    template = TrainingRow("north", 3, 12, "/own")
    assert training_request.rows_for(template, [], 1) == (template,)
    assert [(row.name, row.seed) for row in training_request.rows_for(template, [], 2)] == [("north-seed-3", 3),
                                                                               ("north-seed-4", 4)]
    rows = training_request.rows_for(template, [("Kings Creek", "/a"), ("Kings  creek", "/b")], 2)
    assert [row.name for row in rows] == ["north-kings-creek-seed-3", "north-kings-creek-seed-4",
                                          "north-kings-creek-seed-3-2", "north-kings-creek-seed-4-2"]
    assert [row.region for row in rows] == ["/a", "/a", "/b", "/b"]


def test_a_wish_changes_only_what_was_wished_for():
    base = configuration("deepsoil-20cm", supervision=STATIONS)
    wanted = TrainingRequest(base, "North", "/there/weather", "", (TrainingRow("north", 7, 2, "/there/kings"),))
    document, = wanted.specification("a" * 32, None)["options"]["configurations"]
    assert document == {**base, "name": "north", "seed": 7,
                        "weather": {**base["weather"], "root": "/there/weather"},
                        "supervision": {**STATIONS, "region": "/there/kings"},
                        "schedule": {"epochs": 2, "steps_per_epoch": 60}}
    assert base["name"] == "deepsoil-20cm" and base["supervision"] is STATIONS, "the original was changed"
    assert "resources" not in wanted.specification("a" * 32, None)


def test_what_has_yet_to_be_put_right_is_said_before_the_engine_is_asked(qgis_app):
    base = configuration("x")
    assert "start from" in training_request.problem_of(None)
    assert "Add at least one training" in training_request.problem_of(TrainingRequest(base, "x"))
    twice = TrainingRequest(base, "x", rows=(TrainingRow("a"), TrainingRow("a")))
    assert "“a” is in the table twice" in training_request.problem_of(twice)
    assert "needs a name" in training_request.problem_of(TrainingRequest(base, "x", rows=(TrainingRow(" "),)))
    assert training_request.problem_of(TrainingRequest(base, "x", rows=(TrainingRow("a"),))) == ""
    text = training_request.description(base)
    assert "steps per epoch: 60" in text and "Fort Peck" in text


def test_the_table_of_trainings_can_be_edited(qgis_app):
    rows = RowsModel()
    rows.put([TrainingRow("a", 1, 12)])
    rows.add(TrainingRow("unused"))
    assert rows.rows == (TrainingRow("a", 1, 12), TrainingRow("a-2", 2, 12))
    assert rows.setData(rows.index(1, 0), "b") and rows.setData(rows.index(1, 3), 0)
    assert rows.rows[1] == TrainingRow("b", 2, 1), "no training has 0 epochs"
    rows.remove([0])
    assert [row.name for row in rows.rows] == ["b"]


@pytest.fixture
def open_parts(window, fake_engine, qtbot, monkeypatch, tmp_path):
    made = []

    def make(silent=(), **results):
        usual = {"list": [], "regions": REGIONS, "models": [], "estimate": {"problems": [], "seconds": 7200},
                 "hosts": [hydra()], "configurations": LISTED}
        client = fake_engine(results=usual | results, silent=list(silent), log=str(tmp_path / "log"))
        monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(client._python))
        window.window.show()
        parts = Components(window)
        made.append(parts)
        parts.client.start()
        qtbot.waitUntil(lambda: parts.client.is_ready and parts.hosts.host("hydra") is not None, timeout=20_000)
        return parts

    yield make
    for parts in made:
        parts.close()


def dialog_of(parts, qtbot):
    parts.show_training()
    dialog = parts._windows["training"]
    go = dialog.findChild(QPushButton, "deepsoilTrain")
    qtbot.waitUntil(lambda: dialog.form.configuration.document is not None and go.isEnabled(), timeout=10_000)
    return dialog, go


def test_one_model_for_each_region_is_sent_as_one_job_to_the_cluster_and_watched_in_the_list(
        open_parts, qtbot, tmp_path):
    parts = open_parts()
    dialog, go = dialog_of(parts, qtbot)
    assert dialog.form.configuration.document["name"] == "deepsoil-20cm", "not the configuration of the shipped model"
    dialog.form.host.choose("hydra")
    region = dialog.findChild(QComboBox, "deepsoilTrainRegion")
    qtbot.waitUntil(lambda: region.count() > 20, timeout=10_000)
    name = dialog.findChild(QLineEdit, "deepsoilTrainName")
    name.setText("Nineteen regions")
    name.textEdited.emit("Nineteen regions")
    region.setCurrentIndex(region.count() - 1)
    region.activated.emit(region.count() - 1)
    dialog.findChild(QSpinBox, "deepsoilTrainEpochs").setValue(2)
    assert dialog.form.rows.rowCount() == 19
    qtbot.waitUntil(lambda: go.text() == "Train 19 models" and dialog._estimate is not None, timeout=10_000)
    assert requests_of(tmp_path / "log", "configurations")[-1] == {"host": "hydra"}
    assert requests_of(tmp_path / "log", "estimate")[-1]["host"] == "hydra"
    go.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=10_000)
    sent, = requests_of(tmp_path / "log", "submit")
    assert sent["host"] == "hydra"
    specification = sent["specification"]
    assert specification["resources"] == {**SLURM, "processes": 2, "scheduler": "slurm"}
    configurations = specification["options"]["configurations"]
    assert [one["supervision"]["region"] for one in configurations] == [one["path"] for one in REGIONS]
    assert {one["schedule"]["epochs"] for one in configurations} == {2}
    assert configurations[0]["name"] == "nineteen-regions-region-1"
    assert parts.dock.jobs.current == specification["id"]


def test_what_the_engine_says_against_a_training_stands_beside_the_button(open_parts, qtbot):
    problem = {"code": "weather_missing", "message": "There is no folder /data/weather.", "hint": "Give another.",
               "field": "options.configurations.0.weather.root"}
    parts = open_parts(estimate={"problems": [problem]})
    parts.show_training()
    dialog = parts._windows["training"]
    line = dialog.findChild(QLabel, "deepsoilTrainProblem")
    qtbot.waitUntil(lambda: line.text() == "There is no folder /data/weather. Give another.", timeout=10_000)
    assert not dialog.findChild(QPushButton, "deepsoilTrain").isEnabled()


def test_a_configuration_file_of_this_computer_can_be_the_start(open_parts, qtbot, tmp_path):
    mine = {"id": "mine", "path": "/m/mine.yaml", "document": configuration("mine", 5), "problem": None}
    parts = open_parts(read_configuration=mine)
    dialog, _ = dialog_of(parts, qtbot)
    dialog.form.configuration.add_file("/m/mine.yaml")
    qtbot.waitUntil(lambda: (dialog.form.configuration.document or {}).get("name") == "mine", timeout=10_000)
    assert dialog.findChild(QComboBox, "deepsoilTrainDepth").currentData() == 5
    assert dialog.findChild(QComboBox, "deepsoilTrainRegion").isHidden(), "it learns from no stations"
    assert [row.name for row in dialog.form.rows.rows] == [training_request.slug(mine["document"]["title"])]


def rows(epochs, level=1.0):
    return [{"epoch": epoch, "total": level / (epoch + 1), "validation_mae": 0.02 * level / (epoch + 1), "patch": 16}
            for epoch in range(epochs)]


def test_an_epoch_that_was_computed_again_counts_once():
    run = run_from(0, "a", [*rows(3), {"epoch": 2, "total": 9.0, "validation_mae": 0.5}, {"broken": 1}])
    epochs, loss = run.series(TRAINING_LOSS)
    assert epochs.tolist() == [1, 2, 3] and loss.tolist() == [1.0, 0.5, 9.0]
    assert run.best(VALIDATION_MAE) == (2, 0.01)
    assert run_from(1, "b", []).best(VALIDATION_MAE) is None


def test_the_curves_grow_while_it_trains_and_any_runs_can_be_seen_together(fake_engine, qtbot, qgis_app, tmp_path,
                                                                           monkeypatch):
    log = tmp_path / "log"

    def answer(epochs):
        return json.dumps({"curves": [{"task": task, "title": f"region-{task}", "rows": rows(epochs, 1 + task)}
                                      for task in range(3)]})

    monkeypatch.setattr("deepsoil_plugin.training.curves_window._FOLLOW_MS", 50)
    answers = tmp_path / "answers.json"
    answers.write_text(answer(2))
    client = fake_engine(log=str(log), files={"curves": str(answers)})
    model = JobModel()
    wanted = [configuration(f"region-{task}", schedule={"epochs": 8}) for task in range(3)]
    job = away(1, "running", kind="train", specification={"options": {"configurations": wanted}})
    model.put(job)
    curves = CurvesWindow(client, model, job["id"])
    qtbot.addWidget(curves)
    curves.show()
    names = curves.findChild(QTreeWidget, "deepsoilCurvesRuns")
    qtbot.waitUntil(lambda: names.topLevelItemCount() == 3, timeout=10_000)
    assert names.topLevelItem(0).text(1) == "2/8"
    names.topLevelItem(1).setCheckState(0, Qt.CheckState.Unchecked)
    assert [run.name for run in curves.shown()] == ["region-0", "region-2"]
    assert [item[1].text for item in curves._plot.legend.items] == ["region-0", "region-2"]
    answers.write_text(answer(5))
    qtbot.waitUntil(lambda: names.topLevelItem(0).text(1) == "5/8", timeout=10_000)
    assert names.topLevelItem(1).checkState(0) == Qt.CheckState.Unchecked, "a tick was lost"
    drawn = curves._plot._maes[1].getData()
    assert np.allclose(drawn[1], [0.06 / (epoch + 1) for epoch in range(5)])
    model.put({**job, "state": "succeeded"})
    qtbot.wait(2000)
    asked = len(requests_of(log, "curves"))
    qtbot.wait(300)
    assert len(requests_of(log, "curves")) == asked, "asked for ever"


MODEL = {"id": "north", "depth_cm": 20, "title": "North", "version": "1.0", "default": True, "channels": [],
         "card": "# North\nTrained on **four** stations.", "problem": None, "sha256": "ab", "size": 10,
         "metrics": [{"name": "MAE", "value": 0.008, "unit": "m3/m3", "reference": "", "split": "",
                      "baseline": "persistence 7 d", "baseline_value": 0.031}]}


def test_a_model_of_the_cluster_is_read_about_and_brought_here(open_parts, qtbot, tmp_path):
    parts = open_parts(models=[MODEL], fetch_model={"id": "north"})
    parts.show_models("hydra")
    window = parts._windows["models"]
    names = window.findChild(QTreeWidget, "deepsoilModels")
    qtbot.waitUntil(lambda: names.topLevelItemCount() == 2, timeout=10_000)
    here, there = (names.topLevelItem(number) for number in range(2))
    assert [here.text(3), there.text(3)] == ["This computer", "Hydra"]
    assert "default" in here.text(0) and "default" not in there.text(0)
    assert here.text(4) == "0.008 in simulation only"
    assert "At stations: not known" in window.findChild(QLabel, "deepsoilModelsScores").text()
    assert names.currentItem() is there
    assert "four stations" in window.findChild(QTextBrowser, "deepsoilModelsCard").toPlainText()
    bring = window.findChild(QPushButton, "deepsoilModelsBring")
    assert not bring.isEnabled(), "the same file is here"
    parts._windows["models"]._models._models[LOCAL] = []
    parts._windows["models"]._models.changed.emit()
    assert bring.isEnabled()
    bring.click()
    said = window.findChild(QLabel, "deepsoilModelsProblem")
    qtbot.waitUntil(lambda: "north has been downloaded" in said.text(), timeout=10_000)
    assert requests_of(tmp_path / "log", "fetch_model") == [{"host": "hydra", "model": "north"}]


def test_a_model_that_comes_shows_how_much_has_come_and_can_be_cancelled(open_parts, qtbot, tmp_path):
    parts = open_parts(models=[MODEL], silent=["fetch_model"])
    parts.show_models("hydra")
    window = parts._windows["models"]
    names = window.findChild(QTreeWidget, "deepsoilModels")
    qtbot.waitUntil(lambda: names.topLevelItemCount() == 2, timeout=10_000)
    window._models._models[LOCAL] = []
    window._models.changed.emit()
    bar, stop = window.findChild(QProgressBar, "deepsoilModelsProgress"), window.findChild(
        QPushButton, "deepsoilModelsStop")
    assert bar.isHidden() and stop.isHidden()
    window.findChild(QPushButton, "deepsoilModelsBring").click()
    assert not bar.isHidden() and not stop.isHidden() and bar.value() == 0
    parts.client.call("event", {"event": "model_fetch", "host": "hydra", "model": "north", "bytes": 45, "total": 100,
                                "fraction": 0.45})
    qtbot.waitUntil(lambda: bar.value() == 45, timeout=10_000)
    parts.client.call("event", {"event": "model_fetch", "host": "hydra", "model": "south", "bytes": 9, "total": 10,
                                "fraction": 0.9})
    stop.click()
    qtbot.waitUntil(lambda: bar.isHidden() and stop.isHidden(), timeout=10_000)
    assert requests_of(tmp_path / "log", "cancel_fetch_model") == [{"host": "hydra", "model": "north"}]
    assert not window.findChild(QLabel, "deepsoilModelsProblem").text(), "what the user wanted is no problem"
    assert window.findChild(QPushButton, "deepsoilModelsBring").isEnabled()


def test_a_finished_training_offers_its_models(open_parts, qtbot, window):
    job = summary(1, kind="train", host="hydra", host_title="Hydra", outputs=[])
    parts = open_parts(list=[job])
    parts.memory.keep(job["id"], job["specification"], accepted=True, host="hydra")
    parts.client.call("event", {"event": "job", "job": job})
    qtbot.waitUntil(lambda: bool(window.bar.items()), timeout=10_000)
    assert window.bar.items()[0].text() == "Training of Field 1 on Hydra is finished."
    window.bar.items()[0].findChild(QPushButton, "deepsoilMessageButton").click()
    assert parts._windows["models"].isVisible()


def tiny(root):
    """A whole training that takes seconds, over a year and a half of made-up weather in ``root``."""
    rng, dates = np.random.default_rng(4), np.arange("2001-01-01", "2002-07-01", dtype="datetime64[D]")
    season = np.cos(2 * np.pi * np.arange(len(dates)) / 365.25)
    columns = np.column_stack([rng.gamma(0.2, 12, len(dates)), 10 - 12 * season, 3 - 2.5 * season, 1 - 0.8 * season])
    lines = [f"{day},{','.join(f'{value:.4f}' for value in row)}" for day, row in zip(dates, columns, strict=True)]
    (root / "plain.csv").write_text("date,p,t,e,d\n" + "\n".join(lines) + "\n")
    return {"name": "tiny", "title": "Tiny", "version": "0", "depth_cm": 20,
            "weather": {"root": str(root), "series": [{"name": "plain", "file": "plain.csv", "date": "date",
                                                       "precipitation": "p", "temperature": ["t"], "pet": "e",
                                                       "vpd": "d"}]},
            "simulation": {"period": ["2001-01-01", "2002-06-30"], "years": 1, "runs_per_series": 1,
                           "lattice_step": 50, "unseen_textures": 2, "spinup_days": 10},
            "network": {"kind": "light_unet", "width": 2},
            "schedule": {"epochs": 9, "steps_per_epoch": 2, "learning_rate": 0.01,
                         "stages": [{"share": 1, "patch": 16, "batch": 4}]},
            "scoring": {"batches": 1, "pixel_network_steps": 1}}


def test_two_seeds_are_trained_by_the_real_engine_from_the_dialog_to_the_list_of_models(
        window, real_python, qtbot, monkeypatch, tmp_path, own_home):
    pytest.importorskip("pyqtgraph")
    monkeypatch.setenv("DEEPSOIL_ENGINE_PYTHON", str(real_python))
    (own_home / "configurations").mkdir()
    # JSON is YAML.
    (own_home / "configurations" / "tiny.yaml").write_text(json.dumps(tiny(tmp_path)))
    window.window.show()
    parts = Components(window)
    parts.show_training()
    dialog = parts._windows["training"]
    start, go = (dialog.findChild(kind, name) for kind, name in ((QComboBox, "deepsoilTrainStart"),
                                                                (QPushButton, "deepsoilTrain")))
    qtbot.waitUntil(lambda: start.findText("Tiny (tiny)") >= 0, timeout=120_000)
    start.setCurrentIndex(start.findText("Tiny (tiny)"))
    start.activated.emit(start.currentIndex())
    dialog.findChild(QSpinBox, "deepsoilTrainSeeds").setValue(2)
    dialog.findChild(QSpinBox, "deepsoilTrainEpochs").setValue(2)
    dialog.findChild(QLineEdit, "deepsoilTrainWeather").setText("/nowhere")
    dialog.findChild(QLineEdit, "deepsoilTrainWeather").textEdited.emit("/nowhere")
    line = dialog.findChild(QLabel, "deepsoilTrainProblem")
    qtbot.waitUntil(lambda: "plain.csv is not in /nowhere" in line.text(), timeout=60_000)
    dialog.findChild(QLineEdit, "deepsoilTrainWeather").setText(str(tmp_path))
    dialog.findChild(QLineEdit, "deepsoilTrainWeather").textEdited.emit(str(tmp_path))
    qtbot.waitUntil(lambda: go.isEnabled() and dialog._estimate is not None, timeout=60_000)
    go.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=60_000)
    job_id = parts.dock.jobs.current
    parts.show_curves(job_id)
    curves = parts.dock.findChild(CurvesWindow)
    qtbot.waitUntil(lambda: parts.session.model.job(job_id)["state"] in ("succeeded", "failed"), timeout=500_000)
    job = parts.session.model.job(job_id)
    assert job["state"] == "succeeded", job["reason"]
    qtbot.waitUntil(lambda: [run.done for run in curves._runs] == [2, 2], timeout=60_000)
    assert [run.name for run in curves._runs] == ["tiny-seed-0", "tiny-seed-1"]
    assert all(run.last(TRAINING_LOSS) > 0 and run.best(VALIDATION_MAE) for run in curves._runs)
    parts.show_models()
    names = parts._windows["models"].findChild(QTreeWidget, "deepsoilModels")
    qtbot.waitUntil(lambda: {"tiny-seed-0", "tiny-seed-1"} <= {
        names.topLevelItem(row).toolTip(0) for row in range(names.topLevelItemCount())}, timeout=120_000)
    curves.close()
    parts.close()
