"""A project file may come from anybody: only requests for maps are taken from it, and none is sent unseen."""

from __future__ import annotations

import copy
import json
import random

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QLabel, QPlainTextEdit, QPushButton
from summaries import AREA

from deepsoil_plugin.contract import KINDS, SCHEMA
from deepsoil_plugin.contract_check import problem
from deepsoil_plugin.dock.send_question import SendQuestion, job_text
from deepsoil_plugin.jobs.map_request import MapRequest
from deepsoil_plugin.jobs.project_state import KeptJob, ProjectMemory, has_jobs
from deepsoil_plugin.jobs.session import Session
from deepsoil_plugin.widgets.message_bar import Messages

GOOD, OTHER = "a" * 32, "b" * 32
REQUEST = MapRequest("North quarter", AREA, "2023-07-15", "2023-07-20", (20,), {"20": "deepsoil-20cm"}, "sample")


def specification(job_id=OTHER, **changes):
    return {**REQUEST.specification(job_id), **changes}


OTHER_KINDS = {
    "ingest": {"options": {"recipe": "/r.yaml", "store": "/home/me/region"}},
    "train": {"options": {"configuration": "/x.yaml"}},
    "simulate": {"options": {}},
    "evaluate": {"options": {}, "region": "sample"},
    "gather": {"options": {"folder": "/home/me/data", "title": "Data"}},
}


def other_kind(kind):
    return {key: value for key, value in specification(kind=kind, **OTHER_KINDS[kind]).items()
            if key not in ("area", "models", "output")}


def kept(document, **more):
    return {"specification": document, "accepted": False, "loaded": False, "host": "local", **more}


def write(jobs, request=None):
    project = QgsProject.instance()
    project.writeEntry("DeepSoil", "jobs", jobs if isinstance(jobs, str) else
                       json.dumps({"schema": SCHEMA, "jobs": jobs}))
    if request is not None:
        project.writeEntry("DeepSoil", "request", request if isinstance(request, str) else json.dumps(request))


@pytest.fixture
def read(qgis_new_project):
    made = []

    def make():
        made.append(ProjectMemory())
        return made[-1]

    yield make
    for memory in made:
        memory.close()


@pytest.fixture
def session(window, fake_engine, read):
    def make(**script):
        return Session(fake_engine(results={"list": []}, **script), read(), None, Messages(window))

    return make


def test_every_kind_of_job_but_a_map_is_left_out(read):
    assert set(OTHER_KINDS) | {"predict"} == set(KINDS)
    for kind in OTHER_KINDS:
        write({GOOD: kept(specification(GOOD)), OTHER: kept(other_kind(kind))})
        memory = read()
        assert (list(memory.jobs), memory.skipped) == ([GOOD], 1), kind


def test_a_training_of_an_earlier_version_that_was_sent_is_no_matter(read):
    write({OTHER: kept(other_kind("train"), accepted=True)})
    memory = read()
    assert (memory.jobs, memory.skipped) == ({}, 0)


def test_only_requests_for_maps_are_written(read):
    memory = read()
    memory.keep(GOOD, specification(GOOD))
    memory.keep(OTHER, other_kind("train"))
    assert list(memory.jobs) == [GOOD, OTHER], "both are followed in this session"
    assert list(json.loads(QgsProject.instance().readEntry("DeepSoil", "jobs", "")[0])["jobs"]) == [GOOD]


DAMAGED = {
    "no id": kept({key: value for key, value in specification().items() if key != "id"}),
    "another id": kept(specification("c" * 32)),
    "an id that is a number": kept(specification(id=7)),
    "no specification": {"accepted": False},
    "a list": [],
    "null": None,
    "a host that is a list": kept(specification(), host=["hydra"]),
    "a name of a million signs": kept(specification(name="x" * 1_000_000)),
    "a deep area": kept(specification(area=json.loads("[" * 400 + "]" * 400))),
    "an area without end": kept(specification(area={"type": "Polygon", "coordinates": [[[1e400, 0]] * 4]})),
    "a day that is none": kept(specification(dates={"start": "2023-02-30", "end": "2023-02-30"})),
    "depths as text": kept(specification(depths_cm="20")),
    "options of another kind": kept(specification(options={"recipe": "/r"})),
    "a field of its own": kept(specification(command="rm")),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_job_is_left_out_with_a_word_and_the_others_stay(session, window, name):
    write({OTHER: DAMAGED[name], GOOD: kept(specification(GOOD))})
    made = session()
    assert list(made._memory.jobs) == [GOOD]
    (message,) = [item.text() for item in window.bar.items()]
    assert message == "Left out, because damaged or not a request for maps: 1 job of the project file."


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, "{" * 10, "\0", "x" * 17_000_000, "[1]", "7", '"x"',
                                  '{"schema": 2, "jobs": 3}', '{"schema": 2, "jobs": []}', '{"schema": 2}',
                                  '{"schema": "x", "jobs": {}}', '{"schema": NaN}', '{"\\ud800": 1}'])
def test_a_damaged_entry_keeps_nothing_from_opening(session, text):
    write(text, text)
    made = session()
    assert made._memory.jobs == {} and made._memory.request == MapRequest()
    assert has_jobs() in (True, False)


@pytest.mark.parametrize("text", ["{" * 10, "[1]", '{"A": 3}', '{"A": [{"date": "2023-07-14", "mm": 1e400}]}',
                                  '{"A": [{"date": "2023-07-14", "mm": 9, "run": "rm"}]}', "[" * 100_000])
def test_a_damaged_plan_of_irrigation_is_no_plan(read, text):
    QgsProject.instance().writeEntry("DeepSoil", "plans", text)
    assert read().plans == {}


def test_a_plan_of_irrigation_is_kept_with_the_project_and_forgotten_when_it_is_empty(read):
    plan = [{"date": "2023-07-14", "mm": 20.0}]
    memory = read()
    memory.set_plan("North quarter", plan)
    assert read().plans == {"North quarter": plan}
    memory.set_plan("North quarter", [])
    assert read().plans == {}


def mutated(chance, document):
    """One value somewhere in it replaced, removed, or doubled under another name."""
    document = copy.deepcopy(document)
    part, steps = document, chance.randint(0, 5)
    while steps and isinstance(part, dict | list) and part:
        key = chance.choice(list(part)) if isinstance(part, dict) else chance.randrange(len(part))
        if steps == 1 or not isinstance(part[key], dict | list) or not part[key]:
            odd = chance.choice([None, True, -1, 10 ** 400, 1e308, "", "x" * 5_000, "\ud800", "\0", "../../etc", [], {},
                                 [[[]]], {"a": {}}, "predict", "ingest", float("nan"),
                                 json.loads("[" * 300 + "]" * 300)])
            if chance.random() < 0.2:
                part.pop(key)
            elif isinstance(part, dict) and chance.random() < 0.2:
                part[str(odd)[:50]] = part[key]
            else:
                part[key] = odd
            break
        part, steps = part[key], steps - 1
    return document


@pytest.mark.parametrize("seed", range(25))
def test_whatever_becomes_of_a_project_it_is_opened(read, seed):
    """Each kept job is a request for maps of the contract; each that is not is counted; the good one stays."""
    chance = random.Random(seed)
    for _ in range(40):
        jobs = {GOOD: kept(specification(GOOD))}
        for _ in range(chance.randint(1, 4)):
            name = f"{chance.getrandbits(128):032x}"
            document = kept(specification(name), accepted=chance.random() < 0.5)
            for _ in range(chance.randint(1, 3)):
                document = mutated(chance, document)
            jobs[name] = document
        write(jobs, mutated(chance, mutated(chance, REQUEST.to_dict())))
        memory = read()
        assert GOOD in memory.jobs
        for job_id, job in memory.jobs.items():
            assert problem(job.specification, "Specification") is None
            assert job.specification["kind"] == "predict" and job.specification["id"] == job_id
            assert job_text(job.specification, job.host)
        sent = [one for one in jobs.values() if isinstance(one, dict) and one.get("accepted") is True]
        assert len(jobs) - len(memory.jobs) - len(sent) <= memory.skipped <= len(jobs) - len(memory.jobs)
        json.dumps(memory.request.to_dict())
        memory.set_request(REQUEST)
        memory.keep(GOOD, accepted=True)


def test_what_a_job_will_do_is_shown_as_text_before_it_is_sent(session, window, qtbot):
    name = "<img src='file:///x.png'>\nWhere: This computer"
    write({GOOD: kept(specification(GOOD, name=name, resources={"gpus": 4, "account": "gold"}), host="hydra")})
    made = session()
    asked = []
    made.consentWanted.connect(asked.append)
    qtbot.waitUntil(lambda: made._client is not None)
    made._listed([])
    made.retry(GOOD)
    assert asked == [GOOD] and not made._under_way
    question = SendQuestion(GOOD, made.kept(GOOD), made, "Hydra", window.window)
    qtbot.addWidget(question)
    lines = question.findChild(QPlainTextEdit, "deepsoilSendQuestionText").toPlainText().splitlines()
    assert "Name: <img src='file:///x.png'> Where: This computer" in lines
    assert "Where: Hydra" in lines and "Where: This computer" not in lines
    assert "Dates: 15 – 20 Jul 2023" in lines and "Depths: 20 cm" in lines
    assert "Model for 20 cm: deepsoil-20cm" in lines and "Region: sample" in lines
    assert any("40.400" in line and "-104.990" in line for line in lines)
    assert any(line.startswith("resources:") and "gold" in line for line in lines)
    assert question.findChildren(QLabel)
    question.findChild(QPushButton, "deepsoilSendQuestionYes").click()
    assert made._under_way == {GOOD}


def test_another_project_s_job_is_not_sent_for_the_one_that_was_shown(session):
    write({GOOD: kept(specification(GOOD))})
    made = session()
    shown = made.kept(GOOD)
    made._memory._jobs[GOOD] = KeptJob(specification(GOOD, name="Another"))
    made.send_kept(GOOD, shown)
    assert made._under_way == set()
    made._own[GOOD] = shown.specification
    made._listed([])
    assert made._under_way == set(), "the same id in another project is not what was sent here"
