"""A document with an unknown field, a missing one or a wrong type at any place: one error that names the field.

The cases are made from the JSON Schema of the contract; the engine and the plugin's check are held against them.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.host import parse_host
from deepsoil.contract.model import ModelContract
from deepsoil.contract.specification import parse_specification
from deepsoil.contract.version import SCHEMA

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from deepsoil_plugin.contract_check import problem  # noqa: E402
from tools.contract.schema import document as schema_document  # noqa: E402

DEFINITIONS: dict[str, Any] = schema_document()["$defs"]
AREA = {"type": "Polygon", "coordinates": [[[-96.6, 39.1], [-96.5, 39.1], [-96.5, 39.2], [-96.6, 39.1]]]}
MANY = {"type": "MultiPolygon", "coordinates": [AREA["coordinates"]]}
RESOURCES = {"scheduler": "slurm", "partition": "gpu", "account": "soil", "qos": "long", "gpus": 1, "cpus": 4,
             "memory_mb": 8000, "minutes": 240, "tasks": 19, "processes": 1, "attempts": 3}
PREDICT = {"schema": SCHEMA, "id": "3f0c" * 8, "kind": "predict", "name": "North", "region": "sample", "area": AREA,
           "dates": {"start": "2023-07-15", "end": "2023-07-16"}, "depths_cm": [5, 20],
           "models": {"5": "deepsoil-5cm"}, "output": {"crs": "utm", "resolution_m": 30.0},
           "options": {"vegetation": "carry", "threads": 2}, "resources": RESOURCES}
COMMON = {name: PREDICT[name] for name in ("schema", "id", "name")}
EVALUATE = {**COMMON, "kind": "evaluate", "region": "sample", "dates": PREDICT["dates"], "depths_cm": [5],
            "options": {"stations": ["a"], "vegetation": "nearest", "threads": 1}}
TRAIN = {**COMMON, "kind": "train",
         "options": {"configurations": ["/a.yaml", {"name": "b"}], "store": "/s", "threads": 1}}
INGEST = {**COMMON, "kind": "ingest", "options": {"recipe": "/r.yaml", "store": "/s"}}
SIMULATE = {**COMMON, "kind": "simulate", "region": "sample",
            "options": {"texture_step": 5, "fallow": True, "restart": False, "threads": 1,
                        "sample": {"pixels": 10, "year": 2020, "seed": 1}}}
HOST = {"id": "hydra", "title": "Hydra", "address": "hydra.example.org", "port": 22, "user": "anna",
        "authentication": "key", "key_file": "~/.ssh/id", "home": "~/deepsoil", "python": "/usr/bin/python3.12",
        "scheduler": "slurm", "resources": {name: value for name, value in RESOURCES.items() if name != "scheduler"}}
MODEL = json.loads((ROOT / "tests" / "engine" / "data" / "model_contract.json").read_text(encoding="utf-8"))

DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "predict": ("Specification", PREDICT), "many areas": ("Specification", {**PREDICT, "area": MANY}),
    "evaluate": ("Specification", EVALUATE), "train": ("Specification", TRAIN), "ingest": ("Specification", INGEST),
    "simulate": ("Specification", SIMULATE), "host": ("Host", HOST), "model": ("ModelContract", MODEL)}
PARSERS: dict[str, Callable[[Any], Any]] = {
    "Specification": parse_specification, "Host": parse_host,
    "ModelContract": lambda document: ModelContract.from_json(json.dumps(document), "m.onnx")}
CODES = {"Specification": "specification_invalid", "Host": "host_invalid", "ModelContract": "model_invalid"}
WRONG: dict[str, list[Any]] = {
    "object": [7, [], "text"], "array": [7, {}, "text"], "string": [7, {}, []], "boolean": [7, "text", None],
    "integer": ["7", 7.5, [], True], "number": ["7", [], {}]}

Place = tuple[tuple[str, ...], dict[str, Any], list[dict[str, Any]]]  # path, rule, all rules that it might follow
Case = tuple[str, tuple[str, ...], dict[str, Any]]  # what was done, to which field, the document


def resolved(rule: dict[str, Any]) -> dict[str, Any]:
    return resolved(DEFINITIONS[rule["$ref"].rpartition("/")[2]]) if "$ref" in rule else rule


def choices(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas that a value may follow."""
    rule = resolved(rule)
    return [one for choice in rule.get("anyOf") or rule.get("oneOf") or [] for one in choices(choice)] or [rule]


def fitting(value: Any, rule: dict[str, Any]) -> dict[str, Any]:
    """The one of the choices that the value follows, with the options that its kind has."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    found = [one for one in choices(rule) if one.get("type") in (names[type(value)], "number" if
             names[type(value)] == "integer" else None)]
    if len(found) > 1:
        found = [one for one in found if one["properties"]["type"]["const"] == value["type"]]
    rule = copy.deepcopy(found[0])
    for condition in rule.get("allOf", []):
        if value["kind"] == condition["if"]["properties"]["kind"]["const"]:
            rule["properties"] |= condition["then"]["properties"]
    return rule


def places(value: Any, rule: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every place of a document: its path, the rule that it follows, and all it might follow."""
    mine = fitting(value, rule)
    yield path, mine, choices(rule)
    if isinstance(value, dict):
        for name, one in value.items():
            inner = mine.get("properties", {}).get(name, mine.get("additionalProperties"))
            if isinstance(inner, dict) and inner:
                yield from places(one, inner, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from places(one, mine["items"], (*path, str(number)))


def changed(document: dict[str, Any], path: tuple[str, ...], act: Callable[[Any, Any], None]) -> dict[str, Any]:
    copied = copy.deepcopy(document)
    owner: Any = copied
    for part in path[:-1]:
        owner = owner[int(part)] if isinstance(owner, list) else owner[part]
    act(owner, int(path[-1]) if isinstance(owner, list) else path[-1])
    return copied


def cases(definition: str, document: dict[str, Any]) -> Iterator[Case]:
    for path, rule, possible in places(document, DEFINITIONS[definition]):
        if rule.get("additionalProperties") is False:
            for name in ("wetness", "", "ä b"):
                inner = (*path, name)
                yield "unknown", inner, changed(document, inner, lambda owner, key: owner.update({key: 1}))
        for name in rule.get("required", ()):
            inner = (*path, name)
            yield "missing", inner, changed(document, inner, lambda owner, key: owner.pop(key))
        if not path:
            continue
        allowed = {one.get("type") for one in possible}
        for value in WRONG[rule["type"]]:
            kind = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number",
                    type(None): "null"}[type(value)]
            if kind not in allowed and not (kind == "integer" and "number" in allowed):
                yield "wrong", path, changed(document, path, lambda owner, key, value=value:
                                             owner.__setitem__(key, value))


ALL = [(f"{name}: {what} {'.'.join(path)}", DOCUMENTS[name][0], what, path, document)
       for name in DOCUMENTS for what, path, document in cases(*DOCUMENTS[name])]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_themselves_are_taken(name: str) -> None:
    definition, document = DOCUMENTS[name]
    PARSERS[definition](copy.deepcopy(document))
    if definition != "ModelContract":
        assert problem(document, definition) is None


def test_the_engine_answers_each_with_one_error_that_names_the_field() -> None:
    counts: dict[str, int] = {}
    unclear = []
    for name, definition, what, path, document in ALL:
        counts[what] = counts.get(what, 0) + 1
        try:
            PARSERS[definition](document)
        except DeepSoilError as error:
            field = ".".join(path)
            named = error.field
            if definition == "ModelContract":  # its field is that of the job which asks for the model
                named = field if f": {field}: " in error.message else error.message
            if error.code != CODES[definition] or named != field or not error.hint:
                unclear.append((name, error.code, error.field, error.message))
        else:
            unclear.append((name, "taken", None, ""))
    print(f"engine: {sum(counts.values())} documents {counts}, {len(unclear)} unclear")
    assert not unclear, "\n".join(map(str, unclear[:20]))
    assert min(counts.values()) >= 50


def test_the_plugin_finds_the_same_field_in_what_it_sends() -> None:
    sent = [case for case in ALL if case[1] != "ModelContract"]
    unclear = []
    for name, definition, what, path, document in sent:
        found = problem(document, definition)
        if found is None or (found.field, found.what) != (".".join(path), what):
            unclear.append((name, found))
    print(f"plugin: {len(sent)} documents, {len(unclear)} unclear")
    assert not unclear, "\n".join(map(str, unclear[:20]))
