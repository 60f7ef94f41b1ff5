"""What comes from another host is held against the contract; an engine of another contract is not listened to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from deepsoil.contract.summary import Summary
from deepsoil.contract.version import SCHEMA
from host_fixtures import Client
from host_tools import Engine, request, until

ODD = [{"outputs": 5}, {"state": "happy"}, {"progress": "half"}, {"name": None}, {"reason": []}, {"created": None},
       {"specification": "x"}, {"retrieval": 1}, {"outputs": [{"name": "../../x", "size": "big"}]}]


@pytest.mark.parametrize("schema", [SCHEMA - 1, SCHEMA + 1, None, "2"])
def test_an_engine_of_another_contract_is_not_listened_to(engine: Engine, open_client: Callable[..., Client],
                                                          schema: Any) -> None:
    engine.schema = schema
    engine.hold = True
    engine.add(request())
    client = open_client()
    until(lambda: client.state() == "other_engine")
    assert {method for method, _ in engine.asked} == {"hello"}
    assert client.hosts.jobs() == []


def test_events_that_are_no_summaries_are_left_out_and_all_jobs_stay_listed(
        engine: Engine, open_client: Callable[..., Client]) -> None:
    engine.hold = True
    first, second = request(), request()
    client = open_client().ready()
    for document in (first, second):
        engine.add(document)
    until(lambda: len(client.hosts.jobs()) == 2)
    before = client.job(first["id"])
    for change in ODD:
        engine._tell({"event": "job", "job": {**engine._shown(first["id"]), **change}})
    for job in (None, 5, [], {"id": first["id"]}, {"outputs": 5}):
        engine._tell({"event": "job", "job": job})
    engine.change(second["id"], message="Two of ten")
    until(lambda: client.job(second["id"])["message"] == "Two of ten")
    assert client.job(first["id"]) == before and client.state() == "ready"
    assert all(job.keys() == Summary.model_fields.keys() for job in client.hosts.jobs())
    again = open_client()  # what lies on the disk is whole as well
    assert {job["id"] for job in again.hosts.jobs()} == {first["id"], second["id"]}


def test_a_listing_with_odd_entries_gives_the_others(engine: Engine, open_client: Callable[..., Client]) -> None:
    engine.hold = True
    good, bad = request(), request()
    for document in (good, bad):
        engine.add(document)
    engine.jobs[bad["id"]]["outputs"] = 5
    client = open_client().ready()
    until(lambda: len(client.hosts.jobs()) == 1)
    (job,) = client.hosts.jobs()
    assert (job["id"], job["host"], job["machine"]) == (good["id"], "hydra", "node7")
