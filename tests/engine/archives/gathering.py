"""What the tests of archives share: a field, what an archive has for it, and the store that comes of that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely.geometry
import yaml
from deepsoil.archives.archive import Archive, Ask, Entries, Got
from deepsoil.archives.session import Session, open_network
from deepsoil.archives.transport import Limits
from deepsoil.sources.ingest import ingest
from deepsoil.store.store import Store

FIELD = shapely.geometry.box(-96.60, 39.08, -96.58, 39.10)
BOUNDS = (-96.625, 39.06, -96.555, 39.12)
ASK = Ask(FIELD, BOUNDS, date(2023, 5, 1), date(2023, 7, 31), date(2026, 11, 30))


def point_at(monkeypatch: pytest.MonkeyPatch, folder: Path, **servers: str) -> None:
    """Let archives ask made servers: name → base address."""
    path = folder / "archives.json"
    path.write_text(json.dumps(servers), encoding="utf-8")
    monkeypatch.setenv("DEEPSOIL_ARCHIVES", str(path))


@contextmanager
def network(**more: Any) -> Iterator[Session]:
    """The real network, impatient."""
    session = open_network(proxies={}, limits=Limits(connect_s=5, read_s=5, tries=3, first_pause_s=0.02,
                                                     longest_pause_s=0.2), **more)
    with session:
        yield session


def fetched(archive: Archive, ask: Ask, folder: Path) -> tuple[list[Got], Entries]:
    """Everything that an archive has."""
    with network() as session:
        got = [archive.fetch(piece, session, folder) for piece in archive.plan(ask)]
    for one in got:
        assert one.files[0] == one.piece.name and all((folder / name).is_file() for name in one.files), one.files
    return got, archive.entries(got, folder)


def ingested(folder: Path, entries: Sequence[Entries], ask: Ask = ASK) -> Store:
    """The store of a recipe with these entries; what no archive here gives is the same everywhere."""
    channels: dict[str, Mapping[str, Any]] = {
        name: {"kind": "constant", "value": value, "unit": unit} for name, value, unit in (
            ("elevation", 350.0, "m"), ("sand", 30.0, "%"), ("silt", 40.0, "%"), ("clay", 30.0, "%"))}
    for one in entries:
        channels |= one.channels
    stations = [one.stations for one in entries if one.stations is not None]
    document = {"schema": 1, "name": "made", "title": "Made", "area": {"box": list(ask.bounds)},
                "dates": {"start": ask.start, "end": ask.end}, "channels": channels}
    if stations:
        document["stations"] = stations if len(stations) > 1 else stations[0]
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(document, default=str)), sort_keys=False), encoding="utf-8")
    return ingest(path, folder / "store")


def days(first: str, last: str) -> Ask:
    """The usual field on other days."""
    return replace(ASK, start=date.fromisoformat(first), end=date.fromisoformat(last))
