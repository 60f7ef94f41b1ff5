"""Irrigation planned on a real window as an agronomist does it: light, and in QGIS's dark theme at 200 %."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.conftest import SHOTS, Window, variables_of
from tools.desktop.driver import Desktop, virtual_screen
from tools.desktop.main_job import MainJob

SMALL = (1366, 768)
LOOKS = {"light": ("", 1), "dark_200": ("Night Mapping", 2)}
BOX = ((-104.935, 40.430), (-104.923, 40.421))
DAY = dt.date(2023, 7, 12)
DAYS_SHOWN = 22  # two weeks, the day, and a week
AXIS_PX = 66


@pytest.fixture(params=list(LOOKS))
def seen(request: pytest.FixtureRequest, display: str, sample: Path, tmp_path: Path) -> Iterator[tuple[str, MainJob]]:
    """A look's name, and QGIS with the dock open in it."""
    theme, scale = LOOKS[request.param]
    with virtual_screen((SMALL[0] * scale, SMALL[1] * scale)) as screen:
        window = Window(screen, tmp_path, sample, variables_of(tmp_path / "home"), theme, SMALL, scale)
        yield request.param, window()
        window.close(SHOTS / f"water_{request.param}_end.png")


def choose(desktop: Desktop, name: str, text: str) -> None:
    """Choose in a combo box by keyboard, by what the entry begins with."""
    desktop.click(name)
    desktop.type(text)
    desktop.key("Return")


def at(desktop: Desktop, days_ahead: int, share_of_height: float) -> tuple[int, int]:
    """Where in the plot of water a day is, and so much of its height."""
    plot = desktop.widget("waterPlot")
    width = plot["width"] / 2 - AXIS_PX - 4
    index = DAYS_SHOWN - 8 + days_ahead
    return (round(plot["x"] + AXIS_PX + (index + 0.6 + 0.2) / (DAYS_SHOWN + 0.2) * width),
            round(plot["y"] + 6 + (1 - share_of_height) * (plot["height"] * 0.42)))


def row(desktop: Desktop, text: str) -> dict[str, Any] | None:
    found: dict[str, Any] | None = desktop.ask("row", view="waterEvents", text=text)
    return found


def test_irrigation_is_planned_by_mouse_and_keys(seen: tuple[str, MainJob]) -> None:
    look, job = seen
    desktop = job.desktop

    def shot(name: str) -> None:
        desktop.screenshot(SHOTS / f"water_{look}_{name}.png")

    def sentence() -> str:
        return str((desktop.ask("widget", name="waterSentence") or {"text": ""})["text"])

    job.draw_box(*BOX)
    desktop.wait(lambda: desktop.ask("widget", name="deepsoilArea"), "the area")
    job.name_field("North quarter")
    choose(desktop, "deepsoilWater", "Irrigated")
    desktop.widget("deepsoilCrop")
    choose(desktop, "deepsoilCrop", "Potato")
    desktop.key("ctrl+alt+w")
    desktop.widget("DeepSoilWaterPanel")
    job.choose_date(DAY, "waterDay")
    desktop.wait(lambda: sentence().endswith("."), "the sentence", 300)
    desktop.wait(lambda: desktop.ask("widget", name="waterPlot"), "the plot", 300)
    desktop.wait(lambda: not desktop.ask("widget", name="waterProgress"), "the simulation", 300)
    shot("first")
    before = sentence()
    desktop.click_at(*at(desktop, 1, 0.6))
    added = desktop.wait(lambda: row(desktop, "13 Jul"), "the planned irrigation")
    desktop.wait(lambda: sentence() != before, "another sentence", 120)
    shot("added")
    start = at(desktop, 1, 0.3)
    desktop.drag(start, (start[0] + 2, start[1] - 25))
    taller = desktop.wait(lambda: (row(desktop, "13 Jul") or added) != added and row(desktop, "13 Jul"), "more water")
    assert taller is not None
    desktop.key("Right")
    desktop.wait(lambda: row(desktop, "14 Jul"), "the day after")
    desktop.key("ctrl+z")
    desktop.wait(lambda: row(desktop, "13 Jul"), "the day before")
    shot("undone")
    desktop.key("Delete")
    desktop.wait(lambda: row(desktop, "13 Jul") is None, "no irrigation")
    desktop.wait(lambda: sentence() == before, "the first sentence", 120)
    desktop.key("Return")
    desktop.wait(lambda: row(desktop, "13 Jul"), "one of usual size")
    desktop.click("waterKeep")
    desktop.wait(lambda: "kept in the project" in (desktop.ask("widget", name="waterProblem") or {"text": ""})["text"],
                 "what is said of the plan")
    shot("kept")
