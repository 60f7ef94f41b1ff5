"""A new user on a fresh profile: a field is drawn where DeepSoil has no data, and a few clicks later there are maps.

The archives are made ones on local servers (synthetic); QGIS, the plugin, the engine and its jobs are real.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.system.conftest import ROOT, SHOTS
from tests.system.fresh_profiles import counted, draw_field, fresh_profile, look_at
from tools.desktop.driver import SCREEN, virtual_screen
from tools.desktop.main_job import MainJob

sys.path.insert(0, str(ROOT / "tests" / "plugin"))

from made_engine import CENTRE, CORNERS, made_engine

MOST_CLICKS = 6
Fresh = Callable[..., MainJob]


@contextmanager
def with_made_archives(display: str, folder: Path, **wishes: Any) -> Iterator[MainJob]:
    """A fresh profile whose engine knows the made archives."""
    with made_engine(Path(sys.executable), folder) as engine, \
            fresh_profile(display, folder, engine, **wishes) as job:
        yield job


@pytest.fixture
def fresh(display: str, tmp_path: Path) -> Iterator[Fresh]:
    with ExitStack() as stack:
        yield lambda **wishes: stack.enter_context(with_made_archives(display, tmp_path, **wishes))


def offer_of(job: MainJob) -> None:
    desktop = job.desktop
    draw_field(job, CENTRE, CORNERS)
    desktop.wait(lambda: "archives" in desktop.widget("deepsoilDataCost")["text"], "what the data would take")


def test_from_a_drawn_field_to_two_maps_in_at_most_six_clicks(fresh: Fresh) -> None:
    job = fresh()
    desktop = job.desktop
    for name in ("deepsoilTrySample", "deepsoilGetMyData"):
        assert desktop.wait_enabled(name), "a fresh profile has two ways out"
    desktop.screenshot(SHOTS / "gather_first.png")
    offer_of(job)
    assert desktop.widget("deepsoilNoData")["text"] == "DeepSoil has no data for this field yet."
    clicks = counted(desktop)
    desktop.screenshot(SHOTS / "gather_offer.png")
    desktop.click("deepsoilGetData")
    desktop.wait_enabled("deepsoilGatherGo")
    desktop.screenshot(SHOTS / "gather_plan.png")
    desktop.click("deepsoilGatherGo")
    layers = job.wait_for_layers("Field 1", 2)
    names = [" / ".join(layer["path"]) for layer in layers]
    assert any("5 cm" in name for name in names) and any("20 cm" in name for name in names), names
    assert len(clicks) <= MOST_CLICKS
    print(f"\nclicks from the drawn field to two maps: {len(clicks)}")
    here = {"longitude": CENTRE[0], "latitude": CENTRE[1]}  # the first layer has brought its zone
    desktop.wait(lambda: not desktop.ask("canvas", **here)["drawing"], "the drawn maps")
    desktop.screenshot(SHOTS / "gather_maps.png")


@pytest.mark.parametrize(("name", "wishes"), [("dark", {"theme": "Night Mapping"}), ("spanish", {"language": "es"})])
def test_the_plan_can_be_read_in_the_dark_theme_and_in_spanish(fresh: Fresh, name: str, wishes: dict[str, Any]) -> None:
    job = fresh(**wishes)
    desktop = job.desktop
    draw_field(job, CENTRE, CORNERS)
    desktop.wait(lambda: "4" in desktop.widget("deepsoilDataCost")["text"], "what the data would take")
    desktop.screenshot(SHOTS / f"gather_offer_{name}.png")
    desktop.click("deepsoilGetData")
    desktop.wait_enabled("deepsoilGatherGo")
    desktop.screenshot(SHOTS / f"gather_plan_{name}.png")


def test_data_for_my_field_leads_from_the_welcome_page_to_the_plan(fresh: Fresh) -> None:
    """The map takes the place of the welcome page, the tool is in hand, and the plan comes when the field is drawn."""
    job = fresh()
    desktop = job.desktop
    desktop.wait_enabled("deepsoilGetMyData")
    desktop.click("deepsoilGetMyData")
    desktop.wait(lambda: desktop.widget("deepsoilDrawPolygon")["checked"], "the tool in hand")
    look_at(desktop, CENTRE)
    for longitude, latitude in CORNERS:
        x, y = desktop.on_canvas(longitude, latitude)
        desktop.move(x - 3, y)
        desktop.click_at(x, y)
    desktop.click_at(x, y, button=3)
    desktop.wait_enabled("deepsoilGatherGo")


def test_the_plan_can_be_read_at_200_percent(tmp_path: Path, display: str) -> None:
    with virtual_screen((2 * SCREEN[0], 2 * SCREEN[1])) as large, \
            with_made_archives(large, tmp_path, theme="Night Mapping", scale=2) as job:
        offer_of(job)
        job.desktop.screenshot(SHOTS / "gather_offer_200.png")
        job.desktop.click("deepsoilGetData")
        job.desktop.wait_enabled("deepsoilGatherGo")
        job.desktop.screenshot(SHOTS / "gather_plan_200.png")
