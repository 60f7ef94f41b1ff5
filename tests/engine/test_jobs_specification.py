"""A job specification is accepted as it stands in the contract, and refused with the field and what would be right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA
from hypothesis import given, settings
from hypothesis import strategies as st
from job_tools import document, prediction

CONTRACT = {
    "schema": SCHEMA, "id": "3f0c" * 8, "kind": "predict", "name": "North quarter", "region": "sample",
    "area": {"type": "Polygon", "coordinates": [[[-96.6, 39.1], [-96.5, 39.1], [-96.5, 39.2], [-96.6, 39.1]]]},
    "dates": {"start": "2023-07-15", "end": "2023-07-15"}, "depths_cm": [5, 20],
    "models": {"5": "deepsoil-5cm", "20": "deepsoil-20cm"},
    "output": {"crs": "utm", "resolution_m": 30}, "options": {},
}


def ring(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in (*corners, corners[0])]]}


def test_the_contracts_example_is_read_and_written_unchanged() -> None:
    assert json.loads(json.dumps(parse_specification(CONTRACT).to_dict())) == CONTRACT


@pytest.mark.parametrize(("change", "field", "words"), [
    ({"wetness": 1}, "wetness", "no field 'wetness'"),
    ({"output": {"crs": "utm", "pixel": 30}}, "output.pixel", "no field 'pixel' in 'output'"),
    ({"schema": "1"}, "schema", "must be 2"),
    ({"schema": True}, "schema", "must be 2"),
    ({"id": "3F0C" * 8}, "id", "32 hexadecimal"),
    ({"id": "../../etc"}, "id", "32 hexadecimal"),
    ({"kind": "guess"}, "kind", "predict, evaluate"),
    ({"name": ""}, "name", "1 to 200"),
    ({"name": 7}, "name", "1 to 200"),
    ({"dates": {"start": "2023-07-15"}}, "dates.end", "needs the field"),
    ({"dates": {"start": "2023-02-30", "end": "2023-03-01"}}, "dates.start", "YYYY-MM-DD"),
    ({"dates": {"start": 19500, "end": "2023-03-01"}}, "dates.start", "YYYY-MM-DD"),
    ({"dates": {"start": "2023-07-16", "end": "2023-07-15"}}, "dates.end", "before the first day"),
    ({"dates": {"start": "2020-01-01", "end": "2023-07-15"}}, "dates.end", "366 is the most"),
    ({"dates": None}, "dates", "needs the field"),
    ({"depths_cm": []}, "depths_cm", "there are 5, 20"),
    ({"depths_cm": [5, 10]}, "depths_cm.1", "there are 5, 20"),
    ({"depths_cm": ["5"]}, "depths_cm.0", "there are 5, 20"),
    ({"depths_cm": [5, 5]}, "depths_cm", "twice"),
    ({"models": {"20": "x"}, "depths_cm": [5]}, "models.20", "does not ask for"),
    ({"models": {"7": "x"}}, "models.7", "depth to model id"),
    ({"output": {"crs": "WGS84"}}, "output.crs", "EPSG:"),
    ({"output": {"resolution_m": 0}}, "output.resolution_m", "1 to 10000"),
    ({"options": {"stations": ["a"]}}, "options.stations", "no option 'stations'"),
    ({"options": []}, "options", "an object"),
    ({"area": {"type": "Point", "coordinates": [0, 0]}}, "area.type", "Polygon or MultiPolygon"),
    ({"area": {"type": "Polygon", "coordinates": []}}, "area.coordinates", "at least four positions"),
    ({"area": {"type": "Polygon", "coordinates": [[[0, "x"], [1, 0], [1, 1], [0, 0]]]}}, "area.coordinates.0.0.1",
     "at least four positions"),
    ({"area": {"type": "Polygon", "coordinates": [[[0, float("nan")], [1, 0], [1, 1], [0, 0]]]}},
     "area.coordinates.0.0.1", "at least four positions"),
    ({"area": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}}, "area.coordinates",
     "not closed"),
    ({"area": ring((0, 0), (1, 1), (1, 0), (0, 1))}, "area.coordinates", "crosses itself at [0.5 0.5]"),
    ({"area": ring((0, 0), (1, 1), (2, 2))}, "area.coordinates", "Draw a field"),
    ({"area": ring((500_000, 4_300_000), (500_100, 4_300_000), (500_100, 4_300_100))}, "area.coordinates", "EPSG:4326"),
    ({"area": ring((179.9, 10), (180.1, 10), (180.1, 10.1))}, "area.coordinates", "date line"),
    ({"area": ring((179.9, 10), (-179.9, 10), (-179.9, 10.1))}, "area.coordinates", "date line"),
    ({"area": ring((10, 86), (11, 86), (11, 87))}, "area.coordinates", "85.05"),
    ({"resources": {"scheduler": "pbs"}}, "resources.scheduler", "process, slurm or gridengine"),
    ({"resources": {"node": 1}}, "resources.node", "no field 'node'"),
    ({"resources": {"gpus": -1}}, "resources.gpus", "0 to 64"),
    ({"resources": {"minutes": 1.5}}, "resources.minutes", "whole number"),
    ({"resources": {"cpus": "4"}}, "resources.cpus", "1 to 1024"),
    *(({"resources": {field: name}}, f"resources.{field}", "blanks, quotes and $")
      for field in ("partition", "account", "qos") for name in ("a b", "a'", 'a"', "$(touch pwned)", "-x", "", "a\n")),
])
def test_a_mistake_is_refused_with_its_field_and_what_would_be_right(change: dict[str, Any], field: str,
                                                                     words: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification({**CONTRACT, **change})
    assert caught.value.field == field
    assert words in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(("given_document", "field"), [
    ({key: value for key, value in prediction().items() if key != "area"}, "area"),
    (prediction(kind="evaluate", area=None), "region"),
    (document(options={"recipe": "/r.yaml"}), "options.store"),
    (document(options={"recipe": "r.yaml", "store": "/store"}), "options.recipe"),
    (document(kind="train", options={}), "options.configuration"),
    (document(kind="train", options={"configuration": "/a", "configurations": ["/b"]}), "options.configuration"),
    (document(kind="train", options={"configurations": ["/b", "b"]}), "options.configurations.1"),
    (document(kind="train", options={"configurations": ["/b", "/b"]}), "options.configurations.1"),
    (document(kind="train", options={"configurations": [{"name": "a"}, {"name": "a"}]}), "options.configurations.1"),
    (document(kind="train", options={"configurations": [{}]}), "options.configurations.0.name"),
    (document(kind="train", options={"configurations": [7]}), "options.configurations.0"),
    (document(area=ring((0, 0), (1, 0), (1, 1))), "area"),
])
def test_each_kind_of_job_says_what_it_needs(given_document: dict[str, Any], field: str) -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification(given_document)
    assert caught.value.field == field


def test_resources_and_whole_configurations_are_kept_as_given() -> None:
    given_document = document(
        kind="train", options={"configurations": ["/a.yaml", {"name": "b", "warm_start": None}]},
        resources={"scheduler": "slurm", "partition": "gpu,long", "account": "soil@uni", "gpus": 1, "cpus": 4,
                   "memory_mb": 8000, "minutes": 240, "tasks": 19, "processes": 1, "attempts": 3})
    specification = parse_specification(given_document)
    assert specification.scheduler == "slurm"
    assert specification.to_dict() == given_document
    assert parse_specification(CONTRACT).scheduler == "process"


def test_a_newer_schema_asks_for_a_newer_engine_whatever_else_is_in_it() -> None:
    with pytest.raises(DeepSoilError) as caught:
        parse_specification({"schema": SCHEMA + 1, "shape": "of things to come"})
    assert caught.value.code == "schema_newer"
    assert "Update the engine" in caught.value.hint


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                           lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(CONTRACT)), json_values)
def test_whatever_stands_in_a_field_nothing_but_an_explained_error_comes_out(name: str, value: Any) -> None:
    try:
        parse_specification({**CONTRACT, name: value})
    except DeepSoilError as error:
        assert error.message and error.hint
