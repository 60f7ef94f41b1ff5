"""The main job without a screen: a real QGIS on a virtual one, mouse and keyboard, and what a user would keep of it."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path

from . import environments, sample_region
from .console import Stop, engine_progress, run_logged, say, step
from .desktop.driver import Desktop, virtual_screen
from .desktop.main_job import MainJob

SCREEN = (1600, 1000)
DAY = dt.date.fromisoformat(sample_region.DATE)
NAME = "South pivot"


def do_the_job(engine: Path, project: Path, profiles: Path, out: Path) -> None:
    """Draw a field, map it, look at a station; leave maps, ``station_comparison.csv`` and screenshots in ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    variables = environments.engine_variables(engine)
    step("QGIS on a virtual screen")
    with virtual_screen(SCREEN) as display, Desktop(display, profiles, project, variables, SCREEN) as desktop:
        job = MainJob(desktop)
        job.open_dock()
        job.widen_layers_panel(150)
        job.wait_for_layers(sample_region.FIELD, 2)
        desktop.drawn()
        desktop.screenshot(out / "1_opened.png")
        step(f"Drawing the field and mapping it for {DAY}")
        job.draw_polygon(sample_region.field(NAME)["coordinates"][0][:-1:3])
        job.name_field(NAME)
        job.choose_date(DAY)
        desktop.screenshot(out / "2_request.png")
        job.map_it()
        layers = job.wait_for_layers(NAME, 2)
        desktop.drawn()
        desktop.screenshot(out / "3_maps.png")
        for layer in layers:
            shutil.copy(layer["source"], out)
        step("Looking at a station")
        job.click_station(*sample_region.STATION)
        desktop.widget("DeepSoilStationPanel")
        # The comparison of an earlier run serves again; a new one shows its progress within this time.
        time.sleep(3)
        desktop.wait(lambda: desktop.ask("widget", name="stationProgress") is None, "the station's figures", 300)
        desktop.drawn()
        desktop.screenshot(out / "4_station.png")
        desktop.quit()
    step("All stations of the region")
    run_logged([engine, "-m", "deepsoil", "evaluate", sample_region.REGION, "--start", "2023-07-01", "--end",
                "2023-07-31", "--output", out], "stations", env=variables, what="The comparison with stations",
               reader=engine_progress)
    wanted = [*(Path(layer["source"]).name for layer in layers), "station_comparison.csv", "3_maps.png"]
    if missing := [name for name in wanted if not (out / name).is_file()]:
        raise Stop(f"Not in {out}: {', '.join(missing)}")
    say(f"In {out}: {', '.join(sorted(file.name for file in out.iterdir()))}")
