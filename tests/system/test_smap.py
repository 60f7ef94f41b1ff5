"""A field's maps beside SMAP on a real window, by keyboard and mouse: light, and in QGIS's dark theme at 200 %."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conftest import SHOTS, Window, variables_of
from tools import sample_region
from tools.desktop.driver import Desktop, virtual_screen
from tools.desktop.main_job import MainJob

SMALL = (1366, 768)
LOOKS = {"light": ("", 1), "dark_200": ("Night Mapping", 2)}
FIELD = "North quarter"


@pytest.fixture(params=list(LOOKS))
def seen(request: pytest.FixtureRequest, display: str, sample: Path, tmp_path: Path) -> Iterator[tuple[str, MainJob]]:
    """A look's name, and QGIS with the dock open in it."""
    theme, scale = LOOKS[request.param]
    with virtual_screen((SMALL[0] * scale, SMALL[1] * scale)) as screen:
        window = Window(screen, tmp_path, sample, variables_of(tmp_path / "home"), theme, SMALL, scale)
        yield request.param, window()
        window.close(SHOTS / f"smap_{request.param}_end.png")


def text_of(desktop: Desktop, name: str) -> str:
    return str((desktop.ask("widget", name=name) or {"text": ""})["text"])


def test_the_maps_of_a_field_are_compared_with_smap_and_the_cells_shown(seen: tuple[str, MainJob]) -> None:
    look, job = seen
    desktop = job.desktop
    job.draw_polygon(sample_region.field(FIELD)["coordinates"][0][:-1])
    job.name_field(FIELD)
    job.choose_date(dt.date(2023, 7, 10))
    job.choose_until(dt.date(2023, 7, 16))
    job.map_it()
    job.wait_for_layers(FIELD, 2, days=7)
    desktop.key("ctrl+alt+e")
    desktop.widget("DeepSoilSmapPanel")
    words = desktop.wait(lambda: text_of(desktop, "smapCell"), "a cell", 120)
    assert "The map covers" in words and "SMAP 0" in words
    assert "of one SMAP cell" in text_of(desktop, "smapNotes")
    desktop.drawn()
    desktop.screenshot(SHOTS / f"smap_{look}_day.png")
    desktop.click("smapBack")
    desktop.wait(lambda: text_of(desktop, "smapCell") != words, "another day")
    desktop.click("smapLayers")
    desktop.wait(lambda: desktop.ask("row", view="theLayerTreeView", text="SMAP beside"), "the cells in the layer tree")
    desktop.drawn()
    desktop.screenshot(SHOTS / f"smap_{look}_cells.png")
