"""Maps that wait for the data of their field: through a restart of QGIS, and only where they were asked for here."""

from __future__ import annotations

import json

import pytest
from gather_parts import REGION, ready_dialog, refusal
from qgis.core import QgsProject

from deepsoil_plugin.dock.send_question import SendQuestion
from deepsoil_plugin.jobs.actions import possible
from deepsoil_plugin.text.plain import tip_text


@pytest.fixture
def waiting(open_dock, qtbot, qgis_new_project):
    """The dock with a gathering job under way and maps that wait for it; the project is saved by who needs it."""
    dock = open_dock()
    dock.parts.dock.request.dates.restore("2023-07-15", None)
    _, go = ready_dialog(dock, qtbot)
    go.click()
    qtbot.waitUntil(lambda: bool(dock.asked("submit")), timeout=10_000)
    model = dock.parts.session.model
    gather = next(job for job in model.jobs() if job["kind"] == "gather")
    qtbot.waitUntil(lambda: not model.job(gather["id"]).get("unsent"), timeout=10_000)
    return dock, model.job(gather["id"])


def maps_of(dock):
    return [job for job in dock.parts.session.model.jobs() if job["kind"] == "predict"]


def tell(dock, job, **changes):
    dock.parts.client.call("event", {"event": "job", "job": {**job, **changes}})


def sent_maps(dock):
    return [one["specification"] for one in dock.asked("submit") if one["specification"]["kind"] == "predict"]


def closed_and_opened(dock, make, saved, jobs, **results):
    """QGIS once more, with the project as it was saved and an engine whose list has ``jobs``."""
    dock.close()
    dock.log.unlink()
    for key, text in saved.items():
        QgsProject.instance().writeEntry("DeepSoil", key, text)
    return make([REGION], list=jobs, **results)


def project():
    return {key: QgsProject.instance().readEntry("DeepSoil", key, "")[0] for key in ("jobs", "request")}


def test_they_stand_in_the_list_and_can_be_cancelled(waiting, qtbot):
    dock, gather = waiting
    (row,) = maps_of(dock)
    assert row["message"] == "Waiting for the data of this field" and possible(row) == {"cancel", "details"}
    dock.parts.session.cancel(row["id"])
    assert maps_of(dock) == [] and row["id"] not in project()["jobs"]
    dock.has([REGION])
    tell(dock, gather, state="succeeded", region="gathered")
    qtbot.waitUntil(lambda: dock.text("deepsoilRegion").startswith("My field"), timeout=10_000)
    qtbot.wait(300)
    assert sent_maps(dock) == []


@pytest.mark.parametrize("when", ["while closed", "afterwards"])
def test_they_are_made_although_qgis_was_closed_in_between(waiting, open_dock, qtbot, when):
    dock, gather = waiting
    (row,) = maps_of(dock)
    ended = {**gather, "state": "succeeded", "region": "gathered"}
    dock = closed_and_opened(dock, open_dock, project(), [ended if when == "while closed" else gather])
    if when == "afterwards":
        qtbot.waitUntil(lambda: bool(maps_of(dock)), timeout=10_000)
        assert maps_of(dock)[0]["message"] == "Waiting for the data of this field" and not sent_maps(dock)
        tell(dock, ended)
    qtbot.waitUntil(lambda: bool(sent_maps(dock)), timeout=10_000)
    (sent,) = sent_maps(dock)
    assert sent["id"] == row["id"] and sent["dates"]["start"] == REGION["first_date"]
    qtbot.waitUntil(lambda: json.loads(project()["jobs"])["jobs"][row["id"]]["accepted"], timeout=10_000)
    tell(dock, ended)
    qtbot.wait(300)
    assert len(sent_maps(dock)) == 1, "once"


def test_they_wait_on_where_the_data_did_not_come_and_go_with_the_next_try(waiting, open_dock, qtbot):
    dock, gather = waiting
    failed = {**gather, "state": "failed", "reason": refusal("archive_failed", "The server does not answer.")}
    dock = closed_and_opened(dock, open_dock, project(), [failed], retry={**gather, "id": "f" * 32})
    qtbot.waitUntil(lambda: bool(maps_of(dock)), timeout=10_000)
    (row,) = maps_of(dock)
    assert row["message"].startswith("Not sent, as its data have not come.")
    assert possible(row) == {"retry", "details", "remove"}
    dock.parts.session.retry(gather["id"])
    again = dock.parts.session
    qtbot.waitUntil(lambda: bool(dock.asked("retry")), timeout=10_000)
    tell(dock, gather, id=dock.asked("retry")[0]["new_id"])
    qtbot.waitUntil(lambda: maps_of(dock)[0]["message"] == "Waiting for the data of this field", timeout=10_000)
    tell(dock, gather, id=dock.asked("retry")[0]["new_id"], state="succeeded", region="gathered")
    qtbot.waitUntil(lambda: bool(sent_maps(dock)), timeout=10_000)
    assert again.model.job(row["id"]) is not None


@pytest.mark.parametrize("changed", ["another home", "another day", "another job"])
def test_maps_of_somebody_s_project_are_not_sent_unasked(waiting, open_dock, qtbot, own_home, changed):
    """Data of the same job id have come; but these maps were not asked for here."""
    dock, gather = waiting
    (row,) = maps_of(dock)
    saved = project()
    document = json.loads(saved["jobs"])
    if changed == "another day":
        document["jobs"][row["id"]]["specification"]["dates"] = {"start": "2024-01-01", "end": "2026-01-01"}
    elif changed == "another job":
        document["jobs"][row["id"]]["after"] = "e" * 32
    dock.close()
    if changed == "another home":
        (own_home / "plugin" / "held_maps.txt").unlink()
    after = json.loads(saved["jobs"])["jobs"][row["id"]]["after"]
    ended = [{**gather, "id": job_id, "state": "succeeded", "region": "gathered"} for job_id in (after, "e" * 32)]
    dock = closed_and_opened(dock, open_dock, {**saved, "jobs": json.dumps(document)}, ended)
    qtbot.waitUntil(lambda: bool(maps_of(dock)), timeout=10_000)
    (row,) = maps_of(dock)
    assert row["message"] == "Not sent. Try again, or remove it."
    for job in ended:
        tell(dock, job)
    qtbot.wait(400)
    assert sent_maps(dock) == []
    dock.parts.session.retry(row["id"])
    assert dock.window.window.findChildren(SendQuestion) or dock.parts.dock.findChildren(SendQuestion)
    assert sent_maps(dock) == [] and tip_text(row["message"])
