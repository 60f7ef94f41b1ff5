"""Sessions: nothing sent is ever lost, results come in as they are there, and an end is said once."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QPlainTextEdit, QWidget
from summaries import AREA, OUTPUT, summary

from deepsoil_plugin.dock.job_windows import DetailsWindow, LogWindow
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.project_state import ProjectMemory
from deepsoil_plugin.jobs.session import Session
from deepsoil_plugin.jobs.table_model import JobModel
from deepsoil_plugin.widgets.message_bar import Messages

REQUEST = MapRequest("North quarter", AREA, "2023-07-15")


class Results:
    def __init__(self):
        self.shown, self.removed, self.noted = [], [], []

    def show(self, job, zoom=False):
        self.shown.append((job["id"], len(job["outputs"]), zoom))

    def note(self, job):
        self.noted.append(job["id"])

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
        session.sent.connect(lambda problem, _: session.words.append(problem))
        made.append(session)
        return session

    yield make
    for session in made:
        session.memory.close()


def requests_of(path, method):
    return [line["params"] for line in map(json.loads, path.read_text().splitlines()) if line["method"] == method]


def kept_jobs():
    return json.loads(QgsProject.instance().readEntry("DeepSoil", "jobs", "{}")[0]).get("jobs", {})


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
    assert any("stopped unexpectedly" in text for text in session.words)


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
    assert messages(window) == ["Ready: North quarter."]
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
        assert messages(window) == ["Ready: Field 1."], "said twice, or of a stranger's job"
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
    assert "Not sent" in session.model.jobs()[0]["message"]
    assert requests_of(log, "submit") == [], "sent without being asked"
    asked = []
    session.consentWanted.connect(asked.append)
    session.retry("c" * 32)
    assert asked == ["c" * 32], "it came with the project: what it does is shown first"
    session.send_kept("c" * 32, session.kept("c" * 32))
    qtbot.waitUntil(lambda: kept_jobs()["c" * 32]["accepted"], timeout=10_000)
    assert len(requests_of(log, "submit")) == 1


HYDRA = {"host": "hydra", "host_title": "Hydra", "knowledge": "current"}
THERE = {**OUTPUT, "path": None}


def test_a_job_for_a_cluster_is_sent_there_with_its_resources_and_kept_with_its_host(
        open_session, fake_engine, qtbot, tmp_path):
    log = tmp_path / "requests"
    session = open_session(fake_engine(log=str(log), results={"list": []}))
    resources = {"scheduler": "slurm", "partition": "gpu", "minutes": 240}
    job_id = session.submit(replace(REQUEST, host="hydra", resources=resources))
    assert session.model.job(job_id)["away"] is True
    qtbot.waitUntil(lambda: kept_jobs()[job_id]["accepted"], timeout=10_000)
    sent, = requests_of(log, "submit")
    assert sent["host"] == "hydra"
    assert sent["specification"]["resources"] == resources
    assert "threads" not in sent["specification"]["options"]
    assert kept_jobs()[job_id]["host"] == "hydra"


def start_with(session, client, qtbot, count=1):
    with qtbot.waitSignal(client.ready, timeout=10_000):
        client.start()
    qtbot.waitUntil(lambda: len(session.model.jobs()) == count, timeout=10_000)
    qtbot.wait(50)


def test_results_of_a_cluster_are_said_once_also_after_a_restart_and_load_when_they_are_here(
        open_session, fake_engine, qtbot, window, tmp_path):
    log = tmp_path / "requests"
    coming = summary(1, outputs=[THERE], retrieval={"state": "running", "bytes": 4, "total": 10}, **HYDRA)
    memory = ProjectMemory()
    memory.keep(coming["id"], coming["specification"], accepted=True, host="hydra")
    memory.close()
    client = fake_engine(log=str(log), results={"list": [coming]})
    session = open_session(client)
    start_with(session, client, qtbot)
    assert requests_of(log, "retrieve") == [], "the engine decides what comes by itself"
    assert messages(window) == [], "what comes by itself is ready when it is here"
    assert "downloading 10 B: 40 %" in session.model.index(0, 5).data()
    assert session.results.shown == []
    assert kept_jobs()[coming["id"]]["loaded"] is False
    session.close()
    client.stop()
    # QGIS is started again in the middle of it; then the file is here.
    client = fake_engine(log=str(log), results={"list": [coming]})
    session = open_session(client)
    start_with(session, client, qtbot)
    client.call("event", {"event": "job", "job": {**coming, "outputs": [OUTPUT], "retrieval": {"state": "done"}}})
    qtbot.waitUntil(lambda: session.results.shown == [(coming["id"], 1, False)], timeout=10_000)
    assert kept_jobs()[coming["id"]]["loaded"] is True
    assert requests_of(log, "retrieve") == []
    assert messages(window) == ["Ready: Field 1."]
    client.call("event", {"event": "job", "job": {**coming, "outputs": [OUTPUT], "retrieval": {"state": "done"}}})
    qtbot.wait(100)
    assert messages(window) == ["Ready: Field 1."], "said twice"


def test_results_that_cannot_be_brought_are_said_to_be_ready_where_they_are(open_session, fake_engine, qtbot, window):
    mine = summary(1, outputs=[THERE], retrieval={"state": "failed", "error": {"code": "disk_full", "message": "Full.",
                                                                               "hint": ""}}, **HYDRA)
    memory = ProjectMemory()
    memory.keep(mine["id"], mine["specification"], accepted=True, host="hydra")
    memory.close()
    client = fake_engine(results={"list": [mine]})
    start_with(open_session(client), client, qtbot)
    assert messages(window) == ["Ready on Hydra: Field 1."]


def test_large_or_partial_results_of_a_cluster_are_offered_and_shown_when_they_have_come(
        open_session, fake_engine, qtbot, window, tmp_path):
    log = tmp_path / "requests"
    large = summary(1, outputs=[{**THERE, "size": 3_000_000_000}], **HYDRA)
    partial = summary(2, "failed", outputs=[THERE], reason={"message": "Node lost.", "hint": ""}, **HYDRA)
    here = {**partial, "outputs": [OUTPUT], "retrieval": {"state": "done"}}
    client = fake_engine(log=str(log), results={"list": [large, partial], "retrieve": here})
    session = open_session(client)
    for job in (large, partial):
        session.memory.keep(job["id"], job["specification"], accepted=True, host="hydra")
    start_with(session, client, qtbot, 2)
    assert requests_of(log, "retrieve") == []
    session.show_on_map(partial["id"])
    qtbot.waitUntil(lambda: session.results.shown == [(partial["id"], 1, True)], timeout=10_000)
    assert requests_of(log, "retrieve") == [{"id": partial["id"]}]


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


def test_the_log_goes_on_after_the_network_was_away_and_details_stay_current(fake_engine, qtbot, qgis_app, tmp_path,
                                                                            monkeypatch):
    monkeypatch.setattr("deepsoil_plugin.dock.job_windows._AGAIN_MS", 50)
    monkeypatch.setattr("deepsoil_plugin.dock.job_windows._FOLLOW_MS", 50)
    answers = tmp_path / "answers.json"
    away_now = {"code": "host_unreachable", "message": "Hydra does not answer.", "hint": "", "field": None}
    answers.write_text(json.dumps({"error": away_now}))
    client = fake_engine(files={"logs": str(answers)})
    model = JobModel()
    model.put(summary(1, "running"))
    parent = QWidget()
    qtbot.addWidget(parent)
    log = LogWindow(client, model, summary(1)["id"], parent)
    details = DetailsWindow(model, summary(1)["id"], parent)
    qtbot.waitUntil(lambda: log.remark.text() == "Hydra does not answer.", timeout=10_000)
    line = json.dumps({"time": "2023-07-15T10:00:00Z", "level": "info", "message": "Epoch 3"}) + "\n"
    answers.write_text(json.dumps({"logs": {"text": line, "next_offset": len(line), "more": False}}))
    qtbot.waitUntil(lambda: "Epoch 3" in log.text.toPlainText(), timeout=10_000)
    assert log.remark.isHidden()
    model.put(summary(1, "failed", reason={"code": "x", "message": "No weather.", "hint": ""}))
    assert "No weather." in details.text.toPlainText()
    log.close()
    details.close()
