"""``build.py run``: sets up, prepares the sample region, opens QGIS with it; without a screen, does the job there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from . import environments, headless, preflight, sample_region, stage
from .console import BUILD, say, step

PROFILES = BUILD / "profiles"


def main(arguments: argparse.Namespace) -> int:
    out: Path | None = arguments.headless
    if out is None and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        out = BUILD / "headless"
        say(f"There is no screen here: the same job is done without one; its results will be in {out}.")
    preflight.check(arguments.yes, qgis=True, screen=out is not None)
    engine = environments.engine()
    project = sample_region.prepare(engine)
    step("The plugin, into a QGIS profile of this checkout")
    stage.stage(stage.write_profile(PROFILES))
    if out is None:
        return sample_region.open_in_qgis(project, PROFILES, engine)
    headless.do_the_job(engine, project, PROFILES, out.resolve())
    return 0
