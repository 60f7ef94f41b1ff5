"""What the plugin asks for and offers, as data: requests, actions, curves, trainings, the order of the list."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from summaries import AREA, OUTPUT, away, summary

from deepsoil_plugin.contract import MOST_CONFIGURATIONS, SCHEMA
from deepsoil_plugin.jobs import actions, training_request
from deepsoil_plugin.jobs.filter import HOST, NAME, NEWEST, ORDERS, STATE, JobFilter
from deepsoil_plugin.jobs.map_request import MapRequest, new_id
from deepsoil_plugin.jobs.table_model import ENDED, FAILED, RUNNING, JobModel, tell
from deepsoil_plugin.jobs.training_request import TrainingRequest, TrainingRow
from deepsoil_plugin.training import curves

pytestmark = pytest.mark.usefixtures("english")

# ---- what can be done with a job

THERE = {"name": "b.tif", "size": 5, "kind": "map"}

WITH_MAPS = ("export", "fields")


@pytest.mark.parametrize(("job", "first", "text", "possible"), [
    (None, "", "Show on map", set()), (summary(), "", "Show on map", {"details", "log", "remove", "retry"}),
    (summary(outputs=[OUTPUT]), "show", "Show on map", {"details", "log", "remove", "retry", "show", *WITH_MAPS}),
    (summary(state="running", outputs=[OUTPUT]), "show", "Show on map",
     {"details", "log", "cancel", "show", *WITH_MAPS}),
    (away(state="succeeded", outputs=[OUTPUT, THERE]), "bring_and_show", "Download and show",
     {"details", "log", "remove", "retry", "show", *WITH_MAPS}),
    (away(outputs=[OUTPUT, THERE]), "show", "Show on map", {"details", "log", "cancel", "show", *WITH_MAPS}),
    (away(outputs=[THERE]), "bring_and_show", "Download and show finished maps", {"details", "log", "cancel", "show"}),
    (away(state="succeeded", outputs=[THERE], retrieval={"state": "running"}), "", "Show on map",
     {"details", "log", "remove", "retry", "cancel"}),
    (summary(kind="train", outputs=[OUTPUT]), "folder", "Open folder",
     {"details", "log", "remove", "retry", "show", "curves"}),
    (away(kind="train", state="failed", outputs=[THERE]), "bring", "Download results",
     {"details", "log", "remove", "retry", "show", "curves"}),
    (summary(kind="train", state="queued"), "", "Show on map", {"details", "log", "cancel"}),
    (summary(specification=None), "", "Show on map", {"details", "log", "remove"}),
    (away(knowledge="sending", state="queued"), "", "Show on map", {"details", "cancel"}),
    (summary(state="queued", unsent=True), "", "Show on map", {"details", "retry", "remove"})])
def test_what_makes_sense_for_a_job(job: Any, first: str, text: str, possible: set[str]) -> None:
    assert actions.first_action(job) == first and actions.first_action_text(job) == text
    assert actions.possible(job) == possible <= set(actions.ACTIONS)


@pytest.mark.parametrize(("job", "text"), [
    (None, "Try again"), (summary(state="failed"), "Try again"), (summary(state="succeeded", outputs=[OUTPUT]),
                                                                  "Try again"),
    (summary(kind="train", state="cancelled", outputs=[OUTPUT]), "Try again"),
    (summary(state="cancelled", outputs=[OUTPUT], specification={"options": {"method": "column"}}), "Continue"),
    (summary(state="cancelled", outputs=[OUTPUT, THERE]), "Continue"),
    (away(state="failed", outputs=[THERE]), "Continue")])
def test_what_trying_again_is_called_where_maps_are_there_already(job: Any, text: str) -> None:
    assert actions.again_text(job) == text
    assert actions.goes_on(job) == (text == "Continue")
    if job is not None and len(job["outputs"]) == 2:
        assert actions.again_tip(job).endswith("2 finished maps stay")


# ---- the request of a map

def test_a_request_becomes_the_specification_of_the_contract() -> None:
    request = MapRequest("  North  ", AREA, "2023-07-15", None, (20,), {"5": "a", "20": "b"})
    found = request.specification("f" * 32)
    assert found == {"schema": SCHEMA, "id": "f" * 32, "kind": "predict", "name": "North", "area": AREA,
                     "dates": {"start": "2023-07-15", "end": "2023-07-15"}, "depths_cm": [20], "models": {"20": "b"},
                     "output": {"crs": "utm", "resolution_m": 30}, "options": {}}
    more = MapRequest(" ", AREA, "2023-07-15", "2023-07-20", region="sample", resources={"cpus": 2})
    found = more.specification("f" * 32, 3)
    assert (found["name"], found["dates"]["end"], found["region"], found["resources"], found["options"]) == (
        "Field", "2023-07-20", "sample", {"cpus": 2}, {"threads": 3})
    assert len(MapRequest("x" * 300).specification("a")["name"]) == 200
    assert len({new_id() for _ in range(50)}) == 50 and len(new_id()) == 32


def test_a_request_in_a_project_comes_back_and_what_is_damaged_is_as_if_never_chosen() -> None:
    request = MapRequest("North", AREA, "2023-07-15", "2023-07-20", (20,), {"20": "b"}, "sample", "hydra", {"cpus": 2})
    document = request.to_dict()
    assert "host" not in document and "resources" not in document
    back = MapRequest.from_dict(document)
    assert (back.name, back.area, back.start, back.end, back.depths_cm, back.models, back.region, back.host) == (
        "North", AREA, "2023-07-15", "2023-07-20", (20,), {"20": "b"}, "sample", "local")
    for change, field, expected in (
            ({"name": 7}, "name", ""), ({"area": {"type": "Point"}}, "area", None), ({"region": 5}, "region", None),
            ({"start": "soon"}, "start", ""), ({"end": "2023-07-14"}, "end", None), ({"end": "x"}, "end", None),
            ({"end": "2023-07-15"}, "end", "2023-07-15"), ({"depths_cm": [20, 5, 7]}, "depths_cm", (5, 20)),
            ({"depths_cm": "20"}, "depths_cm", (5, 20)), ({"models": []}, "models", {})):
        assert getattr(MapRequest.from_dict({**document, **change}), field) == expected
    assert MapRequest.from_dict([]) == MapRequest()


# ---- curves

def test_curves_have_their_epochs_from_one_and_gaps() -> None:
    rows = [{"epoch": 2, "total": 0.3, "seconds": 4}, {"epoch": 0, "total": 0.9, "validation_mae": 0.05},
            {"epoch": 1, "total": None, "note": "x"}, {"epoch": 0, "total": 0.8, "validation_mae": 0.04}, {"odd": 1}]
    run = curves.run_from(3, "a", rows, 10)
    assert (run.task, run.name, run.epochs, run.done) == (3, "a", 10, 3)
    epochs, values = run.series("total")
    assert epochs.tolist() == [1, 3] and values.tolist() == [0.8, 0.3], "of an epoch the last row counts"
    assert run.best("total") == (3, 0.3) and run.last("total") == 0.3 and run.best("validation_mae") == (1, 0.04)
    assert run.series("note")[0].size == 0 and run.last("note") is None and run.best("nothing") is None
    assert curves.Run(0, "b").done == 0 and np.isnan(run.columns["validation_mae"][1])
    tie = curves.run_from(0, "t", [{"epoch": n, "total": v} for n, v in enumerate((3.0, 1.0, 1.0, 2.0))])
    assert tie.best("total") == (2, 1.0)
    answer = [{"task": 1, "title": "b", "rows": rows}, {"task": 0, "title": "a"}]
    wanted = {"options": {"configurations": [{"schedule": {"epochs": 7}}, {"schedule": {"epochs": 9}}, "/path"]}}
    found = curves.runs_from(answer, wanted)
    assert [(one.task, one.epochs, one.done) for one in found] == [(1, 9, 3), (0, 7, 0)]
    assert [one.epochs for one in curves.runs_from(answer, None)] == [0, 0]


# ---- trainings

BASE = {"name": "base", "seed": 3, "schedule": {"epochs": 40, "steps_per_epoch": 5},
        "weather": {"root": "/w", "series": [{"name": "fort_peck"}]}, "network": {"kind": "light_unet"},
        "split": {"kind": "blocked", "block_days": 30, "folds": 5},
        "supervision": {"region": "/r", "start": "x", "simulated_share": 0.25}}


def test_each_row_is_a_configuration_of_its_own() -> None:
    rows = (TrainingRow("a", 1, 10, "/other"), TrainingRow("b", 2, 20))
    request = TrainingRequest(BASE, " ", "/weather", "start", rows)
    before = copy.deepcopy(BASE)
    found = request.specification("f" * 32, {"gpus": 1})
    a, b = found["options"]["configurations"]
    assert before == BASE and (found["kind"], found["name"], found["resources"]) == ("train", "Training", {"gpus": 1})
    assert (a["name"], a["seed"], a["schedule"]["epochs"], a["weather"]["root"]) == ("a", 1, 10, "/weather")
    assert (a["supervision"]["region"], a["supervision"]["start"]) == ("/other", "start")
    assert b["supervision"]["region"] == "/r"
    assert TrainingRequest(BASE, "x").document(rows[0])["supervision"]["start"] is None
    assert TrainingRequest(BASE, "x").document(rows[0])["weather"]["root"] == "/w"
    assert training_request.base_row(BASE) == TrainingRow("base", 3, 40, "/r")
    assert training_request.base_row({**BASE, "supervision": None}).region == ""


def test_rows_are_made_for_regions_and_seeds_with_names_of_their_own() -> None:
    template = TrainingRow("t", 5, 10, "/own")
    assert training_request.rows_for(template, [], 1) == (template,)
    found = training_request.rows_for(template, [("North Field!", "/n"), ("North field", "/m")], 2)
    assert [(row.name, row.seed, row.region) for row in found] == [
        ("t-north-field-seed-5", 5, "/n"), ("t-north-field-seed-6", 6, "/n"), ("t-north-field-seed-5-2", 5, "/m"),
        ("t-north-field-seed-6-2", 6, "/m")]
    assert len(training_request.rows_for(template, [], 0)) == 1
    same = training_request.unique([TrainingRow("a"), TrainingRow("a"), TrainingRow("a-2"), TrainingRow("a")])
    assert [row.name for row in same] == ["a", "a-2", "a-2-2", "a-3"] and training_request.slug("--Ä b__c ") == "b-c"


def test_what_is_missing_of_a_training_is_told() -> None:
    def of(*names: str) -> str:
        return training_request.problem_of(TrainingRequest(BASE, "x", rows=tuple(map(TrainingRow, names))))

    assert "Choose a configuration" in training_request.problem_of(None) and "at least one" in of()
    assert of("a", "b") == "" and "needs a name" in of("a", " ") and "twice" in of("a", "b", "a")
    many = [str(number) for number in range(MOST_CONFIGURATIONS + 1)]
    assert of(*many[:-1]) == "" and str(MOST_CONFIGURATIONS) in of(*many)
    text = training_request.description(BASE)
    for words in ("the light network", "Epochs: 40", "steps per epoch: 5", "Fort Peck", "75 % of the steps",
                  "blocks of 30 days"):
        assert words in text
    others = {**BASE, "split": {**BASE["split"], "kind": "leave_station_out"}, "supervision": None}
    assert "one in 5 stations" in training_request.description(others)
    assert "%" not in training_request.description(others)


# ---- the list

def jobs() -> list[dict[str, Any]]:
    return [summary(1, "succeeded", name="b"), summary(2, "failed", name="A"), away(3, "running", name="c"),
            summary(4, "queued", name="a"), summary(5, "cancelled", name="B", host="local")]


@pytest.mark.parametrize(("order", "names"), [
    (NEWEST, "BacAb"), (STATE, "caABb"), (NAME, "aABbc"), (HOST, "BaAbc")])
def test_jobs_are_listed_in_their_order_the_newest_first(qgis_app: object, order: str, names: str) -> None:
    model = JobModel()
    model.replace(jobs())
    shown = JobFilter(model)
    shown.set_order(order)
    assert "".join(shown.job_at(row)["name"] for row in range(shown.rowCount())) == names and order in ORDERS
    for row in range(5):
        job_id = shown.id_at(row)
        assert shown.row_of(job_id) == row
        source = shown.mapToSource(shown.index(row, 0))
        assert model.id_at(source.row()) == job_id and shown.mapFromSource(source).row() == row


def test_every_word_must_occur_and_groups_and_counts_follow(qgis_app: object) -> None:
    model = JobModel()
    model.replace(jobs())
    shown = JobFilter(model)
    assert [model.count(group) for group in (RUNNING, FAILED, ENDED)] == [2, 1, 2]
    shown.set_text("hydra RUNNING")
    assert shown.rowCount() == 1 and shown.id_at(0) == f"{3:032x}" and shown.row_of(f"{1:032x}") == -1
    shown.set_text("hydra failed")
    assert shown.rowCount() == 0
    shown.set_text("")
    shown.set_group(ENDED)
    assert {shown.job_at(row)["state"] for row in range(shown.rowCount())} == {"succeeded", "cancelled"}
    model.put(summary(4, "succeeded", name="a"))
    assert shown.rowCount() == 3 and [model.count(group) for group in (RUNNING, FAILED, ENDED)] == [1, 1, 3]
    model.remove(f"{1:032x}")
    assert shown.rowCount() == 2 and model.count(ENDED) == 2 and model.row_of(f"{5:032x}") == 3
    assert [model.id_at(row) for row in range(4)] == [f"{number:032x}" for number in (2, 3, 4, 5)]
    model.put(summary(9, "failed", name="z"))
    assert model.row_of(f"{9:032x}") == 4 and shown.rowCount() == 2


def test_what_is_said_of_a_job() -> None:
    told = tell(away(3, "running", name="North", kind="predict"))
    assert told.cells == ("North", "15 Jul 2023 · forecast", "5 · 20 cm", "running", "Hydra", "Hydra: running · 40 %")
    assert "predict" in told.search and told.search == told.search.lower() and told.group == RUNNING
    assert told.created == pytest.approx(1_688_464_980.0) and tell({"created": "x"}).created == 0.0
