"""A question about a field's water rests on readings as its map does, tells how far it is, and can be cancelled."""

from __future__ import annotations

import secrets
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from deepsoil.bench.farm import make_farm, outline
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.events import of_question
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from deepsoil.field import uncertainty
from deepsoil.field.simulation import FieldModel
from deepsoil.jobs.folder import JobFolder
from deepsoil.jobs.kind import Context
from deepsoil.kinds import column_readings
from deepsoil.kinds.preparation import prepare
from deepsoil.kinds.registry import find_kind
from deepsoil.models.library import Library
from deepsoil.regions import Regions
from deepsoil.service.what_if import WhatIf
from deepsoil.store.store import Store
from shapely.geometry import mapping

DAY = "2022-07-10"
MEMBERS = 16


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return make_farm(tmp_path_factory.mktemp("farm") / "store")


@pytest.fixture(autouse=True)
def few_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uncertainty, "MEMBERS", MEMBERS)


@pytest.fixture
def told() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def asking(tmp_path: Path, told: list[dict[str, Any]]) -> WhatIf:
    return WhatIf(tmp_path, lambda event, **content: told.append({"event": event, **content}))


def area(store: Store) -> dict[str, Any]:
    return dict(mapping(outline(store).centroid.buffer(0.001)))


def readings(store: Store, *values: tuple[str, float]) -> dict[str, Any]:
    """Of one probe in the middle of the field at 20 cm."""
    middle = outline(store).centroid
    return {"values": [{"longitude": middle.x, "latitude": middle.y, "depth_cm": 20, "date": day, "theta": theta,
                        "sensor": "probe"} for day, theta in values]}


def ask(engine: WhatIf, store: Store, /, **changes: Any) -> dict[str, Any]:
    given = {"day": DAY, "place": None, "area": area(store), "events": [], "days": 7, "management": None, **changes}
    return engine.answer(store, **given)


def width(answer: dict[str, Any]) -> float:
    band = answer["depths"]["20"]
    return float(np.mean(np.array(band["upper"]) - np.array(band["lower"])))


def test_readings_move_what_is_to_come_and_make_it_surer(asking: WhatIf, farm: Store) -> None:
    bare = ask(asking, farm)
    assert bare["readings"] is None and bare["warnings"] == [] and bare["station"] is None
    assert bare["depths"]["20"]["mean"][0] < 0.28
    wet = [(f"2022-07-{day:02}", 0.3) for day in (3, 4, 5, 6, 7, 8)]
    found = ask(asking, farm, readings=readings(farm, *wet, ("2022-07-20", 0.1)))
    assert found["readings"] == {"count": found["readings"]["count"], "sensors": 1, "last": "2022-07-08"}
    assert 1 < found["readings"]["count"] <= len(wet), "none of a day after the question's"
    assert found["depths"]["20"]["mean"][0] > bare["depths"]["20"]["mean"][0]
    assert width(found) < 0.97 * width(bare)
    (problem,) = found["warnings"]
    assert problem["code"] == "readings_later"
    none = ask(asking, farm, readings=readings(farm, ("2022-07-20", 0.3)))
    assert none["readings"]["count"] == 0 and none["depths"] == bare["depths"]


def test_the_members_are_those_of_the_map_of_the_day_and_found_once(asking: WhatIf, farm: Store, tmp_path: Path,
                                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    regions = Regions(tmp_path)
    regions.add(farm.path)
    context = Context(tmp_path, regions, Library.in_folder(tmp_path), find_kind)
    given = readings(farm, ("2022-06-20", 0.33), ("2022-07-04", 0.31))
    specification = prepare(parse_specification({
        "schema": SCHEMA, "id": secrets.token_hex(16), "kind": "predict", "name": "field", "region": "farm",
        "area": area(farm), "dates": {"start": DAY, "end": DAY}, "depths_cm": [5, 20],
        "options": {"method": "column", "readings": given}}), context)
    used: list[np.ndarray] = []
    run_to_end, run = FieldModel.run_to_end, FieldModel.run
    monkeypatch.setattr(FieldModel, "run", lambda self, z: (used.append(z), run(self, z))[1])
    folder = JobFolder.create(context.jobs, specification, claimed=True)[0]
    find_kind("predict").run(specification, folder, context)
    of_map = used[-1]

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("conditioned again")

    monkeypatch.setattr(column_readings, "condition", never)
    monkeypatch.setattr(FieldModel, "run_to_end", lambda self, z: (used.append(z), run_to_end(self, z))[1])
    ask(asking, farm, readings=given)
    assert np.array_equal(used[-1], of_map) and not np.array_equal(of_map, uncertainty.draw(MEMBERS))
    given["values"][0]["theta"] = 0.3
    with pytest.raises(AssertionError, match="conditioned again"):
        ask(asking, farm, readings=given)


def test_it_tells_how_far_it_is_and_a_cancelled_one_leaves_the_next_alone(asking: WhatIf, farm: Store,
                                                                         told: list[dict[str, Any]],
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    ask(asking, farm, asking="one")
    assert {line["asking"] for line in told} == {"one"} and told[0]["stage"] == "ground"
    fractions = [line["fraction"] for line in told if line["stage"] == "columns"]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert all(of_question(line) == {name: value for name, value in line.items() if name != "event"} for line in told)

    begun, errors = threading.Event(), list[DeepSoilError]()
    real = FieldModel._batches

    def batches(self: FieldModel, z: np.ndarray) -> Any:
        begun.set()
        cancelled.wait()
        yield from real(self, z)

    cancelled = threading.Event()
    monkeypatch.setattr(FieldModel, "_batches", batches)

    def asked(name: str) -> None:
        try:
            ask(asking, farm, day="2022-06-01", asking=name)
        except DeepSoilError as error:
            errors.append(error)

    threads = [threading.Thread(target=asked, args=("two",)), threading.Thread(target=asked, args=("three",))]
    threads[0].start()
    begun.wait()
    threads[1].start()  # it waits until the first is done
    while "three" not in asking._asked._open:
        time.sleep(0.01)
    asking.cancel("three")
    threads[1].join()
    assert [error.code for error in errors] == ["cancelled"]
    asking.cancel("two")
    cancelled.set()
    threads[0].join()
    assert [error.code for error in errors] == ["cancelled", "cancelled"]
    asking.cancel("two")  # long answered
    assert len(ask(asking, farm, day="2022-06-01", asking="two")["dates"]) == 7


@pytest.mark.parametrize(("given", "said"), [
    ({"values": [{"theta": 22}]}, "readings.values.0"), ({"stations": True}, "no stations"), ({}, "none are given"),
    ({"values": [], "left_out": ["x"], "stations": False}, "none are given")])
def test_readings_that_cannot_be_used_are_refused(given: dict[str, Any], said: str, asking: WhatIf, farm: Store,
                                                  ) -> None:
    with pytest.raises(DeepSoilError) as raised:
        ask(asking, farm, readings=given)
    assert said in f"{raised.value} {raised.value.field}"
