"""``build.py bench whatif``, the part with a screen: from a pull at a bar to what follows from it being drawn."""

from __future__ import annotations

import datetime as dt
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from . import environments, sample_region, stage
from .console import BUILD
from .desktop.driver import Desktop, virtual_screen
from .desktop.main_job import MainJob

_AIM_S = 0.2
_PULLS = 12
_DAY = dt.date(2023, 7, 12)
_LONG_S = 300.0

Row = dict[str, Any]


def rows(engine: Path) -> list[Row]:
    """Of a field of the sample region, with QGIS and the engine on this machine."""
    variables = environments.engine_variables(engine, BUILD / "bench-home")
    sample_region.build_region(engine)
    subprocess.run([engine, "-m", "deepsoil", "regions", "--add", sample_region.REGION], env=variables, check=True,
                   capture_output=True)
    project = sample_region.write_project(sample_region.FOLDER / "bench", picture_of=sample_region.FOLDER)
    with virtual_screen() as display, tempfile.TemporaryDirectory() as scratch:
        stage.stage(stage.write_profile(Path(scratch)))
        with Desktop(display, Path(scratch), project, variables) as desktop:
            seconds = _pulled(desktop)
            desktop.quit()
    worst = sorted(seconds)[round(0.95 * (len(seconds) - 1))]
    return [{"name": "whatif drawn, p95", "value": worst, "unit": "s",
             "reference": f"aim; median {statistics.median(seconds):.3f} s of {len(seconds)} movements",
             "reference_value": _AIM_S, "ratio": worst / _AIM_S, "aim": "ratio <= 1", "holds": worst <= _AIM_S}]


def _pulled(desktop: Desktop) -> list[float]:
    """Seconds from each movement to its picture, of an irrigation that is pulled up and down by keys."""
    job = MainJob(desktop)
    job.open_dock()
    job.draw_polygon(sample_region.field(sample_region.FIELD)["coordinates"][0][:-1])
    job.name_field("Bench")
    desktop.key("ctrl+alt+w")
    desktop.widget("DeepSoilWaterPanel")
    desktop.wait(lambda: desktop.ask("widget", name="waterPlot"), "the plot", _LONG_S)
    job.choose_date(_DAY, "waterDay")
    desktop.wait(lambda: desktop.ask("what_if", day=_DAY.isoformat()), "the day", _LONG_S)
    plot = desktop.widget("waterPlot")
    desktop.click_at(plot["x"] + plot["width"] // 4, plot["y"] + 3 * plot["height"] // 4)  # only for the keyboard
    desktop.key("Return")
    desktop.wait(lambda: len(desktop.ask("what_if", day=_DAY.isoformat())) > 1, "the first answer", _LONG_S)
    for number in range(_PULLS):
        _press(desktop, "Up" if number % 2 else "shift+Up")
    return [float(one) for one in desktop.ask("what_if", day=_DAY.isoformat())[-_PULLS:]]


def _press(desktop: Desktop, key: str) -> None:
    """A key, and what follows from it."""
    before = len(desktop.ask("what_if", day=_DAY.isoformat()))
    desktop.key(key)
    desktop.wait(lambda: len(desktop.ask("what_if", day=_DAY.isoformat())) > before, "an answer", _LONG_S)
