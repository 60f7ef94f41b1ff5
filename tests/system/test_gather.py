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

from tests.system.conftest import ROOT, SHOTS, variables_of
from tools import stage
from tools.desktop.driver import SCREEN, Desktop, virtual_screen
from tools.desktop.main_job import MainJob

sys.path.insert(0, str(ROOT / "tests" / "plugin"))

from made_engine import CENTRE, CORNERS, made_engine

MOST_CLICKS = 6
Fresh = Callable[..., MainJob]


@contextmanager
def fresh_profile(display: str, folder: Path, theme: str = "", size: tuple[int, int] = SCREEN, scale: int = 1,
                  language: str = "") -> Iterator[MainJob]:
    """QGIS as after the plugin's installation, with an empty project and the map at the field."""
    profiles = folder / "profiles"
    with made_engine(Path(sys.executable), folder) as engine:
        stage.stage(stage.write_profile(profiles, theme=theme, language=language))
        variables = {**variables_of(folder / "home"), **engine}
        with Desktop(display, profiles, None, variables, size, scale) as desktop:
            job = MainJob(desktop)
            job.open_dock()
            yield job


def look_at_the_field(desktop: Desktop) -> None:
    half = 0.01
    desktop.ask("show", view=[CENTRE[0] - half, CENTRE[1] - half, CENTRE[0] + half, CENTRE[1] + half])
    desktop.drawn()


@pytest.fixture
def fresh(display: str, tmp_path: Path) -> Iterator[Fresh]:
    with ExitStack() as stack:
        yield lambda **wishes: stack.enter_context(fresh_profile(display, tmp_path, **wishes))


def counted(desktop: Desktop) -> list[Any]:
    """Every click from now on."""
    clicks: list[Any] = []
    usual = desktop.click_at

    def click(x: int, y: int, button: int = 1, repeat: int = 1) -> None:
        clicks.append((x, y))
        usual(x, y, button, repeat)

    desktop.click_at = click  # type: ignore[method-assign]
    return clicks


def draw_the_field(job: MainJob) -> None:
    """With a map in the place of QGIS's welcome page."""
    job.desktop.key("ctrl+n")
    look_at_the_field(job.desktop)
    job.draw_polygon(CORNERS)


def offer_of(job: MainJob) -> None:
    desktop = job.desktop
    draw_the_field(job)
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
    draw_the_field(job)
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
    look_at_the_field(desktop)
    for longitude, latitude in CORNERS:
        x, y = desktop.on_canvas(longitude, latitude)
        desktop.move(x - 3, y)
        desktop.click_at(x, y)
    desktop.click_at(x, y, button=3)
    desktop.wait_enabled("deepsoilGatherGo")


def test_the_plan_can_be_read_at_200_percent(tmp_path: Path, display: str) -> None:
    with virtual_screen((2 * SCREEN[0], 2 * SCREEN[1])) as large, \
            fresh_profile(large, tmp_path, theme="Night Mapping", scale=2) as job:
        offer_of(job)
        job.desktop.screenshot(SHOTS / "gather_offer_200.png")
        job.desktop.click("deepsoilGetData")
        job.desktop.wait_enabled("deepsoilGatherGo")
        job.desktop.screenshot(SHOTS / "gather_plan_200.png")
