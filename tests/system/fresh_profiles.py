"""QGIS as after the plugin's installation: a profile and a home that were never used, and no project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.system.conftest import variables_of
from tools import stage
from tools.desktop.driver import SCREEN, Desktop
from tools.desktop.main_job import LonLat, MainJob


@contextmanager
def fresh_profile(display: str, folder: Path, variables: Mapping[str, str], *, theme: str = "",
                  size: tuple[int, int] = SCREEN, scale: int = 1, language: str = "",
                  settings: str = "") -> Iterator[MainJob]:
    """The window with the dock open; ``variables`` reach the engine, ``settings`` are more lines of QGIS3.ini."""
    profiles = folder / "profiles"
    plugins = stage.write_profile(profiles, theme=theme, language=language)
    with (plugins.parents[1] / "QGIS" / "QGIS3.ini").open("a", encoding="utf-8") as ini:
        ini.write(settings)
    stage.stage(plugins)
    with Desktop(display, profiles, None, {**variables_of(folder / "home"), **variables}, size, scale) as desktop:
        job = MainJob(desktop)
        job.open_dock()
        yield job


def look_at(desktop: Desktop, centre: LonLat) -> None:
    """Show the surroundings of a place."""
    half = 0.01
    desktop.ask("show", view=[centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half])
    desktop.drawn()


def draw_field(job: MainJob, centre: LonLat, corners: Sequence[LonLat]) -> None:
    """With a map in the place of QGIS's welcome page."""
    job.desktop.key("ctrl+n")
    look_at(job.desktop, centre)
    job.draw_polygon(corners)


def counted(desktop: Desktop) -> list[Any]:
    """Every click from now on."""
    clicks: list[Any] = []
    usual = desktop.click_at

    def click(x: int, y: int, button: int = 1, repeat: int = 1) -> None:
        clicks.append((x, y))
        usual(x, y, button, repeat)

    desktop.click_at = click  # type: ignore[method-assign]
    return clicks
