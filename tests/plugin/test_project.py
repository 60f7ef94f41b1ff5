"""The request and the jobs travel with the project file; a damaged entry keeps no project from opening."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject

from deepsoil_plugin.contract import SCHEMA
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
