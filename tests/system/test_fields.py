"""78 fields of a layer on a real window: select them, send one request, see every field's own map."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
from deepsoil.contract.geometry import named_outlines
from deepsoil.io import json_files

from tests.system.conftest import SHOTS, Start

WEST, NORTH, WIDTH, HEIGHT = -104.9333, 40.4328, 0.0047, 0.0036
FIELDS = 78


def write_fields(file: Path) -> None:
    """Fields side by side, with common borders, some round and some with a corner left out."""
    rng, features = np.random.default_rng(7), []
    for number in range(FIELDS):
        west, north = WEST + WIDTH * (number % 13 - 4), NORTH - HEIGHT * (number // 13)
        corners = [(0, 0), (1, 0), (1, -1), (0, -1), (0, 0)]
        if rng.random() < 0.3:
            angles = np.linspace(0, -2 * np.pi, 60)
            corners = [(0.5 + 0.48 * np.cos(a), -0.5 + 0.48 * np.sin(a)) for a in angles[:-1]]
            corners.append(corners[0])
        elif rng.random() < 0.5:
            corners.insert(2, (1, -0.6))
            corners[3] = (0.6, -1)
        ring = [[west + WIDTH * x, north + HEIGHT * y] for x, y in corners]
        features.append({"type": "Feature", "properties": {"name": f"Block {number + 1}"},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


def test_selected_fields_are_one_request_and_each_has_its_map(start: Start, home: Path) -> None:
    write_fields(home.parent / "project" / "fields.geojson")
    job = start()
    desktop = job.desktop
    desktop.click_on(desktop.wait(lambda: desktop.ask("row", view="theLayerTreeView", text="Fields"), "the layer"))
    desktop.drawn()
    desktop.click_at(*desktop.on_canvas(WEST + WIDTH, NORTH - 3 * HEIGHT))  # keys now go to the map
    desktop.key("ctrl+a")
    desktop.wait(lambda: desktop.ask("select", layer="Fields") == [FIELDS], "the selection")
    desktop.click_left_edge("deepsoilSelectedFeatures")
    desktop.wait(lambda: desktop.widget("deepsoilArea")["text"].startswith(f"{FIELDS} fields, "), "the fields")
    job.choose_date(dt.date(2023, 7, 15))
    job.choose_until(None)
    desktop.screenshot(SHOTS / "fields_chosen.png")
    job.map_it()
    rows = job.wait_for_layers("Fields", 2 * FIELDS)
    assert len({row["source"] for row in rows}) == 2 * FIELDS
    assert sorted({row["path"][-1] for row in rows}) == sorted(f"Block {number + 1}" for number in range(FIELDS))
    assert sum(row["visible"] for row in rows) == FIELDS, "one depth of every field is seen"
    (folder,) = [folder for folder in (home / "jobs").iterdir() if (folder / "job.json").exists()]
    assert len(named_outlines(json_files.read(folder / "job.json")["area"])) == FIELDS
    desktop.drawn()
    desktop.screenshot(SHOTS / "fields_mapped.png")
