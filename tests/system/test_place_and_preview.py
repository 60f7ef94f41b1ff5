"""Any place and any day on a real window, by mouse and keyboard: light, and in QGIS's dark theme at 200 %."""

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
        window.close(SHOTS / f"place_{request.param}_end.png")


def text_of(desktop: Desktop, name: str) -> str:
    return str((desktop.ask("widget", name=name) or {"text": ""})["text"])


def middle() -> tuple[float, float]:
    corners = sample_region.field(FIELD)["coordinates"][0][:-1]
    longitudes, latitudes = zip(*corners, strict=True)
    return (min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2


def test_a_day_is_previewed_and_a_place_is_looked_at(seen: tuple[str, MainJob]) -> None:
    look, job = seen
    desktop = job.desktop

    def shot(name: str) -> None:
        desktop.screenshot(SHOTS / f"place_{look}_{name}.png")

    job.draw_polygon(sample_region.field(FIELD)["coordinates"][0][:-1])
    desktop.wait(lambda: text_of(desktop, "deepsoilEstimate"), "the estimate")
    job.choose_date(dt.date(2023, 7, 12))
    bare = desktop.ask("colour", longitude=middle()[0], latitude=middle()[1])
    desktop.click("deepsoilPreview")
    colour = desktop.wait(lambda: _changed(desktop, bare), "the preview", 120)
    shot("preview")
    for _ in range(6):
        desktop.click("deepsoilDayAfter")
    desktop.wait(lambda: _changed(desktop, colour), "another day's preview", 120)
    desktop.click("deepsoilPreviewDepth20")
    shot("preview_20cm")
    desktop.key("ctrl+alt+l")
    desktop.widget("DeepSoilPixelPanel")
    desktop.drawn()
    desktop.click_at(*desktop.on_canvas(*middle()))
    desktop.wait(lambda: "20 cm" in text_of(desktop, "pixelWords"), "the series", 120)
    desktop.wait(lambda: "weather of a cell" in text_of(desktop, "pixelMadeFrom"), "what it is made from", 60)
    shot("columns")
    desktop.click("deepsoilPreview")
    desktop.click("pixelPlace")
    desktop.key("ctrl+a")
    desktop.type("40.4300, -104.9200")
    desktop.key("Return")
    desktop.wait(lambda: text_of(desktop, "pixelPlace") == "40.43000, -104.92000", "the place to be taken")
    desktop.wait(lambda: not text_of(desktop, "pixelState") and "cm" in text_of(desktop, "pixelWords"), "it", 120)
    shot("typed")


def _changed(desktop: Desktop, before: str) -> str:
    now = str(desktop.ask("colour", longitude=middle()[0], latitude=middle()[1]))
    return "" if now == before else now
