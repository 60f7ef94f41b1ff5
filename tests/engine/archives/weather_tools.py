"""What the tests of weather archives share: an ask, addresses of local servers, and ingest of what came."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from deepsoil.archives.archive import Archive, Ask, Entries, Got, Piece
from deepsoil.archives.session import open_network
from deepsoil.archives.transport import Limits
from deepsoil.sources.ingest import ingest
from deepsoil.store.store import Store
from shapely.geometry import box

FIELD = (-96.60, 39.08, -96.58, 39.10)
BOUNDS = (-96.625, 39.06, -96.545, 39.12)
TODAY = date(2026, 11, 30)
QUICK = Limits(connect_s=5, read_s=10, tries=2, first_pause_s=0.01, longest_pause_s=0.02)

Addresses = Callable[..., None]


def ask(start: date = date(2026, 8, 1), end: date = TODAY, today: date = TODAY,
        bounds: tuple[float, float, float, float] = BOUNDS) -> Ask:
    return Ask(box(*FIELD), bounds, start, end, today)


@pytest.fixture
def addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Addresses:
    """A function that says where servers are, by name."""
    known: dict[str, str] = {}

    def point(**servers: str) -> None:
        known.update(servers)
        file = tmp_path / "addresses.json"
        file.write_text(json.dumps(known))
        monkeypatch.setenv("DEEPSOIL_ARCHIVES", str(file))

    return point


def fetch(archive: Archive, pieces: Sequence[Piece], folder: Path) -> list[Got]:
    """Every piece, in one network."""
    with open_network(limits=QUICK, proxies={}) as network:
        got = [archive.fetch(piece, network, folder) for piece in pieces]
    for one in got:
        assert one.files[0] == one.piece.name and one.piece.archive == archive.name
        assert all(name.startswith(f"{archive.name}/") and (folder / name).is_file() for name in one.files)
    assert not [path for path in folder.rglob("*") if path.name.startswith(".") or ".part" in path.name]
    return got


def ingested(entries: Sequence[Entries], wanted: Ask, folder: Path, **more: Any) -> Store:
    """The store of a recipe of these entries, with a soil that is the same everywhere."""
    channels: dict[str, Any] = {name: {"kind": "constant", "value": value, "unit": unit} for name, value, unit in (
        ("elevation", 350.0, "m"), ("sand", 30.0, "%"), ("silt", 40.0, "%"), ("clay", 30.0, "%"))}
    document: dict[str, Any] = {"schema": 1, "name": "made", "title": "Made", "area": {"box": list(wanted.bounds)},
                                "channels": channels, **more}
    for one in entries:
        channels |= one.channels
    (folder / "recipe.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(document, default=str))))
    return ingest(folder / "recipe.yaml", folder / "store")
