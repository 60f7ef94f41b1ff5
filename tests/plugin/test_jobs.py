"""The list of jobs and the session: fast with many, exact with few, and nothing sent is ever lost."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QFont, QFontMetrics
from qgis.PyQt.QtTest import QAbstractItemModelTester
from qgis.PyQt.QtWidgets import QPlainTextEdit, QWidget

from deepsoil_plugin.dock import words
from deepsoil_plugin.dock.job_delegate import wrapped
from deepsoil_plugin.dock.job_list import JobList, possible
from deepsoil_plugin.dock.job_model import JobFilter, JobModel
from deepsoil_plugin.dock.job_windows import LogWindow, log_line
from deepsoil_plugin.dock.messages import Messages
from deepsoil_plugin.dock.request import Request
from deepsoil_plugin.dock.session import Session
from deepsoil_plugin.project import ProjectMemory

AREA = {"type": "Polygon", "coordinates": [[[-105, 40.4], [-104.99, 40.4], [-104.99, 40.41], [-105, 40.4]]]}
REQUEST = Request("North quarter", AREA, "2023-07-15")


def summary(number=0, state="succeeded", **more):
    job_id = f"{number:032x}"
    return {"id": job_id, "kind": "predict", "name": f"Field {number}", "state": state, "reason": None, "message": "",
            "progress": 1.0 if state == "succeeded" else 0.4, "seconds_left": None, "place": "here", "folder": "",
            "created": f"2023-07-{1 + number % 28:02d}T10:{number % 60:02d}:00.000Z", "started": None,
            "ended": "2023-07-15T10:00:00Z", "outputs": [],
            "specification": {"id": job_id, "kind": "predict", "name": f"Field {number}", "area": AREA,
                              "dates": {"start": "2023-07-15", "end": "2023-07-15"}, "depths_cm": [5, 20]}, **more}


OUTPUT = {"path": "/nowhere/a.tif", "name": "a.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-15", "size": 10}


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
        widget._search.setText("field 49")
        qtbot.wait(50)
        assert model.asked < 12 * count, "the filter asks more than a few times a job"
    assert asked[500] < asked[50] + 100, asked


@pytest.mark.parametrize(("job", "actions"), [
    (None, set()),
    (summary(0, "queued"), {"details", "log", "cancel"}),
    (summary(0, "running", outputs=[OUTPUT]), {"details", "log", "cancel", "show"}),
    (summary(0, "succeeded", outputs=[OUTPUT]), {"details", "log", "show", "retry", "remove"}),
    (summary(0, "failed"), {"details", "log", "retry", "remove"}),
    (summary(0, "queued", unsent=True), {"details", "retry", "remove"}),
])
def test_only_what_makes_sense_can_be_done(job, actions):
    assert possible(job) == actions


def test_a_job_is_told_in_plain_words(qgis_app):
    running = summary(0, "running", seconds_left=170, message="15 Jul 2023, 5 cm")
    assert words.status_words(running) == "40 % · 3 min left · 15 Jul 2023, 5 cm"
    failed = summary(0, "failed", reason={"message": "No weather for 2 May.", "hint": "Choose another day."})
    assert words.status_words(failed) == "No weather for 2 May. Choose another day."
    assert words.depths_words(running) == "5 · 20 cm"
    assert words.period_of(running) == "15 Jul 2023"
    assert words.area_words(64.2) == "64.2 ha · 158.6 ac"
    assert words.duration_words(4.2) == "about 4 seconds"
    assert words.duration_words(150) == "about 2 minutes"
    assert "No weather for 2 May." in words.details_text(failed)
    compared = summary(0, "succeeded", kind="evaluate", ended="2023-11-21T14:05:00Z")
    assert words.status_words(compared).startswith("Compared with stations · 2")
    assert "T14:05" not in words.details_text(compared), "people read local time"
    assert log_line('{"time": "2023-07-15T10:00:00Z", "level": "warning", "message": "x"}').endswith("WARNING: x")
    assert log_line("not json") == "not json"


def test_a_long_reason_ends_with_a_whole_line(qgis_app):
    font, reason = QFont(), "The job's process ended unexpectedly and was not started again. " * 6
    lines = wrapped(reason, font, 250, 3)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert all(QFontMetrics(font).horizontalAdvance(line) <= 250 for line in lines)
    assert " ".join(lines)[:40] == reason[:40]
    assert wrapped("No weather.", font, 250, 3) == ["No weather."]


class Results:
    def __init__(self):
        self.shown, self.removed = [], []

    def show(self, job, zoom=False):
        self.shown.append((job["id"], len(job["outputs"]), zoom))

    def remove(self, job_id):
        self.removed.append(job_id)


@pytest.fixture
def open_session(window, qtbot):
    made = []

    def make(client):
        memory = ProjectMemory()
        session = Session(client, memory, Results(), Messages(window))
        session.memory, session.results = memory, session._results
        session.words = []
        session.sent.connect(session.words.append)
        made.append(session)
        return session

    yield make
    for session in made:
        session.memory.close()


def requests_of(path, method):
    return [line["params"] for line in map(json.loads, path.read_text().splitlines()) if line["method"] == method]


def kept_jobs():
    return json.loads(QgsProject.instance().readEntry("DeepSoil", "jobs", "{}")[0])


def messages(window):
    return [item.text() for item in window.bar.items()]


def test_a_request_is_kept_with_the_project_before_it_is_sent(open_session, fake_engine, qtbot, tmp_path):
    log = tmp_path / "requests"
    client = fake_engine(log=str(log), results={"list": []})
    session = open_session(client)
    QgsProject.instance().setDirty(False)
    job_id = session.submit(REQUEST)
    assert not client.is_ready
    assert kept_jobs()[job_id]["accepted"] is False
    assert QgsProject.instance().isDirty()
    assert session.model.job(job_id)["state"] == "queued"
    qtbot.waitUntil(lambda: session.model.job(job_id)["state"] == "running", timeout=10_000)
    sent = requests_of(log, "submit")
    assert [document["specification"]["id"] for document in sent] == [job_id]
    assert sent[0]["specification"]["area"] == AREA
    assert kept_jobs()[job_id]["accepted"] is True


def test_a_job_whose_fate_is_unknown_is_sent_again_with_the_same_id(open_session, fake_engine, qtbot, tmp_path,
                                                                    monkeypatch):
    log = tmp_path / "requests"
    client = fake_engine(log=str(log), die_on="submit", results={"list": []})
    session = open_session(client)
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    # The engine that is started after the crash answers.
    monkeypatch.setenv("DEEPSOIL_FAKE", json.dumps({"log": str(log), "results": {"list": []}}))
    job_id = session.submit(REQUEST)
    qtbot.waitUntil(lambda: kept_jobs()[job_id]["accepted"], timeout=20_000)
    sent = [document["specification"]["id"] for document in requests_of(log, "submit")]
    assert sent == [job_id, job_id]
    assert [job["id"] for job in session.model.jobs()] == [job_id]
    assert any("ended unexpectedly" in text for text in session.words)


def test_a_refused_request_leaves_no_job_and_says_what_to_do(open_session, fake_engine, qtbot):
    client = fake_engine(refuse={"code": "area_outside", "message": "The area lies outside.", "hint": "Move it.",
                                 "field": "area"}, results={"list": []})
    session = open_session(client)
    session.submit(REQUEST)
    qtbot.waitUntil(lambda: bool(session.words), timeout=10_000)
    assert session.words == ["The area lies outside. Move it."]
    assert session.model.jobs() == []
    assert kept_jobs() == {}


def test_maps_come_as_they_are_finished_and_the_end_is_said_once(open_session, fake_engine, qtbot, window):
    client = fake_engine(results={"list": []})
    session = open_session(client)
    job_id = session.submit(REQUEST)
    qtbot.waitUntil(lambda: kept_jobs()[job_id]["accepted"], timeout=10_000)
    base = {**session.model.job(job_id)}
    second = {**OUTPUT, "name": "b.tif", "path": "/nowhere/b.tif", "depth_cm": 20}
    for job in ({**base, "outputs": [OUTPUT]}, {**base, "outputs": [OUTPUT], "progress": 0.7},
                {**base, "state": "succeeded", "outputs": [OUTPUT, second], "ended": "2023-07-15T10:00:09Z"},
                {**base, "state": "succeeded", "outputs": [OUTPUT, second], "ended": "2023-07-15T10:00:09Z"}):
        client.call("event", {"event": "job", "job": job})
    qtbot.waitUntil(lambda: session.model.job(job_id)["state"] == "succeeded", timeout=10_000)
    qtbot.wait(100)
    assert session.results.shown == [(job_id, 1, False), (job_id, 2, False)]
    assert messages(window) == ["North quarter is ready."]
    assert kept_jobs()[job_id]["loaded"] is True


def test_a_job_that_ended_while_qgis_was_closed_is_loaded_and_said_once_also_after_the_next_start(
        open_session, fake_engine, qtbot, window):
    mine = summary(1, outputs=[OUTPUT])
    other = summary(2, outputs=[OUTPUT])
    memory = ProjectMemory()
    memory.keep(mine["id"], mine["specification"], accepted=True)
    memory.close()
    for start in (1, 2):
        client = fake_engine(results={"list": [mine, other]})
        session = open_session(client)
        with qtbot.waitSignal(client.ready, timeout=10_000):
            client.start()
        qtbot.waitUntil(lambda session=session: len(session.model.jobs()) == 2, timeout=10_000)
        qtbot.wait(50)
        assert session.results.shown == ([(mine["id"], 1, False)] if start == 1 else [])
        assert messages(window) == ["Field 1 is ready."], "said twice, or of a stranger's job"
        session.close()
        client.stop()
    session.show_on_map(other["id"])
    assert session.results.shown == [(other["id"], 1, True)]


def test_a_request_that_never_arrived_is_listed_and_can_be_sent_or_removed(open_session, fake_engine, qtbot, tmp_path):
    log = tmp_path / "requests"
    specification = REQUEST.specification("c" * 32)
    memory = ProjectMemory()
    memory.keep("c" * 32, specification)
    memory.close()
    client = fake_engine(log=str(log), results={"list": []})
    session = open_session(client)
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    qtbot.waitUntil(lambda: bool(session.model.jobs()), timeout=10_000)
    assert "never sent" in session.model.jobs()[0]["message"]
    assert requests_of(log, "submit") == [], "sent without being asked"
    session.retry("c" * 32)
    qtbot.waitUntil(lambda: kept_jobs()["c" * 32]["accepted"], timeout=10_000)
    assert len(requests_of(log, "submit")) == 1


def test_removing_takes_the_layers_away_first_and_forgets_the_job(open_session, fake_engine, qtbot):
    job = summary(1, outputs=[OUTPUT])
    client = fake_engine(results={"list": [job]})
    session = open_session(client)
    session.memory.keep(job["id"], job["specification"], accepted=True)
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    qtbot.waitUntil(lambda: bool(session.model.jobs()), timeout=10_000)
    session.remove(job["id"])
    assert session.results.removed == [job["id"]]
    qtbot.waitUntil(lambda: session.model.jobs() == [], timeout=10_000)
    assert kept_jobs() == {}


def test_the_log_window_shows_the_log_and_can_be_copied(fake_engine, qtbot, qgis_app):
    lines = "".join(json.dumps({"time": "2023-07-15T10:00:00Z", "level": "info", "message": f"Step {n}"}) + "\n"
                    for n in range(3))
    client = fake_engine(results={"logs": {"text": lines, "next_offset": len(lines), "more": False}})
    model = JobModel()
    model.put(summary(1))
    parent = QWidget()
    qtbot.addWidget(parent)
    log = LogWindow(client, model, summary(1)["id"], parent)
    log.show()
    assert not log.isModal()
    text = log.findChild(QPlainTextEdit)
    qtbot.waitUntil(lambda: "Step 2" in text.toPlainText(), timeout=10_000)
    assert text.isReadOnly()
    assert text.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    log.close()
