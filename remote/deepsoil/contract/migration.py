"""Converts documents of earlier versions of the contract, step by step, to the present one; refuses later ones. Pure.

Schema 2 calls a computer that runs an engine a host (before: a place), and its name in the network a machine (before:
a host).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from deepsoil.contract.errors import DeepSoilError
from deepsoil.contract.local import LOCAL
from deepsoil.contract.version import SCHEMA

Document = dict[str, Any]
_Step = Callable[[Document], Document]


def specification(document: Document) -> Document:
    """A job specification as this version reads it. DeepSoilError ``schema_newer``."""
    return _migrated(document, {1: lambda old: old})


def status(document: Document) -> Document:
    """The content of ``state.json``, as this version reads it. DeepSoilError ``schema_newer``."""
    def machine(old: Document) -> Document:
        rest = {name: value for name, value in old.items() if name != "host"}
        return {**rest, "machine": old.get("host")}

    return _migrated({"schema": 1, **document}, {1: machine})


def manifest(document: Document) -> Document:
    """A manifest as this version reads it. DeepSoilError ``schema_newer``."""
    return _migrated(document, {1: lambda old: old})


def hosts(document: Document) -> tuple[Document, dict[str, str]]:
    """``places.json`` of schema 1 as ``hosts.json``, and the new ids of hosts whose id had to change.

    ValueError if it is not a list of places.
    """
    entries = document.get("places")
    if document.get("schema") != 1 or not isinstance(entries, list):
        raise ValueError("no list of places")
    if not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("an entry is no place")
    taken = {str(entry.get("id")) for entry in entries}
    renamed = {LOCAL: free_id(LOCAL, taken)} if LOCAL in taken else {}
    return {"schema": SCHEMA, "hosts": [_host(entry, renamed) for entry in entries]}, renamed


def _host(entry: Document, renamed: dict[str, str]) -> Document:
    new = {("address" if name == "host" else name): value for name, value in entry.items()}
    return {**new, "id": renamed.get(str(entry.get("id")), entry.get("id"))}


def free_id(stem: str, taken: Collection[str]) -> str:
    """``stem`` with the first number, from 2 on, that gives an unused id."""
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


def _migrated(document: Document, steps: dict[int, _Step]) -> Document:
    version = document.get("schema")
    if isinstance(version, bool) or not isinstance(version, int):
        return document
    require_known(version)
    while version in steps:
        document = {**steps[version](document), "schema": version + 1}
        version += 1
    return document


def require_known(version: int) -> None:
    """DeepSoilError ``schema_newer`` for a version that this engine does not know."""
    if version > SCHEMA:
        raise DeepSoilError("schema_newer", "This was written by a newer version of DeepSoil (schema {version}; this "
                            "one knows {known}).", "Update DeepSoil.", "schema", version=version, known=SCHEMA)
