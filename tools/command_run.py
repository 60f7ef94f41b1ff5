"""``build.py run``: sets up, prepares the sample region, opens QGIS with it; without a screen, does the job there."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from . import environments, headless, preflight, sample_region, stage
from .console import BUILD, say, step

PROFILES = BUILD / "profiles"  # with ``--language es``: profiles-es


def main(arguments: argparse.Namespace) -> int:
    out: Path | None = arguments.headless
    if out is None and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        out = BUILD / "headless"
        say(f"There is no screen here: the same job is done without one; its results will be in {out}.")
    preflight.check(arguments.yes, qgis=True, screen=out is not None)
    engine = environments.engine()
    project = sample_region.prepare(engine)
    step("The plugin, into a QGIS profile of this checkout")
    language: str = arguments.language
    profiles = PROFILES.with_name(f"{PROFILES.name}-{language}") if language else PROFILES
    stage.stage(stage.write_profile(profiles, language))
    if out is None:
        return sample_region.open_in_qgis(project, profiles, engine)
    headless.do_the_job(engine, project, profiles, out.resolve())
    return 0
