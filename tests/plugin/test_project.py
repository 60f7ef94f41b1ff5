"""The request and the jobs travel with the project file; a damaged entry keeps no project from opening."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsProject, QgsSettings

from deepsoil_plugin import preferences
from deepsoil_plugin.contract import LOCAL, SCHEMA
from deepsoil_plugin.jobs.map_request import MapRequest, new_id
from deepsoil_plugin.jobs.project_state import ProjectMemory, has_jobs

AREA = {"type": "Polygon", "coordinates": [[[-105, 40.4], [-104.99, 40.4], [-104.99, 40.41], [-105, 40.4]]]}
REQUEST = MapRequest("Nordviertel θ", AREA, "2023-07-15", "2023-07-20", (20,), {"20": "deepsoil-20cm"}, "sample")


@pytest.fixture
def memory(qgis_new_project):
    made = ProjectMemory()
    yield made
    made.close()


def test_a_project_saved_and_opened_again_gives_request_and_jobs(memory, tmp_path):
    project = QgsProject.instance()
    project.setDirty(False)
    memory.set_request(REQUEST)
    assert project.isDirty()
    specification = REQUEST.specification("a" * 32)
    memory.keep("a" * 32, specification)
    memory.keep("a" * 32, accepted=True)
    path = str(tmp_path / "field.qgz")
    assert project.write(path)
    changes = []
    memory.changed.connect(lambda: changes.append(memory.request))
    project.clear()
    assert changes[-1] == MapRequest()
    assert memory.jobs == {}
    assert not has_jobs()
    assert project.read(path)
    assert changes[-1] == REQUEST
    job = memory.jobs["a" * 32]
    assert (job.specification, job.accepted, job.loaded) == (specification, True, False)
    assert has_jobs()


def test_saying_the_same_again_does_not_change_the_project(memory):
    memory.set_request(REQUEST)
    memory.keep("a" * 32, REQUEST.specification("a" * 32), accepted=True)
    QgsProject.instance().setDirty(False)
    memory.set_request(MapRequest.from_dict(REQUEST.to_dict()))
    memory.keep("a" * 32, accepted=True)
    memory.forget("b" * 32)
    assert not QgsProject.instance().isDirty()


@pytest.mark.parametrize("text", ["", "not json", "[1]", '{"area": 7, "start": "yesterday", "depths_cm": ["x"]}',
                                  '{"a": {"specification": 3}}'])
def test_a_damaged_entry_counts_as_none(qgis_new_project, text):
    QgsProject.instance().writeEntry("DeepSoil", "request", text)
    QgsProject.instance().writeEntry("DeepSoil", "jobs", text)
    memory = ProjectMemory()
    assert memory.request.area is None
    assert memory.request.start == ""
    assert memory.jobs == {}
    memory.close()


def test_a_request_becomes_a_specification_of_the_contract():
    specification = REQUEST.specification("a" * 32, threads=2)
    assert specification == {
        "schema": SCHEMA, "id": "a" * 32, "kind": "predict", "name": "Nordviertel θ", "region": "sample", "area": AREA,
        "dates": {"start": "2023-07-15", "end": "2023-07-20"}, "depths_cm": [20], "models": {"20": "deepsoil-20cm"},
        "output": {"crs": "utm", "resolution_m": 30}, "options": {"threads": 2}}
    one_day = MapRequest("", AREA, "2023-07-15", None, (5, 20), {"5": "m"}).specification(new_id())
    assert one_day["dates"] == {"start": "2023-07-15", "end": "2023-07-15"}
    assert one_day["name"]
    assert "region" not in one_day
    assert len(new_id()) == 32
    assert new_id() != new_id()


def old_specification(job_id):
    """As the version before (schema 1) kept it with the project."""
    return {"schema": 1, "id": job_id, "kind": "predict", "name": "Nordviertel θ", "area": AREA,
            "dates": {"start": "2023-07-15", "end": "2023-07-20"}, "depths_cm": [20],
            "models": {"20": "deepsoil-20cm"}, "output": {"crs": "utm", "resolution_m": 30}, "options": {}}


def test_a_project_of_the_version_before_is_opened(qgis_new_project):
    here, there = "a" * 32, "b" * 32
    kept = {here: {"specification": old_specification(here), "accepted": True, "loaded": True, "host": ""},
            there: {"specification": old_specification(there), "accepted": False, "loaded": False, "host": "hydra"}}
    project = QgsProject.instance()
    project.writeEntry("DeepSoil", "jobs", json.dumps(kept))
    project.writeEntry("DeepSoil", "request", json.dumps(REQUEST.to_dict()))
    memory = ProjectMemory()
    assert memory.request == REQUEST and has_jobs()
    assert {name: (job.host, job.accepted, job.loaded) for name, job in memory.jobs.items()} == {
        here: (LOCAL, True, True), there: ("hydra", False, False)}
    assert memory.jobs[here].specification == {**old_specification(here), "schema": SCHEMA}
    memory.keep(there, accepted=True)
    written = json.loads(project.readEntry("DeepSoil", "jobs", "")[0])
    assert written["schema"] == SCHEMA and written["jobs"].keys() == kept.keys()
    memory.close()


def test_the_jobs_of_a_later_version_are_left_as_they_are(qgis_new_project):
    project = QgsProject.instance()
    text = json.dumps({"schema": SCHEMA + 1, "jobs": {"a" * 32: {"shape": "of things to come"}}})
    project.writeEntry("DeepSoil", "jobs", text)
    memory = ProjectMemory()
    assert memory.jobs == {} and memory.is_newer
    memory.keep("b" * 32, REQUEST.specification("b" * 32))
    assert project.readEntry("DeepSoil", "jobs", "")[0] == text
    memory.close()


@pytest.mark.parametrize("change", [{"id": None}, {"id": "b" * 32}, {"kind": "guess"}, {"area": 7}, {"schema": 9},
                                    {"wetness": 1}, {"options": {"recipe": "/r"}}])
def test_what_is_no_specification_is_not_kept(qgis_new_project, change):
    job_id = "a" * 32
    specification = {**REQUEST.specification(job_id), **change}
    kept = {"schema": SCHEMA, "jobs": {job_id: {"specification": specification, "accepted": False}}}
    QgsProject.instance().writeEntry("DeepSoil", "jobs", json.dumps(kept))
    memory = ProjectMemory()
    assert memory.jobs == {}
    memory.close()


def test_the_choice_of_this_computer_is_kept_from_the_version_before(qgis_new_project):
    QgsSettings().setValue("DeepSoil/host", "")
    assert preferences.chosen_host() == LOCAL
    preferences.set_chosen_host("hydra")
    assert preferences.chosen_host() == "hydra"
    QgsSettings().remove("DeepSoil/host")
    assert preferences.chosen_host() == LOCAL
