"""The list of jobs: fast with many, exact with few, and in plain words also of jobs on a cluster."""

from __future__ import annotations

import time

import pytest
from qgis.PyQt.QtGui import QFont, QFontMetrics
from qgis.PyQt.QtTest import QAbstractItemModelTester
from qgis.PyQt.QtWidgets import QAction, QLineEdit, QToolButton
from summaries import OUTPUT, away, summary

from deepsoil_plugin.dock.job_delegate import wrapped
from deepsoil_plugin.dock.job_list import JobList
from deepsoil_plugin.dock.job_windows import log_line
from deepsoil_plugin.jobs import details_text
from deepsoil_plugin.jobs import status_text as jobs_text
from deepsoil_plugin.jobs.actions import BRING, BRING_AND_SHOW, FOLDER, SHOW, first_action, possible
from deepsoil_plugin.jobs.filter import ORDERS, JobFilter
from deepsoil_plugin.jobs.table_model import RUNNING, JobModel, tell
from deepsoil_plugin.text import formatting

THERE = {**OUTPUT, "path": None}


def test_the_model_is_a_correct_model_and_knows_its_rows_after_any_change(qgis_app):
    model = JobModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace(summary(number) for number in range(5))
    model.put(summary(7, "running"))
    model.remove(summary(2)["id"])
    model.put(summary(4, "failed"))
    assert [job["name"] for job in model.jobs()] == ["Field 0", "Field 1", "Field 3", "Field 4", "Field 7"]
    for job in model.jobs():
        assert model.job(job["id"]) is job
    assert model.job(summary(4)["id"])["state"] == "failed"
    assert model.job(summary(2)["id"]) is None


def test_newest_first_and_every_word_of_the_filter_must_occur(qgis_app):
    model = JobModel()
    shown = JobFilter(model)
    model.replace([summary(3), summary(9, "failed", name="Creek field"), summary(5, "running")])
    names = lambda: [shown.index(row, 0).data() for row in range(shown.rowCount())]  # noqa: E731
    assert names() == ["Creek field", "Field 5", "Field 3"]
    shown.set_text("field JUL 2023")
    assert len(names()) == 3
    shown.set_text("creek failed")
    assert names() == ["Creek field"]
    shown.set_text("creek running")
    assert names() == []


def listed(shown):
    return [shown.index(row, 0).data() for row in range(shown.rowCount())]


@pytest.mark.parametrize("order", ORDERS)
def test_whatever_happens_the_list_is_as_if_it_were_made_anew(qgis_app, order):
    model = JobModel()
    shown = JobFilter(model)
    QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Fatal)
    shown.set_order(order)
    states = ("running", "failed", "queued", "succeeded", "cancelled")
    model.replace(summary(number, states[number % 5]) for number in range(20))
    shown.set_text("2023")
    for number in range(60):
        step = number * 7 % 23
        if number % 6 == 5:
            model.remove(summary(step)["id"])
        else:
            name = f"{'Oats' if number % 4 else 'Barley'} {number}"
            model.put((away if number % 3 else summary)(step, states[number % 5], name=name))
        if number == 30:
            shown.set_group(RUNNING)
        fresh = JobFilter(model)
        fresh.set_order(order)
        fresh.set_text("2023")
        fresh.set_group(RUNNING if number >= 30 else None)
        assert listed(shown) == listed(fresh), number
        assert model.count(RUNNING) == sum(job["state"] in ("running", "queued") for job in model.jobs())


def test_the_orders_and_the_quick_filters(qgis_app, qtbot):
    model = JobModel()
    model.replace([summary(1, name="Oats"), summary(2, "failed", name="Wheat"), away(3, name="barley"),
                   away(4, "queued", name="Maize", host_title="Argo", host="argo")])
    widget = JobList(model)
    qtbot.addWidget(widget)
    order = {name: widget.findChild(QAction, f"deepsoilJobsSort{name}Action") for name in ("State", "Name", "Host")}
    assert listed(widget._filter) == ["Maize", "barley", "Wheat", "Oats"]
    widget.choose(summary(1)["id"])
    for name, names in (("State", ["barley", "Maize", "Wheat", "Oats"]), ("Name", ["barley", "Maize", "Oats", "Wheat"]),
                        ("Host", ["Wheat", "Oats", "Maize", "barley"])):
        order[name].trigger()
        assert listed(widget._filter) == names
        assert widget.current == summary(1)["id"], "another job is chosen after another order"
    again = JobList(model)
    qtbot.addWidget(again)
    assert again._filter.order == "host", "the order is not remembered"
    quick = {name: widget.findChild(QToolButton, f"deepsoilJobs{name}") for name in ("All", "Running", "Failed")}
    assert [quick[name].text() for name in quick] == ["All", "2", "1"]
    quick["Failed"].click()
    assert listed(widget._filter) == ["Wheat"]
    widget.choose(summary(3)["id"])
    assert widget.current == summary(3)["id"], "a hidden job that is to be looked at stays hidden"
    assert quick["All"].isChecked()
    for text, names in (("hydra", ["barley"]), ("argo waiting", ["Maize"]), ("failed", ["Wheat"])):
        widget.findChild(QLineEdit, "deepsoilJobsFilter").setText(text)
        assert listed(widget._filter) == names


def test_a_thousand_jobs_are_put_into_words_once_and_a_change_touches_its_row_only(qgis_app, monkeypatch):
    told, looked_at, events = [], [], []
    monkeypatch.setattr("deepsoil_plugin.jobs.table_model.tell", lambda job: told.append(job["id"]) or tell(job))
    key = JobFilter._key
    monkeypatch.setattr(JobFilter, "_key", lambda self, job_id: looked_at.append(job_id) or key(self, job_id))
    model = JobModel()
    shown = JobFilter(model)
    jobs = [(away if number % 2 else summary)(number, "running" if number % 7 == 0 else "succeeded")
            for number in range(1_000)]
    times = {}
    begun = time.perf_counter()
    model.replace(jobs)
    times["list"] = time.perf_counter() - begun
    assert (len(told), len(looked_at)) == (1_000, 1_000)
    for name, wish in (("filter", lambda: shown.set_text("hydra field 9")), ("order", lambda: shown.set_order("name")),
                       ("group", lambda: shown.set_group(RUNNING)), ("all", lambda: shown.set_group(None))):
        looked_at.clear()
        begun = time.perf_counter()
        wish()
        times[name] = time.perf_counter() - begun
        assert len(looked_at) == 1_000, "each job is looked at once, whatever the order"
    assert len(told) == 1_000, "another filter or order put jobs into words again"
    shown.set_text("")
    for signal in (shown.dataChanged, shown.rowsInserted, shown.rowsRemoved, shown.rowsMoved, shown.modelReset,
                   shown.layoutChanged):
        signal.connect(lambda *what: events.append(what))
    told.clear()
    looked_at.clear()
    begun = time.perf_counter()
    for number in range(100):
        model.put({**jobs[0], "progress": number / 200})
    times["change"] = (time.perf_counter() - begun) / 100
    assert told == looked_at == [jobs[0]["id"]] * 100
    assert {(first.row(), last.row()) for first, last, _ in events} == {(shown.row_of(jobs[0]["id"]),) * 2}
    print("1,000 jobs:", ", ".join(f"{name} {1000 * seconds:.2f} ms" for name, seconds in times.items()))


class CountingModel(JobModel):
    """Counts what is asked of it: a measure of work that does not depend on the machine."""

    asked = 0

    def data(self, index, role=0):
        self.asked += 1
        return super().data(index, role)


def test_a_change_costs_the_same_with_five_hundred_jobs_as_with_fifty(qgis_app, qtbot):
    asked = {}
    for count in (50, 500):
        model = CountingModel()
        widget = JobList(model)
        qtbot.addWidget(widget)
        widget.resize(360, 400)
        widget.show()
        qtbot.waitExposed(widget)
        jobs = [summary(number, "running" if number % 7 == 0 else "failed" if number % 5 == 0 else "succeeded",
                        reason={"message": "No weather.", "hint": "Choose another day."} if number % 5 == 0 else None)
                for number in range(count)]
        model.replace(jobs)
        qtbot.wait(50)
        model.asked = 0
        model.put({**jobs[25], "progress": 0.77})
        qtbot.wait(50)
        asked[count] = model.asked
        model.asked = 0
        widget.findChild(QLineEdit, "deepsoilJobsFilter").setText("field 49")
        qtbot.wait(50)
        assert model.asked < 12 * count, "the filter asks more than a few times a job"
    assert asked[500] < asked[50] + 100, asked


@pytest.mark.parametrize(("job", "actions"), [
    (None, set()),
    (summary(0, "queued"), {"details", "log", "cancel"}),
    (summary(0, "running", outputs=[OUTPUT]), {"details", "log", "cancel", "show", "export", "fields"}),
    (summary(0, "succeeded", outputs=[OUTPUT]), {"details", "log", "show", "retry", "remove", "export", "fields"}),
    (summary(0, "failed"), {"details", "log", "retry", "remove"}),
    (summary(0, "queued", unsent=True), {"details", "retry", "remove"}),
    (away(0, "queued", knowledge="sending"), {"details", "cancel"}),
    (away(0, "running", knowledge="unreachable"), {"details", "log", "cancel"}),
    (away(0, "running", kind="train"), {"details", "log", "cancel", "curves"}),
    (away(0, "failed", outputs=[THERE]), {"details", "log", "show", "retry", "remove"}),
    (away(0, "succeeded", outputs=[THERE], retrieval={"state": "running"}),
     {"details", "log", "cancel", "retry", "remove"}),
])
def test_only_what_makes_sense_can_be_done(job, actions):
    assert possible(job) == actions


@pytest.mark.parametrize(("job", "action"), [
    (summary(0, outputs=[OUTPUT]), SHOW),
    (summary(0, kind="evaluate", outputs=[{**OUTPUT, "kind": "table"}]), FOLDER),
    (away(0, "succeeded", outputs=[THERE]), BRING_AND_SHOW),
    (away(0, "succeeded", outputs=[OUTPUT, THERE]), BRING_AND_SHOW),
    (away(0, "running", outputs=[OUTPUT, THERE]), SHOW),
    (away(0, "succeeded", outputs=[OUTPUT]), SHOW),
    (away(0, "succeeded", kind="train", outputs=[THERE]), BRING),
    (away(0, "succeeded"), ""),
])
def test_the_first_action_is_what_one_would_do_next(job, action):
    assert first_action(job) == action


TASKS = {"total": 19, "waiting": 3, "running": 9, "succeeded": 7, "failed": 0}


@pytest.mark.parametrize(("changes", "said"), [
    ({"state": "queued", "message": "Waiting behind 12 jobs"}, "Hydra: waiting behind 12 jobs"),
    ({"state": "queued", "scheduler": {"name": "slurm", "ids": ["71"], "waiting_for": "Waiting for a licence"}},
     "Hydra: waiting for a licence"),
    ({"tasks": TASKS, "seconds_left": 170}, "Hydra: running, 7 of 19 done · 40 % · 3 min left"),
    ({"tasks": {**TASKS, "failed": 2}, "message": "Running, 7 of 19 done"},
     "Hydra: running, 7 of 19 done, 2 failed · 40 %"),
    ({"tasks": TASKS, "message": "Cancelling"}, "Hydra: cancelling · 40 %"),
    ({"tasks": TASKS, "knowledge": "unreachable"},
     "Hydra: host not reachable; last known state: running, 7 of 19 done · 40 %"),
    ({"state": "queued", "knowledge": "sending", "message": "Waiting for the connection to Hydra"},
     "Hydra: not sent yet; waiting for the connection to Hydra"),
    ({"knowledge": "unknown", "message": "Slurm knows nothing of 3 of 19 tasks any more. Cancel the job."},
     "Hydra: Slurm knows nothing of 3 of 19 tasks any more. Cancel the job."),
    ({"state": "failed", "reason": {"message": "Out of memory.", "hint": "Ask for more."}, "knowledge": "unreachable"},
     "Hydra: Out of memory. Ask for more."),
    ({"state": "cancelled", "outputs": [THERE], "retrieval": {"state": "running", "bytes": 41, "total": 100}},
     "Hydra: downloading 100 B: 41 % · Cancelled. 1 finished result kept"),
])
def test_a_job_on_a_cluster_is_told_in_plain_words(qgis_app, changes, said):
    assert jobs_text.status_text(away(1, **changes)) == said


def test_what_is_still_on_the_cluster_is_said_and_details_name_its_numbers(qgis_app):
    job = away(1, "succeeded", outputs=[THERE], tasks=TASKS, scheduler={"name": "slurm", "ids": ["71", "72"],
                                                                         "waiting_for": None})
    assert jobs_text.status_text(job).startswith("Hydra: done; results not downloaded yet (10 B) · 15 Jul")
    text = details_text.details_text(job)
    for line in ("Where: Hydra", "Scheduler: slurm, jobs 71, 72",
                 "Tasks: 19 (3 waiting, 9 running, 7 done, 0 failed)", "not downloaded yet"):
        assert line in text


def test_a_job_is_told_in_plain_words(qgis_app):
    running = summary(0, "running", seconds_left=170, message="15 Jul 2023, 5 cm")
    assert jobs_text.status_text(running) == "40 % · 3 min left · 15 Jul 2023, 5 cm"
    failed = summary(0, "failed", reason={"message": "No weather for 2 May.", "hint": "Choose another day."})
    assert jobs_text.status_text(failed) == "No weather for 2 May. Choose another day."
    assert jobs_text.depths_text(running) == "5 · 20 cm"
    assert jobs_text.period_of(running) == "15 Jul 2023"
    assert formatting.area_text(64.2) == "64.2 ha · 158.6 ac"
    assert formatting.duration_text(4.2) == "about 4 seconds"
    assert formatting.duration_text(150) == "about 2 minutes"
    assert "No weather for 2 May." in details_text.details_text(failed)
    compared = summary(0, "succeeded", kind="evaluate", ended="2023-11-21T14:05:00Z")
    assert jobs_text.status_text(compared).startswith("Compared with stations · 2")
    assert "T14:05" not in details_text.details_text(compared), "people read local time"
    assert log_line('{"time": "2023-07-15T10:00:00Z", "level": "warning", "message": "x"}').endswith("WARNING: x")
    assert log_line("not json") == "not json"


def test_a_long_reason_ends_with_a_whole_line(qgis_app):
    font, reason = QFont(), "The job's process ended unexpectedly and was not started again. " * 6
    lines = wrapped(reason, font, 250, 3)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert all(QFontMetrics(font).horizontalAdvance(line) <= 250 for line in lines)
    assert " ".join(lines)[:40] == reason[:40]
    assert wrapped("No weather.", font, 250, 3) == ["No weather."]
