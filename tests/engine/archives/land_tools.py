"""What the tests of soil and land archives share: an ask, addresses of local servers, and ingest of what came."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml
from deepsoil.archives.archive import Archive, Ask, Entries, Got
from deepsoil.archives.session import open_network
from deepsoil.archives.transport import Limits
from deepsoil.grid import Window
from deepsoil.sources.ingest import ingest
from deepsoil.store.store import Store
from shapely.geometry import box

BOUNDS = (-96.64, 39.05, -96.54, 39.13)
FIELD = (-96.60, 39.08, -96.58, 39.10)
QUICK = Limits(connect_s=5, read_s=10, tries=2, first_pause_s=0.01, longest_pause_s=0.02)


def ask(field: tuple[float, float, float, float] = FIELD, bounds: tuple[float, float, float, float] = BOUNDS,
        end: date = date(2026, 9, 30)) -> Ask:
    return Ask(box(*field), bounds, date(end.year - 3, 1, 1), end, date(2026, 11, 1))


@pytest.fixture
def addresses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function that says where servers are, by name."""
    known: dict[str, str] = {}

    def point(**servers: str) -> None:
        known.update(servers)
        file = tmp_path / "addresses.json"
        file.write_text(json.dumps(known))
        monkeypatch.setenv("DEEPSOIL_ARCHIVES", str(file))

    return point


def gather(archive: Archive, wanted: Ask, folder: Path) -> tuple[list[Got], Entries]:
    """Plan, fetch every piece, and what it means."""
    folder.mkdir(parents=True, exist_ok=True)
    with open_network(limits=QUICK) as network:
        got = [archive.fetch(piece, network, folder) for piece in archive.plan(wanted)]
    for one in got:
        assert one.files[0] == one.piece.name and one.piece.archive == archive.name
        assert all(name.startswith(f"{archive.name}/") and (folder / name).is_file() for name in one.files)
    assert not [path for path in folder.rglob("*") if ".part" in path.name or ".second" in path.name]
    return got, archive.entries(got, folder)


def ingested(entries: Entries, wanted: Ask, folder: Path, attribution: str = "",
             more: Mapping[str, object] | None = None) -> Store:
    """The store of a recipe of these entries."""
    document = {"schema": 1, "name": "made", "title": "Made", "attribution": attribution,
                "area": {"box": list(wanted.bounds)}, "channels": {**dict(entries.channels), **(more or {})}}
    (folder / "recipe.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(document)), allow_unicode=True))
    return ingest(folder / "recipe.yaml", folder / "store")


def inside(bounds: tuple[float, float, float, float] = BOUNDS) -> tuple[Window, np.ndarray, np.ndarray]:
    """The pixels of a box in degrees (the store is larger: whole tiles), with their longitudes and latitudes (H, W)."""
    margin = 5e-4
    window = Window.around(bounds[0] + margin, bounds[1] + margin, bounds[2] - margin, bounds[3] - margin)
    return window, *np.meshgrid(*window.lonlat_centres())
