"""From the maps of sixteen fields to the table of what each needs: by mouse, in at most three clicks."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conftest import SHOTS, Window, variables_of
from tools.desktop.driver import virtual_screen
from tools.desktop.main_job import MainJob

SMALL = (1366, 768)
LOOKS = {"light": ("", 1), "dark_200": ("Night Mapping", 2)}
WEST, NORTH, WIDTH, HEIGHT = -104.9333, 40.4328, 0.0047, 0.0036
FIELDS = 16


def write_fields(file: Path) -> None:
    features = []
    for number in range(FIELDS):
        west, north = WEST + WIDTH * (number % 4), NORTH - HEIGHT * (number // 4)
        east, south = west + 0.17 * WIDTH, north - 0.17 * HEIGHT  # each has a few soil columns only
        features.append({"type": "Feature", "properties": {"name": f"Block {number + 1}"}, "geometry": {
            "type": "Polygon", "coordinates": [[[west, north], [west, south], [east, south], [east, north],
                                                [west, north]]]}})
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first look has simulated; the second one goes on from there."""
    return tmp_path_factory.mktemp("kept") / "field-states"


@pytest.fixture(params=list(LOOKS))
def seen(request: pytest.FixtureRequest, display: str, sample: Path, tmp_path: Path,
         states: Path) -> Iterator[tuple[str, MainJob]]:
    """A look's name, and QGIS with the dock open and sixteen fields in a layer."""
    theme, scale = LOOKS[request.param]
    if states.exists():
        shutil.copytree(states, tmp_path / "home" / states.name)
    with virtual_screen((SMALL[0] * scale, SMALL[1] * scale)) as screen:
        window = Window(screen, tmp_path, sample, variables_of(tmp_path / "home"), theme, SMALL, scale)
        write_fields(tmp_path / "project" / "fields.geojson")
        yield request.param, window()
        window.close(SHOTS / f"fields_table_{request.param}_end.png")
        shutil.copytree(tmp_path / "home" / states.name, states, dirs_exist_ok=True)


def test_from_the_maps_of_sixteen_fields_to_what_each_needs(seen: tuple[str, MainJob]) -> None:
    look, job = seen
    desktop = job.desktop
    desktop.click_on(desktop.wait(lambda: desktop.ask("row", view="theLayerTreeView", text="Fields"), "the layer"))
    desktop.drawn()
    desktop.click_at(*desktop.on_canvas(WEST + 0.08 * WIDTH, NORTH - 0.08 * HEIGHT))  # keys now go to the map
    desktop.key("ctrl+a")
    desktop.wait(lambda: desktop.ask("select", layer="Fields") == [FIELDS], "the selection")
    desktop.click_left_edge("deepsoilSelectedFeatures")
    desktop.wait(lambda: desktop.widget("deepsoilArea")["text"].startswith(f"{FIELDS} fields, "), "the fields")
    job.choose_date(dt.date(2023, 7, 15))
    job.choose_until(None)
    job.map_it()
    job.wait_for_layers("Fields", 2 * FIELDS)
    clicks = 0
    for button in ("deepsoilJobFields", "fieldsRefill"):
        desktop.wait_enabled(button)
        desktop.click(button)
        clicks += 1
        if button == "deepsoilJobFields":
            desktop.wait(lambda: "simulates" in desktop.widget("fieldsWords")["text"], "the table of the networks")
            desktop.screenshot(SHOTS / f"fields_table_{look}_networks.png")
    desktop.wait(lambda: "beyond the limit" in (desktop.ask("widget", name="fieldsWords") or {}).get("text", ""),
                 "the table", 600)
    assert clicks <= 3
    assert all(desktop.ask("row", view="fieldsTable", text=f"Block {number}") for number in (1, 7, 16))
    desktop.drawn()
    desktop.screenshot(SHOTS / f"fields_table_{look}_refill.png")
    desktop.click_on(desktop.ask("row", view="fieldsTable", text="Block 7"))
    desktop.drawn()
    desktop.screenshot(SHOTS / f"fields_table_{look}_one.png")
