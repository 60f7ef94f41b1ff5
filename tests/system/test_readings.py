"""Readings and water on a real window as an agronomist gives them: light, and in QGIS's dark theme at 200 %."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conftest import SHOTS, Window, variables_of
from tools.desktop.driver import Desktop, virtual_screen
from tools.desktop.main_job import MainJob

SMALL = (1366, 768)
LOOKS = {"light": ("", 1), "dark_200": ("Night Mapping", 2)}
BOX = ((-104.935, 40.430), (-104.923, 40.421))
PLACE = (-104.929, 40.4255)
EDGE = -104.765625  # the region's east
WITHOUT = ("lai", "ndvi", "bulk_density", "available_water_storage")  # which the models can do without
WARNED = ("% of the area lies outside the region", "The region has no data for", "of days after the last map")
PROBES = """Date/Time;Probe A (%);Note
07/08/2023 09:00;22,5;
07/09/2023 09:00;21,9;
07/10/2023 09:00;220;typing error
07/11/2023 09:00;9999999;
07/12/2023 09:00;20,8;
"""


@pytest.fixture(scope="module")
def poor(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample region without some of its channels."""
    folder = tmp_path_factory.mktemp("poor") / "sample"
    shutil.copytree(sample, folder, copy_function=os.symlink)
    file = folder / "region" / "zarr.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    for channel in WITHOUT:
        del document["attributes"]["channels"][channel]
    file.unlink()
    file.write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.fixture(params=list(LOOKS))
def seen(request: pytest.FixtureRequest, display: str, poor: Path, tmp_path: Path) -> Iterator[tuple[str, MainJob]]:
    """A look's name, and QGIS with the dock open in it."""
    theme, scale = LOOKS[request.param]
    with virtual_screen((SMALL[0] * scale, SMALL[1] * scale)) as screen:
        window = Window(screen, tmp_path, poor, variables_of(tmp_path / "home"), theme, SMALL, scale)
        yield request.param, window()
        window.close(SHOTS / f"readings_{request.param}_end.png")


def choose(desktop: Desktop, name: str, text: str) -> None:
    """Choose in a combo box by keyboard, by what the entry begins with."""
    desktop.click(name)
    desktop.type(text)
    desktop.key("Return")


def test_readings_are_typed_opened_and_listed(seen: tuple[str, MainJob], tmp_path: Path) -> None:
    look, job = seen
    desktop = job.desktop

    def shot(name: str) -> None:
        desktop.screenshot(SHOTS / f"readings_{look}_{name}.png")

    job.draw_box(*BOX)
    desktop.wait(lambda: desktop.ask("widget", name="deepsoilArea"), "the area")
    desktop.wait(lambda: desktop.ask("widget", name="deepsoilEstimate")["text"], "the estimate")
    job.choose_date(dt.date(2023, 7, 12))
    typed_at_a_point(desktop)
    shot("value")
    desktop.click("deepsoilReadingAdd")
    desktop.wait(lambda: desktop.ask("widget", name="deepsoilReadingsSummary"), "the summary")
    opened(desktop, tmp_path)
    shot("asked")
    all_is_said(desktop)
    shot("file")
    desktop.click("deepsoilProbeUse")
    desktop.wait(lambda: desktop.widget("deepsoilReadingsSummary")["text"] == "1 probe, 1 value", "the summary")
    desktop.click("deepsoilReadingsShow")
    desktop.widget("deepsoilReadingsList")
    shot("list")
    desktop.key("Escape")
    choose(desktop, "deepsoilWater", "Irrigatio")
    desktop.type("4 Jul 2023")
    desktop.key("Return")
    desktop.wait(lambda: desktop.widget("deepsoilProblem")["text"] == "Row 1: type the water in mm.", "what is asked")
    shot("water_log")
    choose(desktop, "deepsoilWater", "Usual")
    desktop.widget("deepsoilHabitMm")
    shot("water_habit")
    over_the_edge(job)
    job.choose_date(dt.date(2023, 7, 9))  # some readings are later now
    desktop.wait(lambda: all(words in desktop.widget("deepsoilProblem")["text"] for words in WARNED), "the warnings")
    shot("warnings")
    button = desktop.widget("deepsoilMapIt")
    assert button["y"] + button["height"] <= desktop.widget("deepsoilJobs")["y"], "the button is seen on a low screen"


def over_the_edge(job: MainJob) -> None:
    """A box that is partly east of the region."""
    desktop = job.desktop
    desktop.click_at(*desktop.on_canvas(*PLACE), button=5, repeat=3)
    desktop.drawn()
    job.draw_box((EDGE - 0.03, 40.43), (EDGE + 0.02, 40.40))


def typed_at_a_point(desktop: Desktop) -> None:
    """A value in per cent, which is asked for; the point is picked on the map."""
    desktop.click("deepsoilReadingsPoint")
    desktop.click_at(*desktop.on_canvas(*PLACE))
    desktop.widget("deepsoilReadingWater")
    desktop.replace_text("deepsoilReadingWater", "22")
    desktop.replace_text("deepsoilReadingDepth", "20")
    desktop.click("deepsoilReadingAdd")
    desktop.wait(lambda: "unit" in desktop.widget("deepsoilReadingProblem")["text"], "the question for the unit")
    choose(desktop, "deepsoilReadingUnit", "per")


def opened(desktop: Desktop, folder: Path) -> None:
    """The file is chosen; its window says what it has yet to be told."""
    file = folder / "probe_a.csv"
    file.write_text(PROBES, encoding="utf-8")
    desktop.click("deepsoilReadingsFile")
    desktop.widget("deepsoilReadingsFileDialog")
    desktop.type(str(file))
    desktop.key("Return")
    desktop.wait(lambda: (desktop.ask("widget", name="deepsoilProbeProblem") or {"text": ""})["text"].startswith(
        "Still to be said"), "what is asked")


def all_is_said(desktop: Desktop) -> None:
    choose(desktop, "deepsoilProbeRole0", "date")
    choose(desktop, "deepsoilProbeRole1", "water")
    desktop.replace_text("deepsoilProbeDepth1", "20")
    choose(desktop, "deepsoilProbeUnit", "per")
    choose(desktop, "deepsoilProbeOrder", "month")
    choose(desktop, "deepsoilProbeZone", "UTC")
    desktop.click("deepsoilProbePick")
    desktop.click_at(*desktop.on_canvas(*PLACE))
    desktop.wait_enabled("deepsoilProbeUse")
    assert "3 daily means, 20 cm, 8 – 12 Jul 2023" in desktop.widget("deepsoilProbeFound")["text"]
