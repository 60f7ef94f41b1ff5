"""A job's summary is built in one place, and checked where it arrives: what does not fit is left out."""

from __future__ import annotations

import ast
import copy
from pathlib import Path
from typing import Any

import deepsoil
import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import Connection, parse_host
from deepsoil.contract.local import LOCAL
from deepsoil.contract.summary import Summary, build, validate_summary
from deepsoil.hosts.rpc.connection_state import ConnectionStatus
from deepsoil.hosts.sync.job_cache import JobCache
from deepsoil.service.jobs import _never_here

JOB, NOON = "3f0c" * 8, "2023-07-15T12:00:00Z"
OUTPUT = {"path": None, "name": "a.tif", "kind": "map", "depth_cm": 5, "date": "2023-07-15", "size": 3, "sha256": "0"}
WHOLE = build(id=JOB, kind="predict", name="North", state="running", created="2023-07-15T10:00:00Z", message="Working",
              progress=0.5, seconds_left=3.0, machine="lab7", specification={"id": JOB}, outputs=[OUTPUT],
              scheduler={"name": "slurm", "ids": ["1_0", 2]},
              tasks={"total": 3, "waiting": 1, "running": 1, "succeeded": 1, "failed": 0},
              retrieval={"state": "failed", "bytes": 1, "total": 3, "error": {"code": "disk_full", "message": "Full."}})


def test_a_summary_has_every_field_wherever_it_is_made() -> None:
    for made in (WHOLE, _never_here(JOB, "lab7"), build(id="x", name="x", state="failed", created=NOON)):
        assert made.keys() == Summary.model_fields.keys()
    assert _never_here(JOB, "lab7")["host"] == LOCAL
    assert validate_summary(copy.deepcopy(WHOLE)) == WHOLE


def test_only_the_contract_puts_summaries_together() -> None:
    engine = Path(deepsoil.__file__).parent
    makers = []
    for path in engine.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            keys = node.keys if isinstance(node, ast.Dict) else []
            if {"state", "progress", "seconds_left"} <= {key.value for key in keys if isinstance(key, ast.Constant)}:
                makers.append(path.relative_to(engine).as_posix())
    assert makers == []


@pytest.mark.parametrize("change", [
    {"outputs": 5}, {"outputs": [{"name": "a"}]}, {"outputs": [{**OUTPUT, "size": -1}]}, {"state": "happy"},
    {"progress": float("nan")}, {"progress": 2.0}, {"name": None}, {"created": 3}, {"reason": "because"},
    {"retrieval": {"state": "none", "bytes": "many"}}, {"tasks": {"total": 3}}, {"knowledge": "sure"},
    {"specification": []}, {"id": 7}, {"id": ""},
])
def test_what_is_no_summary_is_refused_with_the_field(change: dict[str, Any], tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DeepSoilError) as caught:
        validate_summary({**WHOLE, **change})
    assert caught.value.code == "bad_reply" and str(caught.value.field).startswith(next(iter(change)))
    cache = JobCache(tmp_path / "hydra")
    assert cache.put({**WHOLE, **change}) is None and cache.jobs() == {}
    assert "hydra" in capsys.readouterr().err
    assert cache.put(WHOLE) == WHOLE and cache.jobs() == {JOB: WHOLE}


@pytest.mark.parametrize("document", [None, 5, [], "text", {}, {"outputs": 5}, {"id": "../../x"}])
def test_any_document_may_come(document: Any, tmp_path: Path) -> None:
    assert JobCache(tmp_path / "hydra").put(document) is None
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize("value", ["\ud800", {"x": float("nan")}])
def test_what_could_not_be_passed_on_is_refused_wherever_it_is(value: Any, tmp_path: Path) -> None:
    assert JobCache(tmp_path / "hydra").put({**WHOLE, "specification": {"id": JOB, "name": value}}) is None


def test_fields_of_a_later_version_are_left_out() -> None:
    later = {**WHOLE, "colour": "blue", "outputs": [{**OUTPUT, "colour": "red"}]}
    assert validate_summary(later) == WHOLE


def test_what_lies_damaged_on_the_disk_is_asked_for_again(tmp_path: Path) -> None:
    JobCache(tmp_path / "hydra").put(WHOLE)
    (file,) = tmp_path.rglob("summary.json")
    file.write_text(file.read_text().replace('"running"', '"happy"', 1))
    assert JobCache(tmp_path / "hydra").jobs() == {}


@pytest.mark.parametrize(("fields", "lost"), [
    ({"kind": 5}, "kind"), ({"outputs": 5}, "outputs"), ({"tasks": {"total": "x"}}, "tasks"),
    ({"seconds_left": float("inf")}, "seconds_left"), ({"message": None}, "message"), ({"progress": -1.0}, "progress"),
])
def test_a_damaged_job_of_this_computer_is_listed_with_what_is_wrong(fields: dict[str, Any], lost: str) -> None:
    made = build(id=JOB, name="North", state="succeeded", created="2023-07-15T10:00:00Z", **fields)
    assert made["state"] == "succeeded" and made["reason"]["code"] == "job_damaged"
    assert lost in made["reason"]["message"] and made[lost] != fields[lost]
    validate_summary(made)


def test_without_the_least_there_is_no_summary() -> None:
    with pytest.raises(TypeError, match="state"):
        build(id=JOB, name="North", state="happy", created=NOON)


def test_the_connection_of_a_host_is_that_of_the_contract() -> None:
    status = ConnectionStatus("waiting", "m", "h", "c", "s", 1.0, "0.1.0")
    assert Connection.model_validate(status.to_dict()).model_dump() == status.to_dict()


def test_the_id_of_this_computer_is_taken() -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_host({"id": LOCAL, "title": "Mine", "address": "mine.example.org"})
    assert (caught.value.code, caught.value.field) == ("host_invalid", "id")
